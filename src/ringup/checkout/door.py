"""New sales come in a few at a time, so that those that have begun are finished first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from ringup.domain.errors import TooBusy

AT_ONCE = 4
WEIGHT_OF_THE_LAST = 0.1
SURE_SHARE = 0.7
"""Of the wait that is allowed: who is let into the line should not be turned away at its end."""


class Door:
    """Where a new sale stands before its first step.

    Connections are handed out first come, first served. Without a door, a thousand new sales
    would stand before the one whose money has moved, and each of its steps would wait for all
    of theirs. And where more come than can be served, the line would grow until nobody in it
    is served in time: so whoever would wait too long is told at once.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._seconds_each = 0.0

    def check_line(self, wait_seconds: float) -> None:
        """Raises TooBusy while the line is so long that whoever joins it would not come in in time."""
        if self._waiting * self._seconds_each / self._at_once > SURE_SHARE * wait_seconds:
            raise TooBusy("too many sales at once; this one was not begun")

    @contextlib.asynccontextmanager
    async def passed(self, wait_seconds: float) -> AsyncIterator[None]:
        """Be one of the few. Raises TooBusy when the turn does not come in time, or will not: nothing was begun."""
        self.check_line(wait_seconds)
        self._waiting += 1
        try:
            async with asyncio.timeout(wait_seconds):
                await self._places.acquire()
        except TimeoutError as late:
            raise TooBusy("too many sales at once; this one was not begun") from late
        finally:
            self._waiting -= 1
        begun = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self._places.release()
            took = asyncio.get_running_loop().time() - begun
            self._seconds_each += WEIGHT_OF_THE_LAST * (took - self._seconds_each)
