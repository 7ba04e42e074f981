"""What of a sale goes back, as it was asked for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RefundLine:
    """`line_number` is the sale's. `restock`: the goods can be sold again."""

    line_number: int
    quantity: int
    restock: bool = True


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """One refund of one sale. No `lines` (None) means everything that is not back yet, with the rest of the tip.

    No `tender_type` means to where the money came from. `staff_id` is the person who
    asks, None for an API key's own request; `approval_id` another person's approval.
    """

    vendor_id: UUID
    idempotency_key: str
    request_hash: bytes
    order_id: UUID
    register_id: UUID
    reason: str
    actor: str
    lines: tuple[RefundLine, ...] | None = None
    tip_minor: int | None = None
    tender_type: str | None = None
    external_reference: str | None = None
    without_receipt: bool = False
    staff_id: UUID | None = None
    approval_id: UUID | None = None
    request_id: str | None = None
