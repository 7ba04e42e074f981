"""What lies in a cart, as it is kept between two taps, and the sale that it becomes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from ringup.db.reads.customers import Customer
from ringup.db.reads.shelf import ShelfItem
from ringup.db.reads.tills import TillCart
from ringup.domain.cart import AddedTenders, Cart, Line, OrderDiscount, SaleRequest, Tender
from ringup.domain.exchange import ExchangeRequest
from ringup.web.register.exchanging import exchange_of

QUANTITY_MAX = 10_000


@dataclass(frozen=True, slots=True)
class CartLine:
    """Name and price are what the cashier saw; what is sold, and for how much, the database decides.

    A `discount` has a reason and either `amount_minor`, of the whole line, or `percent`, as text.
    """

    product_id: str
    name: str
    price_minor: int
    quantity: int
    discount: dict[str, Any] | None = None

    @property
    def total_minor(self) -> int:
        return self.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class Contents:
    """`planned` are ways of paying that were chosen and not begun yet.

    `discounts` of the whole sale look like those of lines. `returned` is what comes back of an earlier sale for
    it (see `exchanging`). Once it is being paid, `sold_by` is the person whose role decides, and `approvals` what
    others approved.
    """

    lines: tuple[CartLine, ...] = ()
    customer_id: str | None = None
    customer_name: str | None = None
    redeem_points: int = 0
    planned: tuple[dict[str, Any], ...] = ()
    discounts: tuple[dict[str, Any], ...] = ()
    coupons: tuple[str, ...] = ()
    returned: dict[str, Any] | None = None
    sold_by: str | None = None
    approvals: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.customer_id is None and self.returned is None

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def all_discounts(self) -> tuple[dict[str, Any], ...]:
        """Those that a role decides on: the lines' and the sale's. Coupons are nobody's decision."""
        return (*(line.discount for line in self.lines if line.discount), *self.discounts)

    @property
    def is_reduced(self) -> bool:
        return bool(self.all_discounts or self.coupons)

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def with_item(self, item: ShelfItem) -> "Contents":
        """One more of it. What was planned about paying no longer fits."""
        for line in self.lines:
            if line.product_id == str(item.id):
                return self.with_quantity(line.product_id, line.quantity + 1)
        line = CartLine(str(item.id), item.name, item.price_minor, 1)
        return replace(self, lines=(*self.lines, line), planned=())

    def with_quantity(self, product_id: str, quantity: int) -> "Contents":
        """Another number of it; none takes the line out."""
        quantity = max(0, min(quantity, QUANTITY_MAX))
        changed = (replace(line, quantity=quantity) if line.product_id == product_id else line for line in self.lines)
        return replace(self, lines=tuple(line for line in changed if line.quantity), planned=())

    def with_more(self, product_id: str, by: int) -> "Contents":
        """As many more or less as there are now, however many the page showed."""
        quantity = sum(line.quantity for line in self.lines if line.product_id == product_id)
        return self.with_quantity(product_id, quantity + by)

    def with_customer(self, customer: Customer | None) -> "Contents":
        name = " ".join(part for part in (customer.first_name, customer.last_name) if part) if customer else None
        return replace(
            self,
            customer_id=str(customer.id) if customer else None,
            customer_name=name or (customer.email or customer.phone or "Customer" if customer else None),
            redeem_points=0,
            planned=(),
        )

    def with_points(self, points: int) -> "Contents":
        return replace(self, redeem_points=max(0, points), planned=())

    def with_discount(self, discount: dict[str, Any]) -> "Contents":
        return replace(self, discounts=(*self.discounts, discount), planned=())

    def with_line_discount(self, product_id: str, discount: dict[str, Any] | None) -> "Contents":
        """One line's only discount; none takes the one it has away."""
        lines = (replace(line, discount=discount) if line.product_id == product_id else line for line in self.lines)
        return replace(self, lines=tuple(lines), planned=())

    def with_coupon(self, code: str) -> "Contents":
        """The same coupon counts once, however it is written."""
        known = {coupon.casefold() for coupon in self.coupons}
        return self if code.casefold() in known else replace(self, coupons=(*self.coupons, code), planned=())

    def without_reductions(self) -> "Contents":
        lines = tuple(replace(line, discount=None) for line in self.lines)
        return replace(self, lines=lines, discounts=(), coupons=(), planned=())

    def with_returned(self, returned: dict[str, Any] | None) -> "Contents":
        return replace(self, returned=returned, planned=())

    def with_planned(self, planned: Sequence[dict[str, Any]]) -> "Contents":
        return replace(self, planned=tuple(planned))


def contents_of(document: Mapping[str, Any]) -> Contents:
    return Contents(
        lines=tuple(CartLine(**line) for line in document["lines"]),
        customer_id=document["customer_id"],
        customer_name=document["customer_name"],
        redeem_points=document["redeem_points"],
        planned=tuple(document["planned"]),
        # Carts that were parked before there were discounts here have none.
        discounts=tuple(document.get("discounts", ())),
        coupons=tuple(document.get("coupons", ())),
        returned=document.get("returned"),
        sold_by=document.get("sold_by"),
        approvals=tuple(document.get("approvals", ())),
    )


def tender_of(document: Mapping[str, Any]) -> Tender:
    processor_id, gift_card_id = document.get("processor_id"), document.get("gift_card_id")
    return Tender(
        document["type"],
        document.get("amount_minor"),
        processor_id=UUID(processor_id) if processor_id else None,
        tendered_minor=document.get("tendered_minor"),
        gift_card_id=UUID(gift_card_id) if gift_card_id else None,
    )


def discount_of(document: Mapping[str, Any]) -> OrderDiscount:
    percent = document.get("percent")
    return OrderDiscount(document["reason"], document.get("amount_minor"), Decimal(percent) if percent else None)


def line_of(line: CartLine) -> Line:
    sold = Line(line.quantity, product_id=UUID(line.product_id))
    if line.discount is None:
        return sold
    off = discount_of(line.discount)
    return replace(sold, discount_minor=off.amount_minor or 0, discount_percent=off.percent, reason=off.reason)


def cart_of(contents: Contents, *, location_id: UUID, register_id: UUID, tenders: tuple[Tender, ...]) -> Cart:
    return Cart(
        location_id=location_id,
        register_id=register_id,
        lines=tuple(line_of(line) for line in contents.lines),
        tenders=tenders,
        customer_id=UUID(contents.customer_id) if contents.customer_id else None,
        redeem_points=contents.redeem_points,
        metadata={"app": "register"},
        discounts=tuple(discount_of(discount) for discount in contents.discounts),
        coupons=contents.coupons,
        accept_partial=True,
    )


def sale_of(vendor_id: UUID, location_id: UUID, cart: TillCart, *, actor: str) -> SaleRequest | ExchangeRequest:
    """The sale of a cart that stands still, or the exchange. The same for every press, tab and process."""
    assert cart.tenders is not None, "a cart is sold after it was frozen"
    contents = contents_of(cart.contents)
    sold = cart_of(
        contents,
        location_id=location_id,
        register_id=cart.register_id,
        tenders=tuple(tender_of(tender) for tender in cart.tenders),
    )
    if contents.sold_by is not None:
        approvals = tuple(UUID(approval) for approval in contents.approvals)
        sold = replace(sold, staff_id=UUID(contents.sold_by), approval_ids=approvals)
    what: dict[str, Any] = {
        "lines": [[line.product_id, line.quantity] for line in contents.lines],
        "customer_id": contents.customer_id,
        "redeem_points": contents.redeem_points,
        "tenders": cart.tenders,
    }
    if contents.is_reduced:
        of_lines = [line.discount for line in contents.lines]
        what |= {"discounts": contents.discounts, "of_lines": of_lines, "coupons": contents.coupons}
    if contents.returned is not None:
        what |= {"returned": contents.returned}
    digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).digest()
    sale = SaleRequest(vendor_id, cart.idempotency_key, digest, sold)
    if contents.returned is None:
        return sale
    return exchange_of(sale, contents.returned, actor=actor)


def rest_of(vendor_id: UUID, cart: TillCart, document: dict[str, Any], tender: dict[str, Any]) -> AddedTenders:
    """How what a card left of a sale is paid. The same for every press, while the same tenders came before."""
    key = f"{cart.idempotency_key}-rest-{len(document['tenders'])}"
    digest = hashlib.sha256(json.dumps(tender, sort_keys=True).encode()).digest()
    return AddedTenders(vendor_id, UUID(document["id"]), key, digest, (tender_of(tender),))
