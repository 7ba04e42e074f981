"""What a terminal decides about one request: pure functions of its open batch, its profile and a fault."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from ringup.simulator.faults import FaultName, FaultRule
from ringup.simulator.journal import Effect, EffectKind, EffectName
from ringup.simulator.ledger import Ledger, Transaction
from ringup.simulator.settings import TerminalProfile
from ringup.simulator.spin_codes import (
    APPROVED,
    BAD_REQUEST,
    CANCELED,
    DECLINED,
    DUPLICATE,
    HOST_UNREACHABLE,
    NO_OPEN_BATCH,
    NOT_ALLOWED,
    NOT_FOUND,
    PARTIALLY_APPROVED,
    Code,
    code_of,
)
from ringup.simulator.spin_requests import (
    CaptureRequest,
    ChargeRequest,
    Operation,
    ReturnRequest,
    SettleRequest,
    SpinRequest,
    StatusListRequest,
    StatusRequest,
    TipAdjustRequest,
    VoidRequest,
)
from ringup.simulator.spin_responses import Answer, totals_of, verdict_on


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision depends on."""

    tpn: str
    operation: Operation
    request: SpinRequest
    ledger: Ledger
    profile: TerminalProfile
    fault: FaultRule | None
    now: datetime

    def effect(self, name: EffectName, kind: EffectKind, amount_cents: int, **particulars: Any) -> Effect:
        return Effect(
            effect=name,
            kind=kind,
            tpn=self.tpn,
            batch=self.ledger.batch,
            amount_cents=amount_cents,
            happened_at=self.now,
            **{"reference_id": self.request.reference, **particulars},
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and the effect that must be in the journal before it is given.

    `answer.transaction` is filled in after the effect was applied.
    """

    answer: Answer
    effect: Effect | None = None
    undisguised: bool = True


def decide(situation: Situation) -> Decision:
    """Decide about one request. An operation that the rules refuse is refused whatever the fault."""
    decision = RULES[situation.operation](situation)
    fault = situation.fault
    refused = situation.operation.moves_money and decision.effect is None
    if fault is None or refused:
        return decision
    disguise = disguise_of(fault)
    if disguise is not None:
        return Decision(Answer(disguise), decision.effect if fault.executed else None, undisguised=False)
    if decision.effect is None:
        return decision
    if fault.fault is FaultName.CUSTOMER_CANCELS:
        return Decision(Answer(CANCELED))
    if fault.fault is FaultName.DECLINE:
        return _declined(decision.effect, fault.host_code)
    return decision


def disguise_of(fault: FaultRule) -> Code | None:
    """The code that a fault puts in the place of the true one."""
    match fault.fault:
        case FaultName.HOST_ERROR:
            return HOST_UNREACHABLE
        case FaultName.UNKNOWN_CODE:
            return code_of(fault.status_code or "7777")
        case _:
            return None


def _declined(effect: Effect, host_code: str) -> Decision:
    declined = effect.model_copy(
        update={
            "effect": "declined",
            "amount_cents": effect.requested_cents or effect.amount_cents,
            "host_code": host_code,
            "transaction_number": None,
            "partial": False,
            "auth_code": None,
        }
    )
    return Decision(Answer(DECLINED, host_code=host_code), declined)


def _charge(situation: Situation) -> Decision:
    """Sale, Auth and Return: a card is presented, under an id that the batch does not know yet."""
    request = cast(ReturnRequest, situation.request)
    tip_cents, fee_cents = 0, 0
    if isinstance(request, ChargeRequest):
        tip_cents, fee_cents = request.tip_cents, request.fee_cents
    if situation.operation is Operation.AUTH and (not situation.profile.supports_auth or tip_cents or fee_cents):
        return _refused(NOT_ALLOWED, "Auth is not supported, or carries a tip or a fee")
    known = situation.ledger.find(request.reference_id)
    if known is not None and (not known.declined or situation.profile.declined_consumes_reference):
        return _refused(DUPLICATE)
    code, approved_cents = _approved(situation, request.amount_cents)
    identity = _identity(situation, request.reference_id)
    effect = situation.effect(
        "returned" if situation.operation is Operation.RETURN else "approved",
        cast(EffectKind, situation.operation.value.lower()),
        approved_cents,
        transaction_number=situation.ledger.next_number,
        requested_cents=request.amount_cents,
        tip_cents=min(tip_cents, approved_cents),
        fee_cents=fee_cents,
        partial=code is PARTIALLY_APPROVED,
        payment_type=request.payment_type,
        invoice_number=request.invoice_number,
        auth_code=identity[:6].upper(),
        host_reference=str(int(identity[6:], 16))[:12],
        host_code="10" if code is PARTIALLY_APPROVED else "00",
    )
    return Decision(Answer(code, host_code=effect.host_code), effect)


def _approved(situation: Situation, requested_cents: int) -> tuple[Code, int]:
    fault = situation.fault
    if fault is not None and fault.fault is FaultName.WRONG_AMOUNT:
        return APPROVED, fault.approved_cents or max(1, requested_cents - 1)
    may_be_partial = requested_cents > 1 and situation.operation is not Operation.RETURN
    if fault is not None and fault.fault is FaultName.PARTIAL and may_be_partial:
        return PARTIALLY_APPROVED, min(fault.approved_cents or requested_cents // 2, requested_cents - 1)
    return APPROVED, requested_cents


def _identity(situation: Situation, reference_id: str) -> str:
    """Digits for the auth code and the host's reference: the same for the same transaction."""
    ledger = situation.ledger
    text = f"{situation.tpn} {ledger.batch} {ledger.next_number} {reference_id}"
    return hashlib.blake2s(text.encode(), digest_size=10).hexdigest()


def _capture(situation: Situation) -> Decision:
    request = cast(CaptureRequest, situation.request)
    authorised = situation.ledger.find(request.reference_id)
    if authorised is None or authorised.declined:
        return _refused(NOT_FOUND)
    if request.auth_code not in (None, authorised.auth_code):
        return _refused(NOT_FOUND, "AuthCode does not match")
    if authorised.kind != "auth" or authorised.voided:
        return _refused(NOT_ALLOWED, "Only an Auth that was not voided can be captured")
    if authorised.captured_cents is not None:
        return _refused(DUPLICATE)
    if request.amount_cents > authorised.approved_cents:
        return _refused(BAD_REQUEST, "Amount is larger than what was authorised")
    return _changed(situation, authorised, "captured", "capture", request.amount_cents)


def _void(situation: Situation) -> Decision:
    request = cast(VoidRequest, situation.request)
    transaction = situation.ledger.find(request.reference_id)
    if transaction is None or transaction.declined or transaction.voided:
        return _refused(NOT_FOUND)
    is_hold = transaction.kind == "auth" and transaction.captured_cents is None
    if is_hold and not situation.profile.supports_void_of_auth:
        return _refused(NOT_ALLOWED, "The processor does not void an Auth")
    if request.amount_cents not in _amounts_of(transaction):
        return _refused(BAD_REQUEST, "Amount is not the transaction's")
    return _changed(situation, transaction, "voided", "void", transaction.amount_cents)


def _tip_adjust(situation: Situation) -> Decision:
    request = cast(TipAdjustRequest, situation.request)
    transaction = situation.ledger.find(request.reference_id)
    if transaction is None or transaction.declined or transaction.voided:
        return _refused(NOT_FOUND)
    if transaction.kind == "return":
        return _refused(NOT_ALLOWED, "A Return has no tip")
    if request.amount_cents not in _amounts_of(transaction):
        return _refused(BAD_REQUEST, "Amount is not the transaction's")
    amount_cents = transaction.amount_cents - transaction.tip_cents + request.tip_cents
    return _changed(situation, transaction, "tip_adjusted", "tip_adjust", amount_cents, tip_cents=request.tip_cents)


def _amounts_of(transaction: Transaction) -> set[int]:
    """The amounts by which a caller may name a transaction, in cents."""
    return {
        transaction.requested_cents,
        transaction.amount_cents,
        transaction.amount_cents - transaction.tip_cents,
        transaction.amount_cents + transaction.fee_cents,
    }


def _changed(
    situation: Situation,
    transaction: Transaction,
    name: EffectName,
    kind: EffectKind,
    amount_cents: int,
    *,
    tip_cents: int | None = None,
) -> Decision:
    effect = situation.effect(
        name,
        kind,
        amount_cents,
        transaction_number=transaction.transaction_number,
        tip_cents=transaction.tip_cents if tip_cents is None else tip_cents,
        fee_cents=transaction.fee_cents,
        payment_type=transaction.payment_type,
        auth_code=transaction.auth_code,
        host_reference=transaction.host_reference,
    )
    return Decision(Answer(APPROVED, host_code="00", transaction_type=situation.operation.value), effect)


def _status(situation: Situation) -> Decision:
    request = cast(StatusRequest, situation.request)
    transaction = situation.ledger.find(request.reference_id)
    if transaction is None or (transaction.declined and not situation.profile.status_finds_declined):
        return _refused(NOT_FOUND)
    if request.transaction_number not in (None, transaction.transaction_number):
        return _refused(NOT_FOUND)
    return Decision(verdict_on(transaction))


def _status_list(situation: Situation) -> Decision:
    request = cast(StatusListRequest, situation.request)
    wanted = range(request.transaction_from_index, request.transaction_to_index + 1)
    listed = (each for each in situation.ledger.approved() if each.transaction_number in wanted)
    batch = situation.ledger.batch if situation.profile.list_names_batch else None
    return Decision(Answer(APPROVED, transactions=tuple(listed), batch=batch))


def _settle(situation: Situation) -> Decision:
    request = cast(SettleRequest, situation.request)
    transactions = situation.ledger.approved()
    if not transactions:
        return _refused(NO_OPEN_BATCH)
    totals = totals_of(transactions)
    kind = cast(EffectKind, request.settlement_type.lower())
    return Decision(Answer(APPROVED, totals=totals), situation.effect("settled", kind, totals.total_cents))


def _refused(code: Code, detail: str | None = None) -> Decision:
    return Decision(Answer(code, detail))


RULES: Mapping[Operation, Callable[[Situation], Decision]] = {
    Operation.SALE: _charge,
    Operation.AUTH: _charge,
    Operation.RETURN: _charge,
    Operation.CAPTURE: _capture,
    Operation.VOID: _void,
    Operation.TIP_ADJUST: _tip_adjust,
    Operation.STATUS: _status,
    Operation.STATUS_LIST: _status_list,
    Operation.SETTLE: _settle,
}


def completed(decision: Decision, ledger: Ledger) -> Answer:
    """The decision's answer, with the transaction as the effect left it."""
    if decision.effect is None or not decision.undisguised:
        return decision.answer
    return replace(decision.answer, transaction=ledger.find(decision.effect.reference_id))
