"""One gift card at two registers, and guessers who come together: staged, with the rivals standing in line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from shop_floor import Connection, ask, broken_invariants, open_shop_floor
from value_floor import adjust_value, begun, credit_of, find_code, grant, issue, value_of

Opens = Callable[..., Awaitable[Connection]]
Waits = Callable[[Connection, int], Awaitable[None]]


async def outcome(attempt: Awaitable[Any]) -> str:
    try:
        await attempt
    except psycopg.Error as refused:
        return refused.sqlstate or "lost"
    return "done"


@pytest.mark.parametrize("tender", ["gift_card", "store_credit"])
async def test_two_registers_cannot_both_have_the_last_of_it(
    registers: Opens, until_waiting: Waits, tender: str
) -> None:
    """Both sales stand in line for the account's row before either goes on."""
    observer = await registers()
    shop = await open_shop_floor(observer)
    card = await issue(observer, shop, 1500)
    await grant(observer, shop, 1500)
    who = {"customer_id": shop.customer} if tender == "store_credit" else {}
    gate = await registers()
    async with gate.transaction():
        await gate.execute("select from ringup.stored_value_accounts for update")
        rivals = [
            asyncio.create_task(outcome(begun(await registers(), shop, (tender, card, None), **who))) for _ in range(2)
        ]
        await until_waiting(observer, 2)

    assert sorted(await asyncio.gather(*rivals)) == ["RU162", "done"]
    assert (await value_of(observer, card) if tender == "gift_card" else await credit_of(observer, shop.customer)) == (
        1500,
        1000,
    )
    assert await broken_invariants(observer) == {}


async def test_many_registers_never_spend_more_than_there_is(registers: Opens) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    card = await issue(observer, shop, 4500)

    async def sell(connection: Connection) -> str:
        async def attempt() -> None:
            await shop.complete(connection, await begun(connection, shop, ("gift_card", card, None)))

        return await outcome(attempt())

    ended = await asyncio.gather(*[sell(await registers()) for _ in range(8)])

    assert sorted(ended) == ["RU162"] * 4 + ["done"] * 4
    assert await value_of(observer, card) == (500, 0)
    assert await broken_invariants(observer) == {}


async def test_two_cards_in_either_order_do_not_stand_in_each_others_way(
    registers: Opens, until_waiting: Waits
) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    one, two = sorted([await issue(observer, shop, 2000), await issue(observer, shop, 2000)])
    gate = await registers()
    async with gate.transaction():
        await gate.execute("select from ringup.stored_value_accounts where id = %s for update", [one])
        rivals = [
            asyncio.create_task(outcome(begun(await registers(), shop, ("gift_card", a, 500), ("gift_card", b, None))))
            for a, b in ((one, two), (two, one))
        ]
        await until_waiting(observer, 2)

    assert await asyncio.gather(*rivals) == ["done", "done"]
    assert (await value_of(observer, one), await value_of(observer, two)) == ((2000, 1000), (2000, 1000))


async def test_an_adjustment_does_not_take_what_a_sale_has_just_set_aside(
    registers: Opens, until_waiting: Waits
) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    card = await issue(observer, shop, 1000)
    till = await registers()
    async with till.transaction():
        await begun(till, shop, ("gift_card", card, None))
        rival = asyncio.create_task(outcome(adjust_value(await registers(), shop, card, -1)))
        await until_waiting(observer, 1)

    assert await rival == "RU162"
    assert await value_of(observer, card) == (1000, 1000)


async def test_the_same_grant_twice_at_once_is_given_once(registers: Opens, until_waiting: Waits) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    first, once = await registers(), shop.session
    async with first.transaction():
        await grant(first, shop, 300, id=once)
        rival = asyncio.create_task(grant(await registers(), shop, 300, id=once))
        await until_waiting(observer, 1)

    assert await rival == 300
    assert await credit_of(observer, shop.customer) == (300, 0)


async def test_however_many_guess_at_once_they_are_locked_out_together(registers: Opens) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)
    await issue(observer, shop, 1000, "THERIGHTCODE")

    async def guess(connection: Connection, first: int) -> list[str]:
        return [await outcome(find_code(connection, shop, f"WRONG{n}")) for n in range(first, first + 5)]

    ended = await asyncio.gather(*[guess(await registers(), 10 * n) for n in range(4)])

    told = [answer for answers in ended for answer in answers]
    assert (told.count("done"), told.count("RU602")) == (10, 10)
    assert await outcome(find_code(observer, shop, "THERIGHTCODE")) == "RU602"
    assert await outcome(find_code(observer, shop, "THERIGHTCODE", "key:2")) == "done"
    assert await ask(observer, "select count(*) from ringup.audit_log where action = 'gift_card_locked'") == 1
