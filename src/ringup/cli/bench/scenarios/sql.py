"""A whole two-phase card checkout through the SQL functions alone, in turns with TPC-B.

Three lines, points spent and earned, row-level security, idempotency and event, four commits. `pgbench`
drives both, with the same number of clients, so the driver costs both the same.
"""

from ringup.cli.bench.pgbench import Ran, in_turns, make_tpcb, run_checkouts, run_tpcb, variables_of
from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import NOWHERE, Size
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables

CLIENTS = 8
RATIO_MIN = 0.30


async def play(stage: Stage) -> Found:
    size = Size(lanes=CLIENTS)
    await stock(stage, size, NOWHERE)
    await make_tpcb(stage)
    variables, checkouts, tpcb = variables_of(size, clients=CLIENTS), Ran(), Ran()

    async def ours(seconds: float) -> None:
        await take_stock_of_tables(stage)
        await run_checkouts(stage, checkouts, variables, clients=CLIENTS, seconds=seconds)

    await in_turns(stage, lambda seconds: run_tpcb(stage, tpcb, clients=CLIENTS, seconds=seconds), ours)
    return Found(
        promises=(
            Promise("checkouts in SQL", "× TPC-B", RATIO_MIN, checkouts.per_second / tpcb.per_second, at_most=False),
        ),
        figures={
            "checkouts_per_s": checkouts.per_second,
            "tpcb_per_s": tpcb.per_second,
            **latency_figures(checkouts.latencies_ms),
            **{f"tpcb_{name}": value for name, value in latency_figures(tpcb.latencies_ms).items()},
            "database_cpu_ms_each": 1000 * checkouts.cpu_seconds / max(1, checkouts.transactions),
            "tpcb_database_cpu_ms_each": 1000 * tpcb.cpu_seconds / max(1, tpcb.transactions),
            "checkouts": checkouts.transactions,
        },
    )
