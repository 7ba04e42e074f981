"""What has not ended, and what waits for a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class InLimbo:
    """An order that has not ended, with the payment it waits for. Amounts are minor units."""

    order_id: UUID
    order_number: str
    status: str
    payment_status: str
    created_at: datetime
    hold_until: datetime
    payment_id: UUID | None
    payment_processor_id: UUID | None
    tender_status: str | None
    reference_id: str | None
    amount_minor: int | None
    error_code: str | None
    error_message: str | None
    check_count: int | None
    next_check_at: datetime | None


async def list_limbo(db: Pool, vendor_id: UUID, *, limit: int) -> list[InLimbo]:
    """Oldest first."""
    return await read_all(
        db,
        vendor_id,
        InLimbo,
        """
        select v.order_id, v.order_number, v.status, v.payment_status, v.created_at, v.hold_until, v.payment_id,
               v.payment_processor_id, v.tender_status, v.reference_id, v.amount_minor, v.error_code,
               v.error_message, v.check_count, v.next_check_at
          from ringup.limbo v
         where v.vendor_id = %s
         order by v.created_at, v.order_id
         limit %s
        """,
        [vendor_id, limit],
    )


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What no rule could settle. Amounts are minor units."""

    id: UUID
    kind: str
    payment_processor_id: UUID | None
    payment_id: UUID | None
    reference_id: str | None
    amount_minor: int | None
    detail: str
    created_at: datetime


async def list_open_items(db: Pool, vendor_id: UUID, *, limit: int) -> list[OpenItem]:
    """Oldest first."""
    return await read_all(
        db,
        vendor_id,
        OpenItem,
        """
        select v.id, v.kind, v.payment_processor_id, v.payment_id, v.reference_id, v.amount_minor, v.detail,
               v.created_at
          from ringup.open_items v
         where v.vendor_id = %s
         order by v.created_at, v.id
         limit %s
        """,
        [vendor_id, limit],
    )
