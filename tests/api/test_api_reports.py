"""Reports over HTTP: their form, their bounds and their pages. What they count is in tests/sql/test_reports.py."""

import asyncio
import json

import pytest

from ringup.db.reads.reports import REPORTS


async def test_a_report_names_its_days_and_where_they_are_counted(store):
    await store.ours.sell(store.ours.retailer.cart())
    await store.lane.fault("decline")
    await store.ours.sell(store.ours.retailer.cart())

    report = (await store.ours.client.get("/v1/reports/payment-success")).json()

    assert (report["object"], report["name"], report["time_zone"]) == ("report", "payment-success", "UTC")
    (day,) = report["data"]
    assert report["from"] < day["day"] == day["id"] <= report["to"]
    assert (day["asked"], day["approved"], day["success_rate"]) == (2, 1, 0.5)
    assert report["total"] == {**day, "id": "total", "day": None}
    assert report["has_more"] is False


async def test_a_terminal_that_was_red_shows_it(counter):
    rows = (await counter.client.get("/v1/reports/terminal-health")).json()["data"]

    dead = next(row for row in rows if row["processor_id"] == str(counter.retailer.dead_terminal))
    assert (dead["processor_name"], dead["checks"], dead["down"], dead["up_rate"]) == ("Dead", 1, 1, 0.0)


async def test_a_report_goes_on_after_the_last_row_of_the_page_before(counter):
    address = "/v1/reports/terminal-health"
    whole = (await counter.client.get(address)).json()["data"]

    first = (await counter.client.get(address, params={"limit": 1})).json()
    rest = await asyncio.gather(
        *(counter.client.get(address, params={"limit": 1, "starting_after": row["id"]}) for row in whole)
    )

    pages = [first, *(answer.json() for answer in rest)]
    assert [row for page in pages for row in page["data"]] == whole
    assert [page["has_more"] for page in pages] == [True] * (len(whole) - 1) + [False, False]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "window_out_of_range"),
        ({"from": "2020-01-01"}, "window_out_of_range"),
        ({"to": "9999-12-31"}, "window_out_of_range"),
        ({"from": "0001-01-01", "to": "0001-01-01"}, "window_out_of_range"),
        ({"from": "yesterday"}, "invalid_request"),
        ({"from": "2026-02-30"}, "invalid_request"),
        ({"from": "1700000000"}, "invalid_request"),
        ({"from": "20261101"}, "invalid_request"),
        ({"limit": "0"}, "invalid_request"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else value,
)
async def test_days_that_make_no_sense_are_422(counter, name, query, code):
    response = await counter.client.get(f"/v1/reports/{name}", params=query)

    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_the_reference_says_what_every_report_counts(counter):
    paths = (await counter.client.get("/openapi.json")).json()["paths"]

    for name, kind in REPORTS.items():
        operation = paths[f"/v1/reports/{name}"]["get"]
        assert operation["description"].startswith(kind.about)
        assert {parameter["name"] for parameter in operation["parameters"]} == {"from", "to", "limit", "starting_after"}
