"""Goods come back at the register. Each story ends by asking the database what went back, and how."""

import re
from typing import Any

import pytest
from everybody import faults_of, small_targets_of
from open_shop import HARBOUR

pytestmark = pytest.mark.asyncio(loop_scope="session")

Tender = dict[str, Any]

REFUNDS = "select * from ringup.refunds where order_id = %s"
WAYS = """
    select tender_type, amount_minor, status from ringup.payment_transactions
     where refund_id = %s order by tender_number
"""
LINES = "select line_number, quantity, restock from ringup.refund_lines where refund_id = %s order by line_number"


def sold(till: Any, *lines: tuple[str, int], tender: Tender | None = None, tenders: list[Tender] | None = None) -> Any:
    """A sale of these codes at this register, in cash or as it says."""
    body = {
        "location_id": HARBOUR,
        "register_id": till.register_id,
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        "tenders": tenders or [tender or {"type": "cash"}],
    }
    key = {"Idempotency-Key": f"{till.register_id}-{len(lines)}"}
    till.shop.api.post("/v1/checkouts", json=body, headers=key).raise_for_status()
    order: dict[str, Any] = till.order
    return order


async def to_returns(till: Any, order: dict[str, Any]) -> Any:
    """Find the sale by the number on its receipt."""
    page = till.page
    await page.get_by_role("link", name="Returns", exact=True).click()
    await page.get_by_role("button", name=f"Order {order['order_number']}").wait_for()
    await page.get_by_label("Number, or scan the receipt").fill(order["order_number"])
    await page.get_by_role("button", name="Find it").click()
    await page.get_by_role("heading", name=f"Order {order['order_number']}").wait_for()
    return page


async def give_back(page: Any, amount: str, reason: str) -> None:
    await page.get_by_label("Reason").fill(reason)
    await page.get_by_role("button", name="Give $3.20 back").click()


def refund_of(shop: Any, order: dict[str, Any]) -> dict[str, Any]:
    (refund,) = shop.look(REFUNDS, order["id"])
    row: dict[str, Any] = refund
    return row


async def test_one_of_two_comes_back_with_another_persons_pin_and_cash_is_given(till: Any, shop: Any) -> None:
    order = sold(till, ("BAK-028", 2))
    page = await to_returns(till, order)
    await page.get_by_role("button", name="One Baguette more back").click()
    await give_back(page, "$3.20", "Stale")
    await page.get_by_label("PIN of whoever approves").wait_for()
    assert shop.look(REFUNDS, order["id"]) == []
    await till.approve("Morgan")
    await page.get_by_text("Cash to give back").wait_for()
    assert await page.locator(".huge").inner_text() == "$3.20"

    refund = refund_of(shop, order)
    assert (refund["status"], refund["amount_minor"], refund["reason"]) == ("completed", 320, "Stale")
    assert (refund["actor"], refund["approved_by"]) == ("staff:Casey", "staff:Morgan")
    assert [tuple(row.values()) for row in shop.look(LINES, refund["id"])] == [(1, 1, True)]
    assert [tuple(row.values()) for row in shop.look(WAYS, refund["id"])] == [("cash", 320, "approved")]
    paper = await page.context.request.get(f"{shop.base_url}/register/refunds/{refund['id']}")
    assert "REFUND" in await paper.text()
    assert shop.look("select status from ringup.orders where id = %s", order["id"])[0]["status"] == "partially_refunded"


async def test_a_receipt_is_scanned_and_all_of_it_goes_back_to_the_card(till: Any, shop: Any) -> None:
    order = sold(till, ("BAK-028", 1), tender={"type": "card", "processor_id": shop.processors["DEMO00000001"]})
    assert shop.charged_cents(order["id"]) == 320
    page = till.page
    await page.get_by_role("link", name="Returns", exact=True).click()
    await page.get_by_role("button", name=f"Order {order['order_number']}").wait_for()
    await page.keyboard.type(order["order_number"])
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="All of it").click()
    await page.get_by_role("button", name="To the shelf").click()
    await page.get_by_role("button", name="Not to the shelf").wait_for()
    await give_back(page, "$3.20", "Broken")
    await till.approve("Morgan")
    await page.get_by_role("heading", name="Given back").wait_for()

    refund = refund_of(shop, order)
    assert (refund["status"], refund["amount_minor"]) == ("completed", 320)
    assert [tuple(row.values()) for row in shop.look(LINES, refund["id"])] == [(1, 1, False)]
    assert shop.charged_cents(order["id"]) == 0
    await page.get_by_role("button", name="Another return").click()
    listed = page.get_by_role("button", name=f"Order {order['order_number']}")
    await listed.get_by_text("given back", exact=True).wait_for()
    await listed.click()
    await page.get_by_text("All of it is back already").wait_for()


async def test_a_terminal_that_is_off_leaves_the_refund_open_and_cash_ends_it(till: Any, shop: Any) -> None:
    order = sold(till, ("BAK-028", 1), tender={"type": "card", "processor_id": shop.processors["DEMO00000001"]})
    assert shop.charged_cents(order["id"]) == 320
    shop.terminal(online=False)
    page = await to_returns(till, order)
    await page.get_by_role("button", name="All of it").click()
    await give_back(page, "$3.20", "Too much")
    await till.approve("Morgan")
    await page.get_by_text("Not all of the money is back").wait_for()
    assert refund_of(shop, order)["status"] == "open"
    await page.reload()
    await page.get_by_role("button", name=f"Order {order['order_number']}").click()
    await page.get_by_role("button", name="In cash").click()
    await till.approve("Morgan")
    await page.get_by_text("Cash to give back").wait_for()

    refund = refund_of(shop, order)
    assert (refund["status"], refund["amount_minor"]) == ("completed", 320)
    given = [tuple(row.values()) for row in shop.look(WAYS, refund["id"])]
    assert ("cash", 320, "approved") in given
    assert [status for tender_type, _, status in given if tender_type == "card"] == ["error"]


async def test_nobody_approves_and_nothing_goes_back(till: Any, shop: Any) -> None:
    order = sold(till, ("BAK-028", 1))
    page = await to_returns(till, order)
    await page.get_by_role("button", name="All of it").click()
    await page.get_by_role("button", name="Give $3.20 back").wait_for()
    await page.get_by_role("button", name="No receipt").click()
    await page.get_by_role("button", name="No receipt", pressed=True).wait_for()
    await page.get_by_role("button", name="Give $3.20 back").click()
    await page.get_by_text("What goes back does so for a reason").wait_for()
    await give_back(page, "$3.20", "Changed their mind")
    await page.get_by_text("A refund without a receipt: $3.20").wait_for()
    await page.locator(".q-dialog").get_by_role("button", name=re.compile("Leave it|Close")).click()
    await page.get_by_text("needs somebody else's approval").wait_for()

    assert shop.look(REFUNDS, order["id"]) == []
    assert shop.look("select status from ringup.orders where id = %s", order["id"])[0]["status"] == "completed"


async def test_returns_can_be_read_and_pressed_by_everybody(till: Any) -> None:
    order = sold(till, ("BAK-028", 2))
    page = await to_returns(till, order)
    await page.get_by_role("button", name="All of it").click()
    await page.get_by_label("Reason").fill("Stale")

    assert await faults_of(page) == []
    assert await small_targets_of(page) == []
    await page.set_viewport_size({"width": 768, "height": 1024})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
