"""`ringup drill`: a bad day with real processes, at an old till and at ringup's."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ringup.cli.database import loop_runner
from ringup.cli.drill_naive import TPNS
from ringup.cli.drill_picture import draw
from ringup.cli.drill_processes import serving, simulating
from ringup.cli.drill_report import Report, show
from ringup.cli.drill_score import score
from ringup.cli.drill_shop import LANES, VENDOR_ID, stock_shop
from ringup.cli.drill_sides import RingupShop, Scene, ask_again, play_naive, play_ringup
from ringup.cli.drill_terminals import make_terminals
from ringup.cli.drill_verdict import judge
from ringup.cli.lifetime import run_until_stopped, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json, remarks
from ringup.db.embedded import EmbeddedPostgres, create_database, start_embedded
from ringup.db.migrate import migrate
from ringup.db.reads.audit import INVARIANTS, Violation, list_violations
from ringup.settings import Settings
from ringup.simulator.drill_schedule import CHECKOUTS_MAX, Schedule, make_schedule
from ringup.wiring import open_shop

SETTINGS = {
    "lease_seconds": 3,
    "asking_seconds": 5,
    "terminal_wait_seconds": 10,
    "health_interval_seconds": 5,
    "log_level": "warning",
}
"""ringup at the drill's speed: leases of seconds, and terminals looked after every five."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a drill takes place."""

    schedule: Schedule
    directory: Path
    server: EmbeddedPostgres
    picture: Path
    progress: Progress

    @property
    def settings(self) -> Settings:
        """Ours alone: whatever the operator's environment says is about another shop."""
        return Settings(data_dir=self.directory, database_url=None, secret_key=None, failpoint="", log_level="warning")

    @property
    def environment(self) -> dict[str, str]:
        settings = {**SETTINGS, "data_dir": self.directory, "database_url": self.server.url()}
        return {f"RINGUP_{name.upper()}": str(value) for name, value in settings.items()}

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.log"


def drill(
    *,
    checkouts: Annotated[int, typer.Option(min=1, max=CHECKOUTS_MAX, help="How many sales the day has.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed is the same day.")] = 1,
    picture: Annotated[Path, typer.Option(help="Where the picture goes (SVG).")] = Path("drill.svg"),
    keep: Annotated[bool, typer.Option("--keep", help="Keep the databases, journals and logs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a bad day at a checkout that charges and then saves, and at ringup. Exit 1 if ringup breaks a promise.

    Replies get lost, approvals come late, terminals hang, cashiers press twice and
    cancel, the server and its worker are killed, the database crashes. Everything runs
    on this machine, in a directory of its own, with simulated terminals; no setting of
    yours is used and no database of yours is touched. 200 checkouts take about a minute.

    Example: ringup drill --checkouts 1000 --seed 7
    """
    if not picture.parent.is_dir():
        raise CannotRun(f"there is no directory {picture.parent}", "Choose another place: --picture")
    directory = Path(tempfile.mkdtemp(prefix="ringup-drill-"))
    reports: list[Report] = []
    try:
        with until_stopped(), _postgres(directory) as server, _progress() as progress, loop_runner() as runner:
            stage = Stage(make_schedule(seed, checkouts), directory, server, picture, progress)
            runner.run(run_until_stopped(_perform(stage, reports)))
    finally:
        if keep:
            remarks().print(f"kept: {escape(str(directory))}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    if not reports:
        raise CannotRun("the drill was stopped before the day was over")
    report = reports[0]
    if as_json:
        print_json(report.document())
    else:
        show(report)
    raise typer.Exit(0 if report.verdict.is_kept else 1)


@contextlib.contextmanager
def _postgres(directory: Path) -> Iterator[EmbeddedPostgres]:
    server = start_embedded(directory)
    try:
        create_database(server, "naive")
        yield server
    finally:
        server.stop()


def _progress() -> Progress:
    columns = (TextColumn("{task.description:7}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=remarks(), transient=True)


async def _perform(stage: Stage, reports: list[Report]) -> None:
    started = time.monotonic()
    await migrate(stage.server.url())
    async with _simulator(stage) as simulator:
        naive = await play_naive(_scene(stage, simulator, "naive"))
        async with _ringup(stage, simulator) as shop:
            played = await play_ringup(_scene(stage, simulator, "ringup"), shop)
            answers = await ask_again(shop, stage.schedule, played.told)
    violations = await _audit(stage)
    naive_score = score(stage.schedule, naive.told, naive.evidence)
    ringup_score = score(stage.schedule, played.told, played.evidence)
    report = Report(
        schedule=stage.schedule,
        naive=naive_score,
        ringup=ringup_score,
        verdict=judge(stage.schedule, ringup_score, violations, answers, played.stuck),
        seconds=time.monotonic() - started,
        settle_seconds=played.settle_seconds,
        picture=stage.picture,
    )
    draw(report)
    reports.append(report)


def _scene(stage: Stage, simulator: httpx.AsyncClient, name: str) -> Scene:
    bar = stage.progress.add_task(name, total=len(stage.schedule.sales))
    return Scene(stage.schedule, stage.server, simulator, lambda: stage.progress.advance(bar))


@contextlib.asynccontextmanager
async def _simulator(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with simulating(stage.environment, stage.log, stage.directory / "simulator") as (_, simulator):
        await make_terminals(simulator, [*TPNS, *(lane.tpn for lane in LANES)])
        yield simulator


@contextlib.asynccontextmanager
async def _ringup(stage: Stage, simulator: httpx.AsyncClient) -> AsyncIterator[RingupShop]:
    async with open_shop(stage.settings, stage.server.url()) as shop:
        token = await stock_shop(shop, stage.schedule, str(simulator.base_url).rstrip("/"))
    async with serving(stage.environment, stage.log, token) as running:
        yield RingupShop(running.api, running.server, running.worker)


async def _audit(stage: Stage) -> list[tuple[str, Violation]]:
    async with open_shop(stage.settings, stage.server.url()) as shop:
        return [
            (invariant, violation)
            for invariant in INVARIANTS
            for violation in await list_violations(shop.db, VENDOR_ID, invariant)
        ]
