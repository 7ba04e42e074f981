"""One thing at a time at each terminal, as far as this process is concerned."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from uuid import UUID

from ringup.domain.errors import TerminalBusy


class Lanes:
    """The queues in front of the terminals: sales and what follows them, first come, first served.

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
