"""A terminal does not say what it did. The page says so, nobody is charged twice, and the sale heals."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def into_doubt(till: Any, shop: Any) -> None:
    """The charge is made and its answer lost, and for now nobody gets through to ask."""
    shop.fault("drop_request", path="Status", times=None)
    shop.fault("drop_reply", path="Auth")
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("We are finding out")
    await till.sees("Do not charge again")


async def test_a_lost_answer_is_said_honestly_and_heals_while_the_page_watches(till: Any, shop: Any) -> None:
    await into_doubt(till, shop)
    order = till.order
    assert (order["status"], order["payment_status"]) == ("payment_processing", "unknown")

    await till.page.reload()
    await till.sees("Do not charge again")
    shop.simulator.delete("/control/faults")
    await till.sees("Sold")

    assert till.order["id"] == order["id"]
    assert till.order["status"] == "completed"
    assert shop.charged_cents(order["id"]) == 895


async def test_a_sale_in_doubt_is_parked_and_the_next_customer_pays_cash(till: Any, shop: Any) -> None:
    await into_doubt(till, shop)
    doubtful = till.order
    await till.press("Park it and serve the next customer")
    await till.tap("Baguette")
    await till.press("Card (F9)")
    front = till.page.get_by_role("button", name="Front counter")
    await front.wait_for()
    assert await front.is_disabled()
    await till.press("Cash", exact=True)
    await till.press("$3.20")
    await till.sees("Sold")
    await till.press("Next customer")
    shop.simulator.delete("/control/faults")
    parked = till.page.get_by_role("button", name=re.compile("^Parked:.* sold$"))
    await parked.click()
    await till.sees("Sold")

    (status,) = shop.look("select status from ringup.orders where id = %s", doubtful["id"])
    assert status["status"] == "completed"
    assert shop.charged_cents(doubtful["id"]) == 895


async def test_the_terminal_is_asked_at_once_when_somebody_presses(till: Any, shop: Any) -> None:
    await into_doubt(till, shop)
    shop.simulator.delete("/control/faults")
    await till.press("Ask the terminal now")
    await till.sees("Sold")

    assert shop.charged_cents(till.order["id"]) == 895


async def test_a_sale_in_doubt_that_is_given_up_gives_the_money_back(till: Any, shop: Any) -> None:
    await into_doubt(till, shop)
    order = till.order
    await till.press("Give the sale up")
    await till.sees("It is given up as soon as that is known")
    shop.simulator.delete("/control/faults")
    await till.sees("The sale was given up")
    await till.page.wait_for_function("document.querySelector('.slip').innerText.includes('gone back')")

    (ended,) = shop.look("select status, payment_status from ringup.orders where id = %s", order["id"])
    assert (ended["status"], ended["payment_status"]) == ("cancelled", "voided")
    assert shop.charged_cents(order["id"]) == 0


async def test_a_customer_who_thinks_is_waited_for_and_the_sale_can_be_cancelled(till: Any, shop: Any) -> None:
    shop.terminal("DEMO00000001", answer_delay_seconds=60)
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The terminal is working")
    await till.press("Cancel the sale")
    await till.sees("The sale was given up")

    order = till.order
    assert order["status"] == "cancelled"
    assert shop.charged_cents(order["id"]) == 0


async def test_a_page_that_died_after_asking_goes_on_under_the_same_key(till: Any, shop: Any) -> None:
    """The cart was frozen, and the process died before the sale began: pressing again is one sale."""
    await till.tap("Baguette")
    shop.do(
        """update ringup.till_carts set tenders = '[{"type": "cash", "amount_minor": 320, "tendered_minor": 320}]',"""
        f" revision = revision + 1 where register_id = '{till.register_id}' and place = 'counter'"
    )
    await till.sees("Not begun")
    await till.press("Go on")
    await till.sees("Sold")

    assert till.order["idempotency_key"].startswith("till-")
    assert till.order["status"] == "completed"
