"""How the shop is set up. To read; what may be changed here says so with a button."""

from functools import partial
from typing import TypeVar, cast

from nicegui import ui

from ringup.db.calls.programmes import set_switch
from ringup.db.calls.tills import disconnect_browser
from ringup.db.reads.places import (
    ApiKey,
    Location,
    Processor,
    Register,
    list_api_keys,
    list_locations,
    list_processors,
    list_registers,
)
from ringup.db.reads.programmes import SwitchState, find_programme, list_switches
from ringup.db.reads.staff import StaffMember, list_staff
from ringup.db.reads.tills import Browser, list_browsers
from ringup.domain.programme import SwitchName
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.console.orders import plain
from ringup.web.look import act, badge, empty, excused, excusing, heading, note, say, sums

Row = TypeVar("Row")

EVERYTHING = 500


async def show_settings(desk: Desk) -> None:
    db, vendor_id = desk.db, desk.visitor.vendor_id
    switches, browsers = _Switches(desk), _Browsers(desk)
    await switches.load()
    await browsers.load()
    switches.show()
    await _programme(desk)
    with ui.element("div").classes("half-grid"):
        _part("Terminals", "terminals", _TERMINALS, await list_processors(db, vendor_id, limit=EVERYTHING))
        _part("People", "people", _PEOPLE, await list_staff(db, vendor_id, limit=EVERYTHING))
        _part("Registers", "registers", _registers(desk), await list_registers(db, vendor_id, limit=EVERYTHING))
        _part("Stores", "stores", _LOCATIONS, await list_locations(db, vendor_id, limit=EVERYTHING))
        _part("API keys", "api-keys", _keys(desk), await list_api_keys(db, vendor_id))
    browsers.show()
    note("People, terminals, programmes and keys are changed with the API or the command line, by those who may.")


def _part(title: str, name: str, columns: tuple[Column[Row], ...], rows: list[Row]) -> None:
    with ui.element("section").classes("card stack"):
        heading(title)
        sheet(name, columns, rows, nothing="There are none yet.")


async def _programme(desk: Desk) -> None:
    programme = await find_programme(desk.db, desk.visitor.vendor_id)
    with ui.element("section").classes("card stack"):
        heading("Points programme")
        if programme is None:
            empty("There is none: sales earn no points.")
            return
        sums(
            [
                ("Points for each unit of money", f"{programme.points_per_unit.normalize():f}"),
                ("Points for each sale", str(programme.points_per_order)),
                ("A point is worth", desk.speech.money(programme.point_value_minor)),
                ("Least to use at once", f"{programme.redeem_minimum:,}"),
                ("Most of a sale that points pay", f"{programme.redeem_percent_maximum} %"),
                ("Points live", f"{programme.live_days} days" if programme.live_days else "for ever"),
                ("When goods come back", plain(programme.refund_policy)),
            ]
        )


class _Switches:
    """What can be turned off at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._states: list[SwitchState] = []

    async def load(self) -> None:
        self._states = await list_switches(self._desk.db, self._desk.visitor.vendor_id)

    @ui.refreshable_method
    def show(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Switches")
            if not self._states:
                empty("There are none.")
            for state in self._states:
                with ui.element("div").classes("spread"):
                    ui.label(plain(state.name))
                    badge("on" if state.is_on else "off", "good" if state.is_on else "warn")
                    words = "Turn off" if state.is_on else "Turn on"
                    act(words, excusing(partial(self._turn, state)), label=f"{words}: {plain(state.name)}")

    async def _turn(self, state: SwitchState) -> None:
        await self._desk.may("manage_settings")
        await set_switch(
            self._desk.db,
            self._desk.visitor.vendor_id,
            cast(SwitchName, state.name),
            is_on=not state.is_on,
            actor=self._desk.actor,
        )
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
        with ui.element("section").classes("card stack"):
            heading("Connected browsers")
            for browser in self._browsers[:20]:
                with ui.element("div").classes("spread"):
                    ui.label(browser.name)
                    ui.label(f"last seen {self._desk.speech.moment(browser.last_seen_at)}").classes("quiet small grow")
                    if browser.id == self._desk.visitor.browser_id:
                        badge("this one", "good")
                    else:
                        act(
                            "Disconnect",
                            excusing(partial(self._disconnect, browser)),
                            label=f"Disconnect {browser.name}",
                        )

    async def _disconnect(self, browser: Browser) -> None:
        await self._desk.may("manage_settings")
        await disconnect_browser(self._desk.db, self._desk.visitor.vendor_id, browser.id, actor=self._desk.actor)
        say("It is out.", "positive")
        async with excused():
            await self.load()
        self.show.refresh()


_TERMINALS: tuple[Column[Processor], ...] = (
    Column("Terminal", lambda row: row.processor_name),
    Column("Kind", lambda row: plain(row.processor_type)),
    Column("Live", lambda row: "live" if row.is_live else "test"),
    Column("In use", lambda row: "yes" if row.is_active else "no"),
)
_PEOPLE: tuple[Column[StaffMember], ...] = (
    Column("Name", lambda row: row.name),
    Column("Role", lambda row: row.role),
    Column("PIN", lambda row: "locked" if row.locked_until else "set" if row.has_pin else "none"),
    Column("Works here", lambda row: "yes" if row.is_active else "no"),
)
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


def _keys(desk: Desk) -> tuple[Column[ApiKey], ...]:
    return (
        Column("Key", lambda row: row.name),
        Column("Begins with", lambda row: f"rk_{row.prefix}"),
        Column("May", lambda row: "everything" if "*" in row.scopes else f"{len(row.scopes)} scopes"),
        Column("Until", lambda row: desk.speech.moment(row.expires_at)),
        Column("Holds", lambda row: "no" if row.revoked_at else "yes"),
    )
