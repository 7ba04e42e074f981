"""Who did what, and whose approval they had."""

import json
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.db.reads.staff import AuditEntry, AuditFilter, list_audit
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.console.orders import plain
from ringup.web.look import act, excused

SHOWN = 50
DETAIL_MAX = 120


async def show_log(desk: Desk) -> None:
    page = _Log(desk)
    await page.load()
    page.filters()
    page.show()


class _Log:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: list[AuditEntry] = []
        self._has_more = False
        self._name: str | None = None
        self._action: str | None = None

    async def load(self, before: UUID | None = None) -> None:
        found = await list_audit(
            self._desk.db,
            self._desk.visitor.vendor_id,
            AuditFilter(name=self._name, action=self._action),
            limit=SHOWN + 1,
            before=before,
        )
        self._has_more = len(found) > SHOWN
        self._entries = [*(self._entries if before else []), *found[:SHOWN]]

    def filters(self) -> None:
        async def by_name(event: Any) -> None:
            self._name = str(event.value or "").strip() or None
            await self._changed()

        async def by_action(event: Any) -> None:
            self._action = str(event.value or "").strip().replace(" ", "_") or None
            await self._changed()

        with ui.element("section").classes("card line-up"):
            ui.input("Who, as the log has it", placeholder="staff:Morgan", on_change=by_name).props(
                "outlined debounce=300 clearable"
            )
            ui.input("What", placeholder="signed in", on_change=by_action).props("outlined debounce=300 clearable")

    async def _changed(self) -> None:
        async with excused():
            await self._desk.may("see_audit_log")
            await self.load()
            self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        with ui.element("section").classes("card stack"):
            sheet("who-did-what", _columns(self._desk), self._entries, nothing="Nothing of this kind was done.")
            if self._has_more:
                act("Show more", self._more)

    async def _more(self) -> None:
        async with excused():
            await self._desk.may("see_audit_log")
            await self.load(self._entries[-1].id)
            self.show.refresh()


def _columns(desk: Desk) -> tuple[Column[AuditEntry], ...]:
    return (
        Column("When", lambda row: desk.speech.moment(row.created_at)),
        Column("Who", lambda row: row.actor),
        Column("Approved by", lambda row: row.approved_by or "–"),
        Column("What", lambda row: plain(row.action)),
        Column("On", lambda row: f"{plain(row.row_type)} {row.row_id[-12:]}"),
        Column("Afterwards", _afterwards),
    )


def _afterwards(entry: AuditEntry) -> str:
    if not entry.after:
        return "–"
    words = json.dumps(entry.after, default=str)
    return words if len(words) <= DETAIL_MAX else f"{words[:DETAIL_MAX]}…"
