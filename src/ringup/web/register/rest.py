"""A card paid a part of a sale: what is left is paid in another way, or the part goes back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from ringup.db.reads.places import Processor
from ringup.web.look import Action, act, note, said, say
from ringup.web.register.terminal_choice import show_terminals
from ringup.web.register.till import Till


class Rest:
    """Shows what is left to pay. `doing` makes of an action what a button does."""

    def __init__(self, till: Till, doing: Callable[[Action], Action]) -> None:
        self._till = till
        self._doing = doing

    def show(self, document: dict[str, Any]) -> None:
        money, due = self._till.speech.money, document["due_minor"]
        said("The card paid a part", "credit_card", "warn")
        with ui.element("div").classes("figure-box"):
            ui.label("Still to pay").classes("quiet")
            ui.label(money(due)).classes("huge figure").mark("still-to-pay")
        note(f"{money(document['total_minor'] - due)} of {money(document['total_minor'])} is paid.", live=True)
        self._cash(due)
        show_terminals(self._till, self._take_card)

    def _cash(self, due_minor: int) -> None:
        speech = self._till.speech
        with ui.element("div").classes("quick"):
            for given in speech.quick_cash(due_minor):
                words = f"Cash {speech.money(given)}"
                act(words, self._doing(partial(self._take_cash, given)), "big", icon="payments").mark("quick")
        field = ui.input("Given by the customer", placeholder=speech.money(due_minor))
        field.props("outlined inputmode=decimal autocomplete=off").mark("given")

        async def typed() -> None:
            given = speech.minor(str(field.value or ""))
            if given is None or given < due_minor:
                say(f"{speech.money(due_minor)} is to be paid.", "warning")
            else:
                await self._take_cash(given)

        field.on("keydown.enter", self._doing(typed))

    async def _take_cash(self, given_minor: int) -> None:
        await self._till.pay_rest({"type": "cash", "tendered_minor": given_minor})

    async def _take_card(self, terminal: Processor) -> None:
        await self._doing(partial(self._till.pay_rest, {"type": "card", "processor_id": str(terminal.id)}))()
