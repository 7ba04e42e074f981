"""Tiers: up at once, down only when the tier was held long enough, by spend or by points of a rolling window."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from programme_floor import sell, set_programme
from refund_floor import refund
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

START = datetime(2100, 1, 1, 12, tzinfo=UTC)
"""After whatever the shop was set up with."""
BOTH = [("Silver", 1000, "1.5"), ("Gold", 2000, 2)]


class Calendar:
    """The shop's clock, stopped at so many days after the start."""

    def __init__(self, db: Connection, shop: ShopFloor, set_clock: Any) -> None:
        self.db, self.shop, self.set_clock = db, shop, set_clock

    async def day(self, number: float) -> None:
        await self.set_clock(self.db, START + timedelta(days=number))

    async def review(self) -> tuple[str | None, float | None]:
        """The customer's tier after a review, and the day of the next one."""
        reviewed = await ask(self.db, "select ringup.review_tiers(%s, 10)", self.shop.vendor)
        assert reviewed in (0, 1)
        row = (await rows(self.db, "select * from ringup.customers where id = %s", self.shop.customer))[0]
        assert row["loyalty_tier_until"] == row["loyalty_tier_review_at"]
        due = row["loyalty_tier_review_at"]
        return row["loyalty_tier"], due and (due - START) / timedelta(days=1)


@pytest.fixture
async def calendar(db: Connection, shop: ShopFloor, set_clock: Any) -> Calendar:
    calendar = Calendar(db, shop, set_clock)
    await calendar.day(-1)
    return calendar


async def with_tiers(calendar: Calendar, *, basis: str = "spend", hold: int = 0, **changes: Any) -> None:
    await set_programme(
        calendar.db,
        calendar.shop,
        **({"tier_basis": basis, "tier_window_days": 30, "tier_hold_days": hold, "tiers": BOTH} | changes),
    )


async def test_a_customer_rises_at_once_and_as_high_as_they_deserve(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar)
    await calendar.day(0)
    await sell(db, shop, discounts=[1])
    just_short = await calendar.review()

    await sell(db, shop, discounts=[999])
    just_enough = await calendar.review()
    await sell(db, shop, quantities=[5])
    gold = await calendar.review()

    assert [just_short[0], just_enough[0], gold[0]] == [None, "Silver", "Gold"]


async def test_a_tier_lasts_until_what_deserved_it_leaves_the_window(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar)
    for day in (0, 10):
        await calendar.day(day)
        await sell(db, shop)

    seen = [await calendar.review()]
    for day in (29.999, 30, 39.999, 40):
        await calendar.day(day)
        seen.append(await calendar.review())

    assert seen == [("Gold", 30), ("Gold", 30), ("Silver", 40), ("Silver", 40), (None, None)]


async def test_a_tier_is_held_after_it_was_last_deserved_and_then_falls_to_what_is_deserved(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar, hold=15)
    for day in (0, 20):
        await calendar.day(day)
        await sell(db, shop)

    seen = [await calendar.review()]
    for day in (44.999, 45, 64.999, 65):
        await calendar.day(day)
        seen.append(await calendar.review())

    assert seen == [("Gold", 45), ("Gold", 45), ("Silver", 65), ("Silver", 65), (None, None)]


async def test_a_sale_in_the_last_moment_keeps_the_tier(db: Connection, shop: ShopFloor, calendar: Calendar) -> None:
    await with_tiers(calendar, hold=15)
    await calendar.day(0)
    await sell(db, shop)
    await calendar.review()

    await calendar.day(44)
    await sell(db, shop)

    assert await calendar.review() == ("Silver", 44 + 30 + 15)


async def test_a_sale_that_is_not_enough_prolongs_nothing(db: Connection, shop: ShopFloor, calendar: Calendar) -> None:
    await with_tiers(calendar, hold=15)
    await calendar.day(0)
    await sell(db, shop)
    await calendar.review()

    await calendar.day(40)
    await sell(db, shop, discounts=[500])

    assert await calendar.review() == ("Silver", 45)


async def test_money_that_went_back_deserves_nothing_and_the_hold_runs_from_then(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar, hold=15)
    await calendar.day(0)
    order = await sell(db, shop)
    before = await calendar.review()

    await calendar.day(2)
    await refund(db, shop, order)
    await db.execute("update ringup.customers set loyalty_tier_review_at = ringup.now()")

    assert (before, await calendar.review()) == (("Silver", 45), ("Silver", 17))


async def test_tips_and_points_do_not_count_as_spent(db: Connection, shop: ShopFloor, calendar: Calendar) -> None:
    await with_tiers(calendar)
    await calendar.day(0)

    await sell(db, shop, points=1, tip=500)

    assert await calendar.review() == (None, None)


async def test_tiers_by_points_count_what_was_earned_and_not_what_was_given(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar, basis="points", tiers=[("Silver", 20, 1)])
    await calendar.day(0)

    await sell(db, shop, points=100, quantities=[2])
    short = await calendar.review()
    await sell(db, shop)

    assert (short, await calendar.review()) == ((None, None), ("Silver", 30))


async def test_what_a_merged_duplicate_spent_counts(db: Connection, shop: ShopFloor, calendar: Calendar) -> None:
    duplicate = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'Grace', 'H', null, null, true)", shop.vendor, duplicate)
    await with_tiers(calendar)
    await calendar.day(0)
    await sell(db, shop, customer_id=duplicate)
    await db.execute(
        "update ringup.customers set is_active = false, loyalty_tier_review_at = null, merged_into = %s where id = %s",
        [shop.customer, duplicate],
    )

    await sell(db, shop)

    assert (await calendar.review())[0] == "Gold"


async def test_the_programme_in_force_decides_and_a_tier_it_does_not_have_is_not_held(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar, hold=15)
    await calendar.day(0)
    await sell(db, shop)
    silver = await calendar.review()

    await calendar.day(1)
    await with_tiers(calendar, hold=15, tiers=[("Bronze", 500, 1)])
    await sell(db, shop, discounts=[999])

    assert (silver[0], await calendar.review()) == ("Silver", ("Bronze", 45))


async def test_without_tiers_nobody_is_reviewed_and_nobody_keeps_one(
    db: Connection, shop: ShopFloor, calendar: Calendar
) -> None:
    await with_tiers(calendar)
    await calendar.day(0)
    await sell(db, shop)
    await calendar.review()

    await calendar.day(1)
    await set_programme(db, shop)
    await sell(db, shop)
    due = await ask(db, "select loyalty_tier_review_at from ringup.customers where id = %s", shop.customer)
    await calendar.day(30)

    assert due == START + timedelta(days=30)
    assert await calendar.review() == (None, None)


async def test_a_change_of_tier_is_in_the_audit_log(db: Connection, shop: ShopFloor, calendar: Calendar) -> None:
    await with_tiers(calendar)
    await calendar.day(0)
    await sell(db, shop)
    await calendar.review()
    await calendar.day(30)
    await calendar.review()

    changes = await rows(
        db,
        "select before->>'tier' as before, after->>'tier' as after from ringup.audit_log"
        " where action = 'tier_changed' order by created_at, id",
    )

    assert [tuple(row.values()) for row in changes] == [(None, "Silver"), ("Silver", None)]


async def test_a_review_takes_so_many_customers_and_leaves_those_that_somebody_holds(registers: Any) -> None:
    first, second = [await registers() for _ in range(2)]
    shop = await open_shop_floor(first)
    await set_programme(first, shop, tier_basis="spend", tiers=[("Silver", 1, 1)])
    customers = [uuid.uuid4() for _ in range(3)]
    for customer in customers:
        await ask(first, "select ringup.save_customer(%s, %s, 'A', 'B', null, null, true)", shop.vendor, customer)
        await sell(first, shop, customer_id=customer)
    review = "select ringup.review_tiers(%s, 2)"

    async with second.transaction():
        await second.execute("select from ringup.customers where id = %s for no key update", [customers[0]])
        rounds = [await ask(first, review, shop.vendor) for _ in range(2)]
    rounds += [await ask(first, review, shop.vendor) for _ in range(2)]

    assert rounds == [2, 0, 1, 0]
    tiers = await rows(first, "select distinct loyalty_tier as t from ringup.customers where id = any(%s)", customers)
    assert tiers == [{"t": "Silver"}]
