"""What the console shows at a glance, and orders by what one looks for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ringup.db.ask import ask_one, read_all
from ringup.db.pool import Pool
from ringup.db.reads.orders import OrderSummary
from ringup.db.reads.reports import Window


@dataclass(frozen=True, slots=True)
class HourOfSales:
    """What was sold in one hour of a day where the shop is. Amounts are minor units."""

    hour: int
    orders: int
    completed: int
    failed: int
    sold_minor: int


async def list_hours(db: Pool, vendor_id: UUID, window: Window) -> list[HourOfSales]:
    """The hours of the window in which anything happened, in order."""
    return await read_all(
        db,
        vendor_id,
        HourOfSales,
        """
        select extract(hour from o.created_at at time zone %(time_zone)s)::integer as hour, count(*) as orders,
               count(*) filter (where r.result = 'completed') as completed,
               count(*) filter (where r.result in ('payment_failed', 'cancelled')) as failed,
               coalesce(sum(o.total_minor) filter (where r.result = 'completed'), 0)::bigint as sold_minor
          from ringup.order_summaries o
          join ringup.order_results r on r.vendor_id = o.vendor_id and r.order_id = o.id
         where o.vendor_id = %(vendor_id)s and o.created_at >= %(starts_at)s and o.created_at < %(ends_at)s
         group by 1
         order by 1
        """,
        {
            "vendor_id": vendor_id,
            "time_zone": window.time_zone,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
        },
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much needs somebody's eye at this moment."""

    in_doubt: int
    going_back: int
    orphans: int
    open_items: int
    queued_points: int
    red_terminals: int


async def count_waiting(db: Pool, vendor_id: UUID) -> Waiting:
    rows = await read_all(
        db,
        vendor_id,
        Waiting,
        """
        select (select count(*) from ringup.limbo l
                 where l.vendor_id = %(vendor_id)s and l.kind = 'in_doubt') as in_doubt,
               (select count(*) from ringup.limbo l
                 where l.vendor_id = %(vendor_id)s and l.kind = 'going_back') as going_back,
               (select count(*) from ringup.find_orphaned_payments() f
                 where f.vendor_id = %(vendor_id)s) as orphans,
               (select count(*) from ringup.open_items i where i.vendor_id = %(vendor_id)s) as open_items,
               (select count(*) from ringup.points_queue q
                 where q.vendor_id = %(vendor_id)s and not q.resolved) as queued_points,
               (select count(*) from ringup.processor_statuses p
                 where p.vendor_id = %(vendor_id)s and p.is_active and p.health = 'red') as red_terminals
        """,
        {"vendor_id": vendor_id},
    )
    return rows[0]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """None takes every order. `search` is the end of an order number; days are where the shop is."""

    status: str | None = None
    payment_status: str | None = None
    search: str | None = None
    day: date | None = None
    location_id: UUID | None = None


async def search_orders(
    db: Pool, vendor_id: UUID, wanted: OrderFilter, *, limit: int, before: UUID | None = None
) -> list[OrderSummary]:
    """Newest first."""
    return await read_all(
        db,
        vendor_id,
        OrderSummary,
        """
        select v.id, v.order_number, v.status, v.payment_status, v.location_id, v.register_id, v.register_session_id,
               v.customer_id, v.currency, v.subtotal_minor, v.discount_minor, v.tax_minor, v.tip_minor,
               v.cash_rounding_minor, v.total_minor, v.points_redeemed, v.points_earned, v.created_at, v.completed_at
          from ringup.order_summaries v
          join ringup.vendor_profile p on p.vendor_id = v.vendor_id
         where v.vendor_id = %(vendor_id)s
           and (%(status)s::text is null or v.status = %(status)s)
           and (%(payment_status)s::text is null or v.payment_status = %(payment_status)s)
           and (%(search)s::text is null or v.order_number ilike '%%' || %(search)s)
           and (%(location_id)s::uuid is null or v.location_id = %(location_id)s)
           and (%(day)s::date is null
                or (v.created_at >= %(day)s::date::timestamp at time zone p.time_zone
                    and v.created_at < (%(day)s::date + 1)::timestamp at time zone p.time_zone))
           and (%(before)s::uuid is null or (v.created_at, v.id) < (
                select b.created_at, b.id from ringup.order_summaries b
                 where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
         order by v.created_at desc, v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "status": wanted.status,
            "payment_status": wanted.payment_status,
            "search": wanted.search,
            "location_id": wanted.location_id,
            "day": wanted.day,
            "before": before,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class UptimeCell:
    """How one terminal was in one stretch of time: `good` of `checks` found it there. The last stretch is `cell` 0."""

    processor_id: UUID
    cell: int
    checks: int
    good: int


async def list_uptime(db: Pool, vendor_id: UUID, *, cells: int, minutes: int) -> list[UptimeCell]:
    """The last `cells` stretches of so many minutes, of every terminal; those without a check are left out."""
    return await read_all(
        db,
        vendor_id,
        UptimeCell,
        """
        select v.processor_id,
               floor(extract(epoch from n.now - v.checked_at) / (60 * %(minutes)s))::integer as cell,
               count(*) as checks, count(*) filter (where v.status in ('online', 'busy')) as good
          from (select ringup.now() as now) as n
          join ringup.terminal_checks v
            on v.checked_at > n.now - make_interval(mins => %(cells)s * %(minutes)s) and v.checked_at <= n.now
         where v.vendor_id = %(vendor_id)s
         group by 1, 2
         order by 1, 2
        """,
        {"vendor_id": vendor_id, "cells": cells, "minutes": minutes},
    )


@dataclass(frozen=True, slots=True)
class CauseOfFailure:
    """Why orders ended without a sale, today and over the whole window. `cause` is the checkout's `failure.code`."""

    cause: str
    today: int
    all: int


async def list_causes(db: Pool, vendor_id: UUID, window: Window, *, limit: int) -> list[CauseOfFailure]:
    """The most frequent first. Today is the window's last day."""
    return await read_all(
        db,
        vendor_id,
        CauseOfFailure,
        """
        select v.cause, count(*) filter (where v.day = %(today)s) as today, count(*) as all
          from ringup.order_results v
         where v.vendor_id = %(vendor_id)s and v.cause is not null
           and v.created_at >= %(starts_at)s and v.created_at < %(ends_at)s
         group by v.cause
         order by 3 desc, 2 desc, 1
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "today": window.last_day,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class _Now:
    now: datetime


async def read_now(db: Pool) -> datetime:
    """The one clock."""
    return (await ask_one(db, _Now, "select ringup.now() as now", [])).now
