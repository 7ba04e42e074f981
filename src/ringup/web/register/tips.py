"""What the customer wrote on the slip: the tip of a card that has paid."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from ringup.domain.ids import new_id
from ringup.web.look import Action, act, excusing, heading, named, say, take_away, text
from ringup.web.register.till import Till

TITLE = "Tip on the slip"


def offer_tips(till: Till, tenders: list[dict[str, Any]], doing: Callable[[Action], Action]) -> None:
    """A button for each card that paid. Whether its processor can still change the tip, it says when it is asked.

    `doing` makes of an action what a button does.
    """
    cards = [tender for tender in tenders if tender["type"] == "card" and tender["status"] == "approved"]
    for tender in cards:
        words = TITLE if len(cards) == 1 else f"{TITLE}, •••• {tender['card_last4']}"
        act(words, doing(partial(_ask, till, tender)), icon="volunteer_activism").mark("tip")


async def _ask(till: Till, tender: dict[str, Any]) -> None:
    """Ask how much, and the terminal for it. One dialog is one change, however often it is pressed."""
    key, speech = f"tip-{new_id()}", till.speech
    with ui.dialog(value=True) as dialog, ui.card().classes("dialog"):
        named(dialog, TITLE)
        heading(TITLE)
        text("The whole tip of this card: it is charged with the sale.", "quiet", tag="p")
        field = ui.input("Tip", placeholder=speech.money(tender["tip_minor"]))
        field.props("outlined autofocus inputmode=decimal autocomplete=off")

        async def typed() -> None:
            tip_minor = speech.minor(str(field.value or ""))
            if tip_minor is None:
                say("This is no amount.", "warning")
                return
            if await till.change_tip(tender["payment_id"], tip_minor, key) == "unknown":
                say("The terminal did not say whether it took the tip. It is being found out.", "warning")
            dialog.close()

        field.on("keydown.enter", excusing(typed))
        with ui.element("div").classes("pay"):
            act("Charge the tip", excusing(typed), "main")
            act("Leave it", dialog.close)
    await dialog
    take_away(dialog)
