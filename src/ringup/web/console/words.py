"""What the console calls things, and the colour of each: good, warn, bad or plain."""

TERMINAL_KINDS = {"green": "good", "amber": "warn", "red": "bad"}
ORDER_KINDS = {
    "completed": "good",
    "payment_failed": "bad",
    "cancelled": "bad",
    "payment_processing": "warn",
    "payment_authorized": "warn",
    "pending_payment": "warn",
}
PAID_KINDS = {"paid": "good", "unknown": "warn", "voiding": "warn", "authorized": "warn"}
PAID_STATUSES = ("paid", "unpaid", "unknown", "authorized", "voiding", "voided")
PAYMENT_KINDS = {
    "approved": "good",
    "declined": "bad",
    "error": "bad",
    "unknown": "warn",
    "processing": "warn",
    "voiding": "warn",
    "created": "",
    "voided": "",
}
PAYMENT_WORDS = {
    "created": "not asked yet",
    "processing": "being asked",
    "error": "not charged",
    "unknown": "in doubt",
    "voiding": "going back",
    "voided": "gone back",
}
TENDERS = ("card", "cash", "external", "gift_card", "store_credit", "exchange")
ID_END = 12
"""So much of a long id tells it from others."""


SAID_BY_MACHINES = {
    "RemoteProtocolError": "the connection ended before the answer came",
    "ReadError": "the connection broke before the answer came",
    "ReadTimeout": "no answer came in time",
    "WriteError": "the connection broke while asking",
    "WriteTimeout": "the question could not be sent in time",
    "ConnectError": "the terminal could not be reached",
    "ConnectTimeout": "the terminal could not be reached in time",
    "PoolTimeout": "too many questions were under way",
}
"""What went wrong on the way to a terminal, for people."""


def said(words: str | None) -> str:
    """What a terminal said, or what there is instead."""
    return SAID_BY_MACHINES.get(words or "", words or "–")


def plain(name: str) -> str:
    """A state or an event for people."""
    return name.replace("_", " ")


def payment_words(status: str) -> str:
    return PAYMENT_WORDS.get(status, plain(status))


def end_of(long_id: object) -> str:
    return str(long_id)[-ID_END:]


def count_of(number: int, one: str, many: str = "") -> str:
    """1 sale, 2 sales."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
