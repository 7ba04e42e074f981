"""Terminals: which there are, whether they are in use, and a new one."""

from functools import partial

from nicegui import ui

from ringup.api.processors import ProcessorForm
from ringup.db.calls.shop import save_processor
from ringup.db.reads.places import Location, Processor, list_locations, list_processors
from ringup.domain.ids import new_id
from ringup.web.console.asking import dialog_of
from ringup.web.console.checking import checked
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.sheets import Column, export
from ringup.web.console.words import plain
from ringup.web.look import act, badge, say

EVERYTHING = 500
MODES = {"auth_capture": "Set the money aside, capture it after the sale", "sale": "Take the money at once"}


class TerminalsPart:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._terminals: list[Processor] = []
        self._locations: list[Location] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._terminals = await list_processors(self._desk.db, vendor_id, limit=EVERYTHING)
        self._locations = await list_locations(self._desk.db, vendor_id, limit=EVERYTHING)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Terminals") as corner:
            with corner:
                add = self._ask_new
                self._desk.button("Add", "manage_settings", add, "small-act", icon="add", label="Add a terminal")
            if not self._terminals:
                nothing("No terminal is set up yet.", "contactless")
                return
            export("terminals", _columns(self._stores()), self._terminals, corner)
            for terminal in self._terminals:
                self._terminal(terminal)

    def _stores(self) -> dict[str, str]:
        return {str(location.id): location.name for location in self._locations}

    def _terminal(self, terminal: Processor) -> None:
        with ui.element("div").classes("line").mark("terminal"):
            with ui.element("div").classes("grow"):
                ui.label(terminal.processor_name)
                about = (
                    self._stores().get(str(terminal.location_id), ""),
                    plain(terminal.processor_type),
                    _live(terminal),
                )
                ui.label(" · ".join(about)).classes("quiet small")
            badge("in use" if terminal.is_active else "not in use", "good" if terminal.is_active else "")
            words = "Put away" if terminal.is_active else "Use it"
            turn = partial(self._turn, terminal)
            label = f"{words}: {terminal.processor_name}"
            self._desk.button(words, "manage_settings", turn, "small-act", label=label)

    async def _turn(self, terminal: Processor) -> None:
        """One that is not in use is not offered, and not asked whether it is there."""
        await save_processor(
            self._desk.db,
            self._desk.visitor.vendor_id,
            terminal.id,
            location_id=terminal.location_id,
            name=terminal.processor_name,
            processor_type=terminal.processor_type,
            is_active=not terminal.is_active,
            is_live=terminal.is_live,
            settings=terminal.settings,
            credentials=None,
            credentials_key_id=None,
            actor=self._desk.actor,
        )
        await self._renew()

    async def _ask_new(self) -> None:
        async with dialog_of("A new Dejavoo terminal") as dialog:
            name = ui.input("Name, as staff know it").props("outlined autofocus maxlength=100")
            store = ui.select(self._stores(), label="Store").props("outlined")
            tpn = ui.input("TPN").props("outlined maxlength=12")
            auth_key = ui.input("Auth key: stored encrypted", password=True).props("outlined autocomplete=off")
            address = ui.input("Address of the proxy", placeholder="https://").props("outlined")
            mode = ui.select(MODES, value="auth_capture", label="How it takes money").props("outlined")
            is_live = ui.checkbox("It moves real money", value=False)

            async def add() -> None:
                typed = {
                    "name": str(name.value or "").strip(),
                    "location_id": store.value,
                    "is_live": bool(is_live.value),
                    "auth_key": auth_key.value or "",
                    "settings": {
                        "base_url": str(address.value or "").strip(),
                        "tpn": str(tpn.value or "").strip(),
                        "mode": mode.value,
                    },
                }
                await self._add(checked(ProcessorForm, typed))
                dialog.close()

            with ui.element("div").classes("pay"):
                act("Add it", self._desk.doing("manage_settings", add), "main")
                act("Leave it", dialog.close)

    async def _add(self, form: ProcessorForm) -> None:
        desk, processor_id = self._desk, new_id()
        keyring, vendor_id = desk.backroom.shop.keyring, desk.visitor.vendor_id
        await save_processor(
            desk.db,
            vendor_id,
            processor_id,
            location_id=form.location_id,
            name=form.name,
            processor_type=form.processor_type,
            is_active=True,
            is_live=form.is_live,
            settings=form.settings.model_dump(),
            credentials=keyring.encrypt(form.auth_key, vendor_id=vendor_id, row_id=processor_id),
            credentials_key_id=keyring.key_id,
            actor=desk.actor,
        )
        say(f"{form.name} is set up. It is amber until it was asked whether it is there.", "positive")
        await self._renew()

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()


def _live(terminal: Processor) -> str:
    return "moves real money" if terminal.is_live else "test"


def _columns(stores: dict[str, str]) -> tuple[Column[Processor], ...]:
    return (
        Column("Terminal", lambda row: row.processor_name),
        Column("Store", lambda row: stores.get(str(row.location_id), "–")),
        Column("Kind", lambda row: plain(row.processor_type)),
        Column("Money", _live),
        Column("In use", lambda row: "yes" if row.is_active else "no"),
    )
