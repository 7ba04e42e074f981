"""The page `/register`: signed in, shift open, goods on the left and the cart on the right."""

import asyncio
from functools import partial

from fastapi import Request
from fastapi.responses import Response
from nicegui import events, ui

from ringup.db.reads.shelf import ShelfItem
from ringup.db.reads.tills import TillCart
from ringup.domain.errors import RingupError
from ringup.web.backroom import Backroom
from ringup.web.look import (
    Action,
    Part,
    act,
    badge,
    bar,
    excused,
    excusing,
    frame,
    part,
    person,
    say,
    text,
)
from ringup.web.register.arriving import arrive
from ringup.web.register.contents import contents_of
from ringup.web.register.opening import ask_float
from ringup.web.register.outcome import Outcome
from ringup.web.register.receipts import add_receipts
from ringup.web.register.returns_page import add_returns
from ringup.web.register.shelf import CODE_MAX, Shelf
from ringup.web.register.shift_page import add_shift
from ringup.web.register.slip import Slip
from ringup.web.register.till import Till

LOOK_SECONDS = 0.5
IDLE_SECONDS = 15 * 60 + 5
"""After so long without a press the page asks who is there; the sign-in has ended by then."""
PARKED_WORDS = {
    "completed": ("sold", "good"),
    "payment_failed": ("not sold", "bad"),
    "cancelled": ("given up", "bad"),
}


def add(backroom: Backroom) -> None:
    """Make the page `/register`, and the addresses of receipts."""
    add_receipts(backroom)
    add_shift(backroom)
    add_returns(backroom)

    @ui.page("/register", title="Register · ringup", response_timeout=10)
    async def register(request: Request) -> Response | None:
        till = await arrive(backroom, request)
        if not isinstance(till, Till):
            return till
        await RegisterPage(till).show()
        return None


class RegisterPage:
    """One open page. It looks twice a second whether its register changed, wherever that happened."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._shelf = Shelf(till, self._tapped)
        self._slip = Slip(till, self.refresh)
        self._outcome = Outcome(till, self.refresh)
        self._pressed_at = _clock()
        self._had_session = True
        self._slip_side: Part | None = None
        self._parked_carts: Part | None = None
        self._shown = ""

    async def show(self) -> None:
        till = self._till
        assert till.register is not None, "the till was loaded"
        with bar(till.register.name):
            self._parked_carts = part(self._show_parked, "parked")
            ui.element("div").classes("grow")
            person(till.person.name)
            ui.link("Returns", "/register/returns").classes("link-button")
            ui.link("Shift", "/register/shift").classes("link-button")
            ui.link("Sign out", "/leave/register").classes("link-button")
        self._had_session = till.register.open_session_id is not None
        with frame("Register", wide=True):
            if self._had_session:
                await self._shelf.load()
                self._counter()
            else:
                ask_float(till)
        ui.on("scan", self._scanned)
        ui.on("shortcut", self._shortcut)
        ui.timer(LOOK_SECONDS, self._look)

    def _counter(self) -> None:
        with ui.element("div").classes("till"):
            with ui.element("section").classes("shelf").props('aria-label="Goods"'):
                heading_for_readers("Register")
                self._shelf.show()
            slip = ui.element("section").classes("slip").props('aria-label="Sale" tabindex="0"')
            self._slip_side = Part(slip, self._show_slip)
            self._slip_side.renew()

    def _show_slip(self) -> None:
        self._shown = self._kind
        (self._outcome if self._till.is_frozen else self._slip).show()

    @property
    def _kind(self) -> str:
        return "outcome" if self._till.is_frozen else self._slip.kind

    def _show_parked(self) -> None:
        for cart in self._till.parked:
            words, kind = parked_words(cart)
            name = contents_of(cart.contents).customer_name or f"{contents_of(cart.contents).count} goods"
            with act("", excusing(partial(self._take_back, cart)), label=f"Parked: {name}, {words}").mark("parked"):
                ui.label(name)
                badge(words, kind)

    async def _take_back(self, cart: TillCart) -> None:
        await self._till.move("counter", cart)
        self._slip.paying.close()
        await self.refresh()

    async def refresh(self) -> None:
        """Show what is so now."""
        self._pressed_at = _clock()
        await self._renew()

    async def _renew(self) -> None:
        if self._parked_carts is not None:
            carts = self._till.parked
            self._parked_carts.renew([(cart.id, cart.revision, cart.status, cart.payment_status) for cart in carts])
        if self._slip_side is not None:
            if self._kind == self._shown and self._kind in ("cart", "empty", "exchange"):
                self._slip.update()
            else:
                self._slip_side.renew()
            if self._till.is_sold:
                await self._shelf.renew()

    async def _tapped(self, item: ShelfItem) -> None:
        if self._till.is_frozen and not self._till.is_sold:
            say("Another cart is on the counter. Park it to serve the next customer.", "warning")
            return
        self._slip.paying.close()
        await self._slip.change(lambda contents: contents.with_item(item))

    async def _scanned(self, event: events.GenericEventArguments) -> None:
        code = str(event.args)[:CODE_MAX]
        if self._slip.paying.takes_codes:
            await self._slip.paying.scan(code)
        elif self._had_session:
            await self._shelf.scan(code)

    async def _shortcut(self, event: events.GenericEventArguments) -> None:
        if not self._had_session:
            return
        if event.args == "F2":
            self._shelf.focus()
            return
        keys: dict[str, Action] = {
            "F4": self._slip.ask_customer,
            "F7": self._slip.park,
            "F8": self._slip.paying.open_cash,
            "F9": self._slip.paying.open_card,
            "Escape": self._back,
        }
        if self._till.is_frozen:
            keys = self._outcome.keys
        if event.args in keys:
            async with excused():
                await keys[event.args]()

    async def _back(self) -> None:
        if self._slip.paying.is_open:
            self._slip.paying.close()
            await self.refresh()

    async def _look(self) -> None:
        if _clock() - self._pressed_at > IDLE_SECONDS:
            ui.navigate.reload()
            return
        try:
            changed = await self._till.look()
            terminals_changed = await self._slip.paying.look()
        except RingupError:
            # The next look comes in half a second. Whoever presses something is told.
            return
        register = self._till.register
        if register is not None and (register.open_session_id is not None) != self._had_session:
            ui.navigate.reload()
        elif changed or (terminals_changed and self._kind == "paying"):
            await self._renew()


def heading_for_readers(words: str) -> None:
    text(words, "hidden-but-read", tag="h1")


def parked_words(cart: TillCart) -> tuple[str, str]:
    """What became of a parked cart, and how to show it."""
    if cart.tenders is None:
        return "parked", ""
    if cart.status in PARKED_WORDS:
        return PARKED_WORDS[cart.status]
    return ("finding out", "warn") if cart.payment_status == "unknown" else ("being paid", "warn")


def _clock() -> float:
    return asyncio.get_running_loop().time()
