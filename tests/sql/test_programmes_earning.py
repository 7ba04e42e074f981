"""What a sale earns, line by line: each rule, and who wins where two of them meet."""

import uuid
from typing import Any

import psycopg
import pytest

from price_floor import set_tax_rate
from programme_floor import add_product, cash, grants, lines_of, promised, run_campaign, sell, set_programme
from shop_floor import Connection, ShopFloor, ask, broken_invariants, prepare, rows


@pytest.fixture
async def goods(db: Connection, shop: ShopFloor) -> dict[str, uuid.UUID]:
    """Beside the coffee of 10.00 (Drinks): tea of 2.50 (Drinks), a cup of 4.00 (Crockery), a bag of 0.10."""
    return {
        "TEA": await add_product(db, shop, "TEA", 250, "Drinks"),
        "CUP": await add_product(db, shop, "CUP", 400, "Crockery"),
        "BAG": await add_product(db, shop, "BAG", 10),
    }


async def test_lines_share_the_order_s_points_and_lose_none(db: Connection, shop: ShopFloor, goods: Any) -> None:
    order = await sell(db, shop, "BAG", "TEA", "CUP", "BAG")

    assert await lines_of(db, order) == [(0, 0), (2, 0), (4, 0), (0, 0)]
    assert (await shop.order(db, order))["points_earned"] == 6


async def test_points_are_earned_on_what_is_paid_after_discounts_and_points(
    db: Connection, shop: ShopFloor, goods: Any
) -> None:
    order = await sell(db, shop, "COF-250", "CUP", discounts=[250, None], points=100)

    # 7.50 and 4.00 are due, the points' 1.00 is shared 0.65 and 0.35, and 6.85 + 3.65 are paid: 10.50.
    assert await lines_of(db, order) == [(6, 65), (4, 35)]
    assert await shop.points(db) == (10, 0)


async def test_a_tip_earns_nothing(db: Connection, shop: ShopFloor) -> None:
    assert await promised(db, shop, tip=500) == 10


async def test_a_sale_to_nobody_promises_nothing(db: Connection, shop: ShopFloor) -> None:
    await run_campaign(db, shop)

    assert await promised(db, shop, customer_id=None) == 0
    assert await ask(db, "select count(*) from ringup.loyalty_campaign_grants") == 0


async def test_a_sale_that_points_pay_for_whole_earns_nothing(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 1, 10, points_per_order=5, rules=[(None, "Drinks", 1, 3)])
    await run_campaign(db, shop, bonus_points=50)
    nothing: dict[str, Any] = {name: [] for name in ("types", "processors", "amounts", "tendered", "references")}

    assert await promised(db, shop, points=100, **nothing) == 0


async def test_a_line_that_nothing_is_paid_for_earns_nothing(db: Connection, shop: ShopFloor, goods: Any) -> None:
    await set_programme(db, shop, 1, rules=[(goods["CUP"], None, None, 30)])

    order = await sell(db, shop, "COF-250", "CUP", discounts=[None, 400])

    assert await lines_of(db, order) == [(10, 0), (0, 0)]


async def test_points_for_an_order_are_shared_over_what_is_paid(db: Connection, shop: ShopFloor, goods: Any) -> None:
    await set_programme(db, shop, 0, points_per_order=7)

    order = await sell(db, shop, "COF-250", "CUP", "TEA", discounts=[None, None, 250])

    assert await lines_of(db, order) == [(5, 0), (2, 0), (0, 0)]


@pytest.mark.parametrize(
    ("rules", "earned"),
    [
        ([], [10, 2, 4]),
        ([(None, "Drinks", 3, 0)], [30, 7, 4]),
        ([(None, "Drinks", 0, 0)], [0, 0, 4]),
        ([(None, "Drinks", None, 5)], [15, 7, 4]),
        ([(None, "Drinks", 3, 5), ("TEA", None, 0, 0)], [35, 0, 4]),
        ([(None, "Drinks", 3, 5), ("TEA", None, None, 0)], [35, 2, 4]),
        ([(None, "Drinks", 3, 5), ("TEA", None, 10, 1)], [35, 26, 4]),
    ],
    ids=[
        "without a rule the programme's rate",
        "a category's rate instead of the programme's",
        "a category that earns nothing",
        "points for each item beside the programme's rate",
        "an article that earns nothing in a category that does",
        "an article with the programme's rate in a category with another",
        "an article's rule instead of its category's, whole",
    ],
)
async def test_an_article_s_rule_beats_its_category_s_which_beats_the_programme(
    db: Connection, shop: ShopFloor, goods: Any, rules: list[tuple[Any, ...]], earned: list[int]
) -> None:
    await set_programme(db, shop, rules=[(goods.get(product), *rest) for product, *rest in rules])

    order = await sell(db, shop, "COF-250", "TEA", "CUP")

    # The half point of the tea is carried on: lines are rounded so that the order's points come out.
    assert [points for points, _ in await lines_of(db, order)] == earned


async def test_points_for_items_count_every_item(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 0, rules=[(None, "Drinks", None, 4)])

    assert await promised(db, shop, quantities=[3]) == 12


async def test_the_best_campaign_of_a_line_wins_and_multipliers_do_not_pile_up(
    db: Connection, shop: ShopFloor, goods: Any
) -> None:
    everything = await run_campaign(db, shop, multiplier=2)
    drinks = await run_campaign(db, shop, multiplier="3.5", category="Drinks")
    beaten = await run_campaign(db, shop, multiplier=3, category="Drinks")

    order = await sell(db, shop, "COF-250", "CUP")

    assert await lines_of(db, order) == [(35, 0), (8, 0)]
    assert [await grants(db, each) for each in (everything, drinks, beaten)] == [
        [("granted", 4)],
        [("granted", 25)],
        [],
    ]


async def test_the_tier_multiplies_on_top_of_the_campaign_and_bonuses_are_never_multiplied(
    db: Connection, shop: ShopFloor
) -> None:
    await set_programme(db, shop, points_per_order=7, tier_basis="spend", tiers=[("Gold", 100, "1.5")])
    await sell(db, shop)
    await ask(db, "select ringup.review_tiers(%s, 10)", shop.vendor)
    gold = await promised(db, shop)
    await run_campaign(db, shop, multiplier=3)
    await run_campaign(db, shop, multiplier=1, bonus_points=100)
    await run_campaign(db, shop, multiplier=2, bonus_points=11)

    assert (gold, await promised(db, shop)) == (15 + 7, 45 + 7 + 111)


async def test_the_tier_is_the_one_before_the_sale(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, tier_basis="spend", tiers=[("Gold", 100, 2)])

    first = await sell(db, shop)
    await ask(db, "select ringup.review_tiers(%s, 10)", shop.vendor)
    second = await sell(db, shop)

    assert [(await shop.order(db, order))["points_earned"] for order in (first, second)] == [10, 20]


async def test_a_tier_that_the_programme_no_longer_has_multiplies_nothing(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, tier_basis="spend", tiers=[("Gold", 100, 2)])
    await sell(db, shop)
    await ask(db, "select ringup.review_tiers(%s, 10)", shop.vendor)

    await set_programme(db, shop, tier_basis="spend", tiers=[("Platinum", 100, 3)])

    assert await promised(db, shop) == 10


async def test_a_bonus_goes_to_the_lines_that_earned_it(db: Connection, shop: ShopFloor, goods: Any) -> None:
    await run_campaign(db, shop, multiplier=1, bonus_points=50, category="Drinks")

    order = await sell(db, shop, "CUP", "COF-250", "TEA")

    assert await lines_of(db, order) == [(4, 0), (10 + 40, 0), (2 + 10, 0)]


@pytest.mark.parametrize(
    ("minimum", "discount", "points"),
    [(1250, 0, 66), (1251, 0, 16), (1250, 1, 16)],
    ids=["just enough", "a cent short", "a cent of discount too much"],
)
async def test_a_minimum_counts_what_is_paid_for_what_the_campaign_is_for(
    db: Connection, shop: ShopFloor, goods: Any, minimum: int, discount: int, points: int
) -> None:
    await run_campaign(db, shop, multiplier=1, bonus_points=50, category="Drinks", minimum_spend_minor=minimum)

    assert await promised(db, shop, "CUP", "COF-250", "TEA", discounts=[None, discount, None]) == points


async def test_a_campaign_for_other_goods_counts_for_nothing(db: Connection, shop: ShopFloor, goods: Any) -> None:
    for_cups = await run_campaign(db, shop, product_id=goods["CUP"])
    for_crockery = await run_campaign(db, shop, category="Crockery")

    assert await promised(db, shop, "COF-250", "BAG") == 10
    assert await grants(db, for_cups) == await grants(db, for_crockery) == []


async def test_a_campaign_counts_for_a_customer_as_often_as_it_says(db: Connection, shop: ShopFloor) -> None:
    campaign = await run_campaign(db, shop, customer_limit=2)

    points = [await promised(db, shop) for _ in range(3)]

    assert points == [30, 30, 10]
    assert await grants(db, campaign) == [("held", 20), ("held", 20)]


async def test_when_the_best_campaign_is_used_up_the_next_best_counts(db: Connection, shop: ShopFloor) -> None:
    await run_campaign(db, shop, multiplier=5, customer_limit=1)
    await run_campaign(db, shop, multiplier=2)

    assert [await promised(db, shop) for _ in range(2)] == [50, 20]


async def test_a_campaign_that_was_beaten_is_not_used_up(db: Connection, shop: ShopFloor) -> None:
    once = await run_campaign(db, shop, multiplier=2, customer_limit=1)
    better = await run_campaign(db, shop, multiplier=5)
    await sell(db, shop)

    await ask(db, "select ringup.end_campaign(%s, %s, 'Ada')", shop.vendor, better)

    assert await promised(db, shop) == 20
    assert await grants(db, once) == [("held", 10)]


async def test_a_sale_that_is_given_up_gives_the_campaign_back(db: Connection, shop: ShopFloor) -> None:
    campaign = await run_campaign(db, shop, customer_limit=1)
    given_up = await shop.prepare(db, **cash(shop))

    await shop.cancel(db, given_up["checkout_id"])

    assert await promised(db, shop) == 30
    assert await grants(db, campaign) == [("released", 20), ("held", 20)]


async def test_a_limit_is_each_customer_s_own(db: Connection, shop: ShopFloor) -> None:
    await run_campaign(db, shop, customer_limit=1)
    neighbour = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'Alan', 'T', null, null, true)", shop.vendor, neighbour)

    assert [await promised(db, shop), await promised(db, shop, customer_id=neighbour)] == [30, 30]


async def test_what_a_merged_duplicate_used_up_is_used_up(db: Connection, shop: ShopFloor) -> None:
    await run_campaign(db, shop, customer_limit=1)
    chain = [uuid.uuid4() for _ in range(2)]
    for duplicate in chain:
        await ask(db, "select ringup.save_customer(%s, %s, 'Grace', 'H', null, null, true)", shop.vendor, duplicate)
    await promised(db, shop, customer_id=chain[0])

    for duplicate, survivor in zip(chain, [chain[1], shop.customer], strict=True):
        await db.execute(
            "update ringup.customers set is_active = false, merged_into = %s where id = %s", [survivor, duplicate]
        )

    assert await promised(db, shop) == 10


@pytest.mark.parametrize("earns_on_tax", [False, True], ids=["without tax", "with tax"])
async def test_tax_earns_points_only_where_the_programme_says_so(
    db: Connection, shop: ShopFloor, earns_on_tax: bool
) -> None:
    await set_programme(db, shop, earns_on_tax=earns_on_tax)

    await set_tax_rate(db, shop, "SALES", "20")

    earned = await promised(db, shop)

    assert earned == (12 if earns_on_tax else 10)


async def test_more_points_than_an_account_can_hold_stop_no_sale(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 1_000_000)
    prepared = await prepare(db, shop.request(**cash(shop, prices=[10_000_000], points=100)))

    order = await shop.order(db, prepared["checkout_id"])
    assert (order["points_to_earn"], order["points_redeemed"]) == (0, 100)
    assert "more points than an account can hold" in order["points_problem"]
    assert await lines_of(db, prepared["checkout_id"]) == [(0, 100)]
    await shop.complete(db, prepared["checkout_id"])
    assert (await shop.order(db, prepared["checkout_id"]))["status"] == "completed"


async def test_a_broken_computation_stops_no_sale(db: Connection, shop: ShopFloor) -> None:
    await db.execute("alter table ringup.loyalty_earn_rules rename to mislaid")

    prepared = await shop.prepare(db, **cash(shop))

    order = await shop.order(db, prepared["checkout_id"])
    assert (order["points_to_earn"], order["status"]) == (0, "pending_payment")
    assert "loyalty_earn_rules" in order["points_problem"]


async def test_the_checkout_says_what_it_will_earn_and_then_what_it_earned(db: Connection, shop: ShopFloor) -> None:
    prepared = await shop.prepare(db, **cash(shop))
    read = "select ringup.read_checkout(%s, %s) -> 'loyalty'"
    under_way = await ask(db, read, shop.vendor, prepared["checkout_id"])

    await shop.complete(db, prepared["checkout_id"])

    completed = await ask(db, read, shop.vendor, prepared["checkout_id"])
    assert (under_way["points_to_earn"], under_way["points_earned"]) == (10, 0)
    assert (completed["points_to_earn"], completed["points_earned"]) == (10, 10)
    assert await broken_invariants(db) == {}


async def test_a_simple_programme_earns_what_the_function_for_everybody_says(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, "1.5", points_per_order=7)
    calculate = "select ringup.calculate_loyalty_points_to_earn(%s, %s)"

    assert await promised(db, shop, discounts=[1]) == 21
    assert await ask(db, calculate, shop.vendor, "9.99") == 14 + 7
    assert [await ask(db, calculate, shop.vendor, paid) for paid in ("0", "-1", None, "0.01")] == [0, 0, 0, 7]


async def test_points_are_whole_numbers_of_the_server_s(db: Connection, shop: ShopFloor) -> None:
    for points in (-1, None):
        with pytest.raises(psycopg.Error) as refused:
            async with db.transaction():
                await shop.prepare(db, **cash(shop, points=points))
        assert refused.value.sqlstate == "RU207"
    assert await rows(db, "select id from ringup.orders") == []
