"""Dejavoo card terminals over the SPIn REST API, version 2.

Built to the published contract; not certified with the processor. The vendor's reference protects
against a second charge only within one batch, so no request whose outcome is unknown is ever sent
again: it is looked up.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import httpx

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.domain.outcome import (
    Approved,
    Declined,
    InDoubt,
    ListedCharge,
    NotSent,
    Outcome,
    PartiallyApproved,
)
from ringup.terminals.protocol import Capabilities, Health
from ringup.terminals.spin_approval import declined_because, read_approved
from ringup.terminals.spin_codes import Kind, Operation, Verdict, verdict
from ringup.terminals.spin_list import list_open_batch, read_open_batch
from ringup.terminals.spin_tips import Stands, standing
from ringup.terminals.spin_wire import Answer, Member, SpinConnection, SpinSettings

__all__ = ["SpinSettings", "SpinTerminal"]

INQUIRY_SECONDS = 30
"""The proxy's timeout for questions, which need no customer."""


class SpinTerminal:
    """One Dejavoo terminal. Keeps the rules of `ringup.terminals.protocol.Terminal`.

    `Attempt.amount` includes the tip. A sale says so a second time in a member of its own; an
    authorisation must not, so there the tip is part of the amount only, and the approval names none.
    `Approval.approved_minor` is the vendor's total, with any fee that the terminal added.
    """

    def __init__(self, client: httpx.AsyncClient, settings: SpinSettings) -> None:
        self._connection = SpinConnection(client, settings)
        self._settings = settings

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            auth_capture=self._settings.mode == "auth_capture",
            status_by_reference=True,
            replay_safe_on_5xx=False,
            key_window_s=None,
            cancel_by_key=True,
            partial_approval=True,
            health_probe=True,
            charge_seconds_max=self._settings.proxy_timeout_seconds + self._settings.aftermath_seconds,
            batches=True,
            tip_adjust=True,
        )

    async def charge(self, attempt: Attempt) -> Outcome:
        """Send a Sale or an Auth, as the mode says. Not safe to repeat except after `NotSent(busy=True)`."""
        if self._settings.mode == "auth_capture":
            return await self._pay(Operation.CHARGE, "Payment/Auth", attempt, {})
        tip = Money(attempt.tip_minor, attempt.amount.currency, attempt.amount.exponent)
        members: dict[str, Member] = {"TipAmount": tip} if attempt.tip_minor else {}
        return await self._pay(Operation.CHARGE, "Payment/Sale", attempt, members)

    async def refund(self, attempt: Attempt) -> Outcome:
        """Send a Return: not linked to any sale, the card is presented again."""
        return await self._pay(Operation.REFUND, "Payment/Return", attempt, {})

    async def look_up(self, attempt: Attempt) -> Outcome:
        """Ask Status for the attempt's reference.

        "Not found" alone proves nothing. It becomes `NotSent` only if all of this holds:

        1. more than `capabilities.charge_seconds_max` has passed since the request was sent;
        2. the proxy says that the terminal is online;
        3. the terminal is not busy: a busy one answers Status with that, not with "not found";
        4. the batch is the one that was open before the attempt, for Status is blind to closed ones.

        For the fourth the terminal is asked for its open batch, whose number must be the attempt's. If it
        is another, or has none, the attempt's may have been closed with the charge in it; if none was
        known when the attempt was sent, any may have been. Then no look-up can ever prove it: the doubt
        is `unanswerable`, and a person finds it in the batch report.
        """
        answer = await self._status(attempt.reference_id)
        if isinstance(answer, Answer) and answer.status.kind is Kind.NOT_FOUND:
            return await self._judge_absence(attempt, answer)
        return self._outcome(Operation.LOOK_UP, attempt, answer)

    async def capture(self, attempt: Attempt) -> Outcome:
        """Take what was set aside, unless Status says that it is taken already. Safe to repeat.

        Status goes first, because a terminal may enter the same capture twice, and whoever calls may
        have lost the answer to an earlier one. The mode is not consulted: it may have been changed
        since the charge, and a sale is found to be taken.
        """
        attempt = _as_approved(attempt)
        return _in_full(attempt, await self._before_capture(attempt) or await self._capture(attempt))

    async def void(self, attempt: Attempt) -> Outcome:
        """Void the charge. Safe to repeat: one that is void already is found to be so by Status."""
        attempt = _as_approved(attempt)
        answer = await self._send("Payment/Void", self._original(attempt), attempt.reference_id)
        outcome = self._outcome(Operation.VOID, attempt, answer)
        if isinstance(outcome, Approved | NotSent):
            return outcome
        status = await self._status(attempt.reference_id)
        after = self._outcome(Operation.LOOK_UP, attempt, status)
        if isinstance(after, Approved | PartiallyApproved) and after.approval.voided:
            return Approved(after.approval)
        if isinstance(status, Answer) and status.status.kind is Kind.NOT_FOUND and await self._is_settled(attempt):
            return InDoubt("the batch was closed, and the void may have come before or not", unanswerable=True)
        return _still(outcome, after)

    async def adjust_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        """Send a TipAdjust, unless Status says that the card pays that tip already. Sent once for one change.

        Status goes first, because it tells the amounts as the processor has them, and whether it still can.
        """
        attempt = _as_approved(replace(attempt, seconds_since_sent=0.0))
        status = await self._status(attempt.reference_id)
        found = self._outcome(Operation.LOOK_UP, attempt, status)
        if not isinstance(status, Answer) or not isinstance(found, Approved | PartiallyApproved):
            return await self._no_tip(attempt, status)
        now = standing(status, attempt, tip_minor)
        if now.stands is Stands.CHANGED:
            return Approved(found.approval)
        if now.tip is None or (self._settings.mode == "auth_capture" and found.approval.captured):
            return Declined("the processor has it void, captured, or with another amount or tip")
        members: dict[str, Member] = {**self._original(attempt), "TipAmount": now.tip}
        if found.approval.card_last4 is not None:
            members["CardLast4"] = found.approval.card_last4
        answer = await self._send("Payment/TipAdjust", members, attempt.reference_id)
        outcome = self._outcome(Operation.TIP, attempt, answer)
        if isinstance(outcome, NotSent):
            return outcome
        after = await self.look_up_tip(attempt, tip_minor)
        if isinstance(after, Approved):
            return after
        shown_as_before = isinstance(after, InDoubt) and after.proof_in_seconds is not None
        return outcome if isinstance(outcome, Declined) and shown_as_before else after

    async def look_up_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        """Ask Status for the charge, and compare its amount with those before and after the change.

        The amount before proves that the tip was not changed only when the request can no longer be under way.
        """
        attempt = _as_approved(attempt)
        status = await self._status(attempt.reference_id)
        if isinstance(status, Answer) and status.status.kind is Kind.NOT_FOUND and await self._is_settled(attempt):
            return InDoubt("the batch was closed, and the tip may have come before or not", unanswerable=True)
        found = self._outcome(Operation.LOOK_UP, attempt, status)
        if not isinstance(status, Answer) or not isinstance(found, Approved | PartiallyApproved):
            return InDoubt("the processor does not show the charge just now")
        match standing(status, attempt, tip_minor).stands:
            case Stands.CHANGED:
                return Approved(found.approval)
            case Stands.VOID:
                return Declined("the charge is void")
            case Stands.OTHERWISE:
                return InDoubt("the processor has another amount")
            case Stands.AS_BEFORE:
                remaining = self.capabilities.charge_seconds_max - attempt.seconds_since_sent
                if remaining >= 0:
                    return InDoubt("as before, but the change may be under way", proof_in_seconds=remaining + 1)
                return NotSent("the charge is as it was")

    async def abort(self, attempt: Attempt) -> None:
        """Ask the terminal to stop. Whatever it answers, only `look_up` says what became of the attempt."""
        await self._connection.post("Payment/AbortTransaction", {"ReferenceId": attempt.reference_id})

    async def list_charges(self, like: Money) -> list[ListedCharge] | None:
        """Read the open batch through StatusList; closed batches are in the batch report."""
        return await list_open_batch(self._connection, self._settings, like, proxy_seconds=self._inquiry_seconds)

    async def open_batch(self) -> str | None:
        """Read the number of the open batch from StatusList."""
        batch = await read_open_batch(self._connection, self._settings, proxy_seconds=self._inquiry_seconds)
        return batch.number if batch else None

    async def check_health(self) -> Health:
        """Ask the proxy whether the terminal is connected. It never says "busy"."""
        return await self._connection.terminal_status()

    async def _pay(self, operation: Operation, path: str, attempt: Attempt, members: Mapping[str, Member]) -> Outcome:
        request: dict[str, Member] = {
            "Amount": attempt.amount,
            **members,
            "PaymentType": self._settings.payment_type,
            "ReferenceId": attempt.reference_id,
        }
        if attempt.invoice_number is not None:
            request["InvoiceNumber"] = attempt.invoice_number
        answer = await self._send(path, request, attempt.reference_id)
        if isinstance(answer, Answer) and answer.status.kind is Kind.CANCELLED:
            return await self._after_cancellation(operation, attempt, answer)
        return self._outcome(operation, attempt, answer)

    async def _after_cancellation(self, operation: Operation, attempt: Attempt, cancelled: Answer) -> Outcome:
        """Make sure, once, that no approval slipped in before the cancelling.

        The terminal has answered, so nothing is under way, and "not found" needs no waiting here.
        """
        answer = await self._status(attempt.reference_id)
        if isinstance(answer, Answer) and answer.status.kind is Kind.NOT_FOUND:
            return Declined(cancelled.status.meaning, cancelled.status.code)
        found = self._outcome(Operation.LOOK_UP, attempt, answer)
        return self._outcome(operation, attempt, cancelled) if isinstance(found, NotSent | InDoubt) else found

    async def _before_capture(self, attempt: Attempt) -> Outcome | None:
        """What stands in the way of a capture, if anything; also that the money is taken already."""
        answer = await self._status(attempt.reference_id)
        if isinstance(answer, NotSent) or (isinstance(answer, Answer) and answer.status.kind is Kind.BUSY):
            return self._outcome(Operation.CAPTURE, attempt, answer)
        found = self._outcome(Operation.LOOK_UP, attempt, answer)
        if not isinstance(found, Approved | PartiallyApproved):
            return found
        if found.approval.voided:
            return Declined("void already")
        return found if found.approval.captured else None

    async def _capture(self, attempt: Attempt) -> Outcome:
        reference = self._capture_reference(attempt)
        members: dict[str, Member] = {**self._original(attempt), "ReferenceId": reference}
        if attempt.auth_code is not None:
            members["AuthCode"] = attempt.auth_code
        answer = await self._send("Payment/Capture", members, reference, attempt.reference_id)
        outcome = self._outcome(Operation.CAPTURE, attempt, answer)
        if isinstance(outcome, NotSent) or _is_taken(outcome):
            return outcome
        after = self._outcome(Operation.LOOK_UP, attempt, await self._status(reference))
        return after if _is_taken(after) else _still(outcome, after)

    async def _judge_absence(self, attempt: Attempt, answer: Answer) -> Outcome:
        """What it means that Status does not find the attempt. The rule is that of `look_up`."""
        code = answer.status.code
        remaining = self.capabilities.charge_seconds_max - attempt.seconds_since_sent
        if remaining >= 0:
            return InDoubt("not found, but it may be under way", code, proof_in_seconds=remaining + 1)
        health = await self.check_health()
        if health.status != "online":
            return InDoubt(f"not found, but the terminal is {health.status}", code)
        if attempt.batch_number is None:
            return InDoubt("not found, but no batch was known when it was sent", code, unanswerable=True)
        batch = await read_open_batch(self._connection, self._settings, proxy_seconds=self._inquiry_seconds)
        if batch is None:
            return InDoubt("not found, but the open batch is not known", code)
        if batch.number != attempt.batch_number:
            return InDoubt("not found, but the batch has changed", code, unanswerable=True)
        return NotSent("not found", code)

    async def _is_settled(self, attempt: Attempt) -> bool:
        """Whether another batch is open than the one that the charge is in."""
        if attempt.batch_number is None:
            return False
        return await self.open_batch() not in (None, attempt.batch_number)

    async def _no_tip(self, attempt: Attempt, status: Answer | NotSent | InDoubt) -> Outcome:
        """Why no tip is asked for where Status does not show the charge. So nothing is in doubt."""
        if isinstance(status, Answer) and status.status.kind is Kind.NOT_FOUND and await self._is_settled(attempt):
            return Declined("its batch is closed")
        if not isinstance(status, Answer):
            return NotSent(status.reason, status.code)
        return NotSent(status.status.meaning, status.status.code, busy=status.status.kind is Kind.BUSY)

    async def _status(self, reference: str) -> Answer | NotSent | InDoubt:
        members: dict[str, Member] = {"PaymentType": self._settings.payment_type, "ReferenceId": reference}
        return await self._send("Payment/Status", members, reference, seconds=self._inquiry_seconds)

    async def _send(
        self, path: str, members: Mapping[str, Member], *references: str, seconds: int | None = None
    ) -> Answer | NotSent | InDoubt:
        """Send one request. An answer that names another reference than these is another sale's."""
        answer = await self._connection.post(
            path, members, proxy_seconds=seconds or self._settings.proxy_timeout_seconds
        )
        if not isinstance(answer, Answer):
            return answer
        named = answer.record.get("referenceid")
        if named and str(named).lower() not in {reference.lower() for reference in references}:
            return InDoubt("answer is about another payment", answer.status.code)
        return answer

    def _outcome(self, operation: Operation, attempt: Attempt, answer: Answer | NotSent | InDoubt) -> Outcome:
        """What one answer, by itself, says of an operation."""
        if isinstance(answer, InDoubt):
            return answer
        if isinstance(answer, NotSent):
            return InDoubt(answer.reason) if operation is Operation.LOOK_UP else answer
        match verdict(answer.status.kind, operation):
            case Verdict.APPROVED:
                return self._approved(operation, attempt, answer)
            case Verdict.DECLINED if answer.status.kind is Kind.DECLINED:
                return Declined(declined_because(answer), answer.status.code)
            case Verdict.DECLINED:
                return Declined(answer.status.meaning, answer.status.code)
            case Verdict.BUSY:
                return NotSent(
                    answer.status.meaning,
                    answer.status.code,
                    busy=True,
                    retry_after_seconds=answer.retry_after_seconds,
                )
            case Verdict.NOT_SENT:
                return NotSent(answer.status.meaning, answer.status.code)
            case Verdict.IN_DOUBT:
                return InDoubt(answer.status.meaning, answer.status.code)

    def _approved(self, operation: Operation, attempt: Attempt, answer: Answer) -> Outcome:
        sets_aside = self._settings.mode == "auth_capture" and operation in (
            Operation.CHARGE,
            Operation.LOOK_UP,
        )
        return read_approved(answer, attempt.amount, captured=not sets_aside, voided=operation is Operation.VOID)

    def _original(self, attempt: Attempt) -> dict[str, Member]:
        """How a capture or void names the charge it belongs to."""
        return {
            "ReferenceId": attempt.reference_id,
            "Amount": attempt.amount,
            "PaymentType": self._settings.payment_type,
        }

    def _capture_reference(self, attempt: Attempt) -> str:
        """The same for every try at one capture, so that the vendor can tell a second one."""
        if self._settings.capture_reference == "original":
            return attempt.reference_id
        return hashlib.sha256(f"capture {attempt.reference_id}".encode()).hexdigest()[:32]

    @property
    def _inquiry_seconds(self) -> int:
        return min(INQUIRY_SECONDS, self._settings.proxy_timeout_seconds)


def _as_approved(attempt: Attempt) -> Attempt:
    """The attempt with the amount that it was approved for, less any fee: what a capture or void is about."""
    if attempt.approved_minor is None or attempt.approved_minor >= attempt.amount.amount_minor:
        return attempt
    return replace(attempt, amount=replace(attempt.amount, amount_minor=attempt.approved_minor))


def _in_full(attempt: Attempt, outcome: Outcome) -> Outcome:
    """The vendor goes on calling a partial approval partial when all that it approved is captured."""
    match outcome:
        case PartiallyApproved(approval) if approval.approved_minor == attempt.amount.amount_minor:
            return Approved(approval)
        case _:
            return outcome


def _is_taken(outcome: Outcome) -> bool:
    match outcome:
        case Approved(approval) | PartiallyApproved(approval):
            return approval.captured and not approval.voided
        case _:
            return False


def _still(outcome: Outcome, after: Outcome) -> Outcome:
    """The first answer, once Status did not show the thing done. A refusal may also mean "done already",
    so it is believed only if Status showed the payment."""
    if isinstance(outcome, Declined) and not isinstance(after, Approved | PartiallyApproved):
        return InDoubt(outcome.reason, outcome.code)
    if isinstance(outcome, Approved | PartiallyApproved):
        return InDoubt("answers contradict each other")
    return outcome
