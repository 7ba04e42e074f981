"""The cart on the right: its lines, its customer, what it comes to, and how to pay for it."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from ringup.web.look import act, empty, excused, excusing, heading, note, sums, text
from ringup.web.register.contents import CartLine
from ringup.web.register.customers import choose_customer, redeem_points
from ringup.web.register.paying import Paying
from ringup.web.register.till import Edit, Till

Refresh = Callable[[], Awaitable[None]]


class Slip:
    """Shows a cart that may change. `refresh` shows the page as it is after something was done."""

    def __init__(self, till: Till, refresh: Refresh) -> None:
        self._till = till
        self._refresh = refresh
        self._paying = Paying(till, refresh)

    @property
    def paying(self) -> Paying:
        return self._paying

    async def change(self, edit: Edit) -> None:
        async with excused():
            await self._till.change(edit)
        await self._refresh()

    def show(self) -> None:
        self._customer()
        contents = self._till.contents
        if not contents.lines:
            with ui.element("div").classes("lines"):
                empty("The cart is empty. Tap goods or scan them.")
        elif self._paying.is_open:
            self._paying.show()
            return
        else:
            with ui.element("div").classes("lines").props('role="list" aria-label="Cart"'):
                for line in contents.lines:
                    self._line(line)
        self._totals()
        self._ways_on()

    def _customer(self) -> None:
        with ui.element("div").classes("slip-part"), ui.element("div").classes("spread"):
            if self._till.contents.customer_id is None:
                act("Customer (F4)", self.ask_customer, icon="person_add")
            else:
                self._known_customer()

    def _known_customer(self) -> None:
        points = (self._till.preview or {}).get("points") or {}
        with ui.element("div"):
            ui.label(self._till.contents.customer_name or "Customer").style("font-weight: 600").mark("customer")
            if points:
                ui.label(f"{points['points_available']:,} points").classes("quiet small").mark("balance")
        with ui.element("div").classes("line-up"):
            if points.get("points_maximum"):
                act("Use points", self._ask_points, icon="redeem")
            remove = excusing(lambda: self.change(lambda c: c.with_customer(None)))
            act("", remove, "bare", icon="close", label="Take the customer out")

    def _line(self, line: CartLine) -> None:
        money = self._till.speech.money

        def set_to(quantity: int) -> Callable[[], Awaitable[None]]:
            return lambda: self.change(lambda c: c.with_quantity(line.product_id, quantity))

        with ui.element("div").classes("cart-line").props('role="listitem"').mark("line"):
            with ui.element("div"):
                ui.label(line.name)
                ui.label(f"{money(line.price_minor)} each").classes("quiet small")
            with ui.element("div").classes("count"):
                act("", set_to(line.quantity - 1), "bare", icon="remove", label=f"One {line.name} less")
                ui.label(str(line.quantity)).classes("number figure")
                act("", set_to(line.quantity + 1), "bare", icon="add", label=f"One {line.name} more")
            ui.label(money(line.total_minor)).classes("figure")

    def _totals(self) -> None:
        till = self._till
        with ui.element("div").classes("slip-part"):
            if till.problem:
                note(till.problem, "warn", live=True)
            sums(summary(till.preview, till), total=("Total", till.speech.money(till.due_minor)))

    def _ways_on(self) -> None:
        till = self._till
        with ui.element("div").classes("slip-part"):
            with ui.element("div").classes("pay"):
                may_pay = bool(till.contents.lines) and not till.problem
                cash = act("Cash (F8)", self._paying.open_cash, "main big", icon="payments")
                card = act("Card (F9)", self._paying.open_card, "main big", icon="credit_card")
                if not may_pay:
                    cash.disable()
                    card.disable()
            with ui.element("div").classes("pay"):
                park = act("Park (F7)", excusing(self.park), icon="pause")
                clear = act("Clear", excusing(self._clear), icon="delete_outline")
                if till.contents.is_empty:
                    park.disable()
                    clear.disable()

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
    if preview["discount_minor"]:
        label = f"{till.contents.redeem_points:,} points used" if till.contents.redeem_points else "Discount"
        rows.append((label, money(-preview["discount_minor"])))
    if preview["tax_minor"]:
        rows.append(("Tax", money(preview["tax_minor"])))
    if points:
        rows.append(("Earns", f"{points['points_to_earn']:,} points"))
    return rows


def title(words: str) -> None:
    with ui.element("div").classes("slip-part"):
        heading(words)


def fine_print(words: str) -> None:
    text(words, "quiet small", tag="p")
