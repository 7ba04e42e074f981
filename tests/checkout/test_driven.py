"""A process that lives says so; one that died is found a lease later, however slow its terminal may be."""

import asyncio
import uuid

import pytest

from ringup.checkout.counter import Counter
from ringup.checkout.ring_up import ring_up
from ringup.db.calls.checkout import keep_checkouts
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, PowerCut
from shop_floor import ask, broken_invariants, open_shop_floor, rows

STEP_SECONDS = 15
LEASES = """
    select extract(epoch from o.lease_until - now())::float as of_order,
           extract(epoch from p.next_check_at - now())::float as of_payment
      from ringup.orders o join ringup.payment_transactions p on p.order_id = o.id
"""


async def seconds_pass(observer, seconds: int) -> None:
    """Everything that waits for a moment has waited for so long."""
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = next_check_at - make_interval(secs => %s)", [seconds]
    )
    await observer.execute("update ringup.orders set lease_until = lease_until - make_interval(secs => %s)", [seconds])


async def test_a_killed_process_is_found_when_its_lease_ends_and_not_when_the_terminal_must_be_done(
    pool, counter, terminal, floor, observer
) -> None:
    terminal.power_fails = "after the money moved"
    with pytest.raises(PowerCut):
        await ring_up(counter, floor.sale())

    await seconds_pass(observer, STEP_SECONDS)
    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert terminal.capabilities.charge_seconds_max > 4 * STEP_SECONDS
    assert await ask(observer, "select status from ringup.orders") == "completed"
    assert await broken_invariants(observer) == {}


async def test_a_live_process_keeps_its_sale_for_as_long_as_the_customer_takes(
    pool, counter: Counter, terminal, floor, observer
) -> None:
    terminal.waits = True
    selling = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()

    for _ in range(12):
        await seconds_pass(observer, STEP_SECONDS - 5)
        await counter.driven.keep(pool, STEP_SECONDS)
        swept = await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
        assert (swept.payments, swept.orders) == (0, 0)
    terminal.may_answer.set()
    rung = await selling

    assert rung.answer.response_status == 201
    assert len(terminal.asked) == 1


async def test_a_sale_that_ended_is_not_kept(pool, floor, observer) -> None:
    sold = await floor.sell(observer)

    assert await keep_checkouts(pool, floor.vendor, [sold], lease_seconds=STEP_SECONDS) == 0
    assert (await rows(observer, LEASES)) == [{"of_order": None, "of_payment": None}]


async def test_a_lease_that_has_run_out_is_not_taken_back(pool, floor, observer) -> None:
    """Recovery may be asking already, and somebody who comes with the same key may drive."""
    prepared = await floor.prepare(observer)
    await floor.begin(observer, prepared["payment_id"])
    await seconds_pass(observer, 1000)

    kept = await keep_checkouts(pool, floor.vendor, [prepared["checkout_id"]], lease_seconds=STEP_SECONDS)

    assert kept == 0
    assert (await rows(observer, LEASES))[0]["of_payment"] < 0


async def test_a_doubt_stays_due_when_the_ladder_says(pool, floor, observer) -> None:
    prepared = await floor.prepare(observer)
    await floor.begin(observer, prepared["payment_id"])
    await floor.record(observer, prepared["payment_id"], "in_doubt")

    await keep_checkouts(pool, floor.vendor, [prepared["checkout_id"]], lease_seconds=1000)

    assert (await rows(observer, LEASES))[0]["of_payment"] < 10


async def test_a_sign_of_life_stands_in_nobodys_way(pool, floor, observer, registers) -> None:
    """A sale whose row is locked is being worked on: it is left out, not waited for."""
    taken = await floor.prepare(observer)
    second = uuid.uuid4()
    await floor.add_terminal(observer, second, "Second")
    free = await floor.prepare(observer, processors=[second])
    other = await registers()

    async with other.transaction():
        await other.execute("select from ringup.orders where id = %s for update", [taken["checkout_id"]])
        ids = [taken["checkout_id"], free["checkout_id"]]
        kept = await keep_checkouts(pool, floor.vendor, ids, lease_seconds=STEP_SECONDS)

    assert kept == 1


async def test_nobody_keeps_another_vendors_sale(pool, floor, observer) -> None:
    theirs = await open_shop_floor(observer)
    prepared = await theirs.prepare(observer)

    kept = await keep_checkouts(pool, floor.vendor, [prepared["checkout_id"]], lease_seconds=STEP_SECONDS)

    assert kept == 0


FAILS_AT_FIRST = """
    create sequence public.signs;
    grant usage on sequence public.signs to public;
    create or replace function ringup.keep_checkouts(p_vendor_id uuid, p_order_ids uuid[], p_lease_seconds integer)
    returns integer language plpgsql security definer set search_path = '' as $$
    begin
        if nextval('public.signs') = 1 then
            raise exception 'something that nobody thought of';
        end if;
        return 0;
    end
    $$
"""
SIGNS_SECONDS_MAX = 30


async def test_a_sign_of_life_that_fails_is_not_the_last(pool, counter: Counter, terminal, floor, observer) -> None:
    await observer.execute(FAILS_AT_FIRST)
    terminal.waits = True
    selling = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()

    async with counter.driven.signing(pool, 1), asyncio.timeout(SIGNS_SECONDS_MAX):
        while await ask(observer, "select last_value from public.signs") < 3:  # noqa: ASYNC110  the database counts
            await asyncio.sleep(0.1)
    terminal.may_answer.set()
    rung = await selling

    assert rung.answer.response_status == 201
