"""What the guarantees cost: our checkout in turns with a sale that pays first and then saves, and trusts its caller."""

from ringup.cli.bench.pgbench import (
    Ran,
    in_turns,
    make_naive,
    make_tpcb,
    run_checkouts,
    run_naive,
    run_tpcb,
    variables_of,
)
from ringup.cli.bench.result import Found, latency_figures
from ringup.cli.bench.shop import NOWHERE, Size
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables

CLIENTS = 8


async def play(stage: Stage) -> Found:
    """One transaction without keys, holds, events or policies, beside four with all of them."""
    size = Size(lanes=CLIENTS)
    await stock(stage, size, NOWHERE)
    await make_naive(stage, size)
    await make_tpcb(stage)
    tpcb, naive, ours = Ran(), Ran(), Ran()
    await take_stock_of_tables(stage)
    await in_turns(
        stage,
        lambda seconds: run_tpcb(stage, tpcb, clients=CLIENTS, seconds=seconds),
        lambda seconds: run_naive(stage, naive, size, clients=CLIENTS, seconds=seconds),
        lambda seconds: run_checkouts(
            stage, ours, variables_of(size, clients=CLIENTS), clients=CLIENTS, seconds=seconds
        ),
    )
    return Found(
        (),
        {
            "naive_times_ours": naive.per_second / ours.per_second,
            "naive_per_s": naive.per_second,
            "checkouts_per_s": ours.per_second,
            "tpcb_per_s": tpcb.per_second,
            **{f"naive_{name}": value for name, value in latency_figures(naive.latencies_ms).items()},
            **latency_figures(ours.latencies_ms),
            "naive_database_cpu_ms_each": 1000 * naive.cpu_seconds / max(1, naive.transactions),
            "database_cpu_ms_each": 1000 * ours.cpu_seconds / max(1, ours.transactions),
        },
    )
