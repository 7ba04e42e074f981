"""Find out what became of payments, and finish what their orders began. Never charges."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from ringup.db.calls import checkout as calls
from ringup.db.calls import recovery as claims
from ringup.db.calls import tips
from ringup.db.pool import Pool
from ringup.domain.errors import TerminalBusy
from ringup.domain.outcome import NotSent, Outcome
from ringup.telemetry import points_update
from ringup.terminals.lanes import Lanes
from ringup.terminals.protocol import Terminal

TURN_SECONDS = 2.0
"""How long a void or a capture stands in line: sales go first, and it is asked again soon."""
AGAIN_SECONDS = 5.0
ASKING_SECONDS = 150
"""Longer than any one question to a terminal takes."""


class Terminals(Protocol):
    """Finds the adapter of a configured terminal."""

    async def get(self, vendor_id: UUID, processor_id: UUID) -> Terminal: ...


@dataclass(frozen=True, slots=True)
class Recovery:
    """What recovery works with. `lanes` are those of the process's own sales, where it has any.

    `asking_seconds` is how long a claim on a payment lasts.
    """

    db: Pool
    terminals: Terminals
    lanes: Lanes = field(default_factory=Lanes)
    asking_seconds: int = ASKING_SECONDS


async def settle_payment(recovery: Recovery, vendor_id: UUID, due: claims.DuePayment) -> None:
    """Ask the terminal about one claimed payment and commit what it says. Safe to repeat, and to die in."""
    if due.step == "done":
        return
    db = recovery.db
    payment = await calls.read_payment(db, vendor_id, due.payment_id)
    terminal = await recovery.terminals.get(vendor_id, payment.processor_id)
    match due.step:
        case "look_up":
            outcome = await terminal.look_up(payment.attempt)
            step = await calls.record_outcome(db, vendor_id, due.payment_id, outcome)
            await finish_order(db, vendor_id, due.order_id, step.step)
            await _finish_exchange(db, vendor_id, payment, step.step)
        case "void":
            outcome = await _in_turn(recovery, payment.processor_id, lambda: terminal.void(payment.attempt))
            await claims.record_void(db, vendor_id, due.payment_id, outcome)
        case "undo":
            # A refund that voids the charge. Asking again is safe, so asking again is how it is found out.
            outcome = await _in_turn(recovery, payment.processor_id, lambda: terminal.void(payment.attempt))
            step = await calls.record_outcome(db, vendor_id, due.payment_id, outcome)
            await _finish_exchange(db, vendor_id, payment, step.step)
        case "tip":
            await _settle_tip(recovery, vendor_id, due.payment_id, payment, terminal)
        case "capture":
            outcome = await _in_turn(recovery, payment.processor_id, lambda: terminal.capture(payment.attempt))
            await claims.record_capture(db, vendor_id, due.payment_id, outcome)


async def _settle_tip(
    recovery: Recovery, vendor_id: UUID, payment_id: UUID, payment: calls.Payment, terminal: Terminal
) -> None:
    change = await tips.read_tip(recovery.db, vendor_id, payment_id)
    if change is not None:
        sent = replace(payment.attempt, seconds_since_sent=change.seconds_since_sent)
        outcome = await terminal.look_up_tip(sent, change.tip_minor)
        await tips.record_tip(recovery.db, vendor_id, change.tip_id, outcome)


async def _finish_exchange(db: Pool, vendor_id: UUID, payment: calls.Payment, step: str) -> None:
    """All of the money is back: the new sale that it was for need not wait until somebody looks at it."""
    if step == "finish" and payment.exchange_order_id is not None:
        await finish_order(db, vendor_id, payment.exchange_order_id, "complete")


async def settle_order(recovery: Recovery, vendor_id: UUID, order_id: UUID) -> None:
    """Find out what became of one order's money now, because somebody wants something of the order."""
    for due in await claims.claim_order_payments(
        recovery.db, vendor_id, order_id, lease_seconds=recovery.asking_seconds
    ):
        await settle_payment(recovery, vendor_id, due)


async def _in_turn(recovery: Recovery, processor_id: UUID, ask: Callable[[], Awaitable[Outcome]]) -> Outcome:
    try:
        async with recovery.lanes.turn(processor_id, TURN_SECONDS):
            return await ask()
    except TerminalBusy as busy:
        return NotSent(str(busy), busy=True, retry_after_seconds=AGAIN_SECONDS)


async def finish_order(db: Pool, vendor_id: UUID, order_id: UUID, step: str) -> None:
    """Roll an order forward if its money is there, or end it if somebody wanted that or nobody paid."""
    if step == "complete":
        with points_update("complete_checkout") as report:
            report((await calls.complete_checkout(db, vendor_id, order_id)).points_update)
    elif step == "cancel":
        await calls.cancel_checkout(
            db,
            vendor_id,
            order_id,
            event="cancelled",
            code="checkout_cancelled",
            reason="the checkout was cancelled",
        )
    elif step == "expire":
        await calls.cancel_checkout(
            db,
            vendor_id,
            order_id,
            event="cancelled",
            code="checkout_expired",
            reason="nobody paid before the goods that were set aside went back",
        )
