"""Orders by what one looks for, and everything that happened to one of them."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from html import escape
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.db.calls.checkout import read_checkout
from ringup.db.reads.console import OrderFilter, search_orders
from ringup.db.reads.orders import OrderEvent, OrderSummary, list_order_events
from ringup.db.reads.staff import AuditFilter, list_audit
from ringup.domain.errors import CheckoutNotFound
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.look import act, badge, empty, excused, heading, note, say, sums
from ringup.web.register.outcome import TENDER_WORDS

SHOWN = 50
STATUS_KINDS = {
    "completed": "good",
    "payment_failed": "bad",
    "cancelled": "bad",
    "payment_processing": "warn",
    "payment_authorized": "warn",
    "pending_payment": "warn",
}
PAYMENT_KINDS = {"paid": "good", "unknown": "warn", "voiding": "warn", "authorized": "warn"}
PAYMENT_STATUSES = ("paid", "unpaid", "unknown", "authorized", "voiding", "voided")
EVENT_KINDS = {
    "completed": "good",
    "fully_paid": "good",
    "payment_refused": "bad",
    "cancelled": "bad",
    "payment_in_doubt": "warn",
}


def plain(name: str) -> str:
    """A state or an event for people."""
    return name.replace("_", " ")


def columns_of(desk: Desk) -> tuple[Column[OrderSummary], ...]:
    money, moment = desk.speech.money, desk.speech.moment
    return (
        Column("Order", lambda row: row.order_number, link=lambda row: f"/console/orders/{row.id}"),
        Column("Begun", lambda row: moment(row.created_at)),
        Column("Status", lambda row: plain(row.status), kind=lambda row: STATUS_KINDS.get(row.status, "")),
        Column("Payment", lambda row: plain(row.payment_status), kind=_payment_kind),
        Column("Total", lambda row: money(row.total_minor), right=True),
        Column("Points used", lambda row: f"{row.points_redeemed:,}", right=True),
        Column("Points earned", lambda row: f"{row.points_earned:,}", right=True),
    )


def _payment_kind(row: OrderSummary) -> str:
    return PAYMENT_KINDS.get(row.payment_status, "")


async def show_orders(desk: Desk) -> None:
    page = _Orders(desk)
    await page.load()
    page.filters()
    page.show()


class _Orders:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows: list[OrderSummary] = []
        self._has_more = False
        self._status: str | None = None
        self._payment_status: str | None = None
        self._search: str | None = None
        self._day: date | None = None

    async def load(self, *, more: bool = False) -> None:
        wanted = OrderFilter(self._status, self._payment_status, self._search, self._day)
        before = self._rows[-1].id if more and self._rows else None
        found = await search_orders(self._desk.db, self._desk.visitor.vendor_id, wanted, limit=SHOWN + 1, before=before)
        self._has_more = len(found) > SHOWN
        self._rows = [*(self._rows if more else []), *found[:SHOWN]]

    async def _changed(self) -> None:
        async with excused():
            await self._desk.may("see_reports")
            await self.load()
            self.show.refresh()

    def filters(self) -> None:
        async def status(event: Any) -> None:
            self._status = event.value or None
            await self._changed()

        async def payment_status(event: Any) -> None:
            self._payment_status = event.value or None
            await self._changed()

        async def search(event: Any) -> None:
            self._search = str(event.value or "").strip().replace("%", "").replace("_", "") or None
            await self._changed()

        async def day(event: Any) -> None:
            typed = str(event.value or "").strip()
            try:
                self._day = date.fromisoformat(typed) if typed else None
            except ValueError:
                say("A day is written 2026-11-25.", "warning")
                return
            await self._changed()

        with ui.element("section").classes("card line-up"):
            ui.input("Order number", on_change=search).props("outlined debounce=250 clearable")
            ui.input("Day", on_change=day).props("outlined type=date stack-label debounce=250 clearable")
            _choice("Status", STATUS_KINDS, status)
            _choice("Payment", PAYMENT_STATUSES, payment_status)

    @ui.refreshable_method
    def show(self) -> None:
        with ui.element("section").classes("card stack"):
            sheet("orders", columns_of(self._desk), self._rows, nothing="There is no such order.")
            if self._has_more:
                act("Show more", self._more)

    async def _more(self) -> None:
        async with excused():
            await self._desk.may("see_reports")
            await self.load(more=True)
            self.show.refresh()


def _choice(label: str, names: Iterable[str], chosen: Callable[[Any], Awaitable[None]]) -> None:
    options = {"": "Any", **{name: plain(name) for name in names}}
    ui.select(options, value="", label=label, on_change=chosen).props("outlined").style("min-width: 190px")


async def show_order(desk: Desk, order_id: UUID) -> None:
    """The whole story: what was sold, every attempt to be paid, every event, and what people did."""
    vendor_id = desk.visitor.vendor_id
    document = await read_checkout(desk.db, vendor_id, order_id)
    if document is None:
        raise CheckoutNotFound(f"order {order_id} does not exist")
    events = await list_order_events(desk.db, vendor_id, order_id)
    with ui.element("div").classes("line-up"):
        badge(plain(document["status"]), STATUS_KINDS.get(document["status"], ""))
        badge(plain(document["payment_status"]), PAYMENT_KINDS.get(document["payment_status"], ""))
        ui.link("All orders", "/console/orders")
    if document["failure"]:
        note(f"{plain(document['failure']['code'])}: {document['failure']['detail'] or ''}", "bad")
    if document["waits_for"]:
        note(document["waits_for"]["message"], "warn")
    with ui.element("div").classes("half-grid"):
        _goods(desk, document)
        with ui.element("section").classes("card stack"):
            heading("What happened")
            _story(desk, events)
    _payments(desk, document)
    await _people(desk, order_id)


def _goods(desk: Desk, document: dict[str, Any]) -> None:
    money = desk.speech.money
    with ui.element("section").classes("card stack"):
        heading(f"Order {document['order_number']}")
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
        Column("Paid by", lambda row: _payer(row)),
        Column("Status", lambda row: plain(row["status"]), kind=lambda row: TENDER_WORDS[row["status"]][1]),
        Column("Asked", lambda row: money(row["amount_minor"]), right=True),
        Column("Approved", lambda row: money(row["approved_minor"]), right=True),
        Column("Capture", lambda row: plain(row["capture_status"])),
        Column("Approval code", lambda row: row["auth_code"] or "–"),
        Column("Reference", lambda row: row["reference_id"][-12:]),
        Column("Said", lambda row: row["error_message"] or "–"),
    )
    with ui.element("section").classes("card stack"):
        heading("Payments")
        sheet(f"payments-{document['order_number']}", columns, document["tenders"], nothing="Nothing was to be paid.")


def _payer(tender: dict[str, Any]) -> str:
    if tender["card_last4"]:
        return f"{tender['card_brand'] or 'Card'} •••• {tender['card_last4']}"
    return str(tender["type"]).replace("_", " ")


def _story(desk: Desk, events: list[OrderEvent]) -> None:
    if not events:
        empty("Nothing happened yet.")
        return
    items = "".join(_event(desk, event) for event in events)
    ui.html(f'<ol class="story">{items}</ol>', sanitize=False)


def _event(desk: Desk, event: OrderEvent) -> str:
    """Every word is escaped."""
    title, clock, details = map(
        escape, (plain(event.event), desk.speech.clock(event.created_at), _details(desk, event))
    )
    return (
        f'<li class="{EVENT_KINDS.get(event.event, "")}"><div class="spread"><strong>{title}</strong>'
        f'<span class="quiet small figure">{clock}</span></div><div class="quiet small">{details}</div></li>'
    )


def _details(desk: Desk, event: OrderEvent) -> str:
    """What the event says besides its name: amounts as amounts, and the ends of long ids."""
    said = [f"now {plain(event.status)}"]
    for name, value in event.detail.items():
        if value in (None, "", [], {}):
            continue
        if name.endswith("_minor"):
            said.append(f"{plain(name.removesuffix('_minor'))} {desk.speech.money(value)}")
        else:
            said.append(f"{plain(name.removesuffix('_id'))} {str(value)[-12:] if name.endswith('_id') else value}")
    return " · ".join(said)


async def _people(desk: Desk, order_id: UUID) -> None:
    entries = await list_audit(desk.db, desk.visitor.vendor_id, AuditFilter(row_id=str(order_id)), limit=SHOWN)
    if entries:
        with ui.element("section").classes("card stack"):
            heading("What people did")
            for entry in entries:
                ui.label(f"{desk.speech.moment(entry.created_at)}  {entry.actor}: {plain(entry.action)}")
