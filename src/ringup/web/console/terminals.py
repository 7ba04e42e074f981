"""Terminals: their colour now, how they were, and a button that asks one."""

from functools import partial
from html import escape

from nicegui import ui

from ringup.db.reads.health import TerminalCheck, list_terminal_checks
from ringup.db.reads.places import Processor, list_processors
from ringup.db.reads.reports import TerminalSuccess, read_report, read_window
from ringup.recovery.health import check_terminal
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.look import act, badge, empty, excused, excusing, heading, named, note, say
from ringup.web.register.paying import KINDS

LOOK_SECONDS = 5.0
CHECKS_SHOWN = 60
COLOURS = {"online": "green", "busy": "green"}


async def show_terminals(desk: Desk) -> None:
    page = _Terminals(desk)
    await page.load()
    page.show()
    ui.timer(LOOK_SECONDS, page.look)
    window = await read_window(desk.db, desk.visitor.vendor_id, None, None)
    report = await read_report(desk.db, desk.visitor.vendor_id, "terminal-success", window, limit=100)
    columns: tuple[Column[TerminalSuccess], ...] = (
        Column("Terminal", lambda row: row.processor_name or ""),
        Column("Asked", lambda row: str(row.asked), right=True),
        Column("Approved", lambda row: str(row.approved), right=True),
        Column("Declined", lambda row: str(row.declined), right=True),
        Column("Not charged", lambda row: str(row.not_sent), right=True),
        Column("Went back", lambda row: str(row.undone), right=True),
        Column("In doubt", lambda row: str(row.in_doubt), right=True),
        Column("Approved over all", lambda row: f"{row.success_rate:.1%}" if row.success_rate else "–", right=True),
    )
    with ui.element("section").classes("card stack"):
        heading("Charges, four weeks")
        sheet("charges-by-terminal", columns, report.rows, nothing="No terminal was asked for money yet.")


class _Terminals:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._terminals: list[Processor] = []
        self._checks: list[TerminalCheck] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._terminals = await list_processors(self._desk.db, vendor_id, limit=100)
        self._checks = await list_terminal_checks(self._desk.db, vendor_id, each=CHECKS_SHOWN)

    async def look(self) -> None:
        async with excused():
            before = (self._terminals, self._checks)
            await self.load()
            if (self._terminals, self._checks) != before:
                self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        if not self._terminals:
            empty("No terminal is configured yet: ringup processors --help, or the API.")
        with ui.element("div").classes("half-grid"):
            for terminal in self._terminals:
                self._terminal(terminal)

    def _terminal(self, terminal: Processor) -> None:
        speech = self._desk.speech
        with named(ui.element("section"), terminal.processor_name).classes("card stack"):
            with ui.element("div").classes("spread"):
                heading(terminal.processor_name)
                badge(terminal.health, KINDS[terminal.health])
            if not terminal.is_active:
                note("Not in use.")
            if terminal.is_in_doubt:
                note("A payment on it is in doubt: it is not offered until that is known.", "warn")
            elif terminal.is_working:
                note("It is working on a payment.")
            if terminal.last_health_error:
                note(f"{terminal.last_health_status}: {terminal.last_health_error}", "bad")
            ui.label(f"Last asked {speech.moment(terminal.last_health_check)}").classes("quiet")
            self._strip([check for check in self._checks if check.processor_id == terminal.id])
            act("Check now", excusing(partial(self._check, terminal)), icon="network_check")

    def _strip(self, checks: list[TerminalCheck]) -> None:
        if not checks:
            ui.label("It was never asked.").classes("quiet")
            return
        good = sum(check.status in COLOURS for check in checks)
        marks = "".join(self._mark(check) for check in checks)
        words = f"There in {good} of the last {len(checks)} checks"
        named(ui.html(marks, sanitize=False), words).classes("strip").props("role=img")
        ui.label(words).classes("quiet small")

    def _mark(self, check: TerminalCheck) -> str:
        said = f"{self._desk.speech.moment(check.checked_at)}: {check.status}"
        return f'<i class="{COLOURS.get(check.status, "red")}" title="{escape(said)}"></i>'

    async def _check(self, terminal: Processor) -> None:
        await self._desk.may("see_reports")
        shop = self._desk.backroom.shop
        colour = await check_terminal(shop.db, shop.terminals, self._desk.visitor.vendor_id, terminal.id)
        say(f"{terminal.processor_name} is {colour}.", "positive" if colour == "green" else "warning")
        await self.look()
