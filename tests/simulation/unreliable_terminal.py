"""A terminal that moves money honestly and reports it badly. Its journal is the oracle of what was charged."""

import asyncio
import random
from dataclasses import dataclass, field
from uuid import UUID

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.domain.outcome import (
    Approval,
    Approved,
    Declined,
    InDoubt,
    ListedCharge,
    NotSent,
    Outcome,
    PartiallyApproved,
)
from ringup.terminals.protocol import Capabilities, Health

LATE_SECONDS_MAX = 0.3
WINDOW_SECONDS = 0.5
TOO_LATE_SECONDS = 0.9
"""After this a request that has not arrived never will: "not found" is proof."""


@dataclass
class Charge:
    amount_minor: int
    voided: bool = False
    captured: bool = False


@dataclass
class UnreliableTerminal:
    """Behaves as the dice say. `journal` is written when money moves, whatever the caller hears."""

    dice: random.Random
    journal: dict[str, Charge] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    charged_twice: list[str] = field(default_factory=list)
    working: bool = False
    late: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            auth_capture=True,
            status_by_reference=True,
            replay_safe_on_5xx=False,
            key_window_s=None,
            cancel_by_key=False,
            partial_approval=True,
            health_probe=True,
            charge_seconds_max=WINDOW_SECONDS,
        )

    async def charge(self, attempt: Attempt) -> Outcome:
        if self.working:
            return NotSent("busy", busy=True, retry_after_seconds=0.02)
        self.working = True
        try:
            await asyncio.sleep(self.dice.random() * 0.01)
            return await self._charge(attempt)
        finally:
            self.working = False

    async def _charge(self, attempt: Attempt) -> Outcome:
        match self.dice.choices(
            ["approve", "decline", "lose the answer", "lose the request", "late", "too late", "part", "not sent"],
            weights=[48, 8, 12, 8, 10, 3, 4, 7],
        )[0]:
            case "approve":
                return Approved(self._move(attempt))
            case "decline":
                self.declined.add(attempt.reference_id)
                return Declined("do not honour")
            case "lose the answer":
                self._move(attempt)
                return InDoubt("the answer was lost")
            case "lose the request":
                return InDoubt("the request was lost")
            case "late":
                self._move_later(attempt, self.dice.random() * LATE_SECONDS_MAX)
                return InDoubt("the proxy gave up before the customer did")
            case "too late":
                # Against the vendor's word: after "not found" was proof. Only its own list shows it.
                self._move_later(attempt, TOO_LATE_SECONDS)
                return InDoubt("the proxy gave up before the customer did")
            case "part":
                return PartiallyApproved(self._move(attempt, attempt.amount.amount_minor // 2))
            case _:
                return NotSent("unplugged")

    def _move(self, attempt: Attempt, amount_minor: int | None = None) -> Approval:
        if attempt.reference_id in self.journal:
            self.charged_twice.append(attempt.reference_id)
        charge = Charge(amount_minor or attempt.amount.amount_minor)
        self.journal[attempt.reference_id] = charge
        return self._approval(charge)

    def _move_later(self, attempt: Attempt, seconds: float) -> None:
        async def move() -> None:
            await asyncio.sleep(seconds)
            self._move(attempt)

        task = asyncio.create_task(move())
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    @staticmethod
    def _approval(charge: Charge) -> Approval:
        return Approval(charge.amount_minor, captured=charge.captured, voided=charge.voided, card_last4="4242")

    async def look_up(self, attempt: Attempt) -> Outcome:
        if self.dice.random() < 0.2:
            return InDoubt("Status did not answer")
        charge = self.journal.get(attempt.reference_id)
        if charge is not None:
            approval = self._approval(charge)
            whole = charge.amount_minor == attempt.amount.amount_minor
            return Approved(approval) if whole else PartiallyApproved(approval)
        if attempt.reference_id in self.declined:
            return Declined("do not honour")
        if attempt.seconds_since_sent < WINDOW_SECONDS:
            return InDoubt("not found, but it may be under way", proof_in_seconds=WINDOW_SECONDS)
        return NotSent("not found")

    async def void(self, attempt: Attempt) -> Outcome:
        charge = self.journal.get(attempt.reference_id)
        behaviour = self.dice.choices(["do", "do and lose the answer", "lose", "busy"], weights=[4, 1, 1, 2])[0]
        if charge is not None and behaviour.startswith("do"):
            charge.voided = True
        if behaviour == "busy":
            return NotSent("busy", busy=True, retry_after_seconds=0.0)
        if behaviour != "do" or charge is None:
            return InDoubt("no answer to the void")
        return Approved(self._approval(charge))

    async def capture(self, attempt: Attempt) -> Outcome:
        if self.dice.random() < 0.3:
            return InDoubt("no answer to the capture")
        charge = self.journal[attempt.reference_id]
        charge.captured = True
        return Approved(self._approval(charge))

    async def refund(self, attempt: Attempt) -> Outcome:
        raise NotImplementedError

    async def abort(self, attempt: Attempt) -> None:
        return None

    async def list_charges(self, like: Money) -> list[ListedCharge] | None:
        return [ListedCharge(ref, self._approval(charge), is_charge=True) for ref, charge in self.journal.items()]

    async def check_health(self) -> Health:
        return Health("online")


@dataclass
class Lanes:
    """The terminals of a shop by the ids of their processors."""

    terminals: dict[UUID, UnreliableTerminal]

    async def get(self, vendor_id: UUID, processor_id: UUID) -> UnreliableTerminal:
        return self.terminals[processor_id]
