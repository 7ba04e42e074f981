"""Give a checkout up."""

from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.db.calls import checkout as calls


async def cancel(counter: Counter, vendor_id: UUID, checkout_id: UUID) -> calls.Answer:
    """End a checkout without a sale, and return how it stands.

    While a terminal is being asked, the wish is committed first and the terminal is
    then asked to stop; if the payment is approved all the same, it goes back. What was
    approved is voided by recovery until the processor confirms. Safe to repeat. Raises
    NotCancellable for a completed sale.
    """
    step = await calls.cancel_checkout(
        counter.db,
        vendor_id,
        checkout_id,
        event="cancelled",
        code="checkout_cancelled",
        reason="the checkout was cancelled at the register",
    )
    if step.step == "look_up" and step.payment_id and step.processor_id:
        terminal = await counter.terminals.get(vendor_id, step.processor_id)
        payment = await calls.read_payment(counter.db, vendor_id, step.payment_id)
        await terminal.abort(payment.attempt)
    return await calls.read_answer(counter.db, vendor_id, checkout_id)
