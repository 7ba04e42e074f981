"""What everybody wants at once: one article at 64 registers, or one customer, in turns with sales that spread."""

from ringup.cli.bench.pgbench import Ran, in_turns, make_tpcb, run_checkouts, run_tpcb, variables_of
from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import NOWHERE, Size
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables

REGISTERS, CLIENTS = 64, 16
"""So many registers, of one store, over as many connections as two processes have."""
SHARE_MIN = 0.60


async def play_sku(stage: Stage) -> Found:
    """Every sale has one article in common. The audit says afterwards whether one was sold twice."""
    spread, hot, figures = await _play(stage, hot_product=True)
    promise = Promise("one article at 64 registers", "× spread out", SHARE_MIN, hot / spread, at_most=False)
    return Found((promise,), figures)


async def play_customer(stage: Stage) -> Found:
    """Every sale is the same customer's. Nothing is promised: their points are counted one sale after the other."""
    _, _, figures = await _play(stage, hot_customer=True)
    return Found((), figures)


async def _play(
    stage: Stage, *, hot_product: bool = False, hot_customer: bool = False
) -> tuple[float, float, dict[str, float]]:
    size = Size(lanes=REGISTERS)
    await stock(stage, size, NOWHERE)
    await make_tpcb(stage)
    tpcb, spread, hot = Ran(), Ran(), Ran()
    hot_variables = variables_of(size, clients=CLIENTS, hot_product=hot_product, hot_customer=hot_customer)

    async def spread_out(seconds: float) -> None:
        await take_stock_of_tables(stage)
        await run_checkouts(stage, spread, variables_of(size, clients=CLIENTS), clients=CLIENTS, seconds=seconds)

    await in_turns(
        stage,
        lambda seconds: run_tpcb(stage, tpcb, clients=CLIENTS, seconds=seconds),
        spread_out,
        lambda seconds: run_checkouts(stage, hot, hot_variables, clients=CLIENTS, seconds=seconds),
    )
    return (
        spread.per_second,
        hot.per_second,
        {
            "hot_share_of_spread": hot.per_second / spread.per_second,
            "hot_per_s": hot.per_second,
            "spread_per_s": spread.per_second,
            "tpcb_per_s": tpcb.per_second,
            "spread_share_of_tpcb": spread.per_second / tpcb.per_second,
            **{f"hot_{name}": value for name, value in latency_figures(hot.latencies_ms).items()},
            **{f"spread_{name}": value for name, value in latency_figures(spread.latencies_ms).items()},
            "hot_database_cpu_ms_each": 1000 * hot.cpu_seconds / max(1, hot.transactions),
        },
    )
