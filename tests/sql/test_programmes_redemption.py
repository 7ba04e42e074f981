"""What may be redeemed: the programme's rules, the preview that says so beforehand, and who may not redeem at all."""

import uuid
from typing import Any

import psycopg
import pytest

from programme_floor import add_product, cash, promised, run_campaign, sell, set_programme
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

PREVIEW = "select * from ringup.preview_points(%s, %s, %s, %s, %s, %s, %s, %s)"


async def preview(
    db: Connection, shop: ShopFloor, *, price: int | None = None, points: int = 0, customer: uuid.UUID | None = None
) -> dict[str, Any]:
    """What one coffee, at its price or another, would do to the customer's points."""
    cart = (["COF-250"], [None], [1], [None], [price], points)
    return (await rows(db, PREVIEW, shop.vendor, customer or shop.customer, *cart))[0]


@pytest.mark.parametrize(
    ("settings", "points", "price"),
    [
        ({"redeem_minimum": 50}, 49, None),
        ({"redeem_step": 20}, 50, None),
        ({"redeem_minimum": 50, "redeem_step": 30}, 50, None),
        ({"redeem_maximum": 40}, 41, None),
        ({"redeem_percent_maximum": 50}, 51, 100),
        ({"redeem_percent_maximum": 33}, 34, 101),
        ({"redeem_percent_maximum": 50, "redeem_minimum": 50}, 50, 99),
    ],
    ids=[
        "below the minimum",
        "off the step",
        "at the minimum, off the step",
        "above the maximum",
        "above the share of the goods",
        "above the share of the goods, which is rounded down",
        "a minimum that is above the share",
    ],
)
async def test_points_outside_the_programme_s_rules_are_refused_and_nothing_is_written(
    db: Connection, shop: ShopFloor, settings: dict[str, int], points: int, price: int | None
) -> None:
    await set_programme(db, shop, **settings)

    with pytest.raises(psycopg.Error, match="points cannot be redeemed here") as refused:
        async with db.transaction():
            await shop.prepare(db, **cash(shop, points=points, prices=[price]))

    assert refused.value.sqlstate == "RU213"
    assert await shop.points(db) == (100, 0)
    assert await rows(db, "select id from ringup.orders") == []


@pytest.mark.parametrize(
    ("settings", "points", "price"),
    [
        ({"redeem_minimum": 50}, 50, None),
        ({"redeem_step": 20}, 60, None),
        ({"redeem_maximum": 40}, 40, None),
        ({"redeem_percent_maximum": 50}, 50, 100),
        ({"redeem_percent_maximum": 33}, 33, 101),
        ({}, 100, 101),
    ],
    ids=["the minimum", "a step", "the maximum", "the share", "the share rounded down", "no rule"],
)
async def test_points_at_the_edge_of_the_rules_are_taken(
    db: Connection, shop: ShopFloor, settings: dict[str, int], points: int, price: int | None
) -> None:
    await set_programme(db, shop, **settings)

    await shop.prepare(db, **cash(shop, points=points, prices=[price]))

    assert await shop.points(db) == (100, points)


async def test_the_refusal_says_what_would_be_allowed(db: Connection, shop: ShopFloor) -> None:
    await set_programme(
        db, shop, 1, 2, redeem_minimum=10, redeem_step=20, redeem_maximum=500, redeem_percent_maximum=25
    )

    with pytest.raises(psycopg.Error) as refused:
        await shop.prepare(db, **cash(shop, points=70))

    assert refused.value.diag.message_primary == (
        "70 points cannot be redeemed here: at least 10, in steps of 20, and at most 120"
    )
    assert refused.value.diag.message_detail == (
        '{"points" : 70, "points_minimum" : 10, "points_step" : 20, "points_maximum" : 120}'
    )


async def test_points_worth_more_than_the_order_are_refused(db: Connection, shop: ShopFloor) -> None:
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await shop.prepare(db, **cash(shop, points=100, prices=[99]))

    assert refused.value.sqlstate == "RU206"
    assert await shop.points(db) == (100, 0)


async def test_a_tip_and_discounts_are_no_goods_that_points_may_pay(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, redeem_percent_maximum=50)

    with pytest.raises(psycopg.Error) as refused:
        await shop.prepare(db, **cash(shop, points=100, discounts=[802], tip=500))

    assert refused.value.sqlstate == "RU213"


@pytest.mark.parametrize("who", ["nobody", "an inactive customer", "another vendor's customer", "a merged customer"])
async def test_only_an_active_customer_of_the_vendor_redeems(db: Connection, shop: ShopFloor, who: str) -> None:
    another = await open_shop_floor(db)
    gone = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'Grace', 'H', null, null, false)", shop.vendor, gone)
    if who == "a merged customer":
        await db.execute("update ringup.customers set merged_into = %s where id = %s", [shop.customer, gone])
    customer, sqlstate = {
        "nobody": (None, "RU206"),
        "an inactive customer": (gone, "RU110"),
        "another vendor's customer": (another.customer, "RU005"),
        "a merged customer": (gone, "RU110"),
    }[who]

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await shop.prepare(db, **cash(shop, customer_id=customer, points=10))

    assert refused.value.sqlstate == sqlstate
    assert await another.points(db) == (100, 0)
    assert await rows(db, "select id from ringup.orders") == []
    if customer:
        with pytest.raises(psycopg.Error) as refused:
            await preview(db, shop, customer=customer)
        assert refused.value.sqlstate == sqlstate


async def test_a_preview_says_what_would_be_earned_and_what_may_be_redeemed(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 2, 3, redeem_minimum=10, redeem_step=10, redeem_percent_maximum=20)
    await run_campaign(db, shop, customer_limit=1)

    seen = await preview(db, shop, points=50)

    assert seen == {
        "points_to_earn": 51,  # twice 8.50, three times
        "points_available": 100,
        "points_minimum": 10,
        "points_step": 10,
        "points_maximum": 60,
        "points_maximum_value_minor": 180,
        "point_value_minor": 3,
        "expiring_points": None,
        "expiring_at": None,
    }
    assert await promised(db, shop, points=50) == 51
    assert await rows(db, "select * from ringup.loyalty_campaign_grants where status <> 'held'") == []


async def test_a_preview_takes_what_is_held_for_another_sale_into_account(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, redeem_step=20)
    await shop.prepare(db, **cash(shop, points=60))

    seen = await preview(db, shop)

    assert (seen["points_available"], seen["points_maximum"]) == (40, 40)


async def test_what_a_preview_calls_the_most_is_taken_and_one_step_more_is_not(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 1, 7, redeem_minimum=5, redeem_step=5, redeem_percent_maximum=40)
    most = (await preview(db, shop))["points_maximum"]

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await promised(db, shop, points=most + 5)
    await promised(db, shop, points=most)

    assert (most, refused.value.sqlstate) == (55, "RU213")


@pytest.mark.parametrize("why", ["switched off", "no programme"])
async def test_where_nothing_can_be_redeemed_the_preview_says_so(db: Connection, shop: ShopFloor, why: str) -> None:
    if why == "switched off":
        await ask(db, "select ringup.set_switch(%s, 'loyalty_updates', false, 'Ada')", shop.vendor)
    else:
        await db.execute("delete from ringup.loyalty_programmes where vendor_id = %s", [shop.vendor])

    seen = await preview(db, shop)

    assert (seen["points_to_earn"], seen["points_maximum"], seen["points_maximum_value_minor"]) == (0, 0, 0)


@pytest.mark.parametrize(("points", "sqlstate"), [(-1, "RU207"), (None, "RU207"), (1001, "RU206")])
async def test_a_preview_refuses_what_a_sale_would(
    db: Connection, shop: ShopFloor, points: int | None, sqlstate: str
) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await rows(db, PREVIEW, shop.vendor, shop.customer, ["COF-250"], [None], [1], [None], [None], points)

    assert refused.value.sqlstate == sqlstate


async def test_a_preview_takes_no_lock(registers: Any) -> None:
    seller, looker = [await registers() for _ in range(2)]
    shop = await open_shop_floor(seller)
    await run_campaign(seller, shop, customer_limit=1)

    async with seller.transaction():
        await promised(seller, shop)
        await looker.execute("set lock_timeout = '1ms'")
        seen = await preview(looker, shop)

    assert seen["points_to_earn"] == 30


async def test_points_are_shared_over_the_lines_they_paid_for(db: Connection, shop: ShopFloor) -> None:
    await add_product(db, shop, "CUP", 400)

    order = await sell(db, shop, "CUP", "COF-250", "CUP", points=100)

    redeemed = await rows(
        db, "select points_redeemed as p from ringup.order_items where order_id = %s order by line_number", order
    )
    assert [row["p"] for row in redeemed] == [22, 56, 22]
