"""Letting a browser in, and the addresses that give it its cookies and take them away."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import app as rooms
from nicegui import ui

from ringup.web.backroom import Backroom
from ringup.web.look import act, bar, excusing, frame, heading, note, say, text
from ringup.web.tickets import Ticket
from ringup.web.visitors import (
    BROWSER_COOKIE,
    BROWSER_SECONDS,
    DESK_COOKIES,
    Desk,
    connect,
    find_visitor,
    set_cookie,
    sign_out,
)

ELSEWHERE = 303
NOBODY = UUID(int=0)
"""Whose ticket it is while the browser has no number yet."""


def add(backroom: Backroom) -> None:
    """Make the page `/connect`, and `/enter` and `/leave`, which only set cookies."""
    _add_connect(backroom)
    _add_enter(backroom)

    @rooms.get("/leave/{desk}", include_in_schema=False)
    async def leave(request: Request, desk: Desk) -> Response:
        visitor = await find_visitor(backroom, request)
        if visitor is not None:
            await sign_out(backroom, visitor, desk)
        response = RedirectResponse(f"/{desk}", ELSEWHERE)
        response.delete_cookie(DESK_COOKIES[desk], path="/")
        return response


def _add_enter(backroom: Backroom) -> None:
    @rooms.get("/enter/demo", include_in_schema=False)
    async def enter_demo(request: Request, to: Desk = "register") -> Response:
        """The demonstration shop lets everybody in."""
        sheet = backroom.demo_sheet()
        cookie = await connect(backroom, sheet["api_key"], "A visitor's browser") if sheet else None
        if cookie is None:
            return RedirectResponse("/connect", ELSEWHERE)
        response = RedirectResponse(f"/{to}", ELSEWHERE)
        set_cookie(request, response, BROWSER_COOKIE, cookie, max_age=BROWSER_SECONDS)
        return response

    @rooms.get("/enter/new/{number}", include_in_schema=False)
    async def enter_new(request: Request, number: str) -> Response:
        ticket = backroom.tickets.take(number, NOBODY)
        response = RedirectResponse(ticket.goes_to if ticket else "/connect", ELSEWHERE)
        if ticket is not None:
            set_cookie(request, response, ticket.cookie, ticket.value, max_age=BROWSER_SECONDS)
        return response

    @rooms.get("/enter/{number}", include_in_schema=False)
    async def enter(request: Request, number: str) -> Response:
        """A ticket becomes a cookie: of this browser, once. The person was checked before it was made."""
        visitor = await find_visitor(backroom, request)
        ticket = backroom.tickets.take(number, visitor.browser_id) if visitor else None
        response = RedirectResponse(ticket.goes_to if ticket else "/", ELSEWHERE)
        if ticket is not None:
            set_cookie(request, response, ticket.cookie, ticket.value)
        return response


def _add_connect(backroom: Backroom) -> None:
    @ui.page("/connect", title="Connect this browser · ringup")
    def connect_page() -> None:
        with bar("Connect this browser"):
            ui.element("div").classes("grow")
        with frame("Connect this browser"), ui.element("div").classes("card stack narrow"):
            heading("Connect this browser to a shop", 1)
            text(
                "A browser shows a shop's register and console once somebody has shown it an API key that may sign "
                "staff in (the scope staff:sign_in). The key is not kept here. When it is revoked, the browser is out.",
                "quiet",
                tag="p",
            )
            name = ui.input("A name for this browser", placeholder="Front till").props("outlined")
            key = ui.input("API key", password=True).props("outlined autocomplete=off")
            act("Connect", excusing(_connecting(backroom, name, key)), "main big")
            note("Make a key on the server: ringup keys create --help", "")


def _connecting(backroom: Backroom, name: ui.input, key: ui.input) -> Any:
    async def run() -> None:
        shown, key.value = str(key.value or "").strip(), ""
        cookie = await connect(backroom, shown, str(name.value or ""))
        if cookie is None:
            say("This key opens nothing here, or may not sign staff in.", "negative")
            return
        ticket = Ticket(NOBODY, BROWSER_COOKIE, cookie, "/register")
        ui.navigate.to(f"/enter/new/{backroom.tickets.make(ticket)}")

    return run
