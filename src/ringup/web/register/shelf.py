"""The goods: categories, search, and what a scanner read."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from ringup.db.reads.shelf import Category, ShelfItem, browse_shelf, find_by_code, list_categories
from ringup.web.look import act, empty, excused, named, say
from ringup.web.register.till import Till

Tapped = Callable[[ShelfItem], Awaitable[None]]

SHOWN_MAX = 60
FEW = 5


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

    async def load(self) -> None:
        till = self._till
        if not self._categories:
            self._categories = await list_categories(till.backroom.shop.db, till.vendor_id)
            self._category = self._categories[0].name if self._categories else None
        self._items = await browse_shelf(
            till.backroom.shop.db,
            till.vendor_id,
            till.location_id,
            limit=SHOWN_MAX + 1,
            category=None if self._search else self._category,
            search=self._search or None,
        )

    def show(self) -> None:
        with ui.element("div").classes("finder"):
            self._search_field()
            self._category_row()
        self._goods()

    def _search_field(self) -> None:
        self._field = (
            ui.input("Search, or scan a code (F2)", on_change=lambda e: self._look_for(str(e.value or "")))
            .props("outlined clearable debounce=150 autocomplete=off type=search")
            .on("keydown.enter", self._enter)
            .mark("search")
        )

    @ui.refreshable_method
    def _category_row(self) -> None:
        with ui.element("div").classes("categories").props('role="group" aria-label="Categories"'):
            for category in self._categories:
                chosen = "chosen" if category.name == self._category and not self._search else ""
                act(category.name, partial(self._choose, category.name), chosen)

    @ui.refreshable_method
    def _goods(self) -> None:
        if not self._items:
            empty(f"Nothing here is called “{self._search}”." if self._search else "There are no goods yet.")
            return
        with ui.element("div").classes("tile-grid"):
            for item in self._items[:SHOWN_MAX]:
                self._tile(item)
        if len(self._items) > SHOWN_MAX:
            empty("There is more: type a part of the name.")

    def _tile(self, item: ShelfItem) -> None:
        price = self._till.speech.money(item.price_minor)
        sold_out = item.available is not None and item.available <= 0
        left = "" if item.available is None or item.available > FEW else f"{item.available} left"
        tile = ui.button(on_click=lambda: self._tapped(item), color=None).props("unelevated no-caps").classes("good")
        named(tile, f"{item.name}, {price}{', sold out' if sold_out else ''}").mark(item.sku)
        if sold_out:
            tile.disable()
        with tile:
            ui.label(item.name).classes("name")
            with ui.element("div").classes("foot"):
                ui.label(price).classes("figure")
                ui.label("sold out" if sold_out else left).classes("small quiet")

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
            self._category_row.refresh()
            self._goods.refresh()

    async def _enter(self) -> None:
        """Enter in the field: a whole code, or the only thing that is found."""
        if self._field is None or not str(self._field.value or "").strip():
            return
        typed = str(self._field.value).strip()
        if await self.scan(typed, quietly=len(self._items) == 1):
            self._field.value = ""
        elif len(self._items) == 1:
            self._field.value = ""
            await self._tapped(self._items[0])

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
