"""The status codes of SPIn REST v2 that the simulator gives, as the published contract lists them."""

from dataclasses import dataclass
from enum import IntEnum


class ResultCode(IntEnum):
    """Who refused. The contract's names but the first are not published."""

    Ok = 0
    TerminalError = 1
    ApiError = 2


@dataclass(frozen=True, slots=True)
class Code:
    """One StatusCode, with the Message and DetailedMessage that go with it."""

    status: str
    result: ResultCode
    message: str
    detail: str


APPROVED = Code("0000", ResultCode.Ok, "Approved", "Approved")
PARTIALLY_APPROVED = Code("0001", ResultCode.Ok, "Approved", "Partially approved")
BUSY_AFTER_APPROVAL = Code("1000", ResultCode.TerminalError, "Service Busy", "Terminal is busy")
NOT_FOUND = Code("1001", ResultCode.TerminalError, "Not found", "Transaction not found")
NOT_ALLOWED = Code("1004", ResultCode.TerminalError, "Not allowed", "The operation is not allowed")
DUPLICATE = Code("1011", ResultCode.TerminalError, "Canceled", "Duplicate Reference Id")
CANCELED = Code("1012", ResultCode.TerminalError, "Canceled", "Canceled by user or for an unknown reason")
BAD_REQUEST = Code("1013", ResultCode.TerminalError, "Error", "Bad request")
HOST_UNREACHABLE = Code("1014", ResultCode.TerminalError, "Error", "Communication error with the host")
DECLINED = Code("1015", ResultCode.TerminalError, "Declined", "Declined")
NO_OPEN_BATCH = Code("1020", ResultCode.TerminalError, "Error", "No open batch")
DISCONNECTED = Code("1030", ResultCode.TerminalError, "Error", "Terminal was disconnected")
NOT_CONNECTED = Code("2001", ResultCode.ApiError, "Error", "Terminal is not connected to the proxy")
WRONG_AUTH_KEY = Code("2002", ResultCode.ApiError, "Error", "Authkey not found")
TIMED_OUT = Code("2007", ResultCode.ApiError, "Error", "The terminal did not answer in time")
IN_USE = Code("2008", ResultCode.ApiError, "Service Busy", "Terminal in use")
INVALID_REQUEST = Code("2201", ResultCode.ApiError, "Error", "Invalid request data")
NOTHING_RUNNING = Code("2301", ResultCode.ApiError, "Error", "Nothing is being processed")

CODES = {
    code.status: code
    for code in (
        APPROVED,
        PARTIALLY_APPROVED,
        BUSY_AFTER_APPROVAL,
        NOT_FOUND,
        NOT_ALLOWED,
        DUPLICATE,
        CANCELED,
        BAD_REQUEST,
        HOST_UNREACHABLE,
        DECLINED,
        NO_OPEN_BATCH,
        DISCONNECTED,
        NOT_CONNECTED,
        WRONG_AUTH_KEY,
        TIMED_OUT,
        IN_USE,
        INVALID_REQUEST,
        NOTHING_RUNNING,
    )
}

HOST_MESSAGES = {
    "00": "APPROVAL",
    "05": "DO NOT HONOR",
    "10": "PARTIAL APPROVAL",
    "14": "INVALID CARD NUMBER",
    "51": "INSUFFICIENT FUNDS",
    "54": "EXPIRED CARD",
    "55": "INCORRECT PIN",
    "57": "NOT PERMITTED",
    "61": "EXCEEDS LIMIT",
    "91": "ISSUER UNAVAILABLE",
    "96": "SYSTEM ERROR",
}


def code_of(status: str) -> Code:
    """The code with this status; one that nobody documented if there is none."""
    return CODES.get(status) or Code(status, ResultCode.TerminalError, "Error", "Undocumented status")
