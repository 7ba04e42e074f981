"""What a till asks for: goods, who pays how, and for whom. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

TenderType = Literal["card", "cash", "external", "gift_card", "store_credit"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cart. The product is named by its id or by a code (SKU or barcode).

    `unit_price_minor` is given only where the caller may override the catalogue. The
    discount is an amount or a percentage. A line with a gift card sells it: the card is
    loaded with what is paid for the line.
    """

    quantity: int
    product_id: UUID | None = None
    code: str | None = None
    discount_minor: int = 0
    unit_price_minor: int | None = None
    discount_percent: Decimal | None = None
    reason: str | None = None
    gift_card_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OrderDiscount:
    """Something off the whole sale: an amount or a percentage of what is left, and why."""

    reason: str
    amount_minor: int | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TaxExemption:
    """Why no tax is owed, and the number of the paper that says so."""

    reason: str
    certificate_number: str


@dataclass(frozen=True, slots=True)
class Tender:
    """One way of paying a part. At most one tender leaves `amount_minor` open and takes the rest."""

    type: TenderType
    amount_minor: int | None = None
    processor_id: UUID | None = None
    tendered_minor: int | None = None
    reference: str | None = None
    gift_card_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """One cart to sell at one register.

    `staff_id` is the person whose role decides on prices and discounts, None where the
    caller's key does; `approval_ids` are what others approved for this sale.
    `accept_partial`: what a card is approved for counts, even if it is a part, and the rest
    is paid by tenders that are added. Without it the part goes back, and the sale ends.
    """

    location_id: UUID
    register_id: UUID
    lines: tuple[Line, ...]
    tenders: tuple[Tender, ...] = ()
    customer_id: UUID | None = None
    currency: str | None = None
    redeem_points: int = 0
    tip_minor: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)
    discounts: tuple[OrderDiscount, ...] = ()
    coupons: tuple[str, ...] = ()
    tax_exemption: TaxExemption | None = None
    staff_id: UUID | None = None
    approval_ids: tuple[UUID, ...] = ()
    accept_partial: bool = False


@dataclass(frozen=True, slots=True)
class SaleRequest:
    """A cart with the key under which it is sold exactly once.

    `request_hash` is a digest of the request, so that the same key with another
    request is refused. `request_id` names the HTTP request, for tracing.
    """

    vendor_id: UUID
    idempotency_key: str
    request_hash: bytes
    cart: Cart
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddedTenders:
    """Tenders for what a kept part left to pay, with a key under which they are added exactly once.

    `request_hash` is as in a `SaleRequest`.
    """

    vendor_id: UUID
    checkout_id: UUID
    idempotency_key: str
    request_hash: bytes
    tenders: tuple[Tender, ...]
