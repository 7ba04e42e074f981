"""Does a shop become slower as its tables grow? Three shops on one server, in turns: a hundredth, a tenth, and all."""

from dataclasses import replace

from ringup.cli.bench.pgbench import Ran, in_turns, make_tpcb, run_checkouts, run_tpcb, variables_of
from ringup.cli.bench.result import Found, Promise, latency_figures
from ringup.cli.bench.shop import NOWHERE, Size, sell_for_cash
from ringup.cli.bench.stage import Stage, hand_on_events, stock, take_stock_of_tables
from ringup.db.bench_history import copy_sale
from ringup.db.embedded import create_database
from ringup.db.migrate import migrate
from ringup.wiring import open_shop

CLIENTS = 8
SHARE_MIN = 0.90
COPIES_AT_ONCE = 20_000


async def play(stage: Stage) -> Found:
    """The shop with all the orders is the stage's own, and what is audited."""
    size, tpcb = Size(lanes=CLIENTS), Ran()
    smaller = (stage.orders // 100, stage.orders // 10)
    shops = {count: replace(stage, database=f"{stage.database}_{count}") for count in smaller}
    shops[stage.orders] = stage
    for count, shop in shops.items():
        if shop is not stage:
            create_database(stage.server, shop.database)
            await migrate(shop.url())
        await stock(shop, size, NOWHERE)
        await _grow(shop, count)
    await make_tpcb(stage)
    ran = {count: Ran() for count in shops}

    async def sell(count: int, seconds: float) -> None:
        await run_checkouts(
            shops[count], ran[count], variables_of(size, clients=CLIENTS), clients=CLIENTS, seconds=seconds
        )

    await in_turns(
        stage,
        lambda seconds: run_tpcb(stage, tpcb, clients=CLIENTS, seconds=seconds),
        *(lambda seconds, count=count: sell(count, seconds) for count in shops),
    )
    await hand_on_events(stage)
    small, big = ran[stage.orders // 100], ran[stage.orders]
    return Found(
        promises=(
            Promise(
                f"rate with {stage.orders:,} orders",
                f"× with {stage.orders // 100:,}",
                SHARE_MIN,
                big.per_second / small.per_second,
                at_most=False,
            ),
        ),
        figures={
            **{f"with_{count}_orders_per_s": each.per_second for count, each in ran.items()},
            **{
                f"with_{count}_orders_cpu_ms_each": 1000 * each.cpu_seconds / max(1, each.transactions)
                for count, each in ran.items()
            },
            "tpcb_per_s": tpcb.per_second,
            "share_of_tpcb": big.per_second / tpcb.per_second,
            **latency_figures(big.latencies_ms),
        },
    )


async def _grow(stage: Stage, count: int) -> None:
    """So many orders that ended, and statistics that know of them."""
    told = stage.bar(f"{count:,} orders", count)
    async with open_shop(stage.settings, stage.url()) as shop:
        order_id = await sell_for_cash(shop)
    for first in range(0, count, COPIES_AT_ONCE):
        last = min(first + COPIES_AT_ONCE, count)
        await copy_sale(stage.url(), order_id, range(first, last))
        told(last)
    await take_stock_of_tables(stage)
