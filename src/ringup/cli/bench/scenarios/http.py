"""The same checkout through `POST /v1/checkouts`: one API process, instant terminals, in turns with TPC-B."""

from ringup.cli.bench.pgbench import Ran, make_tpcb, run_tpcb
from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import Size, Terminals
from ringup.cli.bench.stage import (
    Processes,
    Stage,
    count_sold,
    processes,
    ring_up,
    simulating,
    stock,
)
from ringup.cli.bench.till import Tally
from ringup.cli.bench.usage import cpu_seconds_of_server, usage_of

CLIENTS = 8
TURNS = 3
RATIO_MIN = 0.12
WARM_UP_SECONDS = 3.0


async def play(stage: Stage) -> Found:
    size = Size(lanes=CLIENTS)
    async with simulating(stage) as simulator:
        await simulator.set_terminals(CLIENTS, lambda _: 0.0)
        token = await stock(stage, size, Terminals(simulator.url))
        await make_tpcb(stage)
        tpcb, tallies = Ran(), [Tally()]
        async with processes(stage, token) as running:
            warm = await _press(stage, running, size, "warm-up", WARM_UP_SECONDS)
            cpu = {"api": 0.0, "simulator": 0.0, "database": 0.0}
            for turn in range(TURNS):
                await run_tpcb(stage, tpcb, clients=CLIENTS, seconds=stage.seconds / TURNS)
                before = _cpu_seconds(stage, running, simulator.process_id)
                tallies.append(await _press(stage, running, size, f"turn-{turn + 1}", stage.seconds / TURNS))
                after = _cpu_seconds(stage, running, simulator.process_id)
                cpu = {name: used + after[name] - before[name] for name, used in cpu.items()}
            rss_max_mb = usage_of(running.server_id).rss_max_mb
        sold = await count_sold(stage, simulator)
    made = sum(tally.made for tally in tallies)
    asked = sum(sum(tally.answers.values()) for tally in tallies)
    rate = made / sum(tally.seconds for tally in tallies)
    return Found(
        promises=(
            Promise("checkouts over HTTP", "× TPC-B", RATIO_MIN, rate / tpcb.per_second, at_most=False),
            Promise("sales lost", "", 0, warm.made + made - sold),
        ),
        figures={
            "checkouts_per_s": rate,
            "tpcb_per_s": tpcb.per_second,
            **latency_figures([latency for tally in tallies for latency in tally.latencies_ms]),
            "not_made": asked - made,
            **{f"{name}_cpu_ms_each": 1000 * used / max(1, made) for name, used in cpu.items()},
            "tills_cpu_ms_each": 1000 * sum(tally.cpu_seconds for tally in tallies) / max(1, made),
            "api_rss_max_mb": rss_max_mb,
        },
    )


async def _press(stage: Stage, running: Processes, size: Size, run: str, seconds: float) -> Tally:
    """As many sales as the tills can make, each till one after the other."""
    return await ring_up(running.job(size, seconds=seconds, run=run), stage.bar(run, 1))


def _cpu_seconds(stage: Stage, running: Processes, simulator_id: int) -> dict[str, float]:
    return {
        "api": usage_of(running.server_id).cpu_seconds,
        "simulator": usage_of(simulator_id).cpu_seconds,
        "database": cpu_seconds_of_server(stage.server.process_id),
    }
