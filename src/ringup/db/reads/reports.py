"""How well the shop sells: success rates, terminals and causes, over days where the shop is.

A report is one statement over a view with a window of time, and always bounded. Each
of its rows has an `id` by which the next page begins; the row `total` is of the whole window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from ringup.db.ask import ask_one, read_all
from ringup.db.pool import Pool

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a report, both included, and the instants between which they lie."""

    first_day: date
    last_day: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str


async def read_window(db: Pool, vendor_id: UUID, first_day: date | None, last_day: date | None) -> Window:
    """Without a last day, until today; without a first one, four weeks. Raises WindowOutOfRange."""
    return await ask_one(
        db, Window, "select * from ringup.read_report_window(%s, %s, %s)", [vendor_id, first_day, last_day]
    )


@dataclass(frozen=True, slots=True)
class PaymentSuccess:
    """What became of the charges that terminals were asked for in sales of one day.

    `success_rate` is approved over all of them, and null where there were none. `undone` were approved
    and went back, or are to, because the sale did not happen; `in_doubt` are not known yet.
    """

    id: str
    day: date | None
    asked: int
    approved: int
    declined: int
    not_sent: int
    undone: int
    in_doubt: int
    success_rate: float | None


@dataclass(frozen=True, slots=True)
class TerminalSuccess:
    """What became of the charges that one terminal was asked for. `id` is the terminal's; the rate is as for a day."""

    id: str
    processor_id: UUID | None
    processor_name: str | None
    location_id: UUID | None
    asked: int
    approved: int
    declined: int
    not_sent: int
    undone: int
    in_doubt: int
    success_rate: float | None


@dataclass(frozen=True, slots=True)
class OrderCompletion:
    """What became of the orders of one day. `completion_rate` is completed over all of them.

    A sale that was refused before anything was set aside never was an order.
    """

    id: str
    day: date | None
    orders: int
    completed: int
    payment_failed: int
    cancelled: int
    open: int
    completion_rate: float | None


@dataclass(frozen=True, slots=True)
class TerminalHealth:
    """What one terminal said on one day when it was asked whether it is there.

    `up_rate` is online or busy over all checks; `down` is offline, not found or unreachable.
    """

    id: str
    processor_id: UUID | None
    processor_name: str | None
    location_id: UUID | None
    day: date | None
    checks: int
    online: int
    busy: int
    down: int
    up_rate: float | None
    median_latency_ms: int | None


@dataclass(frozen=True, slots=True)
class Failures:
    """How many orders ended without a sale for one cause, in one week that begins on a Monday.

    `cause` is the checkout's `failure.code`; `failure_rate` is over all `orders` of that week.
    """

    id: str
    week: date | None
    cause: str | None
    failures: int
    orders: int
    failure_rate: float | None


@dataclass(frozen=True, slots=True)
class Taxes:
    """What one rate came to in completed sales, and what it was reckoned on. Refunds are not taken off.

    A rate that changed has a row for each percentage. `code` is `exempt` for sales under a certificate,
    with what was paid for them. The total's `base_minor` is null: goods under two rates would count twice.
    """

    id: str
    code: str | None
    name: str | None
    percent: str | None
    is_included: bool | None
    sales: int
    base_minor: int | None
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Discounts:
    """What was taken off in completed sales, by kind, by coupon, and by whoever gave it. Points are not among it."""

    id: str
    kind: str | None
    coupon: str | None
    given_by: str | None
    discounts: int
    sales: int
    amount_minor: int


IN_WINDOW = """
         where v.vendor_id = %(vendor_id)s and {time} >= %(starts_at)s and {time} < %(ends_at)s
"""
OF_PAYMENTS = """
               count(*) as asked, count(*) filter (where v.result = 'approved') as approved,
               count(*) filter (where v.result = 'declined') as declined,
               count(*) filter (where v.result = 'not_sent') as not_sent,
               count(*) filter (where v.result = 'undone') as undone,
               count(*) filter (where v.result = 'in_doubt') as in_doubt,
               round(count(*) filter (where v.result = 'approved') / nullif(count(*), 0)::numeric, 4)::float8
                   as success_rate
          from ringup.payment_results v
"""
PAYMENT_SUCCESS = f"""
        select coalesce(v.day::text, 'total') as id, v.day, {OF_PAYMENTS} {IN_WINDOW.format(time="v.created_at")}
         group by grouping sets ((v.day), ())
"""
TERMINAL_SUCCESS = f"""
        select coalesce(v.processor_id::text, 'total') as id, v.processor_id, v.processor_name, v.location_id,
               {OF_PAYMENTS} {IN_WINDOW.format(time="v.created_at")}
         group by grouping sets ((v.processor_id, v.processor_name, v.location_id), ())
"""
ORDER_COMPLETION = f"""
        select coalesce(v.day::text, 'total') as id, v.day, count(*) as orders,
               count(*) filter (where v.result = 'completed') as completed,
               count(*) filter (where v.result = 'payment_failed') as payment_failed,
               count(*) filter (where v.result = 'cancelled') as cancelled,
               count(*) filter (where v.result = 'open') as open,
               round(count(*) filter (where v.result = 'completed') / nullif(count(*), 0)::numeric, 4)::float8
                   as completion_rate
          from ringup.order_results v
         {IN_WINDOW.format(time="v.created_at")}
         group by grouping sets ((v.day), ())
"""
TERMINAL_HEALTH = f"""
        select coalesce(v.processor_id || ':' || v.day, 'total') as id, v.processor_id, v.processor_name,
               v.location_id, v.day, count(*) as checks,
               count(*) filter (where v.status = 'online') as online,
               count(*) filter (where v.status = 'busy') as busy,
               count(*) filter (where v.status not in ('online', 'busy')) as down,
               round(count(*) filter (where v.status in ('online', 'busy')) / nullif(count(*), 0)::numeric, 4)::float8
                   as up_rate,
               round(percentile_cont(0.5) within group (order by v.latency_ms))::integer as median_latency_ms
          from ringup.terminal_checks v
         {IN_WINDOW.format(time="v.checked_at")}
         group by grouping sets ((v.processor_id, v.processor_name, v.location_id, v.day), ())
"""
FAILURES = f"""
        select s.week || ':' || s.cause as id, s.week, s.cause, count(*) as failures, s.orders,
               round(count(*) / s.orders::numeric, 4)::float8 as failure_rate
          from (select v.week, v.cause, count(*) over (partition by v.week) as orders
                  from ringup.order_results v {IN_WINDOW.format(time="v.created_at")}) as s
         where s.cause is not null
         group by s.week, s.cause, s.orders
         union all
        select 'total', null, null, count(v.cause), count(*),
               round(count(v.cause) / nullif(count(*), 0)::numeric, 4)::float8
          from ringup.order_results v {IN_WINDOW.format(time="v.created_at")}
"""
TAXES = f"""
        select coalesce(v.code || ':' || trim_scale(v.percent), v.code, 'total') as id, v.code,
               case when v.code is not null then min(v.name) end as name,
               trim_scale(v.percent)::text as percent, v.is_included, count(distinct v.order_id) as sales,
               case when v.code is not null then sum(v.base_minor) end::bigint as base_minor,
               coalesce(sum(v.tax_minor), 0)::bigint as tax_minor
          from ringup.tax_results v
         {IN_WINDOW.format(time="v.completed_at")}
         group by grouping sets ((v.code, v.percent, v.is_included), ())
"""
DISCOUNTS = f"""
        select coalesce(v.kind || ':' || coalesce(v.coupon, '') || ':' || coalesce(v.given_by::text, ''), 'total')
                   as id,
               v.kind, v.coupon, case when v.kind is not null then min(v.given_by_name) end as given_by,
               count(v.order_id) as discounts,
               count(distinct v.order_id) as sales, coalesce(sum(v.amount_minor), 0)::bigint as amount_minor
          from ringup.discount_results v
         {IN_WINDOW.format(time="v.completed_at")}
         group by grouping sets ((v.kind, v.coupon, v.given_by), ())
"""
ONE_PAGE = """
    select r.* from ({counted}) as r
     where r.id = 'total' or %(after)s::text is null or r.id collate "C" > %(after)s
     order by r.id <> 'total', r.id collate "C"
     limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ReportKind(Generic[Row]):
    """One report: what its rows are, how they are counted, and a sentence about it."""

    row_type: type[Row]
    counted: str
    about: str


REPORTS: Mapping[str, ReportKind[Any]] = {
    "payment-success": ReportKind(PaymentSuccess, PAYMENT_SUCCESS, "Approved charges over all, by day."),
    "order-completion": ReportKind(OrderCompletion, ORDER_COMPLETION, "Completed orders over all, by day."),
    "terminal-success": ReportKind(TerminalSuccess, TERMINAL_SUCCESS, "Approved charges over all, by terminal."),
    "terminal-health": ReportKind(
        TerminalHealth, TERMINAL_HEALTH, "Whether terminals were there, by terminal and day."
    ),
    "taxes": ReportKind(Taxes, TAXES, "Taxes of completed sales, by rate."),
    "discounts": ReportKind(Discounts, DISCOUNTS, "Discounts of completed sales, by kind, coupon and person."),
    "failures": ReportKind(Failures, FAILURES, "Orders that ended without a sale, by week and cause."),
}


@dataclass(frozen=True, slots=True)
class ReportPage(Generic[Row]):
    """A part of a report's rows, in the order of their ids, and the total of the whole window."""

    total: Row
    rows: Sequence[Row]
    has_more: bool


async def read_report(
    db: Pool, vendor_id: UUID, name: str, window: Window, *, limit: int, after: str | None = None
) -> ReportPage[Any]:
    """A page of one of REPORTS. Reads one snapshot; safe while the shop is open."""
    kind = REPORTS[name]
    total, *rows = await read_all(
        db,
        vendor_id,
        kind.row_type,
        ONE_PAGE.format(counted=kind.counted),
        {
            "vendor_id": vendor_id,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "after": after,
            # The total, the page, and one row more to see whether there are any.
            "limit": limit + 2,
        },
    )
    return ReportPage(total, rows[:limit], len(rows) > limit)
