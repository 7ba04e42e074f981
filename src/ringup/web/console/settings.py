"""How the shop is set up: what can be turned off at once, the programme, terminals, people, keys and browsers."""

from functools import partial
from typing import cast

from nicegui import ui

from ringup.db.calls.programmes import set_switch
from ringup.db.calls.tills import disconnect_browser
from ringup.db.reads.places import Location, Register, list_locations, list_registers
from ringup.db.reads.programmes import SwitchState, list_switches
from ringup.db.reads.tills import Browser, list_browsers
from ringup.domain.programme import SwitchName
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.settings_keys import Keys
from ringup.web.console.settings_people import People
from ringup.web.console.settings_programme import ProgrammePart
from ringup.web.console.settings_terminals import TerminalsPart
from ringup.web.console.sheets import Column, sheet
from ringup.web.console.words import plain
from ringup.web.look import badge, note, say

EVERYTHING = 500
BROWSERS_SHOWN = 20
SWITCHES = {
    "loyalty_updates": "Sales move points. While it is off, sales stand and their points wait.",
    "two_phase_commit": "Goods and points are set aside before a card is charged.",
}


async def show_settings(desk: Desk) -> None:
    db, vendor_id = desk.db, desk.visitor.vendor_id
    parts = (_Switches(desk), ProgrammePart(desk), TerminalsPart(desk), People(desk), Keys(desk), _Browsers(desk))
    for part in parts:
        await part.load()
    locations = await list_locations(db, vendor_id, limit=EVERYTHING)
    registers = await list_registers(db, vendor_id, limit=EVERYTHING)
    if not {"manage_settings", "manage_staff"} & desk.can:
        note(f"You can look at everything here; as {desk.person.role} you cannot change it.")
    with ui.element("div").classes("half-grid"):
        for part in parts:
            part.show()
        with panel("Registers") as corner:
            sheet("registers", _registers(desk), registers, nothing="There are none yet.", corner=corner)
        with panel("Stores") as corner:
            sheet("stores", _LOCATIONS, locations, nothing="There are none yet.", corner=corner)


class _Switches:
    """What can be turned off at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._states: list[SwitchState] = []

    async def load(self) -> None:
        self._states = await list_switches(self._desk.db, self._desk.visitor.vendor_id)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Switches", "They hold at once, for every register"):
            if not self._states:
                nothing("There are none.", "toggle_off")
            for state in self._states:
                self._state(state)

    def _state(self, state: SwitchState) -> None:
        with ui.element("div").classes("line"):
            with ui.element("div").classes("grow"):
                ui.label(plain(state.name).capitalize())
                ui.label(SWITCHES.get(state.name, "")).classes("quiet small")
            badge("on" if state.is_on else "off", "good" if state.is_on else "warn")
            words = "Turn off" if state.is_on else "Turn on"
            turn = partial(self._turn, state)
            self._desk.button(words, "manage_settings", turn, label=f"{words}: {plain(state.name)}")

    async def _turn(self, state: SwitchState) -> None:
        vendor_id, name = self._desk.visitor.vendor_id, cast(SwitchName, state.name)
        await set_switch(self._desk.db, vendor_id, name, is_on=not state.is_on, actor=self._desk.actor)
        say(f"{plain(state.name)} is {'off' if state.is_on else 'on'}.", "positive")
        await self.load()
        self.show.refresh()


class _Browsers:
    """Which browsers were let in, and putting one out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._browsers: list[Browser] = []

    async def load(self) -> None:
        self._browsers = await list_browsers(self._desk.db, self._desk.visitor.vendor_id)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Connected browsers", "A browser that is put out has to show a key again"):
            for browser in self._browsers[:BROWSERS_SHOWN]:
                self._browser(browser)
            if len(self._browsers) > BROWSERS_SHOWN:
                ui.label(f"and {len(self._browsers) - BROWSERS_SHOWN} more").classes("quiet small")

    def _browser(self, browser: Browser) -> None:
        with ui.element("div").classes("line"):
            with ui.element("div").classes("grow"):
                ui.label(browser.name)
                ui.label(f"last seen {self._desk.speech.moment(browser.last_seen_at)}").classes("quiet small")
            if browser.id == self._desk.visitor.browser_id:
                badge("this one", "good")
                return
            put_out, name = partial(self._disconnect, browser), f"Disconnect {browser.name}"
            self._desk.button("Disconnect", "manage_settings", put_out, label=name)

    async def _disconnect(self, browser: Browser) -> None:
        await disconnect_browser(self._desk.db, self._desk.visitor.vendor_id, browser.id, actor=self._desk.actor)
        say("It is out.", "positive")
        await self.load()
        self.show.refresh()


_LOCATIONS: tuple[Column[Location], ...] = (
    Column("Store", lambda row: row.name),
    Column("Code", lambda row: row.code),
)


def _registers(desk: Desk) -> tuple[Column[Register], ...]:
    return (
        Column("Register", lambda row: row.name),
        Column("Shift", lambda row: "open" if row.open_session_id else "closed"),
        Column("Opened by", lambda row: row.opened_by or "–"),
        Column("Sales", lambda row: "–" if row.order_count is None else str(row.order_count), right=True),
        Column("Cash taken", lambda row: desk.speech.money(row.cash_minor), right=True),
        Column("Cards", lambda row: desk.speech.money(row.card_minor), right=True),
    )
