"""The open batch of a SPIn terminal, read from its StatusList: what the processor says it charged."""

from collections.abc import Mapping

from ringup.domain.money import Money
from ringup.domain.outcome import Approved, ListedCharge, PartiallyApproved
from ringup.terminals.spin_approval import read_approved
from ringup.terminals.spin_codes import Kind, status_code
from ringup.terminals.spin_wire import Answer, SpinConnection, SpinSettings

PAGE = 100
INDEX_MAX = 5000
"""The vendor numbers the transactions of a batch from 1 to at most this."""
CHARGES = {"sale", "auth", "capture"}


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
