"""Refunds over HTTP: looked at first, given once per key, and never more than was sold."""

import uuid

import pytest

from storefront import Till

PIN = "4711"
TWO = [{"sku": "COF-250", "quantity": 2}]
ONE_OF_THEM = [{"line_number": 1, "quantity": 1}]


def refused(response):
    return response.status_code, response.json()["code"]


async def sold(till: Till, **cart):
    return (await till.sell(till.retailer.cash_cart(**cart))).json()["id"]


async def give_back(till: Till, order, key=None, headers=None, **form):
    asked = {"register_id": str(till.retailer.register), "reason": "broken"} | form
    chosen = {"Idempotency-Key": key or f"refund-{uuid.uuid4()}"} | (headers or {})
    return await till.client.post(f"/v1/orders/{order}/refunds", json=asked, headers=chosen)


async def preview(till: Till, order, **form):
    asked = {"register_id": str(till.retailer.register)} | form
    return await till.client.post(f"/v1/orders/{order}/refunds/preview", json=asked)


async def test_a_part_goes_back_and_then_the_rest(store):
    till = store.ours
    order = await sold(till, lines=TWO, customer_id=str(till.retailer.customer))

    seen = (await preview(till, order, lines=ONE_OF_THEM)).json()
    first = await give_back(till, order, key="first", lines=ONE_OF_THEM)
    again = await give_back(till, order, key="first", lines=ONE_OF_THEM)
    rest = await give_back(till, order)

    listed = (await till.client.get(f"/v1/orders/{order}/refunds")).json()
    told = first.json()
    assert (seen["object"], seen["amount_minor"], seen["points"]) == (
        "refund_preview",
        1000,
        {"reversed": 10, "given_back": 0},
    )
    assert [(tender["type"], tender["amount_minor"]) for tender in seen["tenders"]] == [("cash", 1000)]
    assert (first.status_code, first.headers["location"]) == (201, f"/v1/refunds/{told['id']}")
    assert (told["status"], told["order_status"], told["next_step"]) == ("completed", "partially_refunded", "done")
    assert {name: told[name] for name in ("amount_minor", "lines", "taxes")} == {
        name: seen[name] for name in ("amount_minor", "lines", "taxes")
    }
    assert (again.json(), again.headers["idempotent-replayed"]) == (told, "true")
    assert "idempotent-replayed" not in first.headers
    assert rest.json()["order_status"] == "refunded"
    assert [each["amount_minor"] for each in listed["data"]] == [1000, 1000]


async def test_a_preview_changes_nothing(store):
    till = store.ours
    order = await sold(till)
    report = f"/v1/register-sessions/{till.retailer.session}/report"
    before = (await till.client.get(report)).json()

    for _ in range(2):
        assert (await preview(till, order)).status_code == 200

    after = (await till.client.get(report)).json()
    assert {**after, "made_at": None} == {**before, "made_at": None}
    assert (await till.client.get(f"/v1/orders/{order}/refunds")).json()["data"] == []


async def test_a_card_is_voided_as_long_as_its_batch_is_open(store):
    order = (await store.ours.sell(store.ours.retailer.cart())).json()["id"]

    made = await give_back(store.ours, order)

    tender = made.json()["tenders"][0]
    assert (made.status_code, tender["way"], tender["status"]) == (201, "void", "approved")
    assert await store.lane.charged_cents() == []


async def test_a_refused_card_is_given_back_in_cash(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart(lines=TWO))).json()["id"]
    await store.lane.fault("decline", path="Return")

    opened = await give_back(till, order, key="first", lines=ONE_OF_THEM)
    refund = opened.json()["id"]
    given = await till.client.post(f"/v1/refunds/{refund}/tender", json={"type": "cash"})
    again = await give_back(till, order, key="first", lines=ONE_OF_THEM)
    paid = await till.client.get(f"/v1/refunds/{refund}/receipt")

    assert (opened.status_code, opened.json()["next_step"]) == (202, "other_tender")
    assert (given.status_code, given.json()["status"]) == (201, "completed")
    assert again.json() == given.json() == (await till.client.get(f"/v1/refunds/{refund}")).json()
    assert "*** REFUND ***" in paid.text
    assert "1 x Coffee" in paid.text and "-10.00" in paid.text
    assert paid.text.count("Cash") == 1 and "Card" not in paid.text
    assert refused(await till.client.post(f"/v1/refunds/{refund}/cancel")) == (409, "refund_ended")


@pytest.mark.parametrize(("as_what", "begins"), [("html", b"<!doctype html>"), ("escpos", b"\x1b@"), ("text", b" ")])
async def test_a_receipt_of_a_refund_says_that_it_is_one(store, as_what, begins):
    refund = (await give_back(store.ours, await sold(store.ours))).json()["id"]

    made = await store.ours.client.get(f"/v1/refunds/{refund}/receipt", params={"format": as_what})

    assert made.content.startswith(begins)
    assert b"REFUND" in made.content and b"-10.00" in made.content and b"Reason: broken" in made.content


async def test_refusals_say_why(store):
    till = store.ours
    order = await sold(till)
    closed = str(till.retailer.closed_register)

    assert refused(await give_back(till, uuid.uuid4())) == (404, "checkout_not_found")
    assert refused(await give_back(till, order, lines=[{"line_number": 1, "quantity": 2}])) == (409, "return_too_large")
    assert refused(await give_back(till, order, register_id=closed)) == (409, "session_closed")
    assert refused(await give_back(till, order, tender={"type": "card"})) == (422, "tender_not_refundable")
    assert refused(await give_back(till, order, lines=[{"line_number": 1, "quantity": 0}])) == (422, "invalid_request")
    assert refused(await give_back(till, order, tip_minor=1)) == (409, "return_too_large")
    assert refused(await till.client.get(f"/v1/refunds/{uuid.uuid4()}")) == (404, "refund_not_found")
    assert refused(await till.client.get(f"/v1/refunds/{uuid.uuid4()}/receipt")) == (404, "refund_not_found")
    bare = {"register_id": str(till.retailer.register), "reason": "broken"}
    assert refused(await till.client.post(f"/v1/orders/{order}/refunds", json=bare)) == (400, "idempotency_key_missing")
    assert refused(await give_back(store.theirs, order)) == (404, "checkout_not_found")
    cashier = store.client(till.retailer.cashier_token)
    refusal = await cashier.post(f"/v1/orders/{order}/refunds", json=bare, headers={"Idempotency-Key": "x"})
    assert refused(refusal) == (403, "scope_missing")
    assert (await give_back(till, order, key="once")).status_code == 201
    assert refused(await give_back(till, order, key="once", reason="another")) == (422, "idempotency_key_reused")
    assert refused(await give_back(till, order)) == (409, "return_too_large")


async def test_another_tender_needs_another_person(store):
    till = store.ours
    order = (await till.sell(till.retailer.cart())).json()["id"]
    people = {}
    for name, role in (("Ann", "cashier"), ("Mia", "manager")):
        form = {"name": name, "role": role, "pin": PIN}
        people[name] = (await till.client.post("/v1/staff", json=form)).json()["id"]
    signed_in = await till.client.post(
        "/v1/staff/sign-in",
        json={"register_id": str(till.retailer.register), "staff_id": people["Ann"], "pin": PIN},
    )
    ann = {"Ringup-Staff": signed_in.json()["token"]}

    alone = await give_back(till, order, headers=ann, tender={"type": "cash"})
    approval = await till.client.post(
        "/v1/approvals",
        headers=ann,
        json={
            "approver_id": people["Mia"],
            "pin": PIN,
            "reason": "the card is lost",
            **{name: alone.json()[name] for name in ("action", "amount_minor", "basis_minor")},
        },
    )
    with_mia = await give_back(
        till, order, headers=ann | {"Ringup-Approval": approval.json()["id"]}, tender={"type": "cash"}
    )

    assert (refused(alone), alone.json()["action"]) == ((403, "approval_needed"), "refund_other_tender")
    assert (with_mia.status_code, with_mia.json()["approved_by"], with_mia.json()["actor"]) == (
        201,
        "staff:Mia",
        "staff:Ann",
    )
