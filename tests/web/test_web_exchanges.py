"""Goods are exchanged at the register. Each story ends by asking the database what moved, and where the money went."""

import re
from typing import Any

import pytest
from everybody import faults_of, small_targets_of
from open_shop import FRONT, PINS
from test_web_returns import WAYS, refund_of, sold, to_returns

from ringup.web.register.page import LOOK_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

TENDERS = """
    select tender_type, approved_minor from ringup.payment_transactions
     where order_id = %s and refund_id is null order by tender_number
"""


async def exchange(till: Any, order: dict[str, Any], *, back: str = "All of it", show: Any = None) -> Any:
    """Choose what comes back, and carry it to the cart. `show` is called in between."""
    page = await to_returns(till, order)
    await page.get_by_role("button", name=back).click()
    await page.get_by_label("Reason").fill("Wrong kind")
    if show is not None:
        await show()
    await page.get_by_role("button", name="Exchange it for something else").click()
    await till.sees(f"Comes back of order {order['order_number']}")
    return page


def ways_back(shop: Any, order: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in shop.look(WAYS, refund_of(shop, order)["id"])]


def tenders_of(shop: Any, order: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in shop.look(TENDERS, order["id"])]


async def test_what_costs_more_is_exchanged_and_the_difference_paid_in_cash(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 1))
    page = await exchange(till, earlier)
    await till.sees("What does the customer take for it?")
    await till.tap("Lemon Tart")
    await till.sees("To pay")
    await till.sees("$2.05")
    await page.reload()
    await till.sees(f"Comes back of order {earlier['order_number']}")
    assert shop.look("select * from ringup.refunds where order_id = %s", earlier["id"]) == []
    await till.press("Cash (F8)")
    await till.press("$2.05")
    await till.approve("Morgan")
    await till.sees("Exchanged")
    assert await page.locator(".huge").inner_text() == "$2.05"

    order, refund = till.order, refund_of(shop, earlier)
    assert (order["status"], order["total_minor"], order["exchange_refund_id"]) == ("completed", 525, refund["id"])
    assert (refund["status"], refund["actor"], refund["approved_by"]) == ("completed", "staff:Casey", "staff:Morgan")
    assert sorted(tenders_of(shop, order)) == [("cash", 205), ("exchange", 320)]
    assert ways_back(shop, earlier) == [("exchange", 320, "approved")]


async def test_what_costs_less_is_exchanged_and_the_rest_given_out_of_the_drawer(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 3))
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    await till.sees("To give back")
    await page.get_by_role("button", name="Exchange and give $4.35 back").click()
    await till.approve("Morgan")
    await till.sees("Cash to give back")
    assert await page.locator(".huge").inner_text() == "$4.35"

    assert tenders_of(shop, till.order) == [("exchange", 525)]
    assert sorted(ways_back(shop, earlier)) == [("cash", 435, "approved"), ("exchange", 525, "approved")]


async def test_the_same_for_the_same_costs_nothing(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 2))
    page = await exchange(till, earlier, back="One Baguette more back")
    await till.tap("Baguette")
    await page.get_by_role("button", name="Exchange, nothing to pay").click()
    await till.approve("Morgan")
    await till.sees("Exchanged")

    assert tenders_of(shop, till.order) == [("exchange", 320)]
    assert ways_back(shop, earlier) == [("exchange", 320, "approved")]
    (left,) = shop.look("select status from ringup.orders where id = %s", earlier["id"])
    assert left["status"] == "partially_refunded"


async def test_a_lost_answer_is_said_honestly_and_the_card_gets_its_money_once(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 3), tender={"type": "card", "processor_id": shop.processors[FRONT]})
    assert shop.charged_cents(earlier["id"]) == 960
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    shop.fault("drop_reply", path="Return")
    await page.get_by_role("button", name="Exchange and give $4.35 back").click()
    await till.approve("Morgan")
    await till.sees("Do not give the money back again")
    await till.press("Ask the terminal now")
    await till.sees("Exchanged")
    assert await page.locator(".huge").inner_text() == "$4.35"

    assert tenders_of(shop, till.order) == [("exchange", 525)]
    assert shop.charged_cents(earlier["id"]) == 525


async def test_a_terminal_that_refuses_undoes_both_halves_and_the_cart_is_still_there(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 3), tender={"type": "card", "processor_id": shop.processors[FRONT]})
    assert shop.charged_cents(earlier["id"]) == 960
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    shop.fault("decline", path="Return")
    await page.get_by_role("button", name="Exchange and give $4.35 back").click()
    await till.approve("Morgan")
    await till.press("Pay in another way")
    await page.get_by_role("button", name="Exchange and give $4.35 back").wait_for()

    assert shop.charged_cents(earlier["id"]) == 960
    assert shop.look("select status from ringup.orders where id = %s", earlier["id"])[0]["status"] == "completed"
    await page.get_by_role("button", name="No exchange").click()
    await till.sees("Total")
    await till.sees("$5.25")


async def test_nobody_approves_and_neither_half_happens(till: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 1))
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    assert await faults_of(page) == []
    assert await small_targets_of(page) == []
    await till.press("Cash (F8)")
    await till.press("$2.05")
    await page.locator(".q-dialog").get_by_role("button", name=re.compile("Leave it|Close")).click()
    await page.get_by_text("needs somebody else's approval").wait_for()

    assert shop.look("select * from ringup.refunds where order_id = %s", earlier["id"]) == []
    (goods,) = shop.look("select count(*) as n from ringup.orders where register_id = %s", till.register_id)
    assert goods["n"] == 1


async def test_one_card_refuses_after_another_was_paid_back_and_a_person_says_how_the_rest_goes(
    till: Any, shop: Any
) -> None:
    cards = [{"type": "card", "processor_id": shop.processors[FRONT], "amount_minor": 320} for _ in range(3)]
    earlier = sold(till, ("BAK-028", 3), tenders=cards)
    assert shop.charged_cents(earlier["id"]) == 960
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    # The first card gets all of its money back, by a void; of the second a part was to come back.
    shop.fault("decline", path="Return")
    await page.get_by_role("button", name="Exchange and give $4.35 back").click()
    await till.approve("Morgan")
    await till.sees("Not all of the money is back")
    await till.sees(f"Open order {earlier['order_number']} under Returns")
    assert await faults_of(page) == []
    assert await small_targets_of(page) == []
    await page.get_by_role("link", name="To the returns").click()
    await page.get_by_role("button", name=f"Order {earlier['order_number']}").click()
    await page.get_by_role("button", name="In cash").click()
    await till.approve("Morgan")
    await page.get_by_text("Given back", exact=True).first.wait_for()
    await page.get_by_role("link", name="Back to the register").click()
    await till.sees("Exchanged")

    assert (till.order["status"], tenders_of(shop, till.order)) == ("completed", [("exchange", 525)])
    assert shop.charged_cents(earlier["id"]) == 640
    ways = [way for way in ways_back(shop, earlier) if way[2] == "approved"]
    assert sorted(way[:2] for way in ways) == [("card", 320), ("cash", 115), ("exchange", 205), ("exchange", 320)]


async def test_two_tabs_that_exchange_the_same_exchange_it_once(till: Any, visit: Any, shop: Any) -> None:
    earlier = sold(till, ("BAK-028", 3), tender={"type": "card", "processor_id": shop.processors[FRONT]})
    assert shop.charged_cents(earlier["id"]) == 960
    page = await exchange(till, earlier)
    await till.tap("Lemon Tart")
    other = await visit("/register", page.context)
    for tab in (page, other):
        # The press of the other tab froze the cart and let it go again: this one has to have seen it.
        await tab.wait_for_timeout(3 * LOOK_SECONDS * 1000)
        await tab.get_by_role("button", name="Exchange and give $4.35 back").click()
        await tab.get_by_label("PIN of whoever approves").fill(PINS["Morgan"])
    for tab in (page, other):
        await tab.get_by_role("button", name="Approve").evaluate("button => button.click()")
    for tab in (page, other):
        await tab.locator(".slip").get_by_text("Exchanged").wait_for()

    assert tenders_of(shop, till.order) == [("exchange", 525)]
    assert sorted(ways_back(shop, earlier)) == [("card", 435, "approved"), ("exchange", 525, "approved")]
    assert shop.charged_cents(earlier["id"]) == 525
