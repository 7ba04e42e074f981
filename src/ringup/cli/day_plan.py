"""What a demonstration day has besides its sales: how they are paid, what comes back, which cash comes and goes.

Pure: it follows from the schedule, so the same seed is the same day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ringup.cli.drill_shop import Lane, cart_of
from ringup.simulator.drill_schedule import Hitch, Sale, Schedule

FLOAT = {10_000: 1, 2_000: 3, 500: 6, 100: 20, 25: 40, 10: 50, 5: 20, 1: 100}
"""What each drawer has in the morning: quantities by face value."""
LARGEST_BILL = 10_000
SALES_PER_REFUND = 10
SALES_PER_EXCHANGE = 8
SALES_PER_DISCOUNT = 7
PENNY = 1
COUPON_CODE = "MORNING"
GIFT_CARD_CODE = "A2B3C4D5E6F7G8"
GIFT_CARD_MINOR = 500_000
TAX_PERCENT = 8

Way = Literal["card", "cash", "external", "cash and card", "cash, exact", "gift card and cash", "gift card and card"]
WAYS: tuple[Way, ...] = (
    *("card", "gift card and card", "cash", "cash and card", "card", "cash, exact", "external", "card"),
    "gift card and cash",
)
"""How sales are paid, in turns; but by card where the trouble is the terminal's, or it would not come."""


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash that comes or goes without a sale, after so many sales at a register."""

    after_sales: int
    kind: Literal["paid_in", "paid_out", "cash_drop", "no_sale"]
    amount_minor: int
    reason: str


MOVES = (
    CashMove(3, "no_sale", 0, "change for the parking meter"),
    CashMove(5, "paid_in", 2_000, "rolls of coins"),
    CashMove(8, "paid_out", 1_250, "window cleaner"),
    CashMove(12, "cash_drop", 5_000, "to the safe"),
)


def way_of(sale: Sale) -> Way:
    """How a sale is paid."""
    way = WAYS[sale.number % len(WAYS)]
    if sale.trouble.value in TERMINAL_IS_NEEDED and "card" not in way.removeprefix("gift card"):
        return "card"
    return way


TERMINAL_IS_NEEDED = {
    *("card declined", "customer cancels", "approved in part", "reply lost", "reply garbled", "request lost"),
    *("approved late", "approved after timeout", "line to the bank broken", "unknown code", "terminal offline"),
    *("terminal cut off", "terminal hung", "terminal busy"),
}


def day_cart(schedule: Schedule, sale: Sale, lane: Lane) -> dict[str, Any]:
    """What a till sends: some sales with a discount, some with a coupon, each paid in its way."""
    cart = cart_of(sale, lane)
    if sale.number % SALES_PER_DISCOUNT == 2:
        cart["lines"][0] |= {"discount_percent": "10", "reason": "dented"}
    if sale.number % SALES_PER_DISCOUNT == 5:
        cart["coupons"] = [COUPON_CODE]
    cart["tenders"] = _tenders(sale, lane, cart["tenders"][0], schedule.due_minor(sale))
    return cart


def gift_card_code(lane: Lane) -> str:
    """The gift card that customers of a register pay with, all day."""
    return f"{GIFT_CARD_CODE}{lane.number:02}"


def _tenders(sale: Sale, lane: Lane, card: Mapping[str, Any], due_minor: int) -> list[dict[str, Any]]:
    # With tax, nothing comes to more than this; no discount takes as much as a half.
    handed_over = (due_minor * (100 + TAX_PERCENT) // 100 // LARGEST_BILL + 1) * LARGEST_BILL
    gift_card = {"type": "gift_card", "code": gift_card_code(lane), "amount_minor": max(1, due_minor // 3)}
    match way_of(sale):
        case "card":
            return [dict(card)]
        case "cash":
            return [{"type": "cash", "tendered_minor": handed_over}]
        case "cash, exact":
            return [{"type": "cash"}]
        case "external":
            return [{"type": "external", "reference": f"SLIP-{sale.number}", "reason": "our terminal is down"}]
        case "gift card and cash":
            return [gift_card, {"type": "cash"}]
        case "gift card and card":
            return [dict(card), gift_card]
        case "cash and card":
            return [{"type": "cash", "amount_minor": max(1, due_minor // 3)}, dict(card)]


def refund_of(sale: Sale) -> Mapping[str, Any] | None:
    """What comes back of a sale, if anything does: everything, or one piece, on its shelf or not."""
    if sale.number % SALES_PER_REFUND != 4:
        return None
    asked: dict[str, Any] = {"reason": "did not like it"}
    turn = sale.number // SALES_PER_REFUND % 3
    if turn > 0:
        asked["reason"] = "broken" if turn == 2 else "one too many"
        asked["lines"] = [{"line_number": 1, "quantity": 1, "restock": turn == 1}]
    if way_of(sale) == "external":
        asked["tender"] = {"type": "external", "reference": f"BACK-{sale.number}"}
    return asked


def exchange_of(sale: Sale, lane: Lane) -> dict[str, Any] | None:
    """What comes back of a sale and what the customer takes for it, if anything: as much, more, or less."""
    if sale.number % SALES_PER_EXCHANGE != 3 or refund_of(sale) is not None:
        return None
    turn = sale.number // SALES_PER_EXCHANGE % 3
    returned: dict[str, Any] = {"reason": "another size"}
    if turn < 2:
        returned["lines"] = [{"line_number": 1, "quantity": 1}]
    if way_of(sale) == "external":
        returned["tender"] = {"type": "external", "reference": f"OVER-{sale.number}"}
    cart = cart_of(sale, lane)
    lines = [cart["lines"][0] | {"quantity": 2 if turn == 1 else 1}]
    return {name: cart[name] for name in ("location_id", "register_id")} | {"lines": lines, "returned": returned}


def day_hitches(schedule: Schedule) -> list[Hitch]:
    """Those of the schedule, and some for money on its way back."""
    returns = [Hitch("Return", fault, skip) for skip, fault in enumerate(("drop_reply", "html", "busy"))]
    return [*schedule.hitches, *returns]
