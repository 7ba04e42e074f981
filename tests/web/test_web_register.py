"""People sell in the browser. Each story ends by asking the database whether the page told the truth."""

import asyncio
import re
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")

FRONT = "DEMO00000001"


async def test_cash_is_taken_and_the_page_says_what_to_give_back(till: Any) -> None:
    await till.tap("Lemon Tart", "Baguette", "Baguette")
    await till.press("Cash (F8)")
    await till.press("$20.00")
    await till.sees("Sold")

    assert await till.page.locator(".huge").inner_text() == "$8.35"
    order = till.order
    assert (order["status"], order["payment_status"], order["total_minor"]) == ("completed", "paid", 1165)
    (tender,) = till.shop.look("select * from ringup.payment_transactions where order_id = %s", order["id"])
    assert (tender["tender_type"], tender["approved_minor"], tender["tendered_minor"]) == ("cash", 1165, 2000)
    (session,) = till.shop.look(
        "select cash_minor from ringup.register_sessions where register_id = %s", till.register_id
    )
    assert session["cash_minor"] == 1165


async def test_a_card_is_charged_once_on_the_terminal_that_was_chosen(till: Any) -> None:
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("Sold")
    await till.sees("Visa")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 895)
    assert till.shop.charged_cents(order["id"]) == 895


async def test_a_declined_card_leaves_the_cart_and_cash_pays_for_it(till: Any, shop: Any) -> None:
    shop.fault("decline", path="Auth")
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The card was declined")
    await till.sees("Nobody was charged")
    declined = till.order
    await till.press("Pay in another way")
    await till.press("Cash (F8)")
    await till.press("$8.95")
    await till.sees("Sold")

    assert declined["status"] == "payment_failed"
    assert shop.charged_cents(declined["id"]) == 0
    sold = till.order
    assert (sold["status"], sold["total_minor"]) == ("completed", 895)
    assert sold["id"] != declined["id"]


async def test_a_red_terminal_is_shown_with_why_and_cannot_be_chosen(till: Any, shop: Any) -> None:
    shop.terminal(FRONT, online=False)
    shop.check(FRONT)
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    red = till.page.get_by_role("button", name="Front counter")
    await red.wait_for()

    assert await red.is_disabled()
    assert "Not there since" in await red.inner_text()
    await till.press("Back counter")
    await till.sees("Sold")
    (payment,) = shop.look("select * from ringup.payment_transactions where order_id = %s", till.order["id"])
    assert str(payment["payment_processor_id"]) == shop.processors["DEMO00000002"]


async def test_a_terminal_that_goes_red_after_it_was_shown_refuses_before_anybody_is_charged(
    till: Any, shop: Any
) -> None:
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.page.get_by_role("button", name="Front counter").wait_for()
    shop.terminal(FRONT, online=False)
    shop.check(FRONT)
    await till.press("Front counter")
    await till.page.get_by_text("The terminal is offline. Nobody was charged").wait_for()

    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    assert await till.count() == 1
    (cart,) = shop.look("select * from ringup.till_carts where register_id = %s", till.register_id)
    assert (cart["tenders"], cart["attempt"]) == (None, 1)


async def test_a_bill_is_split_between_cash_and_a_card(till: Any, shop: Any) -> None:
    await till.tap("Lemon Tart", "Lemon Tart")
    await till.press("Cash (F8)")
    await till.page.get_by_label("Only a part of it (split)").fill("5")
    await till.page.get_by_label("Given by the customer").fill("5.00")
    await till.press("Take the cash")
    await till.sees("$5.50")
    await till.press("Card", exact=True)
    await till.press("Front counter")
    await till.sees("Sold")

    order = till.order
    tenders = shop.look(
        "select tender_type, approved_minor from ringup.payment_transactions where order_id = %s"
        " order by tender_number",
        order["id"],
    )
    assert [tuple(tender.values()) for tender in tenders] == [("cash", 500), ("card", 550)]
    assert shop.charged_cents(order["id"]) == 550


async def test_points_are_shown_used_and_earned_as_the_books_have_them(till: Any, shop: Any) -> None:
    (before,) = shop.look(
        "select loyalty_points as points from ringup.customers where first_name = 'Elena' and last_name = 'Okafor'"
    )
    await till.tap("Lemon Tart", "Lemon Tart")
    await till.choose("Elena Okafor")
    await till.sees(f"{before['points']} points")
    await till.press("Use points")
    await till.page.get_by_label("Points", exact=True).fill("200")
    await till.page.get_by_role("button", name="Use them").click()
    await till.sees("200 points used")
    await till.press("Cash (F8)")
    await till.press("$8.50")
    await till.sees("Sold")

    order = till.order
    assert (order["points_redeemed"], order["total_minor"]) == (200, 850)
    (customer,) = shop.look("select * from ringup.customers where id = %s", order["customer_id"])
    assert customer["loyalty_points"] == before["points"] - 200 + order["points_earned"]
    shown = await till.page.locator(".sum", has_text="Points now").inner_text()
    assert shown.split("\n")[-1] == str(customer["loyalty_points"])


async def test_a_scanner_types_a_code_and_the_goods_are_in_the_cart(till: Any) -> None:
    await till.page.locator("body").click(position={"x": 5, "y": 5})
    await till.page.keyboard.type("2000000000312")
    await till.page.keyboard.press("Enter")
    await till.page.locator(".cart-line").wait_for()
    await till.page.keyboard.type("9999999999999")
    await till.page.keyboard.press("Enter")
    await till.page.get_by_text("Nothing here has the code").wait_for()

    assert await till.count() == 1


async def test_a_reload_and_a_second_tab_show_the_same_cart(till: Any, visit: Any) -> None:
    await till.tap("Lemon Tart")
    second = await visit("/register", till.page.context)
    await second.locator(".cart-line").wait_for()
    await till.tap("Baguette")
    await second.locator(".cart-line", has_text="Baguette").wait_for()
    await till.page.reload()
    await till.page.locator(".cart-line", has_text="Baguette").wait_for()

    assert await till.count() == 2


async def test_two_tabs_that_take_the_money_at_once_sell_once(till: Any, shop: Any, visit: Any) -> None:
    await till.tap("Lemon Tart")
    second = await visit("/register", till.page.context)
    await second.locator(".cart-line").wait_for()
    buttons = []
    for page in (till.page, second):
        await page.get_by_role("button", name="Card (F9)").click()
        buttons.append(page.get_by_role("button", name="Front counter"))
        await buttons[-1].wait_for()
    await asyncio.gather(*(button.evaluate("button => button.click()") for button in buttons))
    for page in (till.page, second):
        await page.locator(".slip").get_by_text("Sold", exact=True).wait_for()

    (order,) = shop.look("select * from ringup.orders where register_id = %s", till.register_id)
    assert shop.charged_cents(order["id"]) == 525


async def test_a_parked_cart_waits_while_the_next_customer_is_served(till: Any, shop: Any) -> None:
    await till.tap("Lemon Tart")
    await till.press("Park (F7)")
    await till.sees("The cart is empty")
    await till.tap("Baguette")
    await till.press("Cash (F8)")
    await till.press("$3.20")
    await till.sees("Sold")
    await till.page.get_by_role("button", name=re.compile("^Parked: 1 goods")).click()
    await till.sees("Lemon Tart")

    orders = shop.look("select total_minor from ringup.orders where register_id = %s", till.register_id)
    assert [order["total_minor"] for order in orders] == [320]
    places = shop.look("select place from ringup.till_carts where register_id = %s order by place", till.register_id)
    assert [row["place"] for row in places] == ["counter", "left"]


async def test_goods_that_are_not_there_are_refused_before_anybody_pays(till: Any) -> None:
    await till.tap("Gingerbread 200 g")
    for _ in range(3):
        await till.page.get_by_role("button", name="One Gingerbread 200 g more").click()
    await till.sees("Not enough in stock")

    assert await till.page.get_by_role("button", name="Cash (F8)").is_disabled()
    assert till.shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []


async def test_a_shift_is_opened_before_the_first_sale(visit: Any, shop: Any, sign_in_at: Any) -> None:
    register_id, name = shop.register(is_open=False)
    page = await sign_in_at(name)
    await page.get_by_role("button", name="Open the shift").click()
    await page.get_by_text("Count the drawer first").wait_for()
    await page.get_by_label("$20.00", exact=True).fill("7")
    await page.get_by_label("$10.00", exact=True).fill("1")
    await page.locator(".sum.total").get_by_text("$150.00").wait_for()
    await page.get_by_role("button", name="Open the shift").click()
    await page.locator(".slip").wait_for()

    (session,) = shop.look("select * from ringup.register_sessions where register_id = %s", register_id)
    assert (session["opening_float_minor"], session["opened_by"]) == (15_000, "staff:Casey")
