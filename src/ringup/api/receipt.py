"""A receipt as plain text, from a checkout's document."""

from collections.abc import Iterator
from typing import Any

from ringup.domain.money import Money

WIDTH = 42
WITHOUT_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
WITH_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
"""ISO 4217; every other currency has two digits. A test compares them with the table in the database."""


def exponent_of(currency: str) -> int:
    """How many digits the minor unit of a currency has."""
    if currency in WITHOUT_MINOR_UNIT.split():
        return 0
    return 3 if currency in WITH_THREE_DIGITS.split() else 2


def receipt_text(document: dict[str, Any]) -> str:
    """The order's number and time, lines, totals, tenders (a card by its last four digits) and points."""
    return "\n".join(line.rstrip() for line in _lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    currency = document["currency"]
    exponent = exponent_of(currency)

    def row(label: str, amount_minor: int) -> str:
        amount = f"{Money(amount_minor, currency, exponent).major:f}"
        return f"{label[: WIDTH - len(amount) - 1]:<{WIDTH - len(amount)}}{amount}"

    yield f"Order {document['order_number']}"
    yield str(document["completed_at"])
    yield "-" * WIDTH
    for line in document["lines"]:
        yield row(line["name"], line["total_minor"] + line["discount_minor"])
        if line["quantity"] > 1:
            price = Money(line["unit_price_minor"], currency, exponent).major
            yield f"  {line['quantity']} x {price:f}"
        if line["discount_minor"]:
            yield row("  discount", -line["discount_minor"])
    yield "-" * WIDTH
    points_value = document["loyalty"]["points_value_minor"] if document["loyalty"] else 0
    optional = {
        "Points": -points_value,
        "Tax": document["tax_minor"],
        "Tip": document["tip_minor"],
    }
    for label, amount_minor in optional.items():
        if amount_minor:
            yield row(label, amount_minor)
    yield row(f"Total {currency}", document["total_minor"])
    for tender in document["tenders"]:
        if tender["status"] == "approved":
            yield from _tender_lines(tender, row)
    yield from _points_lines(document["loyalty"])


def _tender_lines(tender: dict[str, Any], row: Any) -> Iterator[str]:
    if tender["type"] == "cash":
        yield row("Cash", tender["tendered_minor"])
        yield row("Change", tender["change_minor"])
    elif tender["type"] == "card":
        brand, last4 = tender["card_brand"] or "Card", tender["card_last4"] or "****"
        yield row(f"{brand} **** {last4}", tender["approved_minor"])
        yield f"  approval {tender['auth_code'] or '-'}"
    else:
        yield row(f"{tender['type'].capitalize()} {tender['external_reference']}", tender["approved_minor"])


def _points_lines(loyalty: dict[str, Any] | None) -> Iterator[str]:
    if loyalty:
        yield "-" * WIDTH
        yield f"Points redeemed {loyalty['points_redeemed']}, earned {loyalty['points_earned']}"
        yield f"Points balance {loyalty['balance']}"
