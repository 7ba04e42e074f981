"""Points are kept in lots: spending takes the first to expire, what is due goes at its midnight, what is held stays."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from points_floor import (
    account,
    add_customer,
    adjust,
    be_in,
    broken_points,
    earn,
    expire,
    ledger,
    lots,
    new_terms,
    ring_up_cash,
    sell_cash,
    spend,
    take_back,
)
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
async def at_noon(db: Connection, set_clock) -> ShopFloor:
    """A shop that opens at a known time, with 100 points that never expire."""
    await set_clock(db, NOON)
    return await open_shop_floor(db)


async def test_spending_takes_the_first_to_expire_and_what_never_expires_last(db, at_noon) -> None:
    await adjust(db, at_noon, 30, expires_at=NOON + timedelta(days=20))
    await adjust(db, at_noon, 20, expires_at=NOON + timedelta(days=10))

    await spend(db, at_noon, 25)

    assert await lots(db, at_noon) == [25, 100]
    assert await broken_points(db) == []


async def test_points_that_are_pending_cannot_be_spent_before_their_midnight(db, at_noon, set_clock) -> None:
    await new_terms(db, at_noon, pending_days=1)
    await sell_cash(db, at_noon)
    assert (await account(db, at_noon))["pending"] == 10

    await set_clock(db, datetime(2026, 3, 11, 23, 59, 59, tzinfo=UTC))
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await spend(db, at_noon, 101)
    await set_clock(db, datetime(2026, 3, 12, 0, 0, tzinfo=UTC))
    await spend(db, at_noon, 101)

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 100, Requested: 101"
    assert await at_noon.points(db) == (9, 0)


@pytest.mark.parametrize(
    ("zone", "sold", "ends"),
    [
        pytest.param("UTC", "2026-03-10T12:00+00:00", "2026-03-12T00:00+00:00", id="utc"),
        pytest.param("America/New_York", "2026-03-07T12:00-05:00", "2026-03-09T00:00-04:00", id="summer time begins"),
        pytest.param("America/New_York", "2026-10-31T12:00-04:00", "2026-11-02T00:00-05:00", id="summer time ends"),
        # There is no midnight on that day: it begins at one o'clock.
        pytest.param("Africa/Cairo", "2026-04-22T12:00+02:00", "2026-04-24T01:00+03:00", id="midnight is skipped"),
        # There are two: the day has ended when the first one strikes.
        pytest.param("America/Havana", "2026-10-30T12:00-04:00", "2026-11-01T00:00-04:00", id="two midnights"),
        pytest.param("Asia/Tokyo", "2026-03-10T00:00+09:00", "2026-03-12T00:00+09:00", id="sold at midnight"),
        pytest.param("Asia/Tokyo", "2026-03-10T23:59:59+09:00", "2026-03-12T00:00+09:00", id="sold before midnight"),
    ],
)
async def test_points_expire_exactly_at_the_midnight_of_the_shop(db, set_clock, zone, sold, ends) -> None:
    boundary = datetime.fromisoformat(ends)
    await set_clock(db, datetime.fromisoformat(sold))
    shop = await open_shop_floor(db)
    await be_in(db, shop, zone)
    await new_terms(db, shop, live_days=1)
    await sell_cash(db, shop)

    await set_clock(db, boundary - timedelta(microseconds=1))
    before = await expire(db, shop), (await account(db, shop))["available"]
    await set_clock(db, boundary)
    seen = (await account(db, shop))["available"]
    after = await expire(db, shop), (await account(db, shop))["available"]

    assert (before, seen, after) == ((0, 110), 100, (1, 100))
    (row,) = await rows(db, "select * from ringup.loyalty_transactions where transaction_type = 'expired'")
    assert (row["points"], row["reference_type"]) == (-10, "expiry")
    assert row["reference_id"] == boundary.astimezone(ZoneInfo(zone)).date().isoformat()
    assert await broken_points(db) == []


async def test_what_is_due_is_gone_for_whoever_spends_before_the_nightly_run(db, at_noon, set_clock) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(hours=1))
    await set_clock(db, NOON + timedelta(hours=1))

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await spend(db, at_noon, 101)
    await spend(db, at_noon, 100)

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 100, Requested: 101"
    assert (await ledger(db, at_noon))[-2:] == [("expired", -50, "expiry"), ("spent", -100, "order")]


async def test_held_points_do_not_expire_and_posting_them_cannot_fail(db, at_noon, set_clock) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(hours=1))
    order = await ring_up_cash(db, at_noon, points=40)
    await set_clock(db, NOON + timedelta(hours=1))

    assert await expire(db, at_noon) == 1
    assert await at_noon.points(db) == (140, 40)
    assert (await account(db, at_noon))["available"] == 100
    assert await expire(db, at_noon) == 0
    await at_noon.complete(db, order)

    assert await at_noon.points(db) == (100 + 9, 0)
    assert await broken_points(db) == []


async def test_points_held_past_their_expiry_go_when_the_sale_is_given_up(db, at_noon, set_clock) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(hours=1))
    order = await ring_up_cash(db, at_noon, points=50)
    await set_clock(db, NOON + timedelta(hours=1))
    await at_noon.cancel(db, order)

    assert (await account(db, at_noon))["available"] == 100
    assert await expire(db, at_noon) == 1
    assert await at_noon.points(db) == (100, 0)


async def test_points_spent_outside_for_a_sale_that_is_given_up_go_back_into_their_lots(db, at_noon) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(days=1))
    await adjust(db, at_noon, 30, expires_at=NOON + timedelta(days=2))
    order = await ring_up_cash(db, at_noon, points=60)
    await ask(db, "select ringup.update_customer_loyalty_points_atomic(%s, 0, 60, %s, 0)", at_noon.customer, order)
    assert await lots(db, at_noon) == [20, 100]

    await at_noon.cancel(db, order)

    assert await lots(db, at_noon) == [50, 30, 100]
    assert await at_noon.points(db) == (180, 0)
    assert await broken_points(db) == []


async def test_the_nightly_run_is_bounded_and_goes_on_where_it_was(db, at_noon, set_clock) -> None:
    customers = [await add_customer(db, at_noon) for _ in range(5)]
    for customer in customers:
        await adjust(db, at_noon, 7, customer=customer, expires_at=NOON + timedelta(hours=1))
    await set_clock(db, NOON + timedelta(hours=2))

    assert [await expire(db, at_noon, 2) for _ in range(4)] == [2, 2, 1, 0]

    assert [(await account(db, at_noon, customer))["balance"] for customer in customers] == [0] * 5
    assert await broken_points(db) == []


async def test_whoever_holds_all_that_is_due_does_not_stand_in_the_way_of_others(db, at_noon, set_clock) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(hours=1))
    await ring_up_cash(db, at_noon, points=50)
    customer = await add_customer(db, at_noon)
    await adjust(db, at_noon, 7, customer=customer, expires_at=NOON + timedelta(hours=2))
    await set_clock(db, NOON + timedelta(hours=3))

    assert [await expire(db, at_noon, 1) for _ in range(2)] == [1, 0]

    assert (await account(db, at_noon, customer))["balance"] == 0


async def test_a_nightly_run_that_is_killed_half_way_is_finished_by_the_next(registers, set_clock) -> None:
    worker, observer = [await registers() for _ in range(2)]
    await set_clock(observer, NOON)
    shop = await open_shop_floor(observer)
    for _ in range(4):
        customer = await add_customer(observer, shop)
        await adjust(observer, shop, 7, customer=customer, expires_at=NOON + timedelta(hours=1))
    await set_clock(observer, NOON + timedelta(hours=2))
    assert await expire(worker, shop, 2) == 2

    with pytest.raises(psycopg.OperationalError):
        async with worker.transaction():
            await expire(worker, shop, 2)
            await observer.execute("select pg_terminate_backend(%s)", [worker.info.backend_pid])
            await worker.execute("select 1")

    assert await ask(observer, "select count(*) from ringup.loyalty_transactions where points = -7") == 2
    assert [await expire(observer, shop, 2) for _ in range(2)] == [2, 0]
    assert await broken_points(observer) == []


async def test_the_nightly_run_passes_by_whoever_is_at_a_till_just_now(registers, set_clock) -> None:
    till, worker = [await registers() for _ in range(2)]
    await set_clock(till, NOON)
    shop = await open_shop_floor(till)
    await adjust(till, shop, 50, expires_at=NOON + timedelta(hours=1))
    await set_clock(till, NOON + timedelta(hours=1))

    async with till.transaction(force_rollback=True):
        await till.execute("select from ringup.customers where id = %s for no key update", [shop.customer])
        assert await asyncio.wait_for(expire(worker, shop), timeout=30) == 0

    assert await expire(worker, shop) == 1


@pytest.mark.parametrize("limit", [0, -1, 10_001, None], ids=["nought", "less", "too many", "nothing"])
async def test_a_nightly_run_without_a_bound_is_refused(db, shop, limit) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await ask(db, "select ringup.expire_points(%s, %s)", shop.vendor, limit)

    assert refused.value.sqlstate == "RU204"


async def test_points_below_zero_are_paid_by_the_next_that_come(db, at_noon) -> None:
    await new_terms(db, at_noon, may_go_negative=True)
    await adjust(db, at_noon, -130)
    assert (await at_noon.points(db), await lots(db, at_noon)) == ((-30, 0), [])

    await earn(db, at_noon, 50)

    assert (await at_noon.points(db), await lots(db, at_noon)) == ((20, 0), [20])
    assert await broken_points(db) == []


async def test_a_hold_is_spent_also_when_the_balance_went_below_it(db, at_noon) -> None:
    await new_terms(db, at_noon, may_go_negative=True)
    order = await ring_up_cash(db, at_noon, points=80)
    await adjust(db, at_noon, -60)
    assert await at_noon.points(db) == (40, 80)

    await at_noon.complete(db, order)

    assert await at_noon.points(db) == (-40 + 9, 0)
    assert await broken_points(db) == []
    assert await rows(db, "select * from ringup.loyalty_reconciliation_queue") == []


async def test_the_table_itself_refuses_a_balance_below_what_is_held_unless_somebody_said_it_may(db, shop) -> None:
    post = "select ringup.post_points(%s, %s, -150, 'adjusted', 'test', '1', '', p_may_overdraw => %s)"

    with pytest.raises(psycopg.errors.CheckViolation):
        async with db.transaction():
            await ask(db, post, shop.vendor, shop.customer, False)
    await ask(db, post, shop.vendor, shop.customer, True)

    assert await shop.points(db) == (-50, 0)
    assert await broken_points(db) == []


async def test_the_programme_of_the_day_decides_about_a_lot_and_a_later_one_does_not(db, at_noon, set_clock) -> None:
    await new_terms(db, at_noon, live_days=2)
    await sell_cash(db, at_noon)
    await set_clock(db, NOON + timedelta(days=1))
    await new_terms(db, at_noon, live_days=None)
    await sell_cash(db, at_noon)

    await set_clock(db, NOON + timedelta(days=30))
    await expire(db, at_noon)

    assert await lots(db, at_noon) == [100, 10]


async def test_what_will_expire_when_is_visible(db, at_noon) -> None:
    await adjust(db, at_noon, 20, expires_at=NOON + timedelta(days=10))
    await adjust(db, at_noon, 30, expires_at=NOON + timedelta(days=10))
    await adjust(db, at_noon, 40, expires_at=NOON + timedelta(days=20))
    await ring_up_cash(db, at_noon, points=15)

    seen = await account(db, at_noon)

    assert (seen["balance"], seen["held"], seen["pending"], seen["available"]) == (190, 15, 0, 175)
    assert (seen["next_expiry_at"], seen["next_expiry_points"]) == (NOON + timedelta(days=10), 50)
    (listed,) = await rows(db, "select * from ringup.customer_accounts where id = %s", at_noon.customer)
    assert listed["loyalty_points_available"] == 175


async def test_points_beyond_what_an_account_can_hold_are_refused(db, shop) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await adjust(db, shop, 2_147_483_600)

    assert refused.value.sqlstate == "RU207"


async def test_lots_that_do_not_hold_what_the_ledger_says_stop_the_points_and_not_the_sale(db, shop) -> None:
    order = await ring_up_cash(db, shop, points=60)
    await db.execute("update ringup.loyalty_lots set remaining = 50")

    completed = await shop.complete(db, order)

    (item,) = await rows(db, "select * from ringup.loyalty_reconciliation_queue")
    assert (completed["status"], item["points_redeemed"]) == ("completed", 60)
    assert "lots have 50" in item["error_message"]


async def test_a_return_after_the_expiry_gives_points_back_into_a_lot_that_has_expired(db, at_noon, set_clock) -> None:
    await adjust(db, at_noon, 50, expires_at=NOON + timedelta(hours=1))
    order = await sell_cash(db, at_noon, points=50)
    await set_clock(db, NOON + timedelta(hours=2))

    returned = await take_back(db, at_noon, order, {1: 1}, uuid.uuid4())
    await expire(db, at_noon)

    assert returned == (9, 50)
    assert (await at_noon.points(db), await lots(db, at_noon)) == ((100, 0), [100])
    assert await broken_points(db) == []
