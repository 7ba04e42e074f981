"""Two at one drawer: who opens, who closes, and what a sale does that completes at that moment."""

import asyncio
import uuid

import psycopg
from staff_room import approve, hire

from drawer import close, count, count_and_close, find_out, leave_in_doubt, move_cash, open_shift, report
from shop_floor import ask, broken_invariants, open_shop_floor


async def outcome(asked):
    """The answer, or the refusal's code."""
    try:
        return await asked
    except psycopg.Error as refused:
        return refused.sqlstate


async def test_of_two_who_open_one_register_one_does(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await count_and_close(observer, shop)

    async with first.transaction():
        opened = await open_shift(first, shop, by="Ada")
        waiting = asyncio.create_task(outcome(open_shift(second, shop, by="Bo")))
        await until_waiting(observer, 1)

    assert await waiting == "RU105"
    assert await ask(observer, "select id from ringup.register_sessions where closed_at is null") == opened


async def test_one_register_has_one_open_shift_whatever_the_functions_do(registers) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer)

    copied = outcome(
        observer.execute(
            "insert into ringup.register_sessions (vendor_id, id, register_id, opened_by, opened_at,"
            " opening_float_minor) values (%s, %s, %s, 'Bo', now(), 0)",
            [shop.vendor, uuid.uuid4(), shop.register],
        )
    )

    assert await copied == "23505"


async def test_closing_is_pressed_twice_and_closes_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    counted = await count(observer, shop, 10000)

    async with first.transaction():
        z = await close(first, shop, counted["id"])
        waiting = asyncio.create_task(outcome(close(second, shop, counted["id"])))
        await until_waiting(observer, 1)

    assert await waiting == z
    assert await ask(observer, "select last_closure_number from ringup.registers") == 1
    assert await broken_invariants(observer) == {}


async def test_a_press_with_an_approval_that_the_first_press_used_up_is_the_first_press(
    registers, until_waiting
) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob, mia = await hire(observer, shop, "Bob"), await hire(observer, shop, "Mia", "manager")
    given = await approve(observer, shop, "paid_out", bob, mia, amount=500)
    pressed = {"movement": uuid.uuid4(), "person": bob, "approval": given}

    async with first.transaction():
        await move_cash(first, shop, "paid_out", 500, **pressed)
        waiting = asyncio.create_task(outcome(move_cash(second, shop, "paid_out", 500, **pressed)))
        await until_waiting(observer, 1)

    assert await waiting == pressed["movement"]
    assert await ask(observer, "select count(*) from ringup.cash_movements") == 1


async def test_a_sale_that_completes_before_the_closing_is_in_its_report(registers, until_waiting) -> None:
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await leave_in_doubt(observer, shop)
    counted = await count(observer, shop, 10000)

    async with till.transaction():
        await find_out(till, shop, prepared)
        waiting = asyncio.create_task(close(office, shop, counted["id"]))
        await until_waiting(observer, 1)
    z = await waiting

    assert (z["sales"]["orders_count"], z["sales"]["total_minor"], z["under_way"]) == (1, 1000, [])
    assert await broken_invariants(observer) == {}


async def test_a_sale_that_completes_behind_the_closing_is_late_and_not_lost(registers, until_waiting) -> None:
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await leave_in_doubt(observer, shop)
    counted = await count(observer, shop, 10000)

    async with office.transaction():
        z = await close(office, shop, counted["id"])
        waiting = asyncio.create_task(find_out(till, shop, prepared))
        await until_waiting(observer, 1)
    await waiting

    assert (z["sales"]["orders_count"], [sale["order_id"] for sale in z["under_way"]]) == (
        0,
        [str(prepared["checkout_id"])],
    )
    assert (await shop.order(observer, prepared["checkout_id"]))["began_session_id"] == shop.session
    assert await broken_invariants(observer) == {}


async def test_cash_of_a_sale_that_completes_while_the_drawer_is_closed_asks_for_another_count(
    registers, until_waiting
) -> None:
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await shop.prepare(observer, types=["cash"], processors=[None])
    counted = await count(observer, shop, 10000)

    async with till.transaction():
        await shop.complete(till, prepared["checkout_id"])
        waiting = asyncio.create_task(outcome(close(office, shop, counted["id"])))
        await until_waiting(observer, 1)

    assert await waiting == "RU140"
    assert (await report(observer, shop))["type"] == "X"


async def test_a_late_sale_and_the_next_shift_meet_at_the_register(registers, until_waiting) -> None:
    """The shift opens first: the sale waits, and counts in it. Without the wait it would be in a session of its own."""
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await leave_in_doubt(observer, shop)
    await count_and_close(observer, shop)

    async with office.transaction():
        opened = await open_shift(office, shop)
        waiting = asyncio.create_task(find_out(till, shop, prepared))
        await until_waiting(observer, 1)
    await waiting

    assert (await shop.order(observer, prepared["checkout_id"]))["register_session_id"] == opened
    assert await ask(observer, "select count(*) from ringup.register_sessions where kind = 'late'") == 0
    assert await broken_invariants(observer) == {}


async def test_a_shift_opens_behind_a_late_sale_and_ends_its_session(registers, until_waiting) -> None:
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await leave_in_doubt(observer, shop)
    await count_and_close(observer, shop)

    async with till.transaction():
        await find_out(till, shop, prepared)
        waiting = asyncio.create_task(open_shift(office, shop))
        await until_waiting(observer, 1)
    opened = await waiting

    late = (await report(observer, shop, session=opened))["late_session"]
    assert (late["order_count"], late["closure_number"]) == (1, 2)
    assert await broken_invariants(observer) == {}


async def test_cash_does_not_leave_a_drawer_that_is_being_closed(registers, until_waiting) -> None:
    till, office, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    counted = await count(observer, shop, 10000)

    async with office.transaction():
        await close(office, shop, counted["id"])
        waiting = asyncio.create_task(outcome(move_cash(till, shop, "paid_out", 500)))
        await until_waiting(observer, 1)

    assert await waiting == "RU104"
    assert await broken_invariants(observer) == {}


async def test_two_counts_at_once_are_the_first_and_the_second(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    bob = await hire(observer, shop, "Bob")

    async with first.transaction():
        one = await count(first, shop, 9000, person=bob)
        waiting = asyncio.create_task(count(second, shop, 9500, person=bob))
        await until_waiting(observer, 1)
    other = await waiting

    assert [(each["count_number"], each["is_wanted_again"]) for each in (one, other)] == [(1, True), (2, False)]
    assert await outcome(close(observer, shop, one["id"])) == "RU140"
    assert (await close(observer, shop, other["id"]))["cash"]["variance_minor"] == -500
