"""Orders and their stories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class OrderSummary:
    id: UUID
    order_number: str
    status: str
    payment_status: str
    location_id: UUID
    register_id: UUID
    register_session_id: UUID
    customer_id: UUID | None
    currency: str
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tip_minor: int
    cash_rounding_minor: int
    total_minor: int
    points_redeemed: int
    points_earned: int
    created_at: datetime
    completed_at: datetime | None


ORDERS = """
    select v.id, v.order_number, v.status, v.payment_status, v.location_id, v.register_id, v.register_session_id,
           v.customer_id, v.currency, v.subtotal_minor, v.discount_minor, v.tax_minor, v.tip_minor,
           v.cash_rounding_minor, v.total_minor, v.points_redeemed, v.points_earned, v.created_at, v.completed_at
      from ringup.order_summaries v
     where v.vendor_id = %(vendor_id)s
       and (%(status)s::text is null or v.status = %(status)s)
       and (%(customer_id)s::uuid is null or v.customer_id = %(customer_id)s)
       and (%(before)s::uuid is null or (v.created_at, v.id) < (
            select b.created_at, b.id from ringup.order_summaries b
             where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
     order by v.created_at desc, v.id desc
     limit %(limit)s
"""


async def list_orders(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    before: UUID | None = None,
    status: str | None = None,
    customer_id: UUID | None = None,
) -> list[OrderSummary]:
    parameters = {
        "vendor_id": vendor_id,
        "status": status,
        "customer_id": customer_id,
        "before": before,
        "limit": limit,
    }
    return await read_all(db, vendor_id, OrderSummary, ORDERS, parameters)


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """`sequence` counts an order's events from 1 without a gap."""

    sequence: int
    id: UUID
    event: str
    status: str
    detail: dict[str, Any]
    created_at: datetime


async def list_order_events(db: Pool, vendor_id: UUID, order_id: UUID, *, after: int = 0) -> list[OrderEvent]:
    return await read_all(
        db,
        vendor_id,
        OrderEvent,
        """
        select v.sequence, v.id, v.event, v.status, v.detail, v.created_at
          from ringup.order_story v
         where v.vendor_id = %s and v.order_id = %s and v.sequence > %s
         order by v.sequence
        """,
        [vendor_id, order_id, after],
    )
