"""Gift cards and store credit over HTTP: issued, found by code, spent in a split, and the code never seen again."""

import uuid

from test_api_staff import refused


async def issue(till, amount=0, **form):
    answer = await till.client.post("/v1/gift-cards", json={"amount_minor": amount, "reason": "a prize"} | form)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def card_of(till, card_id):
    return (await till.client.get(f"/v1/gift-cards/{card_id}")).json()


def paid_by(till, *tenders, **changes):
    return till.retailer.cash_cart(tenders=list(tenders), **changes)


async def test_a_gift_card_from_issue_to_receipt(store):
    till = store.ours
    issued = await issue(till, 1500)
    code, card = issued["code"], issued["gift_card"]
    cart = paid_by(till, {"type": "gift_card", "code": code.lower()})

    sold = (await till.sell(cart)).json()
    found = (await till.client.post("/v1/gift-card-lookups", json={"code": code})).json()
    moved = (await till.client.get(f"/v1/gift-cards/{card['id']}/transactions")).json()["data"]

    total = sold["total_minor"]
    tender = sold["tenders"][0]
    assert (sold["status"], tender["type"], tender["status"]) == ("completed", "gift_card", "approved")
    assert tender["stored_value"] == {
        "id": card["id"],
        "code_last4": code[-4:],
        "balance_minor": 1500 - total,
    }
    assert (found["id"], found["balance_minor"], found["held_minor"]) == (card["id"], 1500 - total, 0)
    assert [(row["transaction_type"], row["amount_minor"]) for row in moved] == [("spent", -total), ("issued", 1500)]
    plain = code.replace("-", "")
    for table in ("idempotency_keys", "audit_log", "order_events", "stored_value_accounts", "payment_transactions"):
        kept = await store.execute(f"select t::text from ringup.{table} t")
        assert not [row for row in kept if code in row[0] or plain in row[0]], table


async def test_the_same_key_again_answers_the_same_and_with_another_card_is_refused(store):
    till = store.ours
    one, two = await issue(till, 1500), await issue(till, 1500)
    key = f"key-{uuid.uuid4()}"

    first = await till.sell(paid_by(till, {"type": "gift_card", "code": one["code"]}), key=key)
    again = await till.sell(paid_by(till, {"type": "gift_card", "code": one["code"]}), key=key)
    other = await till.sell(paid_by(till, {"type": "gift_card", "code": two["code"]}), key=key)

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert refused(other) == (422, "idempotency_key_reused")
    assert (await card_of(till, two["gift_card"]["id"]))["balance_minor"] == 1500


async def test_a_split_of_card_gift_card_and_store_credit(store):
    till = store.ours
    issued = await issue(till, 200)
    customer = till.retailer.customer
    granted = await till.client.post(
        f"/v1/customers/{customer}/store-credit", json={"amount_minor": 300, "reason": "sorry"}
    )
    cart = till.retailer.cart(customer_id=str(customer))
    cart["tenders"] = [
        {"type": "gift_card", "code": issued["code"], "amount_minor": 200},
        *cart["tenders"],
        {"type": "store_credit", "amount_minor": 300},
    ]

    await store.lane.fault("decline", path="Sale", times=1)
    declined = await till.sell(cart)
    after = (await card_of(till, issued["gift_card"]["id"]))["available_minor"]
    sold = await till.sell(cart)

    assert granted.json()["balance_minor"] == 300
    assert (declined.status_code, after) == (402, 200)
    assert sold.status_code == 201, sold.text
    assert [tender["status"] for tender in sold.json()["tenders"]] == ["approved"] * 3
    credit = (await till.client.get(f"/v1/customers/{customer}/store-credit")).json()
    assert (credit["balance_minor"], credit["held_minor"]) == (0, 0)


async def test_a_card_is_sold_by_a_line(store):
    till = store.ours
    issued = await issue(till)
    cart = till.retailer.cash_cart(lines=[{"sku": "COF-250", "quantity": 1, "gift_card_id": issued["gift_card"]["id"]}])

    sold = (await till.sell(cart)).json()

    assert sold["lines"][0]["gift_card_id"] == issued["gift_card"]["id"]
    assert (await card_of(till, issued["gift_card"]["id"]))["balance_minor"] == sold["total_minor"]


async def test_a_disabled_card_is_refused_and_an_adjusted_one_has_what_was_said(store):
    till = store.ours
    issued = await issue(till, 5000)
    path = f"/v1/gift-cards/{issued['gift_card']['id']}"
    once = {"amount_minor": -1000, "reason": "loaded twice", "adjustment_id": str(uuid.uuid4())}

    moved = [(await till.client.post(f"{path}/adjustments", json=once)).json() for _ in range(2)]
    nothing = await till.client.post(f"{path}/adjustments", json=once | {"amount_minor": 0})
    disabled = (await till.client.put(path, json={"is_disabled": True, "reason": "lost"})).json()
    sold = await till.sell(paid_by(till, {"type": "gift_card", "code": issued["code"]}))

    assert [row["balance_minor"] for row in moved] == [4000, 4000]
    assert refused(nothing) == (422, "invalid_request")
    assert disabled["status"] == "disabled"
    assert refused(sold) == (409, "gift_card_disabled")


async def test_whoever_guesses_codes_is_locked_out_of_looking_and_of_paying(store):
    till = store.ours
    issued = await issue(till, 5000)

    tried = [await till.client.post("/v1/gift-card-lookups", json={"code": f"WRONG CODE {n:02}"}) for n in range(11)]
    paying = await till.sell(paid_by(till, {"type": "gift_card", "code": issued["code"]}))
    short = await till.client.post("/v1/gift-card-lookups", json={"code": "SHORT"})

    assert [refused(answer) for answer in tried] == [(404, "gift_card_not_found")] * 10 + [(429, "gift_card_locked")]
    assert refused(paying) == (429, "gift_card_locked")
    assert refused(short) == (422, "gift_card_invalid")
    assert "WRONG" not in "".join(answer.text for answer in tried)


async def test_cash_is_rounded_as_the_vendor_says(store):
    till = store.ours

    before = (await till.client.get("/v1/cash-rule")).json()
    own = (await till.client.put("/v1/cash-rule", json={"step_minor": 100, "mode": "down"})).json()
    sold = (await till.sell(till.retailer.cash_cart(tip_minor=50))).json()
    wrong = await till.client.put("/v1/cash-rule", json={"step_minor": 0})
    ended = (await till.client.delete("/v1/cash-rule")).json()

    assert (before["step_minor"], before["is_own"]) == (1, False)
    assert (own["step_minor"], own["mode"], own["is_own"]) == (100, "down", True)
    assert (sold["total_minor"] % 100, sold["cash_rounding_minor"]) == (0, -50)
    assert refused(wrong) == (422, "invalid_request")
    assert (ended["step_minor"], ended["is_own"]) == (1, False)
