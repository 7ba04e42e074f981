"""The customer's side of a terminal: whatever is done there, the register tells it as it is."""

from typing import Any

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def customer(visit: Any, shop: Any) -> Any:
    """The page of whoever stands before the terminals."""
    return await visit("/simulator")


async def ask_for_card(till: Any) -> None:
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The terminal is working")


@pytest.mark.parametrize(
    ("does", "told", "status", "charged"),
    [
        ("Present a card", "Sold", "completed", 895),
        ("Card declined", "The card was declined", "payment_failed", 0),
        ("Walk away", "Nobody was charged", "payment_failed", 0),
    ],
)
async def test_the_customer_decides_at_the_terminal(
    till: Any, customer: Any, shop: Any, does: str, told: str, status: str, charged: int
) -> None:
    front = customer.get_by_label("Front counter", exact=True)
    await front.get_by_role("switch", name="I am the customer").click()
    await front.get_by_role("switch", name="I am the customer", checked=True).wait_for()
    await ask_for_card(till)
    await front.get_by_text("$8.95").wait_for()
    await front.get_by_role("button", name=does).click()
    await till.sees(told)

    assert till.order["status"] == status
    assert shop.charged_cents(till.order["id"]) == charged


async def test_a_card_with_half_on_it_gives_it_back_where_the_sale_is_given_up(
    till: Any, customer: Any, shop: Any
) -> None:
    await customer.get_by_label("Front counter", exact=True).get_by_role("button", name="Only half on it").click()
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The card paid a part")
    await till.press("Give the sale up, the part goes back")
    await till.sees("The sale was given up")

    assert till.order["status"] in ("cancelled", "payment_failed")
    assert shop.charged_cents(till.order["id"]) == 0


async def test_a_lost_answer_chosen_by_the_customer_heals(till: Any, customer: Any, shop: Any) -> None:
    front = customer.get_by_label("Front counter", exact=True)
    await front.get_by_role("button", name="Lose the answer").click()
    await front.get_by_text("The next request meets: drop reply.").wait_for()
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("Sold")

    assert shop.charged_cents(till.order["id"]) == 895
    assert len(shop.look("select 1 from ringup.orders where register_id = %s", till.register_id)) == 1


async def test_a_late_answer_ends_in_one_sale(till: Any, customer: Any, shop: Any) -> None:
    await customer.get_by_label("Front counter", exact=True).get_by_role("button", name="Answer late").click()
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("Sold")

    assert shop.charged_cents(till.order["id"]) == 895


async def test_a_cut_cable_and_a_terminal_that_is_off_are_red_at_the_register(
    till: Any, customer: Any, shop: Any
) -> None:
    front = customer.get_by_label("Front counter", exact=True)
    back = customer.get_by_label("Back counter", exact=True)
    await front.get_by_role("button", name="Cut the cable").click()
    await front.get_by_text("No connection").wait_for()
    await back.get_by_role("button", name="Turn off").click()
    await back.get_by_text("No connection").wait_for()
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.page.get_by_role("button", name="Front counter").wait_for()
    for tpn in shop.processors:
        shop.check(tpn)
    # The page looks by itself.
    for name in ("Front counter", "Back counter"):
        await till.page.get_by_role("button", name=name, disabled=True).wait_for()
    await front.get_by_role("button", name="Plug in, turn on").click()
    await front.get_by_text("Ready").wait_for()
    shop.check()
    await till.page.get_by_role("button", name="Front counter", disabled=False).wait_for()

    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
