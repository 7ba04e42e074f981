"""Faults that are put in the way of chosen requests: which exist, and which request meets which."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import count

from pydantic import BaseModel, ConfigDict, Field

from ringup.simulator.settings import Seconds
from ringup.simulator.spin_requests import Operation


class FaultName(StrEnum):
    """What goes wrong. Only valid requests with the right key meet a fault."""

    DELAY = "delay"
    DECLINE = "decline"
    PARTIAL = "partial"
    WRONG_AMOUNT = "wrong_amount"
    CUSTOMER_CANCELS = "customer_cancels"
    HOST_ERROR = "host_error"
    UNKNOWN_CODE = "unknown_code"
    OFFLINE = "offline"
    BUSY = "busy"
    PROXY_TIMEOUT = "proxy_timeout"
    DROP_REQUEST = "drop_request"
    DROP_REPLY = "drop_reply"
    TRUNCATE = "truncate"
    HTML_BEFORE = "html_before"
    HTML = "html"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"


class CustomerAct(StrEnum):
    """What a customer does who is asked for a card."""

    PAYS = "pays"
    IS_DECLINED = "is_declined"
    HAS_HALF = "has_half"
    WALKS_AWAY = "walks_away"


FAULT_OF_ACT = {
    CustomerAct.IS_DECLINED: FaultName.DECLINE,
    CustomerAct.HAS_HALF: FaultName.PARTIAL,
    CustomerAct.WALKS_AWAY: FaultName.CUSTOMER_CANCELS,
}

FAULT_EFFECTS = {
    FaultName.DELAY: "carried out after `seconds`",
    FaultName.DECLINE: "1015 with `host_code`; a card operation is declined",
    FaultName.PARTIAL: "Sale, Auth: 0001, for `approved_cents` or else half of the amount",
    FaultName.WRONG_AMOUNT: "Sale, Auth, Return: 0000, but for `approved_cents` or else one cent less",
    FaultName.CUSTOMER_CANCELS: "1012, nothing is charged",
    FaultName.HOST_ERROR: "1014, carried out if `executed`",
    FaultName.UNKNOWN_CODE: "`status_code` (default 7777), carried out if `executed`",
    FaultName.OFFLINE: "2001, not carried out; TerminalStatus says Offline",
    FaultName.BUSY: "`status_code` (default 2008), not carried out",
    FaultName.PROXY_TIMEOUT: "2007 at once; carried out after `seconds` all the same",
    FaultName.DROP_REQUEST: "connection closed, not carried out",
    FaultName.DROP_REPLY: "carried out, then the connection is closed without an answer",
    FaultName.TRUNCATE: "carried out, then the connection is closed in the middle of the JSON",
    FaultName.HTML_BEFORE: "HTTP 502 with a page of HTML, not carried out",
    FaultName.HTML: "carried out, then HTTP 502 with a page of HTML",
    FaultName.ERROR_BEFORE: "HTTP 500, not carried out",
    FaultName.ERROR_AFTER: "carried out, then HTTP 500",
}


class FaultRule(BaseModel):
    """A fault and the requests that meet it: each meets the oldest rule that matches and is not spent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fault: FaultName = Field(description="\n".join(f"* `{name}`: {effect}." for name, effect in FAULT_EFFECTS.items()))
    tpn: str | None = Field(None, description="Only this terminal.")
    path: Operation | None = Field(None, description="Only this operation; null: any but StatusList.")
    reference_id: str | None = Field(None, description="Only requests that carry this ReferenceId.")
    skip: int = Field(0, ge=0, description="How many matching requests pass unharmed first.")
    times: int | None = Field(1, ge=1, description="How many requests meet it; null: until it is deleted.")
    seconds: Seconds = Field(0, description="Added to the time the terminal takes, whatever the fault.")
    host_code: str = Field("05", description="The card host's code that goes with a decline.")
    status_code: str | None = Field(None, pattern="^[0-9]{4}$")
    approved_cents: int | None = Field(None, ge=1)
    executed: bool = Field(True, description="Whether host_error and unknown_code carry the request out.")

    def matches(self, tpn: str, operation: Operation, reference_id: str | None) -> bool:
        # The list is about no payment in particular: a fault that is meant for the next one passes it by.
        meant = operation is not Operation.STATUS_LIST if self.path is None else operation is self.path
        return meant and self.tpn in (None, tpn) and self.reference_id in (None, reference_id)


class ActiveFault(BaseModel):
    """A rule under its number, and how often it was met."""

    id: int
    rule: FaultRule
    matched_count: int = Field(0, description="Requests that matched, those skipped included.")

    @property
    def spent(self) -> bool:
        return self.rule.times is not None and self.matched_count >= self.rule.skip + self.rule.times


class Faults:
    """The rules in force, oldest first."""

    def __init__(self) -> None:
        self._active: list[ActiveFault] = []
        self._numbers = count(1)

    def listed(self) -> Sequence[ActiveFault]:
        return self._active

    def add(self, rule: FaultRule) -> ActiveFault:
        active = ActiveFault(id=next(self._numbers), rule=rule)
        self._active.append(active)
        return active

    def clear(self, tpn: str | None = None) -> None:
        """Delete every rule, or those that name this terminal."""
        self._active = [active for active in self._active if tpn is not None and active.rule.tpn != tpn]

    def strike(self, tpn: str, operation: Operation, reference_id: str | None) -> FaultRule | None:
        """The fault that this request meets, if any. Counts the request."""
        for active in self._active:
            if not active.spent and active.rule.matches(tpn, operation, reference_id):
                active.matched_count += 1
                if active.matched_count > active.rule.skip:
                    return active.rule
        return None
