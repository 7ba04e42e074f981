"""Twice as many customers as can be served, for twice as long as the rest is measured.

The API keeps the rate it has at its best, tells the others at once to come again, and loses nothing. The best is what
the same tills make when there are only a few customers at any time: each at the next till, which has not sold for a
while, and on a connection of its own, as in the crowd.
"""

from ringup.cli.bench.pgbench import Ran, make_tpcb, run_tpcb
from ringup.cli.bench.result import Found, Promise, latency_figures, quantile
from ringup.cli.bench.shop import Size, Terminals
from ringup.cli.bench.stage import Stage, count_sold, processes, ring_up, simulating, stock
from ringup.cli.bench.usage import cpu_seconds_of_server, usage_of
from ringup.db.reads.bench import open_bench_books

LANES = 4000
"""More than there are customers in the longest line, so that nobody lacks a till."""
AT_ONCE_AT_BEST = 16
TIMES = 2.0
KEPT_MIN = 0.80
REFUSED_MS_MAX = 1000.0
TPCB_CLIENTS = 8


async def play(stage: Stage) -> Found:
    """First the best that it can do, with customers who wait for their answers; then with those who do not."""
    size, tpcb = Size(lanes=LANES), Ran()
    async with simulating(stage) as simulator:
        await simulator.set_terminals(LANES, lambda _: 0.0)
        token = await stock(stage, size, Terminals(simulator.url))
        await make_tpcb(stage)
        async with (
            processes(stage, token) as running,
            open_bench_books(stage.url("ringup_operator")) as books,
        ):
            first_sales = running.job(size, sales_each=1, patient=True, run="first-sales")
            first = await ring_up(first_sales, stage.bar("the first sale of every terminal", LANES))
            await run_tpcb(stage, tpcb, clients=TPCB_CLIENTS, seconds=stage.seconds / 3)
            few = running.job(size, at_once=AT_ONCE_AT_BEST, seconds=stage.seconds, run="best")
            best = await ring_up(few, stage.bar("best", 1))
            best_rate = best.made / best.seconds
            before = cpu_seconds_of_server(stage.server.process_id), usage_of(running.server_id).cpu_seconds
            job = running.job(size, seconds=2 * stage.seconds, rate=TIMES * best_rate, run="overload")
            crowd = await ring_up(job, stage.bar("overload", job.rate * job.seconds))
            api = usage_of(running.server_id)
            database_seconds = cpu_seconds_of_server(stage.server.process_id) - before[0]
            await run_tpcb(stage, tpcb, clients=TPCB_CLIENTS, seconds=stage.seconds / 3)
            left_open = (await books.count_under_way()).open_orders
        sold = await count_sold(stage, simulator)
    kept_rate = crowd.made / crowd.seconds
    return Found(
        promises=(
            Promise("rate at twice the load", "× the best", KEPT_MIN, kept_rate / best_rate, at_most=False),
            Promise("the refused are told, 99 of 100", "ms", REFUSED_MS_MAX, quantile(crowd.refusals_ms, 0.99)),
            Promise("sales lost", "", 0, first.made + best.made + crowd.made - sold),
            Promise("sales left open", "", 0, left_open),
        ),
        figures={
            "best_per_s": best_rate,
            "asked_per_s": (crowd.asked + crowd.no_till) / job.seconds,
            "made_per_s": kept_rate,
            "tpcb_per_s": tpcb.per_second,
            "best_share_of_tpcb": best_rate / tpcb.per_second,
            **latency_figures(crowd.latencies_ms),
            **{f"refused_{name}": value for name, value in latency_figures(crowd.refusals_ms).items()},
            **{f"answers_{answer}": count for answer, count in crowd.answers.items()},
            "found_no_till": crowd.no_till,
            "database_cpu_ms_each": 1000 * database_seconds / max(1, crowd.made),
            "api_cpu_ms_each": 1000 * (api.cpu_seconds - before[1]) / max(1, crowd.made),
            "api_rss_max_mb": api.rss_max_mb,
        },
    )
