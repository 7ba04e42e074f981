"""What comes off a sale in the browser. Each story ends by asking the database what was sold."""

import uuid
from typing import Any

import pytest
from everybody import faults_of, small_targets_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

DISCOUNTS = "select kind, reason, amount_minor from ringup.order_discounts where order_id = %s order by discount_number"


async def take_off(till: Any, much: str, reason: str) -> None:
    await till.press("Discount", exact=True)
    await till.page.get_by_label("How much").fill(much)
    await till.page.get_by_label("Reason").fill(reason)
    await till.page.get_by_role("button", name="Take it off").click()


async def test_a_discount_on_one_line_is_asked_for_with_its_own_reason(till: Any, shop: Any) -> None:
    await till.tap("Baguette", "Lemon Tart")
    await till.page.get_by_role("button", name="1 of Lemon Tart, change").click()
    await till.page.locator(".q-dialog").get_by_role("button", name="Discount", exact=True).click()
    await till.page.get_by_label("How much").fill("1.25")
    await till.page.get_by_label("Reason").fill("Broken crust")
    await till.page.get_by_label("Reason").press("Enter")
    await till.page.locator(".cart-line", has_text="Broken crust, −$1.25").wait_for()
    await till.press("Cash (F8)")
    await till.press("$7.20")
    await till.approve("Morgan")
    await till.sees("Sold")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 720)
    items = "select discount_minor, total_minor from ringup.order_items where order_id = %s order by line_number"
    assert [tuple(row.values()) for row in shop.look(items, order["id"])] == [(0, 320), (125, 400)]
    assert [tuple(row.values()) for row in shop.look(DISCOUNTS, order["id"])] == [("line", "Broken crust", 125)]
    (told,) = shop.look(
        "select * from ringup.audit_log where action = 'line_discount' and row_id = %s", str(order["id"])
    )
    assert (told["actor"], told["approved_by"]) == ("staff:Casey", "staff:Morgan")


async def test_a_discount_on_one_line_is_taken_away_again(till: Any, shop: Any) -> None:
    await till.tap("Baguette")
    for press in ("Discount", "No discount"):
        await till.page.get_by_role("button", name="1 of Baguette, change").click()
        await till.page.locator(".q-dialog").get_by_role("button", name=press, exact=True).click()
        if press == "Discount":
            await till.page.get_by_label("How much").fill("50%")
            await till.page.get_by_label("Reason").fill("A friend")
            await till.page.get_by_label("Reason").press("Enter")
            await till.page.locator(".sum.total").get_by_text("$1.60").wait_for()
    await till.page.locator(".sum.total").get_by_text("$3.20").wait_for()
    await till.press("Cash (F8)")
    await till.press("$3.20")
    await till.sees("Sold")

    assert till.order["total_minor"] == 320
    assert shop.look(DISCOUNTS, till.order["id"]) == []


async def test_a_discount_on_the_sale_is_sold_with_another_persons_pin(till: Any, shop: Any) -> None:
    await till.tap("Baguette", "Baguette")
    await take_off(till, "10%", "Yesterday's bread")
    await till.sees("Yesterday's bread, 10 %")
    await till.press("Cash (F8)")
    await till.press("$5.76")
    await till.page.get_by_label("PIN of whoever approves").wait_for()
    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    await till.approve("Morgan")
    await till.sees("Sold")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 576)
    assert [tuple(row.values()) for row in shop.look(DISCOUNTS, order["id"])] == [("order", "Yesterday's bread", 64)]
    (told,) = shop.look(
        "select * from ringup.audit_log where action = 'order_discount' and row_id = %s", str(order["id"])
    )
    assert (told["actor"], told["approved_by"]) == ("staff:Casey", "staff:Morgan")


async def test_a_discount_that_nobody_approves_sells_nothing_and_keeps_the_cart(till: Any, shop: Any) -> None:
    await till.tap("Baguette")
    await take_off(till, "1", "A friend")
    await till.page.locator(".sum.total").get_by_text("$2.20").wait_for()
    await till.press("Cash (F8)")
    await till.press("$2.20")
    await till.page.get_by_role("button", name="Leave it").click()
    await till.page.get_by_text("needs somebody else's approval").wait_for()

    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    await till.press("No discounts")
    await till.page.locator(".sum.total").get_by_text("$3.20").wait_for()
    await till.press("Cash (F8)")
    await till.press("$3.20")
    await till.sees("Sold")
    assert till.order["total_minor"] == 320


async def test_a_coupon_takes_off_what_it_says_and_needs_nobody(till: Any, shop: Any) -> None:
    code = f"BREAD-{uuid.uuid4().hex[:6]}".upper()
    coupon = {"code": code, "name": "Bread week", "starts_at": "2020-01-01T00:00:00Z", "amount_minor": 100}
    shop.api.post("/v1/coupons", json=coupon).raise_for_status()
    await till.tap("Baguette")
    await till.press("Coupon")
    await till.page.get_by_label("Code", exact=True).fill(code.lower())
    await till.page.get_by_role("button", name="Use it").click()
    await till.sees("Bread week")
    await till.press("Cash (F8)")
    await till.press("$2.20")
    await till.sees("Sold")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 220)
    assert [(row["kind"], row["amount_minor"]) for row in shop.look(DISCOUNTS, order["id"])] == [("coupon", 100)]


async def test_what_comes_off_can_be_read_and_pressed_by_everybody(till: Any) -> None:
    page, found = till.page, {}

    async def examine(step: str, part: str | None = None) -> None:
        found[step] = [*await faults_of(page, part), *await small_targets_of(page)]

    await till.tap("Baguette")
    await page.get_by_role("button", name="1 of Baguette, change").click()
    await page.get_by_label("How many").wait_for()
    await examine("line", ".q-dialog")
    await page.locator(".q-dialog").get_by_role("button", name="Discount", exact=True).click()
    await page.get_by_label("How much").fill("10%")
    await examine("discount", ".q-dialog")
    await page.get_by_label("Reason").fill("A friend")
    await page.get_by_label("Reason").press("Enter")
    await page.locator(".cart-line", has_text="A friend").wait_for()
    await examine("cart")
    await till.press("Coupon")
    await page.get_by_label("Code", exact=True).wait_for()
    await examine("coupon", ".q-dialog")

    assert found == {step: [] for step in ("line", "discount", "cart", "coupon")}
