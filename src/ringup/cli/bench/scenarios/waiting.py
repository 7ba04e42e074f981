"""2,000 sales wait on slow terminals in one API process: how much memory, how many connections, and is one lost?

Twice: at terminals that take four seconds, and at terminals that answer only when all have come to wait.
"""

import math
from dataclasses import dataclass

from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import Size, Terminals
from ringup.cli.bench.stage import Processes, Simulator, Stage, count_sold, processes, ring_up, simulating, stock
from ringup.cli.bench.till import Tally
from ringup.cli.bench.usage import cpu_seconds_of_server, looking, usage_of
from ringup.db.reads.bench import BenchBooks, UnderWay, open_bench_books

SALES = 2000
TERMINAL_SECONDS = 4.0
RSS_MB_MAX = 400
CONNECTIONS_MAX = 20
HELD_SECONDS_MAX = 100.0
"""Less than the terminals' own limit of two minutes."""


@dataclass(slots=True)
class Peak:
    """The most that was seen of each."""

    rss_mb: float = 0.0
    connections: int = 0
    at_terminals: int = 0

    def see(self, rss_mb: float, under_way: UnderWay) -> None:
        self.rss_mb = max(self.rss_mb, rss_mb)
        self.connections = max(self.connections, under_way.connections)
        self.at_terminals = max(self.at_terminals, under_way.at_terminals)


async def play(stage: Stage) -> Found:
    """Press all at the same moment, each at a terminal of its own, and wait for every answer; then once more."""
    size = Size(lanes=SALES)
    async with simulating(stage) as simulator:
        await simulator.set_terminals(SALES, lambda _: TERMINAL_SECONDS)
        token = await stock(stage, size, Terminals(simulator.url))
        async with (
            processes(stage, token) as running,
            open_bench_books(stage.url("ringup_operator")) as books,
        ):
            idle = usage_of(running.server_id)
            database_idle_seconds = cpu_seconds_of_server(stage.server.process_id)
            pressed, peak = await _press(stage, running, books, size, "sales")
            busy = usage_of(running.server_id)
            database_seconds = cpu_seconds_of_server(stage.server.process_id) - database_idle_seconds
            held, held_peak = await _hold(stage, simulator, running, books, size=size, seconds=pressed.seconds)
            rss_mb = usage_of(running.server_id).rss_max_mb
        sold = await count_sold(stage, simulator)
    return Found(
        promises=(
            Promise("memory of the API process", "MB", RSS_MB_MAX, rss_mb),
            Promise(
                "database connections, API and worker",
                "",
                CONNECTIONS_MAX,
                max(peak.connections, held_peak.connections),
            ),
            Promise("sales lost", "", 0, 2 * SALES - sold),
        ),
        figures={
            **latency_figures(pressed.latencies_ms),
            "all_answered_s": pressed.seconds,
            "pressed_again": pressed.pressed_again,
            "at_terminals_at_once": peak.at_terminals,
            "rss_idle_mb": idle.rss_mb,
            "rss_mb": peak.rss_mb,
            "api_cpu_s": busy.cpu_seconds - idle.cpu_seconds,
            "tills_cpu_s": pressed.cpu_seconds,
            "database_cpu_s": database_seconds,
            "held_at_terminals_at_once": held_peak.at_terminals,
            "held_rss_mb": held_peak.rss_mb,
            "held_pressed_again": held.pressed_again,
        },
    )


async def _press(stage: Stage, running: Processes, books: BenchBooks, size: Size, run: str) -> tuple[Tally, Peak]:
    peak = Peak()

    async def look() -> None:
        peak.see(usage_of(running.server_id).rss_mb, await books.count_under_way())

    async with looking(look):
        job = running.job(size, sales_each=1, patient=True, run=run.replace(" ", "-"))
        return await ring_up(job, stage.bar(run, SALES)), peak


async def _hold(
    stage: Stage, simulator: Simulator, running: Processes, books: BenchBooks, *, size: Size, seconds: float
) -> tuple[Tally, Peak]:
    """Press all again at terminals that take as long as it took to come to them, and longer."""
    held_seconds = min(math.ceil(seconds) + TERMINAL_SECONDS, HELD_SECONDS_MAX)
    await simulator.set_terminals(SALES, lambda _: held_seconds)
    return await _press(stage, running, books, size, "sales that are held")
