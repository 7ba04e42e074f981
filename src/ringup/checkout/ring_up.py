"""Ring up one cart, exactly once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.checkout.exchange import pay_difference_back
from ringup.checkout.take_payment import take_payment
from ringup.db.calls import checkout as calls
from ringup.domain.cart import AddedTenders, Cart, SaleRequest
from ringup.domain.errors import CheckoutInProgress
from ringup.telemetry import points_update


@dataclass(frozen=True, slots=True)
class RungUp:
    """How a sale stands when its verb returns.

    `answer` holds the stored response if the sale ended, else the checkout as it is:
    in doubt, paid in part, or begun for somebody who did not want to wait. `replayed` says that an
    earlier request with the same key made it.
    """

    checkout_id: UUID
    answer: calls.Answer
    replayed: bool


async def ring_up(counter: Counter, request: SaleRequest) -> RungUp:
    """Sell a cart: set aside, take the money, hand over; or nothing at all.

    Safe to repeat with the same key: it answers as the first time, takes over where a
    process died, and raises CheckoutInProgress while another call is at work. Raises
    what `prepare_checkout` refuses, before anybody is charged.
    """
    prepared = await begin(counter, request)
    return await finish(counter, request.vendor_id, prepared)


async def begin(counter: Counter, request: SaleRequest) -> calls.Prepared:
    """The first step alone. Whoever gets `yours` must go on with `finish`."""
    async with counter.door.passed(counter.patience.door):
        return await calls.prepare_checkout(
            counter.db,
            request,
            hold_seconds=counter.patience.hold,
            lease_seconds=counter.patience.step,
        )


async def add_tenders(counter: Counter, added: AddedTenders) -> calls.Prepared:
    """The first step of paying what a kept part left to pay. Whoever gets `yours` must go on with `finish`."""
    return await calls.add_tenders(
        counter.db,
        added,
        hold_seconds=counter.patience.hold,
        lease_seconds=counter.patience.step,
    )


async def finish(counter: Counter, vendor_id: UUID, prepared: calls.Prepared) -> RungUp:
    """All steps after the first."""
    checkout_id = prepared.checkout_id
    step: calls.Step = prepared
    if prepared.yours:
        with counter.driven.driving(vendor_id, checkout_id):
            step = await drive(counter, vendor_id, checkout_id, prepared)
    if isinstance(step, calls.Completed) and step.response_status is not None:
        answer = step.answer
    else:
        answer = await calls.read_answer(counter.db, vendor_id, checkout_id)
    ended_or_in_doubt = answer.response_status is not None or answer.payment_status == "unknown"
    if not prepared.yours and not ended_or_in_doubt:
        raise CheckoutInProgress(
            "this sale is still under way", {"checkout_id": str(checkout_id), "state": answer.status}
        )
    return RungUp(checkout_id, answer, replayed=not prepared.made and answer.response_status is not None)


async def drive(counter: Counter, vendor_id: UUID, checkout_id: UUID, step: calls.Step) -> calls.Step:
    """Do what the database says comes next, until it is nobody's turn, the client's or recovery's.

    Every step is committed before the next begins, and the sequence may be entered at
    any point: whoever finds the order after a crash goes on from there.
    """
    while True:
        match step.step:
            case "charge":
                step = await take_payment(counter, vendor_id, checkout_id, step)
            case "pay_back":
                step = await pay_difference_back(counter, vendor_id, checkout_id, step)
            case "complete":
                with points_update("complete_checkout") as report:
                    step = completed = await calls.complete_checkout(counter.db, vendor_id, checkout_id)
                    report(completed.points_update)
            case "cancel":
                step = await calls.cancel_checkout(
                    counter.db,
                    vendor_id,
                    checkout_id,
                    event="cancelled",
                    code="checkout_cancelled",
                    reason="the checkout was cancelled",
                )
            case _:
                return step


async def preflight(counter: Counter, vendor_id: UUID, cart: Cart) -> dict[str, Any]:
    """Say whether a cart would go through, and what it would come to. Changes nothing."""
    return await calls.preflight_checkout(counter.db, vendor_id, cart)
