"""What a process uses, as Linux counts it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from ringup.cli.output import CannotRun

LOOK_SECONDS = 0.25
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor seconds since the process began, and the memory it has and had at most, in MB."""

    cpu_seconds: float
    rss_mb: float
    rss_max_mb: float


def usage_of(process_id: int) -> Usage:
    """Raises CannotRun where the system does not tell, or the process is gone."""
    process = Path("/proc", str(process_id))
    try:
        after_name = (process / "stat").read_text().rpartition(")")[2].split()
        lines = (process / "status").read_text().splitlines()
    except OSError as failure:
        raise CannotRun(f"what process {process_id} uses cannot be read: {failure}", "Run it on Linux.") from failure
    status = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
    user_ticks, system_ticks = int(after_name[11]), int(after_name[12])
    return Usage(
        cpu_seconds=(user_ticks + system_ticks) / os.sysconf("SC_CLK_TCK"),
        rss_mb=int(status["VmRSS"][0]) * 1024 / MEGABYTE,
        rss_max_mb=int(status["VmHWM"][0]) * 1024 / MEGABYTE,
    )


def cpu_seconds_of_server(process_id: int | None) -> float:
    """Processor seconds of a PostgreSQL server: its first process and all that it started."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = stat.read_text().rpartition(")")[2].split()
            is_server = stat.parent.name == str(process_id)
            if is_server or after_name[1] == str(process_id):
                ticks += sum(int(count) for count in after_name[11 : 15 if is_server else 13])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.asynccontextmanager
async def looking(look: Callable[[], object]) -> AsyncIterator[None]:
    """Look at something every quarter of a second for the length of a block."""

    async def go_on() -> None:
        while True:
            found = look()
            if asyncio.iscoroutine(found):
                await found
            await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
