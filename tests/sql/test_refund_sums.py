"""Whatever a sale was sold at, its parts come back to what was paid for it: taxes, discounts, points and coins."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from price_floor import add_product, round_taxes, save_coupon, set_tax_rate, sold
from refund_floor import document, part, refund
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows

RULES = st.sampled_from([(1, "nearest"), (5, "nearest"), (10, "nearest_half_down"), (10, "down"), (100, "nearest")])
RATES = st.lists(
    st.fixed_dictionaries(
        {"percent": st.decimals(0, 25, places=2), "included": st.booleans(), "compound": st.booleans()}
    ),
    max_size=3,
)


async def set_up(db: Connection, shop: ShopFloor, drawn: dict[str, Any]) -> None:
    step, mode = drawn["rule"]
    await ask(db, "select ringup.set_cash_rule(%s, %s, %s, 'Ada')", shop.vendor, step, mode)
    await round_taxes(db, shop, drawn["taxes_by"])
    for number, rate in enumerate(drawn["rates"]):
        await set_tax_rate(
            db, shop, f"R{number}", str(rate["percent"]), included=rate["included"], compound=rate["compound"],
            position=number + 1,
        )  # fmt: skip
    for number, line in enumerate(drawn["lines"]):
        await add_product(db, shop, f"SKU-{number}", line["price"])
    if drawn["coupon"]:
        await save_coupon(db, shop, "TEN", percent="10")


async def sell(db: Connection, shop: ShopFloor, drawn: dict[str, Any]) -> Any:
    """Some of it by another tender first, the rest in cash."""
    goods = [(f"SKU-{number}", line["quantity"]) for number, line in enumerate(drawn["lines"])]
    first = drawn["first"]
    terms = {
        "discounts": [min(line["off"], line["price"] * line["quantity"]) or None for line in drawn["lines"]],
        "coupons": ["TEN"] if drawn["coupon"] else None,
        "customer_id": shop.customer,
        "points": drawn["points"],
        "tip": drawn["tip"],
    }
    if first:
        terms |= {
            "types": ["external", "cash"], "processors": [None, None], "amounts": [first, None],
            "tendered": [None, None], "references": ["slip 1", None], "reasons": ["their terminal", None],
        }  # fmt: skip
    return await sold(db, shop, *goods, **terms)


@st.composite
def a_sale(draw: st.DrawFn) -> dict[str, Any]:
    lines = draw(
        st.lists(
            st.fixed_dictionaries(
                {"price": st.integers(150, 2999), "quantity": st.integers(1, 4), "off": st.integers(0, 49)}
            ),
            min_size=1,
            max_size=3,
        )
    )
    pieces = [(number, 1) for number, line in enumerate(lines, 1) for _ in range(line["quantity"])]
    return {
        "lines": lines,
        "pieces": draw(st.permutations(pieces)),
        "rates": draw(RATES),
        "rule": draw(RULES),
        "taxes_by": draw(st.sampled_from(["line", "order"])),
        "coupon": draw(st.booleans()),
        "points": draw(st.sampled_from([0, 0, 7, 50])),
        "tip": draw(st.sampled_from([0, 33])),
        "first": draw(st.sampled_from([0, 0, 40])),
    }


async def taken_back(db: Connection, shop: ShopFloor, order: Any) -> tuple[int, int, int, dict[str, int], str]:
    """Money back, of it in cash, the tax in it by rate, and how the sale stands."""
    order_row = await shop.order(db, order)
    refunds = await rows(db, "select id, amount_minor from ringup.refunds where order_id = %s", order)
    cash = await ask(
        db,
        "select coalesce(sum(approved_minor), 0)::bigint from ringup.payment_transactions"
        " where order_id = %s and kind = 'refund' and tender_type = 'cash'",
        order,
    )
    taxes: dict[str, int] = {}
    for each in refunds:
        for tax in (await document(db, shop, each["id"]))["taxes"]:
            taxes[tax["code"]] = taxes.get(tax["code"], 0) + tax["tax_minor"]
    points = (await rows(db, "select loyalty_points as p from ringup.customers where id = %s", shop.customer))[0]["p"]
    return sum(each["amount_minor"] for each in refunds), cash, points, taxes, order_row["status"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=a_sale())
async def test_the_parts_come_to_what_was_paid_in_money_in_coins_and_in_taxes(
    db: Connection, shop: ShopFloor, drawn: dict[str, Any]
) -> None:
    async with db.transaction(force_rollback=True):
        await set_up(db, shop, drawn)
        order = await sell(db, shop, drawn)
        sale = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)
        for line, quantity in drawn["pieces"]:
            await refund(db, shop, order, **part(quantity, line=line), reference="slip 2")
        if drawn["tip"]:
            await refund(db, shop, order, reference="slip 2")
        coins = await rows(
            db, "select approved_minor from ringup.payment_transactions where order_id = %s and tender_type = 'cash'"
            " and kind = 'refund'", order,
        )  # fmt: skip
        paid = {tender["type"]: tender["approved_minor"] for tender in sale["tenders"]}
        back, cash, points, taxes, status = await taken_back(db, shop, order)

        assert (back, cash) == (sale["total_minor"], paid.get("cash", 0))
        assert all(coin["approved_minor"] % drawn["rule"][0] == 0 for coin in coins)
        assert {code: tax for code, tax in taxes.items() if tax} == {
            tax["code"]: tax["tax_minor"] for tax in sale["taxes"] if tax["tax_minor"]
        }
        assert (points, status) == (100, "refunded")
        assert await broken_invariants(db) == {}


@pytest.mark.parametrize(("price", "back"), [(1997, 1995), (1998, 2000), (2, 0)])
async def test_a_cash_sale_comes_back_to_the_coin(db: Connection, shop: ShopFloor, price: int, back: int) -> None:
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)
    order = await sold(db, shop, prices=[price])

    told = await document(db, shop, (await refund(db, shop, order))["refund_id"])

    assert (told["amount_minor"], told["cash_rounding_minor"]) == (back, back - price)
    assert told["order_status"] == "refunded"
    assert await broken_invariants(db) == {}


async def test_each_part_in_cash_is_coins_and_the_rest_makes_up_for_it(db: Connection, shop: ShopFloor) -> None:
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)
    order = await sold(db, shop, ("COF-250", 3), prices=[333])

    amounts = [(await document(db, shop, (await refund(db, shop, order, **part(1)))["refund_id"]))["amount_minor"]
               for _ in range(3)]  # fmt: skip

    assert amounts == [335, 330, 335]
    assert sum(amounts) == (await shop.order(db, order))["total_minor"]
    assert await broken_invariants(db) == {}


async def test_only_cash_is_rounded(db: Connection, shop: ShopFloor) -> None:
    """A sale on another tender given back in cash is rounded; one in cash given back elsewhere is not."""
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)
    external = await sold(db, shop, prices=[998], types=["external"], references=["slip"], reasons=["their terminal"])
    cash = await sold(db, shop, prices=[998])

    to_cash = await document(db, shop, (await refund(db, shop, external, tender="cash"))["refund_id"])
    elsewhere = await document(
        db, shop, (await refund(db, shop, cash, tender="external", reference="transfer"))["refund_id"]
    )

    assert (to_cash["amount_minor"], to_cash["cash_rounding_minor"]) == (1000, 2)
    assert (elsewhere["amount_minor"], elsewhere["cash_rounding_minor"]) == (998, 0)
    assert await broken_invariants(db) == {}


async def test_points_that_paid_come_back_as_points_and_not_as_money(db: Connection, shop: ShopFloor) -> None:
    order = await sold(db, shop, ("COF-250", 2), customer_id=shop.customer, points=50)

    half = await document(db, shop, (await refund(db, shop, order, **part(1)))["refund_id"])

    assert half["amount_minor"] == 975
    assert half["points"]["given_back"] == 25
