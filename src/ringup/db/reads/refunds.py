"""Refunds, as lists show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool

RefundStatus = Literal["open", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class RefundSummary:
    """One refund. `amount_minor` is in minor units of `currency`, and positive."""

    id: UUID
    order_id: UUID
    order_number: str
    status: RefundStatus
    register_id: UUID
    register_session_id: UUID
    currency: str
    amount_minor: int
    tip_minor: int
    reason: str
    actor: str
    approved_by: str | None
    created_at: datetime
    completed_at: datetime | None


async def list_refunds(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    before: UUID | None = None,
    order_id: UUID | None = None,
    status: str | None = None,
) -> list[RefundSummary]:
    """Newest first. `before` is the last row of the page before."""
    return await read_all(
        db,
        vendor_id,
        RefundSummary,
        """
        select v.id, v.order_id, v.order_number, v.status, v.register_id, v.register_session_id, v.currency,
               v.amount_minor, v.tip_minor, v.reason, v.actor, v.approved_by, v.created_at, v.completed_at
          from ringup.refund_list v
         where v.vendor_id = %(vendor_id)s
           and (%(order_id)s::uuid is null or v.order_id = %(order_id)s)
           and (%(status)s::text is null or v.status = %(status)s)
           and (%(before)s::uuid is null
                or (v.created_at, v.id) < (select b.created_at, b.id
                                             from ringup.refund_list b
                                            where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
         order by v.created_at desc, v.id desc
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "before": before, "order_id": order_id, "status": status, "limit": limit},
    )
