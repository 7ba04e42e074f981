"""What stands on a receipt, in order and in words, before anybody decides how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ringup.domain.money import Money

TENDER_NAMES = {
    "cash": "Cash",
    "card": "Card",
    "gift_card": "Gift card",
    "store_credit": "Store credit",
    "external": "Taken elsewhere",
}
COPY = "COPY"


@dataclass(frozen=True, slots=True)
class Entry:
    """A label on the left and an amount in major units on the right; a remark has no amount."""

    label: str
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the sale. `remarks` are its quantity, discount and the like."""

    entry: Entry
    remarks: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything on a receipt. Cards are named by brand and last four digits; more is not known to us."""

    vendor_name: str
    place: list[str]
    order_number: str
    sold_at: str
    register_name: str
    copy_mark: str
    items: list[Item]
    sums: list[Entry]
    total: Entry
    payments: list[Entry]
    points: list[str]
    footer: list[str]


def receipt_of(document: dict[str, Any], print_number: int = 1) -> Receipt:
    """Read the document that `read_receipt` gives. From the second print on it says that it is a copy."""
    money = _Money(document["currency"], document["currency_exponent"])
    return Receipt(
        vendor_name=document["vendor_name"],
        place=[document["location_name"], *document["header"].splitlines()],
        order_number=document["order_number"],
        sold_at=document["sold_at"],
        register_name=document["register_name"],
        copy_mark=f"{COPY} {print_number - 1}" if print_number > 1 else "",
        items=[_item(line, money) for line in document["lines"]],
        sums=list(_sums(document, money)),
        total=Entry(f"Total {document['currency']}", money.text(document["total_minor"])),
        payments=list(_payments(document, money)),
        points=list(_points(document["loyalty"])),
        footer=document["footer"].splitlines(),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    currency: str
    exponent: int

    def text(self, amount_minor: int) -> str:
        return f"{Money(amount_minor, self.currency, self.exponent).major:f}"


def _item(line: dict[str, Any], money: _Money) -> Item:
    remarks = []
    if line["quantity"] > 1:
        remarks.append(Entry(f"{line['quantity']} x {money.text(line['unit_price_minor'])}"))
    if line["discount_minor"]:
        remarks.append(Entry("discount", money.text(-line["discount_minor"])))
    gross_minor = line["unit_price_minor"] * line["quantity"]
    return Item(Entry(line["name"], money.text(gross_minor)), remarks)


def _sums(document: dict[str, Any], money: _Money) -> Iterator[Entry]:
    points_value = document["loyalty"]["points_value_minor"] if document["loyalty"] else 0
    sums = {"Points": -points_value, "Tax": document["tax_minor"], "Tip": document["tip_minor"]}
    sums["Cash rounding"] = document["cash_rounding_minor"]
    if any(sums.values()):
        goods_minor = document["subtotal_minor"] - document["discount_minor"] + points_value
        yield Entry("Subtotal", money.text(goods_minor))
    for label, amount_minor in sums.items():
        if amount_minor:
            yield Entry(label, money.text(amount_minor))


def _payments(document: dict[str, Any], money: _Money) -> Iterator[Entry]:
    for tender in document["tenders"]:
        if tender["status"] != "approved":
            continue
        if tender["type"] == "cash":
            yield Entry("Cash", money.text(tender["tendered_minor"]))
            yield Entry("Change", money.text(tender["change_minor"]))
            continue
        yield Entry(_tender_label(tender), money.text(tender["approved_minor"]))
        if tender["auth_code"]:
            yield Entry(f"approval {tender['auth_code']}")


def _tender_label(tender: dict[str, Any]) -> str:
    if tender["type"] == "card":
        return f"{tender['card_brand'] or 'Card'} **** {tender['card_last4'] or '****'}"
    return f"{TENDER_NAMES[tender['type']]} {tender['external_reference'] or ''}".rstrip()


def _points(loyalty: dict[str, Any] | None) -> Iterator[str]:
    if loyalty:
        yield f"Points redeemed {loyalty['points_redeemed']}, earned {loyalty['points_earned']}"
        yield f"Points balance {loyalty['balance']}"
