"""What is malformed is refused before anything happens, and never repeated in the answer."""

import json

import pytest

from storefront import Retailer

CARD = "4111111111111111"
UUID = "01a203a5-a4ac-7028-a1a2-f43b681fb7f6"


def line(**changes):
    return {"lines": [{"sku": "TEA", "quantity": 1, **changes}]}


def tender(**changes):
    return {"tenders": [{"type": "cash", **changes}]}


INVALID = {
    "a quantity of zero": line(quantity=0),
    "a negative quantity": line(quantity=-1),
    "a huge quantity": line(quantity=1_000_001),
    "a fractional quantity": line(quantity=1.5),
    "a quantity as a float": line(quantity=2.0),
    "a quantity as a text": line(quantity="2"),
    "a quantity that is true": line(quantity=True),
    "a quantity of null": line(quantity=None),
    "a negative discount": line(discount_minor=-1),
    "a discount as a float": line(discount_minor=1.0),
    "a price beyond all prices": line(unit_price_minor=10**12 + 1),
    "no product": {"lines": [{"quantity": 1}]},
    "two products in a line": line(product_id=UUID),
    "an empty SKU": line(sku=""),
    "a SKU that is too long": line(sku="x" * 101),
    "a member nobody knows": line(price=5),
    "no lines": {"lines": []},
    "lines that are no list": {"lines": {"sku": "TEA"}},
    "1001 lines": {"lines": [{"sku": "TEA", "quantity": 1}] * 1001},
    "an id that is none": {"location_id": "main street"},
    "an id that is a number": {"location_id": 7},
    "an amount of zero": tender(amount_minor=0),
    "a negative amount": tender(amount_minor=-250),
    "an amount beyond all amounts": tender(amount_minor=10**12 + 1),
    "an amount as a float": tender(amount_minor=250.0),
    "an amount that is true": tender(amount_minor=True),
    "a tender of an unknown type": tender(type="cheque"),
    "a tender without a type": {"tenders": [{"amount_minor": 250}]},
    "a card without a terminal": {"tenders": [{"type": "card"}]},
    "cash with a terminal": tender(processor_id=UUID),
    "external without a reference": {"tenders": [{"type": "external", "reason": "no terminal"}]},
    "external without a reason": {"tenders": [{"type": "external", "reference": "slip 17"}]},
    "21 tenders": {"tenders": [{"type": "cash", "amount_minor": 1}] * 21},
    "points below zero": {"loyalty": {"redeem_points": -1}},
    "points beyond all points": {"loyalty": {"redeem_points": 2**31}},
    "half a point": {"loyalty": {"redeem_points": 10.5}},
    "points as a float": {"loyalty": {"redeem_points": 10.0}},
    "points as a text": {"loyalty": {"redeem_points": "10"}},
    "points of one's own": {"loyalty": {"earn_points": 100}},
    "a negative tip": {"tip_minor": -1},
    "a tip as a text": {"tip_minor": "5"},
    "a currency that is a word": {"currency": "dollar"},
    "metadata that is nested": {"metadata": {"a": {"b": "c"}}},
    "metadata with a number": {"metadata": {"a": 1}},
    "metadata that is too long": {"metadata": {"a": "x" * 501}},
    "51 pieces of metadata": {"metadata": {f"name {n}": "x" for n in range(51)}},
    "a total that the client states": {"total_minor": 1},
}

CONTRADICTIONS = {
    "tenders that are too little": (tender(amount_minor=249), "tenders_do_not_add_up"),
    "tenders that are too much": (tender(amount_minor=251), "tenders_do_not_add_up"),
    "two tenders that take the rest": (
        {"tenders": [{"type": "cash"}, {"type": "cash"}]},
        "tenders_do_not_add_up",
    ),
    "no tender where something is due": ({"tenders": []}, "tenders_do_not_add_up"),
    "less handed over than is due": (tender(tendered_minor=249), "tenders_do_not_add_up"),
    "a currency that there is not": ({"currency": "XXQ"}, "currency_mismatch"),
    "another vendor's currency": ({"currency": "JPY"}, "currency_mismatch"),
    "a discount larger than the line": (line(discount_minor=251), "discount_too_large"),
    "points without a customer": ({"loyalty": {"redeem_points": 1}}, "redemption_too_large"),
    "more than any total": ({"tip_minor": 10**12}, "amount_out_of_range"),
}

UNKNOWN = {
    "a SKU": (line(sku="NO-SUCH"), "product_not_found"),
    "a product": ({"lines": [{"product_id": UUID, "quantity": 1}]}, "product_not_found"),
    "a location": ({"location_id": UUID}, "location_not_found"),
    "a register": ({"register_id": UUID}, "register_not_found"),
    "a customer": ({"customer_id": UUID}, "customer_not_found"),
    "a terminal": ({"tenders": [{"type": "card", "processor_id": UUID}]}, "processor_not_found"),
}

BROKEN = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"cart"',
    "not a number": b'{"tip_minor": NaN}',
    "infinity": b'{"tip_minor": 1e999}',
    "an endless number": b'{"tip_minor": ' + b"9" * 5000 + b"}",
    "a thousand brackets": b"[" * 1000,
    "ninety thousand brackets": b"[" * 90_000,
    "deep but closed": b'{"metadata": ' + b"[" * 100 + b"]" * 100 + b"}",
    "the same member twice": b'{"tip_minor": 1, "tip_minor": 2}',
    "not UTF-8": b'{"currency": "\xff"}',
    "a NUL": b'{"currency": "A\\u0000"}',
    "a NUL in a name": b'{"A\\u0000": 1}',
    "half a surrogate pair": b'{"currency": "\\ud800"}',
}


def cart_with(retailer: Retailer, changes):
    return {**retailer.cash_cart(lines=[{"sku": "TEA", "quantity": 1}]), **changes}


@pytest.mark.parametrize("changes", INVALID.values(), ids=INVALID.keys())
async def test_a_cart_of_another_form_is_422(counter, changes):
    response = await counter.sell(cart_with(counter.retailer, changes))

    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "invalid_request")
    assert all(set(error) == {"loc", "msg", "type"} for error in problem["errors"])


@pytest.mark.parametrize(("changes", "code"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
async def test_a_cart_that_contradicts_itself_or_the_shop_is_422(counter, changes, code):
    response = await counter.sell(cart_with(counter.retailer, changes))

    assert (response.status_code, response.json()["code"]) == (422, code)


@pytest.mark.parametrize(("changes", "code"), UNKNOWN.values(), ids=UNKNOWN.keys())
async def test_a_cart_that_names_what_there_is_not_is_404(counter, changes, code):
    response = await counter.sell(cart_with(counter.retailer, changes))

    assert (response.status_code, response.json()["code"]) == (404, code)


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
async def test_a_body_that_is_no_strict_json_object_is_422(counter, body):
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}

    response = await counter.client.post("/v1/checkouts", content=body, headers=headers)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_body_that_does_not_say_it_is_json_is_422(counter):
    body = json.dumps(counter.retailer.cash_cart())

    response = await counter.client.post(
        "/v1/checkouts", content=body, headers={"Idempotency-Key": "k", "Content-Type": "text/plain"}
    )

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_what_was_sent_is_not_repeated(counter):
    secret = "my-secret-text"
    cart = cart_with(counter.retailer, {"currency": secret, "location_id": secret, "tenders": [{"type": secret}]})

    response = await counter.sell(cart)

    assert response.status_code == 422
    assert secret not in response.text


async def test_a_long_list_of_mistakes_is_cut_short(counter):
    lines = [{"sku": "TEA", "quantity": 0}] * 1000

    response = await counter.sell(cart_with(counter.retailer, {"lines": lines}))

    assert len(response.json()["errors"]) == 50


CARD_PLACES = {
    "a SKU": line(sku=CARD),
    "metadata": {"metadata": {"note": f"card {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}"}},
    "the name of metadata": {"metadata": {CARD: "x"}},
    "a reference": {"tenders": [{"type": "external", "reference": CARD, "reason": "no terminal"}]},
    "the currency": {"currency": CARD},
    "an id": {"customer_id": CARD},
    "a member nobody knows": {"card_number": "４１１１-1111-1111-1111"},
    "the name of a member": {CARD: 1},
    "deep inside": {"x": [{"y": [CARD]}]},
}


@pytest.mark.parametrize("changes", CARD_PLACES.values(), ids=CARD_PLACES.keys())
async def test_a_card_number_is_refused_wherever_it_stands(counter, changes, capsys):
    response = await counter.sell(cart_with(counter.retailer, changes))

    assert (response.status_code, response.json()["code"]) == (422, "card_data_refused")
    written = response.text + capsys.readouterr().out
    assert "1111" not in written and "１１" not in written


async def test_a_card_number_is_refused_in_key_query_and_path(counter, capsys):
    in_key = await counter.sell(counter.retailer.cash_cart(), CARD)
    in_query = await counter.client.get("/v1/products", params={"search": CARD})
    in_path = await counter.client.get(f"/v1/checkouts/{CARD}")
    nowhere = await counter.client.get(f"/{CARD}")

    assert [answer.json()["code"] for answer in (in_key, in_query, in_path, nowhere)] == [
        *["card_data_refused"] * 3,
        "not_found",
    ]
    written = in_key.text + in_query.text + in_path.text + nowhere.text + capsys.readouterr().out
    assert CARD not in written


async def test_a_card_number_is_no_request_id(counter):
    response = await counter.client.get("/v1/products", headers={"X-Request-Id": CARD})

    assert response.headers["x-request-id"] != CARD


async def test_a_body_that_is_too_large_is_413(counter):
    response = await counter.client.post("/v1/checkouts", content=b" " * 100_001)

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


async def test_a_streamed_body_that_is_too_large_is_413(counter):
    async def pieces():
        for _ in range(11):
            yield b" " * 10_000

    response = await counter.client.post("/v1/checkouts", content=pieces())

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 5000], ids=["negative", "no integer", "endless"])
async def test_a_content_length_that_is_none_is_refused(counter, length):
    response = await counter.client.post("/v1/checkouts", headers={"Content-Length": length})

    assert response.status_code in (400, 413)


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"starting_after": "first"}, {"search": "a\0b"}],
    ids=["zero", "too many", "no number", "no id", "NUL"],
)
async def test_a_query_of_another_form_is_422(counter, query):
    response = await counter.client.get("/v1/products", params=query)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
