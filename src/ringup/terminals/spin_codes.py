"""Every status code of the SPIn REST API (version 2), what it means, and what each operation makes of it.

Codes and meanings are the vendor's published ones. The kinds are our reading of them: nothing here
was confirmed against a real terminal. A code that is not in the table is `UNCERTAIN`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Operation(Enum):
    """What was asked. `REFUND` is the vendor's Return, `LOOK_UP` its Status, `TIP` its TipAdjust."""

    CHARGE = auto()
    LOOK_UP = auto()
    CAPTURE = auto()
    VOID = auto()
    REFUND = auto()
    TIP = auto()


class Kind(Enum):
    """What a status code says about the request that it answers."""

    APPROVED = auto()
    PARTIAL = auto()
    DECLINED = auto()
    BUSY = auto()
    """Not begun: the terminal has something else to do. The same request may be sent again later."""
    REFUSED = auto()
    """Not begun, and will not be until somebody changes a setting or tends the terminal."""
    NOT_ALLOWED = auto()
    """Not begun: this terminal or processor never does this. After it was done it may say so too."""
    NOT_FOUND = auto()
    """Neither the terminal nor the proxy knows the reference. No proof by itself."""
    CANCELLED = auto()
    """The terminal stopped. It has answered, so nothing is under way any more."""
    UNCERTAIN = auto()


class Verdict(Enum):
    """What an operation makes of an answer, if nothing better is found out."""

    APPROVED = auto()
    DECLINED = auto()
    BUSY = auto()
    NOT_SENT = auto()
    IN_DOUBT = auto()


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One code. `meaning` is short enough for a cashier; `why` defends the kind where it is not plain."""

    code: str
    kind: Kind
    meaning: str
    why: str = ""


_OFFLINE = "It may be lost after the request was passed on. Look-up settles it once it is back."
_HOST = "The bank may have approved before the line broke."
_PROXY = "Refused before the terminal saw it."
_SETTLE = "Belongs to Settle, which we never send, so here it says nothing."
_UNEXPLAINED = "In circulation, explained nowhere."

_TABLE = (
    StatusCode("0000", Kind.APPROVED, "approved"),
    StatusCode("0001", Kind.PARTIAL, "approved in part"),
    StatusCode("1000", Kind.BUSY, "terminal is busy"),
    StatusCode("1001", Kind.NOT_FOUND, "not found"),
    StatusCode("1002", Kind.NOT_ALLOWED, "not implemented"),
    StatusCode("1003", Kind.NOT_ALLOWED, "not supported"),
    StatusCode("1004", Kind.NOT_ALLOWED, "not allowed", "Also a tip or fee on Auth, and Void of an Auth."),
    StatusCode("1005", Kind.REFUSED, "terminal battery is low"),
    StatusCode("1006", Kind.UNCERTAIN, "terminal error", "Includes no paper, noticed after the approval."),
    StatusCode("1007", Kind.REFUSED, "wrong format"),
    StatusCode("1008", Kind.REFUSED, "wrong payment or transaction type"),
    StatusCode("1009", Kind.REFUSED, "authentication failed"),
    StatusCode("1010", Kind.REFUSED, "reference is missing"),
    StatusCode("1011", Kind.UNCERTAIN, "reference exists", "One of ours got through without its answer."),
    StatusCode("1012", Kind.CANCELLED, "cancelled at the terminal", "By whom is not said."),
    StatusCode("1013", Kind.REFUSED, "bad request"),
    StatusCode("1014", Kind.UNCERTAIN, "no line to the bank", _HOST),
    StatusCode("1015", Kind.DECLINED, "declined"),
    StatusCode("1016", Kind.REFUSED, "payment type does not match"),
    StatusCode("1017", Kind.REFUSED, "wrong merchant"),
    StatusCode("1018", Kind.UNCERTAIN, "no line to the PIN pad", _HOST),
    StatusCode("1019", Kind.REFUSED, "no debit keys"),
    StatusCode("1020", Kind.UNCERTAIN, "no open batch", _SETTLE),
    StatusCode("1021", Kind.UNCERTAIN, "stored payments are waiting", _SETTLE),
    StatusCode("1022", Kind.UNCERTAIN, "payments without tip remain", _SETTLE),
    StatusCode("1023", Kind.UNCERTAIN, "open tab", _SETTLE),
    StatusCode("1024", Kind.REFUSED, "key declined"),
    StatusCode("1025", Kind.REFUSED, "payment application is missing"),
    StatusCode("1030", Kind.UNCERTAIN, "terminal was disconnected", "It may go on alone."),
    StatusCode("1040", Kind.UNCERTAIN, "unexplained code", _UNEXPLAINED),
    StatusCode("1100", Kind.UNCERTAIN, "unexplained code", _UNEXPLAINED),
    StatusCode("1101", Kind.UNCERTAIN, "unexplained code", _UNEXPLAINED),
    StatusCode("1500", Kind.UNCERTAIN, "no signature", "The payment before the signature may be approved."),
    StatusCode("1999", Kind.UNCERTAIN, "unknown terminal answer"),
    StatusCode("2001", Kind.UNCERTAIN, "terminal is not connected", _OFFLINE),
    StatusCode("2002", Kind.REFUSED, "wrong authentication key", _PROXY),
    StatusCode("2003", Kind.REFUSED, "register not found", _PROXY),
    StatusCode("2004", Kind.REFUSED, "route not found", _PROXY),
    StatusCode("2005", Kind.REFUSED, "active route not found", "Two devices share one terminal number."),
    StatusCode("2006", Kind.REFUSED, "request not parsable", _PROXY),
    StatusCode("2007", Kind.UNCERTAIN, "timed out", "The terminal may still finish."),
    StatusCode("2008", Kind.BUSY, "terminal is in use", "Not ours: we repeat only what never began."),
    StatusCode("2009", Kind.NOT_FOUND, "transaction not found"),
    StatusCode("2010", Kind.UNCERTAIN, "communication error", "To send again may charge twice."),
    StatusCode("2011", Kind.UNCERTAIN, "terminal is not available", _OFFLINE),
    StatusCode("2101", Kind.REFUSED, "callback address is missing", _PROXY),
    StatusCode("2102", Kind.REFUSED, "invalid XML", _PROXY),
    StatusCode("2110", Kind.UNCERTAIN, "internal error"),
    StatusCode("2201", Kind.REFUSED, "invalid request", _PROXY),
    StatusCode("2301", Kind.UNCERTAIN, "nothing is being processed", "It may have finished."),
)

STATUS_CODES: Mapping[str, StatusCode] = {row.code: row for row in _TABLE}

_OK, _NO, _BUSY, _UNSENT, _DOUBT = (
    Verdict.APPROVED,
    Verdict.DECLINED,
    Verdict.BUSY,
    Verdict.NOT_SENT,
    Verdict.IN_DOUBT,
)

_VERDICTS = {
    # charge, look-up, capture, void, refund, tip
    Kind.APPROVED: (_OK, _OK, _OK, _OK, _OK, _OK),
    Kind.PARTIAL: (_OK, _OK, _OK, _DOUBT, _OK, _DOUBT),
    Kind.DECLINED: (_NO, _NO, _NO, _DOUBT, _NO, _NO),
    Kind.BUSY: (_BUSY, _DOUBT, _BUSY, _BUSY, _BUSY, _BUSY),
    Kind.REFUSED: (_UNSENT, _DOUBT, _UNSENT, _UNSENT, _UNSENT, _UNSENT),
    Kind.NOT_ALLOWED: (_UNSENT, _DOUBT, _NO, _NO, _UNSENT, _NO),
    Kind.NOT_FOUND: (_DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT),
    Kind.CANCELLED: (_DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT),
    Kind.UNCERTAIN: (_DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT, _DOUBT),
}


def status_code(code: str) -> StatusCode:
    """The table's row for a code; a code that the vendor never published is uncertain."""
    return STATUS_CODES.get(code) or StatusCode(code, Kind.UNCERTAIN, "unknown code")


def verdict(kind: Kind, operation: Operation) -> Verdict:
    """What an operation makes of a kind of answer, on the strength of this one answer alone."""
    return dict(zip(Operation, _VERDICTS[kind], strict=True))[operation]
