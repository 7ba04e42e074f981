"""`ringup bench`: one scenario after the other, each in fresh databases."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ringup.cli.bench.pgbench import find_pgbench
from ringup.cli.bench.picture import draw
from ringup.cli.bench.report import document, show
from ringup.cli.bench.result import Found, Result
from ringup.cli.bench.scenarios import (
    closing,
    cold_start,
    growth,
    guarantees,
    hot,
    http,
    latency,
    naive,
    overload,
    recovery,
    registers,
    sql,
    waiting,
)
from ringup.cli.bench.stage import Stage, audit, take_stock_of_tables
from ringup.cli.database import loop_runner
from ringup.cli.lifetime import run_until_stopped, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json, remarks
from ringup.db.bench_server import PREFIX, GivenServer
from ringup.db.embedded import EmbeddedPostgres, create_database, start_embedded
from ringup.db.migrate import migrate

ALL = "all"
WITHOUT_PGBENCH = {"waiting", "recovery", "closing", "registers"}
"""Those that measure no rate."""
SCENARIOS: dict[str, Callable[[Stage], Awaitable[Found]]] = {
    "waiting": waiting.play,
    "recovery": recovery.play,
    "sql": sql.play,
    "http": http.play,
    "latency": latency.play,
    "overload": overload.play,
    "hot-sku": hot.play_sku,
    "hot-customer": hot.play_customer,
    "growth": growth.play,
    "closing": closing.play,
    "registers": registers.play,
    "cold-start": cold_start.play,
    "naive": naive.play,
    "guarantees": guarantees.play,
}


def bench(
    *,
    scenarios: Annotated[list[str], typer.Argument(help=f"{', '.join(SCENARIOS)}, or {ALL}.")],
    seconds: Annotated[float, typer.Option(min=1, help="How long each side is measured, where time decides.")] = 30,
    orders: Annotated[int, typer.Option(min=100, help="How many orders the biggest shop of growth has.")] = 1_000_000,
    picture: Annotated[Path | None, typer.Option(help="Where a picture goes (SVG).")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the databases, journals and logs.")] = False,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Play on this PostgreSQL, as its superuser, in databases that are made and dropped. Not cold-start.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what is promised about speed and size. Exit 1 if a promise is not met or the books do not balance.

    Every scenario has a PostgreSQL of its own in a directory of its own, or databases of its
    own on yours (--server), and simulated terminals; no setting of yours is used and no
    database of yours is touched. Where a rate is promised, `pgbench` runs its TPC-B on the
    same server in turns with it. The audit runs after each. Nothing else should run on the
    machine meanwhile.

    Example: ringup bench waiting recovery --json
    """
    unknown = set(scenarios) - {*SCENARIOS, ALL}
    if unknown:
        raise typer.BadParameter(
            f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}", param_hint="SCENARIOS"
        )
    if picture is not None and not picture.parent.is_dir():
        raise CannotRun(f"there is no directory {picture.parent}", "Choose another place: --picture")
    wanted = list(SCENARIOS) if ALL in scenarios else list(dict.fromkeys(scenarios))
    if server is not None and keep and len(wanted) > 1:
        raise CannotRun("one scenario at a time can be kept on a server of yours", "Name one, or leave --keep away.")
    if not WITHOUT_PGBENCH.issuperset(wanted):
        find_pgbench()
    given = _given(server) if server is not None else None
    found: list[Result] = []
    with until_stopped(), _progress() as progress:
        found.extend(_play(name, seconds, orders, progress, given, keep=keep) for name in wanted)
    if len(found) < len(wanted):
        raise CannotRun("the benchmark was stopped before its end")
    if picture is not None:
        draw(found, picture)
    if as_json:
        print_json(document(found))
    else:
        show(found)
    raise typer.Exit(0 if all(result.is_ok for result in found) else 1)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=remarks(), transient=True)


def _given(url: str) -> GivenServer:
    """Raises CannotRun where it is not one to play on, before anything is made."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise CannotRun("--server is no URL of a PostgreSQL", "For example: postgresql://admin@127.0.0.1:5432/postgres")
    given = GivenServer(url)
    if not given.is_superusers():
        raise CannotRun("the URL of --server is not a superuser's", "Its processes take on the roles of ringup.")
    there = given.list_databases()
    if there:
        raise CannotRun(f"there are databases of a benchmark: {', '.join(there)}", "Drop them, if nobody needs them.")
    return given


def _play(
    name: str, seconds: float, orders: int, progress: Progress, given: GivenServer | None, *, keep: bool
) -> Result:
    """One scenario on a server that is made for it and removed afterwards, or on the given one."""
    directory = Path(tempfile.mkdtemp(prefix="ringup-bench-"))
    results: list[Result] = []
    try:
        with _server(directory, given, keep=keep) as server:
            create_database(server, PREFIX)
            stage = Stage(directory, server, progress, name, seconds, orders)
            with loop_runner() as runner:
                runner.run(run_until_stopped(_perform(stage, results)))
    finally:
        if keep:
            remarks().print(f"kept: {escape(str(directory))}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    if not results:
        raise CannotRun("the benchmark was stopped before its end")
    return results[0]


@contextlib.contextmanager
def _server(directory: Path, given: GivenServer | None, *, keep: bool) -> Iterator[EmbeddedPostgres | GivenServer]:
    if given is None:
        made = start_embedded(directory)
        try:
            yield made
        finally:
            made.stop()
        return
    try:
        yield given
    finally:
        if keep:
            remarks().print(f"kept on the server: {', '.join(given.list_databases())}")
        else:
            given.drop_databases()


async def _perform(stage: Stage, results: list[Result]) -> None:
    begun = time.monotonic()
    await migrate(stage.url())
    found = await SCENARIOS[stage.scenario](stage)
    await take_stock_of_tables(stage)
    broken = await audit(stage)
    results.append(Result(stage.scenario, found, broken, time.monotonic() - begun))
