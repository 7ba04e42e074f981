"""Recovery finishes what others began, never charges, and may itself die and be repeated."""

import uuid

import pytest

from ringup.checkout.counter import Counter
from ringup.checkout.ring_up import ring_up
from ringup.db.pool import Pool
from ringup.domain.cart import Tender
from ringup.domain.outcome import Declined, InDoubt, NotSent
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, PowerCut, ScriptedTerminal
from shop_floor import Connection, ask, broken_invariants, rows


async def time_passes(observer: Connection) -> None:
    """Everything that waits for a moment is due."""
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
    )
    await observer.execute(
        "update ringup.orders set lease_until = now() - interval '1 second' where lease_until is not null"
    )


@pytest.mark.parametrize(
    ("power_fails", "evidence", "the_sale_is"),
    [
        ("before the money moves", NotSent(reason="no such sale, and the terminal is idle"), "payment_failed"),
        ("after the money moved", None, "completed"),
    ],
)
async def test_a_power_cut_is_settled_without_charging_again(
    pool: Pool, counter: Counter, terminal: ScriptedTerminal, floor, observer, power_fails, evidence, the_sale_is
) -> None:
    terminal.power_fails, terminal.looks_up = power_fails, evidence
    with pytest.raises(PowerCut):
        await ring_up(counter, floor.sale())

    for _ in range(2):
        await time_passes(observer)
        await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert await ask(observer, "select status from ringup.orders") == the_sale_is
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_a_lost_answer_heals_and_the_same_key_gets_the_sale(pool, counter, terminal, floor, observer) -> None:
    request = floor.sale()

    def lose_the_answer(attempt):
        terminal.moved.append(attempt.reference_id)
        return InDoubt(reason="ReadTimeout")

    terminal.says = lose_the_answer
    in_doubt = await ring_up(counter, request)
    await time_passes(observer)
    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
    healed = await ring_up(counter, request)

    assert in_doubt.answer.payment_status == "unknown"
    assert (healed.answer.response_status, healed.replayed) == (201, True)
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_no_number_of_doubts_becomes_a_no(pool, counter, terminal, floor, observer) -> None:
    terminal.says = InDoubt(reason="ReadTimeout")
    await ring_up(counter, floor.sale())

    for _ in range(12):
        await time_passes(observer)
        await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert await ask(observer, "select payment_status from ringup.orders") == "unknown"
    assert await floor.stock(observer) == (100, 1)
    waits = await ask(observer, "select next_check_at - now() from ringup.payment_transactions")
    assert waits.total_seconds() > 80_000


async def test_what_was_set_aside_is_taken_after_the_sale(pool, counter, terminal, floor, observer) -> None:
    terminal.auth_capture = True
    rung = await ring_up(counter, floor.sale())
    assert rung.answer.response_body["tenders"][0]["capture_status"] == "pending"

    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert terminal.captured == terminal.moved
    assert await ask(observer, "select capture_status from ringup.payment_transactions") == "captured"


async def test_an_order_whose_money_is_there_rolls_forward(pool, terminal, floor, observer) -> None:
    prepared = await floor.prepare(observer)
    await floor.begin(observer, prepared["payment_id"])
    await floor.record(observer, prepared["payment_id"], "approved")
    await time_passes(observer)

    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert await ask(observer, "select status from ringup.orders") == "completed"
    assert await broken_invariants(observer) == {}


async def test_recovery_never_charges_and_gives_back_what_nobody_paid_for(pool, terminal, floor, observer) -> None:
    await floor.prepare(observer)
    await time_passes(observer)
    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
    waiting = await ask(observer, "select status from ringup.orders")
    await observer.execute("update ringup.orders set hold_until = now()")
    await time_passes(observer)

    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert (waiting, terminal.asked) == ("pending_payment", [])
    assert await ask(observer, "select status from ringup.orders") == "cancelled"
    assert await floor.stock(observer) == (100, 0)
    assert await broken_invariants(observer) == {}


async def test_one_failure_leaves_the_others_alone(pool, counter, terminal, floor, observer) -> None:
    terminal.auth_capture = True
    await ring_up(counter, floor.sale())
    await ring_up(counter, floor.sale())
    broken = await ask(observer, "select reference_id from ringup.payment_transactions limit 1")

    class OneBreaks(ScriptedTerminal):
        async def capture(self, attempt):
            if attempt.reference_id == broken:
                raise ValueError("a bug in the adapter")
            return await super().capture(attempt)

    swept = await sweep(Recovery(pool, OneTerminal(OneBreaks())), floor.vendor)

    assert [type(failure) for failure in swept.failures] == [ValueError]
    captured = await rows(observer, "select capture_status from ringup.payment_transactions order by 1")
    assert [row["capture_status"] for row in captured] == ["captured", "pending"]


async def test_a_second_card_declined_sends_the_first_one_back(pool, counter, terminal, floor, observer) -> None:
    second = uuid.uuid4()
    await floor.add_terminal(observer, second, "Second")
    two_cards = (Tender("card", 400, floor.terminal), Tender("card", 600, second))
    accept = ScriptedTerminal()._outcome
    terminal.says = lambda attempt: Declined("no") if attempt.amount.amount_minor == 600 else accept(attempt)

    rung = await ring_up(counter, floor.sale(tenders=two_cards))
    await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)

    assert rung.answer.response_status == 402
    assert terminal.voided == terminal.moved
    assert await ask(observer, "select payment_status from ringup.orders") == "voided"
    assert await broken_invariants(observer) == {}
