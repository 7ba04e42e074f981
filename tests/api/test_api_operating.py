"""What an operator and a stranger see of the process: health, numbers, logs, the reference, ids."""

import asyncio
import json
import re

import pytest
import structlog
from fastapi import Request

from ringup.api.app import create_app
from ringup.api.problems import KINDS
from ringup.domain.errors import leaves
from ringup.logs import configure_logging
from ringup.wiring import open_shop
from storefront import client_of, running, settings_for


@pytest.fixture
def logged():
    """The log lines as they were written, each one JSON."""
    before = structlog.get_config()
    with structlog.testing.capture_logs() as lines:
        yield lines
    structlog.configure(**before)


async def test_the_process_is_alive_and_ready(counter):
    del counter.client.headers["Authorization"]

    answers = [await counter.client.get(path) for path in ("/healthz", "/readyz")]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (200, {"status": "alive"}),
        (200, {"status": "ready"}),
    ]


async def test_without_our_schema_it_is_alive_but_not_ready(empty_database, template, tmp_path):
    async with running(settings_for(tmp_path), empty_database.url()) as app, client_of(app, None) as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, ready.json()["code"], ready.json()["retryable"]) == (503, "not_ready", True)
    assert "retry-after" in ready.headers


async def test_without_a_database_requests_are_503_and_retryable(tmp_path, template):
    url = "postgresql://nobody@127.0.0.1:9/none"
    settings = settings_for(tmp_path)
    app = create_app(settings, lambda: open_shop(settings, url), with_worker=False)
    async with app.router.lifespan_context(app), client_of(app, "rk_some_token") as client:
        response = await client.get("/v1/products")

    assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")
    assert int(response.headers["retry-after"]) >= 1


async def test_the_worker_settles_beside_the_api_and_ends_with_it(store, tmp_path):
    await store.lane.fault("drop_reply")
    pending = await store.ours.sell(store.ours.retailer.cart())
    await store.execute("update ringup.payment_transactions set next_check_at = ringup.now()")
    settings = settings_for(tmp_path)
    app = create_app(settings, lambda: open_shop(settings, store.database_url), with_worker=True)

    async with app.router.lifespan_context(app), asyncio.timeout(60):
        while (await store.ours.client.get(pending.headers["location"])).json()["status"] != "completed":  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    assert app.state.shop.db.closed


async def test_numbers_are_counted_by_route_and_result_and_nothing_else(store):
    await store.ours.sell(store.ours.retailer.cash_cart(), "counted")
    await store.ours.sell(store.ours.retailer.cash_cart(), "counted")
    await store.ours.sell(store.ours.retailer.cash_cart(register_id=str(store.ours.retailer.closed_register)))
    await store.ours.client.get(f"/v1/products/{store.ours.retailer.tea}")
    await store.ours.client.get("/somewhere/else")

    text = (await store.client().get("/metrics")).text

    assert 'ringup_checkouts_total{result="completed"} 1.0' in text
    assert 'ringup_checkouts_total{result="session_closed"} 1.0' in text
    assert 'ringup_http_requests_total{method="GET",route="/v1/products/{id}",status="200"} 1.0' in text
    assert 'ringup_http_requests_total{method="GET",route="unmatched",status="404"} 1.0' in text
    assert str(store.ours.retailer.tea) not in text and "somewhere" not in text


async def test_a_request_is_one_line_without_its_address(counter, logged):
    await counter.client.get(f"/v1/products/{counter.retailer.tea}", params={"search": "secret"})

    assert [line["event"] for line in logged] == ["request"]
    line = logged[0]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/products/{id}", 200)
    assert line["duration_ms"] >= 0
    assert "secret" not in str(line) and str(counter.retailer.tea) not in str(line)


async def test_a_bug_is_answered_without_particulars_and_logged_once(counter, logged):
    app = counter.client._transport.app

    @app.get("/bug")
    async def bug(request: Request):
        raise ZeroDivisionError("the secret particulars")

    response = await counter.client.get("/bug")

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "secret" not in response.text
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["internal_error"]


def test_a_card_number_in_a_log_line_is_masked_wherever_it_is(capsys):
    before = structlog.get_config()
    configure_logging("info")
    try:
        structlog.get_logger("test").info(
            "paid with 4111 1111 1111 1111",
            number=4111111111111111,
            deep={"4111111111111111": ["5555-5555-5555-4444", {"kept": 7}]},
            order="01a203a5-a4ac-7028-a1a2-f43b681fb7f6",
        )
    finally:
        structlog.configure(**before)

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "paid with [card number]"
    assert line["number"] == "[card number]"
    assert line["deep"] == {"[card number]": ["[card number]", {"kept": 7}]}
    assert line["order"] == "01a203a5-a4ac-7028-a1a2-f43b681fb7f6"
    assert line["level"] == "info"


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("till-7.42_a", True), ("a" * 64, True), ("a" * 65, False), ("two words", False), ("", False), ("a\n", False)],
)
async def test_a_harmless_request_id_is_kept_and_any_other_replaced(counter, given, is_kept):
    response = await counter.client.get("/healthz", headers={"X-Request-Id": given.encode()})

    assert (response.headers["x-request-id"] == given) is is_kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", response.headers["x-request-id"])


async def test_nobody_in_between_may_keep_an_answer(counter):
    answers = [await counter.client.get(path) for path in ("/v1/customers", "/v1/nothing", "/healthz")]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


async def test_nothing_at_an_address_is_404_and_another_method_405(counter):
    nowhere = await counter.client.get("/v1/nothing")
    method = await counter.client.put("/v1/products")
    not_an_id = await counter.client.get("/v1/checkouts/preflight")
    method_on_row = await counter.client.put(f"/v1/api-keys/{counter.retailer.key}")

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["code"], method.headers["allow"]) == (
        *(405, "method_not_allowed"),
        "GET, POST",
    )
    assert method_on_row.headers["allow"] == "DELETE"
    assert (not_an_id.status_code, not_an_id.headers["allow"]) == (405, "POST")
    assert {answer.headers["content-type"] for answer in (nowhere, method)} == {"application/problem+json"}


async def test_every_problem_has_a_page_where_its_type_points(counter):
    pages = {code: await counter.client.get(f"/problems/{code}") for code in KINDS}

    assert {page.status_code for page in pages.values()} == {200}
    assert all(code in page.text and KINDS[code].means in page.text for code, page in pages.items())
    assert (await counter.client.get("/problems/no_such")).status_code == 404


def test_every_refusal_of_the_tree_is_a_kind_of_problem():
    assert {leaf.code for leaf in leaves()} <= set(KINDS)


async def test_the_reference_needs_nothing_from_elsewhere(counter):
    page = await counter.client.get("/docs")
    document = (await counter.client.get("/openapi.json")).json()

    assert page.headers["content-type"].startswith("text/html")
    assert re.findall(r"(?:https?:)?//[^\s\"'<]+", page.text) == []
    assert "<script" not in page.text
    assert all(path in page.text for path in document["paths"])
    assert document["openapi"].startswith("3.1")


async def test_a_client_that_hangs_up_in_the_middle_of_a_body_is_no_bug(counter, logged):
    pieces = iter([{"type": "http.request", "body": b'{"tip', "more_body": True}, {"type": "http.disconnect"}])
    sent = []

    async def receive():
        return next(pieces)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/checkouts",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await counter.client._transport.app(scope, receive, send)

    assert sent == []
    assert [(line["event"], line["status"]) for line in logged] == [("request", 499)]


async def test_a_terminal_in_doubt_is_503_and_the_free_ones_are_named(store):
    retailer = store.ours.retailer
    await store.lane.fault("drop_request")
    doubtful = await store.ours.sell(retailer.cart(), "first")

    refused = await store.ours.sell(retailer.cart())
    asked_beforehand = await store.ours.client.post("/v1/checkouts/preflight", json=retailer.cart())
    again = await store.ours.sell(retailer.cart(), "first")

    problem = refused.json()
    assert doubtful.status_code == 202
    assert (refused.status_code, problem["code"], problem["retryable"]) == (503, "terminal_in_doubt", True)
    assert {terminal["name"] for terminal in problem["green"]} == {"Spare"}
    assert (asked_beforehand.status_code, asked_beforehand.json()["code"]) == (503, "terminal_in_doubt")
    assert (again.status_code, again.json()["id"]) == (202, doubtful.json()["id"])
    listed = (await store.ours.client.get("/v1/processors")).json()["data"]
    assert [one["processor_name"] for one in listed if one["is_in_doubt"]] == ["Counter"]
