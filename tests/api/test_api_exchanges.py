"""Exchanges over HTTP: looked at first, made once per key, and both halves or neither."""

import uuid

import pytest

from ringup.recovery.settle import settle_order
from storefront import Till, make_key

TWO = [{"sku": "COF-250", "quantity": 2}]
ONE_BACK = [{"line_number": 1, "quantity": 1}]


async def exchange(till: Till, order, key=None, path="", **changes):
    cart = till.retailer.cash_cart(returned={"reason": "another size"}) | changes
    chosen = {} if path else {"Idempotency-Key": key or f"exchange-{uuid.uuid4()}"}
    return await till.client.post(f"/v1/orders/{order}/exchanges{path}", json=cart, headers=chosen)


async def sold(till: Till, **cart):
    return (await till.sell(till.retailer.cash_cart(**cart))).json()["id"]


async def test_a_dearer_exchange_is_seen_first_and_made_once(store):
    till = store.ours
    order = await sold(till)

    seen = await exchange(till, order, path="/preview", lines=TWO, tenders=[])
    made = await exchange(till, order, key="once", lines=TWO)
    again = await exchange(till, order, key="once", lines=TWO)

    told = made.json()
    assert (seen.json()["difference_minor"], seen.json()["status"]) == (1000, "open")
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/exchanges/{told['id']}")
    assert (told["status"], told["difference_minor"], told["credit_minor"]) == ("completed", 1000, 1000)
    assert (told["refund"]["order_status"], told["refund"]["exchange_order_id"]) == ("refunded", told["id"])
    assert [(t["type"], t["amount_minor"]) for t in told["checkout"]["tenders"]] == [("cash", 1000), ("exchange", 1000)]
    assert told["checkout"]["exchange"] == {"refund_id": told["refund"]["id"], "returned_order_id": order}
    assert (again.json(), again.headers["idempotent-replayed"]) == (told, "true")
    assert (await till.client.get(f"/v1/exchanges/{told['id']}")).json() == told
    assert (await till.client.get(f"/v1/exchanges/{order}")).status_code == 404


async def test_the_same_key_for_another_sale_is_refused(store):
    till = store.ours
    first, second = await sold(till), await sold(till)

    await exchange(till, first, key="mine", tenders=[])
    refused = await exchange(till, second, key="mine", tenders=[])

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


async def test_what_is_over_goes_back_to_the_card(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart(lines=TWO))).json()["id"]

    made = (await exchange(till, order, tenders=[])).json()

    assert (made["status"], made["difference_minor"]) == ("completed", -1000)
    assert sorted((t["type"], t["amount_minor"], t["way"]) for t in made["refund"]["tenders"]) == [
        ("card", 1000, "return"),
        ("exchange", 1000, None),
    ]


async def test_an_even_exchange_shows_on_receipts_and_reports(store):
    till = store.ours
    order = await sold(till, lines=TWO)
    even = {"returned": {"reason": "another size", "lines": ONE_BACK}, "tenders": []}

    seen = (await exchange(till, order, path="/preview", **even)).json()
    made = (await exchange(till, order, **even)).json()

    receipt = (await till.client.get(f"/v1/orders/{made['id']}/receipt")).text
    back = (await till.client.get(f"/v1/refunds/{made['refund']['id']}/receipt")).text
    report = (await till.client.get(f"/v1/register-sessions/{till.retailer.session}/report")).json()
    exchanged = [tender for tender in report["tenders"] if tender["type"] == "exchange"]
    assert (seen["difference_minor"], made["difference_minor"], made["status"]) == (0, 0, "completed")
    assert "Goods returned" in receipt
    assert "Goods returned" in back
    assert [(t["sales_minor"], t["refunds_minor"], t["net_minor"]) for t in exchanged] == [(1000, 1000, 0)]


async def test_a_declined_card_leaves_the_earlier_sale_alone(store):
    till = store.ours
    order = await sold(till)
    await store.lane.fault("decline")

    card = [{"type": "card", "processor_id": str(till.retailer.terminal)}]
    made = await exchange(till, order, lines=TWO, tenders=card)

    assert (made.status_code, made.json()["code"]) == (402, "card_declined")
    assert (await till.client.get(f"/v1/orders/{order}")).json()["status"] == "completed"
    refunds = (await till.client.get(f"/v1/orders/{order}/refunds")).json()["data"]
    assert [each["status"] for each in refunds] == ["cancelled"]


async def test_a_card_that_takes_nothing_back_leaves_both_halves_undone(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart(lines=TWO))).json()["id"]
    await store.lane.fault("decline", path="Return")

    made = await exchange(till, order, tenders=[])

    assert (made.status_code, made.json()["code"]) == (402, "card_declined")
    assert (await till.client.get(f"/v1/orders/{order}")).json()["status"] == "completed"
    refunds = (await till.client.get(f"/v1/orders/{order}/refunds")).json()["data"]
    assert [each["status"] for each in refunds] == ["cancelled"]
    assert (await exchange(till, order, tenders=[])).json()["status"] == "completed", "what was kept is free again"
    assert await store.lane.charged_cents() == [2000, -1000]


async def test_who_asks_again_after_a_lost_answer_hears_that_both_halves_are_done(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart(lines=TWO))).json()["id"]
    await store.lane.fault("drop_reply", path="Return")

    lost = await exchange(till, order, key="once", tenders=[])
    again = await exchange(till, order, key="once", tenders=[])

    assert (lost.status_code, lost.json()["status"], lost.json()["refund"]["next_step"]) == (202, "open", "look_up")
    assert (again.status_code, again.json()["status"]) == (201, "completed")
    assert again.json()["id"] == lost.json()["id"]
    assert await store.lane.charged_cents() == [2000, -1000]


async def test_an_exchange_needs_the_scopes_of_both_halves(store):
    till = store.ours
    order = await sold(till)

    for scope, missing in (("refunds:write", "checkouts:write"), ("checkouts:write", "refunds:write")):
        token = await make_key(store.shop, till.retailer.vendor, [scope])
        async with store.client(token) as client:
            asked = await client.post(f"/v1/orders/{order}/exchanges", json={}, headers={"Idempotency-Key": "x"})
        assert (asked.status_code, asked.json()["code"]) == (403, "scope_missing")
        assert missing in asked.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"returned": {}}, (422, "invalid_request")),
        ({"returned": {"reason": "size", "lines": [{"line_number": 1, "quantity": 2}]}}, (409, "return_too_large")),
        ({"lines": [{"sku": "NO-SUCH", "quantity": 1}]}, (404, "product_not_found")),
        ({"tenders": [{"type": "exchange"}]}, (422, "invalid_request")),
        ({"lines": TWO, "tenders": []}, (422, "tenders_do_not_add_up")),
    ],
    ids=["no reason", "more than was sold", "no such goods", "a tender that nobody can state", "nothing for the rest"],
)
async def test_what_is_refused_is_refused_by_name_and_moves_nothing(store, changes, says):
    till = store.ours
    order = await sold(till)

    made = await exchange(till, order, **changes)

    assert (made.status_code, made.json()["code"]) == says
    assert (await till.client.get(f"/v1/orders/{order}/refunds")).json()["data"] == []


async def test_recovery_that_finds_the_money_back_completes_the_new_sale_with_it(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart(lines=TWO))).json()["id"]
    await store.lane.fault("drop_reply", path="Return")

    lost = await exchange(till, order, key="once", tenders=[])
    await settle_order(store.shop.recovery, till.retailer.vendor, uuid.UUID(order))
    now = await till.client.get(f"/v1/exchanges/{lost.json()['id']}")

    assert (lost.status_code, now.json()["status"]) == (202, "completed")
    assert (now.json()["checkout"]["status"], now.json()["refund"]["next_step"]) == ("completed", "done")
