"""New sales come in a few at a time, so that those that have begun are finished first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from ringup.domain.errors import DatabaseUnavailable

AT_ONCE = 4


class Door:
    """Where a new sale stands before its first step.

    Connections are handed out first come, first served. Without a door, a thousand new sales
    would stand before the one whose money has moved, and each of its steps would wait for all
    of theirs.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)

    @contextlib.asynccontextmanager
    async def passed(self, wait_seconds: float) -> AsyncIterator[None]:
        """Be one of the few. Raises DatabaseUnavailable when the turn does not come in time: nothing was begun."""
        try:
            async with asyncio.timeout(wait_seconds):
                await self._places.acquire()
        except TimeoutError as late:
            raise DatabaseUnavailable("too many sales at once; nothing was begun") from late
        try:
            yield
        finally:
            self._places.release()
