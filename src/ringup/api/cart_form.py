"""A cart as clients send it. The form is checked here; whether it can be sold, the database decides."""

import hashlib
import json
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from ringup.api.fields import Code, Form, Id, Minor, PositiveMinor
from ringup.domain.cart import Cart, Line, SaleRequest, Tender

QUANTITY_MAX = 1_000_000
LINES_MAX = 1000
TENDERS_MAX = 20
POINTS_MAX = 2_147_483_647
METADATA_MAX = 50

MetadataName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
MetadataText = Annotated[str, StringConstraints(strict=True, max_length=500)]


class LineForm(Form):
    """Goods: one of `product_id`, `sku` and `barcode` names the product."""

    product_id: Id | None = None
    sku: Code | None = None
    barcode: Code | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=QUANTITY_MAX)]
    discount_minor: Minor = 0
    unit_price_minor: Annotated[
        Minor | None,
        Field(description="Ignored unless the key has the scope `prices:override`: the catalogue decides."),
    ] = None

    @model_validator(mode="after")
    def _names_one_product(self) -> "LineForm":
        if sum(name is not None for name in (self.product_id, self.sku, self.barcode)) != 1:
            raise ValueError("exactly one of product_id, sku and barcode names the product")
        return self

    def line(self, *, may_set_price: bool) -> Line:
        return Line(
            quantity=self.quantity,
            product_id=self.product_id,
            code=self.sku or self.barcode,
            discount_minor=self.discount_minor,
            unit_price_minor=self.unit_price_minor if may_set_price else None,
        )


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
    """Taken elsewhere, recorded here under its reference there."""

    type: Literal["external"]
    reference: Code
    amount_minor: PositiveMinor | None = None

    def tender(self) -> Tender:
        return Tender("external", self.amount_minor, reference=self.reference)


TenderForm = Annotated[CardTender | CashTender | ExternalTender, Field(discriminator="type")]


class LoyaltyForm(Form):
    redeem_points: Annotated[int, Field(strict=True, ge=0, le=POINTS_MAX)] = 0


class CartForm(Form):
    """A cart to sell at a register. `tenders` may be empty only if nothing is due."""

    location_id: Id
    register_id: Id
    customer_id: Id | None = None
    lines: Annotated[list[LineForm], Field(min_length=1, max_length=LINES_MAX)]
    tenders: Annotated[list[TenderForm], Field(max_length=TENDERS_MAX, default_factory=list)]
    loyalty: LoyaltyForm | None = None
    tip_minor: Minor = 0
    currency: Annotated[str, StringConstraints(strict=True, pattern="^[A-Z]{3}$")] | None = None
    metadata: Annotated[dict[MetadataName, MetadataText], Field(max_length=METADATA_MAX, default_factory=dict)]

    def cart(self, *, may_set_prices: bool) -> Cart:
        return Cart(
            location_id=self.location_id,
            register_id=self.register_id,
            lines=tuple(line.line(may_set_price=may_set_prices) for line in self.lines),
            tenders=tuple(tender.tender() for tender in self.tenders),
            customer_id=self.customer_id,
            currency=self.currency,
            redeem_points=self.loyalty.redeem_points if self.loyalty else 0,
            tip_minor=self.tip_minor,
            metadata=self.metadata,
        )

    def digest(self) -> bytes:
        """The same for the same cart, however it was written down; a member left out is its default."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()

    def sale(self, vendor_id: UUID, key: str, request_id: str, *, may_set_prices: bool) -> SaleRequest:
        return SaleRequest(vendor_id, key, self.digest(), self.cart(may_set_prices=may_set_prices), request_id)
