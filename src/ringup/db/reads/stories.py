"""What happened: one order's time line, payments by what one looks for, who did what, and what the system said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool
from ringup.db.reads.staff import AuditEntry


@dataclass(frozen=True, slots=True)
class TimeLineEntry:
    """`kind`: begun, event, attempt, outcome, stock, points, receipt, log or person. Amounts are minor units."""

    id: UUID
    at: datetime
    kind: str
    what: str
    detail: dict[str, Any]


async def list_time_line(db: Pool, vendor_id: UUID, order_id: UUID, *, limit: int) -> list[TimeLineEntry]:
    """Everything about one order, oldest first."""
    return await read_all(
        db,
        vendor_id,
        TimeLineEntry,
        """
        select v.id, v.at, v.kind, v.what, v.detail
          from ringup.order_time_line v
         where v.vendor_id = %s and v.order_id = %s
         order by v.kind <> 'begun', v.at, v.id
         limit %s
        """,
        [vendor_id, order_id, limit],
    )


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One tender of one sale. Amounts are minor units; `check_count` is how often a terminal was asked again."""

    id: UUID
    order_id: UUID
    order_number: str
    order_status: str
    payment_processor_id: UUID | None
    processor_name: str | None
    kind: str
    tender_type: str
    status: str
    capture_status: str
    amount_minor: int
    approved_minor: int | None
    currency: str
    reference_id: str
    auth_code: str | None
    card_brand: str | None
    card_last4: str | None
    error_message: str | None
    check_count: int
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """None takes every payment. `search`: the end of a reference or an order number, an approval code, four digits."""

    status: str | None = None
    tender_type: str | None = None
    processor_id: UUID | None = None
    search: str | None = None
    day: date | None = None


async def search_payments(
    db: Pool, vendor_id: UUID, wanted: PaymentFilter, *, limit: int, before: UUID | None = None
) -> list[PaymentRow]:
    """Newest first; ids are made in the order of time. Days are where the shop is."""
    return await read_all(
        db,
        vendor_id,
        PaymentRow,
        """
        select v.id, v.order_id, v.order_number, v.order_status, v.payment_processor_id, v.processor_name, v.kind,
               v.tender_type, v.status, v.capture_status, v.amount_minor, v.approved_minor, v.currency, v.reference_id,
               v.auth_code, v.card_brand, v.card_last4, v.error_message, v.check_count, v.created_at, v.settled_at
          from ringup.payment_list v
          join ringup.vendor_profile p on p.vendor_id = v.vendor_id
         where v.vendor_id = %(vendor_id)s
           and (%(status)s::text is null or v.status = %(status)s)
           and (%(tender_type)s::text is null or v.tender_type = %(tender_type)s)
           and (%(processor_id)s::uuid is null or v.payment_processor_id = %(processor_id)s)
           and (%(search)s::text is null or v.reference_id ilike '%%' || %(search)s
                or v.order_number ilike '%%' || %(search)s
                or v.auth_code = upper(%(search)s) or v.card_last4 = %(search)s)
           and (%(day)s::date is null
                or (v.created_at >= %(day)s::date::timestamp at time zone p.time_zone
                    and v.created_at < (%(day)s::date + 1)::timestamp at time zone p.time_zone))
           and (%(before)s::uuid is null or v.id < %(before)s)
         order by v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "status": wanted.status,
            "tender_type": wanted.tender_type,
            "processor_id": wanted.processor_id,
            "search": wanted.search,
            "day": wanted.day,
            "before": before,
            "limit": limit,
        },
    )


async def search_audit(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    who: str | None = None,
    what: str | None = None,
    day: date | None = None,
    before: UUID | None = None,
) -> list[AuditEntry]:
    """Who did what, newest first. `who` and `what` are parts of a name and of an action."""
    return await read_all(
        db,
        vendor_id,
        AuditEntry,
        """
        select v.id, v.actor, v.approved_by, v.approval_id, v.action, v.row_type, v.row_id, v.before, v.after,
               v.origin, v.created_at
          from ringup.audit_trail v
          join ringup.vendor_profile p on p.vendor_id = v.vendor_id
         where v.vendor_id = %(vendor_id)s and (%(before)s::uuid is null or v.id < %(before)s)
           and (%(who)s::text is null or v.actor ilike '%%' || %(who)s || '%%'
                or v.approved_by ilike '%%' || %(who)s || '%%')
           and (%(what)s::text is null or v.action ilike '%%' || %(what)s || '%%')
           and (%(day)s::date is null
                or (v.created_at >= %(day)s::date::timestamp at time zone p.time_zone
                    and v.created_at < (%(day)s::date + 1)::timestamp at time zone p.time_zone))
         order by v.id desc
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "before": before, "who": who, "what": what, "day": day, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class LogLine:
    """What the system said about a step that succeeded all the same. `level`: debug, info, warning or error."""

    id: UUID
    function_name: str
    level: str
    message: str
    context: dict[str, Any]
    request_id: str | None
    created_at: datetime


async def list_log_lines(db: Pool, vendor_id: UUID, *, limit: int) -> list[LogLine]:
    """The newest first."""
    return await read_all(
        db,
        vendor_id,
        LogLine,
        """
        select v.id, v.function_name, v.level, v.message, v.context, v.request_id, v.created_at
          from ringup.log_lines v
         where v.vendor_id = %s
         order by v.created_at desc, v.id desc
         limit %s
        """,
        [vendor_id, limit],
    )
