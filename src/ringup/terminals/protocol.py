"""The seam between us and every card terminal."""

from dataclasses import dataclass
from typing import Literal, Protocol

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.domain.outcome import ListedCharge, Outcome


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a processor can do. The engine chooses its steps from this, never from a vendor's name.

    `auth_capture`: approval only sets the money aside and a capture follows the commit.
    `status_by_reference`: a lost answer can be looked up by our reference.
    `replay_safe_on_5xx`: the same key may be posted again after a server error.
    `key_window_s`: seconds for which the vendor remembers a key (None: not stated).
    `cancel_by_key`: a payment can be cancelled by our key without knowing the vendor's id.
    `partial_approval`: the terminal may approve less than was asked for.
    `health_probe`: the terminal can be asked whether it is there without moving money.
    `charge_seconds_max`: the longest that one charge can be under way at the vendor.
    `tip_adjust`: the tip of an approved charge can be changed until it is captured or settled.
    `batches`: charges are kept in batches, and only those of the open one can be looked up; which one is open
    has to be known before a charge, or "not found" proves nothing about it.
    """

    auth_capture: bool
    status_by_reference: bool
    replay_safe_on_5xx: bool
    key_window_s: int | None
    cancel_by_key: bool
    partial_approval: bool
    health_probe: bool
    charge_seconds_max: float
    batches: bool = False
    tip_adjust: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """What a terminal said when asked whether it is there. `detail` is for people."""

    status: Literal["online", "busy", "offline", "not_found", "unreachable"]
    detail: str | None = None


class Terminal(Protocol):
    """A device that takes money.

    Every adapter keeps these rules, and `tests/terminals/conformance.py` checks them:

    * A method returns an `Outcome` or, because we have a bug, raises. The network
      failing, the customer walking off and the bank saying no are all outcomes.
    * No timeout is a `Declined`. If the request may have left, the answer is `InDoubt`.
    * An answer we do not recognise is `InDoubt`.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    async def charge(self, attempt: Attempt) -> Outcome:
        """Ask for the money and wait for the answer.

        Called by whoever committed the attempt, and by nobody else. Called again only
        after `NotSent(busy=True)`, with the same reference.
        """
        ...

    async def look_up(self, attempt: Attempt) -> Outcome:
        """Find out what became of a charge. Moves no money; safe to repeat.

        `NotSent` means proof that it was not charged and can no longer be;
        anything short of that is `InDoubt`.
        """
        ...

    async def capture(self, attempt: Attempt) -> Outcome:
        """Take the money that an approval set aside. `Approved` if it is taken, now or before."""
        ...

    async def void(self, attempt: Attempt) -> Outcome:
        """Undo an approved charge. `Approved` means it is undone, now or before; `Declined`
        that the vendor will never do it (settled, or forbidden); `NotSent` to try again later."""
        ...

    async def refund(self, attempt: Attempt) -> Outcome:
        """Pay money back to a card, as a payment of its own with its own reference."""
        ...

    async def adjust_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        """Let an approved charge pay another tip; `attempt` is the charge with the tip that it has.

        `Approved` if it does now, or did before; `Declined` that the vendor will never do it (captured, settled,
        forbidden, or the bank said no): the charge stands as it was. Called by whoever committed the change.
        """
        ...

    async def look_up_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        """Find out what became of a change of the tip. Moves no money; safe to repeat.

        `attempt` is the charge as before, and its `seconds_since_sent` the change's. `NotSent` means proof
        that the charge is as it was and that the change can no longer come.
        """
        ...

    async def abort(self, attempt: Attempt) -> None:
        """Ask the terminal to stop what it is doing for this attempt. A hint: look up before believing it."""
        ...

    async def list_charges(self, like: Money) -> list[ListedCharge] | None:
        """What the processor says it charged since it last settled, in the currency of `like`.

        None if it cannot say just now, or never. Moves no money; safe to repeat.
        """
        ...

    async def open_batch(self) -> str | None:
        """The number of the batch that is open now; None if the terminal does not tell. Moves no money."""
        ...

    async def check_health(self) -> Health:
        """Ask whether the terminal is there. Moves no money; never raises for the network."""
        ...
