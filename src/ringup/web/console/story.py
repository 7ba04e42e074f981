"""One order: what was sold, how it was paid, and everything that happened, on one time line."""

from html import escape
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.db.calls.checkout import read_checkout
from ringup.db.reads.stories import TimeLineEntry, list_time_line
from ringup.domain.errors import CheckoutNotFound
from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column, export, sheet
from ringup.web.console.telling import KIND_WORDS, colour_of, details_of, title_of
from ringup.web.console.words import (
    ORDER_KINDS,
    PAID_KINDS,
    PAYMENT_KINDS,
    count_of,
    end_of,
    payment_words,
    plain,
    said,
)
from ringup.web.look import badge, note, sums

ENTRIES_MAX = 500


async def show_order(desk: Desk, order_id: UUID) -> None:
    vendor_id = desk.visitor.vendor_id
    document = await read_checkout(desk.db, vendor_id, order_id)
    if document is None:
        raise CheckoutNotFound(f"order {order_id} does not exist")
    entries = await list_time_line(desk.db, vendor_id, order_id, limit=ENTRIES_MAX)
    with ui.element("div").classes("line-up"):
        ui.label(document["order_number"]).classes("order-number")
        badge(plain(document["status"]), ORDER_KINDS.get(document["status"], ""))
        badge(plain(document["payment_status"]), PAID_KINDS.get(document["payment_status"], ""))
        ui.element("div").classes("grow")
        ui.link("All orders", "/console/orders")
    if document["failure"]:
        note(f"{plain(document['failure']['code'])}: {document['failure']['detail'] or ''}", "bad")
    if document["waits_for"]:
        note(document["waits_for"]["message"], "warn")
    with ui.element("div").classes("third-two"):
        _goods(desk, document)
        with panel(
            "Time line", f"{count_of(len(entries), 'entry', 'entries')}: what was done, and what it did"
        ) as corner:
            _time_line(desk, entries)
            export(f"time-line-{document['order_number']}", _columns(desk), entries, corner)
    _payments(desk, document)


def _time_line(desk: Desk, entries: list[TimeLineEntry]) -> None:
    items = "".join(_entry(desk, entry) for entry in entries)
    ui.html(f'<ol class="story">{items}</ol>', sanitize=False)


def _entry(desk: Desk, entry: TimeLineEntry) -> str:
    """Every word is escaped."""
    speech = desk.speech
    title, details, clock, kind = map(
        escape, (title_of(speech, entry), details_of(speech, entry), _clock(desk, entry), KIND_WORDS[entry.kind])
    )
    return (
        f'<li class="{colour_of(entry)} {entry.kind}"><span class="clock figure">{clock}</span>'
        f'<span class="tag">{kind}</span><strong>{title}</strong><div class="quiet small">{details}</div></li>'
    )


def _clock(desk: Desk, entry: TimeLineEntry) -> str:
    return f"{desk.speech.clock(entry.at)}.{entry.at.microsecond // 1000:03}"


def _columns(desk: Desk) -> tuple[Column[TimeLineEntry], ...]:
    return (
        Column("When", lambda row: f"{desk.speech.moment(row.at)[:10]} {_clock(desk, row)}"),
        Column("Kind", lambda row: KIND_WORDS[row.kind]),
        Column("What", lambda row: title_of(desk.speech, row)),
        Column("Details", lambda row: details_of(desk.speech, row)),
    )


def _goods(desk: Desk, document: dict[str, Any]) -> None:
    money = desk.speech.money
    with panel("Goods"):
        sums([(f"{line['quantity']} × {line['name']}", money(line["total_minor"])) for line in document["lines"]])
        more = {"Discount": -document["discount_minor"], "Tax": document["tax_minor"], "Tip": document["tip_minor"]}
        rows = [(label, money(amount)) for label, amount in more.items() if amount]
        sums(rows, total=("Total", money(document["total_minor"])))
        loyalty = document["loyalty"]
        if loyalty:
            sums([(f"Points {what}", f"{loyalty[f'points_{what}']:,}") for what in ("redeemed", "earned")])
        if document["status"] == "completed":
            ui.link("Receipt", f"/register/receipts/{document['id']}", new_tab=True)


def _payments(desk: Desk, document: dict[str, Any]) -> None:
    money = desk.speech.money
    columns: tuple[Column[dict[str, Any]], ...] = (
        Column("Paid with", _payer),
        Column("Status", lambda row: payment_words(row["status"]), kind=lambda row: PAYMENT_KINDS[row["status"]]),
        Column("Asked", lambda row: money(row["amount_minor"]), right=True),
        Column("Approved", lambda row: money(row["approved_minor"]), right=True),
        Column("Capture", lambda row: plain(row["capture_status"])),
        Column("Approval", lambda row: row["auth_code"] or "–", is_code=True),
        Column("Reference", lambda row: end_of(row["reference_id"]), is_code=True),
        Column("Said", lambda row: said(row["error_message"])),
    )
    with panel("Payments") as corner:
        name = f"payments-{document['order_number']}"
        sheet(name, columns, document["tenders"], nothing="Nothing was to be paid.", corner=corner)


def _payer(tender: dict[str, Any]) -> str:
    if tender["card_last4"]:
        return f"{tender['card_brand'] or 'Card'} •••• {tender['card_last4']}"
    return plain(str(tender["type"]))
