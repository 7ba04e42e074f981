"""A tip that is given after the sale, as it was asked for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TipRequest:
    """What one card of a completed sale is to pay as its tip, with a key under which that is asked exactly once.

    `tip_minor` is the whole tip of that card from then on. `payment_id` may be left out where
    one card paid. `request_hash` stands for whatever the client sent.
    """

    vendor_id: UUID
    checkout_id: UUID
    idempotency_key: str
    request_hash: bytes
    tip_minor: int
    actor: str
    payment_id: UUID | None = None
    request_id: str | None = None
