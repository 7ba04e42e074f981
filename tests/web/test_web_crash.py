"""The process that serves the page is killed while a customer pays. The page comes back and tells the truth."""

import os
import signal
from typing import Any

import pytest
from open_shop import connected

pytestmark = pytest.mark.asyncio(loop_scope="session")

RECOVERED_MS = 60_000
"""A new process, the dead one's lease, which is 15 seconds, and a look at the terminal."""


async def test_a_killed_server_comes_back_to_the_same_sale(till: Any, shop: Any) -> None:
    shop.terminal(attended=True)
    await till.tap("Granola 500 g")
    await till.press("Card (F9)")
    await till.press("Front counter")
    await till.sees("The terminal is working")
    order = till.order

    os.kill(shop.demo.server_process(), signal.SIGKILL)
    shop.simulator.post("/control/terminals/DEMO00000001/customer", json={"does": "pays"}).raise_for_status()
    # The browser finds the new process by itself, and asks it for the page anew.
    await till.page.locator(".slip").get_by_text("Sold", exact=True).wait_for(timeout=RECOVERED_MS)

    assert till.order["id"] == order["id"]
    assert till.order["status"] == "completed"
    assert shop.charged_cents(order["id"]) == 895
    await connected(till.page)
    await till.press("Next customer")
    await till.sees("The cart is empty")
