"""Points: what could not be recorded, what happened lately, and what is owed."""

from functools import partial

from nicegui import ui

from ringup.db.calls.points_queue import resolve_points
from ringup.db.reads.points_queue import QueuedPoints, list_queued_points
from ringup.db.reads.points_reports import (
    Liability,
    PointsActivity,
    PointsDay,
    list_liability,
    list_points_activity,
    list_points_days,
)
from ringup.loyalty.retry import retry_points
from ringup.web.console import charts
from ringup.web.console.asking import ask_reason
from ringup.web.console.desk import Column, Desk, number_card, sheet
from ringup.web.console.orders import plain
from ringup.web.look import act, empty, excused, excusing, heading, say

SHOWN = 50
DAYS = 14
TYPE_KINDS = {"earned": "good", "spent": "", "expired": "warn", "reversed": "warn", "adjusted": ""}


async def show_points(desk: Desk) -> None:
    queue = _Queue(desk)
    await queue.load()
    queue.show()
    vendor_id = desk.visitor.vendor_id
    liability = await list_liability(desk.db, vendor_id)
    days = await list_points_days(desk.db, vendor_id, days=DAYS)
    activity = await list_points_activity(desk.db, vendor_id, limit=SHOWN)
    with ui.element("div").classes("number-grid"):
        owed = sum(row.value_minor for row in liability)
        number_card("Points outstanding", f"{sum(row.points for row in liability):,}", "of all customers")
        number_card("What they are worth", desk.speech.money(owed), "owed to customers")
        number_card("Paid with points today", f"{days[0].redeemed if days else 0:,}", "on the last day with any")
    with ui.element("div").classes("half-grid"):
        _days(days)
        _liability(desk, liability)
    with ui.element("section").classes("card stack"):
        heading("Lately")
        sheet("points-activity", _activity_columns(desk), activity, nothing="No points were earned or spent yet.")


class _Queue:
    """Points that completed sales could not record. The sale stands; these are tried again by themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._items: list[QueuedPoints] = []

    async def load(self) -> None:
        self._items = await list_queued_points(self._desk.db, self._desk.visitor.vendor_id, limit=SHOWN)

    @ui.refreshable_method
    def show(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Updates that failed")
            if not self._items:
                empty("Every sale's points are recorded.")
            for item in self._items:
                self._item(item)

    def _item(self, item: QueuedPoints) -> None:
        with ui.element("div").classes("note warn stack").mark("queued"):
            with ui.element("div").classes("spread"):
                ui.link(f"Order {item.order_number or str(item.order_id)[-12:]}", f"/console/orders/{item.order_id}")
                ui.label(f"+{item.points_earned:,} earned, −{item.points_redeemed:,} used").classes("figure")
            ui.label(item.error_message)
            again = self._desk.speech.moment(item.next_retry_at)
            ui.label(f"Tried {item.retry_count} times; by itself again at {again}").classes("small")
            with ui.element("div").classes("line-up"):
                act("Try now", excusing(partial(self._retry, item)), icon="refresh")
                act("Resolve without points", partial(self._resolve, item), "danger")

    async def _retry(self, item: QueuedPoints) -> None:
        await self._desk.may("adjust_points")
        tried = await retry_points(self._desk.db, self._desk.visitor.vendor_id, item.id, actor=self._desk.actor)
        if tried.resolved:
            say("The points are recorded.", "positive")
        else:
            say(f"It failed again: {tried.problem}", "warning")
        await self._renew()

    async def _resolve(self, item: QueuedPoints) -> None:
        async def run(reason: str) -> None:
            await self._desk.may("adjust_points")
            await resolve_points(
                self._desk.db, self._desk.visitor.vendor_id, item.id, resolution=reason, actor=self._desk.actor
            )
            say("Resolved. What was set aside is the customer's again.", "positive")
            await self._renew()

        async with excused():
            await self._desk.may("adjust_points")
            await ask_reason("Resolve without recording", "The points of this sale are never recorded.", "Resolve", run)

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()


def _days(days: list[PointsDay]) -> None:
    with ui.element("section").classes("card stack"):
        heading("Earned and used by day")
        if not days:
            empty("Nothing in the last two weeks.")
            return
        shown = list(reversed(days))
        charts.bars(
            f"Points by day: {sum(day.earned for day in shown)} earned, {sum(day.redeemed for day in shown)} used",
            [f"{day.day:%d %b}" for day in shown],
            [
                ("earned", charts.GREEN, [day.earned for day in shown]),
                ("used", charts.BLUE, [day.redeemed for day in shown]),
            ],
        )


def _liability(desk: Desk, rows: list[Liability]) -> None:
    months: dict[str, int] = {}
    for row in rows:
        month = f"{row.expires_in:%b %Y}" if row.expires_in else "never"
        months[month] = months.get(month, 0) + row.points
    with ui.element("section").classes("card stack"):
        heading("Owed, by the month in which it expires")
        if not months:
            empty("No points are outstanding.")
            return
        charts.bars(
            f"{sum(months.values())} points outstanding, by month of expiry",
            list(months),
            [("points", charts.AMBER, list(months.values()))],
        )
        columns: tuple[Column[Liability], ...] = (
            Column("Expires", lambda row: f"{row.expires_in:%b %Y}" if row.expires_in else "never"),
            Column("Age", lambda row: plain(row.age)),
            Column("Customers", lambda row: f"{row.customers:,}", right=True),
            Column("Points", lambda row: f"{row.points:,}", right=True),
            Column("Worth", lambda row: desk.speech.money(row.value_minor), right=True),
        )
        sheet("points-liability", columns, rows, nothing="")


def _activity_columns(desk: Desk) -> tuple[Column[PointsActivity], ...]:
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Customer", lambda row: " ".join(part for part in (row.first_name, row.last_name) if part) or "–"),
        Column("What", lambda row: row.transaction_type, kind=lambda row: TYPE_KINDS.get(row.transaction_type, "")),
        Column("Points", lambda row: f"{row.points:+,}", right=True),
        Column("Balance", lambda row: f"{row.balance_after:,}", right=True),
        Column("About", lambda row: row.description or plain(row.reference_type)),
    )
