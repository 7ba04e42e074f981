"""Two who want the same points at once: staged, so that the second one really stands in line."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from points_floor import (
    account,
    add_customer,
    adjust,
    broken_points,
    expire,
    ring_up_cash,
    sell_cash,
    spend,
    take_back,
)
from shop_floor import ask, open_shop_floor

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


async def test_a_spend_that_waits_for_the_expiry_finds_the_points_gone(registers, until_waiting, set_clock) -> None:
    night, till, observer = [await registers() for _ in range(3)]
    await set_clock(observer, NOON)
    shop = await open_shop_floor(observer, points=0)
    await adjust(observer, shop, 50, expires_at=NOON + timedelta(hours=1))
    await set_clock(observer, NOON + timedelta(hours=1))

    async with night.transaction():
        assert await expire(night, shop) == 1
        spending = asyncio.create_task(spend(till, shop, 50))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await spending

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 50"
    assert await shop.points(observer) == (0, 0)
    assert await broken_points(observer) == []


async def test_an_expiry_that_waits_for_a_spend_takes_only_what_is_left(registers, until_waiting, set_clock) -> None:
    """The spend came a moment before midnight; the next customer at a till brings the expiry, and waits."""
    first, second, observer = [await registers() for _ in range(3)]
    await set_clock(observer, NOON)
    shop = await open_shop_floor(observer, points=0)
    await adjust(observer, shop, 50, expires_at=NOON + timedelta(hours=1))

    async with first.transaction():
        await spend(first, shop, 30)
        await set_clock(observer, NOON + timedelta(hours=1))
        spending = asyncio.create_task(spend(second, shop, 20))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await spending

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 20"
    assert await expire(observer, shop) == 1
    assert await shop.points(observer) == (0, 0)
    assert await broken_points(observer) == []


async def test_a_return_that_waits_for_a_spend_takes_back_only_what_is_left(registers, until_waiting) -> None:
    counter, till, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer, points=0)
    order = await sell_cash(observer, shop, quantities=[5])

    async with till.transaction():
        await spend(till, shop, 30)
        returning = asyncio.create_task(take_back(counter, shop, order, {1: 5}))
        await until_waiting(observer, 1)
    returned = await returning

    assert returned == (20, 0)
    assert await shop.points(observer) == (0, 0)
    assert await broken_points(observer) == []


async def test_a_spend_that_waits_for_a_return_is_refused(registers, until_waiting) -> None:
    counter, till, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer, points=0)
    order = await sell_cash(observer, shop, quantities=[5])

    async with counter.transaction():
        assert await take_back(counter, shop, order, {1: 5}) == (50, 0)
        spending = asyncio.create_task(spend(till, shop, 30))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await spending

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 30"
    assert await broken_points(observer) == []


async def test_two_returns_of_one_sale_at_once_return_it_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    order = await sell_cash(observer, shop, quantities=[2], points=50)

    async with first.transaction():
        assert await take_back(first, shop, order, {1: 2}) == (19, 50)
        returning = asyncio.create_task(take_back(second, shop, order, {1: 2}))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await returning

    assert refused.value.sqlstate == "RU118"
    assert await shop.points(observer) == (100, 0)
    assert await broken_points(observer) == []


async def test_one_return_sent_twice_at_once_is_one_return(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    order = await sell_cash(observer, shop, quantities=[2], points=50)
    refund = uuid.uuid4()

    async with first.transaction():
        made = await take_back(first, shop, order, {1: 1}, refund)
        returning = asyncio.create_task(take_back(second, shop, order, {1: 1}, refund))
        await until_waiting(observer, 1)

    assert await returning == made == (9, 25)
    assert await shop.points(observer) == (50 + 19 + 25 - 9, 0)


async def test_a_checkout_that_waits_for_a_merge_does_not_hold_points_of_a_customer_who_is_gone(
    registers, until_waiting
) -> None:
    office, till, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    duplicate = await add_customer(observer, shop, points=40)

    async with office.transaction():
        merge = "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')"
        await ask(office, merge, shop.vendor, shop.customer, duplicate)
        selling = asyncio.create_task(ring_up_cash(till, shop, customer_id=duplicate, points=40))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await selling

    assert refused.value.sqlstate == "RU110"
    assert await shop.points(observer) == (140, 0)
    assert await broken_points(observer) == []


async def test_points_that_arrive_for_a_duplicate_during_the_merge_go_to_whom_it_became(
    registers, until_waiting
) -> None:
    office, till, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    duplicate = await add_customer(observer, shop)
    order = await ring_up_cash(observer, shop, customer_id=duplicate)

    async with office.transaction():
        merge = "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')"
        await ask(office, merge, shop.vendor, shop.customer, duplicate)
        completing = asyncio.create_task(shop.complete(till, order))
        await until_waiting(observer, 1)
    await completing

    assert (await account(observer, shop))["balance"] == 110
    assert await broken_points(observer) == []


async def test_two_merges_both_ways_at_once_do_not_lock_each_other_out(registers, until_waiting) -> None:
    """Both stand in line at the customer with the lower id: neither holds what the other needs."""
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    low, high = sorted([shop.customer, await add_customer(observer, shop, points=40)])
    merge = "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')"

    async with observer.transaction():
        await observer.execute("select from ringup.customers where id = %s for no key update", [low])
        merging = asyncio.create_task(ask(first, merge, shop.vendor, low, high))
        await until_waiting(observer, 1)
        the_other_way = asyncio.create_task(ask(second, merge, shop.vendor, high, low))
        await until_waiting(observer, 2)
    ended = await asyncio.gather(merging, the_other_way, return_exceptions=True)

    assert [end.sqlstate for end in ended if isinstance(end, psycopg.Error)] == ["RU110"]
    assert (await account(observer, shop, low))["balance"] + (await account(observer, shop, high))["balance"] == 140
    assert await broken_points(observer) == []


async def test_one_adjustment_sent_twice_at_once_is_one_adjustment(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    adjustment = uuid.uuid4()

    async with first.transaction():
        await adjust(first, shop, 7, adjustment=adjustment)
        again = asyncio.create_task(adjust(second, shop, 7, adjustment=adjustment))
        await until_waiting(observer, 1)

    assert await again == 107
    assert await shop.points(observer) == (107, 0)
