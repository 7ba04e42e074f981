"""Take one card payment for one checkout."""

import asyncio
import time
from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.db.calls import checkout as calls
from ringup.db.calls.recovery import record_batch
from ringup.db.reads.places import find_batch_number
from ringup.domain.errors import DatabaseUnavailable, TerminalBusy
from ringup.domain.outcome import NotSent, Outcome

PAUSE_SECONDS = 0.25
"""Between two looks at a terminal that another process keeps busy."""
AWAY_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts also while the machine sleeps, where the system has such a clock."""
RECORD_TRIES = 6
"""How often to try to commit an answer before recovery has to find it out; the pauses double from half a second."""


async def take_payment(counter: Counter, vendor_id: UUID, checkout_id: UUID, step: calls.Step) -> calls.Step:
    """Charge the terminal at most once, and return what comes next.

    Three steps, and the network is only in the middle one: commit that we are about to
    charge; charge, with no transaction open; commit what we learned, even if that is "we
    do not know". Dying between any two leaves a payment that is due for a look-up. A
    terminal that stays busy refuses the sale; nobody was charged.
    """
    assert step.payment_id is not None and step.processor_id is not None, "a charge names its terminal"
    deadline = _clock() + counter.patience.terminal_wait
    try:
        async with counter.lanes.turn(step.processor_id, counter.patience.terminal_wait):
            await _learn_batch(counter, vendor_id, step.processor_id)
            return await _charge_when_idle(counter, vendor_id, step.payment_id, step.processor_id, deadline)
    except TerminalBusy as busy:
        return await calls.cancel_checkout(
            counter.db,
            vendor_id,
            checkout_id,
            event="payment_refused",
            code=busy.code,
            reason=str(busy),
        )


async def _learn_batch(counter: Counter, vendor_id: UUID, processor_id: UUID) -> None:
    """Before the first charge of a new terminal, find out which batch it has open, and commit it.

    Otherwise nobody could prove that a charge whose answer is lost was never made. A
    terminal that does not tell charges nevertheless: should that happen, a person has to look.
    """
    if processor_id in counter.batches_known:
        return
    terminal = await counter.terminals.get(vendor_id, processor_id)
    if terminal.capabilities.batches and await find_batch_number(counter.db, vendor_id, processor_id) is None:
        number = await terminal.open_batch()
        if number is None:
            return
        await record_batch(counter.db, vendor_id, processor_id, number=number)
    counter.batches_known.add(processor_id)


async def _charge_when_idle(
    counter: Counter, vendor_id: UUID, payment_id: UUID, processor_id: UUID, deadline: float
) -> calls.Step:
    terminal = await counter.terminals.get(vendor_id, processor_id)
    # The lease is renewed while we wait; what is set aside must outlast the terminal even if nobody renews anything.
    hold = counter.patience.hold + int(terminal.capabilities.charge_seconds_max)
    while True:
        asked = time.clock_gettime(AWAY_CLOCK)
        try:
            begun = await calls.begin_payment(
                counter.db, vendor_id, payment_id, lease_seconds=counter.patience.step, hold_seconds=hold
            )
        except TerminalBusy:
            await _pause(PAUSE_SECONDS, deadline)
            continue
        if not begun.yours:
            return begun
        if time.clock_gettime(AWAY_CLOCK) - asked > counter.patience.step:
            # This process was away for so long that others may have settled the payment: it may not send any more.
            return await record_patiently(counter, vendor_id, payment_id, NotSent("the request was not sent in time"))
        outcome = await terminal.charge(begun.attempt)
        step = await record_patiently(counter, vendor_id, payment_id, outcome)
        if not (isinstance(outcome, NotSent) and outcome.busy and step.payment_id == payment_id):
            return step
        await _pause(outcome.retry_after_seconds or PAUSE_SECONDS, deadline)


async def record_patiently(counter: Counter, vendor_id: UUID, payment_id: UUID, outcome: Outcome) -> calls.Step:
    """Commit the answer, patiently: money may have moved, and only we know."""
    for tries in range(RECORD_TRIES):
        try:
            return await calls.record_outcome(counter.db, vendor_id, payment_id, outcome)
        except DatabaseUnavailable:
            await asyncio.sleep(0.5 * 2**tries)
    return await calls.record_outcome(counter.db, vendor_id, payment_id, outcome)


async def _pause(seconds: float, deadline: float) -> None:
    if _clock() + seconds > deadline:
        raise TerminalBusy("the terminal is busy with another payment; nobody was charged")
    await asyncio.sleep(seconds)


def _clock() -> float:
    return asyncio.get_running_loop().time()
