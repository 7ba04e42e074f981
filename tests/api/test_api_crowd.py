"""More customers than can be served: the API says so before it reads anything."""

import asyncio
import contextlib
from dataclasses import replace

from ringup.checkout.counter import Patience
from ringup.checkout.door import Door


@contextlib.asynccontextmanager
async def line_at_the_door(door: Door):
    """One inside who stays, and one in line behind somebody who is known to take a second."""
    async with door.passed(1):
        await asyncio.sleep(1)

    async def wait() -> None:
        async with door.passed(60):
            pass

    async with door.passed(1):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        yield
    await waiting


async def test_a_sale_that_would_wait_too_long_is_refused_unread_and_others_are_served(store):
    patience = Patience(door=0.1)
    counter = replace(store.shop.counter, door=Door(at_once=1), patience=patience)
    store.app.state.shop = replace(store.shop, counter=counter)
    nobody = store.client()

    async with line_at_the_door(counter.door):
        refused = await nobody.post("/v1/checkouts", content=b"{")
        others = await store.ours.client.get("/v1/checkouts")
        numbers = (await nobody.get("/metrics")).text
    afterwards = await nobody.post("/v1/checkouts", content=b"{")

    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "too_busy", "2")
    assert 'ringup_checkouts_total{result="too_busy"} 1.0' in numbers
    assert others.status_code == 200
    assert afterwards.status_code in (400, 401, 422)
    assert (await store.ours.sell(store.ours.retailer.cart())).status_code == 201
