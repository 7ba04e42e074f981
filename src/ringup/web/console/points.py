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
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, number_card, panel
from ringup.web.console.room import watch
from ringup.web.console.sheets import Column, export, sheet
from ringup.web.console.words import count_of, end_of, plain
from ringup.web.look import badge, named, say

SHOWN = 50
DAYS = 14
LOOK_SECONDS = 5.0
TYPE_KINDS = {"earned": "good", "spent": "", "expired": "warn", "reversed": "warn", "adjusted": ""}
NEVER = "The points of this sale are never recorded: none are earned, and those that were used stay the customer's."


async def show_points(desk: Desk) -> None:
    vendor_id = desk.visitor.vendor_id
    queue = _Queue(desk)
    await queue.load()
    liability = await list_liability(desk.db, vendor_id)
    days = await list_points_days(desk.db, vendor_id, days=DAYS)
    activity = await list_points_activity(desk.db, vendor_id, limit=SHOWN)
    _numbers(desk, liability, days)
    queue.show()
    watch(desk, queue, LOOK_SECONDS)
    with ui.element("div").classes("half-grid"):
        _days(days)
        _liability(desk, liability)
    with panel("Activity", "The newest first") as corner:
        none = "No points were earned or spent yet."
        sheet("points-activity", _activity_columns(desk), activity, nothing=none, corner=corner, icon="loyalty")


def _numbers(desk: Desk, liability: list[Liability], days: list[PointsDay]) -> None:
    with ui.element("div").classes("number-grid big"):
        owed = sum(row.value_minor for row in liability)
        points = f"{sum(row.points for row in liability):,}"
        number_card("Points outstanding", points, "of all customers", icon="loyalty")
        number_card("What they are worth", desk.speech.money(owed), "owed to customers", icon="account_balance")
        redeemed = sum(day.redeemed for day in days)
        times = count_of(sum(day.redemptions for day in days), "sale")
        number_card("Paid with points", f"{redeemed:,}", f"in {times}, two weeks", icon="redeem")


class _Queue:
    """Points that completed sales could not record. The sale stands; these are tried again by themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._items: list[QueuedPoints] = []
        self._done: list[QueuedPoints] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._items = await list_queued_points(self._desk.db, vendor_id, limit=SHOWN)
        self._done = await list_queued_points(self._desk.db, vendor_id, limit=SHOWN, status="resolved")

    def state(self) -> object:
        return [(item.id, item.retry_count) for item in self._items], [item.id for item in self._done]

    @ui.refreshable_method
    def show(self) -> None:
        about = "The sale stands, and its points are tried again by themselves"
        with panel("Updates that failed", about) as corner:
            if not self._items:
                nothing("Every sale's points are recorded.")
            else:
                export("failed-points", _queue_columns(self._desk), self._items, corner)
            for item in self._items:
                self._item(item)
        if self._done:
            with panel("Failed before, and resolved") as corner:
                sheet("resolved-points", _done_columns(self._desk), self._done, nothing="", corner=corner)

    def _item(self, item: QueuedPoints) -> None:
        name = f"Order {item.order_number or end_of(item.order_id)}"
        with named(ui.element("article"), name).classes("case warn").mark("queued"):
            with ui.element("div").classes("spread"):
                ui.link(name, f"/console/orders/{item.order_id}").classes("case-title")
                again = (
                    f"tried again {count_of(item.retry_count, 'time')}" if item.retry_count else "not tried again yet"
                )
                badge(again, "warn")
                ui.label(f"+{item.points_earned:,} earned, −{item.points_redeemed:,} used").classes(
                    "figure case-amount"
                )
            ui.label(item.error_message)
            ui.label(f"By itself again at {self._desk.speech.moment(item.next_retry_at)}").classes("quiet small")
            with ui.element("div").classes("line-up"):
                self._desk.button("Try now", "adjust_points", partial(self._retry, item), icon="refresh")
                self._desk.button("Resolve without points", "adjust_points", partial(self._resolve, item), "danger")

    async def _retry(self, item: QueuedPoints) -> None:
        tried = await retry_points(self._desk.db, self._desk.visitor.vendor_id, item.id, actor=self._desk.actor)
        if tried.resolved:
            say("The points are recorded.", "positive")
        else:
            say(f"It failed again: {tried.problem}", "warning")
        await self._renew()

    async def _resolve(self, item: QueuedPoints) -> None:
        async def run(reason: str) -> None:
            vendor_id = self._desk.visitor.vendor_id
            await resolve_points(self._desk.db, vendor_id, item.id, resolution=reason, actor=self._desk.actor)
            say("Resolved. What was set aside is the customer's again.", "positive")
            await self._renew()

        await ask_reason(
            self._desk, "adjust_points", run, title="Resolve without recording", warning=NEVER, button="Resolve"
        )

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()


def _days(days: list[PointsDay]) -> None:
    with panel("Earned and used by day", "The last two weeks with any") as corner:
        if not days:
            nothing("Nothing in the last two weeks.", "loyalty")
            return
        shown = list(reversed(days))
        charts.columns(
            f"Points by day: {sum(day.earned for day in shown)} earned, {sum(day.redeemed for day in shown)} used",
            [f"{day.day:%d %b}" for day in shown],
            [
                charts.Series("earned", "good", [day.earned for day in shown]),
                charts.Series("used", "blue", [day.redeemed for day in shown]),
            ],
        )
        sheet("points-by-day", _DAYS, days, nothing="", corner=corner)


def _liability(desk: Desk, rows: list[Liability]) -> None:
    months: dict[str, int] = {}
    for row in rows:
        month = _month(row)
        months[month] = months.get(month, 0) + row.points
    with panel("Liability", "Points that are owed, by the month in which they expire") as corner:
        if not months:
            nothing("No points are outstanding.", "loyalty")
            return
        charts.columns(
            f"{sum(months.values())} points outstanding, by month of expiry",
            list(months),
            [charts.Series("points", "warn", list(months.values()))],
        )
        columns: tuple[Column[Liability], ...] = (
            Column("Expires", _month),
            Column("Age", lambda row: plain(row.age)),
            Column("Customers", lambda row: f"{row.customers:,}", right=True),
            Column("Points", lambda row: f"{row.points:,}", right=True),
            Column("Worth", lambda row: desk.speech.money(row.value_minor), right=True),
        )
        sheet("points-liability", columns, rows, nothing="", corner=corner)


def _month(row: Liability) -> str:
    return f"{row.expires_in:%b %Y}" if row.expires_in else "never"


def _activity_columns(desk: Desk) -> tuple[Column[PointsActivity], ...]:
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Customer", lambda row: " ".join(part for part in (row.first_name, row.last_name) if part) or "–"),
        Column("What", lambda row: row.transaction_type, kind=lambda row: TYPE_KINDS.get(row.transaction_type, "")),
        Column("Points", lambda row: f"{row.points:+,}", right=True),
        Column("Balance", lambda row: f"{row.balance_after:,}", right=True),
        Column("About", lambda row: row.description or plain(row.reference_type)),
    )


def _queue_columns(desk: Desk) -> tuple[Column[QueuedPoints], ...]:
    return (
        Column("Order", lambda row: row.order_number or str(row.order_id)),
        Column("Failed", lambda row: desk.speech.moment(row.created_at)),
        Column("Earned", lambda row: str(row.points_earned)),
        Column("Used", lambda row: str(row.points_redeemed)),
        Column("Tried", lambda row: str(row.retry_count)),
        Column("Why", lambda row: row.error_message),
    )


def _done_columns(desk: Desk) -> tuple[Column[QueuedPoints], ...]:
    return (
        Column("Order", lambda row: row.order_number or "–", link=lambda row: f"/console/orders/{row.order_id}"),
        Column("Failed", lambda row: desk.speech.moment(row.created_at)),
        Column("Earned", lambda row: f"{row.points_earned:,}", right=True),
        Column("Used", lambda row: f"{row.points_redeemed:,}", right=True),
        Column("Resolved by", lambda row: row.resolved_by or "–"),
        Column("How", lambda row: row.resolution or "–"),
    )


_DAYS: tuple[Column[PointsDay], ...] = (
    Column("Day", lambda row: str(row.day)),
    Column("Sales with points", lambda row: str(row.redemptions), right=True),
    Column("Used", lambda row: f"{row.redeemed:,}", right=True),
    Column("Earned", lambda row: f"{row.earned:,}", right=True),
    Column("Went back", lambda row: f"{row.reversed:,}", right=True),
    Column("Expired", lambda row: f"{row.expired:,}", right=True),
)
