"""Who may look and who may act is asked on the server, of the database, each time."""

from typing import Any

import pytest
import pytest_asyncio
from console_floor import ROOMS, Person, decide, filled, item_for, signed_in
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKING = {"Export CSV", "Light or dark", "Show more"}
"""What whoever may only look can press."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def alex_state(chromium: Any, open_shop_process: Any) -> Any:
    return await signed_in(chromium, open_shop_process, "Alex")


@pytest_asyncio.fixture(loop_scope="session")
async def alex(visit: Any, window: Any, alex_state: Any) -> Person:
    return Person(visit, window, alex_state)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def morgan_state(chromium: Any, open_shop_process: Any) -> Any:
    return await signed_in(chromium, open_shop_process, "Morgan")


@pytest_asyncio.fixture(loop_scope="session")
async def morgan(visit: Any, window: Any, morgan_state: Any) -> Person:
    return Person(visit, window, morgan_state)


def set_role(shop: Any, name: str, role: str) -> None:
    shop.do(f"update ringup.staff set role = '{role}' where name = '{name}'")


async def test_an_auditor_sees_every_room_and_finds_nothing_to_press_in_it(shop: Any, alex: Person) -> None:
    item_for(shop, "amount_differs", "ref-of-the-auditor")
    page = await alex.open("/console")
    for title, path in ROOMS.items():
        await page.goto(f"{shop.base_url}{path}")
        await filled(page)
        await page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
        assert await page.locator(".note.bad").count() == 0, title
        names = await page.get_by_role("button").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('aria-label') || node.textContent)"
        )
        assert {name.split(":")[0] for name in names} <= LOOKING, title
    await page.goto(f"{shop.base_url}/console/reconciliation")
    await page.get_by_text("ref-of-the-auditor").wait_for()


async def test_an_action_of_somebody_who_became_an_auditor_is_refused_on_the_server(shop: Any, morgan: Person) -> None:
    item_id = item_for(shop, "not_at_processor", "ref-too-late")
    page = await morgan.open("/console/reconciliation")
    case = page.locator(".case", has_text="ref-too-late")
    await case.get_by_role("button", name="Close it").click()
    set_role(shop, "Morgan", "auditor")
    try:
        dialog = page.locator(".q-dialog")
        await dialog.get_by_label("Reason: what was seen, and where").fill("I say so")
        await dialog.get_by_role("button", name="Close it").click()
        await page.get_by_text("Your role may not do this.").wait_for()
        (item,) = shop.look("select resolved_at from ringup.reconciliation_items where id = %s", item_id)
        assert item["resolved_at"] is None

        await page.goto(f"{shop.base_url}/console/terminals")
        await filled(page)
        assert await page.get_by_role("button", name="Check now").count() == 0
    finally:
        set_role(shop, "Morgan", "manager")
    await page.goto(f"{shop.base_url}/console/reconciliation")
    await case.get_by_role("button", name="Close it").click()
    await decide(page, "Close it", "seen in the portal")
    await case.wait_for(state="detached")


async def test_a_terminal_is_not_asked_for_somebody_who_may_only_look(shop: Any, morgan: Person) -> None:
    page = await morgan.open("/console/terminals")
    button = page.get_by_label("Front counter", exact=True).get_by_role("button", name="Check now")
    await button.wait_for()
    before = shop.look("select count(*) from ringup.processor_health_checks")
    set_role(shop, "Morgan", "auditor")
    try:
        await button.click()
        await page.get_by_text("Your role may not do this.").wait_for()
        assert shop.look("select count(*) from ringup.processor_health_checks") == before
    finally:
        set_role(shop, "Morgan", "manager")


async def test_a_cashier_is_not_let_into_the_console(shop: Any, morgan: Person) -> None:
    set_role(shop, "Morgan", "cashier")
    try:
        page = await morgan.open("/console")
        await page.get_by_text("Your role may not do this.").wait_for()
        assert await page.get_by_text("Sold today").count() == 0
    finally:
        set_role(shop, "Morgan", "manager")


async def test_a_browser_that_was_put_out_can_do_nothing_with_the_page_it_has(
    visit: Any, window: Any, shop: Any, chromium: Any
) -> None:
    state = await signed_in(chromium, shop, "Morgan")
    page = await Person(visit, window, state).open("/console/settings")
    (browser,) = shop.look("select id from ringup.web_browsers order by connected_at desc limit 1")
    shop.do(f"update ringup.web_browsers set disconnected_at = ringup.now() where id = '{browser['id']}'")
    before = shop.look("select * from ringup.feature_switches")
    async with page.expect_event("load"):
        await page.get_by_role("button", name="Turn off: loyalty updates").click()

    assert shop.look("select * from ringup.feature_switches") == before


async def test_a_person_added_here_may_sign_in_and_one_let_go_is_out(
    visit: Any, shop: Any, morgan: Person, chromium: Any
) -> None:
    page = await morgan.open("/console/settings")
    await page.get_by_role("button", name="Add a person").click()
    dialog = page.locator(".q-dialog")
    await dialog.get_by_label("Name").fill("Sam")
    await dialog.get_by_label("PIN, 4 to 8 digits").fill("1234")
    await dialog.get_by_role("button", name="Add").click()
    await page.get_by_text("This PIN is among the first that are guessed").wait_for()
    assert shop.look("select 1 from ringup.staff where name = 'Sam'") == []
    await dialog.get_by_label("Role").click()
    await page.get_by_role("option", name="auditor").click()
    await dialog.get_by_label("PIN, 4 to 8 digits").fill("4816")
    await dialog.get_by_role("button", name="Add").click()
    await page.get_by_role("button", name="Let go: Sam").wait_for()
    sam = await signed_in(chromium, shop, "Sam")

    await page.get_by_role("button", name="Let go: Sam").click()
    await page.get_by_role("button", name="Take back: Sam").wait_for()
    out = await visit("/console", storage_state=sam)
    await out.get_by_role("heading", name="Who is in the console?").wait_for()
    (entry, *_) = shop.look(
        "select actor, after from ringup.audit_log where action = 'staff_saved' order by created_at desc"
    )
    assert (entry["actor"], entry["after"]["is_active"]) == ("staff:Morgan", False)


async def test_a_key_made_here_opens_the_api_until_it_is_revoked(shop: Any, morgan: Person) -> None:
    page = await morgan.open("/console/settings")
    await page.get_by_role("button", name="Make a key").click()
    dialog = page.locator(".q-dialog")
    await dialog.get_by_label("What it is for").fill("Reports by mail")
    await dialog.get_by_label("What it may do").click()
    await page.get_by_role("option", name="reports:read").click()
    await dialog.get_by_label("What it may do").press("Tab")
    await page.get_by_role("option").first.wait_for(state="hidden")
    await dialog.get_by_role("button", name="Make it").click()
    token = await page.locator(".token").text_content()
    authorisation = {"Authorization": f"Bearer {token}"}
    assert shop.api.get("/v1/reports/limbo", headers=authorisation).status_code == 200
    assert shop.api.get("/v1/customers", headers=authorisation).status_code == 403
    await dialog.get_by_role("button", name="I have it").click()
    await expect(dialog).to_have_count(0)

    await page.get_by_role("button", name="Revoke Reports by mail").click()
    await dialog.get_by_role("button", name="Revoke it").click()
    await page.locator(".line", has_text="Reports by mail").get_by_text("revoked").wait_for()
    assert shop.api.get("/v1/reports/limbo", headers=authorisation).status_code == 401


async def test_a_switch_turned_here_holds_at_once(shop: Any, morgan: Person) -> None:
    page = await morgan.open("/console/settings")
    await page.get_by_role("button", name="Turn off: loyalty updates").click()
    await page.get_by_role("button", name="Turn on: loyalty updates").wait_for()
    (off,) = shop.look("select * from ringup.feature_switches where name = 'loyalty_updates'")
    assert (off["is_on"], off["changed_by"]) == (False, "staff:Morgan")

    await page.get_by_role("button", name="Turn on: loyalty updates").click()
    await page.get_by_role("button", name="Turn off: loyalty updates").wait_for()
    (on,) = shop.look("select * from ringup.feature_switches where name = 'loyalty_updates'")
    assert on["is_on"]
