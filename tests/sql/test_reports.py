"""Reports: what is counted, in which day and week, and between which bounds."""

import uuid
from datetime import UTC, date, datetime

import psycopg
import pytest

from ringup.db.reads.reports import REPORTS, read_report, read_window
from ringup.domain.errors import WindowOutOfRange
from shop_floor import ask

EVENING = datetime(2026, 11, 16, 4, 30, tzinfo=UTC)
"""Monday in London; still Sunday evening, and last week, in New York."""


@pytest.fixture
async def in_new_york(observer, floor, set_clock):
    await observer.execute("update ringup.vendors set time_zone = 'America/New_York'")
    await set_clock(observer, EVENING)
    return floor


async def read(pool, floor, name, first=None, last=None, **page):
    window = await read_window(pool, floor.vendor, first, last)
    return await read_report(pool, floor.vendor, name, window, limit=page.pop("limit", 100), **page)


async def charge(observer, floor, outcome, **changes):
    prepared = await floor.prepare(observer, **changes)
    await floor.begin(observer, prepared["payment_id"])
    await floor.record(observer, prepared["payment_id"], outcome)
    return prepared


async def test_a_success_rate_is_approved_over_all_that_terminals_were_asked_for(pool, observer, floor):
    await floor.sell(observer)
    await charge(observer, floor, "declined")
    await charge(observer, floor, "not_sent")
    await floor.prepare(observer)
    await charge(observer, floor, "in_doubt")

    report = await read(pool, floor, "payment-success")

    total = report.total
    assert (total.asked, total.approved, total.declined, total.not_sent, total.in_doubt) == (4, 1, 1, 1, 1)
    assert (total.success_rate, total.day) == (0.25, None)
    (day,) = report.rows
    assert (day.id, day.asked, day.success_rate) == (str(day.day), 4, 0.25)


async def test_every_terminal_has_its_own_rate(pool, observer, floor):
    other = uuid.uuid4()
    await floor.add_terminal(observer, other, "Spare")
    await floor.sell(observer)
    await charge(observer, floor, "declined", processors=[other])

    report = await read(pool, floor, "terminal-success")

    assert {row.processor_name: row.success_rate for row in report.rows} == {"Counter": 1.0, "Spare": 0.0}
    assert {row.id for row in report.rows} == {str(floor.terminal), str(other)}
    assert report.total.success_rate == 0.5


async def test_money_that_went_back_is_no_success(pool, observer, floor):
    prepared = await charge(observer, floor, "approved")
    await floor.cancel(observer, prepared["checkout_id"])

    total = (await read(pool, floor, "payment-success")).total

    assert (total.approved, total.undone, total.success_rate) == (0, 1, 0.0)


async def test_a_completion_rate_counts_cash_too_and_names_what_became_of_the_rest(pool, observer, floor):
    cash = await floor.prepare(observer, types=["cash"], processors=[None])
    await floor.complete(observer, cash["checkout_id"])
    await charge(observer, floor, "declined")
    await floor.cancel(observer, (await floor.prepare(observer))["checkout_id"])
    await floor.prepare(observer)

    total = (await read(pool, floor, "order-completion")).total

    assert (total.orders, total.completed, total.payment_failed, total.cancelled, total.open) == (4, 1, 1, 1, 1)
    assert total.completion_rate == 0.25


async def test_causes_are_counted_by_week_over_all_orders_of_that_week(pool, observer, in_new_york, set_clock):
    floor = in_new_york
    await charge(observer, floor, "declined")
    await set_clock(observer, datetime(2026, 11, 18, 12, tzinfo=UTC))
    await floor.sell(observer)
    await charge(observer, floor, "declined")
    await charge(observer, floor, "declined")
    await floor.cancel(observer, (await floor.prepare(observer))["checkout_id"])

    report = await read(pool, floor, "failures")

    assert [(row.week, row.cause, row.failures, row.orders, row.failure_rate) for row in report.rows] == [
        (date(2026, 11, 9), "card_declined", 1, 1, 1.0),
        (date(2026, 11, 16), "card_declined", 2, 4, 0.5),
        (date(2026, 11, 16), "checkout_cancelled", 1, 4, 0.25),
    ]
    assert (report.total.failures, report.total.orders, report.total.failure_rate) == (4, 5, 0.8)


async def test_a_day_begins_and_ends_where_the_shop_is(pool, observer, in_new_york):
    await in_new_york.sell(observer)

    sunday = await read(pool, in_new_york, "payment-success", date(2026, 11, 15), date(2026, 11, 15))
    monday = await read(pool, in_new_york, "payment-success", date(2026, 11, 16), date(2026, 11, 16))

    assert [row.day for row in sunday.rows] == [date(2026, 11, 15)]
    assert (list(monday.rows), monday.total.asked, monday.total.success_rate) == ([], 0, None)


async def test_without_days_a_report_is_of_the_last_four_weeks_there(pool, in_new_york):
    window = await read_window(pool, in_new_york.vendor, None, None)

    assert (window.first_day, window.last_day) == (date(2026, 10, 19), date(2026, 11, 15))
    assert (window.starts_at, window.ends_at) == (
        datetime(2026, 10, 19, 4, tzinfo=UTC),
        # Summer time ended on the first of November.
        datetime(2026, 11, 16, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 1)),
        (date(2025, 10, 1), date(2026, 11, 15)),
        (date(1999, 12, 31), date(2000, 1, 2)),
        (date(1, 1, 1), date(1, 1, 2)),
        (date(9999, 12, 31), date(9999, 12, 31)),
    ],
    ids=["backwards", "too long", "before there were tills", "the first days", "the last day"],
)
async def test_a_window_without_sense_is_refused(pool, in_new_york, first, last):
    with pytest.raises(WindowOutOfRange) as refused:
        await read_window(pool, in_new_york.vendor, first, last)

    assert refused.value.facts == {"from": first.isoformat(), "to": last.isoformat()}


async def test_the_health_of_a_terminal_has_a_history_by_day(pool, observer, in_new_york, set_clock):
    floor = in_new_york
    await observer.execute("delete from ringup.processor_health_checks")
    for hour, status, latency in ((5, "online", 10), (6, "busy", 30), (7, "unreachable", 500), (8, "online", 20)):
        await set_clock(observer, datetime(2026, 11, 16, hour, tzinfo=UTC))
        await ask(
            observer, "select ringup.record_health(%s, %s, %s, null, %s)", floor.vendor, floor.terminal, status, latency
        )

    (row,) = (await read(pool, floor, "terminal-health")).rows

    assert (row.id, row.processor_name) == (f"{floor.terminal}:2026-11-16", "Counter")
    assert (row.checks, row.online, row.busy, row.down, row.up_rate) == (4, 2, 1, 1, 0.75)
    assert row.median_latency_ms == 25


@pytest.mark.parametrize("name", REPORTS)
async def test_every_report_of_a_shop_that_sold_nothing_has_a_total_and_no_rows(pool, floor, name):
    report = await read(pool, floor, name, date(2020, 1, 1), date(2020, 1, 2))

    assert (report.total.id, list(report.rows), report.has_more) == ("total", [], False)


@pytest.mark.parametrize("name", REPORTS)
async def test_no_report_counts_another_vendors_shop(pool, observer, floor, name):
    await charge(observer, floor, "declined")
    stranger = uuid.uuid4()
    await ask(observer, "select ringup.create_vendor(%s, 'Other Shop', 'USD', 'UTC')", stranger)

    window = await read_window(pool, stranger, None, None)
    report = await read_report(pool, stranger, name, window, limit=10)

    assert list(report.rows) == []


async def test_a_report_is_read_page_by_page_with_the_same_total(pool, observer, floor, set_clock):
    for day in (14, 15, 16):
        await set_clock(observer, datetime(2026, 11, day, 12, tzinfo=UTC))
        await charge(observer, floor, "declined")

    first = await read(pool, floor, "payment-success", limit=2)
    rest = await read(pool, floor, "payment-success", limit=2, after=first.rows[-1].id)

    assert [row.id for row in (*first.rows, *rest.rows)] == ["2026-11-14", "2026-11-15", "2026-11-16"]
    assert (first.has_more, rest.has_more, rest.total.asked) == (True, False, 3)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "UTC'--"])
async def test_a_vendor_lives_in_a_time_zone_that_there_is(db, zone):
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, "select ringup.create_vendor(%s, 'Shop', 'USD', %s)", uuid.uuid4(), zone)

    assert refused.value.sqlstate == "RU221"
