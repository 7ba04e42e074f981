"""Who did what, whose approval they had, and what the system said."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.db.reads.staff import AuditEntry
from ringup.db.reads.stories import LogLine, list_log_lines, search_audit
from ringup.web.console import finding
from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import end_of, plain
from ringup.web.look import excused

SHOWN = 50
DETAIL_MAX = 90
LEVEL_KINDS = {"error": "bad", "warning": "warn"}


async def show_log(desk: Desk) -> None:
    page = _Log(desk)
    await page.load()
    page.filters()
    page.show()
    lines = await list_log_lines(desk.db, desk.visitor.vendor_id, limit=SHOWN)
    with panel("What the system said", "About steps that succeeded all the same") as corner:
        sheet("log-lines", _line_columns(desk), lines, nothing="It had nothing to say.", corner=corner)


class _Log:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: list[AuditEntry] = []
        self._has_more = False
        self._who: str | None = None
        self._what: str | None = None
        self._day: date | None = None

    async def load(self, before: UUID | None = None) -> None:
        found = await search_audit(
            self._desk.db,
            self._desk.visitor.vendor_id,
            who=self._who,
            what=self._what,
            day=self._day,
            limit=SHOWN + 1,
            before=before,
        )
        self._has_more = len(found) > SHOWN
        self._entries = [*(self._entries if before else []), *found[:SHOWN]]

    def filters(self) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find in the log"'):
            finding.words(self._desk, "Who", self._by_name, placeholder="Morgan")
            finding.words(self._desk, "What", self._by_action, placeholder="signed in")
            finding.day(self._desk, "Day", self._by_day)

    async def _by_name(self, typed: str | None) -> None:
        self._who = typed
        await self._renew()

    async def _by_action(self, typed: str | None) -> None:
        self._what = typed.lower().replace(" ", "_") if typed else None
        await self._renew()

    async def _by_day(self, chosen: date | None) -> None:
        self._day = chosen
        await self._renew()

    async def _renew(self) -> None:
        async with excused():
            await self._desk.may("see_audit_log")
            await self.load()
            self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Found", "The newest first. Kept for good: nothing here is ever changed") as corner:
            nothing = "Nothing of this kind was done."
            sheet("who-did-what", _columns(self._desk), self._entries, nothing=nothing, corner=corner)
            if self._has_more:
                finding.more(self._desk, self._more)

    async def _more(self) -> None:
        await self._desk.may("see_audit_log")
        await self.load(self._entries[-1].id)
        self.show.refresh()


def _columns(desk: Desk) -> tuple[Column[AuditEntry], ...]:
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Who", lambda row: row.actor),
        Column("Approved by", lambda row: row.approved_by or "–"),
        Column("What", lambda row: plain(row.action)),
        Column("On", lambda row: f"{plain(row.row_type)} {end_of(row.row_id)}"),
        Column("Afterwards", lambda row: _in_words(row.after)),
    )


def _line_columns(desk: Desk) -> tuple[Column[LogLine], ...]:
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Level", lambda row: row.level, kind=lambda row: LEVEL_KINDS.get(row.level, "")),
        Column("Said", lambda row: row.message),
        Column("By", lambda row: row.function_name, is_code=True),
        Column("About", lambda row: _in_words(row.context)),
    )


def _in_words(known: Any) -> str:
    """Names and values, those that say something; too long ones are cut."""
    if not known:
        return "–"
    if not isinstance(known, dict):
        return json.dumps(known, default=str)[:DETAIL_MAX]
    parts = (f"{plain(name)} {_short(value)}" for name, value in known.items() if value not in (None, "", [], {}))
    words = ", ".join(parts)
    return words if len(words) <= DETAIL_MAX else f"{words[:DETAIL_MAX]}…"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return end_of(text) if len(text) > 30 and " " not in text else text
