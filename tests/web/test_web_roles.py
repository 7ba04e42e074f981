"""`ringup serve --role web`: the pages apart from the API, in a shop that is no demonstration."""

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from open_shop import PINS, WAIT_MS, connected

from demo_process import RINGUP, environment


@contextlib.contextmanager
def serving(shop: Any) -> Iterator[str]:
    """A second process beside the demonstration's, on the same database."""
    directory = shop.demo.directory
    command = [RINGUP, "serve", "--role", "web", "--port", "0", "--json", "--exit-with-stdin"]
    process = subprocess.Popen(
        command, env=environment(directory), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.stdin.close()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def pages(open_shop_process: Any) -> Iterator[str]:
    with serving(open_shop_process) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/connect", 200), ("/healthz", 200), ("/readyz", 200), ("/v1/locations", 404), ("/docs", 404)],
)
def test_a_process_for_pages_answers_no_api(pages: str, path: str, status: int) -> None:
    assert httpx.get(f"{pages}{path}").status_code == status


@pytest.mark.parametrize("path", ["/register", "/enter/demo", "/enter/new/made-up"])
def test_a_stranger_is_asked_for_a_key(pages: str, path: str) -> None:
    answer = httpx.get(f"{pages}{path}")

    assert answer.headers["location"] == "/connect"
    assert "set-cookie" not in answer.headers


def test_there_is_no_simulator_where_nothing_is_simulated(pages: str) -> None:
    assert httpx.get(f"{pages}/simulator").headers["location"] == "/"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_browser_is_connected_with_a_key_and_sells(chromium: Any, pages: str, shop: Any) -> None:
    register_id, name = shop.register()
    context = await chromium.new_context()
    context.set_default_timeout(WAIT_MS)
    page = await context.new_page()
    await page.goto(f"{pages}/connect")
    await connected(page)
    key = page.get_by_label("API key")
    await key.fill("rk_of_somebody_else")
    await page.get_by_role("button", name="Connect").click()
    await page.get_by_text("This key opens nothing here").wait_for()
    await key.fill(shop.api.headers["authorization"].removeprefix("Bearer "))
    await page.get_by_role("button", name="Connect").click()
    await page.get_by_role("button", name=name).click()
    await page.get_by_role("button", name="Casey", exact=True).click()
    assert await page.get_by_text("In this demonstration").count() == 0
    await page.get_by_label("PIN", exact=True).fill(PINS["Casey"])
    await page.get_by_label("PIN", exact=True).press("Enter")
    await page.get_by_role("button", name=re.compile("^Baguette, ")).click()
    await page.get_by_role("button", name="Cash (F8)").click()
    await page.get_by_role("button", name="$3.20", exact=True).click()
    await page.locator(".slip").get_by_text("Sold", exact=True).wait_for()
    await context.close()

    assert shop.order_of(register_id)["status"] == "completed"
