"""What the clerk sees and what the terminal is asked, when a card gets its money back."""

import hashlib
import uuid
from dataclasses import replace

import pytest

from refund_floor import drawer
from ringup.checkout.counter import Counter
from ringup.checkout.give_back import give_back
from ringup.checkout.ring_up import ring_up
from ringup.db.calls.refunds import read_refund
from ringup.domain.errors import RefundTooLarge, ReturnTooLarge, TerminalOffline
from ringup.domain.outcome import Declined, InDoubt, NotSent
from ringup.domain.refund import RefundLine, RefundRequest
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, PowerCut, ScriptedTerminal
from shop_floor import Connection, ShopFloor, broken_invariants

SETTLED = InDoubt("not found, and the batch has changed", unanswerable=True)


async def sold(counter: Counter, floor: ShopFloor, **changes) -> uuid.UUID:
    return (await ring_up(counter, floor.sale(**changes))).checkout_id


def asked(floor: ShopFloor, order: uuid.UUID, **changes) -> RefundRequest:
    key = f"refund-{uuid.uuid4()}"
    request = RefundRequest(
        floor.vendor, key, hashlib.sha256(key.encode()).digest(), order, floor.register, "broken", "Ada"
    )
    return replace(request, **changes)


async def time_passes(observer: Connection) -> None:
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
    )
    await observer.execute("update ringup.refunds set lease_until = now() - interval '1 second' where status = 'open'")


async def recover(pool, terminal, floor, observer) -> None:
    for _ in range(2):
        await time_passes(observer)
        swept = await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
        assert swept.failures == ()


async def status_of(counter: Counter, floor: ShopFloor, refund_id: uuid.UUID) -> tuple[str, str]:
    told = await read_refund(counter.db, floor.vendor, refund_id)
    return told["status"], told["next_step"]


async def test_before_settlement_the_charge_is_voided(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor)

    made = await give_back(counter, asked(floor, order))

    assert await status_of(counter, floor, made.refund_id) == ("completed", "done")
    assert (terminal.voided, terminal.refund_asked) == (terminal.asked, [])
    assert (await floor.order(observer, order))["status"] == "refunded"
    assert await broken_invariants(observer) == {}


async def test_after_settlement_it_is_a_return_with_a_reference_of_its_own(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor)
    terminal.looks_up = SETTLED

    made = await give_back(counter, asked(floor, order))

    assert await status_of(counter, floor, made.refund_id) == ("completed", "done")
    assert terminal.voided == []
    assert len(terminal.refund_asked) == 1
    assert terminal.refund_asked != terminal.asked
    assert await broken_invariants(observer) == {}


async def test_a_part_is_a_return_whatever_the_batch(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor, lines=floor.sale(quantity=2).cart.lines)

    await give_back(counter, asked(floor, order, lines=(RefundLine(1, 1),)))
    await give_back(counter, asked(floor, order))

    assert terminal.voided == []
    assert len(terminal.refund_asked) == 2
    assert await drawer(observer, floor) == (0, 0, 2, 2000)
    assert await broken_invariants(observer) == {}


async def test_a_void_refused_as_settled_goes_on_as_a_return(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor)
    terminal.says_void = Declined("settled already")

    made = await give_back(counter, asked(floor, order))

    assert await status_of(counter, floor, made.refund_id) == ("completed", "done")
    assert (len(terminal.voided), len(terminal.refund_asked)) == (1, 1)
    assert await broken_invariants(observer) == {}


async def test_a_terminal_that_cannot_say_is_asked_for_nothing(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor)
    terminal.looks_up = InDoubt("ReadTimeout")
    request = asked(floor, order)

    with pytest.raises(TerminalOffline) as refused:
        await give_back(counter, request)
    terminal.looks_up = None
    again = await give_back(counter, request)

    assert refused.value.facts["refund_id"] == str(again.refund_id)
    assert await status_of(counter, floor, again.refund_id) == ("completed", "done")
    assert len(terminal.voided) == 1


async def test_what_was_only_set_aside_is_taken_before_it_is_given_back(counter, terminal, floor, observer) -> None:
    terminal.auth_capture = True
    order = await sold(counter, floor)

    await give_back(counter, asked(floor, order))

    assert terminal.captured == terminal.asked
    assert (await floor.order(observer, order))["status"] == "refunded"
    assert await broken_invariants(observer) == {}


@pytest.mark.parametrize("answer", [Declined("no"), NotSent("no paper")], ids=["declined", "not sent"])
async def test_a_refused_return_leaves_the_refund_open(counter, terminal, floor, observer, answer) -> None:
    order = await sold(counter, floor)
    terminal.looks_up, terminal.says_refund = SETTLED, answer

    made = await give_back(counter, asked(floor, order))

    assert await status_of(counter, floor, made.refund_id) == ("open", "other_tender")
    assert (await floor.order(observer, order))["status"] == "completed"
    assert await floor.stock(observer) == (99, 0)
    assert await broken_invariants(observer) == {}


async def test_a_lost_answer_is_looked_up_and_never_asked_again(counter, terminal, floor, observer, pool) -> None:
    order = await sold(counter, floor)
    terminal.looks_up, terminal.says_refund = SETTLED, InDoubt("ReadTimeout")
    request = asked(floor, order)

    made = await give_back(counter, request)
    in_doubt = await status_of(counter, floor, made.refund_id)
    terminal.moved += terminal.refund_asked
    terminal.looks_up = None
    await give_back(counter, request)
    await recover(pool, terminal, floor, observer)

    assert in_doubt == ("open", "look_up")
    assert await status_of(counter, floor, made.refund_id) == ("completed", "done")
    assert len(terminal.refund_asked) == 1
    assert await broken_invariants(observer) == {}


@pytest.mark.parametrize("moment", ["before the card is paid back", "after the card is paid back"])
async def test_a_power_cut_in_a_return_pays_back_at_most_once(
    counter, terminal: ScriptedTerminal, floor, observer, pool, moment
) -> None:
    order = await sold(counter, floor)
    terminal.looks_up, terminal.power_fails = SETTLED, moment
    request = asked(floor, order)
    with pytest.raises(PowerCut):
        await give_back(counter, request)
    terminal.looks_up, terminal.power_fails, terminal.proves_absence = None, None, True

    await recover(pool, terminal, floor, observer)
    await give_back(counter, request)

    assert len(terminal.refund_asked) == 1, "recovery and the repeat look up; neither asks for the card"
    paid = moment.startswith("after")
    assert (await floor.order(observer, order))["status"] == ("refunded" if paid else "completed")
    assert await broken_invariants(observer) == {}


async def test_a_power_cut_in_a_void_is_finished_by_recovery(counter, terminal, floor, observer, pool) -> None:
    order = await sold(counter, floor)
    terminal.power_fails = "after the void"
    with pytest.raises(PowerCut):
        await give_back(counter, asked(floor, order))
    terminal.power_fails = None

    await recover(pool, terminal, floor, observer)

    assert set(terminal.voided) == set(terminal.asked), "a void is about the charge, however often it is asked for"
    assert terminal.refund_asked == []
    assert (await floor.order(observer, order))["status"] == "refunded"
    assert await broken_invariants(observer) == {}


async def test_the_same_key_gives_back_once(counter, terminal, floor, observer) -> None:
    request = asked(floor, await sold(counter, floor))

    first = await give_back(counter, request)
    second = await give_back(counter, request)

    assert (first.refund_id, first.made, second.made) == (second.refund_id, True, False)
    assert len(terminal.voided) == 1


async def test_after_a_refund_nothing_is_left(counter, terminal, floor, observer) -> None:
    order = await sold(counter, floor)
    await give_back(counter, asked(floor, order))

    with pytest.raises((ReturnTooLarge, RefundTooLarge)):
        await give_back(counter, asked(floor, order))

    assert len(terminal.voided) == 1
