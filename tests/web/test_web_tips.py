"""A tip that is written on the slip. Each story ends by asking the database and the terminal how much the card paid."""

from typing import Any

import pytest
from everybody import faults_of
from open_shop import BACK

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sell_and_tip(till: Any, amount: str, fault: str | None = None, *, looks_in_vain: bool = False) -> None:
    """$8.95 on a card, and then the tip. `fault` is what the terminal does when it is asked for it."""
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Back counter")
    await till.sees("Sold")
    if fault is not None:
        till.shop.fault(fault, path="TipAdjust", tpn=BACK)
    if looks_in_vain:
        # The charge is looked at before it is changed; the second look is the one that would find out.
        till.shop.fault("drop_reply", path="Status", tpn=BACK, skip=1)
    await till.press("Tip on the slip")
    dialog = till.page.locator(".q-dialog")
    await dialog.get_by_label("Tip", exact=True).fill(amount)
    assert await faults_of(till.page, ".q-dialog") == []
    await dialog.get_by_role("button", name="Charge the tip").click()


async def test_the_card_pays_the_tip_that_was_written_on_the_slip(till: Any, shop: Any) -> None:
    await sell_and_tip(till, "1.50")
    await till.sees("$10.45")
    await till.sees("$1.50")

    order = till.order
    assert (order["tip_minor"], order["total_minor"]) == (150, 1_045)
    assert shop.charged_cents(order["id"]) == 1_045


async def test_an_answer_that_is_lost_is_found_out_and_the_tip_charged_once(till: Any, shop: Any) -> None:
    await sell_and_tip(till, "2", "drop_reply", looks_in_vain=True)
    await till.page.get_by_text("The terminal did not say whether it took the tip").wait_for()
    await till.sees("$10.95")

    assert till.order["tip_minor"] == 200
    assert shop.charged_cents(till.order["id"]) == 1_095


async def test_a_tip_that_is_refused_leaves_the_sale_as_it_was(till: Any, shop: Any) -> None:
    await sell_and_tip(till, "1.50", "decline")
    await till.page.get_by_text("the sale stands as it was").wait_for()

    assert (till.order["status"], till.order["tip_minor"]) == ("completed", 0)
    assert shop.charged_cents(till.order["id"]) == 895
