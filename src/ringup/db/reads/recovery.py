"""What has not ended, and what waits for a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class InLimbo:
    """A sale that has not ended, or a payment that is not settled: why, since when, what happens next and when.

    `kind`: under_way (somebody is at it), in_doubt (money may have moved), going_back (it is being voided),
    to_capture (the sale is complete, and the terminal did not take the money yet), waiting (for its till or a worker).
    `next_step`: look_up, void, capture, complete, cancel, or expire, which is when the goods go back.
    """

    id: UUID
    kind: str
    order_id: UUID
    order_number: str
    location_id: UUID
    register_id: UUID
    status: str
    payment_status: str
    currency: str
    total_minor: int
    created_at: datetime
    hold_until: datetime
    payment_id: UUID | None
    payment_processor_id: UUID | None
    processor_name: str | None
    tender_status: str | None
    reference_id: str | None
    amount_minor: int | None
    error_code: str | None
    error_message: str | None
    check_count: int | None
    next_check_at: datetime | None
    reason: str
    since: datetime
    age_seconds: int
    next_step: str
    next_at: datetime | None


async def list_limbo(
    db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None, kind: str | None = None
) -> list[InLimbo]:
    """Oldest first: ids are made in the order of time. A row that settles between two pages hides no other."""
    return await read_all(
        db,
        vendor_id,
        InLimbo,
        """
        select v.id, v.kind, v.order_id, v.order_number, v.location_id, v.register_id, v.status, v.payment_status,
               v.currency, v.total_minor, v.created_at, v.hold_until, v.payment_id, v.payment_processor_id,
               v.processor_name, v.tender_status, v.reference_id, v.amount_minor, v.error_code, v.error_message,
               v.check_count, v.next_check_at, v.reason, v.since, v.age_seconds, v.next_step, v.next_at
          from ringup.limbo v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(kind)s::text is null or v.kind = %(kind)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "kind": kind, "limit": limit},
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


@dataclass(frozen=True, slots=True)
class ReconciliationItem:
    """What no rule could settle, and what a person did about it. Amounts are minor units.

    `kind`: charge_without_payment, not_at_processor, amount_differs, void_refused or capture_refused.
    `age_seconds` grows until it is resolved.
    """

    id: UUID
    kind: str
    status: str
    payment_processor_id: UUID | None
    payment_id: UUID | None
    order_id: UUID | None
    reference_id: str | None
    amount_minor: int | None
    detail: str
    created_at: datetime
    age_seconds: int
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


async def list_items(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    after: UUID | None = None,
    status: str | None = None,
    item_id: UUID | None = None,
) -> list[ReconciliationItem]:
    """Oldest first. `status` is open or resolved."""
    return await read_all(
        db,
        vendor_id,
        ReconciliationItem,
        """
        select v.id, v.kind, v.status, v.payment_processor_id, v.payment_id, v.order_id, v.reference_id,
               v.amount_minor, v.detail, v.created_at, v.age_seconds, v.resolved_at, v.resolved_by, v.resolution
          from ringup.reconciliation_queue v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(status)s::text is null or v.status = %(status)s)
           and (%(item_id)s::uuid is null or v.id = %(item_id)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "status": status, "item_id": item_id, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class Orphan:
    """Approved money of one vendor without a completed order, that nobody is giving back. Amounts are minor units."""

    id: UUID
    order_id: UUID
    order_status: str
    payment_processor_id: UUID | None
    reference_id: str
    amount_minor: int
    approved_minor: int
    currency: str
    created_at: datetime


async def list_orphans(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[Orphan]:
    """`find_orphaned_payments` for one vendor, oldest first."""
    return await read_all(
        db,
        vendor_id,
        Orphan,
        """
        select f.payment_id as id, f.order_id, f.order_status, f.payment_processor_id, f.reference_id, f.amount_minor,
               f.approved_minor, f.currency, f.created_at
          from ringup.find_orphaned_payments() f
         where f.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or f.payment_id > %(after)s)
         order by f.payment_id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )
