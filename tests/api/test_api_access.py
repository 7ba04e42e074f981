"""Who may come in, what they may do there, and that nobody sees another retailer's shop."""

import uuid

import pytest

from ringup.api.authentication import SCOPES
from storefront import make_key

OPERATIONS = {
    "checkouts:read": [
        "GET /v1/checkouts",
        "GET /v1/checkouts/{id}",
        "GET /v1/checkouts/{id}/events",
        "GET /v1/orders",
        "GET /v1/orders/{id}",
        "GET /v1/orders/{id}/receipt",
        "GET /v1/orders/{id}/receipt/mails",
        "GET /v1/orders/{id}/refunds",
        "GET /v1/refunds",
        "GET /v1/refunds/{id}",
        "GET /v1/refunds/{id}/receipt",
        "GET /v1/exchanges/{id}",
    ],
    "checkouts:write": [
        "POST /v1/checkouts/{id}/tenders",
        "POST /v1/orders/{id}/tip",
        "POST /v1/checkouts",
        "POST /v1/checkouts/preflight",
        "POST /v1/checkouts/{id}/cancel",
        "POST /v1/orders/{id}/receipt/prints",
        "POST /v1/orders/{id}/receipt/mails",
        "POST /v1/orders/{id}/exchanges",
        "POST /v1/orders/{id}/exchanges/preview",
    ],
    "products:read": ["GET /v1/products", "GET /v1/products/{id}"],
    "products:write": ["POST /v1/products", "PATCH /v1/products/{id}"],
    "inventory:read": [
        "GET /v1/inventory",
        "GET /v1/inventory/documents",
        "GET /v1/inventory/documents/{id}",
        "GET /v1/inventory/movements",
    ],
    "inventory:write": [
        "POST /v1/inventory/adjustments",
        "POST /v1/inventory/receivings",
        "POST /v1/inventory/counts",
        "POST /v1/inventory/transfers",
        "POST /v1/inventory/transfers/{id}/arrival",
    ],
    "customers:read": [
        "GET /v1/customers",
        "GET /v1/customers/{id}",
        "GET /v1/customers/{id}/loyalty",
        "GET /v1/customers/{id}/tax-exemption",
    ],
    "customers:write": [
        "POST /v1/customers",
        "PATCH /v1/customers/{id}",
        "PUT /v1/customers/{id}/tax-exemption",
        "DELETE /v1/customers/{id}/tax-exemption",
    ],
    "loyalty:read": [
        "GET /v1/customers/{id}/points",
        "GET /v1/customers/{id}/points/lots",
        "POST /v1/loyalty/preview",
        "GET /v1/loyalty/programmes",
        "GET /v1/loyalty/campaigns",
        "GET /v1/loyalty/campaigns/{id}",
        "GET /v1/loyalty/queue",
        "GET /v1/loyalty/queue/{id}",
        "GET /v1/switches",
        "GET /v1/reports/points-activity",
        "GET /v1/reports/points-by-day",
        "GET /v1/reports/points-liability",
    ],
    "loyalty:write": [
        "POST /v1/customers/{id}/points/adjustments",
        "POST /v1/customers/{id}/merge",
        "POST /v1/loyalty/programmes",
        "POST /v1/loyalty/campaigns",
        "PUT /v1/loyalty/campaigns/{id}",
        "POST /v1/loyalty/campaigns/{id}/end",
        "POST /v1/loyalty/queue/{id}/retry",
        "POST /v1/loyalty/queue/{id}/resolve",
        "PUT /v1/switches/{name}",
    ],
    "processors:read": ["GET /v1/processors", "GET /v1/processors/{id}"],
    "processors:write": ["POST /v1/processors", "PATCH /v1/processors/{id}", "POST /v1/processors/{id}/check"],
    "registers:read": [
        "GET /v1/registers",
        "GET /v1/registers/{id}",
        "GET /v1/register-sessions",
        "GET /v1/register-sessions/{id}",
        "GET /v1/register-sessions/{id}/report",
        "GET /v1/register-session-rules",
    ],
    "registers:write": [
        "POST /v1/registers",
        "POST /v1/registers/{id}/sessions",
        "POST /v1/register-sessions/{id}/movements",
        "POST /v1/register-sessions/{id}/counts",
        "POST /v1/register-sessions/{id}/close",
        "PUT /v1/register-session-rules",
    ],
    "locations:read": ["GET /v1/locations"],
    "locations:write": ["POST /v1/locations", "PUT /v1/locations/{id}/receipt-texts"],
    "reports:read": [
        "GET /v1/reports/limbo",
        "GET /v1/reports/orphans",
        "GET /v1/reports/payment-success",
        "GET /v1/reports/order-completion",
        "GET /v1/reports/terminal-success",
        "GET /v1/reports/terminal-health",
        "GET /v1/reports/failures",
        "GET /v1/reports/taxes",
        "GET /v1/reports/discounts",
    ],
    "recovery:read": [
        "GET /v1/reports/audit",
        "GET /v1/reconciliation/items",
        "GET /v1/reconciliation/items/{id}",
    ],
    "recovery:write": ["POST /v1/payments/{id}/decision", "POST /v1/reconciliation/items/{id}/resolve"],
    "staff:read": ["GET /v1/staff", "GET /v1/staff/{id}", "GET /v1/staff/rules"],
    "staff:write": [
        "POST /v1/staff",
        "PATCH /v1/staff/{id}",
        "PUT /v1/staff/{id}/pin",
        "PUT /v1/staff/rules/{role}/{action}",
        "DELETE /v1/staff/rules/{role}/{action}",
    ],
    "staff:sign_in": ["POST /v1/staff/sign-in", "POST /v1/staff/sign-out", "POST /v1/approvals"],
    "audit:read": ["GET /v1/audit-log"],
    "keys:read": ["GET /v1/api-keys"],
    "keys:write": ["POST /v1/api-keys", "DELETE /v1/api-keys/{id}"],
    "refunds:write": [
        "POST /v1/orders/{id}/refunds",
        "POST /v1/orders/{id}/refunds/preview",
        "POST /v1/refunds/{id}/tender",
        "POST /v1/refunds/{id}/cancel",
        "POST /v1/orders/{id}/exchanges",
        "POST /v1/orders/{id}/exchanges/preview",
    ],
    "prices:read": [
        "GET /v1/tax-rates",
        "GET /v1/price-settings",
        "GET /v1/coupons",
        "GET /v1/coupons/{id}",
        "GET /v1/cash-rule",
    ],
    "prices:write": [
        "PUT /v1/tax-rates/{code}",
        "PUT /v1/price-settings",
        "POST /v1/coupons",
        "PUT /v1/coupons/{id}",
        "POST /v1/coupons/{id}/end",
        "PUT /v1/cash-rule",
        "DELETE /v1/cash-rule",
    ],
    "gift_cards:read": [
        "GET /v1/gift-cards",
        "POST /v1/gift-card-lookups",
        "GET /v1/gift-cards/{id}",
        "GET /v1/gift-cards/{id}/transactions",
        "GET /v1/customers/{id}/store-credit",
        "GET /v1/customers/{id}/store-credit/transactions",
    ],
    "gift_cards:write": [
        "POST /v1/gift-cards",
        "PUT /v1/gift-cards/{id}",
        "POST /v1/gift-cards/{id}/adjustments",
        "POST /v1/customers/{id}/store-credit",
        "POST /v1/customers/{id}/store-credit/adjustments",
    ],
}
PUBLIC = {"GET /healthz", "GET /readyz", "GET /problems/{code}"}


async def call(client, operation, row_id):
    method, path = operation.split()
    return await client.request(method, path.replace("{id}", str(row_id)))


async def test_every_operation_is_in_the_table_of_scopes(counter):
    document = (await counter.client.get("/openapi.json")).json()

    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    needed: dict[str, list[str]] = {}
    for scope, found in OPERATIONS.items():
        for operation in found:
            needed.setdefault(operation, []).append(scope)
    expected = {operation: [{"ApiKey": scopes}] for operation, scopes in needed.items()}
    assert {name: found.get("security") for name, found in operations.items() if name not in PUBLIC} == expected


@pytest.mark.parametrize("scope", OPERATIONS)
async def test_a_key_without_the_scope_is_403_whether_or_not_the_row_exists(store, scope):
    token = await make_key(
        store.shop, store.ours.retailer.vendor, [other for other in SCOPES if other not in ("*", scope)]
    )

    async with store.client(token) as client:
        answers = [
            await call(client, operation, row_id)
            for operation in OPERATIONS[scope]
            for row_id in (uuid.uuid4(), store.ours.retailer.coffee)
        ]

    assert {answer.json()["code"] for answer in answers} == {"scope_missing"}
    assert {answer.status_code for answer in answers} == {403}
    assert all(scope in answer.json()["detail"] for answer in answers)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer rk_unknown_secret",
        "Basic cms6eA==",
        "Bearer \x00",
        "Bearer " + "a" * 5000,
    ],
    ids=["none", "empty", "no token", "blank", "unknown", "basic", "NUL", "endless"],
)
async def test_without_a_valid_key_everything_is_401(counter, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    del counter.client.headers["Authorization"]

    response = await counter.client.get("/v1/products", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_key_with_another_secret_is_401(counter):
    token = counter.retailer.token

    response = await counter.client.get(
        "/v1/products", headers={"Authorization": f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}"}
    )

    assert response.status_code == 401


OTHER_VENDORS = {
    "a checkout": ("GET", "/v1/checkouts/{sold}", None),
    "its events": ("GET", "/v1/checkouts/{sold}/events", None),
    "its end": ("POST", "/v1/checkouts/{sold}/cancel", None),
    "an order": ("GET", "/v1/orders/{sold}", None),
    "a receipt": ("GET", "/v1/orders/{sold}/receipt", None),
    "its print": ("POST", "/v1/orders/{sold}/receipt/prints", {"print_id": "01980000-0000-7000-8000-000000000001"}),
    "its mails": ("GET", "/v1/orders/{sold}/receipt/mails", None),
    "a store's lines": ("PUT", "/v1/locations/{location}/receipt-texts", {"header": "X"}),
    "a product": ("GET", "/v1/products/{coffee}", None),
    "its price": ("PATCH", "/v1/products/{coffee}", {"price_minor": 1}),
    "a customer": ("GET", "/v1/customers/{customer}", None),
    "a customer's name": ("PATCH", "/v1/customers/{customer}", {"first_name": "X"}),
    "a customer's points": ("GET", "/v1/customers/{customer}/loyalty", None),
    "a terminal": ("GET", "/v1/processors/{terminal}", None),
    "a terminal's name": ("PATCH", "/v1/processors/{terminal}", {"name": "X"}),
    "a terminal's health": ("POST", "/v1/processors/{terminal}/check", None),
    "a register": ("GET", "/v1/registers/{register}", None),
    "a shift": (
        "POST",
        "/v1/registers/{closed_register}/sessions",
        {"opened_by": "Eve", "opening_float_minor": 0},
    ),
    "its row": ("GET", "/v1/register-sessions/{session}", None),
    "its report": ("GET", "/v1/register-sessions/{session}/report", None),
    "its drawer": (
        "POST",
        "/v1/register-sessions/{session}/movements",
        {"movement_id": "{key}", "kind": "paid_in", "amount_minor": 5, "reason": "X"},
    ),
    "its count": ("POST", "/v1/register-sessions/{session}/counts", {"count_id": "{key}", "denominations": []}),
    "the end of a shift": ("POST", "/v1/register-sessions/{session}/close", {"count_id": "{key}"}),
    "a register in a store": ("POST", "/v1/registers", {"location_id": "{location}", "name": "X"}),
    "stock": (
        "POST",
        "/v1/inventory/adjustments",
        {"location_id": "{location}", "product_id": "{coffee}", "change": 1, "reason": "adjusted", "note": "X"},
    ),
    "a stock document": ("GET", "/v1/inventory/documents/{key}", None),
    "an arrival": ("POST", "/v1/inventory/transfers/{key}/arrival", {"document_id": "{key}", "lines": []}),
    "a key": ("DELETE", "/v1/api-keys/{key}", None),
}


async def test_whatever_is_another_vendors_is_404(store):
    sold = (await store.ours.sell(store.ours.retailer.cash_cart())).json()["id"]
    ids = {**store.ours.retailer.ids, "sold": sold}

    def named(text):
        return text.format(**ids)

    answers = {}
    for name, (method, path, body) in OTHER_VENDORS.items():
        filled = body and {key: named(text) if isinstance(text, str) else text for key, text in body.items()}
        answers[name] = (await store.theirs.client.request(method, named(path), json=filled)).status_code

    assert answers == dict.fromkeys(OTHER_VENDORS, 404)


@pytest.mark.parametrize("member", ["location_id", "register_id", "customer_id"])
async def test_a_sale_cannot_name_what_is_another_vendors(store, member):
    theirs = store.theirs.retailer.ids
    cart = store.ours.retailer.cash_cart(**{member: theirs[member.removesuffix("_id")]})

    response = await store.ours.sell(cart)

    assert response.status_code == 404


async def test_lists_show_only_ones_own(store):
    await store.ours.sell(store.ours.retailer.cash_cart())
    nouns = (
        "checkouts",
        "orders",
        "products",
        "inventory",
        "customers",
        "processors",
        "registers",
        "locations",
        "api-keys",
    )

    ours, theirs = [await rows_of(till, nouns) for till in (store.ours, store.theirs)]

    assert ours and theirs and not ours & theirs


async def rows_of(till, nouns):
    return {row["id"] for noun in nouns for row in (await till.client.get(f"/v1/{noun}")).json()["data"]}


async def test_a_key_is_made_shown_once_used_and_revoked(store):
    made = await store.ours.client.post(
        "/v1/api-keys", json={"name": "iPad", "scopes": ["products:read"], "expires_at": "2999-01-01T00:00:00Z"}
    )
    key = made.json()

    async with store.client(key["token"]) as client:
        before = await client.get("/v1/products")
        revoked = await store.ours.client.delete(f"/v1/api-keys/{key['id']}")
        after = await client.get("/v1/products")

    assert (made.status_code, before.status_code, revoked.status_code, after.status_code) == (201, 200, 204, 401)
    listed = (await store.ours.client.get("/v1/api-keys")).json()["data"]
    assert {row["name"]: row["revoked_at"] is not None for row in listed}["iPad"]
    assert all("token" not in row and "secret_hash" not in row for row in listed)


async def test_a_key_that_expired_is_401(store):
    made = await store.ours.client.post(
        "/v1/api-keys", json={"name": "old", "scopes": ["*"], "expires_at": "2001-01-01T00:00:00+02:00"}
    )

    async with store.client(made.json()["token"]) as client:
        assert (await client.get("/v1/products")).status_code == 401


async def test_a_key_cannot_give_more_than_it_has(store):
    token = await make_key(store.shop, store.ours.retailer.vendor, ["keys:write", "products:read"])

    async with store.client(token) as client:
        more = await client.post("/v1/api-keys", json={"name": "x", "scopes": ["products:read", "*"]})
        same = await client.post("/v1/api-keys", json={"name": "x", "scopes": ["products:read"]})

    assert (more.status_code, more.json()["code"], same.status_code) == (403, "scope_missing", 201)
