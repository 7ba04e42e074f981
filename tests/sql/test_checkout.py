"""A sale, step by step, in the database."""

import uuid

import psycopg
import pytest

from shop_floor import ask, prepare, rows


async def test_preparing_sets_everything_aside_and_charges_nobody(db, shop):
    prepared = await shop.prepare(db, customer_id=shop.customer, quantities=[3], points=50)

    assert prepared["made"] and prepared["yours"] and prepared["step"] == "charge"
    assert await shop.stock(db) == (100, 3)
    assert await shop.points(db) == (100, 50)
    order = await shop.order(db, prepared["checkout_id"])
    assert (order["subtotal_minor"], order["discount_minor"], order["total_minor"]) == (3000, 50, 2950)
    assert order["status"] == "pending_payment" and order["order_number"] == "T1-000001"
    payment = await shop.payment(db, prepared["payment_id"])
    assert (payment["status"], payment["amount_minor"]) == ("created", 2950)
    assert len(payment["reference_id"]) == 32 and payment["reference_id"].isalnum()


async def test_a_whole_card_sale_moves_money_stock_points_and_the_session_together(db, shop):
    prepared = await shop.prepare(db, customer_id=shop.customer, quantities=[2], points=100)
    begun = await shop.begin(db, prepared["payment_id"])
    recorded = await shop.record(db, prepared["payment_id"], "approved", approved_minor=1900)
    completed = await shop.complete(db, prepared["checkout_id"])

    assert begun["yours"] and recorded["step"] == "complete"
    assert (completed["status"], completed["step"]) == ("completed", "done")
    assert await shop.stock(db) == (98, 0)
    assert await shop.points(db) == (19, 0)
    session = (await rows(db, "select * from ringup.register_sessions where id = %s", shop.session))[0]
    assert (session["order_count"], session["card_minor"], session["cash_minor"]) == (1, 1900, 0)
    ledger = await rows(
        db,
        "select transaction_type, points, balance_before, balance_after, reference_id"
        " from ringup.loyalty_transactions where reference_type = 'order' order by entry_number",
    )
    assert [(r["transaction_type"], r["points"], r["balance_before"], r["balance_after"]) for r in ledger] == [
        ("spent", -100, 100, 0),
        ("earned", 19, 0, 19),
    ]
    assert {r["reference_id"] for r in ledger} == {str(prepared["checkout_id"])}
    story = await rows(
        db,
        "select event from ringup.order_events where order_id = %s order by sequence",
        prepared["checkout_id"],
    )
    assert [r["event"] for r in story] == ["payment_begun", "fully_paid", "completed"]


async def test_a_cash_sale_gives_change_and_earns_points(db, shop):
    prepared = await shop.prepare(db, customer_id=shop.customer, types=["cash"], processors=[None], tendered=[2000])
    await shop.complete(db, prepared["checkout_id"])

    document = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, prepared["checkout_id"])
    assert prepared["step"] == "complete"
    assert document["change_due_minor"] == 1000
    assert document["tenders"][0]["status"] == "approved"
    assert document["loyalty"] == {
        "points_redeemed": 0,
        "points_value_minor": 0,
        "points_to_earn": 10,
        "points_earned": 10,
        "balance": 110,
        "held": 0,
    }


async def test_completing_twice_sells_once(db, shop):
    order = await shop.sell(db)

    again = await shop.complete(db, order)

    assert again["status"] == "completed"
    assert await shop.stock(db) == (99, 0)
    assert await ask(db, "select count(*) from ringup.inventory_movements where reason = 'sold'") == 1


async def test_a_split_sale_charges_the_card_and_takes_the_rest_in_cash(db, shop):
    prepared = await shop.prepare(
        db,
        quantities=[3],
        types=["card", "cash"],
        processors=[shop.terminal, None],
        amounts=[1500, None],
        tendered=[None, 2000],
        references=[None, None],
    )
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=1500)
    await shop.complete(db, prepared["checkout_id"])

    payments = await rows(
        db,
        "select tender_type, status, approved_minor, change_minor from ringup.payment_transactions"
        " where order_id = %s order by tender_number",
        prepared["checkout_id"],
    )
    assert [tuple(p.values()) for p in payments] == [
        ("card", "approved", 1500, None),
        ("cash", "approved", 1500, 500),
    ]


async def test_a_declined_card_gives_everything_back_and_the_key_remembers(db, shop):
    request = shop.request(customer_id=shop.customer, points=40)
    prepared = await prepare(db, request)
    await shop.begin(db, prepared["payment_id"])

    recorded = await shop.record(db, prepared["payment_id"], "declined", code="1015", reason="do not honour")

    assert (recorded["status"], recorded["step"]) == ("payment_failed", "done")
    assert await shop.stock(db) == (100, 0)
    assert await shop.points(db) == (100, 0)
    again = await prepare(db, request | {"order_id": uuid.uuid4()})
    assert (again["made"], again["yours"], again["response_status"]) == (False, False, 402)
    assert again["response_body"]["code"] == "card_declined"


async def test_the_second_card_of_a_split_declined_sends_the_first_one_back(db, shop):
    other = uuid.uuid4()
    await shop.add_terminal(db, other, "Second")
    prepared = await shop.prepare(
        db,
        types=["card", "card"],
        processors=[shop.terminal, other],
        amounts=[400, None],
        tendered=[None, None],
        references=[None, None],
    )
    await shop.begin(db, prepared["payment_id"])
    second = await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)
    await shop.begin(db, second["payment_id"])

    declined = await shop.record(db, second["payment_id"], "declined")

    assert second["step"] == "charge" and second["payment_id"] != prepared["payment_id"]
    assert (declined["status"], declined["step"], declined["payment_id"]) == (
        "payment_failed",
        "void",
        prepared["payment_id"],
    )
    assert (await shop.payment(db, prepared["payment_id"]))["status"] == "voiding"
    assert (await shop.order(db, prepared["checkout_id"]))["payment_status"] == "voiding"
    due = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    assert [(d["payment_id"], d["step"]) for d in due] == [(prepared["payment_id"], "void")]
    await ask(
        db,
        "select ringup.record_void(%s, %s, 'approved', null, null, null)",
        shop.vendor,
        prepared["payment_id"],
    )
    assert (await shop.order(db, prepared["checkout_id"]))["payment_status"] == "voided"


async def test_a_partial_approval_goes_back_and_says_so(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    recorded = await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=600)

    assert (recorded["status"], recorded["step"]) == ("payment_failed", "void")
    order = await shop.order(db, prepared["checkout_id"])
    assert order["failure_code"] == "partially_approved"


async def test_a_checkout_cancelled_while_the_terminal_works_waits_for_the_terminal(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    cancelled = await shop.cancel(db, prepared["checkout_id"])
    approved = await shop.record(db, prepared["payment_id"], "approved")

    assert (cancelled["status"], cancelled["step"]) == ("payment_processing", "look_up")
    assert (approved["status"], approved["step"]) == ("cancelled", "void")
    assert await shop.stock(db) == (100, 0)


async def test_a_settled_approval_is_not_talked_away(db, shop):
    order = await shop.sell(db)
    payment = await ask(db, "select id from ringup.payment_transactions where order_id = %s", order)

    with pytest.raises(psycopg.Error) as conflict:
        async with db.transaction():
            await shop.record(db, payment, "declined")

    assert conflict.value.sqlstate == "RU108"


async def test_a_busy_terminal_may_be_asked_again_with_the_same_reference(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    put_back = await shop.record(db, prepared["payment_id"], "busy")
    again = await shop.begin(db, prepared["payment_id"])

    assert (put_back["step"], put_back["payment_id"]) == ("charge", prepared["payment_id"])
    assert again["yours"]


async def test_a_payment_is_begun_by_one_caller_only(db, shop):
    prepared = await shop.prepare(db)
    first = await shop.begin(db, prepared["payment_id"])

    second = await shop.begin(db, prepared["payment_id"])

    assert (first["yours"], second["yours"], second["step"]) == (True, False, "look_up")


async def test_a_sale_that_was_never_asked_for_frees_its_key(db, shop):
    request = shop.request()
    prepared = await prepare(db, request)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "not_sent")

    again = await prepare(db, request | {"order_id": uuid.uuid4()})

    assert again["made"] and again["checkout_id"] != prepared["checkout_id"]


async def test_points_may_pay_for_everything(db, shop):
    await ask(db, "select ringup.adjust_points(%s, %s, 900, 'gift', 'Ada')", shop.vendor, shop.customer)

    prepared = await shop.prepare(
        db,
        customer_id=shop.customer,
        points=1000,
        types=[],
        processors=[],
        amounts=[],
        tendered=[],
        references=[],
    )
    completed = await shop.complete(db, prepared["checkout_id"])

    assert (prepared["step"], completed["status"]) == ("complete", "completed")
    assert await shop.points(db) == (0, 0)


async def test_a_product_is_found_by_its_barcode_too(db, shop):
    prepared = await shop.prepare(db, codes=["4006381333931"])

    assert await ask(db, "select sku from ringup.order_items where order_id = %s", prepared["checkout_id"]) == "COF-250"
