"""The last use of a coupon at two registers: staged, with the rivals standing in line."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import psycopg

from price_floor import prepared, save_coupon, uses_of
from shop_floor import ShopFloor, ask, broken_invariants, open_shop_floor


async def outcome(attempt: Awaitable[Any]) -> str:
    try:
        await attempt
    except psycopg.Error as refused:
        return refused.sqlstate or "lost"
    return "sold"


async def the_last_use_at_two_registers(
    registers, until_waiting, coupon: dict[str, Any], sale: dict[str, Any]
) -> tuple[list[str], dict[str, int], dict[str, Any]]:
    """Both sales stand in line for the coupon's row before either goes on."""
    observer = await registers()
    shop: ShopFloor = await open_shop_floor(observer)
    made = await save_coupon(observer, shop, "HELLO", **coupon)
    asked = {"coupons": ["HELLO"]} | {name: getattr(shop, of) for name, of in sale.items()}
    gate = await registers()
    async with gate.transaction():
        await gate.execute("select from ringup.coupons for update")
        rivals = [asyncio.create_task(outcome(prepared(await registers(), shop, **asked))) for _ in range(2)]
        await until_waiting(observer, 2)
    return sorted(await asyncio.gather(*rivals)), await uses_of(observer, made), await broken_invariants(observer)


async def test_two_registers_cannot_both_have_the_last_use(registers, until_waiting) -> None:
    ended, uses, broken = await the_last_use_at_two_registers(registers, until_waiting, {"limit": 1}, {})

    assert ended == ["RU132", "sold"]
    assert uses == {"held": 1, "counted": 1}
    assert broken == {}


async def test_one_customer_at_two_registers_uses_the_last_one_once(registers, until_waiting) -> None:
    ended, uses, broken = await the_last_use_at_two_registers(
        registers, until_waiting, {"customer_limit": 1}, {"customer_id": "customer"}
    )

    assert ended == ["RU132", "sold"]
    assert uses == {"held": 1, "counted": 1}
    assert broken == {}


async def test_a_coupon_for_everybody_makes_nobody_wait(registers) -> None:
    """The other sale is not on disk yet, and this one goes through beside it."""
    observer = await registers()
    shop = await open_shop_floor(observer)
    made = await save_coupon(observer, shop, "HELLO")
    first, second = await registers(), await registers()
    async with first.transaction():
        await prepared(first, shop, coupons=["HELLO"])
        await second.execute("set lock_timeout = '2s'")
        # Goods that both want would make them wait, as they should: the second sells nothing that is counted.
        await ask(
            second,
            "select ringup.save_product(%s, gen_random_uuid(), 'TEA', null, 'Tea', null, 500, false, true, 'A')",
            shop.vendor,
        )
        await prepared(second, shop, ("TEA", 1), coupons=["HELLO"])

    assert await uses_of(observer, made) == {"held": 2, "counted": 0}


async def test_a_coupon_that_is_given_a_limit_meanwhile_has_it(registers, until_waiting) -> None:
    """The sale looked while there was no limit, and has to look again once it may go on."""
    observer = await registers()
    shop = await open_shop_floor(observer)
    made = await save_coupon(observer, shop, "HELLO")
    await shop.complete(observer, await prepared(observer, shop, coupons=["HELLO"]))
    gate, till = await registers(), await registers()
    async with gate.transaction():
        await save_coupon(gate, shop, "HELLO", id=made, limit=1)
        rival = asyncio.create_task(outcome(prepared(till, shop, coupons=["HELLO"])))
        await until_waiting(observer, 1)

    assert await rival == "RU132"
    assert await uses_of(observer, made) == {"used": 1, "counted": 1}


async def test_a_limit_waits_for_the_sales_that_have_looked_already(registers, until_waiting) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    made = await save_coupon(observer, shop, "HELLO")
    till, office = await registers(), await registers()
    async with till.transaction():
        await prepared(till, shop, coupons=["HELLO"])
        limited = asyncio.create_task(save_coupon(office, shop, "HELLO", id=made, limit=1))
        await until_waiting(observer, 1)
    await limited

    assert await uses_of(observer, made) == {"held": 1, "counted": 1}


async def test_a_use_that_comes_back_goes_to_who_stands_in_line(registers, until_waiting) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    made = await save_coupon(observer, shop, "HELLO", limit=1)
    order = await prepared(observer, shop, coupons=["HELLO"])
    first, till = await registers(), await registers()
    async with first.transaction():
        await shop.cancel(first, order)
        rival = asyncio.create_task(outcome(prepared(till, shop, coupons=["HELLO"])))
        await until_waiting(observer, 1)

    assert await rival == "sold"
    assert await uses_of(observer, made) == {"released": 1, "held": 1, "counted": 1}
