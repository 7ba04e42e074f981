"""What the waiter sees and what the terminal is asked, when a card pays a tip after the sale."""

import hashlib
import uuid
from dataclasses import replace

import pytest

from ringup.checkout.change_tip import change_tip
from ringup.checkout.ring_up import ring_up
from ringup.domain.errors import CheckoutInProgress, TerminalBusy, TerminalOffline, TipRefused
from ringup.domain.outcome import Declined, InDoubt, NotSent
from ringup.domain.tip import TipRequest
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, PowerCut
from shop_floor import broken_invariants


@pytest.fixture
async def asked(counter, terminal, floor) -> TipRequest:
    """A tip of 2.50 on a sale of 10.00 whose money is only set aside."""
    terminal.auth_capture = True
    order = (await ring_up(counter, floor.sale())).checkout_id
    key = f"tip-{uuid.uuid4()}"
    return TipRequest(floor.vendor, order, key, hashlib.sha256(key.encode()).digest(), 250, "Ada")


async def total(observer, floor, asked) -> int:
    return (await floor.order(observer, asked.checkout_id))["total_minor"]


async def recover(pool, terminal, floor, observer) -> None:
    for _ in range(2):
        await observer.execute(
            "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
        )
        assert (await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)).failures == ()


async def test_the_card_pays_the_tip_and_then_both_are_captured(
    counter, terminal, floor, observer, pool, asked
) -> None:
    changed = await change_tip(counter, asked)
    again = await change_tip(counter, asked)

    assert (changed.status, changed.replayed) == ("approved", False)
    assert (again.status, again.replayed, terminal.tips) == ("approved", True, [250])
    await recover(pool, terminal, floor, observer)
    assert terminal.captured == terminal.asked
    assert await total(observer, floor, asked) == 1250
    assert await broken_invariants(observer) == {}


async def test_what_the_processor_refuses_leaves_the_sale_as_it_was(counter, terminal, floor, observer, asked) -> None:
    terminal.says_tip = Declined("not allowed")

    for _ in range(2):
        with pytest.raises(TipRefused):
            await change_tip(counter, asked)

    assert terminal.tips == [250]
    assert await total(observer, floor, asked) == 1000


async def test_a_terminal_that_takes_no_tip_is_not_asked(counter, terminal, floor, observer, asked) -> None:
    terminal.tip_adjust = False

    with pytest.raises(TipRefused):
        await change_tip(counter, asked)

    assert terminal.tips == []


@pytest.mark.parametrize(
    ("says", "refusal"), [(NotSent("in use", busy=True), TerminalBusy), (NotSent("ConnectError"), TerminalOffline)]
)
async def test_what_did_not_reach_the_terminal_is_asked_again(
    counter, terminal, floor, observer, asked, says, refusal
) -> None:
    terminal.says_tip = says
    with pytest.raises(refusal):
        await change_tip(counter, asked)
    terminal.says_tip = None

    assert (await change_tip(counter, asked)).status == "approved"
    assert await total(observer, floor, asked) == 1250


async def test_in_doubt_it_is_looked_up_and_never_asked_again(counter, terminal, floor, observer, pool, asked) -> None:
    terminal.says_tip = InDoubt("ReadTimeout")

    assert (await change_tip(counter, asked)).status == "unknown"
    assert (await change_tip(counter, asked)).status == "unknown"
    assert terminal.captured == []
    await recover(pool, terminal, floor, observer)

    assert (await change_tip(counter, asked)).status == "approved"
    assert terminal.tips == [250]
    assert terminal.captured == terminal.asked
    assert await total(observer, floor, asked) == 1250
    assert await broken_invariants(observer) == {}


async def test_a_power_cut_is_found_out(counter, terminal, floor, observer, pool, asked) -> None:
    terminal.power_fails = "after the tip was asked for"
    with pytest.raises(PowerCut):
        await change_tip(counter, asked)
    with pytest.raises(CheckoutInProgress):
        await change_tip(counter, asked)

    await recover(pool, terminal, floor, observer)

    assert await total(observer, floor, asked) == 1250
    assert await broken_invariants(observer) == {}


async def test_who_was_away_for_too_long_does_not_send(counter, terminal, floor, observer, asked) -> None:
    impatient = replace(counter, patience=replace(counter.patience, step=0))

    with pytest.raises(TerminalOffline):
        await change_tip(impatient, asked)

    assert terminal.tips == []
