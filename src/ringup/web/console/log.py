"""Who did what, whose approval they had, and what the system said."""

import json
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


class _Log(finding.Finder[AuditEntry]):
    name = "who-did-what"
    hint = "The newest first. Kept for good: nothing here is ever changed"
    nothing = "Nothing of this kind was done."

    async def find(self, *, limit: int, before: UUID | None) -> list[AuditEntry]:
        await self.desk.may("see_audit_log")
        return await search_audit(self.desk.db, self.desk.visitor.vendor_id, limit=limit, before=before, **self.wanted)

    def id_of(self, row: AuditEntry) -> UUID:
        return row.id

    def columns(self) -> tuple[Column[AuditEntry], ...]:
        return _columns(self.desk)

    def filters(self) -> None:
        with ui.element("section").classes("card filters").props('aria-label="Find in the log"'):
            finding.words(self.desk, "Who", self.by("who"), placeholder="Morgan")
            finding.words(self.desk, "What", self.by("what", _as_kept), placeholder="signed in")
            finding.day(self.desk, "Day", self.by("day"))


def _as_kept(typed: str) -> str:
    return typed.lower().replace(" ", "_")


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
