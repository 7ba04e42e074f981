"""What ringup adds to the terminal's own time: fifty customers a second, who come whether others are done or not."""

import math
import random

from ringup.cli.bench.pgbench import Ran, in_turns, make_tpcb, run_tpcb
from ringup.cli.bench.result import Found, Promise, latency_figures, quantile
from ringup.cli.bench.shop import Size, Terminals
from ringup.cli.bench.stage import Stage, count_sold, processes, ring_up, simulating, stock, terminal_ms
from ringup.cli.bench.till import Tally, add_up
from ringup.cli.bench.usage import cpu_seconds_of_server, usage_of

RATE = 50.0
LANES = 300
TERMINAL_MEDIAN_SECONDS, TERMINAL_SPREAD, TERMINAL_MAX_SECONDS = 1.5, 0.5, 8.0
P50_MS_MAX, P99_MS_MAX = 10.0, 40.0
TPCB_CLIENTS = 8
WARM_UP_SECONDS = 5.0


def terminal_seconds() -> list[float]:
    """How long each lane's terminal takes: log-normal, and the same every time."""
    chance = random.Random("ringup bench terminals")
    return [
        min(chance.lognormvariate(math.log(TERMINAL_MEDIAN_SECONDS), TERMINAL_SPREAD), TERMINAL_MAX_SECONDS)
        for _ in range(LANES)
    ]


async def play(stage: Stage) -> Found:
    """From each sale's time is taken off how long the simulated processor had its requests, as that measured it itself.

    It shares the two cores with everything else, which no real processor does.
    """
    size, seconds_of = Size(lanes=LANES), terminal_seconds()
    tpcb, tallies, database_seconds = Ran(), list[Tally](), list[float]()
    async with simulating(stage) as simulator:
        await simulator.set_terminals(LANES, lambda lane: seconds_of[lane])
        token = await stock(stage, size, Terminals(simulator.url))
        await make_tpcb(stage)
        async with processes(stage, token) as running:

            async def come(seconds: float, run: str) -> Tally:
                job = running.job(size, seconds=seconds, rate=RATE, run=run)
                return await ring_up(job, stage.bar(run, RATE * seconds))

            async def customers(seconds: float) -> None:
                before = cpu_seconds_of_server(stage.server.process_id)
                tallies.append(await come(seconds, f"turn-{len(tallies) + 1}"))
                database_seconds.append(cpu_seconds_of_server(stage.server.process_id) - before)

            warm = await come(WARM_UP_SECONDS, "warm-up")
            api_seconds = usage_of(running.server_id).cpu_seconds
            await in_turns(
                stage, lambda seconds: run_tpcb(stage, tpcb, clients=TPCB_CLIENTS, seconds=seconds), customers
            )
            api = usage_of(running.server_id)
        sold, terminals_ms = await count_sold(stage, simulator), await terminal_ms(stage, simulator)
    whole = add_up(tallies)
    added_ms = [took - terminals_ms[key] for key, took in zip(whole.keys, whole.latencies_ms, strict=True)]
    return Found(
        promises=(
            Promise("added to the terminal, half of all", "ms", P50_MS_MAX, quantile(added_ms, 0.5)),
            Promise("added to the terminal, 99 of 100", "ms", P99_MS_MAX, quantile(added_ms, 0.99)),
            Promise("sales lost", "", 0, warm.made + whole.made - sold),
        ),
        figures={
            "checkouts_per_s": whole.asked / stage.seconds,
            "tpcb_per_s": tpcb.per_second,
            "share_of_tpcb": whole.asked / stage.seconds / tpcb.per_second,
            **{f"added_{name}": value for name, value in latency_figures(added_ms).items()},
            "not_made": whole.asked - whole.made + whole.no_till,
            "database_cpu_ms_each": 1000 * sum(database_seconds) / max(1, whole.made),
            "api_cpu_ms_each": 1000 * (api.cpu_seconds - api_seconds) / max(1, whole.made),
            "api_rss_max_mb": api.rss_max_mb,
        },
    )
