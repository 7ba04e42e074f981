"""What becomes of a cart that is being paid: progress, doubt said honestly, the result, or why it did not happen."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from ringup.api.documents import has_ended
from ringup.web.look import Action, act, badge, excusing, note, said, sums, text
from ringup.web.register.exchanging import cash_back, is_half_back, is_looked_for
from ringup.web.register.own_value import value_name
from ringup.web.register.receipts import offer_receipt
from ringup.web.register.refunded import show_ways_back
from ringup.web.register.rest import Rest
from ringup.web.register.till import Till
from ringup.web.register.tips import offer_tips

REASONS = {
    "card_declined": "The card was declined",
    "checkout_cancelled": "The sale was given up",
    "checkout_expired": "Nobody paid in time",
    "payment_not_sent": "The terminal could not be asked",
    "terminal_busy": "The terminal was busy all the time",
    "partially_approved": "The card covered only a part",
}
TENDER_WORDS = {
    "created": ("not asked yet", ""),
    "processing": ("being asked", ""),
    "approved": ("approved", "good"),
    "declined": ("declined", "bad"),
    "error": ("not charged", "bad"),
    "unknown": ("being found out", "warn"),
    "voiding": ("going back", "warn"),
    "voided": ("gone back", ""),
}


class Outcome:
    """Shows a cart that stands still."""

    def __init__(self, till: Till, refresh: Callable[[], Awaitable[None]]) -> None:
        self._till = till
        self._refresh = refresh

    def show(self) -> None:
        document = self._till.document
        if document is None:
            self._not_begun()
        elif document["status"] == "completed":
            self._sold(document)
        elif has_ended(document["status"]):
            self._not_sold(document)
        elif document["payment_status"] == "unknown" or _is_unknown(document):
            self._doubt(document)
        elif is_looked_for(self._till.exchange):
            self._doubt_back()
        elif is_half_back(self._till.exchange):
            self._half_back()
        elif document["due_minor"] and not document["cancel_requested"]:
            self._part_paid(document)
        else:
            self._under_way(document)

    @property
    def keys(self) -> dict[str, Action]:
        """What keys do while a sale is shown. None of them charges anybody, or gives anything up."""
        if self._till.is_sold:
            return {"Escape": self._doing(self._next)}
        return {"F7": self._doing(self._parking)}

    def _doing(self, action: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                await action()
            finally:
                await self._refresh()

        return excusing(run)

    def _not_begun(self) -> None:
        with ui.element("div").classes("outcome").mark("not-begun"):
            said("Not begun", "pause", "warn")
            note(
                "The sale was asked for and did not begin. Nobody was charged. Pressing again is safe: it is one sale.",
                "warn",
            )
            act("Go on", self._doing(self._till.go_on), "main big")
            act("Pay in another way", self._doing(self._till.pay_anew))
            self._park()

    def _under_way(self, document: dict[str, Any]) -> None:
        waits = document["waits_for"]
        with ui.element("div").classes("outcome").mark("under-way"):
            said("The terminal is working" if waits else "The sale is under way", "", "busy")
            ui.label(self._till.speech.money(document["total_minor"])).classes("huge figure")
            if waits:
                note(f"{waits['processor_name']} was asked for the money. The customer pays there.", live=True)
            self._steps(document)
            self._tenders(document)
            if document["cancel_requested"]:
                note(
                    "It is being given up. Should the card be charged all the same, the money goes back.",
                    "warn",
                    live=True,
                )
            else:
                act("Cancel the sale", self._doing(self._till.cancel), "danger")
            self._park()

    def _part_paid(self, document: dict[str, Any]) -> None:
        with ui.element("div").classes("outcome").mark("part-paid"):
            Rest(self._till, self._doing).show(document)
            self._tenders(document)
            act("Give the sale up, the part goes back", self._doing(self._till.cancel), "danger")
            self._park()

    def _steps(self, document: dict[str, Any]) -> None:
        approved = bool(document["tenders"]) and all(tender["status"] == "approved" for tender in document["tenders"])
        rows = (
            ("Goods and points are set aside", "done"),
            ("The customer pays", "done" if approved else "now"),
            ("Goods, points and the till are booked", "now" if approved else ""),
        )
        with ui.element("ol").classes("steps"):
            for words, state in rows:
                with ui.element("li").classes(state):
                    ui.label(words)

    def _doubt(self, document: dict[str, Any]) -> None:
        waits = document["waits_for"] or {}
        with ui.element("div").classes("outcome").mark("doubt"):
            said("We are finding out", "help_outline", "warn")
            note("Do not charge again. The customer may have been charged already.", "bad", live=True)
            text(
                f"{waits.get('processor_name') or 'The terminal'} did not say whether it took "
                f"{self._till.speech.money(document['total_minor'])}. It is asked again by itself until it is known: "
                "then the sale completes, or nobody was charged.",
                tag="p",
            )
            if waits.get("check_count") is not None:
                asked = waits["check_count"]
                ui.label(f"Asked {'once' if asked == 1 else f'{asked} times'} so far.").classes("quiet small")
            self._tenders(document)
            self._park("Park it and serve the next customer", "main big")
            act("Ask the terminal now", self._doing(self._till.find_out), icon="refresh")
            if document["cancel_requested"]:
                note("It is given up as soon as that is known; what was charged goes back.", "warn")
            else:
                act("Give the sale up", self._doing(self._till.cancel), "danger")

    def _doubt_back(self) -> None:
        """An exchange of which a terminal pays money back, and did not say whether it did."""
        with ui.element("div").classes("outcome").mark("doubt"):
            said("We are finding out", "help_outline", "warn")
            note("Do not give the money back again. The customer may have it already.", "bad", live=True)
            text(
                "The terminal did not say whether it paid back. It is asked again by itself until it is known: then "
                "the exchange completes, or neither half of it happened.",
                tag="p",
            )
            self._park("Park it and serve the next customer", "main big")
            act("Ask the terminal now", self._doing(self._till.find_out), icon="refresh")

    def _half_back(self) -> None:
        """An exchange that only a person can bring to its end."""
        exchange, returned = self._till.exchange, self._till.contents.returned
        assert exchange is not None and returned is not None, "an exchange is of something that comes back"
        with ui.element("div").classes("outcome").mark("half-back"):
            said("Not all of the money is back", "help_outline", "warn")
            note(
                f"One card has its money back, another refused. Open order {returned['order_number']} under Returns "
                "and say how the rest goes back: then the exchange completes by itself.",
                "warn",
                live=True,
            )
            show_ways_back(exchange["refund"], self._till.speech)
            ui.link("To the returns", "/register/returns").classes("link-button")
            self._park("Park it and serve the next customer", "main big")

    def _figure(self, document: dict[str, Any]) -> tuple[str, int, str]:
        """What the cashier has to know first: words, amount, and how it is marked."""
        if document["change_due_minor"]:
            return "Change to give back", document["change_due_minor"], "change"
        exchange = self._till.exchange
        if exchange is None:
            return "Paid", document["total_minor"], "paid"
        if exchange["difference_minor"] >= 0:
            return "Paid", exchange["difference_minor"], "paid"
        cash_minor = cash_back(exchange)
        words = "Cash to give back" if cash_minor else "Given back"
        return words, cash_minor or -exchange["difference_minor"], "given-back"

    def _sold(self, document: dict[str, Any]) -> None:
        money = self._till.speech.money
        loyalty = document["loyalty"]
        with ui.element("div").classes("outcome").mark("sold"):
            with ui.element("div").classes("spread"):
                said("Sold" if self._till.exchange is None else "Exchanged", "check", "good")
                badge(f"Order {document['order_number']}")
            words, shown, mark = self._figure(document)
            with ui.element("div").classes("figure-box"):
                ui.label(words).classes("quiet")
                ui.label(money(shown)).classes("huge figure").mark(mark)
            self._tenders(document)
            rows = [("Tip", money(document["tip_minor"]))] if document["tip_minor"] else []
            rows += [("Total", money(document["total_minor"]))]
            rows += [
                (
                    f"Left on {value_name(tender['type'], tender['stored_value']['code_last4'])}",
                    money(tender["stored_value"]["balance_minor"]),
                )
                for tender in document["tenders"]
                if tender["stored_value"]
            ]
            if loyalty:
                if loyalty["points_redeemed"]:
                    rows.append(("Points used", f"{loyalty['points_redeemed']:,}"))
                rows += [
                    ("Points earned", f"{loyalty['points_earned']:,}"),
                    ("Points now", f"{loyalty['balance']:,}"),
                ]
            sums(rows)
            act("Next customer (Esc)", self._doing(self._next), "main big", icon="arrow_forward").mark("next")
            offer_tips(self._till, document["tenders"], self._doing)
            offer_receipt(self._till, document["id"])

    async def _next(self) -> None:
        await self._till.move("left")

    def _not_sold(self, document: dict[str, Any]) -> None:
        failure = document["failure"] or {}
        reason = REASONS.get(failure.get("code", ""), "The sale did not happen")
        with ui.element("div").classes("outcome").mark("not-sold"):
            said(reason, "close", "bad")
            if failure.get("detail"):
                text(_sentence(failure["detail"]), "quiet", tag="p")
            if document["payment_status"] == "voiding":
                note("What was taken is going back to the customer. The cart may be sold again.", "warn", live=True)
            else:
                note("Nobody was charged, and nothing was booked.", "", live=True)
            self._tenders(document)
            act("Pay in another way", self._doing(self._till.pay_anew), "main big").mark("pay-anew")
            act("Give the cart up", self._doing(self._next), "danger")

    def _tenders(self, document: dict[str, Any]) -> None:
        for tender in document["tenders"]:
            words, kind = TENDER_WORDS[tender["status"]]
            value = tender["stored_value"]
            name = value_name(tender["type"], value["code_last4"] if value else None)
            if tender["card_last4"]:
                name = f"{tender['card_brand'] or 'Card'} •••• {tender['card_last4']}"
            amount = tender["approved_minor"] if tender["approved_minor"] is not None else tender["amount_minor"]
            with ui.element("div").classes("spread"):
                ui.label(name)
                badge(words, kind)
                ui.label(self._till.speech.money(amount)).classes("figure")

    def _park(self, words: str = "Park it", kind: str = "") -> None:
        act(words, self._doing(self._parking), kind, icon="pause").mark("park")

    async def _parking(self) -> None:
        await self._till.move("parked")


def _is_unknown(document: dict[str, Any]) -> bool:
    return any(tender["status"] == "unknown" for tender in document["tenders"])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
