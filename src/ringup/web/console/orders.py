"""Orders by what one looks for."""

from uuid import UUID

from nicegui import ui

from ringup.db.reads.console import OrderFilter, search_orders
from ringup.db.reads.orders import OrderSummary
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.sheets import Column
from ringup.web.console.words import ORDER_KINDS, PAID_KINDS, PAID_STATUSES, plain


async def show_orders(desk: Desk) -> None:
    page = _Orders(desk)
    await page.load()
    page.filters()
    page.show()


class _Orders(finding.Finder[OrderSummary]):
    name = "orders"
    nothing = "There is no such order."

    async def find(self, *, limit: int, before: UUID | None) -> list[OrderSummary]:
        wanted = OrderFilter(**self.wanted)
        return await search_orders(self.desk.db, self.desk.visitor.vendor_id, wanted, limit=limit, before=before)

    def id_of(self, row: OrderSummary) -> UUID:
        return row.id

    def columns(self) -> tuple[Column[OrderSummary], ...]:
        return columns_of(self.desk)

    def filters(self) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find orders"'):
            finding.words(self.desk, "Order number", self.by("search"))
            finding.day(self.desk, "Day", self.by("day"))
            finding.choice(self.desk, "Status", ORDER_KINDS, self.by("status"))
            finding.choice(self.desk, "Payment", PAID_STATUSES, self.by("payment_status"))


def columns_of(desk: Desk) -> tuple[Column[OrderSummary], ...]:
    money, moment = desk.speech.money, desk.speech.moment
    return (
        Column("Order", lambda row: row.order_number, link=lambda row: f"/console/orders/{row.id}"),
        Column("Begun", lambda row: moment(row.created_at)),
        Column("Status", lambda row: plain(row.status), kind=lambda row: ORDER_KINDS.get(row.status, "")),
        Column(
            "Payment", lambda row: plain(row.payment_status), kind=lambda row: PAID_KINDS.get(row.payment_status, "")
        ),
        Column("Total", lambda row: money(row.total_minor), right=True),
        Column("Points used", lambda row: f"{row.points_redeemed:,}", right=True),
        Column("Points earned", lambda row: f"{row.points_earned:,}", right=True),
    )
