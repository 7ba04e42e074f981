"""What every verb of a sale works with: the database, the terminals, and how long to wait."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from ringup.db.pool import Pool
from ringup.domain.errors import TerminalBusy
from ringup.terminals.protocol import Terminal


class Terminals(Protocol):
    """Finds the adapter of a configured terminal."""

    async def get(self, vendor_id: UUID, processor_id: UUID) -> Terminal:
        """Raises ProcessorNotFound, or SecretUnreadable where its credentials cannot be decrypted."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds.

    `terminal_wait`: how long a sale stands in line for a busy terminal before it is refused.
    `step`: how long a process may be silent between two steps before recovery takes over.
    `hold`: how long goods and points stay set aside, at the least (spec: 150 s or more).
    """

    terminal_wait: float = 30.0
    step: int = 15
    hold: int = 300


class Lanes:
    """Queues the sales of this process in front of each terminal, first come, first served.

    Only a courtesy: that a terminal works on one payment at a time is an index in the
    database, which other processes meet as well.
    """

    def __init__(self) -> None:
        self._lanes: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    @contextlib.asynccontextmanager
    async def turn(self, processor_id: UUID, wait_seconds: float) -> AsyncIterator[None]:
        """Wait for the terminal's turn. Raises TerminalBusy when it does not come in time."""
        lane = self._lanes[processor_id]
        try:
            async with asyncio.timeout(wait_seconds):
                await lane.acquire()
        except TimeoutError as late:
            raise TerminalBusy(f"the terminal stayed busy for {wait_seconds:g} seconds") from late
        try:
            yield
        finally:
            lane.release()


@dataclass(frozen=True, slots=True)
class Counter:
    db: Pool
    terminals: Terminals
    patience: Patience = field(default_factory=Patience)
    lanes: Lanes = field(default_factory=Lanes)
