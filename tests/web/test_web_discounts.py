"""What comes off a sale in the browser. Each story ends by asking the database what was sold."""

import uuid
from typing import Any

import pytest
from open_shop import PINS

pytestmark = pytest.mark.asyncio(loop_scope="session")

DISCOUNTS = "select kind, reason, amount_minor from ringup.order_discounts where order_id = %s order by discount_number"


async def take_off(till: Any, much: str, reason: str) -> None:
    await till.press("Discount", exact=True)
    await till.page.get_by_label("How much").fill(much)
    await till.page.get_by_label("Reason").fill(reason)
    await till.page.get_by_role("button", name="Take it off").click()


async def test_a_discount_on_the_sale_is_sold_with_another_persons_pin(till: Any, shop: Any) -> None:
    await till.tap("Baguette", "Baguette")
    await take_off(till, "10%", "Yesterday's bread")
    await till.sees("Yesterday's bread, 10 %")
    await till.press("Cash (F8)")
    await till.press("$5.76")
    pin = till.page.get_by_label("PIN of whoever approves")
    await pin.wait_for()
    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    await pin.fill(PINS["Morgan"])
    await till.page.get_by_role("button", name="Approve").click()
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
    await till.press("Cash (F8)")
    await till.press("$2.20")
    await till.page.get_by_role("button", name="Leave it").click()
    await till.page.get_by_text("needs somebody else's approval").wait_for()

    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    await till.press("No discounts")
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
    await till.page.get_by_label("Code").fill(code.lower())
    await till.page.get_by_role("button", name="Use it").click()
    await till.sees("Bread week")
    await till.press("Cash (F8)")
    await till.press("$2.20")
    await till.sees("Sold")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 220)
    assert [(row["kind"], row["amount_minor"]) for row in shop.look(DISCOUNTS, order["id"])] == [("coupon", 100)]
