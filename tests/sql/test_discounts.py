"""Discounts of lines and of whole sales: what they come to, whose they are, and which are refused."""

from decimal import Decimal
from typing import Any

import pytest
from staff_room import code_of

from price_floor import add_product, lines_of, prepared, save_coupon, set_tax_rate
from shop_floor import Connection, ShopFloor, ask, rows


@pytest.fixture
async def goods(db: Connection, shop: ShopFloor) -> ShopFloor:
    """Beside the coffee of 10.00: tea of 3.33 and gum of 0.01."""
    await add_product(db, shop, "TEA", 333)
    await add_product(db, shop, "GUM", 1)
    return shop


def off(amount: int | None = None, percent: str | None = None, reason: str | None = "goodwill") -> dict[str, Any]:
    """One discount of the whole sale."""
    return {
        "discount_amounts": [amount],
        "discount_percents": [percent and Decimal(percent)],
        "discount_reasons": [reason],
    }


async def discounts_of(db: Connection, order) -> list[tuple[Any, ...]]:
    found = await rows(db, "select * from ringup.order_discounts where order_id = %s order by discount_number", order)
    return [(row["kind"], row["line_number"], row["amount_minor"], row["reason"]) for row in found]


async def test_a_line_is_sold_for_less_by_amount_or_percentage(db: Connection, goods: ShopFloor) -> None:
    order = await prepared(
        db,
        goods,
        *[("COF-250", 1), ("TEA", 3), ("GUM", 1)],
        discounts=[100, None, None],
        percents=[None, Decimal("12.5"), None],
        line_reasons=["dented", None, None],
    )

    assert [(n["discount_minor"], n["total_minor"]) for n in await lines_of(db, order)] == [
        (100, 900),
        (125, 874),
        (0, 1),
    ]
    assert await discounts_of(db, order) == [("line", 1, 100, "dented"), ("line", 2, 125, None)]


async def test_a_discount_of_the_sale_is_shared_by_largest_remainder(db: Connection, goods: ShopFloor) -> None:
    """1.00 on 10.00, 3.33 and 0.01: 74.96, 24.96 and 0.07 cents."""
    order = await prepared(db, goods, ("COF-250", 1), ("TEA", 1), ("GUM", 1), **off(100))

    assert [line["discount_minor"] for line in await lines_of(db, order)] == [75, 25, 0]
    assert await discounts_of(db, order) == [("order", None, 100, "goodwill")]
    assert (await goods.order(db, order))["total_minor"] == 1234


async def test_discounts_follow_one_another_each_on_what_is_left(db: Connection, shop: ShopFloor) -> None:
    await save_coupon(db, shop, "TENTH", percent="10")

    order = await prepared(
        db,
        shop,
        percents=[Decimal(50)],
        discount_amounts=[None, 50],
        discount_percents=[Decimal(20), None],
        discount_reasons=["closing", "stain"],
        coupons=["tenth"],
    )

    # 10.00, less half, less a fifth of 5.00, less 0.50, less a tenth of 3.50.
    assert [amount for _, _, amount, _ in await discounts_of(db, order)] == [500, 100, 50, 35]
    found = await shop.order(db, order)
    assert (found["subtotal_minor"], found["discount_minor"], found["total_minor"]) == (1000, 685, 315)


async def test_a_discount_lowers_the_tax(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "10")

    found = await shop.order(db, await prepared(db, shop, **off(percent="50")))

    assert (found["tax_minor"], found["total_minor"]) == (50, 550)


async def test_points_lower_the_tax_as_any_discount_does(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "10")

    order = await prepared(db, shop, customer_id=shop.customer, points=100, **off(400))

    found = await shop.order(db, order)
    assert (found["discount_minor"], found["points_value_minor"], found["tax_minor"]) == (500, 100, 50)
    assert found["total_minor"] == 550
    assert found["points_to_earn"] == 5, "on the 5.00 that are paid for goods, not on the tax"
    assert [(n["total_minor"], n["points_value_minor"]) for n in await lines_of(db, order)] == [(650, 100)]


async def test_everything_may_be_taken_off(db: Connection, shop: ShopFloor) -> None:
    nothing: dict[str, Any] = {name: [] for name in ("types", "processors", "amounts", "tendered", "references")}

    order = await prepared(db, shop, **off(percent="100"), **nothing)

    assert (await shop.order(db, order))["total_minor"] == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        pytest.param({"discounts": [1001]}, "RU205", id="more than the line"),
        pytest.param({"discounts": [-1]}, "RU205", id="less than nothing off a line"),
        pytest.param({"discounts": [1], "percents": [Decimal(1)]}, "RU242", id="amount and percentage of a line"),
        pytest.param({"percents": [Decimal("100.5")]}, "RU242", id="more than all of a line"),
        pytest.param({"percents": [Decimal("-5")]}, "RU242", id="a negative percentage of a line"),
        pytest.param({"percents": [Decimal("1.23456")]}, "RU242", id="too fine a percentage"),
        pytest.param(off(1001), "RU205", id="more than the sale"),
        pytest.param(off(-1), "RU242", id="less than nothing"),
        pytest.param(off(), "RU242", id="neither amount nor percentage"),
        pytest.param(off(1, "1"), "RU242", id="amount and percentage"),
        pytest.param(off(percent="101"), "RU242", id="more than all"),
        pytest.param(off(1, reason=" "), "RU208", id="no reason"),
        pytest.param(off(1, reason=None), "RU208", id="no reason at all"),
        pytest.param(off(950) | {"points": 100}, "RU206", id="points for more than is left"),
    ],
)
async def test_a_discount_that_cannot_be_is_refused_and_leaves_nothing(db, shop, wrong, code) -> None:
    asked = {"customer_id": shop.customer} | wrong

    assert await code_of(db, prepared(db, shop, **asked)) == code
    assert await ask(db, "select count(*) from ringup.orders") == 0
    assert await ask(db, "select count(*) from ringup.order_discounts") == 0
    assert await shop.points(db) == (100, 0)


async def test_a_price_that_was_changed_by_hand_is_discounted_as_it_is(db: Connection, shop: ShopFloor) -> None:
    order = await prepared(db, shop, prices=[500], percents=[Decimal(10)])

    assert (await shop.order(db, order))["total_minor"] == 450
