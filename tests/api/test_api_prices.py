"""Prices over HTTP: taxes and coupons are set, a cart says what it wants off, and everybody is told the same."""

import pytest
from test_api_staff import approve, come_in, hire, refused

NINETEEN = {"name": "VAT", "percent": "19", "is_included": True}
TENTH = {"code": "tenth", "name": "Thank you", "starts_at": "2020-01-01T00:00:00Z", "percent": "10", "use_limit": 1}


async def tax(till, code="STATE", **form):
    answer = await till.client.put(f"/v1/tax-rates/{code}", json={"name": "State", "percent": "8.875"} | form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def make_coupon(till, **form):
    answer = await till.client.post("/v1/coupons", json=TENTH | form)
    assert answer.status_code == 201, answer.text
    return answer.json()


def everything(retailer):
    """Two lines, a discount of one and of the sale, a coupon and points, for cash."""
    return retailer.cash_cart(
        customer_id=str(retailer.customer),
        lines=[
            {"sku": "COF-250", "quantity": 3, "discount_percent": "12.5", "reason": "dented"},
            {"sku": "TEA", "quantity": 1},
        ],
        discounts=[{"amount_minor": 101, "reason": "waited long"}],
        coupons=["TENTH"],
        loyalty={"redeem_points": 33},
    )


TOLD = (
    *("subtotal_minor", "discount_minor", "tax_minor", "tax_included_minor", "tip_minor", "total_minor"),
    *("discounts", "taxes", "tax_exemption"),
)


async def test_preflight_checkout_receipt_and_report_say_the_same(store):
    till = store.ours
    await tax(till)
    await tax(till, "VAT", **NINETEEN, tax_categories=["standard"])
    await tax(till, "CITY", name="City", percent="1.5", is_compound=True, position=2)
    coupon = await make_coupon(till, use_limit=2)
    cart = everything(till.retailer)

    tried = (await till.client.post("/v1/checkouts/preflight", json=cart)).json()
    sold = (await till.sell(cart)).json()
    read = (await till.client.get(f"/v1/checkouts/{sold['id']}")).json()
    receipt = (await till.client.get(sold["receipt_url"])).text
    taxes = (await till.client.get("/v1/reports/taxes")).json()
    discounts = (await till.client.get("/v1/reports/discounts")).json()
    used = (await till.client.get(f"/v1/coupons/{coupon['id']}")).json()

    assert sold["status"] == "completed"
    assert {name: tried[name] for name in TOLD} == {name: sold[name] for name in TOLD} == {n: read[n] for n in TOLD}
    assert tried["lines"] == sold["lines"] == read["lines"]
    assert tried["points"]["points_to_earn"] == sold["loyalty"]["points_earned"]
    # 32.50, less 3.75, less 1.01, less a tenth of 27.74, less 0.33 of points.
    assert [discount["amount_minor"] for discount in sold["discounts"]] == [375, 101, 277]
    assert (sold["subtotal_minor"], sold["discount_minor"]) == (3250, 786)
    assert sold["tax_minor"] == sum(line["tax_minor"] for line in sold["lines"])
    told = {rate["code"]: (rate["base_minor"], rate["tax_minor"]) for rate in sold["taxes"]}
    assert {row["code"]: (row["base_minor"], row["tax_minor"]) for row in taxes["data"]} == told
    assert taxes["total"]["tax_minor"] == sold["tax_minor"]
    assert discounts["total"]["amount_minor"] == 375 + 101 + 277
    assert (used["used"], used["held"], used["taken_off_minor"]) == (1, 0, 277)
    printed = [line.split() for line in receipt.splitlines()]
    assert ["Total", "USD", f"{sold['total_minor'] / 100:.2f}"] in printed
    assert ["discount", "12.5", "%,", "dented", "-3.75"] in printed
    assert ["Discount,", "waited", "long", "-1.01"] in printed
    assert ["Thank", "you", "10", "%", "-2.77"] in printed
    assert ["State", "8.875", "%", f"{told['STATE'][1] / 100:.2f}"] in printed
    assert ["of", "it", "VAT", "19", "%", f"{told['VAT'][1] / 100:.2f}"] in printed


async def test_a_rate_is_set_in_versions_and_listed(store):
    till = store.ours

    first = await tax(till, percent="8")
    later = await tax(till, percent="9", valid_from="2090-01-01T00:00:00Z")
    listed = (await till.client.get("/v1/tax-rates", params={"limit": 1})).json()
    rest = (await till.client.get("/v1/tax-rates", params={"starting_after": listed["data"][0]["id"]})).json()

    assert (first["percent"], first["is_in_force"], later["is_in_force"]) == ("8", True, False)
    assert listed["has_more"] and listed["data"] == [first]
    assert (rest["data"], rest["has_more"]) == ([later], False)
    assert (await store.theirs.client.get("/v1/tax-rates")).json()["data"] == []
    past = await till.client.put("/v1/tax-rates/VAT", json=NINETEEN | {"valid_from": "2020-01-01T00:00:00Z"})
    assert refused(past) == (422, "tax_rate_invalid")


async def test_rounding_is_said_by_the_vendor(store):
    till = store.ours

    before = (await till.client.get("/v1/price-settings")).json()
    after = (await till.client.put("/v1/price-settings", json={"tax_rounding": "order"})).json()

    assert (before["tax_rounding"], after["tax_rounding"]) == ("line", "order")
    assert (await store.theirs.client.get("/v1/price-settings")).json()["tax_rounding"] == "line"


async def test_goods_have_a_tax_category(store):
    till = store.ours
    await tax(till, tax_categories=["food"])
    address = f"/v1/products/{till.retailer.tea}"

    before = (await till.client.get(address)).json()
    changed = (await till.client.patch(address, json={"tax_category": "food"})).json()
    sold = (await till.sell(till.retailer.cash_cart(lines=[{"sku": "TEA", "quantity": 4}]))).json()

    assert (before["tax_category"], changed["tax_category"]) == ("standard", "food")
    assert (sold["tax_minor"], sold["total_minor"]) == (89, 1089)


async def test_an_exempt_customer_and_an_exempt_sale_pay_no_tax(store):
    till = store.ours
    await tax(till)
    customer = str(till.retailer.customer)
    address = f"/v1/customers/{customer}/tax-exemption"
    paper = {"reason": "school", "certificate_number": "S-17"}

    noted = (await till.client.put(address, json=paper)).json()
    by_customer = (await till.sell(till.retailer.cash_cart(customer_id=customer))).json()
    gone = (await till.client.delete(address)).json()
    taxed = (await till.sell(till.retailer.cash_cart(customer_id=customer))).json()
    by_paper = (await till.sell(till.retailer.cash_cart(tax_exemption=paper))).json()
    receipt = (await till.client.get(by_paper["receipt_url"])).text
    report = (await till.client.get("/v1/reports/taxes")).json()

    assert (noted["is_exempt"], gone["is_exempt"]) == (True, False)
    assert [sale["total_minor"] for sale in (by_customer, taxed, by_paper)] == [1000, 1089, 1000]
    assert by_customer["tax_exemption"] == by_paper["tax_exemption"] == paper
    assert "Without tax: school (S-17)" in receipt
    assert {row["code"]: (row["sales"], row["base_minor"]) for row in report["data"]} == {
        "STATE": (1, 1000),
        "exempt": (2, 2000),
    }
    nobody = "/v1/customers/00000000-0000-7000-8000-000000000000/tax-exemption"
    assert refused(await till.client.get(nobody)) == (404, "customer_not_found")


async def test_a_coupon_is_made_used_up_and_ended(store):
    till = store.ours
    made = await make_coupon(till)
    cart = till.retailer.cash_cart(coupons=["Tenth"])

    assert (await till.sell(cart)).json()["total_minor"] == 900
    assert refused(await till.sell(cart)) == (409, "coupon_used_up")
    changed = await till.client.put(f"/v1/coupons/{made['id']}", json=TENTH | {"use_limit": 2})
    assert (changed.json()["use_limit"], changed.json()["used"]) == (2, 1)
    assert (await till.client.post(f"/v1/coupons/{made['id']}/end")).json()["is_active"] is False
    assert refused(await till.sell(cart)) == (409, "coupon_expired")
    assert refused(await store.theirs.client.get(f"/v1/coupons/{made['id']}")) == (404, "coupon_not_found")
    assert refused(await till.client.post("/v1/coupons", json=TENTH)) == (409, "already_exists")
    assert [row["id"] for row in (await till.client.get("/v1/coupons")).json()["data"]] == [made["id"]]


@pytest.mark.parametrize(
    ("member", "answer"),
    [
        pytest.param({"coupons": ["NONE"]}, (404, "coupon_not_found"), id="no such coupon"),
        pytest.param({"discounts": [{"reason": "x"}]}, (422, "discount_invalid"), id="nothing off"),
        pytest.param(
            {"discounts": [{"reason": "x", "amount_minor": 1001}]}, (422, "discount_too_large"), id="more than all"
        ),
        pytest.param({"discounts": [{"amount_minor": 1}]}, (422, "invalid_request"), id="no reason"),
        pytest.param(
            {"discounts": [{"reason": "x", "percent": 5}]}, (422, "invalid_request"), id="a number for a percentage"
        ),
        pytest.param({"tax_exemption": {"reason": "x"}}, (422, "invalid_request"), id="no certificate"),
    ],
)
async def test_a_cart_that_asks_for_what_cannot_be_is_refused_by_name(counter, member, answer):
    assert refused(await counter.sell(counter.retailer.cash_cart(**member))) == answer


async def test_a_cashier_calls_the_manager_for_a_discount(store):
    till = store.ours
    bob, mia = await hire(till, "Bob"), await hire(till, "Mia", "manager", pin="820364")
    at_the_till = await come_in(till, bob)
    cart = till.retailer.cash_cart(
        lines=[{"sku": "COF-250", "quantity": 1, "discount_minor": 500}],
        discounts=[{"percent": "50", "reason": "last day"}],
    )
    approvals = []

    alone = await till.sell(cart, key="one", **at_the_till)
    for action, amount, basis in (("line_discount", 500, 1000), ("order_discount", 250, 500)):
        asked = {"action": action, "amount_minor": amount, "basis_minor": basis}
        approvals.append((await approve(till, at_the_till, mia, pin="820364", **asked)).json()["id"])
    one = await till.sell(cart, key="one", **at_the_till, **{"Ringup-Approval": approvals[0]})
    tried = await till.client.post(
        "/v1/checkouts/preflight", json=cart, headers=at_the_till | {"Ringup-Approval": ", ".join(approvals)}
    )
    both = await till.sell(cart, key="one", **at_the_till, **{"Ringup-Approval": ", ".join(approvals)})
    again = await till.sell(cart, key="one", **at_the_till)
    report = (await till.client.get("/v1/reports/discounts")).json()

    assert refused(alone) == (403, "approval_needed")
    assert [person["name"] for person in alone.json()["may_approve"]] == ["Mia"]
    assert refused(one) == (403, "approval_refused")
    assert (tried.status_code, both.status_code, again.status_code) == (200, 201, 201)
    assert both.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"
    assert both.json()["total_minor"] == 250
    assert {(row["kind"], row["given_by"], row["amount_minor"]) for row in report["data"]} == {
        ("line", "Bob", 500),
        ("order", "Bob", 250),
    }
    log = (await till.client.get("/v1/audit-log", params={"search": "line_discount"})).json()["data"]
    assert [(row["actor"], row["approved_by"]) for row in log if row["action"] == "line_discount"] == [
        ("staff:Bob", "staff:Mia")
    ]


async def test_a_key_that_may_not_set_prices_sets_none(store):
    client = store.ours.client
    client.headers["Authorization"] = f"Bearer {store.ours.retailer.cashier_token}"

    for method, address, form in (
        ("PUT", "/v1/tax-rates/VAT", NINETEEN),
        ("POST", "/v1/coupons", TENTH),
        ("PUT", "/v1/price-settings", {"tax_rounding": "order"}),
        ("GET", "/v1/tax-rates", None),
    ):
        assert refused(await client.request(method, address, json=form)) == (403, "scope_missing")
