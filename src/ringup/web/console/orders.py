"""Orders by what one looks for."""

from datetime import date

from nicegui import ui

from ringup.db.reads.console import OrderFilter, search_orders
from ringup.db.reads.orders import OrderSummary
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import ORDER_KINDS, PAID_KINDS, PAID_STATUSES, plain

SHOWN = 50


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

    def filters(self) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find orders"'):
            finding.words(self._desk, "Order number", self._by_number)
            finding.day(self._desk, "Day", self._by_day)
            finding.choice(self._desk, "Status", ORDER_KINDS, self._by_status)
            finding.choice(self._desk, "Payment", PAID_STATUSES, self._by_payment_status)

    async def _by_number(self, typed: str | None) -> None:
        self._search = typed
        await self._renew()

    async def _by_day(self, chosen: date | None) -> None:
        self._day = chosen
        await self._renew()

    async def _by_status(self, chosen: str | None) -> None:
        self._status = chosen
        await self._renew()

    async def _by_payment_status(self, chosen: str | None) -> None:
        self._payment_status = chosen
        await self._renew()

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Found", "The newest first") as corner:
            sheet("orders", columns_of(self._desk), self._rows, nothing="There is no such order.", corner=corner)
            if self._has_more:
                finding.more(self._desk, self._more)

    async def _more(self) -> None:
        await self.load(more=True)
        self.show.refresh()


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
