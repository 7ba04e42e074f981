"""Payments by what one looks for: a reference, the last four digits, an approval code."""

from collections.abc import Mapping
from uuid import UUID

from nicegui import ui

from ringup.db.reads.places import list_processors
from ringup.db.reads.stories import PaymentFilter, PaymentRow, search_payments
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.sheets import Column
from ringup.web.console.words import PAYMENT_KINDS, TENDERS, end_of, payment_words, plain, said

TERMINALS_MAX = 100


async def show_payments(desk: Desk) -> None:
    terminals = await list_processors(desk.db, desk.visitor.vendor_id, limit=TERMINALS_MAX)
    page = _Payments(desk)
    await page.load()
    page.filters({str(terminal.id): terminal.processor_name for terminal in terminals})
    page.show()


class _Payments(finding.Finder[PaymentRow]):
    name = "payments"
    nothing = "There is no such payment."

    async def find(self, *, limit: int, before: UUID | None) -> list[PaymentRow]:
        wanted = PaymentFilter(**self.wanted)
        return await search_payments(self.desk.db, self.desk.visitor.vendor_id, wanted, limit=limit, before=before)

    def id_of(self, row: PaymentRow) -> UUID:
        return row.id

    def columns(self) -> tuple[Column[PaymentRow], ...]:
        return _columns(self.desk)

    def filters(self, terminals: Mapping[str, str]) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find payments"'):
            finding.words(self.desk, "Reference, order, approval code or last four digits", self.by("search"))
            finding.day(self.desk, "Day", self.by("day"))
            statuses = {name: payment_words(name) for name in PAYMENT_KINDS}
            finding.choice(self.desk, "Status", statuses, self.by("status"))
            finding.choice(self.desk, "Paid with", TENDERS, self.by("tender_type"))
            finding.choice(self.desk, "Terminal", terminals, self.by("processor_id", UUID))


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
