"""Races, staged and not hoped for: the rivals stand in line before the lock is let go."""

import asyncio
import uuid

import psycopg
import pytest

from shop_floor import open_shop_floor, prepare, rows


async def test_the_same_key_pressed_twice_makes_one_order(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    request = shop.request()

    async with first.transaction():
        made = await prepare(first, request)
        waiting = asyncio.create_task(prepare(second, request | {"order_id": uuid.uuid4()}))
        await until_waiting(observer, 1)
    repeated = await waiting

    assert (made["made"], repeated["made"], repeated["yours"]) == (True, False, False)
    assert repeated["checkout_id"] == made["checkout_id"]
    assert await shop.stock(observer) == (100, 1)


async def test_a_key_whose_first_request_is_refused_is_free_for_the_second(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    request = shop.request()

    async with first.transaction(force_rollback=True):
        await prepare(first, request)
        waiting = asyncio.create_task(prepare(second, request | {"order_id": uuid.uuid4()}))
        await until_waiting(observer, 1)

    assert (await waiting)["made"]


async def test_the_last_piece_is_held_for_one_of_two_buyers(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer, stock=1)

    async with first.transaction():
        await shop.prepare(first)
        waiting = asyncio.create_task(prepare(second, shop.request()))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.sqlstate == "RU103"
    assert await shop.stock(observer) == (1, 1)


async def test_a_cancellation_and_an_approval_that_meet_end_in_one_void(registers, until_waiting) -> None:
    cashier, terminal, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await shop.prepare(observer)
    await shop.begin(observer, prepared["payment_id"])

    async with cashier.transaction():
        await shop.cancel(cashier, prepared["checkout_id"])
        approving = asyncio.create_task(shop.record(terminal, prepared["payment_id"], "approved"))
        await until_waiting(observer, 1)
    approved = await approving

    assert (approved["status"], approved["step"]) == ("cancelled", "void")
    assert await rows(observer, "select * from ringup.audit_i02_no_double_charge") == []


async def test_two_finishers_give_one_sale(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await shop.prepare(observer, customer_id=shop.customer)
    await shop.begin(observer, prepared["payment_id"])
    await shop.record(observer, prepared["payment_id"], "approved")

    async with first.transaction():
        await shop.complete(first, prepared["checkout_id"])
        waiting = asyncio.create_task(shop.complete(second, prepared["checkout_id"]))
        await until_waiting(observer, 1)

    assert (await waiting)["status"] == "completed"
    assert await shop.stock(observer) == (99, 0)
    assert await shop.points(observer) == (110, 0)


async def test_two_registers_at_one_terminal_only_one_may_charge(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    one, two = await shop.prepare(observer), await shop.prepare(observer)

    async with first.transaction():
        begun = await shop.begin(first, one["payment_id"])
        waiting = asyncio.create_task(shop.begin(second, two["payment_id"]))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as busy:
        await waiting

    assert begun["yours"] and busy.value.sqlstate == "RU106"


async def test_carts_in_opposite_order_do_not_deadlock(registers) -> None:
    connections = [await registers() for _ in range(6)]
    shop = await open_shop_floor(connections[0])
    for number in range(4):
        await connections[0].execute(
            "select ringup.save_product(%s, %s, %s, null, 'Thing', null, 100, true, true, 'Ada')",
            [shop.vendor, uuid.UUID(int=number), f"SKU-{number}"],
        )
        await connections[0].execute(
            "select ringup.change_stock(%s, %s, %s, 1000, 'opening', null, 'Ada')",
            [shop.vendor, shop.location, uuid.UUID(int=number)],
        )
    forth = [f"SKU-{number}" for number in range(4)]
    cart = {"quantities": [1] * 4, "product_ids": [None] * 4, "discounts": [None] * 4, "prices": [None] * 4}

    async def sell(register: psycopg.AsyncConnection, codes: list[str]) -> None:
        for _ in range(15):
            prepared = await prepare(register, shop.cash(codes=codes, **cart))
            await shop.complete(register, prepared["checkout_id"])

    await asyncio.gather(*(sell(each, forth if turn % 2 else forth[::-1]) for turn, each in enumerate(connections)))

    stock = await rows(
        connections[0], "select on_hand, reserved from ringup.inventory where product_id <> %s", shop.product
    )
    assert [tuple(level.values()) for level in stock] == [(910, 0)] * 4
    assert await rows(connections[0], "select * from ringup.audit_i06_stock_is_conserved") == []
