"""What gift cards and store credit paid goes back to them, once, with everything else of the refund."""

import uuid

from staff_room import code_of

from price_floor import cart
from refund_floor import begin_refund, cash_sale, document, part, prepare_refund, refund, refund_of
from shop_floor import Connection, ShopFloor, broken_invariants, prepare, rows
from value_floor import begun, change_card, credit_of, entries_of, grant, issue, paid_by, value_of


async def sold(db: Connection, shop: ShopFloor, *tenders, **changes) -> uuid.UUID:
    order = await begun(db, shop, *tenders, **changes)
    await shop.complete(db, order)
    return order


async def test_a_gift_card_gets_back_what_it_paid(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 1500)
    order = await sold(db, shop, ("gift_card", card, 600), ("cash", None, None))

    back = await refund(db, shop, order)

    assert back["step"] == "done"
    assert await value_of(db, card) == (1500, 0)
    assert await entries_of(db, card) == [("issued", 1500, 1500), ("spent", -600, 900), ("returned", 600, 1500)]
    told = await document(db, shop, back["refund_id"])
    assert [(t["type"], t["approved_minor"]) for t in told["tenders"]] == [("gift_card", 600), ("cash", 400)]
    assert await broken_invariants(db) == {}


async def test_a_refund_that_is_asked_for_again_gives_back_once(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 1500)
    order = await sold(db, shop, ("gift_card", card, None))
    asked = refund_of(shop, order)

    first = await prepare_refund(db, asked)
    again = await prepare_refund(db, asked | {"refund_id": uuid.uuid4()})

    assert first["refund_id"] == again["refund_id"]
    assert await value_of(db, card) == (1500, 0)


async def test_store_credit_gets_back_what_it_paid(db: Connection, shop: ShopFloor) -> None:
    await grant(db, shop, 2000)
    order = await sold(db, shop, ("store_credit", None, None), customer_id=shop.customer)

    await refund(db, shop, order)

    assert await credit_of(db, shop.customer) == (2000, 0)
    assert await broken_invariants(db) == {}


async def test_what_was_paid_in_cash_can_become_store_credit_of_the_customer(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop, customer_id=shop.customer)

    await refund(db, shop, order, tender="store_credit")

    assert await credit_of(db, shop.customer) == (1000, 0)
    assert await broken_invariants(db) == {}


async def test_store_credit_of_nobody_and_a_card_that_is_lost_are_refused_and_nothing_moved(
    db: Connection, shop: ShopFloor
) -> None:
    card = await issue(db, shop, 1500)
    nobodys = await cash_sale(db, shop)
    order = await sold(db, shop, ("gift_card", card, None))
    await change_card(db, shop, card, disabled=True)

    assert await code_of(db, refund(db, shop, nobodys, tender="store_credit")) == "RU261"
    assert await code_of(db, refund(db, shop, nobodys, tender="gift_card")) == "RU250"
    assert await code_of(db, refund(db, shop, order)) == "RU161"

    assert await value_of(db, card) == (500, 0)
    assert await rows(db, "select from ringup.refunds") == []
    assert (await refund(db, shop, order, tender="cash"))["step"] == "done"


async def test_a_card_that_is_disabled_after_the_refund_was_planned_gets_its_money(
    db: Connection, shop: ShopFloor
) -> None:
    """The card terminal is asked first, and meanwhile the gift card is lost: the refund ends as it was planned."""
    card = await issue(db, shop, 600)
    prepared = await prepare(db, paid_by(shop, ("gift_card", card, 600), ("card", None, 400)))
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)
    await shop.complete(db, prepared["checkout_id"])

    made = await refund(db, shop, prepared["checkout_id"])
    await change_card(db, shop, card, disabled=True)
    await begin_refund(db, shop, made["payment_id"], "return")
    recorded = await shop.record(db, made["payment_id"], "approved", approved_minor=400)

    assert (made["step"], recorded["step"]) == ("refund", "done")
    assert await value_of(db, card) == (600, 0)
    assert await broken_invariants(db) == {}


async def test_a_gift_card_that_was_sold_is_not_taken_back(db: Connection, shop: ShopFloor) -> None:
    """Its money is on it, and may be spent: the rest of the sale goes back without it."""
    card = await issue(db, shop, 100)
    prepared = await prepare(db, cart(shop, ("COF-250", 1), ("COF-250", 1), line_gift_cards=[None, card]))
    await shop.complete(db, prepared["checkout_id"])

    assert await code_of(db, refund(db, shop, prepared["checkout_id"], **part(1, line=2))) == "RU118"
    back = await refund(db, shop, prepared["checkout_id"])

    told = await document(db, shop, back["refund_id"])
    assert (told["amount_minor"], [line["line_number"] for line in told["lines"]]) == (1000, [1])
    assert await value_of(db, card) == (1100, 0)
    assert await broken_invariants(db) == {}
