"""Giving back what was sold: never more than was sold or captured, all of it or a part, in one document."""

import uuid

import psycopg
import pytest

from drawer import count_and_close
from refund_floor import begin_refund, cash_sale, document, drawer, part, refund, tender_refund
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows


async def refused(connection: Connection, sqlstate: str, asking) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as failure:
        async with connection.transaction():
            await asking
    assert failure.value.sqlstate == sqlstate
    return failure.value


async def test_a_cash_sale_goes_back_in_one_step(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop, 3, customer_id=shop.customer)
    assert await shop.points(db) == (130, 0)

    made = await refund(db, shop, order)

    told = await document(db, shop, made["refund_id"])
    assert (made["made"], made["yours"], made["status"], made["step"]) == (True, False, "completed", "done")
    assert (told["amount_minor"], told["points"]) == (3000, {"reversed": 30, "given_back": 0})
    after = await shop.order(db, order)
    assert (after["status"], after["payment_status"]) == ("refunded", "refunded")
    assert await shop.stock(db) == (100, 0)
    assert await shop.points(db) == (100, 0)
    assert await drawer(db, shop) == (0, 0, 1, 3000)
    assert await broken_invariants(db) == {}


async def test_a_part_goes_back_and_the_sale_says_so(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop, 3)

    await refund(db, shop, order, **part(1, restock=False))

    after = await shop.order(db, order)
    assert (after["status"], after["payment_status"]) == ("partially_refunded", "partially_refunded")
    assert await shop.stock(db) == (97, 0), "what is broken does not go back on the shelf"
    assert await drawer(db, shop) == (2000, 0, 1, 1000)
    assert await broken_invariants(db) == {}


async def test_no_more_comes_back_than_was_sold(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop, 3)
    await refund(db, shop, order, **part(2))

    failure = await refused(db, "RU118", refund(db, shop, order, **part(2)))

    assert '"returnable" : 1' in failure.diag.message_detail
    await refund(db, shop, order)
    await refused(db, "RU118", refund(db, shop, order))
    assert (await drawer(db, shop))[3] == 3000


@pytest.mark.parametrize(
    ("lines", "sqlstate"),
    [
        ({"numbers": [1, 1], "quantities": [1, 1], "restocks": [True, True]}, "RU204"),
        ({"numbers": [1], "quantities": [0], "restocks": [True]}, "RU204"),
        ({"numbers": [1], "quantities": [1, 2], "restocks": [True]}, "RU204"),
        ({"numbers": [7], "quantities": [1], "restocks": [True]}, "RU118"),
        ({"numbers": [], "quantities": [], "restocks": []}, "RU118"),
        ({"tip": 1}, "RU118"),
        ({"reason": "  "}, "RU208"),
        ({"register_id": uuid.UUID(int=1)}, "RU004"),
        ({"order_id": uuid.UUID(int=1)}, "RU001"),
        ({"tender": "gift_card"}, "RU250"),
        ({"tender": "store_credit"}, "RU261"),
        ({"tender": "card"}, "RU250"),
        ({"tender": "external"}, "RU202"),
    ],
    ids=["a line twice", "none of it", "lists that do not fit", "no such line", "no lines", "a tip never given",
         "no reason", "no such register", "no such sale", "to a gift card", "to store credit of nobody",
         "cash to a card", "elsewhere without reference"],
)  # fmt: skip
async def test_bad_input_is_refused_by_name_and_nothing_moved(db: Connection, shop: ShopFloor, lines, sqlstate) -> None:
    order = await cash_sale(db, shop, 3)

    await refused(db, sqlstate, refund(db, shop, order, **lines))

    assert await drawer(db, shop) == (3000, 0, 0, 0)
    assert await rows(db, "select id from ringup.refunds where vendor_id = %s", shop.vendor) == []


async def test_what_was_never_completed_does_not_come_back(db: Connection, shop: ShopFloor) -> None:
    prepared = await shop.prepare(db)

    await refused(db, "RU101", refund(db, shop, prepared["checkout_id"]))


async def test_a_closed_drawer_gives_nothing(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop)
    await count_and_close(db, shop)

    await refused(db, "RU104", refund(db, shop, order))


async def test_a_repeat_is_answered_also_when_the_drawer_is_closed_by_then(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop)
    first = await refund(db, shop, order, key="once")
    await count_and_close(db, shop)

    again = await refund(db, shop, order, key="once")

    assert (again["made"], again["yours"], again["refund_id"]) == (False, False, first["refund_id"])
    assert (await drawer(db, shop))[2] == 1
    await refused(db, "RU201", refund(db, shop, order, key="once", hash=b"another refund"))


async def test_parts_come_to_what_was_paid_and_not_to_what_was_asked(db: Connection, shop: ShopFloor) -> None:
    """Three for 20.00 after points: 6.66, 6.67 and 6.67 of them."""
    order = await cash_sale(db, shop, 3, customer_id=shop.customer, points=100, discounts=[900])
    total = (await shop.order(db, order))["total_minor"]

    amounts = [(await document(db, shop, (await refund(db, shop, order, **part(1)))["refund_id"]))["amount_minor"]
               for _ in range(3)]  # fmt: skip

    assert total == 2000
    assert amounts == [666, 667, 667]
    assert (await shop.order(db, order))["status"] == "refunded"
    assert await shop.points(db) == (100, 0)
    assert await broken_invariants(db) == {}


async def test_a_tip_goes_back_with_everything_or_when_it_is_named(db: Connection, shop: ShopFloor) -> None:
    order = await cash_sale(db, shop, 2, tip=300)
    without = await refund(db, shop, order, **part(2))

    status = (await shop.order(db, order))["status"]
    the_rest = await refund(db, shop, order)

    assert (await document(db, shop, without["refund_id"]))["amount_minor"] == 2000
    assert status == "partially_refunded"
    assert (await document(db, shop, the_rest["refund_id"]))["tip_minor"] == 300
    assert (await shop.order(db, order))["status"] == "refunded"
    assert await broken_invariants(db) == {}


async def test_a_card_gets_its_money_back_before_anything_else_moves(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)

    made = await refund(db, shop, order)
    begun = await begin_refund(db, shop, made["payment_id"], "return")
    before = await shop.stock(db), (await shop.order(db, order))["status"]
    recorded = await shop.record(db, made["payment_id"], "approved")

    assert (made["step"], made["yours"]) == ("refund", True)
    assert begun["yours"]
    assert before == ((99, 0), "completed")
    assert (recorded["status"], recorded["step"]) == ("completed", "done")
    assert await shop.stock(db) == (100, 0)
    assert await drawer(db, shop) == (0, 0, 1, 1000)
    assert await broken_invariants(db) == {}


async def test_only_one_may_ask_the_terminal(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await shop.sell(db))

    first = await begin_refund(db, shop, made["payment_id"], "return")
    second = await begin_refund(db, shop, made["payment_id"], "return")

    assert (first["yours"], second["yours"], second["step"]) == (True, False, "look_up")


async def test_what_is_open_cannot_be_given_back_again(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)
    await refund(db, shop, order)

    await refused(db, "RU118", refund(db, shop, order))


async def test_a_doubt_keeps_its_part_and_its_terminal(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)
    made = await refund(db, shop, order)
    await begin_refund(db, shop, made["payment_id"], "return")

    doubtful = await shop.record(db, made["payment_id"], "in_doubt")

    assert (doubtful["status"], doubtful["step"]) == ("open", "look_up")
    await refused(db, "RU107", tender_refund(db, shop, made["refund_id"], "cash"))
    await refused(db, "RU302", shop.prepare(db))
    found = await shop.record(db, made["payment_id"], "approved")
    assert found["status"] == "completed"
    assert await broken_invariants(db) == {}


async def test_a_declined_card_leaves_the_refund_open_for_cash(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)
    made = await refund(db, shop, order)
    await begin_refund(db, shop, made["payment_id"], "return")

    declined = await shop.record(db, made["payment_id"], "declined")
    told = await document(db, shop, made["refund_id"])
    given = await tender_refund(db, shop, made["refund_id"], "cash")

    assert (declined["status"], declined["step"]) == ("open", "other_tender")
    assert "another way" in told["message"]
    assert given["status"] == "completed"
    assert await drawer(db, shop) == (-1000, 1000, 1, 1000)
    await refused(db, "RU153", tender_refund(db, shop, made["refund_id"], "cash"))
    assert await broken_invariants(db) == {}


async def test_a_card_that_was_paid_back_after_all_is_told_to_a_person(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await shop.sell(db))
    await begin_refund(db, shop, made["payment_id"], "return")
    await shop.record(db, made["payment_id"], "declined")
    await tender_refund(db, shop, made["refund_id"], "cash")

    await shop.record(db, made["payment_id"], "approved")

    items = await rows(db, "select kind from ringup.reconciliation_items where vendor_id = %s", shop.vendor)
    assert [item["kind"] for item in items] == ["refunded_twice"]
    assert (await drawer(db, shop))[2:] == (1, 1000)
    assert await broken_invariants(db) == {}


async def test_a_void_that_is_refused_becomes_a_return_of_its_own(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await shop.sell(db))
    await begin_refund(db, shop, made["payment_id"], "void")

    settled = await shop.record(db, made["payment_id"], "declined")
    choice = (await rows(db, "select * from ringup.read_refund_choice(%s, %s)", shop.vendor, settled["payment_id"]))[0]

    assert (settled["status"], settled["step"]) == ("open", "refund")
    assert settled["payment_id"] != made["payment_id"]
    assert not choice["may_void"]
    await begin_refund(db, shop, settled["payment_id"], "return")
    assert (await shop.record(db, settled["payment_id"], "approved"))["status"] == "completed"
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("outcome", ["busy", "not_sent"])
async def test_a_void_in_doubt_stays_in_doubt_when_it_is_not_heard(db: Connection, shop: ShopFloor, outcome) -> None:
    made = await refund(db, shop, await shop.sell(db))
    await begin_refund(db, shop, made["payment_id"], "void")
    await shop.record(db, made["payment_id"], "in_doubt")

    again = await shop.record(db, made["payment_id"], outcome)

    assert again["step"] == "undo"
    assert (await shop.payment(db, made["payment_id"]))["status"] == "unknown"


async def test_a_refund_that_is_given_up_frees_what_it_kept(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)
    made = await refund(db, shop, order)

    gone = await rows(db, "select * from ringup.cancel_refund(%s, %s, 'Ada')", shop.vendor, made["refund_id"])

    assert gone[0]["status"] == "cancelled"
    assert (await refund(db, shop, order))["made"]
    assert await broken_invariants(db) == {}


async def test_money_that_was_not_taken_is_not_paid_back(db: Connection, shop: ShopFloor) -> None:
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", captured=False)
    await shop.complete(db, prepared["checkout_id"])
    made = await refund(db, shop, prepared["checkout_id"])

    await refused(db, "RU151", begin_refund(db, shop, made["payment_id"], "return"))

    await ask(
        db, "select ringup.record_capture(%s, %s, 'declined', '1', 'no', null)", shop.vendor, prepared["payment_id"]
    )
    await rows(db, "select * from ringup.cancel_refund(%s, %s, 'Ada')", shop.vendor, made["refund_id"])
    await refused(db, "RU150", refund(db, shop, prepared["checkout_id"]))


async def test_nobody_forgets_a_refund_for_more_than_a_day(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)
    made = await refund(db, shop, order)
    await db.execute("update ringup.refunds set updated_at = updated_at - interval '26 hours', lease_until = null")
    stuck = await broken_invariants(db)

    ended = await ask(db, "select ringup.end_stale_refunds(%s, 10)", shop.vendor)

    assert list(stuck) == ["I7"]
    assert ended == 1
    assert (await document(db, shop, made["refund_id"]))["status"] == "cancelled"
    assert await broken_invariants(db) == {}


async def test_another_vendor_sees_no_refund(db: Connection, shop: ShopFloor) -> None:
    made = await refund(db, shop, await cash_sale(db, shop))
    other = uuid.uuid4()
    await ask(db, "select ringup.create_vendor(%s, 'Other', 'USD', 'UTC')", other)

    await refused(db, "RU014", ask(db, "select ringup.read_refund(%s, %s)", other, made["refund_id"]))
    await refused(db, "RU001", refund(db, shop, made["refund_id"], vendor_id=other))
