"""People: who works here, their roles and PINs."""

from functools import partial

from nicegui import ui

from ringup.api.staff import NewPerson, PinForm
from ringup.db.calls.staff import save_staff, set_staff_pin
from ringup.db.reads.staff import StaffMember, list_staff
from ringup.domain.ids import new_id
from ringup.domain.staff import ROLES
from ringup.staff.pins import hash_pin
from ringup.web.console.asking import dialog_of
from ringup.web.console.checking import checked
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.sheets import Column, export
from ringup.web.look import act, badge, say

EVERYTHING = 500
PIN_PROPS = "outlined inputmode=numeric autocomplete=off maxlength=8"


class People:
    """The database says who may manage whom: nobody above their own rank."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._people: list[StaffMember] = []

    async def load(self) -> None:
        self._people = await list_staff(self._desk.db, self._desk.visitor.vendor_id, limit=EVERYTHING)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("People") as corner:
            with corner:
                self._desk.button("Add", "manage_staff", self._ask_new, "small-act", icon="add", label="Add a person")
            if not self._people:
                nothing("Nobody works here yet.", "group")
                return
            export("people", _COLUMNS, self._people, corner)
            for person in self._people:
                self._person(person)

    def _person(self, person: StaffMember) -> None:
        with ui.element("div").classes("line").mark("person"):
            with ui.element("div").classes("grow"):
                ui.label(person.name)
                ui.label(f"{person.role}, {_pin_words(person)}").classes("quiet small")
            if not person.is_active:
                badge("left")
            pin = partial(self._ask_pin, person)
            self._desk.button("PIN", "manage_staff", pin, "small-act", label=f"New PIN for {person.name}")
            words = "Let go" if person.is_active else "Take back"
            turn = partial(self._turn, person)
            self._desk.button(words, "manage_staff", turn, "small-act", label=f"{words}: {person.name}")

    async def _ask_new(self) -> None:
        async with dialog_of("Somebody begins") as dialog:
            name = ui.input("Name").props("outlined autofocus maxlength=100")
            role = ui.select(list(ROLES), value="cashier", label="Role").props("outlined")
            pin = ui.input("PIN, 4 to 8 digits", password=True).props(PIN_PROPS)

            async def add() -> None:
                typed = {"name": str(name.value or "").strip(), "role": role.value, "pin": pin.value or None}
                await self._add(checked(NewPerson, typed))
                dialog.close()

            with ui.element("div").classes("pay"):
                act("Add", self._desk.doing("manage_staff", add), "main")
                act("Leave it", dialog.close)

    async def _add(self, form: NewPerson) -> None:
        desk, staff_id = self._desk, new_id()
        vendor_id = desk.visitor.vendor_id
        pin_hash = await hash_pin(desk.backroom.shop.keyring, vendor_id, staff_id, form.pin) if form.pin else None
        await save_staff(
            desk.db,
            vendor_id,
            staff_id,
            name=form.name,
            role=form.role,
            is_active=True,
            pin_hash=pin_hash,
            by_staff_id=desk.person.staff_id,
            approval_id=None,
            actor=desk.actor,
        )
        say(f"{form.name} works here.", "positive")
        await self._renew()

    async def _turn(self, person: StaffMember) -> None:
        """Whoever leaves is signed out everywhere."""
        await save_staff(
            self._desk.db,
            self._desk.visitor.vendor_id,
            person.id,
            name=person.name,
            role=person.role,
            is_active=not person.is_active,
            by_staff_id=self._desk.person.staff_id,
            approval_id=None,
            actor=self._desk.actor,
        )
        await self._renew()

    async def _ask_pin(self, person: StaffMember) -> None:
        async with dialog_of(f"A new PIN for {person.name}") as dialog:
            pin = ui.input("PIN, 4 to 8 digits", password=True).props(f"{PIN_PROPS} autofocus")

            async def give() -> None:
                await self._give_pin(person, checked(PinForm, {"pin": pin.value or ""}).pin)
                dialog.close()

            with ui.element("div").classes("pay"):
                act("Give it", self._desk.doing("manage_staff", give), "main")
                act("Leave it", dialog.close)

    async def _give_pin(self, person: StaffMember, pin: str) -> None:
        desk = self._desk
        vendor_id = desk.visitor.vendor_id
        await set_staff_pin(
            desk.db,
            vendor_id,
            person.id,
            pin_hash=await hash_pin(desk.backroom.shop.keyring, vendor_id, person.id, pin),
            by_staff_id=desk.person.staff_id,
            approval_id=None,
            actor=desk.actor,
        )
        say(f"{person.name} has a new PIN, and is signed out everywhere.", "positive")
        await self._renew()

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()


def _pin_words(person: StaffMember) -> str:
    if person.locked_until:
        return "PIN locked"
    return "has a PIN" if person.has_pin else "no PIN"


_COLUMNS: tuple[Column[StaffMember], ...] = (
    Column("Name", lambda row: row.name),
    Column("Role", lambda row: row.role),
    Column("PIN", _pin_words),
    Column("Works here", lambda row: "yes" if row.is_active else "no"),
)
