"""What stands on a receipt, in order and in words, before anybody decides how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ringup.domain.money import Money
from ringup.domain.tender_names import TENDER_NAMES

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
    taxes: list[Entry]
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
        items=[_item(line, document["discounts"], money) for line in document["lines"]],
        sums=list(_sums(document, money)),
        total=Entry(f"Total {document['currency']}", money.text(document["total_minor"])),
        taxes=list(_taxes_inside(document, money)),
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


def _item(line: dict[str, Any], discounts: list[dict[str, Any]], money: _Money) -> Item:
    remarks = []
    if line["quantity"] > 1:
        remarks.append(Entry(f"{line['quantity']} x {money.text(line['unit_price_minor'])}"))
    remarks += [
        Entry(_discount_label(discount), money.text(-discount["amount_minor"]))
        for discount in discounts
        if discount["line_number"] == line["line_number"]
    ]
    gross_minor = line["unit_price_minor"] * line["quantity"]
    return Item(Entry(line["name"], money.text(gross_minor)), remarks)


def _discount_label(discount: dict[str, Any]) -> str:
    """ "discount 12.5 %, dented", or a coupon by its name."""
    name = {"coupon": discount["name"], "tax_exemption": "tax not owed"}.get(discount["kind"]) or "discount"
    percent = f" {discount['percent']} %" if discount["percent"] else ""
    reason = f", {discount['reason']}" if discount["reason"] and discount["kind"] != "tax_exemption" else ""
    return f"{name}{percent}{reason}"


def _sums(document: dict[str, Any], money: _Money) -> Iterator[Entry]:
    """From the goods, after their own discounts, to the total."""
    points_value = document["loyalty"]["points_value_minor"] if document["loyalty"] else 0
    of_the_sale = [discount for discount in document["discounts"] if discount["line_number"] is None]
    between = [
        *((_capital(_discount_label(discount)), -discount["amount_minor"]) for discount in of_the_sale),
        ("Points", -points_value),
        *((_tax_label(tax), tax["tax_minor"]) for tax in document["taxes"] if not tax["is_included"]),
        ("Tip", document["tip_minor"]),
        ("Cash rounding", document["cash_rounding_minor"]),
    ]
    if any(amount_minor for _, amount_minor in between):
        of_lines = sum(discount["amount_minor"] for discount in document["discounts"] if discount["line_number"])
        yield Entry("Subtotal", money.text(document["subtotal_minor"] - of_lines))
    for label, amount_minor in between:
        if amount_minor:
            yield Entry(label, money.text(amount_minor))


def _taxes_inside(document: dict[str, Any], money: _Money) -> Iterator[Entry]:
    """What the total contains, and why it contains none."""
    for tax in document["taxes"]:
        if tax["is_included"]:
            yield Entry(f"  of it {_tax_label(tax)}", money.text(tax["tax_minor"]))
    if document["tax_exemption"]:
        exemption = document["tax_exemption"]
        yield Entry(f"Without tax: {exemption['reason']} ({exemption['certificate_number']})")


def _tax_label(tax: dict[str, Any]) -> str:
    return f"{tax['name']} {tax['percent']} %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
