"""`ringup drill`: a bad day with real processes, at an old till and at ringup's."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
import typer

from ringup.cli.database import loop_runner
from ringup.cli.drill_naive import TPNS
from ringup.cli.drill_picture import draw
from ringup.cli.drill_processes import serving, simulating
from ringup.cli.drill_report import Report, show
from ringup.cli.drill_score import score
from ringup.cli.drill_shop import LANES, VENDOR_ID, stock_shop
from ringup.cli.drill_sides import RingupShop, Scene, ask_again, play_naive, play_ringup
from ringup.cli.drill_stage import Stage, list_all_violations, stage_set
from ringup.cli.drill_terminals import make_terminals
from ringup.cli.drill_verdict import judge
from ringup.cli.lifetime import run_until_stopped, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json
from ringup.db.embedded import create_database
from ringup.db.migrate import migrate
from ringup.simulator.drill_schedule import CHECKOUTS_MAX, Schedule, make_schedule
from ringup.wiring import open_shop


@dataclass(frozen=True, slots=True)
class Drill:
    """What is played, where, and where the picture goes."""

    stage: Stage
    schedule: Schedule
    picture: Path


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
    reports: list[Report] = []
    with until_stopped(), stage_set("drill", keep=keep) as stage, loop_runner() as runner:
        create_database(stage.server, "naive")
        runner.run(run_until_stopped(_perform(Drill(stage, make_schedule(seed, checkouts), picture), reports)))
    if not reports:
        raise CannotRun("the drill was stopped before the day was over")
    report = reports[0]
    if as_json:
        print_json(report.document())
    else:
        show(report)
    raise typer.Exit(0 if report.verdict.is_kept else 1)


async def _perform(play: Drill, reports: list[Report]) -> None:
    started = time.monotonic()
    stage, schedule = play.stage, play.schedule
    await migrate(stage.server.url())
    async with _simulator(stage) as simulator:
        naive = await play_naive(_scene(play, simulator, "naive"))
        async with _ringup(play, simulator) as shop:
            played = await play_ringup(_scene(play, simulator, "ringup"), shop)
            answers = await ask_again(shop, schedule, played.told)
    violations = await list_all_violations(stage, VENDOR_ID)
    naive_score = score(schedule, naive.told, naive.evidence)
    ringup_score = score(schedule, played.told, played.evidence)
    report = Report(
        schedule=schedule,
        naive=naive_score,
        ringup=ringup_score,
        verdict=judge(schedule, ringup_score, violations, answers, played.stuck),
        seconds=time.monotonic() - started,
        settle_seconds=played.settle_seconds,
        picture=play.picture,
    )
    draw(report)
    reports.append(report)


def _scene(play: Drill, simulator: httpx.AsyncClient, name: str) -> Scene:
    stage = play.stage
    return Scene(play.schedule, stage.server, simulator, stage.bar(name, len(play.schedule.sales)))


@contextlib.asynccontextmanager
async def _simulator(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with simulating(stage.environment, stage.log, stage.directory / "simulator") as (_, simulator):
        await make_terminals(simulator, [*TPNS, *(lane.tpn for lane in LANES)])
        yield simulator


@contextlib.asynccontextmanager
async def _ringup(play: Drill, simulator: httpx.AsyncClient) -> AsyncIterator[RingupShop]:
    stage = play.stage
    async with open_shop(stage.settings, stage.server.url()) as shop:
        token = await stock_shop(shop, play.schedule, str(simulator.base_url).rstrip("/"))
    async with serving(stage.environment, stage.log, token) as running:
        yield RingupShop(running.api, running.server, running.worker)
