"""What stands on the receipt of a refund: that it is one, and every amount with its sign turned."""

from collections.abc import Iterator
from typing import Any

from ringup.domain.money import Money
from ringup.domain.tender_names import TENDER_NAMES
from ringup.receipts.receipt import Entry, Item, Receipt

MARK = "REFUND"
NOT_YET = "not back yet"


def refund_receipt_of(document: dict[str, Any]) -> Receipt:
    """Read the document that `read_refund_receipt` gives. Sums are negative: they leave the shop."""

    def given(amount_minor: int) -> str:
        return f"{Money(-amount_minor, document['currency'], document['currency_exponent']).major:f}"

    beside = {"Tip": document["tip_minor"], "Cash rounding": document["cash_rounding_minor"]}
    return Receipt(
        vendor_name=document["vendor_name"],
        place=[document["location_name"], *document["header"].splitlines()],
        order_number=document["order_number"],
        sold_at=document["refunded_at"],
        register_name=document["register_name"],
        copy_mark=MARK,
        items=[
            Item(
                Entry(f"{line['quantity']} x {line['name']}", given(line["amount_minor"])),
                [] if line["restock"] else [Entry("not put back on the shelf")],
            )
            for line in document["lines"]
        ],
        sums=[Entry(label, given(amount_minor)) for label, amount_minor in beside.items() if amount_minor],
        total=Entry(f"Refund {document['currency']}", given(document["amount_minor"])),
        taxes=[
            Entry(f"  of it {tax['name']} {tax['percent']} %", given(tax["tax_minor"])) for tax in document["taxes"]
        ],
        payments=[
            entry
            for tender in document["tenders"]
            if tender["status"] not in ("declined", "error")
            for entry in _payment(tender, given(tender["amount_minor"]))
        ],
        points=list(_points(document["points"])),
        footer=[f"Reason: {document['reason']}", *document["footer"].splitlines()],
    )


def _payment(tender: dict[str, Any], amount: str) -> Iterator[Entry]:
    name = TENDER_NAMES[tender["type"]]
    if tender["type"] == "card" and tender["card_last4"]:
        name = f"{tender['card_brand'] or 'Card'} **** {tender['card_last4']}"
    elif tender["type"] == "external":
        name = f"Paid back elsewhere {tender['external_reference']}"
    yield Entry(name, amount)
    if tender["status"] != "approved":
        yield Entry(NOT_YET)


def _points(points: dict[str, int]) -> Iterator[str]:
    if points["reversed"] or points["given_back"]:
        yield f"Points taken back {points['reversed']}, given back {points['given_back']}"
