"""What became of a refund: all of it is back, or what is to be done about the rest."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from ringup.domain.tender_names import TENDER_NAMES
from ringup.web.amounts import Speech
from ringup.web.look import Action, act, badge, note, said, text
from ringup.web.register.receipts import offer_refund_receipt
from ringup.web.register.returning import Returning

Doing = Callable[[Action], Action]

TENDER_WORDS = {
    "created": ("not asked yet", ""),
    "processing": ("being asked", "warn"),
    "approved": ("back", "good"),
    "declined": ("declined", "bad"),
    "error": ("not back", "bad"),
    "unknown": ("being found out", "warn"),
}
STEP_WORDS = {
    "refund": "The terminal was not asked yet. Try the card again, or give the money back in another way.",
    "finish": "The money is back. The goods and the points follow.",
}
"""For the person at the register, where the document speaks to a program."""
OTHER_WAYS = (("cash", "In cash", "payments"), ("store_credit", "As store credit", "account_balance_wallet"))


def show_refund(returning: Returning, doing: Doing) -> None:
    """`doing` makes of an action what a button does."""
    refund = returning.refund
    assert refund is not None, "there is a refund to be shown"
    money = returning.till.speech.money
    if refund["status"] == "completed":
        said("Given back", "check", "good")
        cash = sum(tender["amount_minor"] for tender in _given(refund) if tender["type"] == "cash")
        with ui.element("div").classes("figure-box"):
            ui.label("Cash to give back" if cash else "Given back").classes("quiet")
            ui.label(money(cash or refund["amount_minor"])).classes("huge figure").mark("given-back")
    elif refund["status"] == "cancelled":
        said("Given up", "close", "bad")
        note("Nothing went back, and the sale stands as it was.", live=True)
    else:
        said("Not all of the money is back", "help_outline", "warn")
        words = STEP_WORDS.get(refund["next_step"]) or refund["message"] or "It is under way."
        note(words, "warn", live=True)
    show_ways_back(refund, returning.till.speech)
    points = refund["points"]
    if points["reversed"] or points["given_back"]:
        text(f"Points taken back {points['reversed']:,}, given back {points['given_back']:,}", "quiet", tag="p")
    if refund["status"] == "completed":
        offer_refund_receipt(refund["id"])
    elif refund["status"] == "open":
        _rest(returning, refund, doing)
    act("Another return", doing(partial(_another, returning)), "main" if refund["status"] != "open" else "")


def _given(refund: dict[str, Any]) -> list[dict[str, Any]]:
    return [tender for tender in refund["tenders"] if tender["status"] == "approved"]


def show_ways_back(refund: dict[str, Any], speech: Speech) -> None:
    """Each way in which money goes back, and how far it is."""
    for tender in refund["tenders"]:
        words, kind = TENDER_WORDS[tender["status"]]
        name = TENDER_NAMES[tender["type"]]
        if tender["card_last4"]:
            name = f"{tender['card_brand'] or 'Card'} •••• {tender['card_last4']}"
        with ui.element("div").classes("spread"):
            ui.label(name)
            badge(words, kind)
            ui.label(speech.money(tender["amount_minor"])).classes("figure")


def _rest(returning: Returning, refund: dict[str, Any], doing: Doing) -> None:
    """What may be done about an open refund. While it is in doubt, nothing but to find out."""
    if refund["next_step"] in ("look_up", "undo", "finish"):
        act("Look again", doing(returning.find_out), icon="refresh")
    else:
        with ui.element("div").classes("pay"):
            act("Try the card again", doing(partial(returning.carry_on, "card")), icon="credit_card")
            has_customer = returning.asked is not None and returning.asked.order.customer_id is not None
            for tender_type, words, icon in OTHER_WAYS if has_customer else OTHER_WAYS[:1]:
                act(words, doing(partial(returning.carry_on, tender_type)), icon=icon)
        act("Give it up", doing(returning.give_up), "danger")


async def _another(returning: Returning) -> None:
    returning.leave()
    await returning.load()
