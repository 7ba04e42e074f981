"""Terminals: their colour now, how they were, and a button that asks one."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from ringup.db.reads.console import UptimeCell, list_uptime
from ringup.db.reads.health import TerminalCheck, list_terminal_checks
from ringup.db.reads.places import Processor, list_processors
from ringup.db.reads.reports import TerminalHealth, TerminalSuccess, read_report, read_window
from ringup.recovery.health import check_terminal
from ringup.web.console import charts
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.room import watch
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import TERMINAL_KINDS, plain
from ringup.web.look import badge, heading, named, note, say

LOOK_SECONDS = 5.0
CHECKS_SHOWN = 60
CELLS, CELL_MINUTES = 48, 30
ROWS_MAX = 200
GOOD = ("online", "busy")


async def show_terminals(desk: Desk) -> None:
    page = _Terminals(desk)
    await page.load()
    page.show()
    watch(desk, page, LOOK_SECONDS)
    window = await read_window(desk.db, desk.visitor.vendor_id, None, None)
    report = await read_report(desk.db, desk.visitor.vendor_id, "terminal-success", window, limit=ROWS_MAX)
    with panel("Charges by terminal", "The last four weeks") as corner:
        nothing_yet = "No terminal was asked for money yet."
        sheet("charges-by-terminal", _CHARGES, report.rows, nothing=nothing_yet, corner=corner)
    health = await read_report(desk.db, desk.visitor.vendor_id, "terminal-health", window, limit=ROWS_MAX)
    days = sorted(health.rows, key=lambda row: (row.day, row.processor_name), reverse=True)
    with panel("Whether they were there, by day", "The last four weeks") as corner:
        sheet("terminals-by-day", _DAYS, days, nothing="No terminal was ever asked.", corner=corner)


class _Terminals:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._terminals: list[Processor] = []
        self._checks: list[TerminalCheck] = []
        self._uptime: list[UptimeCell] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._terminals = await list_processors(self._desk.db, vendor_id, limit=100)
        self._checks = await list_terminal_checks(self._desk.db, vendor_id, each=CHECKS_SHOWN)
        self._uptime = await list_uptime(self._desk.db, vendor_id, cells=CELLS, minutes=CELL_MINUTES)

    def state(self) -> object:
        return self._terminals, self._checks

    @ui.refreshable_method
    def show(self) -> None:
        if not self._terminals:
            with panel("No terminals"):
                nothing("No terminal is set up yet. Add one in the settings.", "contactless")
        with ui.element("div").classes("half-grid"):
            for terminal in self._terminals:
                self._terminal(terminal)

    def _terminal(self, terminal: Processor) -> None:
        kind = "warn" if terminal.is_in_doubt else TERMINAL_KINDS[terminal.health]
        with named(ui.element("section"), terminal.processor_name).classes(f"card panel terminal-card {kind}"):
            with ui.element("div").classes("panel-head"):
                heading(terminal.processor_name)
                badge(terminal.health, TERMINAL_KINDS[terminal.health])
            self._notes(terminal)
            self._strip([cell for cell in self._uptime if cell.processor_id == terminal.id])
            self._latency([check for check in self._checks if check.processor_id == terminal.id])
            with ui.element("div").classes("spread"):
                said = f"Last asked {self._desk.speech.moment(terminal.last_health_check)}"
                status = f": {plain(terminal.last_health_status)}" if terminal.last_health_status else ""
                ui.label(said + status).classes("quiet small")
                self._desk.button("Check now", "sell", partial(self._check, terminal), icon="network_check")

    def _notes(self, terminal: Processor) -> None:
        if not terminal.is_active:
            note("Not in use.")
        if terminal.is_in_doubt:
            note("A payment on it is in doubt: it is not offered until that is known.", "warn")
        elif terminal.is_working:
            note("It is working on a payment.")
        if terminal.last_health_error:
            note(f"{plain(terminal.last_health_status or 'trouble')}: {terminal.last_health_error}", "bad")

    def _strip(self, cells: Sequence[UptimeCell]) -> None:
        known = {cell.cell: cell for cell in cells}
        checks, good = sum(cell.checks for cell in cells), sum(cell.good for cell in cells)
        words = f"There in {good} of {checks} checks in 24 hours" if checks else "Not asked in 24 hours"
        marks = [_mark(known.get(cell), cell) for cell in range(CELLS - 1, -1, -1)]
        share = f"{good / checks:.1%} of {checks} checks" if checks else "no checks"
        charts.strip(words, marks, ends=("24 hours ago", f"now · {share}"))

    def _latency(self, checks: Sequence[TerminalCheck]) -> None:
        times = [check.latency_ms for check in checks if check.latency_ms is not None and check.status in GOOD]
        if len(times) > 1:
            middle = sorted(times)[len(times) // 2]
            charts.curve(
                f"How long it took to answer, in the last {len(times)} checks",
                times,
                said=f"answers in {middle:,} ms, at most {max(times):,} ms",
            )

    async def _check(self, terminal: Processor) -> None:
        shop = self._desk.backroom.shop
        colour = await check_terminal(shop.db, shop.terminals, self._desk.visitor.vendor_id, terminal.id)
        say(f"{terminal.processor_name} is {colour}.", "positive" if colour == "green" else "warning")
        await self.load()
        self.show.refresh()


def _mark(cell: UptimeCell | None, number: int) -> tuple[str, str]:
    hours = (number + 1) * CELL_MINUTES / 60
    when = f"up to {hours:g} h ago"
    if cell is None:
        return "none", f"{when}: not asked"
    colour = "good" if cell.good == cell.checks else "bad" if cell.good == 0 else "warn"
    return colour, f"{when}: there in {cell.good} of {cell.checks} checks"


def _share(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


_CHARGES: tuple[Column[TerminalSuccess], ...] = (
    Column("Terminal", lambda row: row.processor_name or ""),
    Column("Asked", lambda row: str(row.asked), right=True),
    Column("Approved", lambda row: str(row.approved), right=True),
    Column("Declined", lambda row: str(row.declined), right=True),
    Column("Not charged", lambda row: str(row.not_sent), right=True),
    Column("Went back", lambda row: str(row.undone), right=True),
    Column("In doubt", lambda row: str(row.in_doubt), right=True),
    Column("Approved over all", lambda row: _share(row.success_rate), right=True),
)
_DAYS: tuple[Column[TerminalHealth], ...] = (
    Column("Day", lambda row: str(row.day)),
    Column("Terminal", lambda row: row.processor_name or ""),
    Column("Checks", lambda row: str(row.checks), right=True),
    Column("Online", lambda row: str(row.online), right=True),
    Column("Busy", lambda row: str(row.busy), right=True),
    Column("Down", lambda row: str(row.down), right=True),
    Column("There", lambda row: _share(row.up_rate), right=True),
    Column("Answers in", lambda row: f"{row.median_latency_ms:,} ms" if row.median_latency_ms else "–", right=True),
)
