"""Sixty-four registers on one customer: everybody is served or told that the points are short, and nothing else."""

import asyncio
import sys
import time

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, broken_invariants, open_shop_floor, prepare

pytestmark = pytest.mark.slow

REGISTERS, SALES_EACH = 64, 5
OPENING, REDEEMED = 1_000, 50
EARNED = 9
"""A coffee for 10.00 less 50 points worth 0.01 each earns one point for every unit of 9.50."""


async def ring_up(register: Connection, shop: ShopFloor) -> str:
    """One sale for cash, all three statements of it; what the till is told."""
    try:
        prepared = await prepare(register, shop.cash(customer_id=shop.customer, points=REDEEMED))
        await shop.complete(register, prepared["checkout_id"])
    except psycopg.Error as refused:
        return str(refused.sqlstate)
    return "sold"


async def test_the_only_refusal_is_that_the_points_are_short_and_the_balance_is_exact(
    database, registers, capsys
) -> None:
    observer = await registers()
    shop = await open_shop_floor(observer, stock=REGISTERS * SALES_EACH, points=OPENING)
    tills = [await registers("postgres") for _ in range(REGISTERS)]
    for till in tills:
        await till.execute("set role ringup_app")

    async def shift(till: Connection) -> list[str]:
        return [await ring_up(till, shop) for _ in range(SALES_EACH)]

    began = time.perf_counter()
    told = [word for shift_words in await asyncio.gather(*map(shift, tills)) for word in shift_words]
    seconds = time.perf_counter() - began

    sold = told.count("sold")
    assert set(told) <= {"sold", "RU102"}
    assert await shop.points(observer) == (OPENING - sold * (REDEEMED - EARNED), 0)
    assert OPENING // REDEEMED <= sold <= most_sales(OPENING)
    assert await broken_invariants(observer) == {}
    with capsys.disabled():
        sys.stdout.write(
            f"\n{REGISTERS} registers, one customer: {len(told)} checkouts asked for in {seconds:.1f} s"
            f" ({len(told) / seconds:.0f}/s), {sold} sold, {told.count('RU102')} without enough points\n"
        )


def most_sales(points: int) -> int:
    """How many sales that each redeem and then earn the points last, one after the other."""
    count = 0
    while points >= REDEEMED:
        points, count = points - REDEEMED + EARNED, count + 1
    return count
