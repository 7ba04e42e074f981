"""The goods: categories, search, and what a scanner read."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import events, ui

from ringup.db.reads.shelf import Category, ShelfItem, browse_shelf, find_by_code, list_categories
from ringup.web.look import Part, act, empty, excused, part, say
from ringup.web.register.pieces import Goods
from ringup.web.register.till import Till

Tapped = Callable[[ShelfItem], Awaitable[None]]

SHOWN_MAX = 60
CODE_MAX = 64
TYPED = "(event) => emit(event.target.value)"
"""What the field holds when Enter is pressed: a scanner is faster than the field's own news."""


class Shelf:
    """What of the catalogue is in view. `tapped` is told what somebody wants."""

    def __init__(self, till: Till, tapped: Tapped) -> None:
        self._till = till
        self._tapped = tapped
        self._categories: list[Category] = []
        self._category: str | None = None
        self._search = ""
        self._items: list[ShelfItem] = []
        self._field: ui.input | None = None
        self._category_row: Part | None = None
        self._remarks: Part | None = None
        self._goods: Goods | None = None

    async def load(self) -> None:
        till, search = self._till, self._search
        if not self._categories:
            self._categories = await list_categories(till.backroom.shop.db, till.vendor_id)
            self._category = self._categories[0].name if self._categories else None
        items = await browse_shelf(
            till.backroom.shop.db,
            till.vendor_id,
            till.location_id,
            limit=SHOWN_MAX + 1,
            category=None if search else self._category,
            search=search or None,
        )
        if search == self._search:
            self._items = items

    def show(self) -> None:
        with ui.element("div").classes("finder"):
            self._search_field()
            self._category_row = part(self._show_categories, "categories-row")
        self._goods = Goods(self._till.speech)
        self._goods.on("tap", self._tap)
        self._goods.put(self._items[:SHOWN_MAX])
        self._remarks = part(self._show_remarks)

    def _search_field(self) -> None:
        self._field = (
            ui.input("Search, or scan a code (F2)", on_change=lambda e: self._look_for(str(e.value or "")))
            .props("outlined clearable debounce=150 autocomplete=off")
            .on("keydown.enter", self._enter, js_handler=TYPED)
            .mark("search")
        )
        with self._field.add_slot("prepend"):
            ui.icon("search")

    def _show_categories(self) -> None:
        with ui.element("div").classes("categories").props('role="group" aria-label="Categories"'):
            for category in self._categories:
                is_chosen = category.name == self._category and not self._search
                act(category.name, partial(self._choose, category.name), "chosen" if is_chosen else "").props(
                    f"aria-pressed={'true' if is_chosen else 'false'}"
                )

    def _show_remarks(self) -> None:
        if not self._items:
            empty(f"Nothing here is called “{self._search}”." if self._search else "There are no goods yet.")
        elif len(self._items) > SHOWN_MAX:
            empty("There is more: type a part of the name.")

    async def _tap(self, event: events.GenericEventArguments) -> None:
        item = next((item for item in self._items if str(item.id) == event.args), None)
        if item is not None:
            await self._tapped(item)

    async def _choose(self, name: str) -> None:
        self._category, self._search = name, ""
        if self._field is not None:
            self._field.value = ""
        await self.renew()

    async def _look_for(self, typed: str) -> None:
        if typed.strip() != self._search:
            self._search = typed.strip()
            await self.renew()

    async def renew(self) -> None:
        """Read the goods again: what is left changes with every sale."""
        async with excused():
            await self.load()
            for piece in (self._category_row, self._remarks):
                if piece is not None:
                    piece.renew()
            if self._goods is not None:
                self._goods.put(self._items[:SHOWN_MAX])

    async def _enter(self, event: events.GenericEventArguments) -> None:
        """Enter in the field: a whole code, or the only thing that is found."""
        typed = str(event.args or "").strip()[:CODE_MAX]
        if not typed:
            return
        await self._look_for(typed)
        found = self._items
        if await self.scan(typed, quietly=len(found) == 1):
            await self._forget_search()
        elif len(found) == 1:
            await self._forget_search()
            await self._tapped(found[0])

    async def _forget_search(self) -> None:
        if self._field is not None:
            self._field.value = ""
        await self._look_for("")

    async def scan(self, code: str, *, quietly: bool = False) -> bool:
        """Put what has this code into the cart, and say whether anything has it."""
        till = self._till
        async with excused():
            item = await find_by_code(till.backroom.shop.db, till.vendor_id, till.location_id, code)
            if item is not None:
                await self._tapped(item)
                return True
            if not quietly:
                say(f"Nothing here has the code {code[:40]}.", "warning")
        return False

    def focus(self) -> None:
        if self._field is not None:
            self._field.run_method("focus")
