"""What the conformance suite asks of an adapter's tests: a terminal, and a vendor that does as told."""

from enum import Enum, auto
from typing import Literal, NamedTuple, Protocol

from ringup.terminals.protocol import Terminal


class Step(Enum):
    """What the vendor is asked for."""

    CHARGE = auto()
    CAPTURE = auto()
    VOID = auto()
    REFUND = auto()
    LOOK_UP = auto()
    HEALTH = auto()


class Behaviour(Enum):
    """What the vendor does next, once. It approves unless it is told otherwise."""

    DECLINE = auto()
    PARTIAL = auto()
    OFFLINE = auto()
    BUSY = auto()
    LOSE_REPLY = auto()
    """Carries the request out; its answer never arrives."""
    LOSE_REQUEST = auto()
    """Closes the connection without carrying the request out."""
    GARBLE_REPLY = auto()
    """Carries the request out and breaks off in the middle of the answer."""
    LATE_APPROVAL = auto()
    """Gives up waiting for the terminal, which approves a moment later."""
    UNRECOGNISED = auto()
    """Carries the request out and answers with a code that nobody published."""


class Entry(NamedTuple):
    """One movement of money in the vendor's journal. Amounts are minor units."""

    what: Literal["approved", "captured", "voided", "returned"]
    amount_minor: int


class Rig(Protocol):
    """A terminal of its own for each test, and the vendor behind it."""

    @property
    def terminal(self) -> Terminal: ...

    @property
    def unreachable_terminal(self) -> Terminal:
        """One whose vendor nobody can connect to."""
        ...

    async def next(self, behaviour: Behaviour, step: Step) -> None:
        """Make the vendor behave so, the next time it is asked for this step."""
        ...

    async def journal(self, reference_id: str) -> list[Entry]:
        """The movements of money under a reference, oldest first."""
        ...
