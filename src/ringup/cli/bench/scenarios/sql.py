"""A whole two-phase card checkout through the SQL functions alone, in turns with TPC-B.

Three lines, points spent and earned, row-level security, idempotency and event, four commits. `pgbench`
drives both, with the same number of clients, so the driver costs both the same.
"""

from ringup.cli.bench.pgbench import Ran, make_tpcb, run_checkouts, run_tpcb
from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import VENDOR_ID, Size, Terminals
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables

CLIENTS = 8
TURNS = 3
RATIO_MIN = 0.30
WARM_UP_SECONDS = 3.0
NOWHERE = Terminals("http://127.0.0.1:9")
"""No terminal is asked: pgbench says what it answered."""


async def play(stage: Stage) -> Found:
    size = Size(lanes=CLIENTS)
    await stock(stage, size, NOWHERE)
    await make_tpcb(stage)
    variables = {"vendor": VENDOR_ID, "products": size.products, "customers": size.customers}
    checkouts, tpcb = Ran(), Ran()
    await run_checkouts(stage, Ran(), variables, clients=CLIENTS, seconds=WARM_UP_SECONDS)
    told = stage.bar("turns", 2 * TURNS)
    for turn in range(TURNS):
        await run_tpcb(stage, tpcb, clients=CLIENTS, seconds=stage.seconds / TURNS)
        told(2 * turn + 1)
        await take_stock_of_tables(stage)
        await run_checkouts(stage, checkouts, variables, clients=CLIENTS, seconds=stage.seconds / TURNS)
        told(2 * turn + 2)
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
