"""A card has too little on it. Each story ends by asking the books who paid what and the terminals what they took."""

from typing import Any

import pytest
from everybody import faults_of, small_targets_of
from open_shop import BACK, FRONT

pytestmark = pytest.mark.asyncio(loop_scope="session")

TENDERS = """
    select tender_type, approved_minor, change_minor from ringup.payment_transactions
     where order_id = %s and status = 'approved' order by tender_number
"""


async def pay_a_part(till: Any, shop: Any) -> None:
    """$8.95, of which the card at the front counter has the half."""
    shop.fault("partial", path="Auth")
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The card paid a part")


def tenders_of(shop: Any, order: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in shop.look(TENDERS, order["id"])]


async def test_the_rest_is_paid_in_cash_with_change(till: Any, shop: Any) -> None:
    await pay_a_part(till, shop)
    await till.sees("Still to pay")
    still = await till.page.locator(".huge").inner_text()
    await till.page.reload()
    await till.page.locator(".huge", has_text=still).wait_for()
    assert await faults_of(till.page) == []
    assert await small_targets_of(till.page) == []
    await till.page.get_by_label("Given by the customer").fill("10")
    await till.page.keyboard.press("Enter")
    await till.sees("Change to give back")

    order = till.order
    (card, taken, _), (cash, rest, change) = tenders_of(shop, order)
    assert (card, cash, taken + rest, change) == ("card", "cash", 895, 1_000 - rest)
    assert (order["status"], still) == ("completed", f"${rest / 100:.2f}")
    assert shop.charged_cents(order["id"]) == taken


async def test_the_rest_is_paid_with_another_card_while_the_first_terminal_is_off(till: Any, shop: Any) -> None:
    await pay_a_part(till, shop)
    shop.terminal(FRONT, online=False)
    shop.check(FRONT)
    await till.page.reload()
    await till.page.get_by_text("Not there since").wait_for()
    assert await till.page.get_by_role("button", name="Front counter").is_disabled()
    await till.press("Back counter")
    await till.sees("Sold")

    order = till.order
    assert [tender for tender, _, _ in tenders_of(shop, order)] == ["card", "card"]
    shop.terminal(FRONT, online=True)
    assert shop.charged_cents(order["id"]) == 895


async def test_two_tabs_that_take_the_rest_take_it_once(till: Any, visit: Any, shop: Any) -> None:
    await pay_a_part(till, shop)
    other = await visit("/register", till.page.context)
    cash = [page.get_by_role("button", name="Cash $").first for page in (till.page, other)]
    for button in cash:
        await button.wait_for()
    for button in cash:
        await button.evaluate("button => button.click()")
    await till.sees("Sold")

    (_, taken, _), (tender, rest, _) = tenders_of(shop, till.order)
    assert (tender, taken + rest) == ("cash", 895)


async def test_the_rest_is_declined_and_the_part_goes_back(till: Any, shop: Any) -> None:
    await pay_a_part(till, shop)
    shop.fault("decline", path="Sale", tpn=BACK)
    await till.press("Back counter")
    await till.sees("The card was declined")

    assert till.order["status"] == "payment_failed"
    assert shop.charged_cents(till.order["id"]) == 0
