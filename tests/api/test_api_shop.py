"""Setting up and looking at a shop: every noun is made, found, changed and listed."""

import uuid

import pytest


async def made(till, path, **body):
    response = await till.client.post(f"/v1/{path}", json=body)
    assert response.status_code == 201, response.text
    return response.json()


async def listed(till, path, **query):
    response = await till.client.get(f"/v1/{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_product_is_made_found_changed_and_sold_at_its_new_price(store):
    product = await made(store.ours, "products", sku="MUG", name="Mug", price_minor=700, tracks_stock=False)

    changed = await store.ours.client.patch(
        f"/v1/products/{product['id']}", json={"price_minor": 800, "barcode": "123"}
    )

    assert changed.json() == {
        **product,
        "price_minor": 800,
        "barcode": "123",
        "updated_at": changed.json()["updated_at"],
    }
    assert product["currency"] == "USD" and product["created_at"].endswith("Z")
    assert (await listed(store.ours, "products", search="mu"))["data"] == [changed.json()]
    sold = await store.ours.sell(store.ours.retailer.cash_cart(lines=[{"barcode": "123", "quantity": 1}]))
    assert sold.json()["total_minor"] == 800


async def test_a_member_set_to_null_is_emptied_and_one_left_out_is_kept(store):
    product = await made(store.ours, "products", sku="MUG", name="Mug", price_minor=7, category="Ware", barcode="9")

    response = await store.ours.client.patch(f"/v1/products/{product['id']}", json={"category": None})

    assert (response.json()["category"], response.json()["barcode"]) == (None, "9")


@pytest.mark.parametrize("member", ["sku", "name", "price_minor", "is_active"])
async def test_what_a_product_must_have_cannot_be_emptied(counter, member):
    response = await counter.client.patch(f"/v1/products/{counter.retailer.tea}", json={member: None})

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_second_product_with_the_same_sku_is_409(counter):
    response = await counter.client.post("/v1/products", json={"sku": "TEA", "name": "Other", "price_minor": 1})

    assert (response.status_code, response.json()["code"]) == (409, "already_exists")


async def test_stock_is_received_and_never_falls_below_what_is_there(store):
    retailer = store.ours.retailer
    change = {"location_id": str(retailer.location), "product_id": str(retailer.coffee)}

    received = await made(store.ours, "inventory/adjustments", **change, change=5, reason="received", note="van")
    too_many = await store.ours.client.post(
        "/v1/inventory/adjustments", json={**change, "change": -106, "reason": "adjusted", "note": "broken"}
    )

    assert received["on_hand"] == 105
    assert (too_many.status_code, too_many.json()["code"]) == (409, "stock_below_zero")
    row = (await listed(store.ours, "inventory", product_id=str(retailer.coffee)))["data"][0]
    assert (row["sku"], row["on_hand"], row["available"]) == ("COF-250", 105, 105)


async def test_stock_pages_lose_no_location_of_a_product(store):
    for code in ("N1", "N2", "N3"):
        place = await made(store.ours, "locations", code=code, name=code)
        await made(
            store.ours,
            "inventory/adjustments",
            location_id=place["id"],
            product_id=str(store.ours.retailer.coffee),
            change=1,
            reason="received",
        )

    page = await listed(store.ours, "inventory", limit=1)
    seen = [page["data"][0]["id"]]
    while page["has_more"]:
        page = await listed(store.ours, "inventory", limit=1, starting_after=seen[-1])
        seen.append(page["data"][0]["id"])

    assert len(seen) == len(set(seen)) == 4


async def test_a_customer_is_made_found_and_changed_and_has_points(store):
    customer = await made(store.ours, "customers", first_name="Alan", email="alan@example.com", phone="+44 20 7946")

    changed = await store.ours.client.patch(f"/v1/customers/{customer['id']}", json={"last_name": "Turing"})

    assert (changed.json()["first_name"], changed.json()["last_name"]) == ("Alan", "Turing")
    assert (await listed(store.ours, "customers", search="alan@example.com"))["data"] == [changed.json()]
    assert (await listed(store.ours, f"customers/{customer['id']}/loyalty"))["data"] == []


async def test_points_are_listed_newest_first_and_page_by_page(store):
    retailer = store.ours.retailer
    await store.ours.sell(retailer.cash_cart(customer_id=str(retailer.customer)))

    newest = await listed(store.ours, f"customers/{retailer.customer}/loyalty", limit=1)
    older = await listed(
        store.ours,
        f"customers/{retailer.customer}/loyalty",
        limit=1,
        starting_after=newest["data"][0]["entry_number"],
    )

    assert (newest["has_more"], older["has_more"]) == (True, False)
    assert [row["data"][0]["transaction_type"] for row in (newest, older)] == ["earned", "adjusted"]
    assert [row["data"][0]["balance_after"] for row in (newest, older)] == [110, 100]


async def test_an_inactive_customer_is_refused_at_the_till(store):
    retailer = store.ours.retailer
    await store.ours.client.patch(f"/v1/customers/{retailer.customer}", json={"is_active": False})

    response = await store.ours.sell(retailer.cash_cart(customer_id=str(retailer.customer)))

    assert (response.status_code, response.json()["code"]) == (409, "customer_inactive")


async def test_a_terminal_is_configured_checked_and_charged_and_its_key_is_never_shown(store, simulator_url):
    retailer = store.ours.retailer
    processor = await made(
        store.ours,
        "processors",
        location_id=str(retailer.location),
        name="New",
        settings={"base_url": simulator_url, "tpn": store.lane.tpn, "mode": "auth_capture"},
        auth_key="K3Y0123456",
    )

    checked = await store.ours.client.post(f"/v1/processors/{processor['id']}/check")
    sold = await store.ours.sell(retailer.cart(tenders=[{"type": "card", "processor_id": processor["id"]}]))

    assert (processor["health"], checked.json()["health"], checked.json()["is_working"]) == ("amber", "green", False)
    assert sold.status_code == 201
    assert "K3Y0123456" not in str(await listed(store.ours, "processors"))
    assert (
        b"K3Y0123456"
        not in (
            await store.execute("select credentials from ringup.payment_processors where id = %s", processor["id"])
        )[0][0]
    )


async def test_a_changed_terminal_keeps_the_credentials_it_has(store):
    terminal = store.ours.retailer.terminal
    settings = {"base_url": "http://127.0.0.1:9", "tpn": "TERMINAL01", "mode": "sale"}

    changed = await store.ours.client.patch(f"/v1/processors/{terminal}", json={"name": "Moved", "settings": settings})

    assert (changed.json()["processor_name"], changed.json()["settings"]["tpn"]) == ("Moved", "TERMINAL01")
    kept = await store.execute("select credentials is not null from ringup.payment_processors where id = %s", terminal)
    assert kept == [(True,)]


async def test_a_terminal_that_does_not_answer_is_red(store):
    terminal = store.ours.retailer.terminal
    settings = {"base_url": "http://127.0.0.1:9", "tpn": "TERMINAL01", "mode": "sale"}
    await store.ours.client.patch(f"/v1/processors/{terminal}", json={"settings": settings})

    checked = await store.ours.client.post(f"/v1/processors/{terminal}/check")

    assert (checked.json()["health"], checked.json()["last_health_status"]) == ("red", "unreachable")


@pytest.mark.parametrize(
    "base_url", ["ftp://terminal", "terminal.local", "file:///etc/passwd", "", "http://", "http://a:99999999"]
)
async def test_a_terminal_is_reached_over_http_only(counter, base_url):
    settings = {"base_url": base_url, "tpn": "TERMINAL01", "mode": "sale"}

    response = await counter.client.patch(f"/v1/processors/{counter.retailer.terminal}", json={"settings": settings})

    assert response.status_code == 422


async def test_a_store_with_a_till_is_made(store):
    place = await made(store.ours, "locations", code="N1", name="North")
    till = await made(store.ours, "registers", location_id=place["id"], name="Till 1")

    found = await listed(store.ours, "registers", location_id=place["id"])

    assert [row["id"] for row in found["data"]] == [till["id"]]
    again = await store.ours.client.post("/v1/locations", json={"code": "N1", "name": "North"})
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


@pytest.mark.parametrize("noun", ["products", "customers", "processors", "registers", "checkouts"])
async def test_a_row_that_is_not_there_is_404(counter, noun):
    response = await counter.client.get(f"/v1/{noun}/{uuid.uuid4()}")

    assert response.status_code == 404
    assert response.json()["code"].endswith("_not_found")


async def test_orders_are_listed_newest_first_and_page_by_page(store):
    retailer = store.ours.retailer
    sold = [(await store.ours.sell(retailer.cash_cart())).json()["id"] for _ in range(3)]

    first = await listed(store.ours, "checkouts", limit=2)
    second = await listed(store.ours, "orders", limit=2, starting_after=first["data"][-1]["id"])

    assert [row["id"] for row in first["data"] + second["data"]] == sold[::-1]
    assert (first["object"], first["has_more"], second["has_more"]) == ("list", True, False)
    assert (await listed(store.ours, "orders", status="cancelled"))["data"] == []
    assert (await listed(store.ours, "orders", customer_id=str(retailer.customer)))["data"] == []
    assert (await listed(store.ours, "orders", starting_after=str(uuid.uuid4())))["data"] == []
    assert (await store.ours.client.get(f"/v1/orders/{sold[0]}")).json()["id"] == sold[0]


async def test_keys_are_listed_page_by_page(store):
    first = await listed(store.ours, "api-keys", limit=1)

    rest = await listed(store.ours, "api-keys", limit=1, starting_after=first["data"][0]["id"])

    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert first["data"][0]["id"] != rest["data"][0]["id"]
    assert (await listed(store.ours, "api-keys", starting_after=str(uuid.uuid4())))["data"] == []
