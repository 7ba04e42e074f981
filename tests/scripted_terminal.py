"""A terminal that says what the test tells it to, and remembers what it was asked.

It stands at the seam only: the database behind the verbs is real.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.domain.outcome import Approval, Approved, InDoubt, ListedCharge, NotSent, Outcome
from ringup.terminals.protocol import Capabilities, Health


class PowerCut(BaseException):
    """The process dies here. Not an Exception: nothing may catch it."""


@dataclass
class ScriptedTerminal:
    """`says` answers a charge, or is called with the attempt; None approves in full. `moved` is the money it moved."""

    says: Outcome | Callable[[Attempt], Outcome] | None = None
    looks_up: Outcome | None = None
    proves_absence: bool = False
    power_fails: str | None = None
    moved: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    says_void: Outcome | None = None
    says_refund: Outcome | None = None
    refund_asked: list[str] = field(default_factory=list)
    captured: list[str] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    auth_capture: bool = False
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    waits: bool = False
    listed: list[ListedCharge] | None = None
    tip_adjust: bool = True
    tips: list[int] = field(default_factory=list)
    says_tip: Outcome | None = None
    looks_up_tip: Outcome | None = None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            auth_capture=self.auth_capture,
            status_by_reference=True,
            replay_safe_on_5xx=False,
            key_window_s=None,
            cancel_by_key=False,
            partial_approval=True,
            health_probe=True,
            charge_seconds_max=120.0,
            tip_adjust=self.tip_adjust,
        )

    async def charge(self, attempt: Attempt) -> Outcome:
        self.asked.append(attempt.reference_id)
        self.was_asked.set()
        if self.waits:
            await self.may_answer.wait()
        if self.power_fails == "before the money moves":
            raise PowerCut
        outcome = self._outcome(attempt)
        if isinstance(outcome, Approved):
            self.moved.append(attempt.reference_id)
        if self.power_fails == "after the money moved":
            raise PowerCut
        return outcome

    def _outcome(self, attempt: Attempt) -> Outcome:
        if self.says is None:
            return approved(attempt, captured=not self.auth_capture)
        return self.says(attempt) if callable(self.says) else self.says

    async def look_up(self, attempt: Attempt) -> Outcome:
        if self.looks_up is not None:
            return self.looks_up
        if attempt.reference_id in self.moved:
            return approved(attempt, captured=not self.auth_capture)
        if self.proves_absence:
            return NotSent(reason="no such sale, and none under way")
        return InDoubt(reason="no such sale, which proves nothing yet")

    async def capture(self, attempt: Attempt) -> Outcome:
        self.captured.append(attempt.reference_id)
        return approved(attempt)

    async def void(self, attempt: Attempt) -> Outcome:
        self.voided.append(attempt.reference_id)
        if self.power_fails == "after the void":
            raise PowerCut
        if self.says_void is not None:
            return self.says_void
        return Approved(Approval(approved_minor=attempt.approved_minor or 0, voided=True))

    async def refund(self, attempt: Attempt) -> Outcome:
        self.refund_asked.append(attempt.reference_id)
        if self.power_fails == "before the card is paid back":
            raise PowerCut
        outcome = approved(attempt) if self.says_refund is None else self.says_refund
        if isinstance(outcome, Approved):
            self.moved.append(attempt.reference_id)
        if self.power_fails == "after the card is paid back":
            raise PowerCut
        return outcome

    async def adjust_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        self.tips.append(tip_minor)
        if self.power_fails == "after the tip was asked for":
            raise PowerCut
        return approved(attempt) if self.says_tip is None else self.says_tip

    async def look_up_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        if self.looks_up_tip is not None:
            return self.looks_up_tip
        return approved(attempt) if tip_minor in self.tips else NotSent(reason="the charge is as it was")

    async def abort(self, attempt: Attempt) -> None:
        self.aborted.append(attempt.reference_id)

    async def list_charges(self, like: Money) -> list[ListedCharge] | None:
        return self.listed

    async def check_health(self) -> Health:
        return Health("online")


def approved(attempt: Attempt, *, captured: bool = True) -> Approved:
    return Approved(
        Approval(
            approved_minor=attempt.amount.amount_minor,
            captured=captured,
            auth_code="A1",
            card_brand="Visa",
            card_last4="4242",
        )
    )


@dataclass
class OneTerminal:
    """Every processor of the shop is this terminal."""

    terminal: ScriptedTerminal

    async def get(self, vendor_id: UUID, processor_id: UUID) -> ScriptedTerminal:
        return self.terminal
