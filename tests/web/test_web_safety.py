"""Who may see and do what in the pages, and what a page tells when something went wrong."""

import re
from typing import Any

import pytest
from open_shop import HARBOUR, PINS, be_signed_in
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_pin_opens_nothing(visit: Any, shop: Any) -> None:
    register_id, name = shop.register()
    page = await visit("/register")
    await page.get_by_role("button", name=name).click()
    await page.get_by_role("button", name="Casey", exact=True).click()
    await page.get_by_label("PIN", exact=True).fill("1111")
    await page.get_by_label("PIN", exact=True).press("Enter")
    await page.get_by_text("There is no such person, or this is not their PIN").wait_for()

    assert shop.look("select 1 from ringup.staff_sign_ins where register_id = %s", register_id) == []
    await expect(page.get_by_label("PIN", exact=True)).to_have_value("")
    await page.get_by_label("PIN", exact=True).fill(PINS["Casey"])
    await page.get_by_label("PIN", exact=True).press("Enter")
    await page.get_by_role("link", name="Sign out").wait_for()


async def test_whoever_may_not_sell_is_refused_by_the_server(visit: Any, window: Any, shop: Any) -> None:
    register_id, _ = shop.register()
    await be_signed_in(window, shop, register_id, "Alex")
    page = await visit("/register", window)
    await page.get_by_role("button", name=re.compile("^Baguette, ")).click()
    await page.get_by_role("button", name="Cash (F8)").click()
    await page.get_by_role("button", name="$3.20", exact=True).click()
    await page.get_by_text("Your role may not do this").wait_for()

    assert shop.look("select 1 from ringup.orders where register_id = %s", register_id) == []


async def test_a_sign_in_that_ended_asks_again_and_the_cart_is_still_there(till: Any, shop: Any) -> None:
    await till.tap("Baguette")
    shop.do(
        "update ringup.staff_sign_ins set expires_at = ringup.now() - interval '1 second'"
        f" where register_id = '{till.register_id}' and ended_at is null"
    )
    await till.page.get_by_role("button", name="One Baguette more").click()
    await till.page.get_by_role("heading", name="Who is at the register?").wait_for()

    (cart,) = shop.look("select contents from ringup.till_carts where register_id = %s", till.register_id)
    assert [line["quantity"] for line in cart["contents"]["lines"]] == [1]
    await be_signed_in(till.page.context, shop, till.register_id)
    await till.page.reload()
    await till.page.locator(".cart-line").wait_for()


async def test_somebody_takes_the_register_over_and_the_first_page_is_out(till: Any, shop: Any, visit: Any) -> None:
    await till.tap("Baguette")
    another = await visit("/", viewport={"width": 1024, "height": 768})
    await be_signed_in(another.context, shop, till.register_id, "Morgan")
    await another.goto(f"{shop.base_url}/register")
    await another.locator(".cart-line").wait_for()
    await till.page.get_by_role("button", name="One Baguette more").click()
    await till.page.get_by_role("heading", name="Who is at the register?").wait_for()

    (cart,) = shop.look("select contents from ringup.till_carts where register_id = %s", till.register_id)
    assert [line["quantity"] for line in cart["contents"]["lines"]] == [1]


async def test_signing_out_ends_it_on_the_server(till: Any, shop: Any) -> None:
    await till.page.get_by_role("link", name="Sign out").click()
    await till.page.get_by_role("heading", name="Who is at the register?").wait_for()

    (ended,) = shop.look("select ended_at from ringup.staff_sign_ins where register_id = %s", till.register_id)
    assert ended["ended_at"] is not None


async def test_a_page_that_cannot_be_made_gives_a_number_and_no_trace(till: Any, shop: Any) -> None:
    await till.tap("Baguette")
    shop.do(
        "update ringup.till_carts set contents = '{\"lines\": 7}', revision = revision + 1"
        f" where register_id = '{till.register_id}'"
    )
    await till.page.reload()
    await till.page.get_by_role("heading", name="This page cannot be shown").wait_for()

    told = await till.page.locator("body").inner_text()
    assert re.search(r"noted as [0-9a-f]{12}", told)
    assert "Traceback" not in told
    assert "Error" not in told


async def test_names_are_words_and_never_part_of_the_page(visit: Any, window: Any, shop: Any) -> None:
    name = "<img src=x onerror=alert(1)>"
    made = shop.api.post("/v1/registers", json={"location_id": HARBOUR, "name": name}).json()
    session = {"opened_by": "Casey", "opening_float_minor": 0}
    shop.api.post(f"/v1/registers/{made['id']}/sessions", json=session).raise_for_status()
    await be_signed_in(window, shop, made["id"])
    page = await visit("/register", window)
    await page.locator(".bar").get_by_text(name).wait_for()

    assert await page.locator("img").count() == 0


async def test_a_receipt_is_shown_to_whoever_is_signed_in_only(till: Any, shop: Any) -> None:
    await till.tap("Baguette")
    await till.press("Cash (F8)")
    await till.press("$3.20")
    await till.sees("Sold")
    address = f"{shop.base_url}/register/receipts/{till.order['id']}"
    seen = await till.page.context.request.get(address)

    assert "Baguette" in await seen.text()
    stranger = shop.stranger.get(address)
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/register")
    unknown = await till.page.context.request.get(address[:-4] + "0000")
    assert unknown.status == 404
