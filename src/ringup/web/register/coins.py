"""How much is in a drawer, by coins and notes."""

from collections.abc import Callable

from nicegui import ui

from ringup.web.amounts import Speech
from ringup.web.look import text

QUANTITY_MAX = 100_000
FACES = {
    "USD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1),
    "CAD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 25, 10, 5),
    "EUR": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "GBP": (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "CHF": (100_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
    "JPY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1),
}
"""What coins and notes there are, in minor units. Elsewhere 1, 2 and 5 of every size."""


class Coins:
    """A field for each coin and note: how many of it there are. `changed` is called at every number."""

    def __init__(self, speech: Speech, changed: Callable[[], None]) -> None:
        self._speech = speech
        self._changed = changed
        self._fields: dict[int, ui.number] = {}
        self._sum: ui.label | None = None

    @property
    def denominations(self) -> dict[int, int]:
        """How many of each there are, without those of which there are none."""
        numbers = {face: int(field.value or 0) for face, field in self._fields.items()}
        return {face: max(0, min(number, QUANTITY_MAX)) for face, number in numbers.items() if number > 0}

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed: an empty drawer is said by a nought."""
        return any(field.value is not None for field in self._fields.values())

    def show(self) -> None:
        with ui.element("div").classes("coins").props('role="group" aria-label="Coins and notes"'):
            for face in faces_of(self._speech):
                self._fields[face] = (
                    ui.number(self._speech.money(face), min=0, max=QUANTITY_MAX, precision=0, on_change=self._add_up)
                    .props("outlined dense inputmode=numeric autocomplete=off")
                    .mark(f"coin-{face}")
                )
        with ui.element("div").classes("sum total"):
            text("Counted")
            self._sum = ui.label(self._speech.money(0)).classes("figure").mark("counted").props('role="status"')

    def _add_up(self) -> None:
        self._changed()
        if self._sum is not None:
            counted: int = sum(face * number for face, number in self.denominations.items())
            self._sum.text = self._speech.money(counted)


def faces_of(speech: Speech) -> tuple[int, ...]:
    """The largest first."""
    sizes = range(speech.exponent + 3)
    return FACES.get(speech.currency) or tuple(n * 10**size for size in reversed(sizes) for n in (5, 2, 1))
