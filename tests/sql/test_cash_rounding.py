"""Cash is paid in coins: what is left for it is rounded to the smallest one, and nothing else is."""

import psycopg
import pytest

from programme_floor import set_programme
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows

CASH = {"types": ["cash"], "processors": [None]}


async def swiss(db: Connection, shop: ShopFloor) -> None:
    """Sell as a shop in Switzerland does: the smallest coin is five minor units."""
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)


async def sold(db: Connection, shop: ShopFloor, price: int, **changes: object) -> dict[str, object]:
    """Coffee at a price, for cash, and the checkout that came of it."""
    prepared = await shop.prepare(db, **({**CASH, "prices": [price]} | changes))
    await shop.complete(db, prepared["checkout_id"])
    document: dict[str, object] = await ask(
        db, "select ringup.read_checkout(%s, %s)", shop.vendor, prepared["checkout_id"]
    )
    return document


@pytest.mark.parametrize(
    ("price", "total", "rounding"), [(1997, 1995, -2), (1998, 2000, 2), (1995, 1995, 0), (2, 0, -2)]
)
async def test_what_is_paid_in_cash_is_rounded_to_the_smallest_coin(db, shop, price, total, rounding):
    await swiss(db, shop)

    document = await sold(db, shop, price)

    assert (document["total_minor"], document["cash_rounding_minor"]) == (total, rounding)
    assert sum(tender["approved_minor"] for tender in document["tenders"]) == total
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("stated", [1997, 1995])
async def test_a_till_may_state_what_is_due_or_what_is_paid(db, shop, stated):
    await swiss(db, shop)

    document = await sold(db, shop, 1997, amounts=[stated], tendered=[2000])

    assert (document["total_minor"], document["change_due_minor"]) == (1995, 5)


async def test_a_card_that_takes_the_rest_is_charged_to_the_minor_unit(db, shop):
    await swiss(db, shop)

    prepared = await shop.prepare(
        db,
        prices=[1997],
        types=["cash", "card"],
        processors=[None, shop.terminal],
        amounts=[1000, None],
        tendered=[None, None],
        references=[None, None],
    )

    assert (await shop.payment(db, prepared["payment_id"]))["amount_minor"] == 997
    assert (await shop.order(db, prepared["checkout_id"]))["cash_rounding_minor"] == 0


async def test_cash_after_a_card_rounds_only_what_the_card_leaves(db, shop):
    await swiss(db, shop)

    prepared = await shop.prepare(
        db,
        prices=[1997],
        types=["card", "cash"],
        processors=[shop.terminal, None],
        amounts=[1001, None],
        tendered=[None, None],
        references=[None, None],
    )

    found = await rows(db, "select amount_minor from ringup.payment_transactions order by tender_number")
    assert [row["amount_minor"] for row in found] == [1001, 995]
    assert (await shop.order(db, prepared["checkout_id"]))["cash_rounding_minor"] == -1


async def test_a_currency_without_a_rule_is_not_rounded(db, shop):
    document = await sold(db, shop, 1997)

    assert (document["total_minor"], document["cash_rounding_minor"]) == (1997, 0)


async def test_too_little_handed_over_for_the_rounded_amount_is_refused(db, shop):
    await swiss(db, shop)

    with pytest.raises(psycopg.Error) as refused:
        await shop.prepare(db, **CASH, prices=[1998], tendered=[1998])

    assert refused.value.sqlstate == "RU202"


@pytest.mark.parametrize("changes", [{"prices": [2], "tendered": [5]}, {"prices": [1997], "amounts": [1990]}])
async def test_cash_that_is_not_what_is_due_after_rounding_is_refused(db, shop, changes):
    await swiss(db, shop)

    with pytest.raises(psycopg.Error) as refused:
        await shop.prepare(db, **(CASH | changes))

    assert refused.value.sqlstate == "RU202"


async def test_rounding_lifts_nobody_into_a_tier(db, shop):
    await swiss(db, shop)
    await set_programme(db, shop, tier_basis="spend", tiers=[("Silver", 2000, 1)])

    await sold(db, shop, 1998, customer_id=shop.customer)
    await ask(db, "select ringup.review_tiers(%s, 10)", shop.vendor)

    tier = "select loyalty_tier from ringup.customers where id = %s"
    assert await ask(db, tier, shop.customer) is None


async def test_a_tip_that_rounds_away_leaves_the_points_of_the_sale_alone(db, shop):
    await swiss(db, shop)

    document = await sold(db, shop, 1000, customer_id=shop.customer, points=100, discounts=[900], tip=2)

    assert (document["total_minor"], document["loyalty"]["points_redeemed"]) == (0, 100)
    assert await shop.points(db) == (0, 0)
    assert await ask(db, "select count(*) from ringup.loyalty_reconciliation_queue") == 0


async def test_each_currency_rounds_as_its_shops_do(db):
    found = await rows(
        db,
        "select d.currency, array(select ringup.round_cash(a, d.step_minor, d.mode) from unnest(%s::bigint[]) as a)"
        " as rounded from ringup.cash_rules_default d where d.currency in ('CHF', 'SEK', 'NZD', 'ZAR')",
        [1003, 1005, 1050, -1005, -1050],
    )

    assert {row["currency"]: row["rounded"] for row in found} == {
        "CHF": [1005, 1005, 1050, -1005, -1050],
        "SEK": [1000, 1000, 1100, -1000, -1100],
        "NZD": [1000, 1000, 1050, -1000, -1050],
        "ZAR": [1000, 1000, 1050, -1000, -1050],
    }


@pytest.mark.parametrize(("step", "mode"), [(0, "nearest"), (5, None), (None, "down"), (5, "sideways")])
async def test_a_rule_that_makes_no_sense_is_refused_by_name(db, shop, step, mode):
    with pytest.raises(psycopg.Error) as refused:
        await ask(db, "select ringup.set_cash_rule(%s, %s, %s, 'Ada')", shop.vendor, step, mode)

    assert refused.value.sqlstate == "RU204"


async def test_a_refund_in_cash_is_rounded_as_the_sale_was_with_the_sign_turned(db):
    found = await rows(
        db,
        "select a, step, mode, ringup.round_cash(a, step, mode) as there, ringup.round_cash(-a, step, mode) as back"
        " from generate_series(0, 250) as a, unnest(array[1, 5, 10, 50, 100]) as step,"
        " unnest(array['nearest', 'nearest_half_down', 'down']) as mode",
    )

    assert [row for row in found if row["back"] != -row["there"] or row["there"] % row["step"]] == []
    assert [row for row in found if abs(row["there"] - row["a"]) >= row["step"]] == []
