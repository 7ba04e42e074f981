"""kill -9 at every stock document: whoever asks again, with the same ids, moves nothing twice."""

from dataclasses import replace

import pytest
from stock_steps import StockDay, run

from shop_floor import Connection, broken_invariants, open_shop_floor
from stock_floor import in_transit, on_hand, open_second_store

pytestmark = pytest.mark.slow
STEPS_MAX = 40


async def test_killed_at_every_step_of_a_day_in_the_stockroom(observer: Connection, database, tmp_path) -> None:
    for step in range(1, STEPS_MAX):
        shop = await open_shop_floor(observer)
        harbour = await open_second_store(observer, shop)
        day = StockDay(database.url(), tmp_path, shop.vendor, shop.location, harbour)

        first = run(replace(day, failpoint=f"any#{step}"))
        again = run(day)

        where = f"killed at step {step}"
        done_before = first if first is not None else [True] * (step // 2)
        assert again == [False] * len(done_before) + [True] * (5 - len(done_before)), where
        assert await on_hand(observer, vendor=shop.vendor) == {"T1": 108, "T2": 9}, where
        assert await in_transit(observer) == [], where
        assert await broken_invariants(observer) == {}, where
        if first is not None:
            break
    assert step == 11, "five steps, each with a place before and a place after"
