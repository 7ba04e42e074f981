"""The old way of taking money, which is to fail as it did, and no worse."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ringup.db.naive import NaiveBooks
from ringup.simulator.naive import (
    ConnectionBroken,
    NaiveAnswer,
    NaiveCart,
    NaiveCheckout,
    NaiveServer,
    ServerDown,
)

AUTH_KEY = "ABCDEFGHIJ"


@dataclass
class OldShop:
    """One article, ten of it; one customer, with a hundred points; one terminal."""

    client: httpx.AsyncClient
    checkout: NaiveCheckout
    books: NaiveBooks
    tpn: str

    def press(self, **changes: Any) -> Coroutine[Any, Any, NaiveAnswer]:
        cart = {"goods": 0, "quantity": 1, "customer": 0, "redeem_points": 0, "due_minor": 1000, **changes}
        return self.checkout.press(NaiveCart(sale=7, tpn=self.tpn, auth_key=AUTH_KEY, **cart))

    async def fault(self, **rule: Any) -> None:
        (await self.client.post("/control/faults", json={"tpn": self.tpn, **rule})).raise_for_status()

    async def taken(self) -> list[int]:
        charges = (await self.client.get("/control/charges", params={"tpn": self.tpn})).json()
        return [charge["net_cents"] for charge in charges if charge["net_cents"]]

    async def is_paying(self) -> bool:
        terminals = (await self.client.get("/control/terminals")).json()
        return any(terminal["running"] for terminal in terminals if terminal["tpn"] == self.tpn)


async def until(is_so: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await is_so():  # noqa: ASYNC110  the simulator is a program of its own
            await asyncio.sleep(0.02)


@pytest.fixture
async def old_shop(vendor_url: str, database) -> AsyncIterator[OldShop]:
    books = NaiveBooks(database.url())
    await books.make([10], [100])
    async with httpx.AsyncClient(base_url=vendor_url) as client:
        tpn = f"{uuid.uuid4().int % 10**12:012}"
        (await client.put(f"/control/terminals/{tpn}", json={"auth_key": AUTH_KEY})).raise_for_status()
        yield OldShop(client, NaiveCheckout(client, vendor_url, books), books, tpn)


async def test_on_a_good_day_it_sells(old_shop: OldShop):
    answer = await old_shop.press(redeem_points=100)

    (order,) = await old_shop.books.list_orders()
    assert answer == NaiveAnswer(paid=True, message="paid")
    assert (order.sale, order.status, order.total_minor) == (7, "completed", 1000)
    assert await old_shop.taken() == [1000]
    assert await old_shop.books.list_points() == [10]
    async with old_shop.books.open() as books:
        assert await books.read_stock(0) == 9


async def test_a_lost_reply_is_told_as_a_failure_and_pressing_again_charges_again(old_shop: OldShop):
    await old_shop.fault(path="Sale", fault="drop_reply")

    first, second = await old_shop.press(), await old_shop.press()

    assert (first.paid, second.paid) == (False, True)
    assert await old_shop.taken() == [1000, 1000]
    assert len(await old_shop.books.list_orders()) == 1


async def test_a_decline_is_told_as_such_and_moves_nothing(old_shop: OldShop):
    await old_shop.fault(path="Sale", fault="decline")

    answer = await old_shop.press()

    assert (answer.paid, answer.pointless) == (False, True)
    assert await old_shop.taken() == []
    assert await old_shop.books.list_orders() == []


async def test_what_is_not_there_is_refused_before_anybody_is_charged(old_shop: OldShop):
    too_many, too_dear = await old_shop.press(quantity=11), await old_shop.press(redeem_points=101)

    assert (too_many.message, too_dear.message) == ("not enough stock", "not enough points")
    assert await old_shop.taken() == []


async def test_a_killed_server_takes_the_money_and_leaves_no_order(old_shop: OldShop):
    server = NaiveServer()
    await old_shop.fault(path="Sale", fault="delay", seconds=0.3)
    pressed = asyncio.create_task(server.handle(old_shop.press()))
    await until(old_shop.is_paying)

    killing = asyncio.create_task(server.kill())

    with pytest.raises(ConnectionBroken):
        await pressed
    with pytest.raises(ServerDown):
        await server.handle(old_shop.press())
    await killing
    await until(old_shop.taken)
    assert await old_shop.taken() == [1000]
    assert await old_shop.books.list_orders() == []
