"""Payments by what one looks for: a reference, the last four digits, an approval code."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from nicegui import ui

from ringup.db.reads.places import list_processors
from ringup.db.reads.stories import PaymentFilter, PaymentRow, search_payments
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import PAYMENT_KINDS, TENDERS, end_of, payment_words, plain, said

SHOWN = 50
TERMINALS_MAX = 100


async def show_payments(desk: Desk) -> None:
    terminals = await list_processors(desk.db, desk.visitor.vendor_id, limit=TERMINALS_MAX)
    page = _Payments(desk, {str(terminal.id): terminal.processor_name for terminal in terminals})
    await page.load()
    page.filters()
    page.show()


class _Payments:
    def __init__(self, desk: Desk, terminals: Mapping[str, str]) -> None:
        self._desk = desk
        self._terminals = terminals
        self._rows: list[PaymentRow] = []
        self._has_more = False
        self._status: str | None = None
        self._tender_type: str | None = None
        self._processor_id: UUID | None = None
        self._search: str | None = None
        self._day: date | None = None

    async def load(self, *, more: bool = False) -> None:
        wanted = PaymentFilter(self._status, self._tender_type, self._processor_id, self._search, self._day)
        before = self._rows[-1].id if more and self._rows else None
        vendor_id = self._desk.visitor.vendor_id
        found = await search_payments(self._desk.db, vendor_id, wanted, limit=SHOWN + 1, before=before)
        self._has_more = len(found) > SHOWN
        self._rows = [*(self._rows if more else []), *found[:SHOWN]]

    def filters(self) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find payments"'):
            hint = "Reference, order, approval code or last four digits"
            finding.words(self._desk, hint, self._by_words)
            finding.day(self._desk, "Day", self._by_day)
            finding.choice(self._desk, "Status", {name: payment_words(name) for name in PAYMENT_KINDS}, self._by_status)
            finding.choice(self._desk, "Paid with", TENDERS, self._by_tender)
            finding.choice(self._desk, "Terminal", self._terminals, self._by_terminal)

    async def _by_words(self, typed: str | None) -> None:
        self._search = typed
        await self._renew()

    async def _by_day(self, chosen: date | None) -> None:
        self._day = chosen
        await self._renew()

    async def _by_status(self, chosen: str | None) -> None:
        self._status = chosen
        await self._renew()

    async def _by_tender(self, chosen: str | None) -> None:
        self._tender_type = chosen
        await self._renew()

    async def _by_terminal(self, chosen: str | None) -> None:
        self._processor_id = UUID(chosen) if chosen else None
        await self._renew()

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Found", "The newest first") as corner:
            sheet("payments", _columns(self._desk), self._rows, nothing="There is no such payment.", corner=corner)
            if self._has_more:
                finding.more(self._desk, self._more)

    async def _more(self) -> None:
        await self.load(more=True)
        self.show.refresh()


def _columns(desk: Desk) -> tuple[Column[PaymentRow], ...]:
    money = desk.speech.money
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Order", lambda row: row.order_number, link=lambda row: f"/console/orders/{row.order_id}"),
        Column("Paid with", payer),
        Column("Status", lambda row: payment_words(row.status), kind=lambda row: PAYMENT_KINDS.get(row.status, "")),
        Column("Asked", lambda row: money(row.amount_minor), right=True),
        Column("Approved", lambda row: money(row.approved_minor), right=True),
        Column("Terminal", lambda row: row.processor_name or "–"),
        Column("Approval", lambda row: row.auth_code or "–", is_code=True),
        Column("Reference", lambda row: end_of(row.reference_id), is_code=True),
        Column("Said", lambda row: said(row.error_message)),
    )


def payer(row: PaymentRow) -> str:
    if row.card_last4:
        return f"{row.card_brand or 'Card'} •••• {row.card_last4}"
    return plain(row.tender_type)
