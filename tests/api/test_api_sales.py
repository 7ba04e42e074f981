"""Every answer that a sale can have, as a till sees it."""

import asyncio
import contextlib
import uuid

import pytest

from ringup.api.documents import CheckoutDocument
from ringup.worker import recover


async def until_running(lane):
    async with asyncio.timeout(5):
        while not await lane.is_running():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def settled(store, checkout):
    """Let recovery work, without its pauses, until the checkout has ended."""
    async with asyncio.timeout(10):
        while (found := (await store.ours.client.get(f"/v1/checkouts/{checkout}")).json())[
            "status"
        ] == "payment_processing":
            await store.execute("update ringup.payment_transactions set next_check_at = ringup.now()")
            await recover(store.shop)
    return found


async def test_a_card_sale_is_answered_with_all_of_it(store):
    retailer = store.ours.retailer
    cart = retailer.cart(
        customer_id=str(retailer.customer),
        lines=[{"sku": "COF-250", "quantity": 2, "discount_minor": 100}, {"barcode": "4006381333931", "quantity": 1}],
        loyalty={"redeem_points": 50},
        tip_minor=200,
        tenders=[
            {"type": "card", "processor_id": str(retailer.terminal), "amount_minor": 2000},
            {"type": "cash", "tendered_minor": 2000},
        ],
        metadata={"app": "ios-4.2"},
    )

    response = await store.ours.sell(cart)

    sold = response.json()
    assert response.status_code == 201
    assert set(CheckoutDocument.model_validate(sold).model_dump()) == set(CheckoutDocument.model_fields) == set(sold)
    assert response.headers["location"] == f"/v1/checkouts/{sold['id']}"
    assert "idempotent-replayed" not in response.headers
    assert (sold["status"], sold["payment_status"], sold["order_number"]) == ("completed", "paid", "T1-000001")
    assert (sold["subtotal_minor"], sold["discount_minor"], sold["total_minor"]) == (3000, 150, 3050)
    assert sold["change_due_minor"] == 950
    assert [tender["approved_minor"] for tender in sold["tenders"]] == [2000, 1050]
    assert len(sold["tenders"][0]["card_last4"]) == 4
    assert (sold["loyalty"]["points_redeemed"], sold["loyalty"]["held"]) == (50, 0)
    assert sold["metadata"] == {"app": "ios-4.2"}
    assert await store.lane.charged_cents() == [2000]


async def test_the_same_key_and_cart_get_the_same_answer_and_charge_once(store):
    cart = store.ours.retailer.cart()

    first = await store.ours.sell(cart, "the-key")
    again = await store.ours.sell({**cart, "tip_minor": 0, "customer_id": None}, '"the-key"')

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert await store.lane.charged_cents() == [1000]


async def test_a_declined_card_is_402_and_so_is_its_replay(store):
    await store.lane.fault("decline")
    cart = store.ours.retailer.cart()

    first = await store.ours.sell(cart, "declined")
    again = await store.ours.sell(cart, "declined")

    problem = first.json()
    assert (first.status_code, problem["code"], problem["state"]) == (402, "card_declined", "payment_failed")
    assert first.headers["content-type"] == "application/problem+json"
    assert problem["request_id"] == first.headers["x-request-id"]
    assert (again.status_code, again.content) == (402, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-request-id"] != problem["request_id"]
    assert await store.lane.charged_cents() == []


async def test_a_key_that_is_at_work_is_409_and_says_on_what(store):
    await store.lane.behave(answer_delay_seconds=10)
    cart = store.ours.retailer.cart()
    first = asyncio.create_task(store.ours.sell(cart, "pressed"))
    await until_running(store.lane)

    second = await store.ours.sell(cart, "pressed")

    problem = second.json()
    assert (second.status_code, problem["code"], problem["retryable"]) == (409, "checkout_in_progress", True)
    sold = await first
    assert (sold.status_code, sold.json()["id"]) == (201, problem["checkout_id"])
    assert problem["state"] == "payment_processing"
    assert await store.lane.charged_cents() == [1000]


async def test_a_key_with_another_cart_is_422(store):
    retailer = store.ours.retailer
    await store.ours.sell(retailer.cash_cart(), "once")

    response = await store.ours.sell(retailer.cash_cart(lines=[{"sku": "TEA", "quantity": 1}]), "once")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


async def test_two_vendors_may_use_the_same_key(store):
    answers = [await till.sell(till.retailer.cash_cart(), "same") for till in (store.ours, store.theirs)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_invalid"),
        ('""', "idempotency_key_invalid"),
        ('"half', "idempotency_key_invalid"),
        ("two words", "idempotency_key_invalid"),
        ('in"between', "idempotency_key_invalid"),
        ('"esc\\"aped"', "idempotency_key_invalid"),
        ("a" * 256, "idempotency_key_invalid"),
        ("schlüssel", "idempotency_key_invalid"),
    ],
    ids=["missing", "empty", "empty-quoted", "half-quoted", "space", "quote", "escape", "too-long", "not-ascii"],
)
async def test_a_sale_needs_a_key(counter, key, code):
    headers = {} if key is None else {"Idempotency-Key": key.encode()}

    response = await counter.client.post("/v1/checkouts", json=counter.retailer.cash_cart(), headers=headers)

    assert (response.status_code, response.json()["code"]) == (400, code)


async def test_points_that_are_not_there_are_409_and_named(store):
    retailer = store.ours.retailer
    cart = retailer.cart(customer_id=str(retailer.customer), loyalty={"redeem_points": 101})

    problem = (await store.ours.sell(cart)).json()

    assert (problem["status"], problem["code"]) == (409, "insufficient_points")
    assert (problem["available"], problem["requested"]) == (100, 101)
    assert await store.lane.charged_cents() == []


async def test_stock_that_is_not_there_is_409_over_all_lines_of_a_product(store):
    line = {"sku": "COF-250", "quantity": 60}

    problem = (await store.ours.sell(store.ours.retailer.cash_cart(lines=[line, line]))).json()

    assert (problem["status"], problem["code"], problem["sku"]) == (409, "insufficient_stock", "COF-250")
    assert (problem["available"], problem["requested"]) == (100, 120)


async def test_what_was_refused_before_an_order_existed_may_be_tried_again_with_its_key(store):
    retailer = store.ours.retailer
    cart = retailer.cash_cart(lines=[{"sku": "COF-250", "quantity": 101}])
    refused = await store.ours.sell(cart, "later")
    await store.ours.client.post(
        "/v1/inventory/adjustments",
        json={
            "location_id": str(retailer.location),
            "product_id": str(retailer.coffee),
            "change": 1,
            "reason": "received",
        },
    )

    response = await store.ours.sell(cart, "later")

    assert (refused.status_code, response.status_code) == (409, 201)
    assert "idempotent-replayed" not in response.headers


async def test_a_closed_register_is_409(counter):
    cart = counter.retailer.cash_cart(register_id=str(counter.retailer.closed_register))

    response = await counter.sell(cart)

    assert (response.status_code, response.json()["code"]) == (409, "session_closed")


async def test_a_red_terminal_is_503_and_the_green_ones_are_named(counter):
    retailer = counter.retailer

    response = await counter.sell(
        retailer.cart(tenders=[{"type": "card", "processor_id": str(retailer.dead_terminal)}])
    )

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (503, "terminal_offline", True)
    assert {terminal["name"] for terminal in problem["green"]} == {"Counter", "Spare"}
    assert int(response.headers["retry-after"]) >= 1


async def test_a_payment_that_was_not_carried_out_is_503_and_may_be_tried_again(store):
    await store.lane.fault("unknown_code", status_code="1005", executed=False)
    cart = store.ours.retailer.cart()

    first = await store.ours.sell(cart, "low")
    again = await store.ours.sell(cart, "low")

    problem = first.json()
    assert (first.status_code, problem["code"], problem["retryable"]) == (503, "payment_not_sent", True)
    assert problem["checkout_id"] and problem["state"] == "payment_failed"
    assert "retry-after" in first.headers
    assert (again.status_code, await store.lane.charged_cents()) == (201, [1000])


@pytest.mark.parametrize("store", [{"terminal_wait_seconds": 1}], indirect=True, ids=["short-wait"])
async def test_a_terminal_that_stays_busy_is_409_and_may_be_tried_again(store):
    await store.lane.fault("busy", times=None)

    response = await store.ours.sell(store.ours.retailer.cart())

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (409, "terminal_busy", True)
    assert problem["checkout_id"] and problem["state"] == "payment_failed"


async def test_a_lost_reply_is_202_and_completes_without_a_second_charge(store):
    await store.lane.fault("drop_reply")
    cart = store.ours.retailer.cart()

    pending = await store.ours.sell(cart, "lost")
    found = await settled(store, pending.json()["id"])
    replay = await store.ours.sell(cart, "lost")

    assert (pending.status_code, pending.json()["status"]) == (202, "payment_processing")
    assert pending.headers["location"] == f"/v1/checkouts/{pending.json()['id']}"
    assert (found["status"], found["payment_status"]) == ("completed", "paid")
    assert (replay.status_code, replay.headers["idempotent-replayed"]) == (201, "true")
    assert await store.lane.charged_cents() == [1000]


async def test_who_prefers_not_to_wait_gets_202_and_finds_the_sale_later(store):
    await store.lane.behave(answer_delay_seconds=4)

    response = await store.ours.sell(store.ours.retailer.cart(), "async", Prefer="respond-async, wait=5")

    assert response.status_code == 202
    assert response.headers["preference-applied"] == "respond-async"
    address = response.headers["location"]
    async with asyncio.timeout(5):
        while (await store.ours.client.get(address)).json()["status"] != "completed":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    replay = await store.ours.sell(store.ours.retailer.cart(), "async", Prefer="respond-async")
    assert (replay.status_code, replay.headers["idempotent-replayed"]) == (201, "true")
    assert "preference-applied" not in replay.headers


async def test_who_prefers_not_to_wait_is_refused_at_once_all_the_same(counter):
    cart = counter.retailer.cash_cart(register_id=str(counter.retailer.closed_register))

    response = await counter.sell(cart, Prefer="respond-async")

    assert (response.status_code, response.json()["code"]) == (409, "session_closed")


async def test_a_sale_goes_on_when_the_client_hangs_up(store):
    await store.lane.behave(answer_delay_seconds=4)
    asked = asyncio.create_task(store.ours.sell(store.ours.retailer.cart(), "hung-up"))
    await until_running(store.lane)

    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked

    await store.app.state.under_way.finish(5)
    replay = await store.ours.sell(store.ours.retailer.cart(), "hung-up")
    assert (replay.status_code, replay.headers["idempotent-replayed"]) == (201, "true")
    assert await store.lane.charged_cents() == [1000]


async def test_a_checkout_can_be_cancelled_while_the_terminal_waits(store):
    await store.lane.behave(answer_delay_seconds=20)
    asked = asyncio.create_task(store.ours.sell(store.ours.retailer.cart(), "cancel-me"))
    await until_running(store.lane)
    checkout = (await store.ours.client.get("/v1/checkouts")).json()["data"][0]["id"]

    cancelled = await store.ours.client.post(f"/v1/checkouts/{checkout}/cancel")

    assert cancelled.status_code in (200, 202)
    answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (409, "checkout_cancelled")
    again = await store.ours.client.post(f"/v1/checkouts/{checkout}/cancel")
    assert (again.status_code, again.json()["status"]) == (200, "cancelled")
    assert await store.lane.charged_cents() == []


async def test_a_completed_sale_cannot_be_cancelled(store):
    sold = (await store.ours.sell(store.ours.retailer.cash_cart())).json()

    response = await store.ours.client.post(f"/v1/checkouts/{sold['id']}/cancel")

    problem = response.json()
    assert (response.status_code, problem["code"], problem["state"]) == (409, "not_cancellable", "completed")


async def test_preflight_says_what_it_comes_to_and_changes_nothing(store):
    retailer = store.ours.retailer
    before = await store.execute("select on_hand, reserved from ringup.inventory order by vendor_id")

    response = await store.ours.client.post(
        "/v1/checkouts/preflight",
        json=retailer.cart(customer_id=str(retailer.customer), loyalty={"redeem_points": 10}, tip_minor=5),
    )

    found = response.json()
    assert (response.status_code, found["object"], found["total_minor"]) == (200, "preflight", 995)
    assert (found["points"]["points_to_earn"], found["points"]["points_maximum"]) == (9, 100)
    assert "id" not in found and "order_number" not in found
    assert await store.execute("select on_hand, reserved from ringup.inventory order by vendor_id") == before
    assert await store.execute("select 1 from ringup.orders") == []
    assert await store.execute("select 1 from ringup.idempotency_keys") == []


async def test_preflight_refuses_what_the_sale_would_refuse(counter):
    retailer = counter.retailer
    cart = retailer.cash_cart(lines=[{"product_id": str(retailer.coffee), "quantity": 101}])

    response = await counter.client.post("/v1/checkouts/preflight", json=cart)

    assert (response.status_code, response.json()["code"]) == (409, "insufficient_stock")


async def test_a_cart_of_a_thousand_lines_sells(store):
    lines = [{"sku": "TEA", "quantity": 1}] * 1000

    response = await store.ours.sell(store.ours.retailer.cash_cart(lines=lines))

    assert (response.status_code, response.json()["total_minor"]) == (201, 250_000)


async def test_lines_of_the_same_product_are_sold_together(store):
    lines = [{"sku": "COF-250", "quantity": 1}, {"sku": "COF-250", "quantity": 2}]

    sold = await store.ours.sell(store.ours.retailer.cash_cart(lines=lines))

    assert [line["quantity"] for line in sold.json()["lines"]] == [1, 2]
    stock = (await store.ours.client.get("/v1/inventory")).json()["data"][0]
    assert (stock["on_hand"], stock["reserved"]) == (97, 0)


@pytest.mark.parametrize(("token", "total_minor"), [("cashier_token", 1000), ("token", 1)])
async def test_a_price_counts_only_from_a_key_that_may_set_prices(store, token, total_minor):
    cart = store.ours.retailer.cash_cart(lines=[{"sku": "COF-250", "quantity": 1, "unit_price_minor": 1}])

    async with store.client(getattr(store.ours.retailer, token)) as client:
        sold = await client.post("/v1/checkouts", json=cart, headers={"Idempotency-Key": str(uuid.uuid4())})

    assert (sold.status_code, sold.json()["total_minor"]) == (201, total_minor)
