"""Two clerks press at once: staged, so that the second stands in line before the first is through."""

import asyncio
import uuid

import psycopg
import pytest

from drawer import close, count
from refund_floor import begin_refund, cash_sale, drawer, part, prepare_refund, refund, refund_of
from shop_floor import broken_invariants, open_shop_floor, rows


async def test_the_same_line_from_two_clerks_goes_back_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    order = await cash_sale(observer, shop, 3)

    async with first.transaction():
        await refund(first, shop, order, **part(2))
        rival = asyncio.create_task(refund(second, shop, order, **part(2)))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await rival

    assert refused.value.sqlstate == "RU118"
    assert await drawer(observer, shop) == (1000, 0, 1, 2000)
    assert await shop.stock(observer) == (99, 0)
    assert await broken_invariants(observer) == {}


async def test_two_clerks_who_both_may_come_to_the_whole(registers, until_waiting) -> None:
    """1.00 for three: the second was computed before the first, and is told so rather than paid wrongly."""
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    order = await cash_sale(observer, shop, 3, discounts=[2900])

    async with first.transaction():
        await refund(first, shop, order, **part(2))
        rival = asyncio.create_task(refund(second, shop, order, **part(1)))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as overtaken:
        await rival
    await refund(observer, shop, order, **part(1))

    assert overtaken.value.sqlstate == "RU152"
    assert (await drawer(observer, shop))[3] == 100
    assert (await shop.order(observer, order))["status"] == "refunded"


async def test_one_key_pressed_twice_gives_back_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    request = refund_of(shop, await cash_sale(observer, shop, 3), **part(1))

    async with first.transaction():
        made = await prepare_refund(first, request)
        rival = asyncio.create_task(prepare_refund(second, request | {"refund_id": uuid.uuid4()}))
        await until_waiting(observer, 1)
    repeated = await rival

    assert (repeated["made"], repeated["refund_id"]) == (False, made["refund_id"])
    assert (await drawer(observer, shop))[2:] == (1, 1000)


async def test_a_drawer_that_is_counted_meanwhile_gives_nothing(registers, until_waiting) -> None:
    clerk, manager, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    order = await cash_sale(observer, shop)

    counted = await count(observer, shop, 11000)

    async with manager.transaction():
        await close(manager, shop, counted["id"])
        rival = asyncio.create_task(refund(clerk, shop, order))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as closed:
        await rival

    assert closed.value.sqlstate == "RU104"
    assert (await rows(observer, "select variance_minor from ringup.register_sessions"))[0]["variance_minor"] == 0
    assert await shop.stock(observer) == (99, 0)
    assert await broken_invariants(observer) == {}


async def test_of_two_that_finish_one_does(registers, until_waiting) -> None:
    """The terminal's answer and the look-up of recovery come at the same moment."""
    clerk, worker, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    made = await refund(observer, shop, await shop.sell(observer, customer_id=shop.customer))
    await begin_refund(observer, shop, made["payment_id"], "return")

    async with clerk.transaction():
        await shop.record(clerk, made["payment_id"], "approved")
        rival = asyncio.create_task(shop.record(worker, made["payment_id"], "approved"))
        await until_waiting(observer, 1)

    assert (await rival)["status"] == "completed"
    assert await drawer(observer, shop) == (0, 0, 1, 1000)
    assert await shop.points(observer) == (100, 0)
    assert await broken_invariants(observer) == {}


async def test_a_refund_and_a_sale_of_the_same_goods_do_not_deadlock(registers) -> None:
    connections = [await registers() for _ in range(4)]
    shop = await open_shop_floor(connections[0])
    orders = [await cash_sale(connections[0], shop, 1, customer_id=shop.customer) for _ in range(20)]

    async def give_back(some) -> None:
        for order in some[1]:
            await refund(some[0], shop, order)

    async def sell(connection) -> None:
        for _ in range(10):
            await cash_sale(connection, shop, 1, customer_id=shop.customer)

    await asyncio.gather(
        give_back((connections[0], orders[:10])),
        give_back((connections[1], orders[10:])),
        sell(connections[2]),
        sell(connections[3]),
    )

    assert await shop.stock(connections[0]) == (80, 0)
    assert await shop.points(connections[0]) == (300, 0)
    assert await broken_invariants(connections[0]) == {}
