"""`pgbench`, PostgreSQL's own benchmark: TPC-B for comparison, and our functions by the same means."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ringup.cli.bench.stage import Stage
from ringup.cli.bench.usage import cpu_seconds_of_server
from ringup.cli.output import CannotRun
from ringup.db.embedded import create_database, find_binaries

PROGRAM = "pgbench"
DEBIAN = Path("/usr/lib/postgresql")
TPCB_DATABASE = "tpcb"
SCALE = 20
CHECKOUT_SCRIPT = Path(__file__).parents[2] / "db" / "bench" / "checkout.sql"
DONE = re.compile(r"number of transactions actually processed: (\d+)")
FAILED = re.compile(r"number of failed transactions: (\d+)")
MICROSECONDS_COLUMN = 2


@dataclass(slots=True)
class Ran:
    """Turns of one kind, added up. `seconds` are those in which it ran, `cpu_seconds` the server's."""

    transactions: int = 0
    failed: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.transactions / self.seconds if self.seconds else 0.0


def find_pgbench() -> Path:
    """On the path, as Debian installs it, or beside the embedded server. Raises CannotRun."""
    on_path = shutil.which(PROGRAM)
    places = [Path(on_path)] if on_path else []
    places += sorted(DEBIAN.glob(f"*/bin/{PROGRAM}"), reverse=True)
    places.append(find_binaries() / PROGRAM)
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            return place
    raise CannotRun("there is no pgbench to compare with", "On Debian or Ubuntu: apt install postgresql-contrib")


async def make_tpcb(stage: Stage) -> None:
    """A database of pgbench's own, as big as the comparison wants it."""
    create_database(stage.server, TPCB_DATABASE)
    await _run(stage, ["--initialize", f"--scale={SCALE}", "--quiet", stage.server.url(database=TPCB_DATABASE)])


async def run_tpcb(stage: Stage, ran: Ran, *, clients: int, seconds: float) -> None:
    """One turn of TPC-B, added to what ran before."""
    await _turn(stage, ran, [stage.server.url(database=TPCB_DATABASE)], clients=clients, seconds=seconds)


async def run_checkouts(
    stage: Stage, ran: Ran, variables: Mapping[str, object], *, clients: int, seconds: float
) -> None:
    """One turn of checkouts by SQL functions alone, in the application's role."""
    arguments = [f"--define={name}={value}" for name, value in variables.items()]
    arguments += [f"--file={CHECKOUT_SCRIPT}", stage.server.url("ringup_app")]
    await _turn(stage, ran, arguments, clients=clients, seconds=seconds)


async def _turn(stage: Stage, ran: Ran, arguments: list[str], *, clients: int, seconds: float) -> None:
    log = stage.directory / "pgbench-latency"
    before = cpu_seconds_of_server(stage.server.process_id)
    output = await _run(
        stage,
        [
            "--protocol=prepared",
            f"--client={clients}",
            f"--jobs={min(clients, os.cpu_count() or 1)}",
            f"--time={max(1, round(seconds))}",
            "--no-vacuum",
            "--log",
            f"--log-prefix={log}",
            *arguments,
        ],
    )
    ran.cpu_seconds += cpu_seconds_of_server(stage.server.process_id) - before
    ran.seconds += max(1, round(seconds))
    ran.transactions += _count(DONE, output)
    ran.failed += _count(FAILED, output)
    for written in stage.directory.glob(f"{log.name}.*"):
        with written.open() as lines:
            ran.latencies_ms += (int(line.split()[MICROSECONDS_COLUMN]) / 1000 for line in lines)
        written.unlink()


def _count(pattern: re.Pattern[str], output: str) -> int:
    found = pattern.search(output)
    if found is None:
        raise CannotRun("pgbench said something else than expected", output[-2000:])
    return int(found[1])


async def _run(stage: Stage, arguments: list[str]) -> str:
    process = await asyncio.create_subprocess_exec(
        find_pgbench(), *arguments, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, cwd=stage.directory
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    output = said.decode(errors="replace")
    if process.returncode:
        raise CannotRun(f"pgbench ended with code {process.returncode}", output[-2000:])
    return output
