"""Lists in which one looks for something: the fields above them, and their next page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from nicegui import ui

from ringup.web.console.desk import Desk
from ringup.web.console.parts import panel
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import plain
from ringup.web.look import act, say

SEARCH_MAX = 100
SHOWN = 50
Row = TypeVar("Row")
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


class Finder(Generic[Row]):
    """Rows by what one looks for, the newest first, a page at a time. `wanted` has the names of the filter's fields."""

    name: str
    hint = "The newest first"
    nothing: str

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.wanted: dict[str, Any] = {}
        self._rows: list[Row] = []
        self._has_more = False

    async def find(self, *, limit: int, before: UUID | None) -> Sequence[Row]:
        raise NotImplementedError

    def id_of(self, row: Row) -> UUID:
        raise NotImplementedError

    def columns(self) -> tuple[Column[Row], ...]:
        raise NotImplementedError

    def by(self, name: str, read: Callable[[Any], Any] = lambda chosen: chosen) -> Callable[[Any], Awaitable[None]]:
        """For a field: what is chosen there is wanted from now on."""

        async def choose(chosen: Any) -> None:
            self.wanted[name] = read(chosen) if chosen is not None else None
            await self.load()
            self.show.refresh()

        return choose

    async def load(self, *, more: bool = False) -> None:
        before = self.id_of(self._rows[-1]) if more and self._rows else None
        found = await self.find(limit=SHOWN + 1, before=before)
        self._has_more = len(found) > SHOWN
        self._rows = [*(self._rows if more else []), *found[:SHOWN]]

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Found", self.hint) as corner:
            sheet(self.name, self.columns(), self._rows, nothing=self.nothing, corner=corner)
            if self._has_more:
                with ui.element("div").classes("more"):
                    act("Show more", self.desk.doing("see_reports", self._more))

    async def _more(self) -> None:
        await self.load(more=True)
        self.show.refresh()
