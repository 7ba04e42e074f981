"""`pgbench`, PostgreSQL's own benchmark: TPC-B for comparison, and our functions by the same means."""

import asyncio
import math
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ringup.cli.bench.shop import VENDOR_ID, Size
from ringup.cli.bench.stage import Stage
from ringup.cli.bench.usage import cpu_seconds_of_server
from ringup.cli.output import CannotRun
from ringup.db.bench_history import make_naive_books
from ringup.db.bench_server import PREFIX
from ringup.db.embedded import create_database, find_binaries

PROGRAM = "pgbench"
DEBIAN = Path("/usr/lib/postgresql")
TPCB_DATABASE, NAIVE_DATABASE = f"{PREFIX}_tpcb", f"{PREFIX}_naive"
SCALE = 20
SCRIPTS = Path(__file__).parents[2] / "db" / "bench"
TURNS = 3
WARM_UP_SECONDS, WARM_UP_SECONDS_OF_A_CLIENT = 1.0, 0.4


@dataclass(slots=True)
class Ran:
    """Turns of one kind, added up. `seconds` are those in which it ran, `cpu_seconds` the server's."""

    transactions: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.transactions / self.seconds if self.seconds else 0.0


def find_pgbench(debian: Path = DEBIAN, wheel: Path | None = None) -> Path:
    """On the path, as Debian installs it, or beside the embedded server. Raises CannotRun."""
    on_path = shutil.which(PROGRAM)
    places = [Path(on_path)] if on_path else []
    places += sorted(debian.glob(f"*/bin/{PROGRAM}"), reverse=True)
    places.append((wheel or find_binaries()) / PROGRAM)
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            return place
    raise CannotRun("there is no pgbench to compare with", "On Debian or Ubuntu: apt install postgresql-contrib")


async def make_tpcb(stage: Stage) -> None:
    """A database of pgbench's own, as big as the comparison wants it."""
    create_database(stage.server, TPCB_DATABASE)
    await _run(stage, ["--initialize", f"--scale={SCALE}", "--quiet", stage.server.url(database=TPCB_DATABASE)])


async def make_naive(stage: Stage, size: Size) -> None:
    """A database for the sale that guarantees nothing, with as many goods and customers."""
    create_database(stage.server, NAIVE_DATABASE)
    await make_naive_books(stage.server.url(database=NAIVE_DATABASE), products=size.products, customers=size.customers)


async def run_tpcb(stage: Stage, ran: Ran, *, clients: int, seconds: float) -> None:
    """One turn of TPC-B, added to what ran before."""
    await _turn(
        stage,
        ran,
        [stage.server.url(database=TPCB_DATABASE)],
        clients=clients,
        seconds=seconds,
        warm_up=WARM_UP_SECONDS,
    )


async def run_checkouts(
    stage: Stage, ran: Ran, variables: Mapping[str, object], *, clients: int, seconds: float
) -> None:
    """One turn of checkouts by SQL functions alone, in the application's role."""
    arguments = [f"--define={name}={value}" for name, value in variables.items()]
    arguments += [f"--file={SCRIPTS / 'checkout.sql'}", stage.url("ringup_app")]
    warm_up = WARM_UP_SECONDS + clients * WARM_UP_SECONDS_OF_A_CLIENT
    await _turn(stage, ran, arguments, clients=clients, seconds=seconds, warm_up=warm_up)


async def run_naive(stage: Stage, ran: Ran, size: Size, *, clients: int, seconds: float) -> None:
    """One turn of the sale that guarantees nothing, in a database of its own."""
    arguments = [f"--define=products={size.products}", f"--define=customers={size.customers}"]
    arguments += [f"--file={SCRIPTS / 'naive.sql'}", stage.server.url(database=NAIVE_DATABASE)]
    await _turn(stage, ran, arguments, clients=clients, seconds=seconds, warm_up=WARM_UP_SECONDS)


async def in_turns(stage: Stage, *sides: Callable[[float], Awaitable[None]]) -> None:
    """Measure every side for as long, a third at a time, so that what the machine does meanwhile meets all of them."""
    told = stage.bar("turns", TURNS * len(sides))
    for turn in range(TURNS):
        for place, side in enumerate(sides):
            await side(stage.seconds / TURNS)
            told(turn * len(sides) + place + 1)


def variables_of(
    size: Size, *, clients: int, hot_product: bool = False, hot_customer: bool = False
) -> dict[str, object]:
    """What the script of a checkout is told: where it may choose from. Every client has as many lanes."""
    return {
        "clients": clients,
        "lanes_each": size.lanes // clients,
        "vendor": VENDOR_ID,
        "products": size.products,
        "first_products": 1 if hot_product else size.products,
        "customers": 1 if hot_customer else size.customers,
    }


async def _turn(stage: Stage, ran: Ran, arguments: list[str], *, clients: int, seconds: float, warm_up: float) -> None:
    """What ends within the first seconds is not counted: every session parses and plans its statements once."""
    log, server = stage.directory / "pgbench-latency", stage.server.process_id
    seconds = max(1, round(seconds))
    options = [
        "--protocol=prepared",
        f"--client={clients}",
        f"--jobs={min(clients, os.cpu_count() or 1)}",
        f"--time={math.ceil(seconds + warm_up)}",
        "--no-vacuum",
        "--log",
        f"--log-prefix={log}",
    ]
    async with asyncio.TaskGroup() as both:
        both.create_task(_run(stage, [*options, *arguments]))
        await asyncio.sleep(warm_up)
        before = cpu_seconds_of_server(server)
        await asyncio.sleep(seconds)
        ran.cpu_seconds += cpu_seconds_of_server(server) - before
    ran.seconds += seconds
    ended: list[tuple[float, float]] = []
    for written in stage.directory.glob(f"{log.name}.*"):
        with written.open() as lines:
            ended += (_ended(line) for line in lines)
        written.unlink()
    first = min((at - milliseconds / 1000 for at, milliseconds in ended), default=0.0) + warm_up
    took = [milliseconds for at, milliseconds in ended if first <= at < first + seconds]
    ran.transactions += len(took)
    ran.latencies_ms += took


def _ended(line: str) -> tuple[float, float]:
    """When a transaction ended, and how many milliseconds it took."""
    columns = line.split()
    return int(columns[4]) + int(columns[5]) / 1_000_000, int(columns[2]) / 1000


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
