"""Fields above a list, by which one finds something in it, and its next page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import Any

from nicegui import ui

from ringup.web.console.desk import Desk
from ringup.web.console.words import plain
from ringup.web.look import act, say

SEARCH_MAX = 100
Chosen = Callable[[str | None], Awaitable[None]]


def choice(desk: Desk, label: str, names: Iterable[str] | Mapping[str, str], chosen: Chosen) -> None:
    """One of some, or any. A mapping says what each is called."""
    called = dict(names) if isinstance(names, Mapping) else {name: plain(name) for name in names}

    async def choose(event: Any) -> None:
        await chosen(event.value or None)

    options = {"": "Any", **called}
    ui.select(options, value="", label=label, on_change=desk.reading(choose)).props("outlined dense options-dense")


def words(desk: Desk, label: str, typed: Chosen, *, placeholder: str = "") -> None:
    """A piece of text. What a search takes for a wildcard is left out."""

    async def find(event: Any) -> None:
        text = str(event.value or "").strip().replace("%", "").replace("_", "").replace("\\", "")
        await typed(text[:SEARCH_MAX] or None)

    field = ui.input(label, placeholder=placeholder, on_change=desk.reading(find))
    field.props("outlined dense debounce=250 clearable").classes("search")


def day(desk: Desk, label: str, chosen: Callable[[date | None], Awaitable[None]]) -> None:
    async def choose(event: Any) -> None:
        typed = str(event.value or "").strip()
        try:
            found = date.fromisoformat(typed) if typed else None
        except ValueError:
            say("A day is written 2026-11-25.", "warning")
            return
        await chosen(found)

    field = ui.input(label, on_change=desk.reading(choose))
    field.props("outlined dense type=date stack-label debounce=250 clearable")


def more(desk: Desk, show_more: Callable[[], Awaitable[None]]) -> None:
    """The button below a list that goes on."""
    with ui.element("div").classes("more"):
        act("Show more", desk.doing("see_reports", show_more))
