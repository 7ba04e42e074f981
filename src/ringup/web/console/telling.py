"""One entry of a time line in words."""

from datetime import datetime

from ringup.db.reads.stories import TimeLineEntry
from ringup.web.amounts import Speech
from ringup.web.console.words import PAYMENT_KINDS, count_of, end_of, payment_words, plain, said

KIND_WORDS = {
    "begun": "Sale",
    "event": "Event",
    "attempt": "Attempt",
    "outcome": "Outcome",
    "stock": "Stock",
    "points": "Points",
    "receipt": "Receipt",
    "log": "Log",
    "person": "Person",
}
EVENT_COLOURS = {
    "completed": "good",
    "fully_paid": "good",
    "payment_refused": "bad",
    "cancelled": "bad",
    "payment_in_doubt": "warn",
    "charge_found": "good",
    "tip_changed": "good",
}
LOG_COLOURS = {"error": "bad", "warning": "warn"}
STOCK_WORDS = {"held": "set aside", "released": "back on the shelf"}
SAID_ELSEWHERE = {"payment_id", "processor_id", "currency", "order_number", "handed_on_at", "status"}
"""What an event says that the page says better."""


def colour_of(entry: TimeLineEntry) -> str:
    match entry.kind:
        case "event":
            return EVENT_COLOURS.get(entry.what, "")
        case "outcome":
            return PAYMENT_KINDS.get(entry.what, "")
        case "log":
            return LOG_COLOURS.get(entry.what, "")
        case _:
            return ""


def title_of(speech: Speech, entry: TimeLineEntry) -> str:
    """What happened, in a line."""
    detail = entry.detail
    match entry.kind:
        case "begun":
            return f"A sale of {speech.money(detail['total_minor'])} was begun"
        case "attempt":
            return f"{detail['terminal']} was asked for {speech.money(detail['amount_minor'])}"
        case "outcome":
            approved = detail["approved_minor"]
            amount = f", {speech.money(approved)}" if approved is not None else ""
            return f"{plain(detail['type']).capitalize()}: {payment_words(entry.what)}{amount}"
        case "stock":
            quantity = abs(detail["on_hand_change"] or detail["reserved_change"])
            return f"{quantity} × {detail['goods']} {STOCK_WORDS.get(entry.what, entry.what)}"
        case "points":
            return f"{detail['points']:+,} points {entry.what}"
        case "receipt":
            return f"Receipt: {plain(entry.what)}"
        case "log":
            return str(detail["message"])
        case "person":
            return f"{plain(entry.what).capitalize()} by {detail['by']}"
        case _:
            return plain(entry.what).capitalize()


def details_of(speech: Speech, entry: TimeLineEntry) -> str:
    """What more there is to know, in one line."""
    return " · ".join(_details(speech, entry))


def _details(speech: Speech, entry: TimeLineEntry) -> list[str]:
    detail = {name: value for name, value in entry.detail.items() if value not in (None, "", [], {})}
    match entry.kind:
        case "event":
            return _of_event(speech, entry, detail)
        case "attempt":
            return [f"tender {detail['tender']}", f"reference {end_of(detail['reference'])}"]
        case "outcome":
            return _of_outcome(detail)
        case "stock":
            changes = (("on hand", detail["on_hand_change"]), ("set aside", detail["reserved_change"]))
            return [f"{name} {change:+}" for name, change in changes if change]
        case "points":
            return [f"balance {detail['balance_before']:,} → {detail['balance_after']:,}"]
        case "log":
            return [str(detail["function"])]
        case "begun":
            return [f"key {end_of(detail['idempotency_key'])}"]
        case _:
            return [
                f"{plain(name)} {value}"
                for name, value in detail.items()
                if not (entry.kind == "person" and name == "by")
            ]


def _of_event(speech: Speech, entry: TimeLineEntry, detail: dict[str, object]) -> list[str]:
    told = [f"now {plain(str(detail['status']))}"]
    for name, value in detail.items():
        if name.endswith("_minor") and isinstance(value, int):
            told.append(f"{plain(name.removesuffix('_minor'))} {speech.money(value)}")
        elif isinstance(value, str | int | float) and name not in SAID_ELSEWHERE:
            told.append(f"{plain(name)} {said(str(value))}")
    handed_on = detail.get("handed_on_at")
    if handed_on:
        seconds = (datetime.fromisoformat(str(handed_on)) - entry.at).total_seconds()
        told.append(f"handed on after {max(0.0, seconds):.1f} s")
    return told


def _of_outcome(detail: dict[str, object]) -> list[str]:
    told = [f"tender {detail['tender']}"]
    if "card" in detail:
        told.append(f"•••• {detail['card']}")
    if "approval_code" in detail:
        told.append(f"approval {detail['approval_code']}")
    if "capture" in detail:
        told.append(f"capture: {detail['capture']}")
    if "asked_again" in detail:
        told.append(f"asked again {count_of(int(str(detail['asked_again'])), 'time')}")
    if "said" in detail:
        told.append(f"“{said(str(detail['said']))}”")
    return told
