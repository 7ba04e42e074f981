"""Answers of SPIn REST v2, as JSON objects."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ringup.simulator.ledger import Transaction
from ringup.simulator.settings import ResultCodeStyle
from ringup.simulator.spin_codes import (
    APPROVED,
    DECLINED,
    HOST_MESSAGES,
    PARTIALLY_APPROVED,
    Code,
    ResultCode,
)

CARD = {
    "CardType": "Visa",
    "EntryType": "ChipContactless",
    "Last4": "1111",
    "First4": "4111",
    "BIN": "411111",
    "ExpirationDate": "1230",
    "Name": "SIMULATED/CARD",
    "CardBrand": "Visa",
}
"""The one card that every customer presents: a scheme's published test number, shortened."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a batch adds up to, in cents. Voided transactions count as voids only."""

    transactions_count: int
    sale_cents: int
    return_cents: int
    void_cents: int
    auth_cents: int

    @property
    def total_cents(self) -> int:
        return self.sale_cents - self.return_cents


@dataclass(frozen=True, slots=True)
class Answer:
    """What a terminal or the proxy says to one request. Delays are real seconds."""

    code: Code
    detail: str | None = None
    host_code: str | None = None
    delay_seconds: float | None = None
    transaction: Transaction | None = None
    transaction_type: str | None = None
    transactions: tuple[Transaction, ...] | None = None
    batch: int | None = None
    totals: Totals | None = None


def totals_of(transactions: Iterable[Transaction]) -> Totals:
    """Add up a batch."""
    cents = {"sale": 0, "return": 0, "void": 0, "auth": 0}
    count = 0
    for transaction in transactions:
        count += 1
        taken = "sale" if transaction.captured_cents is not None else transaction.kind
        cents["void" if transaction.voided else taken] += transaction.amount_cents + transaction.fee_cents
    return Totals(count, cents["sale"], cents["return"], cents["void"], cents["auth"])


def verdict_on(transaction: Transaction) -> Answer:
    """How a look-up reports an attempt of the open batch."""
    if transaction.declined:
        return Answer(DECLINED, host_code=transaction.host_code, transaction=transaction)
    code = PARTIALLY_APPROVED if transaction.partial else APPROVED
    return Answer(code, host_code=transaction.host_code, transaction=transaction)


def render(answer: Answer, style: ResultCodeStyle) -> dict[str, Any]:
    """The JSON object for an answer."""
    body: dict[str, Any] = {"GeneralResponse": _general(answer, style)}
    if answer.transaction is not None:
        body |= _payment(answer.transaction, answer.transaction_type)
    if answer.transactions is not None:
        body["Transactions"] = [render(verdict_on(transaction), style) for transaction in answer.transactions]
    if answer.batch is not None:
        body["BatchNumber"] = str(answer.batch)
    if answer.totals is not None:
        body["SettleDetails"] = [_settlement(answer.totals)]
    return body


def _general(answer: Answer, style: ResultCodeStyle) -> dict[str, Any]:
    host_code = answer.host_code
    return {
        "HostResponseCode": host_code,
        "HostResponseMessage": HOST_MESSAGES.get(host_code, "HOST ERROR") if host_code else None,
        "ResultCode": _result(answer.code.result, style),
        "StatusCode": answer.code.status,
        "Message": answer.code.message,
        "DetailedMessage": answer.detail or answer.code.detail,
        "DelayBeforeNextRequest": answer.delay_seconds,
    }


def _result(result: ResultCode, style: ResultCodeStyle) -> str | int:
    match style:
        case "string":
            return str(result.value)
        case "number":
            return result.value
        case "name":
            return result.name


def _payment(transaction: Transaction, type_name: str | None) -> dict[str, Any]:
    approved = not transaction.declined
    amount_cents = transaction.amount_cents if approved else 0
    return {
        "PaymentType": "Credit" if transaction.payment_type == "Card" else transaction.payment_type,
        "TransactionType": type_name or transaction.type_name,
        "Amounts": {
            "TotalAmount": _dollars(amount_cents + (transaction.fee_cents if approved else 0)),
            "Amount": _dollars(amount_cents),
            "TipAmount": _dollars(transaction.tip_cents if approved else 0),
            "FeeAmount": _dollars(transaction.fee_cents if approved else 0),
            "TaxAmount": 0.0,
        },
        "AuthCode": transaction.auth_code,
        "ReferenceId": transaction.reference_id,
        "InvoiceNumber": transaction.invoice_number or "",
        "SerialNumber": "SIMULATED",
        "BatchNumber": str(transaction.batch),
        "TransactionNumber": str(transaction.transaction_number) if approved else "",
        "Voided": transaction.voided,
        "RRN": transaction.host_reference,
        "PNReferenceId": transaction.host_reference,
        "CardData": CARD,
    }


def _settlement(totals: Totals) -> dict[str, Any]:
    return {
        "Application": "Credit",
        "DetailedMessage": "Batch closed",
        "HostStatus": "Approved",
        "TransactionsReports": {
            "TransactionsCount": totals.transactions_count,
            "SaleAmount": _dollars(totals.sale_cents),
            "ReturnAmount": _dollars(totals.return_cents),
            "VoidAmount": _dollars(totals.void_cents),
            "AuthAmount": _dollars(totals.auth_cents),
            "TotalAmount": _dollars(totals.total_cents),
        },
        "Receipt": "",
    }


def _dollars(cents: int) -> float:
    """Exact for every amount the proxy accepts: JSON gets the shortest number that reads back the same."""
    return cents / 100
