"""A refund belongs to a session by id, is in its reports, and never changes one that was closed."""

from drawer import count_and_close, open_shift, report, sell_for_cash
from price_floor import set_tax_rate, sold
from refund_floor import begin_refund, document, part, refund, tender_refund
from shop_floor import Connection, ShopFloor, broken_invariants


async def test_an_x_says_what_went_back_and_how(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "VAT", "25")
    cash = await sell_for_cash(db, shop, quantities=[2], tendered=[3000])
    external = await sold(db, shop, types=["external"], references=["slip"], reasons=["their terminal"])
    await refund(db, shop, cash, **part(1))
    await refund(db, shop, external, reference="transfer")

    x = await report(db, shop)

    assert x["refunds"] == {
        "refunds_count": 2, "amount_minor": 2500, "tax_minor": 500, "tip_minor": 0, "cash_rounding_minor": 0,
        "late_count": 0,
    }  # fmt: skip
    assert x["sales"]["total_minor"] == 3750
    assert {each["type"]: (each["refunds_count"], each["net_minor"]) for each in x["tenders"]} == {
        "cash": (1, 1250),
        "external": (1, 0),
    }
    assert (x["cash"]["refunds_minor"], x["cash"]["expected_minor"]) == (1250, 11250)
    assert await broken_invariants(db) == {}


async def test_a_refund_counts_where_it_is_given_and_not_where_it_was_sold(db: Connection, shop: ShopFloor) -> None:
    order = await sell_for_cash(db, shop)
    first = await count_and_close(db, shop)
    shop.session = await open_shift(db, shop)

    await refund(db, shop, order)

    assert (first["refunds"]["refunds_count"], first["cash"]["refunds_minor"]) == (0, 0)
    assert (await report(db, shop))["refunds"]["amount_minor"] == 1000
    assert await report(db, shop, session=first["register_session_id"]) == first
    assert await broken_invariants(db) == {}


async def test_one_that_ends_after_the_closing_is_late(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await shop.sell(db))
    await begin_refund(db, shop, made["payment_id"], "return")
    await shop.record(db, made["payment_id"], "in_doubt")
    z = await count_and_close(db, shop)

    await shop.record(db, made["payment_id"], "approved")

    told = await document(db, shop, made["refund_id"])
    late = await report(db, shop, session=told["register_session_id"])
    assert [(each["refund_id"], each["is_in_doubt"]) for each in z["refunds_under_way"]] == [
        (str(made["refund_id"]), True)
    ]
    assert (late["kind"], late["refunds"]["refunds_count"], late["refunds"]["late_count"]) == ("late", 1, 1)
    assert await report(db, shop, session=z["register_session_id"]) == z
    assert await broken_invariants(db) == {}


async def test_what_is_given_in_a_later_shift_counts_in_that_drawer(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await shop.sell(db))
    await begin_refund(db, shop, made["payment_id"], "return")
    await shop.record(db, made["payment_id"], "declined")
    await count_and_close(db, shop)
    shop.session = await open_shift(db, shop)

    await tender_refund(db, shop, made["refund_id"], "cash")

    assert (await report(db, shop))["cash"]["refunds_minor"] == 1000
    assert (await document(db, shop, made["refund_id"]))["status"] == "completed"
    assert await broken_invariants(db) == {}
