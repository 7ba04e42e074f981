"""People at once: guesses at a PIN, two operations with one approval, two who take a register over."""

import asyncio

import psycopg
from staff_room import HASH, adjust, approve, begin_check, hire, sign_in, who_is

from shop_floor import Connection, ask, open_shop_floor, rows


async def outcome(asked) -> str | None:
    """The refusal's code, or None."""
    try:
        await asked
    except psycopg.Error as refused:
        return refused.sqlstate
    return None


async def test_parallel_guesses_never_exceed_the_limit(registers, until_waiting) -> None:
    guessers: list[Connection] = [await registers() for _ in range(12)]
    observer, holder = await registers(), await registers()
    shop = await open_shop_floor(observer)
    bob = await hire(observer, shop, "Bob")

    async with holder.transaction():
        await holder.execute("select from ringup.staff where id = %s for update", [bob])
        guesses = [asyncio.create_task(outcome(begin_check(guesser, shop, bob))) for guesser in guessers]
        await until_waiting(observer, len(guessers))
    codes = await asyncio.gather(*guesses)

    assert sorted(map(str, codes)) == ["None"] * 5 + ["RU601"] * 7
    assert await ask(observer, "select failed_attempts from ringup.staff where id = %s", bob) == 5


async def test_a_guess_is_counted_before_anybody_hears_of_it(registers) -> None:
    """The process dies between the count and the comparison: the attempt stays."""
    guesser, observer = await registers(), await registers()
    shop = await open_shop_floor(observer)
    bob = await hire(observer, shop, "Bob")

    assert await begin_check(guesser, shop, bob) == HASH
    await guesser.close()

    assert await ask(observer, "select failed_attempts from ringup.staff where id = %s", bob) == 1


async def test_one_approval_is_good_for_one_of_two_operations(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob, mia = await hire(observer, shop, "Bob"), await hire(observer, shop, "Mia", "manager")
    given = await approve(observer, shop, "adjust_stock", bob, mia, amount=1000)

    async with first.transaction():
        await adjust(first, shop, bob, given)
        waiting = asyncio.create_task(outcome(adjust(second, shop, bob, given)))
        await until_waiting(observer, 1)

    assert await waiting == "RU503"
    assert await shop.stock(observer) == (99, 0)


async def test_an_approval_whose_operation_failed_is_good_for_the_one_behind_it(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob, mia = await hire(observer, shop, "Bob"), await hire(observer, shop, "Mia", "manager")
    given = await approve(observer, shop, "adjust_stock", bob, mia, amount=1000)

    async with first.transaction(force_rollback=True):
        await adjust(first, shop, bob, given)
        waiting = asyncio.create_task(outcome(adjust(second, shop, bob, given)))
        await until_waiting(observer, 1)

    assert await waiting is None
    assert await shop.stock(observer) == (99, 0)


async def test_two_who_take_one_register_over_end_with_one_of_them(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob, eve = await hire(observer, shop, "Bob"), await hire(observer, shop, "Eve")

    async with first.transaction():
        await sign_in(first, shop, bob, b"bob")
        waiting = asyncio.create_task(sign_in(second, shop, eve, b"eve"))
        await until_waiting(observer, 1)
    await waiting

    assert [await who_is(observer, shop, token) for token in (b"bob", b"eve")] == [None, "Eve"]
    live = await rows(observer, "select staff_id from ringup.staff_sign_ins where ended_at is null")
    assert live == [{"staff_id": eve}]


async def test_who_signs_in_while_they_are_let_go_is_not_in(registers, until_waiting) -> None:
    office, till, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob = await hire(observer, shop, "Bob")

    async with office.transaction():
        await hire(office, shop, "Bob", person=bob, is_active=False)
        waiting = asyncio.create_task(outcome(sign_in(till, shop, bob, b"bob")))
        await until_waiting(observer, 1)

    assert await waiting == "RU020"
    assert await rows(observer, "select id from ringup.staff_sign_ins where ended_at is null") == []
