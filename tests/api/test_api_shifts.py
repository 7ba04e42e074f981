"""Shifts over HTTP: opened with a float, counted blind, closed once, and reported at any time."""

import uuid

import pytest

from storefront import Till

PIN = "4711"
FLOAT = [{"face_minor": 1000, "quantity": 9}, {"face_minor": 25, "quantity": 40}]


def refused(response):
    return response.status_code, response.json()["code"]


async def open_shift(till: Till, **form):
    register = form.pop("register", till.retailer.closed_register)
    return await till.client.post(f"/v1/registers/{register}/sessions", json={"denominations": FLOAT} | form)


async def move(till: Till, session, kind="paid_in", amount=500, headers=None, **form):
    asked = {"movement_id": str(uuid.uuid4()), "kind": kind, "amount_minor": amount, "reason": "window cleaner"} | form
    return await till.client.post(f"/v1/register-sessions/{session}/movements", json=asked, headers=headers)


async def count(till: Till, session, cents, headers=None, **form):
    asked = {"count_id": str(uuid.uuid4()), "denominations": [{"face_minor": 1, "quantity": cents}]} | form
    return await till.client.post(f"/v1/register-sessions/{session}/counts", json=asked, headers=headers)


async def close(till: Till, session, count_id, headers=None):
    return await till.client.post(
        f"/v1/register-sessions/{session}/close", json={"count_id": count_id}, headers=headers
    )


async def report(till: Till, session, headers=None, **query):
    return await till.client.get(f"/v1/register-sessions/{session}/report", params=query, headers=headers)


async def sign_in(till: Till, name, role="cashier"):
    person = (await till.client.post("/v1/staff", json={"name": name, "role": role, "pin": PIN})).json()
    signed_in = await till.client.post(
        "/v1/staff/sign-in",
        json={"register_id": str(till.retailer.register), "staff_id": person["id"], "pin": PIN},
    )
    return person, {"Ringup-Staff": signed_in.json()["token"]}


async def test_a_shift_from_its_float_to_its_z(store):
    till, register = store.ours, str(store.ours.retailer.closed_register)

    session = (await open_shift(till, opened_by="Ada")).json()
    again = await open_shift(till, opened_by="Bo")
    await till.sell(till.retailer.cash_cart(register_id=register))
    during = (await till.client.get(f"/v1/registers/{register}")).json()
    await move(till, session["id"], "paid_out", 120)
    counted = (await count(till, session["id"], 10880)).json()
    closed = await close(till, session["id"], counted["id"])
    after = (await till.client.get(f"/v1/registers/{register}")).json()

    assert (session["opening_float_minor"], session["opened_by"].startswith("Ada (key:")) == (10000, True)
    assert refused(again) == (409, "session_already_open")
    assert (during["open_session_id"], during["cash_minor"], during["order_count"]) == (session["id"], 1000, 1)
    assert (counted["is_wanted_again"], counted["variance_minor"]) == (False, 0)
    assert (closed.status_code, closed.json()["type"], closed.json()["closure_number"]) == (200, "Z", 1)
    assert closed.json()["cash"]["expected_minor"] == 10880
    assert after["open_session_id"] is None
    assert (await report(till, session["id"])).json() == closed.json()


async def test_a_request_whose_answer_was_lost_is_sent_again(store):
    till, session = store.ours, str(uuid.uuid4())
    movement, counted = str(uuid.uuid4()), str(uuid.uuid4())

    opened = [(await open_shift(till, session_id=session)).json() for _ in range(2)]
    moved = [(await move(till, session, movement_id=movement)).json() for _ in range(2)]
    counts = [(await count(till, session, 10500, count_id=counted)).json() for _ in range(2)]
    closed = [(await close(till, session, counted)).json() for _ in range(2)]

    for first, second in (opened, moved, counts, closed):
        assert first == second
    assert closed[0]["cash"]["paid_in_minor"] == 500


async def test_a_report_is_read_at_a_counter(store):
    till = store.ours
    session = (await open_shift(till, opened_by="Ada")).json()["id"]

    text = await report(till, session, format="text")

    assert text.headers["content-type"].startswith("text/plain")
    assert "*** X REPORT ***" in text.text
    assert max(map(len, text.text.splitlines())) == 42


async def test_a_float_in_another_currency_is_refused_by_name(store):
    answer = await open_shift(store.ours, currency="EUR")

    assert refused(answer) == (422, "currency_mismatch")
    assert (await store.ours.client.get(f"/v1/registers/{store.ours.retailer.closed_register}")).json()[
        "open_session_id"
    ] is None


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"denominations": FLOAT, "opening_float_minor": 1}, (422, "count_invalid")),
        ({"denominations": FLOAT + FLOAT}, (422, "count_invalid")),
        ({"denominations": None, "opening_float_minor": None}, (422, "amount_out_of_range")),
        ({"denominations": [{"face_minor": 0, "quantity": 1}]}, (422, "invalid_request")),
        ({"denominations": [{"face_minor": 5, "quantity": 1.5}]}, (422, "invalid_request")),
        ({"currency": "euro"}, (422, "invalid_request")),
    ],
)
async def test_a_float_that_cannot_be_is_refused(counter, form, problem):
    assert refused(await open_shift(counter, **form)) == problem


async def test_what_is_refused_at_a_drawer(store):
    till, session = store.ours, store.ours.retailer.session
    counted = (await count(till, session, 1)).json()

    assert counted["is_wanted_again"] is True and counted["expected_minor"] is None
    assert refused(await close(till, session, counted["id"])) == (409, "count_wanted")
    assert refused(await move(till, session, "no_sale", 5)) == (422, "amount_out_of_range")
    assert refused(await move(till, session, movement_id="x")) == (422, "invalid_request")
    assert refused(await move(till, uuid.uuid4())) == (404, "session_not_found")
    assert refused(await till.client.get(f"/v1/register-sessions/{uuid.uuid4()}")) == (404, "session_not_found")


async def test_a_cashier_counts_blind_and_a_manager_sees(store):
    till, session = store.ours, store.ours.retailer.session
    _, cashier = await sign_in(till, "Bob")
    await till.sell(till.retailer.cash_cart())

    blind = (await report(till, session, cashier)).json()
    text = (await report(till, session, cashier, format="text")).text
    listed = (await till.client.get("/v1/registers", headers=cashier)).json()["data"]
    _, manager = await sign_in(till, "Mia", "manager")
    seen = (await report(till, session, manager)).json()

    assert (blind["is_blind"], blind["cash"]["expected_minor"], blind["sales"]["total_minor"]) == (True, None, None)
    assert "110.00" not in text and "hidden" in text
    assert {row["cash_minor"] for row in listed} == {None}
    assert (seen["is_blind"], seen["cash"]["expected_minor"]) == (False, 11000)


async def test_two_names_stand_beside_a_pay_out_that_was_approved(store):
    till, session = store.ours, store.ours.retailer.session
    mia, _ = await sign_in(till, "Mia", "manager")
    _, cashier = await sign_in(till, "Bob")

    alone = await move(till, session, "paid_out", 500, cashier)
    approval = await till.client.post(
        "/v1/approvals",
        json={"action": "paid_out", "amount_minor": 500, "reason": "glass", "approver_id": mia["id"], "pin": PIN},
        headers=cashier,
    )
    done = await move(till, session, "paid_out", 500, cashier | {"Ringup-Approval": approval.json()["id"]})

    assert refused(alone) == (403, "approval_needed")
    assert done.status_code == 201
    [entry] = (await report(till, session)).json()["movements"]
    assert (entry["done_by"], entry["approved_by"]) == ("staff:Bob", "staff:Mia")


async def test_sessions_are_listed_newest_first_and_page_by_page(store):
    till = store.ours
    newest = (await open_shift(till)).json()

    first = (await till.client.get("/v1/register-sessions", params={"limit": 1})).json()
    rest = await till.client.get("/v1/register-sessions", params={"starting_after": newest["id"]})
    own = await till.client.get("/v1/register-sessions", params={"register_id": str(till.retailer.closed_register)})

    assert (first["data"], first["has_more"]) == ([newest], True)
    assert [row["id"] for row in rest.json()["data"]] == [str(till.retailer.session)]
    assert own.json()["data"] == [newest]


async def test_how_far_off_a_count_may_be_is_set_by_who_may(store):
    till, session = store.ours, store.ours.retailer.session
    _, cashier = await sign_in(till, "Bob")

    denied = await till.client.put("/v1/register-session-rules", json={"recount_over_minor": 50}, headers=cashier)
    await till.client.put("/v1/register-session-rules", json={"recount_over_minor": 50})

    assert refused(denied) == (403, "action_denied")
    assert (await till.client.get("/v1/register-session-rules")).json() == {"recount_over_minor": 50}
    assert (await count(till, session, 9950)).json()["variance_minor"] == -50
