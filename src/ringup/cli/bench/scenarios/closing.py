"""How long a register stands still while its shift is closed: ten thousand sales in it, and a busier shift before."""

import asyncio
from uuid import UUID

from ringup.cli.bench.result import Found, Promise
from ringup.cli.bench.shop import NOWHERE, VENDOR_ID, Size, bench_id, sell_for_cash
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables
from ringup.db.bench_history import copy_sale
from ringup.db.calls.asker import Asker
from ringup.db.calls.shifts import (
    close_register_session,
    count_cash,
    open_register_session,
    show_session_report,
)
from ringup.db.reads.places import list_registers
from ringup.domain.ids import new_id
from ringup.wiring import Shop, open_shop

SALES, SALES_BEFORE = 10_000, 50_000
SECONDS_MAX = 2.0
LOOKS = 5
CLERK = Asker("ringup bench")


async def play(stage: Stage) -> Found:
    """The X report, the count and the closing of a busy shift, in a shop that has had a busier one."""
    await stock(stage, Size(lanes=1), NOWHERE)
    register_id = bench_id("register", 0)
    async with open_shop(stage.settings, stage.url()) as shop:
        [register] = await list_registers(shop.db, VENDOR_ID, limit=1, register_id=register_id)
        assert register.open_session_id is not None, "the bench opens every lane"
        await _sell(stage, shop, range(SALES_BEFORE))
        await _close(shop, register.open_session_id)
        session_id = new_id()
        await open_register_session(shop.db, VENDOR_ID, session_id, register_id=register_id, by=CLERK, float_minor=0)
        await _sell(stage, shop, range(SALES_BEFORE, SALES_BEFORE + SALES))
        looks = [await _look(shop, session_id) for _ in range(LOOKS)]
        counting, closing = await _close(shop, session_id)
    return Found(
        promises=(Promise(f"to close a shift of {SALES:,} sales", "s", SECONDS_MAX, counting + closing),),
        figures={"x_report_s": max(looks), "count_s": counting, "close_s": closing},
    )


async def _sell(stage: Stage, shop: Shop, numbers: range) -> None:
    told = stage.bar(f"{len(numbers):,} sales", 1)
    order_id = await sell_for_cash(shop, f"history-{numbers.start}")
    await copy_sale(stage.url(), order_id, numbers)
    await take_stock_of_tables(stage)
    told(1)


async def _look(shop: Shop, session_id: UUID) -> float:
    clock = asyncio.get_running_loop().time
    begun = clock()
    await show_session_report(shop.db, VENDOR_ID, session_id, by=CLERK)
    return clock() - begun


async def _close(shop: Shop, session_id: UUID) -> tuple[float, float]:
    """Count what should be there, and close: how long each took."""
    clock = asyncio.get_running_loop().time
    report = await show_session_report(shop.db, VENDOR_ID, session_id, by=CLERK)
    drawer, count_id, begun = {1: report["cash"]["expected_minor"]}, new_id(), clock()
    await count_cash(shop.db, VENDOR_ID, count_id, session_id=session_id, denominations=drawer, by=CLERK)
    counted = clock()
    await close_register_session(shop.db, VENDOR_ID, session_id, count_id=count_id, by=CLERK)
    return counted - begun, clock() - counted
