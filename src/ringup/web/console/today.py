"""The day at a glance."""

from nicegui import ui

from ringup.db.reads.console import HourOfSales, Waiting, count_waiting, list_hours
from ringup.db.reads.places import Processor, list_processors
from ringup.db.reads.reports import Window, read_report, read_window
from ringup.web.console import charts
from ringup.web.console.desk import Desk, number_card
from ringup.web.look import badge, empty, excused, heading
from ringup.web.register.paying import KINDS

LOOK_SECONDS = 5.0
CAUSES_MAX = 12
WEEKS_DAYS = 28


async def show_today(desk: Desk) -> None:
    """Shows it, and shows it anew every few seconds."""
    page = _Today(desk)
    await page.load()
    page.show()
    ui.timer(LOOK_SECONDS, page.look)


class _Today:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hours: list[HourOfSales] = []
        self._waiting: Waiting | None = None
        self._terminals: list[Processor] = []
        self._success: float | None = None
        self._asked = 0
        self._causes: dict[str, int] = {}
        self._window: Window | None = None

    async def load(self) -> None:
        db, vendor_id = self._desk.db, self._desk.visitor.vendor_id
        month = await read_window(db, vendor_id, None, None)
        self._window = today = await read_window(db, vendor_id, month.last_day, month.last_day)
        self._hours = await list_hours(db, vendor_id, today)
        self._waiting = await count_waiting(db, vendor_id)
        self._terminals = await list_processors(db, vendor_id, limit=50)
        payments = await read_report(db, vendor_id, "payment-success", today, limit=1)
        self._success, self._asked = payments.total.success_rate, payments.total.asked
        failures = await read_report(db, vendor_id, "failures", month, limit=100)
        causes: dict[str, int] = {}
        for row in failures.rows:
            causes[row.cause] = causes.get(row.cause, 0) + row.failures
        self._causes = dict(sorted(causes.items(), key=lambda pair: pair[1])[-CAUSES_MAX:])

    async def look(self) -> None:
        async with excused():
            before = (self._hours, self._waiting, self._terminals, self._asked)
            await self.load()
            if (self._hours, self._waiting, self._terminals, self._asked) != before:
                self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        self._numbers()
        with ui.element("div").classes("half-grid"):
            self._by_hour()
            self._by_cause()
        self._terminal_row()

    def _numbers(self) -> None:
        money, waiting = self._desk.speech.money, self._waiting
        assert waiting is not None, "it was loaded"
        completed = sum(hour.completed for hour in self._hours)
        with ui.element("div").classes("number-grid"):
            number_card(
                "Sold today",
                money(sum(hour.sold_minor for hour in self._hours)),
                "one sale" if completed == 1 else f"{completed} sales",
            )
            rate = "–" if self._success is None else f"{self._success:.1%}"
            number_card("Card payments approved", rate, f"of {self._asked} asked today")
            number_card("In doubt now", str(waiting.in_doubt), "See them", target="/console/doubts")
            number_card("Money without an order", str(waiting.orphans), "See them", target="/console/doubts")
            number_card("Waits for a person", str(waiting.open_items), "See it", target="/console/reconciliation")
            number_card("Points not recorded yet", str(waiting.queued_points), "See them", target="/console/points")

    def _by_hour(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Sales by hour")
            if not self._hours:
                empty("Nothing was sold yet today.")
                return
            hours = range(self._hours[0].hour, self._hours[-1].hour + 1)
            known = {hour.hour: hour for hour in self._hours}
            sold = [known[hour].completed if hour in known else 0 for hour in hours]
            failed = [known[hour].failed if hour in known else 0 for hour in hours]
            charts.bars(
                f"Sales by hour today: {sum(sold)} completed, {sum(failed)} not",
                [f"{hour:02}:00" for hour in hours],
                [("completed", charts.GREEN, sold), ("not completed", charts.RED, failed)],
                stacked=True,
            )

    def _by_cause(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Why sales did not happen, four weeks")
            if not self._causes:
                empty("Every sale that was begun was completed.")
                return
            total = sum(self._causes.values())
            charts.bars(
                f"{total} sales that did not happen, by cause",
                [cause.replace("_", " ") for cause in self._causes],
                [("sales", charts.BLUE, list(self._causes.values()))],
                sideways=True,
            )

    def _terminal_row(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Terminals")
            with ui.element("div").classes("line-up"):
                for terminal in self._terminals:
                    badge(f"{terminal.processor_name}: {terminal.health}", KINDS[terminal.health])
            ui.link("All about them", "/console/terminals")
