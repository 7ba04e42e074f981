"""Sales that go on after whoever asked for them hung up, and that a shutdown waits for."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from ringup.domain.errors import RingupError

Result = TypeVar("Result")

log = structlog.get_logger("ringup.api")


class UnderWay:
    """The tasks of one process. Each runs to its end, whatever becomes of its request."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def result(self, task: asyncio.Task[Result]) -> Result:
        """Wait for a task. A caller that is cancelled leaves it running."""
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.leave(task)
            raise

    def leave(self, task: asyncio.Task[Any]) -> None:
        """Nobody waits for this task any more: how it fails is logged."""
        task.add_done_callback(_log_failure)

    async def finish(self, seconds: float) -> None:
        """Let everything end, for so long; what has not ended then is recovery's."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        late = list(self._tasks)
        for task in late:
            task.cancel()
        if late:
            log.warning("sales_left_to_recovery", count=len(late))
            await asyncio.wait(late, timeout=1)


def _log_failure(task: asyncio.Task[Any]) -> None:
    failure = None if task.cancelled() else task.exception()
    if isinstance(failure, RingupError):
        log.warning("sale_refused_unheard", code=failure.code, detail=str(failure))
    elif failure is not None:
        log.error("sale_failed_unheard", exc_info=failure)
