"""The pictures in docs/pictures/web. RINGUP_TEST_PICTURES=1 writes them anew; otherwise these tests are skipped."""

import asyncio
from functools import partial
from typing import Any

import pytest
from open_shop import be_signed_in
from pictures import SCHEMES, SIZES, only_if_wanted
from pictures import take as take_picture
from test_web_exchanges import exchange
from test_web_returns import sold

pytestmark = [pytest.mark.asyncio(loop_scope="session"), only_if_wanted]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
async def test_the_pages_have_their_pictures_taken(visit: Any, shop: Any, size: str, scheme: str) -> None:
    register_id, _ = shop.register()
    landing = await visit("/", viewport=SIZES[size], color_scheme=scheme)
    take = partial(take_picture, size=size, scheme=scheme)

    await take(landing, "landing")
    await be_signed_in(landing.context, shop, register_id)
    page = await visit("/register", landing.context)
    slip = page.locator(".slip")
    for name in ("Lemon Tart", "Baguette", "Baguette"):
        await page.get_by_role("button", name=f"{name}, $").click()
    await page.get_by_role("button", name="Customer (F4)").click()
    await page.get_by_label("Name, e-mail or phone").fill("Elena")
    await page.get_by_role("button", name="Elena Okafor").click()
    await slip.get_by_text("May use").wait_for()
    await take(page, "register")
    shop.terminal("DEMO00000002", online=False)
    shop.check("DEMO00000002")
    await page.get_by_role("button", name="Card (F9)").click()
    await page.get_by_text("Not there since").wait_for()
    await take(page, "terminals")
    shop.terminal(attended=True)
    await page.get_by_role("button", name="Front counter").click()
    await slip.get_by_text("The terminal is working").wait_for()
    await take(page, "working")
    simulator = await visit("/simulator", landing.context)
    await simulator.get_by_text("Please present your card").wait_for()
    await take(simulator, "simulator")
    shop.fault("drop_request", path="Status", times=None)
    shop.terminal(online=False)
    await slip.get_by_text("We are finding out").wait_for()
    await take(page, "doubt")
    shop.simulator.post("/control/terminals/DEMO00000001/customer", json={"does": "pays"}).raise_for_status()
    shop.terminal(online=True)
    shop.simulator.delete("/control/faults").raise_for_status()
    async with asyncio.timeout(60):
        await slip.get_by_text("Sold", exact=True).wait_for(timeout=60_000)
    await take(page, "sold")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
async def test_what_comes_back_and_the_shift_have_theirs(till: Any, visit: Any, size: str, scheme: str) -> None:
    take = partial(take_picture, size=size, scheme=scheme)
    page = till.page
    await page.set_viewport_size(SIZES[size])
    await page.emulate_media(color_scheme=scheme)
    await page.reload()
    await exchange(till, sold(till, ("BAK-028", 3), ("COF-001", 1)), show=lambda: take(page, "returns"))
    await till.tap("Lemon Tart")
    await till.sees("To give back")
    await take(page, "exchange")
    await page.goto(f"{till.shop.base_url}/register/shift")
    await page.get_by_text("X report").first.wait_for()
    await take(page, "shift")
