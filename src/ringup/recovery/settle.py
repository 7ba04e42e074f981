"""Find out what became of payments, and finish what their orders began. Never charges."""

from typing import Protocol
from uuid import UUID

from ringup.db.calls import checkout as calls
from ringup.db.calls import recovery as claims
from ringup.db.pool import Pool
from ringup.terminals.protocol import Terminal


class Terminals(Protocol):
    """Finds the adapter of a configured terminal."""

    async def get(self, vendor_id: UUID, processor_id: UUID) -> Terminal: ...


async def settle_payment(db: Pool, terminals: Terminals, vendor_id: UUID, due: claims.DuePayment) -> None:
    """Ask the terminal about one claimed payment and commit what it says. Safe to repeat, and to die in."""
    if due.step == "done":
        return
    payment = await calls.read_payment(db, vendor_id, due.payment_id)
    terminal = await terminals.get(vendor_id, payment.processor_id)
    match due.step:
        case "look_up":
            outcome = await terminal.look_up(payment.attempt)
            step = await calls.record_outcome(db, vendor_id, due.payment_id, outcome)
            await finish_order(db, vendor_id, due.order_id, step.step)
        case "void":
            await claims.record_void(db, vendor_id, due.payment_id, await terminal.void(payment.attempt))
        case "capture":
            await claims.record_capture(db, vendor_id, due.payment_id, await terminal.capture(payment.attempt))


async def finish_order(db: Pool, vendor_id: UUID, order_id: UUID, step: str) -> None:
    """Roll an order forward if its money is there, or end it if somebody wanted that or nobody paid."""
    if step == "complete":
        await calls.complete_checkout(db, vendor_id, order_id)
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
