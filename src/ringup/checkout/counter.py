"""What every verb of a sale works with: the database, the terminals, and how long to wait."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from ringup.checkout.door import Door
from ringup.checkout.driven import Driven
from ringup.db.pool import Pool
from ringup.terminals.lanes import Lanes
from ringup.terminals.protocol import Terminal


class Terminals(Protocol):
    """Finds the adapter of a configured terminal."""

    async def get(self, vendor_id: UUID, processor_id: UUID) -> Terminal:
        """Raises ProcessorNotFound, or SecretUnreadable where its credentials cannot be decrypted."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds.

    `door`: how long a sale stands in line before its first step, before it is refused.
    `terminal_wait`: how long it stands in line for a busy terminal.
    `step`: how long a process may be silent about a sale before recovery takes over.
    `hold`: how long goods and points stay set aside, at the least (spec: 150 s or more).
    """

    door: float = 30.0
    terminal_wait: float = 30.0
    step: int = 15
    hold: int = 300


@dataclass(frozen=True, slots=True)
class Counter:
    """`batches_known` are the terminals of which this process knows that the database knows their batch."""

    db: Pool
    terminals: Terminals
    patience: Patience = field(default_factory=Patience)
    lanes: Lanes = field(default_factory=Lanes)
    batches_known: set[UUID] = field(default_factory=set)
    door: Door = field(default_factory=Door)
    driven: Driven = field(default_factory=Driven)
