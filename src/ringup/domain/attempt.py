"""One request to one terminal for one tender, as it was committed before the terminal was asked."""

from dataclasses import dataclass

from ringup.domain.money import Money


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an adapter needs to know to make, look up, capture or undo one payment.

    `reference_id` is ours, 32 hexadecimal characters, stored before the first byte
    leaves and never used for another attempt. `seconds_since_sent` is measured by the
    database's clock; 0 for an attempt that was just begun. `auth_code` and
    `approved_minor` are what the approval said, where there was one.
    `batch_number` is the batch that the terminal last reported before the attempt began.
    """

    reference_id: str
    amount: Money
    tip_minor: int = 0
    invoice_number: str | None = None
    seconds_since_sent: float = 0.0
    auth_code: str | None = None
    approved_minor: int | None = None
    batch_number: str | None = None
