"""Shifts: who had which drawer, what was counted in it, and the report of each."""

from uuid import UUID

from nicegui import ui

from ringup.db.calls.asker import Asker
from ringup.db.calls.shifts import show_session_report
from ringup.db.reads.places import list_registers
from ringup.db.reads.shifts import RegisterSession, list_register_sessions
from ringup.shifts.page import title_of
from ringup.shifts.text import report_as_text
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column
from ringup.web.console.words import plain
from ringup.web.look import act, badge, named, note, text
from ringup.web.register.printing import print_page

REGISTERS_MAX = 100


async def show_shifts(desk: Desk) -> None:
    registers = await list_registers(desk.db, desk.visitor.vendor_id, limit=REGISTERS_MAX)
    page = _Shifts(desk)
    await page.load()
    with ui.element("section").classes("card filters").props('aria-label="Find shifts"'):
        names = {str(register.id): register.name for register in registers}
        finding.choice(desk, "Register", names, page.by("register_id", UUID))
    page.show()


class _Shifts(finding.Finder[RegisterSession]):
    name = "shifts"
    nothing = "No shift was opened yet."

    async def find(self, *, limit: int, before: UUID | None) -> list[RegisterSession]:
        db, vendor_id = self.desk.db, self.desk.visitor.vendor_id
        return await list_register_sessions(db, vendor_id, limit=limit, before=before, **self.wanted)

    def id_of(self, row: RegisterSession) -> UUID:
        return row.id

    def columns(self) -> tuple[Column[RegisterSession], ...]:
        return _columns(self.desk)


def _columns(desk: Desk) -> tuple[Column[RegisterSession], ...]:
    money, moment = desk.speech.money, desk.speech.moment
    return (
        Column("Opened", lambda row: moment(row.opened_at), link=lambda row: f"/console/shifts/{row.id}"),
        Column("Register", lambda row: row.register_name),
        Column("Kind", lambda row: plain(row.kind)),
        Column("By", lambda row: row.opened_by.removeprefix("staff:")),
        Column("Float", lambda row: money(row.opening_float_minor), right=True),
        Column("Sales", lambda row: f"{row.order_count:,}", right=True),
        Column("Closed", lambda row: moment(row.closed_at) if row.closed_at else "open"),
        Column("Z", lambda row: str(row.closure_number or "–"), right=True),
        Column("Should be there", lambda row: money(row.expected_minor), right=True),
        Column("Counted", lambda row: money(row.counted_minor), right=True),
        Column(
            "Over or short",
            lambda row: over_or_short(desk, row.variance_minor),
            kind=lambda row: "" if row.variance_minor is None else "warn" if row.variance_minor else "good",
        ),
    )


def over_or_short(desk: Desk, variance_minor: int | None) -> str:
    """What was counted, against what should have been there."""
    if variance_minor is None:
        return "–"
    if not variance_minor:
        return "exact"
    return f"{'over' if variance_minor > 0 else 'short'} {desk.speech.money(abs(variance_minor))}"


async def show_shift(desk: Desk, session_id: UUID) -> None:
    """The X report of a shift that is open, the Z report of one that was closed. Raises SessionNotFound."""
    by = Asker(desk.actor, desk.person.staff_id)
    report = await show_session_report(desk.db, desk.visitor.vendor_id, session_id, by=by)
    with ui.element("div").classes("line-up"):
        if report["type"] == "Z":
            variance_minor = report["cash"]["variance_minor"]
            badge(over_or_short(desk, variance_minor), "warn" if variance_minor else "good")
        ui.element("div").classes("grow")
        ui.link("All shifts", "/console/shifts")
    with panel(title_of(report)) as corner:
        if report["is_blind"]:
            note("Your role sees what the drawer should hold after it was counted.")
        paper = text(report_as_text(report), "paper", tag="pre")
        named(paper, title_of(report)).props('tabindex="0" role="region"')
        with corner:
            address = f"/register/reports/{session_id}"
            act("Print", lambda: print_page(address, "Report to print"), "small-act no-print", icon="print")
