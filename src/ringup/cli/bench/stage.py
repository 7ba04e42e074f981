"""Where a scenario is played: a server of its own, simulated terminals, and the processes of ringup."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from rich.progress import Progress

from ringup.cli.bench.shop import AUTH_KEY, VENDOR_ID, Size, Terminals, stock_shop, tpn_of
from ringup.cli.bench.tapping import TapJob, Taps
from ringup.cli.bench.till import Job, Tally
from ringup.cli.drill_processes import Kept, Serving, serving
from ringup.cli.drill_processes import simulating as simulator_at
from ringup.cli.output import CannotRun
from ringup.cli.serve import Role
from ringup.db.bench_server import PREFIX, GivenServer
from ringup.db.calls.recovery import refresh_statistics
from ringup.db.calls.relay import Event
from ringup.db.embedded import EmbeddedPostgres
from ringup.db.reads.audit import INVARIANTS, list_violations
from ringup.db.reads.drill import open_drill_books
from ringup.recovery.relay import relay_events
from ringup.settings import Settings
from ringup.wiring import open_shop

AUDIT_STATEMENT_MS = 600_000
TERMINALS_AT_ONCE = 20
TABLES_MAX = 100
LINE_BYTES_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stage:
    """A place for one scenario. `seconds`: how long a side is measured where time decides; `orders`: of a big shop."""

    directory: Path
    server: EmbeddedPostgres | GivenServer
    progress: Progress
    scenario: str
    seconds: float
    orders: int = 1_000_000
    database: str = PREFIX

    @property
    def settings(self) -> Settings:
        """Ours alone: whatever the operator's environment says is about another shop."""
        return Settings(
            data_dir=self.directory,
            database_url=None,
            secret_key=None,
            failpoint="",
            log_level="warning",
            statement_timeout_ms=AUDIT_STATEMENT_MS,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the processes of ringup are given. Every other setting is as it comes."""
        return {
            "RINGUP_DATA_DIR": str(self.directory),
            "RINGUP_DATABASE_URL": self.url(),
            "RINGUP_LOG_LEVEL": "warning",
        }

    def url(self, role: str = "postgres") -> str:
        return self.server.url(role, self.database)

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def bar(self, what: str, total: float) -> Callable[[float], None]:
        """A progress bar, moved by calling what is returned with how much is done."""
        task = self.progress.add_task(f"{self.scenario}: {what}", total=total)
        return lambda done: self.progress.update(task, completed=min(done, total))


@dataclass(frozen=True, slots=True)
class Processes(Serving):
    """The processes of ringup, where its API listens, and the key of its tills."""

    token: str

    @property
    def server_id(self) -> int:
        """The API's process, as long as it runs."""
        process_id = self.server.process_id
        assert process_id is not None, "the server runs"
        return process_id

    def job(self, size: Size, **particulars: Any) -> Job:
        return Job(self.host, self.port, self.token, lanes=size.lanes, size=size, **particulars)


async def stock(stage: Stage, size: Size, terminals: Terminals) -> str:
    """Fill the stage's database, and return an API key."""
    async with open_shop(stage.settings, stage.url()) as shop:
        return await stock_shop(shop, size, terminals, stage.bar("stocking the shop", size.lanes))


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator. Its terminals are those of the lanes."""

    process: Kept
    control: httpx.AsyncClient

    @property
    def url(self) -> str:
        return str(self.control.base_url).rstrip("/")

    @property
    def process_id(self) -> int:
        process_id = self.process.process_id
        assert process_id is not None, "the simulator runs"
        return process_id

    async def set_terminals(self, lanes: int, answer_seconds: Callable[[int], float]) -> None:
        """Make a terminal for each lane, or change it: its customers take so long."""
        at_once = asyncio.Semaphore(TERMINALS_AT_ONCE)

        async def put(lane: int) -> None:
            profile = {"auth_key": AUTH_KEY, "answer_delay_seconds": answer_seconds(lane)}
            async with at_once:
                response = await self.control.put(f"/control/terminals/{tpn_of(lane)}", json=profile)
            response.raise_for_status()

        await asyncio.gather(*(put(lane) for lane in range(lanes)))

    async def held_seconds(self) -> dict[str, float]:
        """How long the processor and its terminals had the requests of each reference."""
        response = await self.control.get("/control/held")
        held: dict[str, float] = response.raise_for_status().json()
        return held

    async def standing_charges(self) -> set[str]:
        """The references of all charges that somebody pays in the end, by the processor's own journal."""
        response = await self.control.get("/control/charges")
        return {charge["reference_id"] for charge in response.raise_for_status().json() if charge["net_cents"] > 0}


@contextlib.asynccontextmanager
async def simulating(stage: Stage) -> AsyncIterator[Simulator]:
    """Have a simulator for the length of a block."""
    async with simulator_at(stage.environment, stage.log, stage.directory / "simulator") as (kept, client):
        yield Simulator(kept, client)


async def count_sold(stage: Stage, simulator: Simulator) -> int:
    """How many completed orders have exactly one charge that stands, here and in the processor's own journal."""
    charged = await simulator.standing_charges()
    async with open_drill_books(stage.url("ringup_operator")) as books:
        orders = await books.list_completed_orders()
    return sum(len(order.references) == 1 and order.references[0] in charged for order in orders)


async def terminal_ms(stage: Stage, simulator: Simulator) -> dict[str, float]:
    """How long the terminals had each sale's requests, by its key: the time that nobody here can change.

    A bench's terminals take the money at once; of an authorisation, its capture afterwards would be counted too.
    """
    held = await simulator.held_seconds()
    async with open_drill_books(stage.url("ringup_operator")) as books:
        references = await books.list_references()
    by_key: defaultdict[str, float] = defaultdict(float)
    for reference in references:
        by_key[reference.idempotency_key] += 1000 * held.get(reference.reference_id, 0.0)
    return by_key


@contextlib.asynccontextmanager
async def processes(stage: Stage, token: str, *, role: Role = Role.API) -> AsyncIterator[Processes]:
    """One process with the API, or what `role` says, and one worker, each kept running."""
    async with serving(stage.environment, stage.log, token, role=role) as running:
        yield Processes(running.server, running.worker, running.host, running.port, running.api, token)


async def ring_up(job: Job, told: Callable[[float], None]) -> Tally:
    """Let the tills of a job work in a process of their own. `told` hears how many sales have ended."""
    return Tally(**await _do_apart("till", job, told))


async def tap(job: TapJob, told: Callable[[float], None]) -> Taps:
    """Let the pages of a job be tapped by a process of its own. `told` hears how many taps were seen."""
    return Taps(**await _do_apart("tapping", job, told))


async def _do_apart(module: str, job: Job | TapJob, told: Callable[[float], None]) -> dict[str, Any]:
    """Let a module of ours do a job in a process of its own, and return its tally."""
    program = f"from ringup.cli.bench.{module} import main; main()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES_MAX
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
    try:
        async for line in process.stdout:
            document = json.loads(line)
            if "tally" in document:
                tally: dict[str, Any] = document["tally"]
                return tally
            told(document["ended"])
    finally:
        process.stdin.close()
        await process.wait()
    raise CannotRun(f"ringup.cli.bench.{module} ended with code {process.returncode} and no result")


async def take_stock_of_tables(stage: Stage) -> None:
    """Let the planner see the tables as they are. Where a worker runs, it does this every few seconds."""
    async with open_shop(stage.settings, stage.url()) as shop:
        await refresh_statistics(shop.db, limit=TABLES_MAX)


async def hand_on_events(stage: Stage) -> None:
    """What the worker does elsewhere. The audit asks for it after some minutes."""
    async with open_shop(stage.settings, stage.url()) as shop:
        while await relay_events(shop.db, VENDOR_ID, _hear):
            pass


async def audit(stage: Stage) -> tuple[str, ...]:
    """Every row that breaks an invariant, as a sentence. Empty when the books balance."""
    show = stage.bar("audit", len(INVARIANTS))
    found: list[str] = []
    async with open_shop(stage.settings, stage.url()) as shop:
        for done, invariant in enumerate(INVARIANTS):
            show(done)
            violations = await list_violations(shop.db, VENDOR_ID, invariant)
            found += (f"{invariant}: {row.subject} {row.subject_id}: {row.problem}" for row in violations)
    show(len(INVARIANTS))
    return tuple(found)


async def _hear(_: UUID, __: Event) -> None:
    """Whoever hears of an event of a benchmark has nothing to do."""
