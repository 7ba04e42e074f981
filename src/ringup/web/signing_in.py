"""The page on which people say who they are: a register where there is one to choose, a person, a PIN."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from nicegui import ui

from ringup.db.reads.places import Register, list_registers
from ringup.db.reads.staff import StaffMember, list_staff
from ringup.web.backroom import Backroom
from ringup.web.look import Part, act, bar, empty, excused, frame, heading, nothing_here, part, text
from ringup.web.visitors import Desk, Visitor, sign_in

PEOPLE_MAX = 500
PIN_MAX = 8
IN_THE_CONSOLE = ("auditor", "manager", "owner")


async def show_sign_in(backroom: Backroom, visitor: Visitor, desk: Desk) -> None:
    """Whoever signs in at a register takes it over; in the console people sit side by side."""
    shop, vendor_id = backroom.shop, visitor.vendor_id
    people = await list_staff(shop.db, vendor_id, limit=PEOPLE_MAX, is_active=True)
    people = [person for person in people if person.has_pin]
    registers: list[Register] = []
    if desk == "register":
        registers = [r for r in await list_registers(shop.db, vendor_id, limit=PEOPLE_MAX) if r.is_active]
    else:
        people = [person for person in people if person.role in IN_THE_CONSOLE]
    place = "Register" if desk == "register" else "Console"
    with bar(place):
        ui.element("div").classes("grow")
    with frame(f"Sign in · {place}"), ui.element("div").classes("sign-in stack"):
        heading("Who is at the register?" if desk == "register" else "Who is in the console?", 1)
        if not people or (desk == "register" and not registers):
            empty("Nobody can sign in yet: add people with a PIN, and a register, on the server (ringup staff --help).")
            return
        _SignIn(backroom, visitor, desk, people, registers).show()


class _SignIn:
    """What is chosen so far."""

    def __init__(
        self,
        backroom: Backroom,
        visitor: Visitor,
        desk: Desk,
        people: Sequence[StaffMember],
        registers: Sequence[Register],
    ) -> None:
        self._backroom = backroom
        self._visitor = visitor
        self._desk = desk
        self._people = people
        self._registers = registers
        self._register_id: UUID | None = registers[0].id if len(registers) == 1 else None
        self._staff_id: UUID | None = people[0].id if len(people) == 1 else None
        self._field: ui.input | None = None
        self._pad: Part | None = None
        self._register_buttons: dict[UUID, ui.button] = {}
        self._person_buttons: dict[UUID, ui.button] = {}

    def show(self) -> None:
        with ui.element("div").classes("sign-in-grid"):
            with ui.element("div").classes("stack"):
                if self._registers:
                    self._register_buttons = self._choices("Register", self._registers, self._choose_register)
                self._person_buttons = self._choices("Person", self._people, self._choose_person)
            self._pad = part(self._pin_pad)
        self._mark_chosen()

    def _choices(
        self, title: str, rows: Sequence[Register] | Sequence[StaffMember], choose: Callable[[UUID], None]
    ) -> dict[UUID, ui.button]:
        with ui.element("section").classes("card stack"):
            heading(title)
            with ui.element("div").classes("two-wide"):
                return {row.id: act(row.name, partial(choose, row.id), "big") for row in rows}

    def _choose_register(self, register_id: UUID) -> None:
        if register_id != self._register_id:
            self._register_id = register_id
            self._chosen()

    def _choose_person(self, staff_id: UUID) -> None:
        # The PIN of somebody who is chosen already may be half typed.
        if staff_id != self._staff_id:
            self._staff_id = staff_id
            self._chosen()

    def _chosen(self) -> None:
        self._mark_chosen()
        if self._pad is not None:
            self._pad.renew()

    def _mark_chosen(self) -> None:
        """The buttons stay as they are: one that was made anew might miss a quick second press."""
        for buttons, chosen in ((self._register_buttons, self._register_id), (self._person_buttons, self._staff_id)):
            for key, button in buttons.items():
                button.classes(add="chosen") if key == chosen else button.classes(remove="chosen")
                button.props["aria-pressed"] = "true" if key == chosen else "false"

    def _pin_pad(self) -> None:
        if self._staff_id is None or (self._registers and self._register_id is None):
            with ui.element("section").classes("card pin-card"):
                missing = "Choose who you are." if self._register_id or not self._registers else "Choose a register."
                nothing_here("lock", "PIN", missing)
            return
        with ui.element("section").classes("card stack pin-card"):
            heading("PIN")
            self._field = (
                ui.input("PIN", password=True)
                .props(f"outlined inputmode=numeric autocomplete=off maxlength={PIN_MAX} autofocus")
                .on("keydown.enter", self._try)
            )
            with ui.element("div").classes("pad"):
                for digit in "123456789":
                    act(digit, partial(self._type, digit))
                act("", self._erase, icon="backspace", label="Erase")
                act("0", lambda: self._type("0"))
                act("", self._try, "main", icon="login", label="Sign in")
            name = next(person.name for person in self._people if person.id == self._staff_id)
            pin = self._backroom.demo_pin(name)
            if pin is not None:
                text(f"In this demonstration {name}'s PIN is {pin}.", "quiet small", tag="p")
            self._field.run_method("focus")

    @property
    def _pin(self) -> str:
        assert self._field is not None, "the pad is shown"
        return str(self._field.value or "")

    @_pin.setter
    def _pin(self, pin: str) -> None:
        assert self._field is not None, "the pad is shown"
        self._field.value = pin

    def _type(self, digit: str) -> None:
        self._pin = (self._pin + digit)[:PIN_MAX]

    def _erase(self) -> None:
        self._pin = self._pin[:-1]

    async def _try(self) -> None:
        pin, self._pin = self._pin, ""
        assert self._staff_id is not None, "the pad is shown for somebody"
        async with excused():
            ui.navigate.to(
                await sign_in(
                    self._backroom,
                    self._visitor,
                    self._desk,
                    staff_id=self._staff_id,
                    register_id=self._register_id,
                    pin=pin,
                )
            )
