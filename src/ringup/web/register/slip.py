"""The cart on the right: its lines, its customer, what it comes to, and how to pay for it."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import events, ui

from ringup.web.look import Part, act, excused, excusing, note, nothing_here, part, sums
from ringup.web.register.customers import choose_customer, redeem_points
from ringup.web.register.exchanging import offer_exchange, show_returned
from ringup.web.register.paying import Paying
from ringup.web.register.pieces import Lines
from ringup.web.register.quantities import ask_line
from ringup.web.register.reductions import ask_coupon, ask_discount
from ringup.web.register.till import Edit, Till

Refresh = Callable[[], Awaitable[None]]


class Slip:
    """Shows a cart that may change. `refresh` shows the page as it is after something was done."""

    def __init__(self, till: Till, refresh: Refresh) -> None:
        self._till = till
        self._refresh = refresh
        self._paying = Paying(till, refresh)
        self._lines: Lines | None = None
        self._customer_part: Part | None = None
        self._totals_part: Part | None = None
        self._ways_part: Part | None = None
        self._reductions_part: Part | None = None
        self._returned_part: Part | None = None

    @property
    def paying(self) -> Paying:
        return self._paying

    async def change(self, edit: Edit) -> None:
        async with excused():
            await self._till.change(edit)
        await self._refresh()

    @property
    def kind(self) -> str:
        """What `show` would show. While it stays the same, `update` is enough."""
        comes_back = self._till.contents.returned is not None
        if not self._till.contents.lines:
            return "to be exchanged" if comes_back else "empty"
        if self._paying.is_open:
            return "paying"
        return "exchange" if comes_back else "cart"

    def show(self) -> None:
        self._lines = self._totals_part = self._ways_part = self._reductions_part = None
        self._customer_part = part(self._customer, "slip-part")
        self._returned_part = part(self._returned, "slip-part") if self._till.contents.returned else None
        if self.kind == "paying":
            self._paying.show()
            return
        if self.kind == "empty":
            nothing_here("shopping_basket", "The cart is empty", "Tap goods, or scan them.")
        elif self.kind == "to be exchanged":
            nothing_here("swap_horiz", "What does the customer take for it?", "Tap goods, or scan them.")
        else:
            self._lines = Lines(self._till.speech)
            self._lines.on("more", self._more)
            self._lines.on("number", self._ask_number)
            self._lines.put(self._till.contents.lines)
        self._totals_part = part(self._totals, "slip-part")
        self._ways_part = part(self._ways_on, "slip-part")

    def update(self) -> None:
        """The same cart with other things in it: only what is different is made and sent anew."""
        till = self._till
        if self._lines is not None:
            self._lines.put(till.contents.lines)
        if self._customer_part is not None:
            self._customer_part.renew((till.contents.customer_id, till.contents.customer_name, self._points))
        if self._returned_part is not None:
            self._returned_part.renew((till.contents.returned, till.exchange))
        if self._totals_part is not None:
            self._totals_part.renew((till.problem, till.due_minor, till.exchange, summary(till.preview, till)))
        if self._ways_part is not None:
            self._ways_part.renew((self._may_pay, till.contents.is_empty, till.exchange))
        if self._reductions_part is not None:
            self._reductions_part.renew(till.contents.is_reduced)

    @property
    def _points(self) -> dict[str, Any]:
        points: dict[str, Any] = (self._till.preview or {}).get("points") or {}
        return {name: points.get(name) for name in ("points_available", "points_maximum") if name in points}

    @property
    def _may_pay(self) -> bool:
        return bool(self._till.contents.lines) and not self._till.problem

    def _customer(self) -> None:
        with ui.element("div").classes("spread"):
            if self._till.contents.customer_id is None:
                act("Customer (F4)", self.ask_customer, icon="person_add")
            else:
                self._known_customer()

    def _known_customer(self) -> None:
        points = self._points
        with ui.element("div"):
            ui.label(self._till.contents.customer_name or "Customer").classes("strong").mark("customer")
            if points:
                ui.label(f"{points['points_available']:,} points").classes("quiet small").mark("balance")
        with ui.element("div").classes("line-up"):
            if points.get("points_maximum"):
                act("Use points", self._ask_points, icon="redeem")
            remove = excusing(lambda: self.change(lambda c: c.with_customer(None)))
            act("", remove, "bare", icon="close", label="Take the customer out")

    async def _more(self, event: events.GenericEventArguments) -> None:
        product_id, by = event.args
        await self.change(lambda c: c.with_more(str(product_id), int(by)))

    async def _ask_number(self, event: events.GenericEventArguments) -> None:
        product_id = str(event.args)
        line = next((line for line in self._till.contents.lines if line.product_id == product_id), None)
        asked = await ask_line(line) if line is not None else None
        if line is None or asked is None:
            return
        if isinstance(asked, int):
            await self.change(lambda c: c.with_quantity(product_id, asked))
            return
        discount = await ask_discount(self._till, f"Discount on {line.name}") if asked == "discount" else None
        if discount is not None or asked == "no discount":
            await self.change(lambda c: c.with_line_discount(product_id, discount))

    def _totals(self) -> None:
        till = self._till
        if till.problem:
            note(till.problem, "warn", live=True)
        rows, words, total_minor = summary(till.preview, till), "Total", till.due_minor
        if till.exchange is not None:
            rows.append(("Comes back", till.speech.money(-till.exchange["refund"]["amount_minor"])))
            words, total_minor = "To pay", till.exchange["difference_minor"]
            if total_minor < 0:
                words, total_minor = "To give back", -total_minor
        sums(rows, total=(words, till.speech.money(total_minor)))

    def _returned(self) -> None:
        till = self._till
        assert till.contents.returned is not None, "something comes back"
        show_returned(till.contents.returned, till.exchange, till.speech)
        leave = excusing(lambda: self.change(lambda contents: contents.with_returned(None)))
        act("No exchange", leave, "bare", icon="close")

    def _ways_on(self) -> None:
        till = self._till
        if till.contents.returned is not None and not till.due_minor:
            offer_exchange(till.exchange, till.speech, self._paying.open_cash)
        else:
            self._ways_to_pay()
        self._reductions_part = None if till.contents.is_empty else part(self._reductions, "pay")
        with ui.element("div").classes("pay"):
            park = act("Park (F7)", excusing(self.park), icon="pause")
            clear = act("Clear", excusing(self._clear), icon="delete_outline")
            if till.contents.is_empty:
                park.disable()
                clear.disable()

    def _ways_to_pay(self) -> None:
        with ui.element("div").classes("pay"):
            cash = act("Cash (F8)", self._paying.open_cash, "main big", icon="payments")
            card = act("Card (F9)", self._paying.open_card, "main big", icon="credit_card")
            own = act("Gift card", self._paying.open_gift_card, icon="card_giftcard")
            if not self._may_pay:
                cash.disable()
                card.disable()
                own.disable()

    def _reductions(self) -> None:
        act("Discount", excusing(self._ask_discount), icon="percent")
        act("Coupon", excusing(self._ask_coupon), icon="confirmation_number")
        if self._till.contents.is_reduced:
            act("No discounts", excusing(lambda: self.change(lambda c: c.without_reductions())), icon="undo")

    async def _ask_discount(self) -> None:
        discount = await ask_discount(self._till, "Discount on the sale")
        if discount is not None:
            await self.change(lambda contents: contents.with_discount(discount))

    async def _ask_coupon(self) -> None:
        code = await ask_coupon()
        if code is not None:
            await self.change(lambda contents: contents.with_coupon(code))

    async def park(self) -> None:
        if not self._till.contents.is_empty:
            await self._till.move("parked")
        await self._refresh()

    async def _clear(self) -> None:
        await self._till.move("left")
        await self._refresh()

    async def ask_customer(self) -> None:
        async with excused():
            chosen = await choose_customer(self._till)
            if chosen is not None:
                await self._till.change(lambda contents: contents.with_customer(chosen))
        await self._refresh()

    async def _ask_points(self) -> None:
        async with excused():
            points = await redeem_points(self._till)
            if points is not None:
                await self._till.change(lambda contents: contents.with_points(points))
        await self._refresh()


def summary(preview: dict[str, Any] | None, till: Till) -> list[tuple[str, str]]:
    """What stands above the total."""
    if preview is None:
        return []
    money, points = till.speech.money, preview.get("points") or {}
    rows = [("Goods", money(preview["subtotal_minor"]))]
    off = preview["discount_minor"]
    for discount in preview["discounts"]:
        off -= discount["amount_minor"]
        rows.append((_name_of(discount), money(-discount["amount_minor"])))
    if off:
        used = till.contents.redeem_points
        rows.append((f"{used:,} points used" if used else "Discount", money(-off)))
    rows += [(_tax_name_of(tax), money(tax["tax_minor"])) for tax in preview["taxes"]]
    if points.get("points_maximum") and not till.contents.redeem_points:
        worth = money(points.get("points_maximum_value_minor"))
        rows.append(("May use", f"{points['points_maximum']:,} points, worth {worth}"))
    if points:
        rows.append(("Earns", f"{points['points_to_earn']:,} points"))
    return rows


def _name_of(discount: dict[str, Any]) -> str:
    """A coupon's name, or a discount's reason, with its percentage."""
    name = discount["name"] or discount["reason"] or "Discount"
    return f"{name}, {discount['percent']} %" if discount["percent"] else str(name)


def _tax_name_of(tax: dict[str, Any]) -> str:
    """Taxes that prices contain are no part of the sum."""
    return f"{'of which ' if tax['is_included'] else ''}{tax['name']} {tax['percent']} %"
