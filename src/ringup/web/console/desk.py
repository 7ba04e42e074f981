"""The frame of every page of the console: who is there, where one can go, and tables that can be taken along."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Generic, TypeVar

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from ringup.db.calls.staff import SignedIn, permit_reading
from ringup.db.pool import Pool
from ringup.db.reads.places import read_vendor
from ringup.domain.errors import RingupError
from ringup.domain.staff import Action
from ringup.web.amounts import Speech, speech_of
from ringup.web.backroom import Backroom
from ringup.web.look import act, bar, empty, frame, heading, named, note, words_of
from ringup.web.signing_in import show_sign_in
from ringup.web.visitors import Visitor, find_person, find_visitor, require_person

Row = TypeVar("Row")

ROOMS = (
    ("/console", "Today"),
    ("/console/terminals", "Terminals"),
    ("/console/orders", "Orders"),
    ("/console/doubts", "Doubts"),
    ("/console/points", "Points"),
    ("/console/reconciliation", "Reconciliation"),
    ("/console/log", "Who did what"),
    ("/console/settings", "Settings"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody in the console."""

    backroom: Backroom
    visitor: Visitor
    person: SignedIn
    speech: Speech

    @property
    def db(self) -> Pool:
        return self.backroom.shop.db

    @property
    def actor(self) -> str:
        return f"staff:{self.person.name}"

    async def may(self, action: Action) -> None:
        """Asked before everything, on the server. Raises NotSignedIn, ActionDenied, ApprovalNeeded."""
        person = await require_person(self.backroom, self.visitor, "console")
        await permit_reading(
            self.db,
            self.visitor.vendor_id,
            staff_id=person.staff_id,
            action=action,
            approval_id=None,
            actor=self.actor,
        )


Show = Callable[[Desk], Awaitable[None]]


async def open_room(
    backroom: Backroom, request: Request, title: str, show: Show, action: Action = "see_reports"
) -> Response | None:
    """One page of the console, for those who may see it; for the others why not, or the sign-in."""
    visitor = await find_visitor(backroom, request)
    if visitor is None:
        return RedirectResponse("/connect" if backroom.demonstration is None else "/enter/demo?to=console")
    person = await find_person(backroom, visitor, "console")
    if person is None:
        await show_sign_in(backroom, visitor, "console")
        return None
    profile = await read_vendor(backroom.shop.db, visitor.vendor_id)
    assert profile is not None, "a browser was connected to a vendor"
    desk = Desk(backroom, visitor, person, speech_of(profile))
    with bar(profile.name):
        ui.element("div").classes("grow")
        ui.label(f"{person.name}, {person.role}").classes("quiet")
        ui.link("Sign out", "/leave/console").classes("link-button")
    _rooms(request.url.path)
    with frame(title):
        heading(title, 1)
        try:
            await desk.may(action)
            await show(desk)
        except RingupError as refusal:
            note(words_of(refusal), "bad")
    return None


def _rooms(path: str) -> None:
    with ui.element("nav").classes("side").props('aria-label="Console"'):
        for target, name in ROOMS:
            link = ui.link(name, target)
            if target == path or (target != "/console" and path.startswith(target)):
                link.props('aria-current="page"')


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`link` is an address, `kind` makes it a badge: good, warn, bad or plain."""

    title: str
    text: Callable[[Row], str]
    link: Callable[[Row], str] | None = None
    kind: Callable[[Row], str] | None = None
    right: bool = False


def sheet(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], *, nothing: str) -> None:
    """A table with a button that exports it. `name` is the file's."""
    if not rows:
        empty(nothing)
        return
    table = ui.html(_markup(name, columns, rows), sanitize=False).classes("sheet").props('tabindex="0" role="region"')
    named(table, name)
    content = _as_csv(columns, rows)

    def export() -> None:
        ui.download.content(content, f"{name}.csv", "text/csv")

    act("Export CSV", export, icon="download").classes("export no-print")


def _markup(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> str:
    """Every word is escaped."""
    head = "".join(f'<th scope="col" class="{_side(column)}">{escape(column.title)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(_cell(column, row) for column in columns)}</tr>" for row in rows)
    caption = f'<caption class="hidden-but-read">{escape(name)}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _side(column: Column[Row]) -> str:
    return "right" if column.right else ""


def _cell(column: Column[Row], row: Row) -> str:
    words = escape(column.text(row))
    if column.kind is not None:
        words = f'<span class="badge {escape(column.kind(row))}">{words}</span>'
    if column.link is not None:
        words = f'<a href="{escape(column.link(row))}">{words}</a>'
    return f'<td class="{_side(column)}">{words}</td>'


def _as_csv(columns: Sequence[Column[Row]], rows: Sequence[Row]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.title for column in columns])
    writer.writerows([[_safe(column.text(row)) for column in columns] for row in rows])
    return file.getvalue()


def _safe(text: str) -> str:
    """Names come from customers; a spreadsheet must not run one."""
    return f"'{text}" if text.startswith(FORMULA) else text


def number_card(title: str, value: str, about: str = "", *, kind: str = "", target: str = "") -> None:
    """One number that people look at first. `kind` colours its border."""
    with ui.element("section").classes(f"card number-card {kind}"):
        ui.label(title).classes("quiet")
        ui.label(value).classes("value figure")
        if target:
            ui.link(about or "See them", target)
        elif about:
            ui.label(about).classes("quiet small")
