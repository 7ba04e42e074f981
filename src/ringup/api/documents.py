"""The checkout as clients see it. For the documentation: the database makes it, and it is sent as stored."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

OrderStatus = Literal[
    "pending_payment",
    "payment_processing",
    "payment_authorized",
    "completed",
    "payment_failed",
    "cancelled",
    "partially_refunded",
    "refunded",
]
PaymentStatus = Literal[
    "unpaid",
    "authorized",
    "paid",
    "voiding",
    "voided",
    "partially_refunded",
    "refunded",
    "unknown",
]
UNDER_WAY = ("pending_payment", "payment_processing", "payment_authorized")
UNSETTLED = ("authorized", "voiding", "unknown")


def has_ended(status: str) -> bool:
    """Whether an order's status is one that a checkout ends in."""
    return status not in UNDER_WAY


def is_settled(document: dict[str, Any]) -> bool:
    """Whether a checkout ended and no money of it is still to be taken, given back or found out."""
    return has_ended(document["status"]) and document["payment_status"] not in UNSETTLED


class Document(BaseModel):
    """More members may be added; a client ignores those it does not know."""

    model_config = ConfigDict(extra="allow")


class LineDocument(Document):
    line_number: int
    product_id: UUID
    sku: str
    name: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    tax_minor: int = Field(description="All taxes on the line, of which the price contains `tax_included_minor`.")
    tax_included_minor: int
    points_value_minor: int = Field(description="The line's part of what points pay; `total_minor` is before it.")
    gift_card_id: UUID | None = Field(description="The gift card that the line sold.")
    total_minor: int


class DiscountDocument(Document):
    """One discount by its name. Those of the whole sale have no `line_number` and are shared among the lines."""

    line_number: int | None
    kind: Literal["line", "order", "coupon", "tax_exemption"]
    name: str | None
    percent: str | None
    reason: str | None
    coupon_id: UUID | None
    coupon: str | None = Field(description="The coupon's code.")
    amount_minor: int


class TaxDocument(Document):
    """What one rate came to on the sale, and what it was reckoned on."""

    code: str
    name: str
    percent: str
    is_included: bool = Field(description="Whether the prices contain it already.")
    base_minor: int
    tax_minor: int


class TaxExemptionDocument(Document):
    reason: str
    certificate_number: str


class PlannedTender(Document):
    tender_number: int
    type: Literal["card", "cash", "external", "gift_card", "store_credit", "exchange"]
    processor_id: UUID | None
    amount_minor: int
    tip_minor: int
    tendered_minor: int | None
    change_minor: int | None
    external_reference: str | None
    external_reason: str | None


class StoredValueDocument(Document):
    """The gift card or store credit that pays."""

    id: UUID
    code_last4: str | None
    balance_minor: int = Field(description="What is on it now, held or not.")


class TenderDocument(PlannedTender):
    payment_id: UUID
    status: Literal["created", "processing", "approved", "declined", "error", "unknown", "voiding", "voided"]
    capture_status: Literal["not_needed", "pending", "captured", "failed"]
    approved_minor: int | None
    tip_wanted_minor: int | None = Field(
        description="The card's tip that its terminal is being asked for, or asked again, after the sale."
    )
    card_brand: str | None
    card_last4: str | None
    auth_code: str | None
    reference_id: str
    stored_value: StoredValueDocument | None
    error_code: str | None
    error_message: str | None


class LoyaltyDocument(Document):
    points_redeemed: int
    points_value_minor: int
    points_to_earn: int = Field(description="Promised when the sale was prepared, whatever the programme says later.")
    points_earned: int = Field(description="0 until the checkout is completed.")
    balance: int
    held: int


class FailureDocument(Document):
    code: str = Field(description="Why the checkout ended, or is to end, without a sale.")
    detail: str | None


class WaitingDocument(Document):
    """The payment that a checkout waits for. While money is in doubt the one mistake to make is to charge again."""

    payment_id: UUID
    processor_id: UUID | None
    processor_name: str | None = Field(description="The terminal, as staff call it.")
    status: Literal["processing", "unknown", "voiding"]
    since: datetime | None = Field(description="When the terminal was asked; of money that goes back, when it came.")
    next_check_at: datetime | None = Field(description="When recovery asks the terminal next, if nobody does before.")
    check_count: int = Field(description="How often it was asked already.")
    may_sell_again: bool = Field(description="Whether the same cart may be sold under another key: not in doubt.")
    message: str = Field(description="To be shown to the cashier.")


class Totals(Document):
    """All amounts are minor units of `currency`."""

    currency: str
    subtotal_minor: int
    discount_minor: int = Field(description="All discounts, coupons and points redeemed.")
    tax_minor: int = Field(description="All taxes, of which the prices contain `tax_included_minor`.")
    tax_included_minor: int
    tip_minor: int
    cash_rounding_minor: int = Field(description="What rounding cash to the smallest coin added, or took away.")
    total_minor: int
    change_due_minor: int
    lines: list[LineDocument]
    discounts: list[DiscountDocument]
    taxes: list[TaxDocument]
    tax_exemption: TaxExemptionDocument | None
    loyalty: LoyaltyDocument | None


class ExchangeLink(Document):
    """The refund that pays a part of the sale, and the sale whose goods came back."""

    refund_id: UUID
    returned_order_id: UUID


class CheckoutDocument(Totals):
    """A checkout. Its id is also the order's."""

    model_config = ConfigDict(title="Checkout")

    object: Literal["checkout"]
    id: UUID
    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    location_id: UUID
    register_id: UUID
    register_session_id: UUID
    customer_id: UUID | None
    tenders: list[TenderDocument]
    failure: FailureDocument | None
    due_minor: int = Field(
        description="What a card that was approved for a part left to pay, until `pay_until`: add tenders for it, "
        "or cancel. 0 unless the cart said `accept_partial`."
    )
    pay_until: datetime | None = Field(description="When the sale is given up, and the part goes back.")
    cancel_requested: bool
    waits_for: WaitingDocument | None = Field(description="The terminal that is being asked, or asked again.")
    exchange: ExchangeLink | None = Field(description="If the sale is half of an exchange.")
    receipt_url: str
    metadata: dict[str, str]
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class RedeemableDocument(Document):
    """What the cart would earn, and what the customer may redeem on it."""

    points_to_earn: int
    points_available: int
    points_minimum: int | None = Field(description="The least to redeem at once; null without a programme.")
    points_step: int | None
    points_maximum: int = Field(description="By the programme, these goods and the customer's points; 0 if none.")
    points_maximum_value_minor: int
    point_value_minor: int | None
    expiring_points: int | None = Field(description="What the customer loses next by waiting, at `expiring_at`.")
    expiring_at: datetime | None


class PreflightDocument(Totals):
    """A cart that would go through now, and what it would come to."""

    model_config = ConfigDict(title="Preflight")

    object: Literal["preflight"]
    tenders: list[PlannedTender]
    points: RedeemableDocument | None


def preflight_document(document: dict[str, Any]) -> dict[str, Any]:
    """What of a checkout that was taken back again is true of the next one."""
    tenders = [{name: tender[name] for name in PlannedTender.model_fields} for tender in document["tenders"]]
    return {
        **{name: document[name] for name in Totals.model_fields},
        "object": "preflight",
        "tenders": tenders,
        "points": document["points"],
    }
