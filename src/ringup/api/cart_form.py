"""A cart as clients send it. The form is checked here; whether it can be sold, the database decides."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from ringup.api.fields import Code, Form, GiftCardCode, Id, Minor, Percent, PositiveMinor, Text
from ringup.domain.cart import Cart, Line, OrderDiscount, TaxExemption, Tender

QUANTITY_MAX = 1_000_000
LINES_MAX = 1000
TENDERS_MAX = 20
DISCOUNTS_MAX = 20
COUPONS_MAX = 20
POINTS_MAX = 2_147_483_647
METADATA_MAX = 50
NOTHING: Mapping[str, UUID] = {}

MetadataName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
MetadataText = Annotated[str, StringConstraints(strict=True, max_length=500)]


class LineForm(Form):
    """Goods: one of `product_id`, `sku` and `barcode` names the product."""

    product_id: Id | None = None
    sku: Code | None = None
    barcode: Code | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=QUANTITY_MAX)]
    discount_minor: Minor = 0
    discount_percent: Annotated[Percent | None, Field(description="Instead of an amount.")] = None
    reason: Annotated[Text | None, Field(description="Why this line has a discount. Kept, and on the receipt.")] = None
    unit_price_minor: Annotated[
        Minor | None,
        Field(description="Ignored unless the key has the scope `prices:override`: the catalogue decides."),
    ] = None

    @model_validator(mode="after")
    def _names_one_product(self) -> "LineForm":
        if sum(name is not None for name in (self.product_id, self.sku, self.barcode)) != 1:
            raise ValueError("exactly one of product_id, sku and barcode names the product")
        return self

    gift_card_id: Annotated[
        Id | None, Field(description="The gift card that the line sells: it is loaded with what is paid for the line.")
    ] = None

    def line(self, *, may_set_price: bool) -> Line:
        return Line(
            quantity=self.quantity,
            product_id=self.product_id,
            code=self.sku or self.barcode,
            discount_minor=self.discount_minor,
            unit_price_minor=self.unit_price_minor if may_set_price else None,
            discount_percent=_decimal(self.discount_percent),
            reason=self.reason,
            gift_card_id=self.gift_card_id,
        )


class DiscountForm(Form):
    """Something off the whole sale: `amount_minor`, or `percent` of what is left after those before it."""

    amount_minor: PositiveMinor | None = None
    percent: Percent | None = None
    reason: Annotated[Text, Field(description="Why. Kept, and on the receipt.")]

    def discount(self) -> OrderDiscount:
        return OrderDiscount(self.reason, self.amount_minor, _decimal(self.percent))


class TaxExemptionForm(Form):
    """Why this sale is without tax, and the number of the certificate that says so."""

    reason: Text
    certificate_number: Code

    def exemption(self) -> TaxExemption:
        return TaxExemption(self.reason, self.certificate_number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


class CardTender(Form):
    """A card on a terminal. Without an amount it takes what the other tenders leave."""

    type: Literal["card"]
    processor_id: Id
    amount_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("card", self.amount_minor, processor_id=self.processor_id)


class CashTender(Form):
    """Cash. `tendered_minor` is what the customer handed over, if more than the amount."""

    type: Literal["cash"]
    amount_minor: PositiveMinor | None = None
    tendered_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("cash", self.amount_minor, tendered_minor=self.tendered_minor)


class ExternalTender(Form):
    """Taken elsewhere, recorded here under its reference there, and why."""

    type: Literal["external"]
    reference: Code
    reason: Annotated[Text, Field(description="Why it was taken elsewhere. Kept for good.")]
    amount_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("external", self.amount_minor, reference=self.reference, reason=self.reason)


class GiftCardTender(Form):
    """A gift card by its code. What it pays is set aside at once, and taken with the sale."""

    type: Literal["gift_card"]
    code: GiftCardCode
    amount_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("gift_card", self.amount_minor)


class StoreCreditTender(Form):
    """Store credit of the customer whom the sale names, set aside at once and taken with the sale."""

    type: Literal["store_credit"]
    amount_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("store_credit", self.amount_minor)


TenderForm = Annotated[
    CardTender | CashTender | ExternalTender | GiftCardTender | StoreCreditTender, Field(discriminator="type")
]


class LoyaltyForm(Form):
    redeem_points: Annotated[int, Field(strict=True, ge=0, le=POINTS_MAX)] = 0


class CartForm(Form):
    """A cart to sell at a register. `tenders` may be empty only if nothing is due."""

    location_id: Id
    register_id: Id
    customer_id: Id | None = None
    lines: Annotated[list[LineForm], Field(min_length=1, max_length=LINES_MAX)]
    tenders: Annotated[list[TenderForm], Field(max_length=TENDERS_MAX, default_factory=list)]
    discounts: Annotated[list[DiscountForm], Field(max_length=DISCOUNTS_MAX, default_factory=list)]
    coupons: Annotated[list[Code], Field(max_length=COUPONS_MAX, default_factory=list)]
    tax_exemption: TaxExemptionForm | None = None
    loyalty: LoyaltyForm | None = None
    tip_minor: Minor = 0
    accept_partial: Annotated[
        bool,
        Field(
            strict=True,
            description="Keep what a card is approved for, even if it is a part: the checkout then stays open, says "
            "what is left in `due_minor`, and takes tenders for it. Else the part goes back: 402 `partially_approved`.",
        ),
    ] = False
    currency: Annotated[str, StringConstraints(strict=True, pattern="^[A-Z]{3}$")] | None = None
    metadata: Annotated[dict[MetadataName, MetadataText], Field(max_length=METADATA_MAX, default_factory=dict)]

    @property
    def codes(self) -> list[str]:
        """The codes of the gift cards that pay."""
        return codes_of(self.tenders)

    def cart(
        self,
        *,
        may_set_prices: bool,
        staff_id: UUID | None = None,
        approval_ids: Sequence[UUID] = (),
        gift_cards: Mapping[str, UUID] = NOTHING,
    ) -> Cart:
        """The cart as a person rings it up, or, without one, as the key does. `gift_cards`: ids by the codes."""
        return Cart(
            location_id=self.location_id,
            register_id=self.register_id,
            lines=tuple(line.line(may_set_price=may_set_prices) for line in self.lines),
            tenders=tuple(_tender(tender, gift_cards) for tender in self.tenders),
            customer_id=self.customer_id,
            currency=self.currency,
            redeem_points=self.loyalty.redeem_points if self.loyalty else 0,
            tip_minor=self.tip_minor,
            metadata=self.metadata,
            discounts=tuple(discount.discount() for discount in self.discounts),
            coupons=tuple(self.coupons),
            tax_exemption=self.tax_exemption.exemption() if self.tax_exemption else None,
            staff_id=staff_id,
            approval_ids=tuple(approval_ids),
            accept_partial=self.accept_partial,
        )

    def digest(self, hide: Callable[[str], bytes]) -> bytes:
        """The same for the same cart, however it was written down; a member left out is its default.

        It is stored, so a gift card's code goes into it only as `hide` makes it: else it could be guessed from it.
        """
        return _digest(self.model_dump(mode="json", exclude_defaults=True), hide)


class AddedTendersForm(Form):
    """Tenders for what is left to pay: together exactly `due_minor` of the checkout; one may leave its amount open."""

    tenders: Annotated[list[TenderForm], Field(min_length=1, max_length=TENDERS_MAX)]

    @property
    def codes(self) -> list[str]:
        """The codes of the gift cards that pay."""
        return codes_of(self.tenders)

    def added(self, gift_cards: Mapping[str, UUID]) -> tuple[Tender, ...]:
        return tuple(_tender(tender, gift_cards) for tender in self.tenders)

    def digest(self, hide: Callable[[str], bytes]) -> bytes:
        """As of a cart."""
        return _digest(self.model_dump(mode="json", exclude_defaults=True), hide)


def codes_of(tenders: Sequence[TenderForm]) -> list[str]:
    return [tender.code for tender in tenders if isinstance(tender, GiftCardTender)]


def _digest(document: dict[str, Any], hide: Callable[[str], bytes]) -> bytes:
    for tender in document.get("tenders", ()):
        if "code" in tender:
            tender["code"] = hide(tender["code"]).hex()
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()


def _tender(form: TenderForm, gift_cards: Mapping[str, UUID]) -> Tender:
    if isinstance(form, GiftCardTender):
        return replace(form.tender(), gift_card_id=gift_cards[form.code])
    return form.tender()
