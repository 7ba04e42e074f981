"""Give back what was sold: the goods, the money and the points, each once."""

import asyncio
from dataclasses import replace
from uuid import UUID

from ringup.checkout.counter import Counter
from ringup.checkout.take_payment import PAUSE_SECONDS, record_patiently
from ringup.db.calls import refunds as calls
from ringup.db.calls.checkout import Step, read_payment
from ringup.db.calls.recovery import record_batch, record_capture
from ringup.domain.errors import PaymentNotCaptured, RefundEnded, RingupError, TerminalBusy, TerminalOffline
from ringup.domain.outcome import Approved, InDoubt, NotSent, PartiallyApproved
from ringup.domain.refund import RefundRequest
from ringup.terminals.protocol import Terminal


async def give_back(counter: Counter, request: RefundRequest) -> calls.PreparedRefund:
    """Refund a sale, or a part of it, and say where it stands.

    Safe to repeat with the same key: it answers with the refund that the key made, and goes on
    where a process died. Cash, points and goods follow when every card has its money back.
    """
    prepared = await calls.prepare_refund(counter.db, request, lease_seconds=counter.patience.step)
    if prepared.yours:
        await drive_refund(counter, request.vendor_id, prepared.refund_id, prepared)
    return prepared


async def drive_refund(counter: Counter, vendor_id: UUID, refund_id: UUID, step: Step) -> None:
    """Do what the database says comes next, until it is a person's turn or recovery's.

    A terminal is asked to pay back here and nowhere else: a return needs the customer's card, and
    recovery, which nobody stands beside, must not ask for one.
    """
    try:
        step = await _go_on(counter, vendor_id, refund_id, step)
    except RingupError as failure:
        failure.facts = {"refund_id": str(refund_id), **failure.facts}
        await calls.leave_refund(counter.db, vendor_id, refund_id)
        raise
    if step.status == "open":
        await calls.leave_refund(counter.db, vendor_id, refund_id)


async def _go_on(counter: Counter, vendor_id: UUID, refund_id: UUID, step: Step) -> Step:
    while step.step in ("refund", "finish"):
        if step.step == "refund":
            step = await pay_back(counter, vendor_id, step)
            continue
        step = await calls.complete_refund(counter.db, vendor_id, refund_id)
        if step.step == "finish":
            raise RefundEnded("the money is back, and the rest of the refund cannot follow")
    return step


async def pay_back(counter: Counter, vendor_id: UUID, step: Step) -> Step:
    """Ask the terminal at most once, and return what comes next."""
    assert step.payment_id is not None and step.processor_id is not None, "a card refund names its terminal"
    terminal = await counter.terminals.get(vendor_id, step.processor_id)
    deadline = _clock() + counter.patience.terminal_wait
    async with counter.lanes.turn(step.processor_id, counter.patience.terminal_wait):
        way = await _choose_way(counter, vendor_id, step.payment_id, terminal)
        return await _ask_when_idle(counter, vendor_id, step.payment_id, terminal, way=way, deadline=deadline)


async def _ask_when_idle(
    counter: Counter, vendor_id: UUID, payment_id: UUID, terminal: Terminal, *, way: str, deadline: float
) -> Step:
    while True:
        try:
            return await _ask(counter, vendor_id, payment_id, terminal, way)
        except TerminalBusy as busy:
            pause = float(busy.facts.get("retry_after_seconds") or PAUSE_SECONDS)
            if _clock() + pause > deadline:
                raise TerminalBusy("the terminal is busy with another payment; nothing was paid back") from busy
            await asyncio.sleep(pause)


async def _ask(counter: Counter, vendor_id: UUID, payment_id: UUID, terminal: Terminal, way: str) -> Step:
    begun = await calls.begin_refund(counter.db, vendor_id, payment_id, way=way, lease_seconds=counter.patience.step)
    if not begun.yours:
        return begun
    payment = await read_payment(counter.db, vendor_id, payment_id)
    if way == "return" and payment.seconds_since_sent > counter.patience.step:
        # This process was away for so long that others may have settled the refund: it may not send any more.
        return await record_patiently(counter, vendor_id, payment_id, NotSent("the request was not sent in time"))
    outcome = await (terminal.void(payment.attempt) if way == "void" else terminal.refund(payment.attempt))
    step = await record_patiently(counter, vendor_id, payment_id, outcome)
    if isinstance(outcome, NotSent) and step.step == "refund" and step.payment_id == payment_id:
        if not outcome.busy:
            raise TerminalOffline(f"the terminal was not reached ({outcome.reason}); nothing was paid back")
        raise TerminalBusy(outcome.reason, {"retry_after_seconds": outcome.retry_after_seconds})
    return step


async def _choose_way(counter: Counter, vendor_id: UUID, payment_id: UUID, terminal: Terminal) -> str:
    """A void while the processor still has the charge open, else a return: the processor is asked which.

    A terminal that cannot say is asked for nothing: a return of a charge that could still be voided costs the shop
    a fee, and the customer another look at the card.
    """
    choice = await calls.read_refund_choice(counter.db, vendor_id, payment_id)
    charge = await read_payment(counter.db, vendor_id, choice.charge_id)
    if choice.capture_status == "pending":
        taken = await terminal.capture(charge.attempt)
        if await record_capture(counter.db, vendor_id, choice.charge_id, taken) != "captured":
            raise PaymentNotCaptured("the charge could not be captured just now; nothing was paid back")
    if not choice.may_void:
        return await _by_return(counter, vendor_id, charge.processor_id, terminal)
    # It was approved, so it is not under way any more, however short a time ago it was.
    over = terminal.capabilities.charge_seconds_max + 1
    match await terminal.look_up(replace(charge.attempt, seconds_since_sent=over)):
        case Approved() | PartiallyApproved():
            return "void"
        case InDoubt(unanswerable=True):
            return await _by_return(counter, vendor_id, charge.processor_id, terminal)
        case unknown:
            raise TerminalOffline(f"the terminal does not say whether the charge is settled ({unknown.reason})")


async def _by_return(counter: Counter, vendor_id: UUID, processor_id: UUID, terminal: Terminal) -> str:
    """Learn first which batch is open now: that of the charge may be closed, and the batch proves a lost answer."""
    if terminal.capabilities.batches and (number := await terminal.open_batch()) is not None:
        await record_batch(counter.db, vendor_id, processor_id, number=number)
    return "return"


def _clock() -> float:
    return asyncio.get_running_loop().time()
