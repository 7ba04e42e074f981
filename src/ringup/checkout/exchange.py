"""Exchange what was sold for something else: both halves happen, or neither."""

from dataclasses import replace
from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.checkout.give_back import pay_back
from ringup.db.calls.checkout import Prepared, Step, cancel_checkout
from ringup.db.calls.exchanges import prepare_exchange
from ringup.domain.errors import PaymentNotCaptured, TerminalBusy, TerminalOffline
from ringup.domain.exchange import ExchangeRequest


async def begin_exchange(counter: Counter, request: ExchangeRequest) -> Prepared:
    """The first step alone: both halves are set aside. Whoever gets `yours` must go on with `ring_up.finish`."""
    async with counter.door.passed(counter.patience.door):
        return await prepare_exchange(
            counter.db, request, hold_seconds=counter.patience.hold, lease_seconds=counter.patience.step
        )


async def pay_difference_back(counter: Counter, vendor_id: UUID, checkout_id: UUID, step: Step) -> Step:
    """Ask a terminal to pay back what is over, and return what comes next for the new sale.

    A terminal that refuses, or cannot be asked, ends the exchange: both halves are undone. Where
    another card has its money back already the exchange stays open, for a person to say how the
    rest goes back. In doubt it stays open for recovery.
    """
    try:
        went = await pay_back(counter, vendor_id, step)
    except TerminalBusy as busy:
        return await _give_up(counter, vendor_id, checkout_id, busy.code, str(busy))
    except (TerminalOffline, PaymentNotCaptured) as away:
        return await _give_up(counter, vendor_id, checkout_id, "payment_not_sent", str(away))
    match went.step:
        case "refund":
            return replace(went, step="pay_back")
        case "finish":
            return replace(went, step="complete")
        case "other_tender":
            return await _give_up(counter, vendor_id, checkout_id, "card_declined", "the card was not paid back")
        case _:
            return replace(went, step="look_up")


async def _give_up(counter: Counter, vendor_id: UUID, checkout_id: UUID, code: str, reason: str) -> Step:
    step = await cancel_checkout(counter.db, vendor_id, checkout_id, event="payment_refused", code=code, reason=reason)
    # It goes on where money is back: then it is a person's turn.
    return replace(step, step="other_tender") if step.step == "pay_back" else step
