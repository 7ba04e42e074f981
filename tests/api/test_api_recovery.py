"""What a console sees of sales in doubt, and what a person may decide about them."""

import uuid

import pytest

from ringup.worker import recover

DECIDED = {"reason": "batch report of 3 May, line 17", "by": "Ada"}


async def in_doubt(store, **changes):
    """A sale whose terminal took the money and did not say so: the 202's body."""
    await store.lane.fault("drop_reply")
    response = await store.ours.sell(store.ours.retailer.cart(**changes))
    assert response.status_code == 202
    return response.json()


async def listed(till, path, **query):
    response = await till.client.get(f"/v1/{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def decide(till, payment, **form):
    return await till.client.post(f"/v1/payments/{payment}/decision", json={**DECIDED, **form})


async def make_item(store, kind="void_refused", reference="ref-1"):
    """An item, as recovery would raise one."""
    vendor = store.ours.retailer.vendor
    await store.execute(
        "select set_config('ringup.vendor_id', %s::text, false),"
        " ringup.raise_item(%s, %s, null, null, %s, 1000, 'the processor refuses')",
        *(str(vendor), vendor, kind, reference),
    )
    return next(item for item in await listed(store.ours, "reconciliation/items") if item["reference_id"] == reference)


async def test_a_sale_in_doubt_says_which_terminal_since_when_and_not_to_charge_again(store):
    pending = await in_doubt(store)

    now = (await store.ours.client.get(f"/v1/checkouts/{pending['id']}")).json()

    waits = now["waits_for"]
    assert (now["status"], now["payment_status"]) == ("payment_processing", "unknown")
    assert pending["waits_for"]["payment_id"] == waits["payment_id"] == now["tenders"][0]["payment_id"]
    assert (waits["processor_id"], waits["processor_name"]) == (str(store.ours.retailer.terminal), "Counter")
    assert (waits["status"], waits["may_sell_again"], waits["check_count"]) == ("unknown", False, 1)
    assert waits["since"] < waits["next_check_at"]
    assert "Do not charge again" in waits["message"]


async def test_the_story_of_a_sale_tells_its_doubt_in_the_same_words(store):
    pending = await in_doubt(store)
    await store.execute("update ringup.payment_transactions set next_check_at = ringup.now()")
    await recover(store.shop)

    story = (await store.ours.client.get(f"/v1/checkouts/{pending['id']}/events")).text

    assert "event: payment_in_doubt" in story
    assert "Do not charge again" in story and story.rstrip().count("event: completed") == 1
    settled = (await store.ours.client.get(f"/v1/checkouts/{pending['id']}")).json()
    assert (settled["status"], settled["waits_for"]) == ("completed", None)


async def test_the_next_customer_pays_at_another_terminal_while_one_sale_is_parked_in_doubt(store):
    retailer = store.ours.retailer
    parked = await in_doubt(store)

    busy = (await store.ours.client.get(f"/v1/processors/{retailer.terminal}")).json()["is_working"]
    served = await store.ours.sell(
        retailer.cart(tenders=[{"type": "card", "processor_id": str(retailer.spare_terminal)}])
    )
    while_parked = (await store.ours.client.get(f"/v1/checkouts/{parked['id']}")).json()
    await store.execute("update ringup.payment_transactions set next_check_at = ringup.now() where status = 'unknown'")
    await recover(store.shop)

    assert busy is True
    assert (served.status_code, served.json()["register_id"]) == (201, parked["register_id"])
    assert while_parked["payment_status"] == "unknown"
    assert (await store.ours.client.get(f"/v1/checkouts/{parked['id']}")).json()["status"] == "completed"
    assert await store.lane.charged_cents() == [1000, 1000]


async def test_limbo_says_why_since_when_and_what_happens_next(store):
    pending = await in_doubt(store)

    (row,) = await listed(store.ours, "reports/limbo")

    assert (row["kind"], row["order_id"], row["order_number"]) == ("in_doubt", pending["id"], pending["order_number"])
    assert (row["id"], row["processor_name"]) == (pending["tenders"][0]["payment_id"], "Counter")
    assert (row["next_step"], row["next_at"]) == ("look_up", row["next_check_at"])
    assert row["reason"] and row["age_seconds"] >= 0 and row["since"] >= row["created_at"]
    assert await listed(store.ours, "reports/limbo", kind="going_back") == []
    assert await listed(store.theirs, "reports/limbo") == []


async def test_limbo_is_read_page_by_page(store):
    retailer = store.ours.retailer
    first = await in_doubt(store)
    second = await in_doubt(store, tenders=[{"type": "card", "processor_id": str(retailer.spare_terminal)}])

    page = (await store.ours.client.get("/v1/reports/limbo", params={"limit": 1})).json()
    rest = await listed(store.ours, "reports/limbo", limit=1, starting_after=page["data"][0]["id"])

    assert page["has_more"] is True
    assert [row["order_id"] for row in page["data"] + rest] == [first["id"], second["id"]]


@pytest.mark.parametrize(("says", "the_order_becomes"), [("charged", "completed"), ("not_charged", "payment_failed")])
async def test_a_person_ends_a_doubt_with_evidence_and_a_name(store, says, the_order_becomes):
    pending = await in_doubt(store)
    payment = pending["waits_for"]["payment_id"]

    decided = await decide(store.ours, payment, outcome=says)
    again = await decide(store.ours, payment, outcome=says)

    assert (decided.status_code, decided.json()["status"]) == (200, the_order_becomes)
    assert decided.json()["waits_for"] is None
    assert (again.status_code, again.json()["code"]) == (409, "outcome_conflict")
    written = await store.execute(
        "select actor, after ->> 'reason' from ringup.audit_log where action = 'payment_decided' and row_id = %s",
        payment,
    )
    assert written == [(f"Ada (key:{store.ours.retailer.key})", DECIDED["reason"])]
    assert await listed(store.ours, "reports/limbo") == []


async def test_a_card_that_was_charged_less_than_was_asked_gets_it_back(store):
    pending = await in_doubt(store)

    decided = await decide(store.ours, pending["waits_for"]["payment_id"], outcome="charged", approved_minor=400)

    now = decided.json()
    assert (now["status"], now["payment_status"], now["failure"]["code"]) == (
        *("payment_failed", "voiding"),
        "partially_approved",
    )
    assert (now["waits_for"]["status"], now["waits_for"]["may_sell_again"]) == ("voiding", True)


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"outcome": "maybe"}, 422, "invalid_request"),
        ({"outcome": "charged", "reason": " "}, 422, "reason_missing"),
        ({"outcome": "charged", "by": " "}, 422, "reason_missing"),
        ({"outcome": "charged", "reason": None}, 422, "invalid_request"),
        ({"outcome": "charged", "approved_minor": 0}, 422, "invalid_request"),
        ({"outcome": "charged", "approved_minor": 1001}, 422, "amount_out_of_range"),
        ({"outcome": "not_charged", "approved_minor": 1000}, 422, "amount_out_of_range"),
        ({"outcome": "charged", "reason": "card 4111 1111 1111 1111"}, 422, "card_data_refused"),
    ],
    ids=["no outcome", "no reason", "no name", "null", "nothing", "more than asked", "none and some", "a card number"],
)
async def test_a_decision_that_proves_nothing_is_refused_and_changes_nothing(store, form, status, code):
    pending = await in_doubt(store)

    refused = await decide(store.ours, pending["waits_for"]["payment_id"], **form)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await listed(store.ours, "reports/limbo"))[0]["kind"] == "in_doubt"
    assert await store.execute("select 1 from ringup.audit_log where action = 'payment_decided'") == []


async def test_a_payment_that_is_not_ones_own_cannot_be_decided(store):
    pending = await in_doubt(store)

    theirs = await decide(store.theirs, pending["waits_for"]["payment_id"], outcome="charged")
    nobodys = await decide(store.ours, uuid.uuid4(), outcome="charged")

    assert {(answer.status_code, answer.json()["code"]) for answer in (theirs, nobodys)} == {(404, "attempt_not_found")}


async def test_an_item_waits_with_its_age_until_a_person_says_what_was_done(store):
    item = await make_item(store)

    closed = await store.ours.client.post(f"/v1/reconciliation/items/{item['id']}/resolve", json=DECIDED)
    again = await store.ours.client.post(f"/v1/reconciliation/items/{item['id']}/resolve", json=DECIDED)

    assert (item["status"], item["kind"], item["amount_minor"]) == ("open", "void_refused", 1000)
    assert item["age_seconds"] >= 0 and item["resolved_at"] is None
    assert (closed.status_code, closed.json()["status"]) == (200, "resolved")
    assert closed.json()["resolved_by"] == f"Ada (key:{store.ours.retailer.key})"
    assert (again.status_code, again.json()["code"]) == (404, "item_not_found")
    assert await listed(store.ours, "reconciliation/items") == []
    assert await listed(store.ours, "reconciliation/items", status="resolved") == [closed.json()]
    assert (await store.ours.client.get(f"/v1/reconciliation/items/{item['id']}")).json() == closed.json()


async def test_an_item_needs_a_reason_and_is_seen_and_closed_by_its_own_retailer_only(store):
    item = await make_item(store)
    address = f"/v1/reconciliation/items/{item['id']}"

    nothing_said = await store.ours.client.post(f"{address}/resolve", json={"reason": "  ", "by": "Ada"})
    theirs = [
        await store.theirs.client.get(address),
        await store.theirs.client.post(f"{address}/resolve", json=DECIDED),
    ]

    assert (nothing_said.status_code, nothing_said.json()["code"]) == (422, "reason_missing")
    assert [(answer.status_code, answer.json()["code"]) for answer in theirs] == [(404, "item_not_found")] * 2
    assert (await listed(store.ours, "reconciliation/items"))[0]["status"] == "open"


async def test_items_are_read_page_by_page(store):
    made = [(await make_item(store, reference=f"ref-{number}"))["id"] for number in range(3)]

    page = (await store.ours.client.get("/v1/reconciliation/items", params={"limit": 2})).json()
    rest = await listed(store.ours, "reconciliation/items", starting_after=page["data"][-1]["id"])

    assert page["has_more"] is True
    assert [row["id"] for row in page["data"] + rest] == made


async def test_money_without_an_order_is_listed_for_its_retailer(store):
    pending = await in_doubt(store)
    payment = pending["waits_for"]["payment_id"]
    await store.execute("update ringup.payment_transactions set status = 'approved', approved_minor = 1000")
    await store.execute("update ringup.orders set lease_until = ringup.now() - interval '1 hour'")

    ours, theirs = [await listed(till, "reports/orphans") for till in (store.ours, store.theirs)]

    assert [(row["id"], row["approved_minor"], row["order_id"]) for row in ours] == [(payment, 1000, pending["id"])]
    assert theirs == []


async def test_the_audit_is_clean_in_an_honest_shop_and_names_the_row_that_is_wrong(store):
    await store.ours.sell(store.ours.retailer.cash_cart())
    clean = (await store.ours.client.get("/v1/reports/audit")).json()
    await store.execute(
        "update ringup.inventory set on_hand = on_hand + 1 where location_id = %s", store.ours.retailer.location
    )

    found = (await store.ours.client.get("/v1/reports/audit")).json()

    assert clean["ok"] is True and all(invariant["ok"] for invariant in clean["data"])
    assert [invariant["id"] for invariant in found["data"] if not invariant["ok"]] == ["I6"]
    assert str(store.ours.retailer.location) in str(found["data"])
    assert (await store.theirs.client.get("/v1/reports/audit")).json()["ok"] is True
