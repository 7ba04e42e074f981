"""People over HTTP: hired, signed in, asked for approvals, and in the log."""

import asyncio
import json
import uuid

import pytest

from storefront import CASHIER_SCOPES, make_key

PIN, OTHER_PIN, WRONG_PIN = "4711", "820364", "5550"


async def hire(till, name, role="cashier", pin=PIN, **headers):
    person = {"name": name, "role": role} | ({"pin": pin} if pin else {})
    response = await till.client.post("/v1/staff", json=person, headers=headers)
    assert response.status_code == 201, response.text
    return response.json()


async def ask_in(till, person, pin=PIN, register=None):
    wanted = {"register_id": str(register or till.retailer.register), "staff_id": person["id"], "pin": pin}
    return await till.client.post("/v1/staff/sign-in", json=wanted)


async def come_in(till, person, **changes):
    """Sign in, and return the headers that say so."""
    response = await ask_in(till, person, **changes)
    assert response.status_code == 201, response.text
    return {"Ringup-Staff": response.json()["token"]}


async def adjust(till, headers, change=-1):
    retailer = till.retailer
    moved = {"location_id": str(retailer.location), "product_id": str(retailer.coffee), "change": change}
    why = {"reason": "adjusted", "note": "broken"}
    return await till.client.post("/v1/inventory/adjustments", json=moved | why, headers=headers)


async def approve(till, headers, approver, pin=PIN, **changes):
    asked = {"action": "adjust_stock", "amount_minor": 1000, "reason": "broken", "pin": pin} | changes
    return await till.client.post("/v1/approvals", json=asked | {"approver_id": approver["id"]}, headers=headers)


def refused(response):
    return response.status_code, response.json()["code"]


async def test_a_person_is_hired_changed_and_leaves(store):
    till = store.ours

    bob = await hire(till, "Bob")
    address = f"/v1/staff/{bob['id']}"
    promoted = await till.client.patch(address, json={"role": "supervisor"})
    left = await till.client.patch(address, json={"is_active": False})
    present = await till.client.get("/v1/staff", params={"is_active": True})

    assert (bob["name"], bob["role"], bob["has_pin"], bob["is_active"]) == ("Bob", "cashier", True, True)
    assert promoted.json()["role"] == "supervisor"
    assert (left.json()["name"], left.json()["is_active"]) == ("Bob", False)
    assert present.json()["data"] == []
    assert (await till.client.get(address)).json() == left.json()
    assert refused(await ask_in(till, bob)) == (403, "pin_refused")


async def test_nobody_of_another_retailer_is_there(store):
    bob = await hire(store.ours, "Bob")
    client = store.theirs.client

    assert refused(await client.get(f"/v1/staff/{bob['id']}")) == (404, "staff_not_found")
    assert refused(await client.patch(f"/v1/staff/{bob['id']}", json={})) == (404, "staff_not_found")
    assert refused(await client.put(f"/v1/staff/{bob['id']}/pin", json={"pin": PIN})) == (404, "staff_not_found")
    assert refused(await ask_in(store.theirs, bob)) == (403, "pin_refused")
    assert (await client.get("/v1/staff")).json()["data"] == []


async def test_a_weak_pin_is_refused_and_nobody_is_hired(store):
    weak = await store.ours.client.post("/v1/staff", json={"name": "Bob", "role": "cashier", "pin": "1234"})

    assert refused(weak) == (422, "pin_not_allowed")
    assert (await store.ours.client.get("/v1/staff")).json()["data"] == []


async def test_a_stranger_and_a_wrong_pin_are_told_the_same(store):
    bob = await hire(store.ours, "Bob")
    nobody = await hire(store.ours, "Eve", pin=None)

    answers = [
        await ask_in(store.ours, bob, pin=WRONG_PIN),
        await ask_in(store.ours, {"id": str(uuid.uuid4())}),
        await ask_in(store.ours, nobody),
    ]

    texts = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert texts[0] == texts[1] == texts[2]


async def test_guesses_at_once_are_five_and_then_the_right_pin_has_to_wait(store):
    bob = await hire(store.ours, "Bob")

    guesses = await asyncio.gather(*(ask_in(store.ours, bob, pin=WRONG_PIN) for _ in range(12)))
    right = await ask_in(store.ours, bob)

    assert sorted(answer.status_code for answer in guesses) == [403] * 5 + [429] * 7
    assert refused(right) == (429, "pin_locked")
    assert 1 <= int(right.headers["Retry-After"]) <= 30
    assert right.json()["retryable"] and right.json()["locked_until"]
    another = await store.ours.client.put(f"/v1/staff/{bob['id']}/pin", json={"pin": OTHER_PIN})
    assert another.status_code == 204
    assert (await ask_in(store.ours, bob, pin=OTHER_PIN)).status_code == 201


async def test_no_pin_is_in_an_answer_a_log_or_the_database(store, capsys, caplog):
    bob = await hire(store.ours, "Bob", pin="73914628")
    await ask_in(store.ours, bob, pin="64738291")
    await ask_in(store.ours, bob, pin="73914628")
    malformed = await store.ours.client.put(f"/v1/staff/{bob['id']}/pin", json={"pin": "7391462855"})

    assert malformed.status_code == 422
    kept = await store.execute(
        "select s::text from ringup.staff s union all select a::text from ringup.audit_log a"
        " union all select i::text from ringup.staff_sign_ins i"
    )
    printed = capsys.readouterr()
    everything = [str(kept), printed.out, printed.err, caplog.text, malformed.text, json.dumps(bob)]
    assert not any(pin in text for pin in ("73914628", "64738291", "7391462855") for text in everything)
    assert "$argon2id$" in str(kept)
    assert not any("$argon2id$" in text for text in everything[1:])


async def test_whoever_signs_in_takes_over_and_who_signs_out_is_gone_at_once(store):
    till = store.ours
    bob, eve = await hire(till, "Bob"), await hire(till, "Eve", pin=OTHER_PIN)
    as_bob = await come_in(till, bob)
    as_eve = await come_in(till, eve, pin=OTHER_PIN)

    assert refused(await till.client.get("/v1/products", headers=as_bob)) == (403, "not_signed_in")
    assert (await till.client.get("/v1/products", headers=as_eve)).status_code == 200
    assert (await till.client.post("/v1/staff/sign-out", headers=as_eve)).status_code == 204
    assert refused(await till.client.post("/v1/staff/sign-out", headers=as_eve)) == (403, "not_signed_in")
    assert refused(await till.client.post("/v1/staff/sign-out")) == (422, "invalid_request")


@pytest.mark.parametrize("token", ["rs_nobody", "", "a b", "x" * 300])
async def test_a_token_of_nobody_is_refused_whatever_the_key_may(store, token):
    answer = await store.ours.client.get("/v1/products", headers={"Ringup-Staff": token})

    assert refused(answer) == (403, "not_signed_in")


async def test_a_token_is_good_for_its_own_retailer_alone(store):
    as_bob = await come_in(store.ours, await hire(store.ours, "Bob"))

    assert refused(await store.theirs.client.get("/v1/products", headers=as_bob)) == (403, "not_signed_in")


async def test_a_register_that_is_not_there_signs_nobody_in(store):
    bob = await hire(store.ours, "Bob")

    assert refused(await ask_in(store.ours, bob, register=uuid.uuid4())) == (404, "register_not_found")


async def test_an_approval_lets_one_correction_of_stock_through_in_both_names(store):
    till = store.ours
    bob, mia = await hire(till, "Bob"), await hire(till, "Mia", "manager", OTHER_PIN)
    as_bob = await come_in(till, bob)

    needed = await adjust(till, as_bob)
    given = await approve(till, as_bob, mia, pin=OTHER_PIN)
    with_approval = as_bob | {"Ringup-Approval": given.json()["id"]}
    done, again = await adjust(till, with_approval), await adjust(till, with_approval)

    assert refused(needed) == (403, "approval_needed")
    assert needed.json()["may_approve"] == [{"id": mia["id"], "name": "Mia", "role": "manager"}]
    assert (given.status_code, given.json()["approved_by"]) == (201, mia["id"])
    assert (done.status_code, done.json()["on_hand"]) == (201, 99)
    assert refused(again) == (403, "approval_refused")
    logged = (await till.client.get("/v1/audit-log", params={"action": "stock_adjustment"})).json()["data"]
    assert [(row["actor"], row["approved_by"]) for row in logged] == [("staff:Bob", "staff:Mia")]


async def test_a_role_that_may_not_is_told_so_and_the_key_s_own_request_is_not_asked(store):
    till = store.ours
    as_ann = await come_in(till, await hire(till, "Ann", "auditor"))

    assert refused(await adjust(till, as_ann)) == (403, "action_denied")
    assert (await adjust(till, {})).status_code == 201


async def test_an_approval_takes_the_pin_of_another_who_may(store):
    till = store.ours
    bob, sue = await hire(till, "Bob"), await hire(till, "Sue", "supervisor")
    mia = await hire(till, "Mia", "manager")
    as_bob = await come_in(till, bob)

    assert refused(await approve(till, as_bob, bob)) == (403, "self_approval")
    assert refused(await approve(till, as_bob, sue)) == (403, "approval_refused")
    assert refused(await approve(till, as_bob, mia, pin=WRONG_PIN)) == (403, "pin_refused")
    assert refused(await approve(till, {}, mia)) == (422, "invalid_request")
    assert refused(await approve(till, as_bob, mia, action="fly")) == (422, "invalid_request")
    assert refused(await adjust(till, as_bob | {"Ringup-Approval": "mine"})) == (422, "invalid_request")
    eleven = ", ".join(str(uuid.uuid4()) for _ in range(11))
    assert refused(await adjust(till, as_bob | {"Ringup-Approval": eleven})) == (422, "invalid_request")
    assert refused(await adjust(till, {"Ringup-Approval": str(uuid.uuid4())})) == (403, "not_signed_in")


async def test_a_manager_runs_the_staff_and_not_those_above(store):
    till = store.ours
    mia, olga = await hire(till, "Mia", "manager"), await hire(till, "Olga", "owner", OTHER_PIN)
    as_mia = await come_in(till, mia)

    kim = await hire(till, "Kim", **as_mia)
    takeover = await till.client.put(f"/v1/staff/{olga['id']}/pin", json={"pin": PIN}, headers=as_mia)

    assert kim["role"] == "cashier"
    assert refused(takeover) == (403, "action_denied")
    assert (await ask_in(till, olga, pin=OTHER_PIN)).status_code == 201


async def test_rules_are_listed_set_and_taken_back(store):
    client = store.ours.client
    address = "/v1/staff/rules/cashier/refund_linked"

    first = (await client.get("/v1/staff/rules", params={"limit": 100})).json()
    rest = await client.get("/v1/staff/rules", params={"limit": 100, "starting_after": first["data"][-1]["id"]})
    changed = await client.put(address, json={"rule": "allowed", "limit_minor": 5000})
    wrong = await client.put(address, json={"rule": "denied", "limit_minor": 5000})
    again = await client.delete(address)

    assert first["has_more"] and not rest.json()["has_more"]
    assert len({row["id"] for row in first["data"] + rest.json()["data"]}) == 5 * 32
    assert (changed.json()["rule"], changed.json()["limit_minor"], changed.json()["is_default"]) == (
        "allowed",
        5000,
        False,
    )
    assert refused(wrong) == (422, "rule_invalid")
    assert (again.json()["rule"], again.json()["is_default"]) == ("needs_approval", True)
    assert (await client.get("/v1/staff/rules", params={"role": "owner"})).json()["data"][0]["role"] == "owner"


async def test_the_log_is_read_newest_first_by_those_who_may(store):
    till = store.ours
    bob, ann = await hire(till, "Bob"), await hire(till, "Ann", "auditor", OTHER_PIN)
    as_bob = await come_in(till, bob)
    assert refused(await till.client.get("/v1/audit-log", headers=as_bob)) == (403, "action_denied")
    as_ann = await come_in(till, ann, pin=OTHER_PIN)

    first = (await till.client.get("/v1/audit-log", params={"limit": 1}, headers=as_ann)).json()
    params = {"limit": 1, "starting_after": first["data"][0]["id"], "name": "staff:Bob"}
    second = (await till.client.get("/v1/audit-log", params=params, headers=as_ann)).json()
    of_bob = (await till.client.get("/v1/audit-log", params={"row_type": "staff", "row_id": bob["id"]})).json()
    later = {"since": "2200-01-01T00:00:00Z"}
    earlier = {"until": "2000-01-01T00:00:00Z"}

    assert (first["data"][0]["actor"], first["data"][0]["action"], first["has_more"]) == (
        "staff:Ann",
        "signed_in",
        True,
    )
    assert [(row["actor"], row["action"]) for row in second["data"]] == [("staff:Bob", "signed_in")]
    assert [row["action"] for row in of_bob["data"]] == ["staff_pin_set", "staff_saved"]
    for window in (later, earlier):
        assert (await till.client.get("/v1/audit-log", params=window)).json()["data"] == []


async def test_a_till_s_key_needs_the_scope_to_sign_people_in(store):
    bob = await hire(store.ours, "Bob")
    retailer = store.ours.retailer
    wanted = {"register_id": str(retailer.register), "staff_id": bob["id"], "pin": PIN}
    plain = await make_key(store.shop, retailer.vendor, CASHIER_SCOPES)
    till = await make_key(store.shop, retailer.vendor, [*CASHIER_SCOPES, "staff:sign_in"])

    answers = []
    for token in (plain, till):
        async with store.client(token) as client:
            answers.append((await client.post("/v1/staff/sign-in", json=wanted)).status_code)

    assert answers == [403, 201]


async def test_what_is_not_the_id_of_a_person_has_no_page_and_says_which_methods_there_are(store):
    client = store.ours.client

    assert refused(await client.get("/v1/staff/bob")) == (404, "not_found")
    wrong = await client.post(f"/v1/staff/{uuid.uuid4()}")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, PATCH")
