"""Two clerks at once, where one exchanges: staged, so that the second stands in line before the first is through."""

import asyncio
import uuid

import psycopg
import pytest

from exchange_floor import add_tea, exchange_of, halves, nothing_to_pay, prepare_exchange
from refund_floor import begin_refund, cash_sale, drawer, refund
from shop_floor import broken_invariants, open_shop_floor


async def test_what_is_exchanged_is_not_given_back_as_well(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await add_tea(observer, shop)
    order = await cash_sale(observer, shop)

    async with first.transaction():
        prepared = await prepare_exchange(first, exchange_of(shop, order))
        rival = asyncio.create_task(refund(second, shop, order))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await rival
    await shop.complete(observer, prepared["checkout_id"])

    assert refused.value.sqlstate == "RU118"
    assert await drawer(observer, shop) == (1500, 0, 1, 1000)
    assert await broken_invariants(observer) == {}


async def test_of_two_clerks_who_exchange_the_same_goods_one_is_refused(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await add_tea(observer, shop)
    order = await cash_sale(observer, shop)

    async with first.transaction():
        prepared = await prepare_exchange(first, exchange_of(shop, order))
        rival = asyncio.create_task(prepare_exchange(second, exchange_of(shop, order)))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await rival

    assert refused.value.sqlstate == "RU118"
    assert (await halves(observer, shop, prepared["checkout_id"]))[1]["status"] == "open"


async def test_one_key_pressed_twice_makes_one_exchange(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await add_tea(observer, shop)
    request = exchange_of(shop, await cash_sale(observer, shop))

    async with first.transaction():
        made = await prepare_exchange(first, request)
        rival = asyncio.create_task(prepare_exchange(second, request | {"order_id": uuid.uuid4()}))
        await until_waiting(observer, 1)
    repeated = await rival

    assert (repeated["made"], repeated["yours"], repeated["checkout_id"]) == (False, False, made["checkout_id"])


async def test_two_finishes_complete_both_halves_once(registers, until_waiting) -> None:
    """The clerk's request completes the sale while recovery completes the refund: nobody stands across."""
    clerk, recovery, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await add_tea(observer, shop, 600)
    order = await shop.sell(observer)
    prepared = await prepare_exchange(observer, exchange_of(shop, order, **nothing_to_pay()))
    await begin_refund(observer, shop, prepared["payment_id"], "return")
    await shop.record(observer, prepared["payment_id"], "approved", approved_minor=400)
    _, back = await halves(observer, shop, prepared["checkout_id"])

    async with clerk.transaction():
        await clerk.execute("select from ringup.orders where id = %s for no key update", [order])
        left = asyncio.create_task(shop.complete(recovery, prepared["checkout_id"]))
        await until_waiting(observer, 1)
        right = asyncio.create_task(
            observer.execute("select * from ringup.complete_refund(%s, %s)", [shop.vendor, back["id"]])
        )
        await asyncio.sleep(0)
    await asyncio.gather(left, right)

    sale, back = await halves(observer, shop, prepared["checkout_id"])
    assert (sale["status"], back["status"]) == ("completed", "completed")
    assert (await drawer(observer, shop))[:2] == (0, 600)
    assert await broken_invariants(observer) == {}
