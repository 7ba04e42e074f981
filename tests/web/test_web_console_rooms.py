"""Every room of the console: in a shop that has nothing yet, while it loads, when it fails, and for everybody."""

from typing import Any

import psycopg
import pytest
import pytest_asyncio
from console_floor import (
    BACK,
    FRONT,
    ROOMS,
    Person,
    filled,
    item_for,
    make_empty_shop,
    sell,
    sell_without_points,
    settle,
    signed_in,
)
from everybody import faults_of, wear

from ringup.web.console import charts
from ringup.web.console.sheets import Column, as_csv

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTHING = {
    "Today": "Nothing was sold yet today.",
    "Terminals": "No terminal is set up yet.",
    "Orders": "There is no such order.",
    "Payments": "There is no such payment.",
    "Shifts": "No shift was opened yet.",
    "Doubts": "Nothing is in doubt, and nothing is under way.",
    "Points": "No points were earned or spent yet.",
    "Reconciliation": "Nothing waits for a person.",
    "Who did what": "It had nothing to say.",
    "Settings": "There is none: sales earn no points.",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def morgan_state(chromium: Any, open_shop_process: Any) -> Any:
    return await signed_in(chromium, open_shop_process, "Morgan")


@pytest_asyncio.fixture(loop_scope="session")
async def morgan(visit: Any, window: Any, morgan_state: Any) -> Person:
    return Person(visit, window, morgan_state)


async def test_a_shop_that_has_nothing_yet_says_so_in_every_room(visit: Any, shop: Any) -> None:
    key = await make_empty_shop(shop)
    page = await visit("/connect")
    await page.get_by_label("API key").fill(key)
    await page.get_by_role("button", name="Connect").click()
    await page.wait_for_url("**/register")
    await page.goto(f"{shop.base_url}/console")
    await page.wait_for_function("window.did_handshake")
    if await page.get_by_role("button", name="Robin").count():
        await page.get_by_role("button", name="Robin", exact=True).click()
    field = page.get_by_label("PIN", exact=True)
    await field.fill("4816")
    await field.press("Enter")
    await page.get_by_role("link", name="Sign out").wait_for()
    for title, path in ROOMS.items():
        await page.goto(f"{shop.base_url}{path}")
        await filled(page)
        await page.get_by_text(NOTHING[title]).first.wait_for()
        assert await page.locator(".note.bad").count() == 0, title
        assert await page.get_by_text("Harbour").count() == 0, title


async def test_every_room_can_be_used_by_everybody_in_light_and_dark(shop: Any, morgan: Person) -> None:
    order = sell(shop, card=FRONT, customer=11)
    sell_without_points(shop, customer=12)
    item_for(shop, "amount_differs", "ref-for-everybody")
    shop.fault("drop_request", path="Status", tpn=BACK, times=None)
    shop.fault("drop_reply", path="Sale", tpn=BACK)
    doubtful = sell(shop, card=BACK)
    page = await morgan.open("/console")
    faults = []
    for title, path in {**ROOMS, "Order": f"/console/orders/{order['id']}"}.items():
        await page.goto(f"{shop.base_url}{path}")
        await filled(page)
        await page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
        await wear(page, "light")
        found = await faults_of(page)
        # The dark page differs in its colours alone.
        await wear(page, "dark")
        faults += [(title, fault) for fault in [*found, *await faults_of(page, colours_only=True)]]
    settle(shop, doubtful)

    assert faults == []


async def test_a_room_says_that_it_is_loading_until_the_database_answers(shop: Any, morgan: Person) -> None:
    with psycopg.connect(shop.database_url) as slow:
        slow.execute("lock table ringup.orders in access exclusive mode")
        await morgan.window.add_cookies(morgan.state["cookies"])
        page = await morgan.visit("/console/orders")
        await page.get_by_role("status").get_by_text("Loading…").wait_for()
        assert await page.get_by_label("Table orders", exact=True).count() == 0
    await filled(page)
    await page.get_by_label("Find orders").wait_for()


async def test_a_room_that_fails_says_a_number_and_nothing_of_the_cause_and_tries_again(
    shop: Any, morgan: Person
) -> None:
    shop.do("alter view ringup.reconciliation_queue rename to hidden_queue")
    try:
        page = await morgan.open("/console/reconciliation")
        await page.get_by_text("Something went wrong here; it was noted as").wait_for()
        words = await page.locator("body").inner_text()
        for secret in ("Traceback", "psycopg", "reconciliation_queue", "UndefinedTable", ".py"):
            assert secret not in words
    finally:
        shop.do("alter view ringup.hidden_queue rename to reconciliation_queue")
    await page.get_by_role("button", name="Try again").click()
    await page.get_by_role("heading", name="Waits for a person").wait_for()


async def test_a_page_that_cannot_look_any_more_says_so_and_not_in_a_hundred_messages(
    shop: Any, morgan: Person
) -> None:
    page = await morgan.open("/console/doubts")
    await page.get_by_text("As of").wait_for()
    shop.do("alter view ringup.limbo rename to hidden_limbo")
    try:
        await page.get_by_text("Not up to date: something went wrong").wait_for()
        assert await page.locator(".q-notification").count() == 0
    finally:
        shop.do("alter view ringup.hidden_limbo rename to limbo")


async def test_an_order_that_does_not_exist_is_said_in_words(morgan: Person) -> None:
    page = await morgan.open("/console/orders/none")
    await page.get_by_text("does not exist").wait_for()


async def test_today_counts_what_the_books_have(shop: Any, morgan: Person) -> None:
    sell(shop)
    page = await morgan.open("/console")
    (sold,) = shop.look(
        "select sum(o.total_minor) as minor, count(*) as sales"
        "  from ringup.orders o join ringup.vendors v on v.id = o.vendor_id"
        " where v.name = 'Harbour Goods' and o.completed_at is not null"
        "   and (o.created_at at time zone v.time_zone)::date = (now() at time zone v.time_zone)::date"
    )
    card = page.get_by_label("Sold today", exact=True)
    await card.get_by_text(f"${sold['minor'] / 100:,.2f}").wait_for()
    await card.get_by_text(f"{sold['sales']} sale").wait_for()
    shown = await page.get_by_role("img", name="Sales by hour today").get_attribute("aria-label")
    assert shown is not None and shown.startswith(f"Sales by hour today: {sold['sales']} completed")


async def test_what_a_spreadsheet_takes_for_a_formula_is_exported_as_words() -> None:
    columns: tuple[Column[str], ...] = (Column("Name", lambda row: row), Column("Length", lambda row: str(len(row))))

    assert as_csv(columns, ['=cmd|"/c calc"!A1', "Ann, of London"]) == (
        'Name,Length\r\n"\'=cmd|""/c calc""!A1",17\r\n"Ann, of London",14\r\n'
    )


@pytest.mark.parametrize(("highest", "top"), [(0, 4), (3, 4), (5, 8), (9, 20), (30, 40), (112_888, 200_000)])
async def test_a_chart_ends_at_a_round_number_above_the_highest(highest: int, top: int) -> None:
    assert charts.nice_top(highest) == top
