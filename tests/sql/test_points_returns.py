"""A return takes back what the sale granted and gives back what it spent: once, pro rata, by the recorded grant."""

import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from points_floor import (
    account,
    add_customer,
    adjust,
    broken_points,
    earn,
    ledger,
    lots,
    new_terms,
    ring_up_cash,
    sell_cash,
    spend,
    take_back,
)
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
POLICIES = ["only_pending", "within_balance", "unlimited"]


@pytest.fixture
async def at_noon(db: Connection, set_clock) -> ShopFloor:
    """A shop that opens at a known time, with 100 points that never expire."""
    await set_clock(db, NOON)
    return await open_shop_floor(db)


async def terms(db: Connection, shop: ShopFloor, policy: str, *, pending_days: int = 0) -> None:
    await new_terms(db, shop, refund_policy=policy, may_go_negative=policy == "unlimited", pending_days=pending_days)


async def refused(db: Connection, shop: ShopFloor, order: uuid.UUID, lines: dict[int, int], **refund: uuid.UUID) -> str:
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await take_back(db, shop, order, lines, **refund)
    return refusal.value.sqlstate or ""


@pytest.mark.parametrize(
    ("policy", "pending_days", "gone", "balance"),
    [
        ("only_pending", 0, 0, 10),
        ("only_pending", 5, 20, 90),
        ("within_balance", 0, 10, 0),
        ("within_balance", 5, 20, 90),
        ("unlimited", 0, 20, -10),
        ("unlimited", 5, 20, 90),
    ],
)
async def test_a_return_takes_points_back_as_far_as_the_policy_goes(
    db, at_noon, policy, pending_days, gone, balance
) -> None:
    """20 points were earned, and all but 10 of what was free to spend has been spent since."""
    await terms(db, at_noon, policy, pending_days=pending_days)
    order = await sell_cash(db, at_noon, quantities=[2])
    await spend(db, at_noon, 110 if pending_days == 0 else 10)

    assert await take_back(db, at_noon, order, {1: 2}) == (gone, 0)

    assert await at_noon.points(db) == (balance, 0)
    assert await broken_points(db) == []


async def test_a_return_leaves_what_another_checkout_holds(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, quantities=[5])
    under_way = await ring_up_cash(db, at_noon, points=140)

    assert await take_back(db, at_noon, order, {1: 5}) == (10, 0)
    await at_noon.complete(db, under_way)

    assert await rows(db, "select * from ringup.loyalty_reconciliation_queue") == []
    assert await broken_points(db) == []


async def test_points_come_back_once_into_their_lots_with_their_old_expiry_the_last_first(db, at_noon) -> None:
    await adjust(db, at_noon, 30, expires_at=NOON + timedelta(days=1))
    await adjust(db, at_noon, 30, expires_at=NOON + timedelta(days=2))
    order = await sell_cash(db, at_noon, quantities=[1, 1], points=80)
    before = await lots(db, at_noon)

    first = await take_back(db, at_noon, order, {2: 1})
    halfway = await lots(db, at_noon)
    second = await take_back(db, at_noon, order, {1: 1})

    assert (first, second) == ((10, 40), (9, 40))
    assert (before, halfway, await lots(db, at_noon)) == ([80, 19], [20, 100, 9], [30, 30, 100])
    assert await at_noon.points(db) == (160, 0)
    assert await broken_points(db) == []


async def test_the_sale_s_own_points_go_first_and_then_those_that_expire_first(db, at_noon) -> None:
    await new_terms(db, at_noon, live_days=90)
    order = await sell_cash(db, at_noon, quantities=[4])
    await adjust(db, at_noon, 25, expires_at=NOON + timedelta(days=2))

    await take_back(db, at_noon, order, {1: 1})
    assert await lots(db, at_noon) == [25, 30, 100]
    await spend(db, at_noon, 45)
    await take_back(db, at_noon, order, {1: 3})

    assert await lots(db, at_noon) == [80]
    assert await broken_points(db) == []


async def test_a_later_return_of_the_sale_catches_up_with_what_was_not_there_the_first_time(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, quantities=[2])
    await spend(db, at_noon, 120)

    first = await take_back(db, at_noon, order, {1: 1})
    await earn(db, at_noon, 50)
    second = await take_back(db, at_noon, order, {1: 1})

    assert (first, second) == ((0, 0), (20, 0))
    assert await at_noon.points(db) == (30, 0)


async def test_the_same_refund_again_changes_nothing_and_answers_the_same(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, quantities=[3], points=30)
    refund = uuid.uuid4()
    first = await take_back(db, at_noon, order, {1: 1}, refund)
    await take_back(db, at_noon, order, {1: 1})
    before = await ledger(db, at_noon)

    again = await take_back(db, at_noon, order, {1: 1}, refund)

    assert first == again == (9, 10)
    assert await ledger(db, at_noon) == before
    assert await refused(db, at_noon, order, {1: 2}, refund=refund) == "RU114"


async def test_what_was_not_sold_or_is_back_already_cannot_be_returned(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, quantities=[2])
    await take_back(db, at_noon, order, {1: 1})
    under_way = await ring_up_cash(db, at_noon)
    before = await ledger(db, at_noon)

    assert await refused(db, at_noon, order, {1: 2}) == "RU118"
    assert await refused(db, at_noon, order, {2: 1}) == "RU118"
    assert await refused(db, at_noon, order, {1: 0}) == "RU204"
    assert await refused(db, at_noon, order, {1: -1}) == "RU204"
    assert await refused(db, at_noon, order, {}) == "RU204"
    assert await refused(db, at_noon, under_way, {1: 1}) == "RU101"
    assert await refused(db, at_noon, uuid.uuid4(), {1: 1}) == "RU001"
    assert await ledger(db, at_noon) == before


async def test_a_sale_to_nobody_has_no_points_to_return(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, customer_id=None)

    assert await take_back(db, at_noon, order, {1: 1}) == (0, 0)
    assert await rows(db, "select * from ringup.loyalty_returns") == []


async def test_the_policy_of_the_day_of_the_sale_counts_and_not_that_of_the_return(db, at_noon, set_clock) -> None:
    await terms(db, at_noon, "unlimited")
    order = await sell_cash(db, at_noon)
    await spend(db, at_noon, 110)
    await set_clock(db, NOON + timedelta(days=1))
    await terms(db, at_noon, "within_balance")

    assert await take_back(db, at_noon, order, {1: 1}) == (10, 0)

    assert await at_noon.points(db) == (-10, 0)
    assert await broken_points(db) == []


async def test_points_that_wait_in_the_queue_become_less_instead_of_being_reversed(db, at_noon) -> None:
    """The sale stands and its points were never recorded: there is nothing to reverse, and less to grant."""
    order = await ring_up_cash(db, at_noon, quantities=[4], points=40)
    await db.execute("update ringup.order_items set points_to_earn = 39, points_redeemed = 40")
    await db.execute("alter table ringup.loyalty_transactions add constraint no_more check (points > 90) not valid")
    await at_noon.complete(db, order)
    await db.execute("alter table ringup.loyalty_transactions drop constraint no_more")

    assert await take_back(db, at_noon, order, {1: 1}) == (0, 0)
    (halfway,) = await rows(db, "select * from ringup.loyalty_reconciliation_queue")
    await ask(
        db,
        "select ringup.update_customer_loyalty_points_atomic(%s, %s, %s, %s, 36)",
        at_noon.customer,
        halfway["points_earned"],
        halfway["points_redeemed"],
        order,
    )
    later = await take_back(db, at_noon, order, {1: 3})

    assert (halfway["points_earned"], halfway["points_redeemed"], halfway["resolved"]) == (30, 30, False)
    assert later == (30, 30)
    assert await at_noon.points(db) == (100, 0)
    assert await broken_points(db) == []


async def test_a_queue_item_of_a_sale_that_came_back_whole_is_resolved(db, at_noon) -> None:
    order = await ring_up_cash(db, at_noon, quantities=[2], points=40)
    await db.execute("update ringup.order_items set points_to_earn = 19, points_redeemed = 40")
    await db.execute("alter table ringup.loyalty_transactions add constraint no_more check (points > 90) not valid")
    await at_noon.complete(db, order)
    await db.execute("alter table ringup.loyalty_transactions drop constraint no_more")

    await take_back(db, at_noon, order, {1: 2})

    (item,) = await rows(db, "select * from ringup.loyalty_reconciliation_queue")
    assert (item["points_earned"], item["points_redeemed"], item["resolved"]) == (0, 0, True)
    assert item["resolution"] == "everything was returned before the points were recorded"
    assert await at_noon.points(db) == (100, 0)
    assert await broken_points(db) == []


async def test_a_return_for_a_duplicate_goes_to_whom_it_was_merged_into(db, at_noon) -> None:
    order = await sell_cash(db, at_noon, quantities=[2], points=50)
    kept = await add_customer(db, at_noon)
    await ask(
        db, "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')", at_noon.vendor, kept, at_noon.customer
    )

    assert await take_back(db, at_noon, order, {1: 2}) == (19, 50)

    assert (await account(db, at_noon, kept))["available"] == 100
    assert await broken_points(db) == []


PARTS = st.fixed_dictionaries(
    {
        "quantities": st.lists(st.integers(1, 4), min_size=1, max_size=3),
        "points": st.integers(0, 100),
        "spent_since": st.integers(0, 200),
        "earned_since": st.integers(0, 30),
        "pending_days": st.sampled_from([0, 3]),
    }
)


async def sell_for_returns(db: Connection, policy: str, sale: dict) -> tuple[ShopFloor, uuid.UUID]:
    """A sale as drawn, and what the customer did with points since."""
    shop = await open_shop_floor(db)
    await terms(db, shop, policy, pending_days=sale["pending_days"])
    await adjust(db, shop, 40, expires_at=NOON + timedelta(days=9))
    order = await sell_cash(db, shop, quantities=sale["quantities"], points=sale["points"])
    free = (await account(db, shop))["available"]
    if sale["spent_since"] and free:
        await spend(db, shop, min(sale["spent_since"], free))
    if sale["earned_since"]:
        await earn(db, shop, sale["earned_since"])
    return shop, order


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sale=PARTS, order_of_pieces=st.randoms(use_true_random=False))
async def test_returns_in_parts_in_any_order_end_where_one_whole_return_ends(
    db, set_clock, policy, sale, order_of_pieces
) -> None:
    await set_clock(db, NOON)
    pieces = [line for line, quantity in enumerate(sale["quantities"], start=1) for _ in range(quantity)]
    order_of_pieces.shuffle(pieces)

    async with db.transaction(force_rollback=True):
        shop, order = await sell_for_returns(db, policy, sale)
        whole = await take_back(db, shop, order, dict(enumerate(sale["quantities"], start=1)))
        ends = await account(db, shop)
    async with db.transaction(force_rollback=True):
        shop, order = await sell_for_returns(db, policy, sale)
        parts = [await take_back(db, shop, order, {line: 1}) for line in pieces]
        ends_too = await account(db, shop)
        broken = await broken_points(db)

    assert (sum(part[0] for part in parts), sum(part[1] for part in parts)) == whole
    for name in ("balance", "held", "pending", "available"):
        assert ends_too[name] == ends[name], name
    assert broken == []


@pytest.mark.parametrize("policy", ["within_balance", "unlimited"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sale=PARTS, order_of_pieces=st.randoms(use_true_random=False))
async def test_selling_and_returning_everything_ends_where_it_began_lot_by_lot(
    db, set_clock, policy, sale, order_of_pieces
) -> None:
    await set_clock(db, NOON)
    pieces = [line for line, quantity in enumerate(sale["quantities"], start=1) for _ in range(quantity)]
    order_of_pieces.shuffle(pieces)

    async with db.transaction(force_rollback=True):
        shop = await open_shop_floor(db)
        await terms(db, shop, policy, pending_days=sale["pending_days"])
        for days in (3, 9):
            await adjust(db, shop, 40, expires_at=NOON + timedelta(days=days))
        await set_clock(db, NOON + timedelta(hours=1))
        began = await account(db, shop), await lots(db, shop)

        order = await sell_cash(db, shop, quantities=sale["quantities"], points=sale["points"])
        for line in pieces:
            await take_back(db, shop, order, {line: 1})

        ended = await account(db, shop), await lots(db, shop)
        broken = await broken_points(db)

    began[0].pop("lifetime_earned"), ended[0].pop("lifetime_earned")
    assert ended == began
    assert broken == []


async def test_what_is_given_back_below_zero_pays_the_debt_first(db, at_noon) -> None:
    await terms(db, at_noon, "unlimited")
    redeemed = await sell_cash(db, at_noon, points=60)
    await adjust(db, at_noon, -129)
    assert await at_noon.points(db) == (-80, 0)

    await take_back(db, at_noon, redeemed, {1: 1})

    assert await at_noon.points(db) == (-29, 0)
    assert await broken_points(db) == []
