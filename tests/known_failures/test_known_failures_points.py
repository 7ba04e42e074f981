"""L1 to L13: what others reported of their points, played here.

docs/reference/known-failures.md has the report behind each number, and the tests elsewhere
that stand for the numbers that have none here.
"""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from points_floor import (
    INTEGRITY,
    add_customer,
    adjust,
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
from shop_floor import ask, open_shop_floor, prepare, rows

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
async def shop(db, set_clock):
    """A shop that opens at a known time, with 100 points that never expire."""
    await set_clock(db, NOON)
    return await open_shop_floor(db)


async def test_l1_a_sale_that_is_sent_again_and_again_grants_its_points_once(db, shop) -> None:
    request = shop.cash(customer_id=shop.customer, points=30)
    order = (await prepare(db, request))["checkout_id"]
    await shop.complete(db, order)

    for _ in range(5):
        await prepare(db, request | {"order_id": uuid.uuid4()})
        await shop.complete(db, order)
        await ask(db, "select ringup.update_customer_loyalty_points_atomic(%s, 9, 30, %s, 9.70)", shop.customer, order)

    assert (await ledger(db, shop))[1:] == [("spent", -30, "order"), ("earned", 9, "order")]
    assert await shop.points(db) == (79, 0)


async def test_l3_buying_and_returning_again_and_again_earns_nothing(db, shop) -> None:
    for _ in range(5):
        order = await sell_cash(db, shop, quantities=[3])
        assert await take_back(db, shop, order, {1: 3}) == (30, 0)

    assert (await shop.points(db), await lots(db, shop)) == ((100, 0), [100])
    assert await broken_points(db) == []


async def test_l4_returning_a_sale_that_was_paid_with_points_gives_them_back_once(db, shop) -> None:
    order = await sell_cash(db, shop, quantities=[2], points=60)
    assert await shop.points(db) == (40 + 19, 0)
    refund = uuid.uuid4()

    for _ in range(3):
        assert await take_back(db, shop, order, {1: 2}, refund) == (19, 60)
    with pytest.raises(psycopg.Error) as again:
        async with db.transaction():
            await take_back(db, shop, order, {1: 1})

    assert again.value.sqlstate == "RU118"
    assert await shop.points(db) == (100, 0)


async def test_l7_redeeming_is_part_of_the_sale_s_own_transaction(registers) -> None:
    till, observer = [await registers() for _ in range(2)]
    shop = await open_shop_floor(observer)
    order = await ring_up_cash(till, shop, points=60)

    async with till.transaction(force_rollback=True):
        await shop.complete(till, order)
        unheard_of = await shop.points(observer), (await shop.order(observer, order))["status"]
    lost = await shop.points(observer), (await shop.order(observer, order))["status"]
    await shop.complete(till, order)

    assert unheard_of == lost == ((100, 60), "pending_payment")
    assert (await shop.points(observer), (await shop.order(observer, order))["status"]) == ((49, 0), "completed")


@pytest.mark.parametrize("rate", [2, 0, None], ids=["doubled", "nought", "no longer a programme"])
async def test_l8_a_return_takes_back_what_was_granted_whatever_the_rule_is_today(db, shop, set_clock, rate) -> None:
    order = await sell_cash(db, shop, quantities=[5])
    await set_clock(db, NOON + timedelta(days=1))
    if rate is None:
        await db.execute("delete from ringup.loyalty_programmes")
    else:
        await new_terms(db, shop, points_per_unit=rate)

    part = await take_back(db, shop, order, {1: 2})
    rest = await take_back(db, shop, order, {1: 3})

    assert (part, rest) == ((20, 0), (30, 0))
    assert await shop.points(db) == (100, 0)


async def test_l9_of_many_who_redeem_the_last_points_at_once_exactly_one_does(registers, until_waiting) -> None:
    observer, *tills = [await registers() for _ in range(6)]
    shop = await open_shop_floor(observer)

    async with observer.transaction():
        await observer.execute("select from ringup.customers where id = %s for no key update", [shop.customer])
        rivals = [asyncio.create_task(spend(till, shop, 100)) for till in tills]
        await until_waiting(observer, len(rivals))
    ended = await asyncio.gather(*rivals, return_exceptions=True)

    refused = [end.diag.message_primary for end in ended if isinstance(end, psycopg.Error)]
    assert refused == ["Insufficient loyalty points. Available: 0, Requested: 100"] * 4
    assert await shop.points(observer) == (0, 0)
    assert await broken_points(observer) == []


async def test_l11_what_is_undone_is_a_row_of_its_own_and_never_an_old_balance_put_back(db, shop) -> None:
    order = await sell_cash(db, shop, points=60)
    await earn(db, shop, 500)
    await spend(db, shop, 7)
    before = await rows(db, "select * from ringup.loyalty_transactions order by entry_number")
    refund = uuid.uuid4()

    await take_back(db, shop, order, {1: 1}, refund)

    after = await rows(db, "select * from ringup.loyalty_transactions order by entry_number")
    assert after[: len(before)] == before
    assert [(row["points"], row["reference_type"], row["reference_id"]) for row in after[len(before) :]] == [
        (60, "refund", str(refund)),
        (-9, "refund", str(refund)),
    ]
    assert await shop.points(db) == (100 - 60 + 9 + 500 - 7 + 60 - 9, 0)


async def test_l12_whatever_way_points_came_they_expire_when_they_are_due(db, shop, set_clock) -> None:
    due = NOON.replace(hour=0) + timedelta(days=2)
    await new_terms(db, shop, live_days=1)
    duplicate = await add_customer(db, shop)

    await sell_cash(db, shop)
    await earn(db, shop, 11)
    await adjust(db, shop, 12, expires_at=due)
    await adjust(db, shop, 13, customer=duplicate, expires_at=due)
    imported = "select ringup.import_points(%s, 'old till', %s, %s, %s, 'Ada')"
    await ask(db, imported, shop.vendor, [shop.customer], [14], [due])
    returned = await sell_cash(db, shop, points=14)
    await take_back(db, shop, returned, {1: 1})
    await ask(db, "select ringup.merge_customers(%s, %s, %s, 'one', 'Ada')", shop.vendor, shop.customer, duplicate)
    assert await shop.points(db) == (100 + 10 + 11 + 12 + 13 + 14, 0)

    await set_clock(db, due - timedelta(microseconds=1))
    assert await expire(db, shop) == 0
    await set_clock(db, due)
    assert await expire(db, shop) == 1

    assert (await shop.points(db), await lots(db, shop)) == ((100, 0), [100])
    assert await broken_points(db) == []


@pytest.mark.parametrize("allowed", [False, True], ids=["not allowed", "allowed"])
async def test_l13_whether_a_balance_may_go_below_zero_is_the_merchant_s_choice(db, shop, allowed) -> None:
    await new_terms(db, shop, may_go_negative=allowed, refund_policy="unlimited" if allowed else "within_balance")
    order = await sell_cash(db, shop)
    await spend(db, shop, 110)

    await take_back(db, shop, order, {1: 1})
    with pytest.raises(psycopg.Error) as redeemed:
        async with db.transaction():
            await spend(db, shop, 1)

    assert await shop.points(db) == (-10 if allowed else 0, 0)
    # Nobody redeems what is not there, whatever the merchant chose.
    assert redeemed.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 1"
    assert await rows(db, INTEGRITY) == []
    assert await broken_points(db) == []
