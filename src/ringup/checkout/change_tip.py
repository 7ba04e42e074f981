"""Change the tip of a card that paid, while the processor still can."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.checkout.take_payment import RECORD_TRIES
from ringup.db.calls import tips as calls
from ringup.db.calls.checkout import read_payment
from ringup.domain.errors import (
    CheckoutInProgress,
    DatabaseUnavailable,
    TerminalBusy,
    TerminalOffline,
    TipRefused,
)
from ringup.domain.outcome import Declined, NotSent, Outcome
from ringup.domain.tip import TipRequest

TURN_SECONDS = 5.0
"""How long a tip stands in line for a busy terminal: less than its lease, and sales go first."""


@dataclass(frozen=True, slots=True)
class ChangedTip:
    """How a change stands. `status` is approved, or unknown while it is in doubt; `payment_id` is the card's."""

    status: str
    payment_id: UUID
    replayed: bool


async def change_tip(counter: Counter, asked: TipRequest) -> ChangedTip:
    """Ask the terminal at most once, and say where the tip stands.

    Three steps as with a charge: commit that we are about to ask; ask, with no transaction open; commit
    what we learned. Dying in between leaves a tip that recovery looks up, and never asks for again.
    Safe to repeat with the same key: what was certainly not carried out is tried again. Raises TipRefused
    where the processor says no, TerminalBusy and TerminalOffline where nobody was asked, and what `begin_tip` refuses.
    """
    begun = await calls.begin_tip(counter.db, asked, lease_seconds=counter.patience.step)
    if not begun.yours:
        if begun.status == "processing":
            raise CheckoutInProgress("this tip is being asked for just now", {"checkout_id": str(asked.checkout_id)})
        if begun.status == "declined":
            raise TipRefused("the processor did not take this tip; the sale stands as it was")
        return ChangedTip(begun.status, begun.payment_id, replayed=True)
    outcome = await _ask(counter, asked.vendor_id, begun)
    status = await _record_patiently(counter, asked.vendor_id, begun.tip_id, outcome)
    if status == "declined" and isinstance(outcome, Declined):
        raise TipRefused(f"the processor did not take the tip ({outcome.reason}); the sale stands as it was")
    if status == "error" and isinstance(outcome, NotSent):
        if outcome.busy:
            raise TerminalBusy("the terminal is busy with another payment; the tip was not changed")
        raise TerminalOffline(f"the terminal was not reached ({outcome.reason}); the tip was not changed")
    return ChangedTip(status, begun.payment_id, replayed=False)


async def _ask(counter: Counter, vendor_id: UUID, begun: calls.BegunTip) -> Outcome:
    terminal = await counter.terminals.get(vendor_id, begun.processor_id)
    if not terminal.capabilities.tip_adjust:
        return Declined("this terminal takes no tip after the sale")
    try:
        async with counter.lanes.turn(begun.processor_id, TURN_SECONDS):
            payment = await read_payment(counter.db, vendor_id, begun.payment_id)
            change = await calls.read_tip(counter.db, vendor_id, begun.payment_id)
            if change is None or change.tip_id != begun.tip_id or change.seconds_since_sent > counter.patience.step:
                # This process was away for so long that others may have settled the tip: it may not send any more.
                return NotSent("the request was not sent in time")
            return await terminal.adjust_tip(payment.attempt, change.tip_minor)
    except TerminalBusy as busy:
        return NotSent(str(busy), busy=True)


async def _record_patiently(counter: Counter, vendor_id: UUID, tip_id: UUID, outcome: Outcome) -> str:
    """Commit the answer, patiently: money may have moved, and only we know."""
    for tries in range(RECORD_TRIES):
        try:
            return await calls.record_tip(counter.db, vendor_id, tip_id, outcome)
        except DatabaseUnavailable:
            await asyncio.sleep(0.5 * 2**tries)
    return await calls.record_tip(counter.db, vendor_id, tip_id, outcome)
