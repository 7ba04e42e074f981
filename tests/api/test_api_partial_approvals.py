"""POST /v1/checkouts/{id}/tenders: a card paid a part, and the rest is paid another way."""

import pytest


@pytest.fixture
async def kept(store):
    """A checkout of 10.00 of which a card has paid half."""
    await store.lane.fault("partial", approved_cents=600)
    response = await store.ours.sell(store.ours.retailer.cart(accept_partial=True), "part")
    assert response.status_code == 202, response.text
    return response.json()


async def pay(store, kept, *tenders, key="rest"):
    return await store.ours.client.post(
        f"/v1/checkouts/{kept['id']}/tenders", json={"tenders": tenders}, headers={"Idempotency-Key": key}
    )


async def test_a_part_is_kept_and_the_rest_in_cash_completes_the_sale(store, kept):
    assert (kept["status"], kept["due_minor"], kept["waits_for"]) == ("payment_processing", 400, None)

    sold = await pay(store, kept, {"type": "cash", "tendered_minor": 500})

    document = sold.json()
    assert (sold.status_code, document["status"], document["change_due_minor"]) == (201, "completed", 100)
    assert [(tender["type"], tender["approved_minor"]) for tender in document["tenders"]] == [
        ("card", 600),
        ("cash", 400),
    ]
    assert await store.lane.charged_cents() == [600]


async def test_sent_again_it_adds_nothing_and_answers_the_same(store, kept):
    first = await pay(store, kept, {"type": "cash"})
    again = await pay(store, kept, {"type": "cash"})
    sale = await store.ours.sell(store.ours.retailer.cart(accept_partial=True), "part")
    other = await pay(store, kept, {"type": "cash", "tendered_minor": 900})

    assert (again.status_code, again.content, sale.content) == (201, first.content, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_the_sale_asked_for_again_says_what_is_left(store, kept):
    again = await store.ours.sell(store.ours.retailer.cart(accept_partial=True), "part")

    assert (again.status_code, again.json()["due_minor"]) == (202, 400)
    assert (await pay(store, kept, {"type": "cash"})).status_code == 201


async def test_what_is_refused_leaves_the_part_kept(store, kept):
    short = await pay(store, kept, {"type": "cash", "amount_minor": 300})

    assert (short.status_code, short.json()["code"]) == (422, "tenders_do_not_add_up")
    assert (await store.ours.client.get(f"/v1/checkouts/{kept['id']}")).json()["due_minor"] == 400
    assert (await pay(store, kept, {"type": "cash"})).status_code == 201


async def test_cancelled_nothing_can_be_added_and_the_part_goes_back(store, kept):
    cancelled = await store.ours.client.post(f"/v1/checkouts/{kept['id']}/cancel")
    late = await pay(store, kept, {"type": "cash"})

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.json()["tenders"][0]["status"] in ("voiding", "voided")
    assert (late.status_code, late.json()["code"]) == (409, "tender_not_wanted")


async def test_without_being_asked_to_no_part_is_kept(store):
    await store.lane.fault("partial", approved_cents=600)

    response = await store.ours.sell(store.ours.retailer.cart())

    assert (response.status_code, response.json()["code"]) == (402, "partially_approved")
    assert "600 of 1000" in response.json()["detail"]


async def test_another_retailer_adds_nothing(store, kept):
    answer = await store.theirs.client.post(
        f"/v1/checkouts/{kept['id']}/tenders",
        json={"tenders": [{"type": "cash"}]},
        headers={"Idempotency-Key": "rest"},
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "checkout_not_found")
