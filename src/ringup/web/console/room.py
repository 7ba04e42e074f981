"""The frame of every page of the console: who is there, where one can go, and what is seen before and instead."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from ringup.db.reads.console import count_waiting, read_now
from ringup.db.reads.places import read_vendor
from ringup.domain.errors import ActionDenied, RingupError
from ringup.domain.ids import new_id
from ringup.domain.staff import Action
from ringup.web.amounts import speech_of
from ringup.web.backroom import Backroom
from ringup.web.console.desk import Desk
from ringup.web.look import act, bar, frame, heading, note, words_of
from ringup.web.signing_in import show_sign_in
from ringup.web.visitors import find_person, find_visitor

log = structlog.get_logger("ringup.web")

ROOMS = (
    ("/console", "Today", "today"),
    ("/console/terminals", "Terminals", "contactless"),
    ("/console/orders", "Orders", "receipt_long"),
    ("/console/payments", "Payments", "credit_card"),
    ("/console/shifts", "Shifts", "point_of_sale"),
    ("/console/doubts", "Doubts", "help_outline"),
    ("/console/points", "Points", "loyalty"),
    ("/console/reconciliation", "Reconciliation", "balance"),
    ("/console/log", "Who did what", "history"),
    ("/console/settings", "Settings", "tune"),
)
HEAD = '<link rel="stylesheet" href="/assets/console.css">'
SKELETON_CARDS = 3

Show = Callable[[Desk], Awaitable[None]]


class Watched(Protocol):
    """A page that is kept up to date. `state` changes whenever what it shows does."""

    @property
    def show(self) -> Any: ...

    async def load(self) -> None: ...

    def state(self) -> object: ...


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
    ui.add_head_html(HEAD)
    with bar(profile.name):
        ui.element("div").classes("grow")
        ui.label(f"{person.name}, {person.role}").classes("quiet")
        ui.link("Sign out", "/leave/console").classes("link-button")
    desk = Desk(backroom, request, visitor, person, speech_of(profile))
    with ui.element("div").classes("console"):
        counts = _rooms(request.url.path)
        with frame(title), ui.element("div").classes("room"):
            _Room(desk, title, show, action, counts).open()
    return None


def _rooms(path: str) -> dict[str, ui.label]:
    """Where one can go. Returns the places for how much waits there."""
    counts: dict[str, ui.label] = {}
    with ui.element("nav").classes("rooms").props('aria-label="Console"'):
        for target, name, icon in ROOMS:
            with ui.link(target=target) as link:
                ui.icon(icon).props('aria-hidden="true"')
                ui.label(name).classes("grow")
                counts[target] = ui.label().classes("count")
            if target == path or (target != "/console" and path.startswith(target)):
                link.props('aria-current="page"')
    return counts


class _Room:
    """What stands in the frame: at first that it is loading, then the page, or why there is none."""

    def __init__(self, desk: Desk, title: str, show: Show, action: Action, counts: dict[str, ui.label]) -> None:
        self._desk = desk
        self._title = title
        self._show = show
        self._action = action
        self._counts = counts

    def open(self) -> None:
        with ui.element("div").classes("room-head"):
            heading(self._title, 1)
            self._desk.said = ui.label().classes("live quiet small")
        self._place = ui.element("div").classes("room")
        self._wait()

    def _wait(self) -> None:
        self._place.clear()
        with self._place:
            with ui.element("div").classes("skeleton").props('role="status"') as skeleton:
                ui.label("Loading…").classes("quiet")
                for _ in range(SKELETON_CARDS):
                    ui.element("div").classes("card")
            content = ui.element("div").classes("room")
            content.set_visibility(False)
            # The page is sent at once, and filled when the browser is connected.
            ui.timer(0, lambda: self._fill(skeleton, content), once=True)

    async def _fill(self, skeleton: ui.element, content: ui.element) -> None:
        with content:
            try:
                await self._desk.may(self._action)
                await self._desk.learn()
                await self._show(self._desk)
            except RingupError as refusal:
                self._explain(content, words_of(refusal), again=not isinstance(refusal, ActionDenied))
            except Exception:  # noqa: BLE001  the entry point of a page
                self._explain(content, f"Something went wrong here; it was noted as {noted()}.", again=True)
        skeleton.delete()
        content.set_visibility(True)
        await self._count()

    def _explain(self, content: ui.element, words: str, *, again: bool) -> None:
        content.clear()
        with content:
            note(words, "bad")
            if again:
                with ui.element("div").classes("line-up"):
                    act("Try again", self._wait, "main", icon="refresh")

    async def _count(self) -> None:
        """How much waits behind the other doors. Without an answer they stay as they are."""
        try:
            waiting = await count_waiting(self._desk.db, self._desk.visitor.vendor_id)
        except Exception:  # noqa: BLE001  the entry point of a page
            noted()
            return
        found = {
            "/console/terminals": waiting.red_terminals,
            "/console/doubts": waiting.in_doubt + waiting.orphans,
            "/console/points": waiting.queued_points,
            "/console/reconciliation": waiting.open_items,
        }
        for target, number in found.items():
            self._counts[target].text = str(number) if number else ""


def noted() -> str:
    """Log what went wrong, and return the number to ask for."""
    number = str(new_id())[-12:]
    log.error("page_failed", number=number, exc_info=True)
    return number


def watch(desk: Desk, page: Watched, seconds: float) -> None:
    """Look again and again, and show what changed; say since when it is not up to date.

    After a quarter of an hour without anybody it stops, so that the sign-in can end.
    """
    said = desk.said
    assert said is not None, "a page is watched after its room was opened"

    async def look() -> None:
        if desk.is_idle:
            timer.deactivate()
            said.text = "Not looking any more: nobody was here for a quarter of an hour. Reload to go on."
            return
        try:
            await desk.may("see_reports")
            before = page.state()
            await page.load()
            now = await read_now(desk.db)
        except RingupError as refusal:
            if refusal.code == "not_signed_in":
                ui.navigate.reload()
            said.classes(add="late").text = f"Not up to date: {words_of(refusal)}"
            return
        except Exception:  # noqa: BLE001  the entry point of a page
            said.classes(add="late").text = f"Not up to date: something went wrong, noted as {noted()}."
            timer.deactivate()
            return
        said.classes(remove="late").text = f"As of {desk.speech.clock(now)}"
        if page.state() != before:
            page.show.refresh()

    timer = ui.timer(seconds, look)
