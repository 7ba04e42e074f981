"""Points over HTTP: what a customer has, what a person changes, what waits, and what is reported."""

import uuid
from typing import Any

import httpx
import pytest

BREAK = "alter table ringup.loyalty_transactions add constraint out_of_order check (points <> 9) not valid"
MEND = "alter table ringup.loyalty_transactions drop constraint out_of_order"


async def post(store: Any, address: str, **body: Any) -> httpx.Response:
    return await store.ours.client.post(address, json=body)


async def get(store: Any, address: str) -> Any:
    answer = await store.ours.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sell_with_broken_points(store: Any) -> dict[str, Any]:
    """A sale that stands while its points do not, and the item that waits."""
    await store.execute(BREAK)
    customer = str(store.ours.retailer.customer)
    cart = store.ours.retailer.cash_cart(customer_id=customer, loyalty={"redeem_points": 100})
    sold = await store.ours.sell(cart)
    assert sold.status_code == 201, sold.text
    (item,) = (await get(store, "/v1/loyalty/queue"))["data"]
    return item


async def test_a_sale_whose_points_fail_is_201_and_its_points_can_be_tried_again(store):
    item = await sell_with_broken_points(store)

    failed = await post(store, f"/v1/loyalty/queue/{item['id']}/retry")
    await store.execute(MEND)
    recorded = await post(store, f"/v1/loyalty/queue/{item['id']}/retry")

    assert (item["points_earned"], item["points_redeemed"], item["points_held"]) == (9, 100, 100)
    assert (failed.status_code, failed.json()["resolved"], failed.json()["retry_count"]) == (200, False, 1)
    assert (recorded.json()["resolved"], recorded.json()["resolved_by"]) == (
        True,
        f"key:{store.ours.retailer.key}",
    )
    assert (await get(store, f"/v1/customers/{item['customer_id']}/points"))["balance"] == 9
    assert (await get(store, "/v1/loyalty/queue"))["data"] == []
    assert [row["id"] for row in (await get(store, "/v1/loyalty/queue?status=resolved"))["data"]] == [item["id"]]


async def test_points_that_wait_are_settled_by_a_person_and_are_the_customer_s_again(store):
    item = await sell_with_broken_points(store)
    address = f"/v1/loyalty/queue/{item['id']}/resolve"

    resolved = await post(store, address, reason="the customer keeps them")
    again = await post(store, address, reason="the customer keeps them")

    assert (resolved.status_code, resolved.json()["resolution"]) == (200, "the customer keeps them")
    assert (again.status_code, again.json()["code"]) == (404, "item_not_found")
    points = await get(store, f"/v1/customers/{item['customer_id']}/points")
    assert (points["balance"], points["held"], points["available"]) == (100, 0, 100)


async def test_another_retailer_s_points_are_nobody_s(store):
    item = await sell_with_broken_points(store)
    theirs = store.theirs.client

    assert (await theirs.get("/v1/loyalty/queue")).json()["data"] == []
    for address in (
        f"/v1/loyalty/queue/{item['id']}",
        f"/v1/customers/{item['customer_id']}/points",
        f"/v1/customers/{item['customer_id']}/points/lots",
    ):
        assert (await theirs.get(address)).status_code == 404
    assert (await theirs.post(f"/v1/loyalty/queue/{item['id']}/retry")).status_code == 404


async def test_the_switch_turns_points_off_and_sales_go_on(store):
    turned = await store.ours.client.put("/v1/switches/loyalty_updates", json={"is_on": False})
    customer = str(store.ours.retailer.customer)

    sold = await store.ours.sell(store.ours.retailer.cash_cart(customer_id=customer))
    redeeming = await store.ours.sell(
        store.ours.retailer.cash_cart(customer_id=customer, loyalty={"redeem_points": 10})
    )

    assert (turned.json()["is_on"], turned.json()["changed_by"]) == (False, f"key:{store.ours.retailer.key}")
    assert (sold.status_code, sold.json()["loyalty"]["balance"]) == (201, 100)
    assert (redeeming.status_code, redeeming.json()["code"]) == (409, "loyalty_off")
    assert (await get(store, "/v1/loyalty/queue"))["data"] == []
    assert {each["name"]: each["is_on"] for each in await get(store, "/v1/switches")} == {
        "loyalty_updates": False,
        "two_phase_commit": True,
    }


async def test_an_adjustment_is_made_once_however_often_it_is_sent(store):
    customer, adjustment = store.ours.retailer.customer, str(uuid.uuid4())
    body = {"points": 50, "reason": "waited too long", "by": "Ada", "adjustment_id": adjustment}

    answers = [await post(store, f"/v1/customers/{customer}/points/adjustments", **body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["balance"] == 150
    assert (await get(store, f"/v1/customers/{customer}/points"))["balance"] == 150


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"points": -101}, 409, "insufficient_points"),
        ({"points": 0}, 422, "points_out_of_range"),
        ({"points": 1.5}, 422, "invalid_request"),
        ({"points": 501, "role": "supervisor"}, 422, "adjustment_too_large"),
        ({"points": 5, "expires_at": "2020-01-01T00:00:00Z"}, 422, "expiry_in_the_past"),
        ({"points": 5, "reason": ""}, 422, "invalid_request"),
    ],
    ids=["below zero", "nothing", "half a point", "more than the role may", "expired already", "without a reason"],
)
async def test_an_adjustment_that_cannot_be_is_refused_by_name_and_changes_nothing(store, body, status, code):
    customer = store.ours.retailer.customer

    refused = await post(
        store, f"/v1/customers/{customer}/points/adjustments", **{"reason": "why", "by": "Ada", **body}
    )

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await get(store, f"/v1/customers/{customer}/points"))["balance"] == 100


async def test_two_customers_become_one_with_the_points_of_both(store):
    client = store.ours.client
    keep = (await client.post("/v1/customers", json={"first_name": "Grace"})).json()["id"]
    body = {"duplicate_id": str(store.ours.retailer.customer), "reason": "two cards", "by": "Ada"}

    merged = await post(store, f"/v1/customers/{keep}/merge", **body)
    again = await post(store, f"/v1/customers/{keep}/merge", **body)

    assert (merged.status_code, merged.json()["points_moved"], merged.json()["points"]["balance"]) == (200, 100, 100)
    assert again.json() == merged.json()
    assert (await get(store, f"/v1/customers/{body['duplicate_id']}/points"))["merged_into"] == keep


async def test_a_cart_s_points_are_known_before_it_is_rung_up(store):
    retailer = store.ours.retailer
    lines = [{"sku": "COF-250", "quantity": 2}]

    seen = (await post(store, "/v1/loyalty/preview", customer_id=str(retailer.customer), lines=lines)).json()
    sold = await store.ours.sell(retailer.cash_cart(customer_id=str(retailer.customer), lines=lines))

    assert (seen["points_to_earn"], seen["points_available"], seen["points_maximum"]) == (20, 100, 100)
    assert sold.json()["loyalty"]["points_earned"] == 20


async def test_lots_are_listed_in_the_order_in_which_they_are_spent(store):
    customer = store.ours.retailer.customer
    address = f"/v1/customers/{customer}/points"
    for points, expires_at in ((1, "2090-01-01T00:00:00Z"), (2, "2080-01-01T00:00:00Z")):
        await post(store, f"{address}/adjustments", points=points, reason="why", by="Ada", expires_at=expires_at)

    first = await get(store, f"{address}/lots?limit=2")
    rest = await get(store, f"{address}/lots?starting_after={first['data'][-1]['id']}")

    assert [lot["remaining"] for lot in first["data"]] == [2, 1] and first["has_more"]
    assert [lot["remaining"] for lot in rest["data"]] == [100] and not rest["has_more"]
    assert (await get(store, address))["next_expiry_points"] == 2


async def test_a_programme_begins_and_the_one_before_it_is_kept(store):
    began = await post(
        store,
        "/v1/loyalty/programmes",
        points_per_unit="2.5",
        point_value_minor=2,
        rules=[{"category": "Drinks", "points_per_item": 3}],
        tier_basis="spend",
        tiers=[{"name": "Gold", "threshold": 100_000, "multiplier": "1.5"}],
    )

    versions = (await get(store, "/v1/loyalty/programmes"))["data"]
    assert began.status_code == 201, began.text
    assert [version["is_current"] for version in versions] == [True, False]
    assert versions[0] == began.json()
    assert (float(versions[0]["points_per_unit"]), versions[0]["tiers"][0]["name"]) == (2.5, "Gold")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_from": "2020-01-01T00:00:00Z"}, "programme_invalid"),
        ({"refund_policy": "unlimited"}, "programme_invalid"),
        ({"points_per_unit": "-1"}, "invalid_request"),
        ({"points_per_unit": 1.5}, "invalid_request"),
    ],
    ids=["in the past", "unlimited without going below zero", "negative", "not text"],
)
async def test_a_programme_that_cannot_be_meant_is_refused_by_name(store, changes, code):
    refused = await post(store, "/v1/loyalty/programmes", **{"points_per_unit": "1", "point_value_minor": 1, **changes})

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert len((await get(store, "/v1/loyalty/programmes"))["data"]) == 1


async def test_a_campaign_begins_is_changed_and_ends(store):
    form = {
        "name": "Double coffee",
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2090-01-01T00:00:00Z",
        "multiplier": "2",
        "customer_limit": 1,
    }

    begun = await post(store, "/v1/loyalty/campaigns", **form)
    address = f"/v1/loyalty/campaigns/{begun.json()['id']}"
    customer = str(store.ours.retailer.customer)
    sold = [await store.ours.sell(store.ours.retailer.cash_cart(customer_id=customer)) for _ in range(2)]
    changed = await store.ours.client.put(address, json={**form, "bonus_points": 5})
    ended = await post(store, f"{address}/end")

    assert begun.status_code == 201, begun.text
    assert [sale.json()["loyalty"]["points_earned"] for sale in sold] == [20, 10]
    assert (changed.json()["bonus_points"], changed.json()["sales_granted"]) == (5, 1)
    assert (ended.json()["is_active"], (await get(store, "/v1/loyalty/campaigns"))["data"]) == (False, [ended.json()])


async def test_a_campaign_that_ends_before_it_begins_is_refused_by_name(store):
    refused = await post(
        store,
        "/v1/loyalty/campaigns",
        name="Backwards",
        starts_at="2027-01-02T00:00:00Z",
        ends_at="2027-01-01T00:00:00Z",
        multiplier="2",
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "campaign_invalid")
    assert (await get(store, "/v1/loyalty/campaigns"))["data"] == []


async def test_reports_say_what_happened_and_what_is_owed(store):
    retailer = store.ours.retailer
    cart = retailer.cash_cart(customer_id=str(retailer.customer), loyalty={"redeem_points": 40})
    await store.ours.sell(cart)

    activity = await get(store, "/v1/reports/points-activity?limit=2")
    (day,) = (await get(store, "/v1/reports/points-by-day"))["data"]
    owed = await get(store, "/v1/reports/points-liability")

    assert [(row["transaction_type"], row["points"]) for row in activity["data"]] == [("earned", 9), ("spent", -40)]
    assert activity["has_more"] and activity["data"][0]["last_name"] == "Hopper"
    assert (day["redemptions"], day["redeemed"], day["earned"], day["adjusted"]) == (1, 40, 9, 100)
    assert (owed["points"], owed["value_minor"]) == (69, 69)
    assert [(row["expires_in"], row["age"]) for row in owed["data"]] == [(None, "up to 30 days")]


@pytest.mark.parametrize(
    ("method", "address", "scope"),
    [
        ("GET", "/v1/loyalty/queue", "loyalty:read"),
        ("GET", "/v1/reports/points-liability", "loyalty:read"),
        ("POST", "/v1/loyalty/programmes", "loyalty:write"),
        ("PUT", "/v1/switches/loyalty_updates", "loyalty:write"),
        ("POST", f"/v1/customers/{uuid.UUID(int=1)}/points/adjustments", "loyalty:write"),
    ],
)
async def test_a_cashier_s_key_neither_sees_nor_changes_points(store, method, address, scope):
    async with store.client(store.ours.retailer.cashier_token) as cashier:
        refused = await cashier.request(method, address, json={"is_on": False} if method != "GET" else None)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert scope in refused.json()["detail"]
