"""What the worker does about points, and that it does nothing where there is nothing to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringup.settings import Settings
from ringup.wiring import Shop, open_shop
from ringup.worker import relay, tend_points
from shop_floor import broken_invariants, rows

BREAK = "alter table ringup.loyalty_transactions add constraint out_of_order check (points <> 10) not valid"
MEND = "alter table ringup.loyalty_transactions drop constraint out_of_order"
LATER = datetime(2040, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def shop(database, tmp_path: Path):
    async with open_shop(Settings(data_dir=tmp_path), database.url()) as opened:
        yield opened


async def test_an_idle_worker_finds_nobody_to_work_for(shop: Shop, floor, observer) -> None:
    await floor.sell(observer, customer_id=floor.customer)

    found = await rows(observer, "select * from ringup.list_vendors_with_points_work()")

    assert found == []


async def test_a_round_records_what_waited(shop: Shop, floor, observer, set_clock) -> None:
    await observer.execute(BREAK)
    await floor.sell(observer, customer_id=floor.customer)
    await observer.execute(MEND)

    await tend_points(shop)
    too_early = await floor.points(observer)
    await set_clock(observer, LATER)
    await tend_points(shop)
    await relay(shop)

    assert (too_early, await floor.points(observer)) == ((100, 0), (110, 0))
    assert await broken_invariants(observer) == {}


async def test_a_round_lets_expire_what_is_due_and_not_what_is_held(shop: Shop, floor, observer, set_clock) -> None:
    await observer.execute(
        "select ringup.adjust_points(%s, %s, 60, 'why', 'Ada', 'owner', ringup.now() + interval '1 day')",
        [floor.vendor, floor.customer],
    )
    held = await floor.prepare(observer, customer_id=floor.customer, points=20)
    await set_clock(observer, LATER)

    await tend_points(shop)
    expired = await floor.points(observer)
    await floor.cancel(observer, held["checkout_id"])
    await tend_points(shop)

    assert expired == (120, 20)
    assert await floor.points(observer) == (100, 0)


async def test_a_round_lifts_a_customer_into_the_tier_that_was_earned(shop: Shop, floor, observer) -> None:
    await observer.execute(
        "select ringup.set_programme(%s, 1, 1, 'Ada', p_tier_basis => 'spend', p_tier_names => '{Gold}',"
        " p_tier_thresholds => '{1000}', p_tier_multipliers => '{2}')",
        [floor.vendor],
    )
    await floor.sell(observer, customer_id=floor.customer)

    await tend_points(shop)

    (customer,) = await rows(observer, "select loyalty_tier from ringup.customers")
    assert customer["loyalty_tier"] == "Gold"


async def test_points_that_are_switched_off_wait_without_being_asked_about(shop, floor, observer, set_clock) -> None:
    await observer.execute(BREAK)
    await floor.sell(observer, customer_id=floor.customer)
    await observer.execute("select ringup.set_switch(%s, 'loyalty_updates', false, 'Ada')", [floor.vendor])
    await set_clock(observer, LATER + timedelta(days=1))

    await tend_points(shop)

    (item,) = await rows(observer, "select retry_count, resolved from ringup.loyalty_reconciliation_queue")
    assert await rows(observer, "select * from ringup.list_vendors_with_points_work()") == []
    assert item == {"retry_count": 0, "resolved": False}
