"""The open batch of a SPIn terminal, read from its StatusList: its number, and what the processor says it charged."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringup.domain.money import Money
from ringup.domain.outcome import Approved, ListedCharge, PartiallyApproved
from ringup.terminals.spin_approval import read_approved, text_of
from ringup.terminals.spin_codes import Kind, status_code
from ringup.terminals.spin_wire import Answer, SpinConnection, SpinSettings

PAGE = 100
INDEX_MAX = 5000
"""The vendor numbers the transactions of a batch from 1 to at most this."""
CHARGES = {"sale", "auth", "capture"}


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """What a terminal says of its open batch. `number` is None where it is empty and the terminal does not name it."""

    number: str | None


async def list_open_batch(
    connection: SpinConnection, settings: SpinSettings, like: Money, *, proxy_seconds: int
) -> list[ListedCharge] | None:
    """Every charge in the open batch, voided ones included; None if the terminal does not tell just now.

    An entry that cannot be read makes the whole list unreadable: half a list would
    make charges look missing that are there.
    """
    charges: list[ListedCharge] = []
    for first in range(1, INDEX_MAX + 1, PAGE):
        answer = await connection.post(
            "Payment/StatusList",
            {
                "PaymentType": settings.payment_type,
                "TransactionFromIndex": first,
                "TransactionToIndex": min(first + PAGE - 1, INDEX_MAX),
            },
            proxy_seconds=proxy_seconds,
        )
        if not isinstance(answer, Answer) or answer.status.kind not in (Kind.APPROVED, Kind.NOT_FOUND):
            return None
        entries = answer.record.get("transactions")
        if not isinstance(entries, list) or not entries:
            return charges
        for entry in entries:
            charge = _read_entry(entry, like)
            if charge is None:
                return None
            charges.append(charge)
    return charges


async def read_open_batch(
    connection: SpinConnection, settings: SpinSettings, *, proxy_seconds: int
) -> OpenBatch | None:
    """Which batch is open; None if the terminal does not tell just now.

    Its number is that of its first transaction, or else the one in the answer itself: the contract has a
    batch number in every payment answer, and whether a terminal puts it there when the batch is empty is
    not confirmed.
    """
    answer = await connection.post(
        "Payment/StatusList",
        {"PaymentType": settings.payment_type, "TransactionFromIndex": 1, "TransactionToIndex": 1},
        proxy_seconds=proxy_seconds,
    )
    if not isinstance(answer, Answer) or answer.status.kind not in (Kind.APPROVED, Kind.NOT_FOUND):
        return None
    named = text_of(answer.record, "batchnumber")
    transactions = answer.record.get("transactions", [])
    if transactions in ([], None):
        return OpenBatch(named)
    if not isinstance(transactions, list) or not isinstance(transactions[0], dict):
        return None
    number = text_of(transactions[0], "batchnumber") or named
    return OpenBatch(number) if number is not None else None


def _read_entry(entry: object, like: Money) -> ListedCharge | None:
    """One payment of the list; None if it cannot be read."""
    if not isinstance(entry, dict):
        return None
    record: Mapping[str, object] = entry
    reference = record.get("referenceid")
    answer = Answer(status=status_code("0000"), succeeded=True, record=record)
    # The least amount there is: what was asked for is not known here, and nothing is to look partial.
    least = Money(1, like.currency, like.exponent)
    outcome = read_approved(answer, least, captured=True)
    if not isinstance(reference, str) or not isinstance(outcome, Approved | PartiallyApproved):
        return None
    kind = str(record.get("transactiontype", "")).lower()
    return ListedCharge(reference.lower(), outcome.approval, is_charge=kind in CHARGES)
