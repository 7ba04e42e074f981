"""`kill -9` with 500 sales in flight: how long after the restart until everything is settled?

The API and the worker are killed at once. The tills press again with their keys, as tills do. Leases
are the default; the terminals' own time limit is 20 seconds, because before that limit nobody can
prove that a charge which a terminal does not know was not made.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import Size, Terminals
from ringup.cli.bench.stage import Processes, Stage, count_sold, processes, ring_up, simulating, stock
from ringup.cli.drill_processes import Kept, until_good
from ringup.db.reads.bench import BenchBooks, UnderWay, open_bench_books

SALES = 500
SETTLE_SECONDS_MAX = 30
PROXY_TIMEOUT_SECONDS = 15
AFTERMATH_SECONDS = 5.0
CUSTOMER_SECONDS, CUSTOMER_SECONDS_SPREAD = 6.0, 6.0
LOOK_SECONDS = 0.1
WAIT_SECONDS_MAX = 120.0


@dataclass(frozen=True, slots=True)
class Blow:
    """What stood when it fell, and the seconds from the blow until the API answered and until all was settled."""

    in_flight: int
    at_terminals: int
    ready_seconds: float
    settled_seconds: float


async def play(stage: Stage) -> Found:
    size = Size(lanes=SALES)
    async with simulating(stage) as simulator:
        # Some customers are quick, some take twice as long: the blow finds sales at every step.
        await simulator.set_terminals(SALES, lambda lane: CUSTOMER_SECONDS + CUSTOMER_SECONDS_SPREAD * lane / SALES)
        terminals = Terminals(simulator.url, PROXY_TIMEOUT_SECONDS, AFTERMATH_SECONDS)
        token = await stock(stage, size, terminals)
        operator_url = stage.url("ringup_operator")
        async with processes(stage, token) as running, open_bench_books(operator_url) as books:
            job = running.job(size, sales_each=1, patient=True, run="recovery")
            pressing = asyncio.create_task(ring_up(job, stage.bar("sales", SALES)))
            try:
                blow = await _strike(running, books)
                tally = await pressing
            finally:
                pressing.cancel()
        sold = await count_sold(stage, simulator)
    return Found(
        promises=(
            Promise("settled after the restart", "s", SETTLE_SECONDS_MAX, blow.settled_seconds - blow.ready_seconds),
            Promise("sales lost", "", 0, SALES - sold),
        ),
        figures={
            "in_flight": blow.in_flight,
            "at_terminals": blow.at_terminals,
            "ready_after_kill_s": blow.ready_seconds,
            "settled_after_kill_s": blow.settled_seconds,
            "all_answered_after_press_s": tally.seconds,
            "pressed_again": tally.pressed_again,
            **latency_figures(tally.latencies_ms),
        },
    )


async def _strike(running: Processes, books: BenchBooks) -> Blow:
    """Kill everything once all sales are under way, and watch until each of them is settled."""
    clock = asyncio.get_running_loop().time
    seen: list[UnderWay] = []

    async def all_under_way() -> bool:
        seen.append(await books.count_under_way())
        return seen[-1].open_orders >= SALES or seen[-1].open_orders < max(each.open_orders for each in seen)

    await _until(all_under_way)
    struck = clock()
    for kept in (running.server, running.worker):
        _kill(kept)
    in_flight, struck_at = await books.count_under_way(), await books.read_clock()
    await until_good(running.api, "/readyz", running.server.child.log)
    ready = clock()

    async def all_settled() -> bool:
        return await books.count_unsettled(struck_at) == 0

    await _until(all_settled)
    return Blow(in_flight.open_orders, in_flight.at_terminals, ready - struck, clock() - struck)


def _kill(kept: Kept) -> None:
    assert kept.kill(), "it runs"


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look until something is so, or until it takes too long: then what was measured says so."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + WAIT_SECONDS_MAX
    while not await is_so() and clock() < deadline:  # noqa: ASYNC110  it is other processes that get there
        await asyncio.sleep(LOOK_SECONDS)
