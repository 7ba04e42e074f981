"""The page `/register/returns`: a sale is found, what of it comes back is chosen, and the money goes back."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fastapi import Request, Response
from nicegui import events, ui

from ringup.db.reads.orders import OrderSummary
from ringup.domain.tender_names import TENDER_NAMES
from ringup.web.backroom import Backroom
from ringup.web.look import (
    Action,
    Part,
    act,
    badge,
    bar,
    empty,
    excused,
    excusing,
    frame,
    heading,
    named,
    note,
    nothing_here,
    part,
    person,
    say,
    sums,
    text,
)
from ringup.web.register.arriving import arrive
from ringup.web.register.refunded import show_refund
from ringup.web.register.returning import Asked, Left, Returning
from ringup.web.register.till import Till

IDLE_SECONDS = 15 * 60 + 5
LOOK_SECONDS = 5.0
NUMBER_MAX = 64
REASON_MAX = 200
WILD = str.maketrans("", "", "%_\\")
"""What a search takes for a wildcard is left out."""
WAYS = ((None, "As it was paid", "undo"), ("cash", "In cash", "payments"))
CREDIT = ("store_credit", "As store credit", "account_balance_wallet")

Edit = Callable[[Asked], Asked]


def add_returns(backroom: Backroom) -> None:
    """Make the page."""

    @ui.page("/register/returns", title="Returns · ringup", response_timeout=10)
    async def returns(request: Request) -> Response | None:
        till = await arrive(backroom, request)
        if not isinstance(till, Till):
            return till
        page = ReturnsPage(Returning(till))
        page.show()
        return None


class ReturnsPage:
    """One open page. What was chosen stands on it alone; what was given back, in the database."""

    def __init__(self, returning: Returning) -> None:
        self._returning = returning
        self._reason = ""
        self._pressed_at = _clock()
        self._list: Part | None = None
        self._work_side: Part | None = None

    def show(self) -> None:
        till = self._returning.till
        assert till.register is not None, "the till was loaded"
        with bar(till.register.name):
            ui.element("div").classes("grow")
            person(till.person.name)
            ui.link("Back to the register", "/register").classes("link-button")
        with frame("Returns"):
            heading("Returns", 1)
            with ui.element("div").classes("shift"):
                with ui.element("section").classes("card stack"):
                    self._finder()
                    self._list = part(self._found, "stack")
                self._work_side = part(self._work, "stack")
        ui.on("scan", self._scanned)
        ui.timer(0.01, excusing(self._load), once=True)
        ui.timer(LOOK_SECONDS, self._look)

    async def _load(self) -> None:
        await self._returning.load()
        self._renew()

    async def _look(self) -> None:
        """After a quarter of an hour without a press, ask who is there."""
        if _clock() - self._pressed_at > IDLE_SECONDS:
            ui.navigate.reload()

    def _renew(self) -> None:
        self._pressed_at = _clock()
        returning = self._returning
        chosen = returning.asked.order.id if returning.asked is not None else None
        if self._list is not None:
            self._list.renew((chosen, [(order.id, order.status) for order in returning.found]))
        if self._work_side is not None:
            self._work_side.renew()

    def _doing(self, action: Action) -> Action:
        """The action, and then the page as it is, whether it succeeded or was refused."""

        async def run() -> None:
            try:
                await action()
            finally:
                self._renew()

        return excusing(run)

    def _finder(self) -> None:
        heading("The sale")
        field = ui.input("Number, or scan the receipt").props(f"outlined autocomplete=off maxlength={NUMBER_MAX}")

        async def typed() -> None:
            await self._find(str(field.value or ""))

        field.on("keydown.enter", self._doing(typed))
        with ui.element("div").classes("pay"):
            act("Find it", self._doing(typed), "main", icon="search")
            act("Sales of today", self._doing(self._returning.load), icon="today")

    async def _scanned(self, event: events.GenericEventArguments) -> None:
        await self._doing(partial(self._find, str(event.args)))()

    async def _find(self, typed: str) -> None:
        number = typed.strip().translate(WILD)[:NUMBER_MAX]
        if not number:
            say("Type the number that stands on the receipt.", "warning")
        elif not await self._returning.find(number):
            say(f"No sale at this place has the number {number[:40]}.", "warning")

    def _found(self) -> None:
        if not self._returning.found:
            empty("Nothing was sold here yet today.")
        for order in self._returning.found:
            self._sale(order)

    def _sale(self, order: OrderSummary) -> None:
        speech, asked = self._returning.till.speech, self._returning.asked
        is_chosen = asked is not None and asked.order.id == order.id
        choose = self._doing(partial(self._choose, order))
        button = act("", choose, "chosen" if is_chosen else "", label=f"Order {order.order_number}")
        with button, ui.element("div").classes("spread grow"):
            ui.label(order.order_number).classes("strong")
            ui.label(speech.clock(order.completed_at)).classes("quiet small grow")
            if order.status != "completed":
                badge("given back" if order.status == "refunded" else "partly back")
            ui.label(speech.money(order.total_minor)).classes("figure")

    async def _choose(self, order: OrderSummary) -> None:
        self._reason = ""
        await self._returning.choose(order)

    def _work(self) -> None:
        returning = self._returning
        if returning.refund is not None:
            with ui.element("section").classes("card stack"):
                show_refund(returning, self._doing)
        elif returning.asked is None:
            nothing_here("assignment_return", "Choose a sale", "Type its number, scan its receipt, or tap it.")
        else:
            self._choice(returning.asked)

    def _choice(self, asked: Asked) -> None:
        with ui.element("section").classes("card stack"):
            heading(f"Order {asked.order.order_number}")
            if not asked.lines:
                note(self._returning.problem or "All of it is back already.", "warn", live=True)
                return
            for line in asked.lines:
                self._line(line)
            if not asked.is_everything:
                act("All of it", self._changing(_everything), icon="done_all")
            self._ways(asked)
        if asked.chosen:
            with ui.element("section").classes("card stack"):
                self._sums()

    def _changing(self, edit: Edit) -> Action:
        return self._doing(partial(self._returning.change, edit))

    def _line(self, line: Left) -> None:
        with ui.element("div").classes("cart-line").mark("left"):
            with ui.element("div").classes("what"):
                ui.label(line.name)
                ui.label(f"{line.chosen} of {line.quantity} back").classes("quiet small")
            with ui.element("div").classes("count"):
                less = act("−", self._changing(partial(_more, line, -1)), "bare", label=f"One {line.name} less back")
                more = act("+", self._changing(partial(_more, line, 1)), "bare", label=f"One {line.name} more back")
            if not line.chosen:
                less.disable()
            if line.chosen == line.quantity:
                more.disable()
            if line.chosen:
                words = "To the shelf" if line.restock else "Not to the shelf"
                again = act(words, self._changing(partial(_restock, line)), "" if line.restock else "chosen")
                named(again, f"{line.name}: {words}")

    def _ways(self, asked: Asked) -> None:
        ways = (*WAYS, CREDIT) if asked.order.customer_id is not None else WAYS
        with ui.element("div").classes("pay"):
            for tender_type, words, icon in ways:
                chosen = "chosen" if asked.tender_type == tender_type else ""
                act(words, self._changing(partial(_way, tender_type)), chosen, icon=icon)
            kind = "chosen" if asked.without_receipt else ""
            button = act("No receipt", self._changing(_no_receipt), kind, icon="receipt_long")
            button.props["aria-pressed"] = "true" if asked.without_receipt else "false"

    def _sums(self) -> None:
        returning = self._returning
        money = returning.till.speech.money
        if returning.preview is None:
            note(returning.problem or "This cannot go back.", "warn", live=True)
            return
        preview = returning.preview
        rows = [(line["name"], money(line["amount_minor"])) for line in preview["lines"]]
        if preview["tip_minor"]:
            rows.append(("Tip", money(preview["tip_minor"])))
        if preview["cash_rounding_minor"]:
            rows.append(("Cash rounding", money(preview["cash_rounding_minor"])))
        sums(rows, total=("Goes back", money(preview["amount_minor"])))
        text(
            ", ".join(f"{TENDER_NAMES[t['type']]} {money(t['amount_minor'])}" for t in preview["tenders"]),
            "strong",
            tag="p",
        )
        points = preview["points"]
        if points["reversed"] or points["given_back"]:
            text(f"Points taken back {points['reversed']:,}, given back {points['given_back']:,}", "quiet", tag="p")
        field = ui.input("Reason", value=self._reason).props(f"outlined autocomplete=off maxlength={REASON_MAX}")
        field.on_value_change(lambda event: self._keep_reason(str(event.value or "")))
        act(f"Give {money(preview['amount_minor'])} back", self._give_back, "main big", icon="undo").mark("give-back")
        act("Exchange it for something else", excusing(self._exchange), icon="swap_horiz").mark("exchange")

    def _keep_reason(self, typed: str) -> None:
        self._reason = typed.strip()

    def _has_reason(self) -> bool:
        if not self._reason:
            say("What goes back does so for a reason.", "warning")
        return bool(self._reason)

    async def _exchange(self) -> None:
        if self._has_reason():
            await self._returning.exchange(self._reason)
            ui.navigate.to("/register")

    async def _give_back(self) -> None:
        if not self._has_reason():
            return
        async with excused():
            try:
                await self._returning.give_back(self._reason)
            finally:
                self._renew()


def _with_line(asked: Asked, changed: Left) -> Asked:
    lines = (changed if line.line_number == changed.line_number else line for line in asked.lines)
    return replace(asked, lines=tuple(lines))


def _more(line: Left, by: int, asked: Asked) -> Asked:
    """As many more or less as there are now, however many the page showed."""
    now = next(other for other in asked.lines if other.line_number == line.line_number)
    return _with_line(asked, replace(now, chosen=max(0, min(now.quantity, now.chosen + by))))


def _restock(line: Left, asked: Asked) -> Asked:
    now = next(other for other in asked.lines if other.line_number == line.line_number)
    return _with_line(asked, replace(now, restock=not line.restock))


def _everything(asked: Asked) -> Asked:
    return replace(asked, lines=tuple(replace(line, chosen=line.quantity) for line in asked.lines))


def _way(tender_type: str | None, asked: Asked) -> Asked:
    return replace(asked, tender_type=tender_type)


def _no_receipt(asked: Asked) -> Asked:
    return replace(asked, without_receipt=not asked.without_receipt)


def _clock() -> float:
    return asyncio.get_running_loop().time()
