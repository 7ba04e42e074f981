"""The day at a glance."""

from nicegui import ui

from ringup.db.reads.console import (
    CauseOfFailure,
    HourOfSales,
    Waiting,
    count_waiting,
    list_causes,
    list_hours,
)
from ringup.db.reads.places import Processor, list_processors
from ringup.db.reads.reports import PaymentSuccess, read_report, read_window
from ringup.web.console import charts
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, number_card, panel
from ringup.web.console.room import watch
from ringup.web.console.words import TERMINAL_KINDS, count_of, plain
from ringup.web.look import badge

LOOK_SECONDS = 5.0
CAUSES_MAX = 8
TERMINALS_MAX = 50
OPENS, CLOSES = 8, 18
"""The hours that are shown of every day, with or without sales."""


async def show_today(desk: Desk) -> None:
    """Shows it, and shows it anew every few seconds."""
    page = _Today(desk)
    await page.load()
    page.show()
    watch(desk, page, LOOK_SECONDS)


class _Today:
    _waiting: Waiting
    _payments: PaymentSuccess

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hours: list[HourOfSales] = []
        self._terminals: list[Processor] = []
        self._causes: list[CauseOfFailure] = []

    async def load(self) -> None:
        db, vendor_id = self._desk.db, self._desk.visitor.vendor_id
        month = await read_window(db, vendor_id, None, None)
        today = await read_window(db, vendor_id, month.last_day, month.last_day)
        self._hours = await list_hours(db, vendor_id, today)
        self._waiting = await count_waiting(db, vendor_id)
        self._terminals = await list_processors(db, vendor_id, limit=TERMINALS_MAX)
        self._payments = (await read_report(db, vendor_id, "payment-success", today, limit=1)).total
        self._causes = await list_causes(db, vendor_id, month, limit=CAUSES_MAX)

    def state(self) -> object:
        colours = [(terminal.id, terminal.health, terminal.is_in_doubt) for terminal in self._terminals]
        return self._hours, self._waiting, colours, self._payments, self._causes

    @ui.refreshable_method
    def show(self) -> None:
        self._numbers()
        self._alarms()
        with ui.element("div").classes("two-thirds"):
            self._by_hour()
            self._by_cause()
        self._terminal_row()

    def _numbers(self) -> None:
        money, payments = self._desk.speech.money, self._payments
        completed = sum(hour.completed for hour in self._hours)
        failed = sum(hour.failed for hour in self._hours)
        with ui.element("div").classes("number-grid big"):
            sold = money(sum(hour.sold_minor for hour in self._hours))
            number_card("Sold today", sold, count_of(completed, "sale"), icon="point_of_sale")
            ended = completed + failed
            rate = f"{completed / ended:.1%}" if ended else "–"
            number_card("Sales that succeeded", rate, f"{completed} of {ended} that ended", icon="task_alt")
            approved = f"{payments.success_rate:.1%}" if payments.success_rate is not None else "–"
            about = f"{payments.approved} of {payments.asked} asked, {payments.declined} declined"
            number_card("Card payments approved", approved, about, icon="credit_score")

    def _alarms(self) -> None:
        """What is to be nought."""
        waiting = self._waiting
        doors = (
            ("In doubt now", waiting.in_doubt, "warn", "/console/doubts"),
            ("Money without an order", waiting.orphans, "bad", "/console/doubts"),
            ("Waits for a person", waiting.open_items, "warn", "/console/reconciliation"),
            ("Points not recorded", waiting.queued_points, "warn", "/console/points"),
            ("Red terminals", waiting.red_terminals, "bad", "/console/terminals"),
        )
        with ui.element("div").classes("number-grid calm"):
            for title, number, kind, target in doors:
                if number:
                    number_card(title, str(number), "See them", kind=kind, target=target)
                else:
                    number_card(title, "0", "All is well", kind="well")

    def _by_hour(self) -> None:
        with panel("Sales and success by hour", "Completed and not, and the share that succeeded"):
            if not self._hours:
                nothing("Nothing was sold yet today.", "wb_twilight")
                return
            hours = range(min(OPENS, self._hours[0].hour), max(CLOSES, self._hours[-1].hour) + 1)
            known = {hour.hour: hour for hour in self._hours}
            sold = [known[hour].completed if hour in known else 0 for hour in hours]
            failed = [known[hour].failed if hour in known else 0 for hour in hours]
            rates = [good / (good + bad) if good + bad else -1 for good, bad in zip(sold, failed, strict=True)]
            charts.columns(
                f"Sales by hour today: {sum(sold)} completed, {sum(failed)} not",
                [f"{hour:02}:00" for hour in hours],
                [charts.Series("completed", "good", sold), charts.Series("not completed", "bad", failed)],
                stacked=True,
                rate=charts.Series("success rate", "accent", rates),
            )

    def _by_cause(self) -> None:
        with panel("Failures by cause", "Today, and in the last four weeks"):
            if not self._causes:
                nothing("Every sale that was begun was completed.")
                return
            total = sum(row.all for row in self._causes)
            today = sum(row.today for row in self._causes)
            charts.rows(
                f"{today} sales failed today and {total} in four weeks, by cause",
                [
                    (
                        plain(row.cause),
                        (("bad", row.today), ("bad soft", row.all - row.today)),
                        f"{row.today} / {row.all}",
                    )
                    for row in self._causes
                ],
                legend=charts.legend([("today", "bad"), ("in four weeks", "bad soft")]),
            )

    def _terminal_row(self) -> None:
        with panel("Terminals") as corner:
            with corner:
                ui.link("All about them", "/console/terminals")
            if not self._terminals:
                nothing("No terminal is set up yet.", "contactless")
            with ui.element("div").classes("line-up"):
                for terminal in self._terminals:
                    state = "in doubt" if terminal.is_in_doubt else terminal.health
                    kind = "warn" if terminal.is_in_doubt else TERMINAL_KINDS[terminal.health]
                    badge(f"{terminal.processor_name}: {state}", kind)
