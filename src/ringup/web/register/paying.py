"""How the cart is paid: cash with quick amounts, a card, a gift card, store credit, or one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal

from nicegui import ui

from ringup.db.reads.places import Processor
from ringup.web.look import act, excused, excusing, heading, say, sums
from ringup.web.register.approving import with_approvals
from ringup.web.register.own_value import OwnValue, value_name
from ringup.web.register.terminal_choice import show_terminals
from ringup.web.register.till import Till

LOOK_SECONDS = 2.0
REASON_MAX = 200
Way = Literal["cash", "card", "gift_card", "store_credit"]


class Paying:
    """The part of the page that asks how. Tenders that were chosen for a part are kept with the cart, on the server."""

    def __init__(self, till: Till, refresh: Callable[[], Awaitable[None]]) -> None:
        self._till = till
        self._refresh = refresh
        self._way: Way | None = None
        self._part_minor: int | None = None
        self._own_value = OwnValue(till, lambda: self._amount_minor, self._tender)
        self._looked_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._way is not None

    @property
    def takes_codes(self) -> bool:
        """Whether what is scanned now is a gift card's code, and not that of goods."""
        return self._way == "gift_card"

    async def scan(self, code: str) -> None:
        async with excused():
            await self._own_value.find(code)

    def close(self) -> None:
        self._way, self._part_minor = None, None
        self._own_value.forget()

    async def open_cash(self) -> None:
        await self._open("cash")

    async def open_card(self) -> None:
        await self._open("card")

    async def open_gift_card(self) -> None:
        await self._open("gift_card")

    async def open_store_credit(self) -> None:
        await self._open("store_credit")

    async def _open(self, way: Way) -> None:
        till = self._till
        if not till.contents.lines or till.is_frozen or till.problem:
            return
        async with excused():
            if till.due_minor == 0:
                await with_approvals(till, self._reason, lambda approvals: till.pay([], approvals))
            else:
                self.close()
                if way == "store_credit":
                    await self._own_value.load_credit()
                self._way = way
                await self._load_terminals()
        await self._refresh()

    @property
    def _reason(self) -> str:
        """What an approval is for, where one is needed."""
        contents = self._till.contents
        reasons = dict.fromkeys(discount["reason"] for discount in contents.all_discounts)
        if contents.returned is not None:
            reasons[contents.returned["reason"]] = None
        return ", ".join(reasons)[:REASON_MAX] or "Sell"

    @property
    def _amount_minor(self) -> int:
        return self._part_minor if self._part_minor is not None else self._till.rest_minor

    async def look(self) -> bool:
        """While a terminal is to be chosen, look now and then how they are; whether that changed."""
        now = asyncio.get_running_loop().time()
        if self._way != "card" or now - self._looked_at < LOOK_SECONDS:
            return False
        before = [_seen(terminal) for terminal in self._till.terminals]
        await self._load_terminals()
        return [_seen(terminal) for terminal in self._till.terminals] != before

    async def _load_terminals(self) -> None:
        self._looked_at = asyncio.get_running_loop().time()
        await self._till.load_terminals()

    def show(self) -> None:
        till = self._till
        with ui.element("div").classes("slip-part"):
            with ui.element("div").classes("spread"):
                heading("Pay")
                act("Back to the cart", self._leave, "bare", icon="arrow_back")
            planned = [
                (self._name(tender), till.speech.money(tender["amount_minor"])) for tender in till.contents.planned
            ]
            sums(
                [("Total", till.speech.money(till.due_minor)), *planned],
                total=("To pay", till.speech.money(till.rest_minor)),
            )
            if planned:
                act("Take the parts out", excusing(self._forget_parts), "bare", icon="undo")
        with ui.element("div").classes("slip-part"):
            with ui.element("div").classes("pay"):
                act("Cash", self.open_cash, "chosen" if self._way == "cash" else "", icon="payments")
                act("Card", self.open_card, "chosen" if self._way == "card" else "", icon="credit_card")
                act(
                    "Gift card", self.open_gift_card, "chosen" if self._way == "gift_card" else "", icon="card_giftcard"
                )
                if till.contents.customer_id is not None:
                    kind = "chosen" if self._way == "store_credit" else ""
                    act("Store credit", self.open_store_credit, kind, icon="account_balance_wallet")
            self._part()
        with ui.element("div").classes("slip-part grow"):
            match self._way:
                case "cash":
                    self._cash()
                case "gift_card":
                    self._own_value.show_card()
                case "store_credit":
                    self._own_value.show_credit()
                case _:
                    self._card()

    def _name(self, tender: dict[str, Any]) -> str:
        processor_id = tender.get("processor_id")
        if processor_id is None:
            return value_name(tender["type"], tender.get("code_last4"))
        names = {str(terminal.id): terminal.processor_name for terminal in self._till.terminals}
        return f"Card, {names.get(processor_id, 'terminal')}"

    def _part(self) -> None:
        speech = self._till.speech

        def read(typed: str) -> None:
            self._part_minor = speech.minor(typed)
            if self._part_minor is not None and not 0 < self._part_minor < self._till.rest_minor:
                self._part_minor = None
            self._own_value.renew()

        ui.input(
            "Only a part of it (split)",
            placeholder=speech.money(self._till.rest_minor),
            on_change=lambda e: read(str(e.value or "")),
        ).props("outlined inputmode=decimal autocomplete=off").mark("part")

    def _cash(self) -> None:
        speech = self._till.speech
        with ui.element("div").classes("quick"):
            for given in speech.quick_cash(self._till.rest_minor):
                kind = "big chosen" if given == self._till.rest_minor else "big"
                act(speech.money(given), excusing(partial(self._take_cash, given)), kind).mark("quick")
        field = (
            ui.input("Given by the customer", placeholder=speech.money(self._till.rest_minor))
            .props("outlined inputmode=decimal autocomplete=off")
            .mark("given")
        )

        async def typed() -> None:
            given = speech.minor(str(field.value or ""))
            if given is None:
                say("This is no amount.", "warning")
            else:
                await self._take_cash(given)

        field.on("keydown.enter", excusing(typed))
        act("Take the cash", excusing(typed), "main")

    async def _take_cash(self, given_minor: int) -> None:
        """What was given for a part, or for the rest, with change; less than that is a part of it."""
        if given_minor <= 0:
            return
        wanted = self._amount_minor
        amount = min(given_minor, wanted)
        await self._tender({"type": "cash", "amount_minor": amount, "tendered_minor": given_minor})

    def _card(self) -> None:
        show_terminals(self._till, self._take_card)
        act("Look again", excusing(self._look_again), "bare", icon="refresh")

    async def _look_again(self) -> None:
        await self._load_terminals()
        await self._refresh()

    async def _take_card(self, terminal: Processor) -> None:
        await self._tender({"type": "card", "processor_id": str(terminal.id), "amount_minor": self._amount_minor})

    async def _tender(self, tender: dict[str, Any]) -> None:
        """One more way of paying. When it covers the rest, the sale begins."""
        till = self._till
        planned = [*till.contents.planned, tender]
        if tender["amount_minor"] < till.rest_minor:
            self._part_minor = None
            self._own_value.forget()
            await till.change(lambda contents: contents.with_planned(planned))
            await self._load_terminals()
        else:
            self.close()
            try:
                await with_approvals(till, self._reason, lambda approvals: till.pay(planned, approvals))
            finally:
                await self._refresh()
        await self._refresh()

    async def _forget_parts(self) -> None:
        await self._till.change(lambda contents: contents.with_planned(()))
        await self._refresh()

    async def _leave(self) -> None:
        self.close()
        await self._refresh()


def _seen(terminal: Processor) -> tuple[object, ...]:
    """What of a terminal is shown."""
    return (terminal.id, terminal.processor_name, terminal.health, terminal.is_in_doubt, terminal.last_health_error)
