"""Keep other ringup processes running for as long as this one runs, and not a moment longer."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringup.cli.output import CannotRun

QUICK_DEATH_SECONDS = 10.0
"""Who dies younger was not interrupted but could not live."""
QUICK_DEATHS_MAX = 5
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.1, 5.0
"""Before another start; doubled after every quick death."""
STOP_SECONDS = 8.0
"""How long a child may take to put its things away before it is killed."""
LOG_TAIL_BYTES = 2000

ENTRY = "from ringup.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Child:
    """A `ringup` command to keep running. It must take --exit-with-stdin, and inherits `descriptors`."""

    name: str
    arguments: tuple[str, ...]
    log: Path
    descriptors: tuple[int, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-c", ENTRY, *self.arguments, "--exit-with-stdin")


@contextlib.asynccontextmanager
async def kept_running(child: Child) -> AsyncIterator[asyncio.Task[None]]:
    """Start a child, and again whenever it dies; stop it at the end of the block.

    It ends too if this process is killed: it watches a pipe of which only we hold the
    other end. What is yielded is done only once it cannot be kept running (CannotRun).
    """
    child.log.write_bytes(b"")
    keeper = asyncio.create_task(_keep_running(child))
    try:
        yield keeper
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})


async def while_running(keepers: Sequence[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Do something for as long as all keepers keep. Raises what ended the first of them."""
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({*keepers, task}, return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _keep_running(child: Child) -> None:
    clock = asyncio.get_running_loop().time
    quick_deaths = 0
    while True:
        started = clock()
        code = await _run_once(child)
        quick_deaths = quick_deaths + 1 if clock() - started < QUICK_DEATH_SECONDS else 1
        if quick_deaths >= QUICK_DEATHS_MAX:
            raise CannotRun(
                f"the {child.name} ended {quick_deaths} times in a row, last with code {code}",
                f"It said, in {child.log}:\n{_tail(child.log)}",
            )
        await asyncio.sleep(min(PAUSE_SECONDS * 2**quick_deaths, PAUSE_SECONDS_MAX))


async def _run_once(child: Child) -> int:
    with child.log.open("ab") as log:
        # A session of its own: Ctrl-C at the terminal reaches us alone, and we stop everything in order.
        process = await asyncio.create_subprocess_exec(
            *child.command,
            stdin=PIPE,
            stdout=log,
            stderr=STDOUT,
            pass_fds=child.descriptors,
            start_new_session=True,
        )
    try:
        return await process.wait()
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _tail(log: Path) -> str:
    return log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip()
