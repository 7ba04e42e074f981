"""Stock documents over HTTP."""

import uuid

import pytest

from storefront import Till


def refused(response):
    return response.status_code, response.json()["code"]


def key() -> str:
    return str(uuid.uuid4())


def coffee(quantity):
    return [{"sku": "COF-250", "quantity": quantity}]


async def post(till: Till, path, **form):
    return await till.client.post(f"/v1/inventory/{path}", json=form)


async def receive(till: Till, lines, **changes):
    form = {"document_id": key(), "location_id": str(till.retailer.location), "lines": lines, "reason": "note 4711"}
    return await post(till, "receivings", **form | changes)


async def count(till: Till, lines, **changes):
    form = {"document_id": key(), "location_id": str(till.retailer.location), "lines": lines, "reason": "November"}
    return await post(till, "counts", **form | changes)


async def harbour(till: Till) -> str:
    return (await till.client.post("/v1/locations", json={"code": "T2", "name": "Harbour"})).json()["id"]


async def send(till: Till, to, lines, **changes):
    form = {"transfer_id": key(), "location_id": str(till.retailer.location), "to_location_id": to, "lines": lines}
    return await post(till, "transfers", **form | {"reason": "for the weekend"} | changes)


async def on_hand(till: Till):
    rows = (await till.client.get("/v1/inventory", params={"product_id": str(till.retailer.coffee)})).json()["data"]
    return sorted(row["on_hand"] for row in rows)


async def test_a_delivery_is_booked_once_however_often_it_is_sent(store):
    till, document = store.ours, key()

    answers = [await receive(till, coffee(24), document_id=document, by="Ada") for _ in range(2)]
    other = await receive(till, coffee(25), document_id=document, by="Ada")

    assert [answer.status_code for answer in answers] == [201, 201]
    assert (
        answers[0].json() == answers[1].json() == (await till.client.get(f"/v1/inventory/documents/{document}")).json()
    )
    told = answers[0].json()
    assert (told["document"]["kind"], told["document"]["reason"]) == ("receiving", "note 4711")
    assert told["document"]["done_by"].startswith("Ada (key:")
    assert [(line["sku"], line["on_hand_before"], line["on_hand_after"]) for line in told["lines"]] == [
        ("COF-250", 100, 124)
    ]
    assert refused(other) == (409, "already_exists")
    assert await on_hand(till) == [124]


async def test_a_transfer_with_its_two_sides_and_what_fell_off(store):
    till = store.ours
    to, arrival = await harbour(till), key()

    sent = (await send(till, to, coffee(10))).json()["document"]
    under_way = (await till.client.get("/v1/inventory/documents", params={"under_way": True})).json()["data"]
    form = {"document_id": arrival, "lines": coffee(9)}
    silent = await post(till, f"transfers/{sent['id']}/arrival", **form)
    arrived = [await post(till, f"transfers/{sent['id']}/arrival", **form, shortfall="fell") for _ in range(2)]
    again = await post(till, f"transfers/{sent['id']}/arrival", **form | {"document_id": key()}, shortfall="fell")
    after = (await till.client.get(f"/v1/inventory/documents/{sent['id']}")).json()["document"]

    assert ([each["id"] for each in under_way], sent["arrival_id"]) == ([sent["id"]], None)
    assert refused(silent) == (422, "reason_missing")
    assert silent.json()["missing"] == [{"sku": "COF-250", "missing": 1}]
    assert [answer.status_code for answer in arrived] == [201, 201]
    assert (arrived[0].json()["lines"][0]["expected"], arrived[0].json()["lines"][0]["difference"]) == (10, -1)
    assert refused(again) == (409, "transfer_arrived")
    assert after["arrival_id"] == arrival
    assert await on_hand(till) == [9, 90]


async def test_a_count_says_what_it_was_compared_with(store):
    till = store.ours
    counted_at = (await store.execute("select ringup.now()"))[0][0].isoformat()
    await till.sell(till.retailer.cash_cart())

    line = (await count(till, coffee(98), counted_at=counted_at)).json()["lines"][0]

    assert (line["expected"], line["quantity"], line["difference"]) == (100, 98, -2)
    assert (line["on_hand_before"], line["on_hand_after"]) == (99, 97)
    assert await on_hand(till) == [97]


async def test_what_happened_to_a_product_is_listed_with_sales_and_pages_lose_nothing(store):
    till = store.ours
    await till.sell(till.retailer.cash_cart())
    await receive(till, coffee(5))
    query = {"product_id": str(till.retailer.coffee), "location_id": str(till.retailer.location)}

    seen, after = [], {}
    while True:
        found = (await till.client.get("/v1/inventory/movements", params=query | {"limit": 1} | after)).json()
        seen += found["data"]
        if not found["has_more"]:
            break
        after = {"starting_after": found["data"][-1]["id"]}

    assert [(row["reason"], row["on_hand_before"], row["on_hand_after"]) for row in seen] == [
        ("received", 99, 104),
        ("sold", 100, 99),
        ("held", 100, 100),
        ("opening", 0, 100),
    ]


async def test_an_adjustment_with_an_id_moves_once_and_says_why(store):
    till = store.ours
    form = {"location_id": str(till.retailer.location), "product_id": str(till.retailer.coffee), "change": -2}
    why = {"reason": "adjusted", "note": "broken", "adjustment_id": key()}

    answers = [await post(till, "adjustments", **form, **why) for _ in range(2)]
    silent = await post(till, "adjustments", **form, reason="adjusted")

    assert [answer.json()["on_hand"] for answer in answers] == [98, 98]
    assert refused(silent) == (422, "reason_missing")
    assert await on_hand(till) == [98]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param([], (422, "invalid_request"), id="no line"),
        pytest.param([{"quantity": 1}], (422, "invalid_request"), id="no product"),
        pytest.param([{"sku": "COF-250", "quantity": 1.0}], (422, "invalid_request"), id="a fraction"),
        pytest.param([{"sku": "COF-250", "quantity": -1}], (422, "invalid_request"), id="less than nothing"),
        pytest.param([{"sku": "COF-250", "quantity": 0}], (422, "amount_out_of_range"), id="nothing"),
        pytest.param([{"sku": "NONSENSE", "quantity": 1}], (404, "product_not_found"), id="unknown"),
        pytest.param([{"sku": "TEA", "quantity": 1}], (409, "stock_not_tracked"), id="not counted"),
        pytest.param(coffee(1) * 2, (422, "stock_lines_invalid"), id="twice"),
    ],
)
async def test_what_is_wrong_with_a_delivery_is_a_problem_with_a_name(counter, lines, problem):
    assert refused(await receive(counter, lines)) == problem


async def test_a_count_of_tomorrow_and_a_transfer_to_itself_are_refused(counter):
    assert refused(await count(counter, coffee(1), counted_at="2999-01-01T00:00:00Z")) == (422, "count_time_invalid")
    assert refused(await send(counter, str(counter.retailer.location), coffee(1))) == (422, "stock_lines_invalid")
    assert refused(await send(counter, key(), coffee(1))) == (404, "location_not_found")
