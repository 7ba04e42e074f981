"""Roles, what people do in a shop, and which PINs are none. The database has the rules."""

from typing import Literal, get_args

from ringup.domain.errors import PinNotAllowed

Role = Literal["auditor", "cashier", "supervisor", "manager", "owner"]
Rule = Literal["allowed", "needs_approval", "denied"]
Action = Literal[
    "sell",
    "line_discount",
    "order_discount",
    "price_override",
    "exempt_from_tax",
    "void_sale",
    "refund_linked",
    "refund_other_tender",
    "refund_without_receipt",
    "exchange",
    "reprint_receipt",
    "open_session",
    "count_cash",
    "close_session",
    "see_expected_cash",
    "paid_in",
    "paid_out",
    "cash_drop",
    "no_sale",
    "issue_gift_card",
    "adjust_gift_card",
    "issue_store_credit",
    "adjust_points",
    "receive_stock",
    "adjust_stock",
    "count_stock",
    "transfer_stock",
    "decide_doubt",
    "manage_staff",
    "manage_settings",
    "see_reports",
    "see_audit_log",
]
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)
RULES: tuple[Rule, ...] = get_args(Rule)

PIN_LENGTHS = range(4, 9)
DIGITS = "01234567890"
DOWN = DIGITS[::-1]
COLUMNS = {"2580", "0852"}
"""The middle column of a keypad: a favourite of those who choose and of those who guess."""


def refuse_weak_pin(pin: str) -> None:
    """Raises PinNotAllowed, without the PIN in it, for what is not a PIN or is among the first guesses."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise PinNotAllowed("a PIN has 4 to 8 digits")
    if _is_obvious(pin):
        raise PinNotAllowed("this PIN is among the first that are guessed: choose another")


def _is_obvious(pin: str) -> bool:
    """One part again and again (0000, 1212, 123123), digits in a row, or a column of the keypad."""
    repeats = pin in (pin + pin)[1:-1]
    return repeats or pin in DIGITS or pin in DOWN or pin in COLUMNS
