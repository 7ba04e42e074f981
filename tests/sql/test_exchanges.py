"""An exchange is one document: what comes back pays what goes out, and only the difference moves."""

import uuid

import pytest

from exchange_floor import (
    add_tea,
    cheaper_by_card,
    exchange,
    exchange_of,
    halves,
    nothing_to_pay,
    prepare_exchange,
    refused,
    way,
)
from price_floor import set_tax_rate
from refund_floor import begin_refund, cash_sale, drawer, part, refund, tender_refund
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows


async def tea_stock(db: Connection, tea: uuid.UUID) -> tuple[int, int]:
    found = await rows(db, "select on_hand, reserved from ringup.inventory where product_id = %s", tea)
    return found[0]["on_hand"], found[0]["reserved"]


async def test_an_even_exchange_moves_goods_and_no_money(db: Connection, shop: ShopFloor) -> None:
    tea = await add_tea(db, shop, 1000)
    order = await cash_sale(db, shop)

    sale, back = await exchange(db, shop, order, **nothing_to_pay())

    assert (sale["status"], back["status"], back["amount_minor"]) == ("completed", "completed", 1000)
    assert await way(db, back["id"]) == [("exchange", 1000, "approved")]
    assert (await shop.order(db, order))["status"] == "refunded"
    assert await shop.stock(db) == (100, 0)
    assert await tea_stock(db, tea) == (49, 0)
    assert (await drawer(db, shop))[:2] == (1000, 0), "the drawer holds what the first sale left in it"
    assert await broken_invariants(db) == {}


async def test_for_something_dearer_the_customer_pays_the_difference(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop)

    sale, back = await exchange(db, shop, order, tendered=[2000])

    paid = await rows(
        db,
        "select tender_type, approved_minor, change_minor from ringup.payment_transactions "
        "where order_id = %s order by tender_number",
        sale["id"],
    )
    assert [tuple(tender.values()) for tender in paid] == [("cash", 500, 1500), ("exchange", 1000, None)]
    assert await way(db, back["id"]) == [("exchange", 1000, "approved")]
    assert (await drawer(db, shop))[0] == 1500
    assert await broken_invariants(db) == {}


async def test_for_something_cheaper_the_difference_goes_back(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 600)
    order = await cash_sale(db, shop, 3)

    sale, back = await exchange(db, shop, order, **nothing_to_pay())

    assert (sale["total_minor"], back["amount_minor"]) == (600, 3000)
    assert await way(db, back["id"]) == [("exchange", 600, "approved"), ("cash", 2400, "approved")]
    assert (await drawer(db, shop))[0] == 600
    assert await broken_invariants(db) == {}


async def test_points_follow_both_halves(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop, customer_id=shop.customer)
    assert await shop.points(db) == (110, 0)

    sale, back = await exchange(db, shop, order, customer_id=shop.customer)

    assert (back["points_reversed"], sale["points_earned"]) == (10, 15)
    assert await shop.points(db) == (115, 0)
    assert await broken_invariants(db) == {}


async def test_taxes_go_back_and_are_owed_anew(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "10")
    await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop)

    sale, back = await exchange(db, shop, order)

    went = await ask(db, "select sum(tax_minor) from ringup.refund_line_taxes where refund_id = %s", back["id"])
    assert (int(went), sale["tax_minor"], sale["total_minor"], back["amount_minor"]) == (100, 150, 1650, 1100)
    assert (await drawer(db, shop))[0] == 1650
    assert await broken_invariants(db) == {}


async def test_a_card_that_is_declined_leaves_both_halves_undone(db: Connection, shop: ShopFloor) -> None:
    tea = await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop)
    prepared = await prepare_exchange(db, exchange_of(shop, order, types=["card"], processors=[shop.terminal]))
    assert (prepared["step"], await tea_stock(db, tea)) == ("charge", (50, 1))

    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "declined")

    sale, back = await halves(db, shop, prepared["checkout_id"])
    assert (sale["status"], back["status"]) == ("payment_failed", "cancelled")
    assert await way(db, back["id"]) == [("exchange", 1000, "error")]
    assert (await shop.order(db, order))["status"] == "completed"
    assert await tea_stock(db, tea) == (50, 0)
    assert await broken_invariants(db) == {}
    await refund(db, shop, order)
    assert (await shop.order(db, order))["status"] == "refunded", "what was kept for the exchange is free again"


async def test_a_card_pays_the_difference_and_both_halves_follow(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 2000)
    order = await cash_sale(db, shop)
    prepared = await prepare_exchange(db, exchange_of(shop, order, types=["card"], processors=[shop.terminal]))
    await shop.begin(db, prepared["payment_id"])
    step = await shop.record(db, prepared["payment_id"], "approved")

    _, before = await halves(db, shop, prepared["checkout_id"])
    await shop.complete(db, prepared["checkout_id"])
    sale, back = await halves(db, shop, prepared["checkout_id"])

    assert (step["step"], before["status"]) == ("complete", "open")
    assert (sale["status"], back["status"]) == ("completed", "completed")
    assert (await drawer(db, shop))[:2] == (1000, 1000)
    assert await broken_invariants(db) == {}


async def test_what_is_over_goes_back_to_the_card_before_anything_else(db: Connection, shop: ShopFloor) -> None:
    order, prepared = await cheaper_by_card(db, shop)
    assert (prepared["step"], prepared["processor_id"]) == ("pay_back", shop.terminal)
    await begin_refund(db, shop, prepared["payment_id"], "return")
    await refused(db, "RU107", shop.complete(db, prepared["checkout_id"]))

    await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)

    assert (await halves(db, shop, prepared["checkout_id"]))[1]["status"] == "open", "it waits for the sale"
    await shop.complete(db, prepared["checkout_id"])
    sale, back = await halves(db, shop, prepared["checkout_id"])
    assert (sale["status"], back["status"]) == ("completed", "completed")
    assert await way(db, back["id"]) == [("card", 400, "approved"), ("exchange", 600, "approved")]
    assert (await shop.order(db, order))["status"] == "refunded"
    assert (await drawer(db, shop))[:2] == (0, 600)
    assert await broken_invariants(db) == {}


async def test_a_lost_answer_keeps_both_halves_until_it_is_found_out(db: Connection, shop: ShopFloor) -> None:
    _, prepared = await cheaper_by_card(db, shop)
    exchange_id = prepared["checkout_id"]
    await begin_refund(db, shop, prepared["payment_id"], "return")
    await shop.record(db, prepared["payment_id"], "in_doubt")

    await refused(db, "RU107", shop.cancel(db, exchange_id))
    _, open_refund = await halves(db, shop, exchange_id)
    given_up = "select * from ringup.cancel_refund(%s, %s, 'Ada')"
    await refused(db, "RU107", ask(db, given_up, shop.vendor, open_refund["id"]))
    await ask(db, "select ringup.cleanup_stale_pending_orders(0)")

    sale, back = await halves(db, shop, exchange_id)
    assert (sale["status"], back["status"]) == ("pending_payment", "open")
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)
    await rows(db, "select * from ringup.complete_refund(%s, %s)", shop.vendor, back["id"])
    sale, back = await halves(db, shop, exchange_id)
    assert (sale["status"], back["status"]) == ("completed", "completed")
    assert await broken_invariants(db) == {}


async def test_where_the_card_refuses_the_clerk_gives_cash(db: Connection, shop: ShopFloor) -> None:
    _, prepared = await cheaper_by_card(db, shop)
    await begin_refund(db, shop, prepared["payment_id"], "return")
    await shop.record(db, prepared["payment_id"], "declined")
    _, back = await halves(db, shop, prepared["checkout_id"])

    step = await tender_refund(db, shop, back["id"], "cash")
    assert (step["status"], step["step"]) == ("open", "finish")
    await rows(db, "select * from ringup.complete_refund(%s, %s)", shop.vendor, back["id"])

    sale, back = await halves(db, shop, prepared["checkout_id"])
    assert (sale["status"], back["status"], back["amount_minor"]) == ("completed", "completed", 1000)
    assert await way(db, back["id"]) == [
        ("card", 400, "declined"), ("cash", 400, "approved"), ("exchange", 600, "approved")
    ]  # fmt: skip
    assert await broken_invariants(db) == {}


async def test_an_exchange_is_given_up_as_one(db: Connection, shop: ShopFloor) -> None:
    order, prepared = await cheaper_by_card(db, shop)
    _, back = await halves(db, shop, prepared["checkout_id"])

    await rows(db, "select * from ringup.cancel_refund(%s, %s, 'Ada')", shop.vendor, back["id"])

    sale, back = await halves(db, shop, prepared["checkout_id"])
    assert (sale["status"], back["status"]) == ("cancelled", "cancelled")
    assert (await shop.order(db, order))["status"] == "completed"
    assert await broken_invariants(db) == {}


async def test_one_key_makes_one_exchange(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop)
    request = exchange_of(shop, order)
    made = await prepare_exchange(db, request)
    await shop.complete(db, made["checkout_id"])

    again = await prepare_exchange(db, request | {"order_id": uuid.uuid4()})

    assert (again["made"], again["checkout_id"], again["response_status"]) == (False, made["checkout_id"], 201)
    await refused(db, "RU201", prepare_exchange(db, request | {"hash": b"another", "order_id": uuid.uuid4()}))


async def test_nobody_can_state_that_they_pay_by_exchange(db: Connection, shop: ShopFloor) -> None:
    await refused(db, "RU202", shop.prepare(db, types=["exchange"], processors=[None], amounts=[1000]))
    order = await cash_sale(db, shop)
    await refused(db, "RU250", refund(db, shop, order, tender="exchange"))


@pytest.mark.parametrize(
    ("changes", "sqlstate"),
    [
        ({"returned_order_id": uuid.UUID(int=1)}, "RU001"),
        ({"reason": " "}, "RU208"),
        ({"codes": ["NO-SUCH"]}, "RU006"),
        ({"returned_numbers": [1], "returned_quantities": [2], "returned_restocks": [True]}, "RU118"),
        ({"amounts": [499]}, "RU202"),
        ({"quantities": [51]}, "RU103"),
    ],
    ids=["no such sale", "no reason", "no such goods", "more than was sold", "too little", "not in stock"],
)
async def test_what_is_refused_changes_nothing(db: Connection, shop: ShopFloor, changes, sqlstate) -> None:
    tea = await add_tea(db, shop, 1500)
    order = await cash_sale(db, shop)

    await refused(db, sqlstate, prepare_exchange(db, exchange_of(shop, order, **changes)))

    assert await rows(db, "select * from ringup.refunds") == []
    assert await tea_stock(db, tea) == (50, 0)
    assert (await shop.order(db, order))["status"] == "completed"


async def test_a_part_of_a_sale_is_exchanged_and_what_was_chosen_again(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 1000)
    order = await cash_sale(db, shop, 3)
    numbers = {f"returned_{name}": value for name, value in part(1).items()}
    sale, _ = await exchange(db, shop, order, **numbers, **nothing_to_pay())

    second, back = await exchange(db, shop, sale["id"], codes=["COF-250"], **nothing_to_pay())

    assert back["order_id"] == sale["id"]
    assert (second["status"], (await shop.order(db, order))["status"]) == ("completed", "partially_refunded")
    await refused(db, "RU250", refund(db, shop, second["id"]))
    await refund(db, shop, second["id"], tender="cash")
    assert (await drawer(db, shop))[0] == 2000
    assert await broken_invariants(db) == {}


async def test_coins_are_rounded_in_the_difference_alone(db: Connection, shop: ShopFloor) -> None:
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)
    await add_tea(db, shop, 1498)
    first = await shop.prepare(db, types=["cash"], processors=[None], prices=[1002])
    await shop.complete(db, first["checkout_id"])

    dearer, back = await exchange(db, shop, first["checkout_id"])
    even, _ = await exchange(db, shop, dearer["id"], **nothing_to_pay())
    await refund(db, shop, even["id"], tender="cash")

    # 10.00 was paid for 10.02, then 4.95 for the 4.96 that were missing; 14.98 go back as 15.00.
    assert (back["amount_minor"], dearer["total_minor"], even["total_minor"]) == (1002, 1497, 1498)
    assert (await drawer(db, shop))[0] == 1000 + 495 - 1500
    assert await broken_invariants(db) == {}


async def test_an_exchange_in_doubt_for_days_is_not_given_up(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop, 1500)
    prepared = await prepare_exchange(
        db, exchange_of(shop, await cash_sale(db, shop), types=["card"], processors=[shop.terminal])
    )
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    await db.execute("update ringup.refunds set updated_at = updated_at - interval '2 days', lease_until = null")

    assert await ask(db, "select ringup.end_stale_refunds(%s, 10)", shop.vendor) == 0

    await shop.record(db, prepared["payment_id"], "approved", approved_minor=500)
    await shop.complete(db, prepared["checkout_id"])
    assert [half["status"] for half in await halves(db, shop, prepared["checkout_id"])] == ["completed", "completed"]
    assert await broken_invariants(db) == {}
