"""A checkout as the old system did it: charge, then save; on an error, charge again with a new reference.

It is here to be compared with, in drills. Nothing in it is made worse than it was: it
checks stock and points before it charges, it waits for the terminal as long as its host
let it, and it believes only the plain approval code. What it lacks is what ringup is for.
"""

import asyncio
import uuid
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from ringup.domain.errors import DatabaseUnavailable

HTTP_SECONDS = 1.5
"""How long it waits for the terminal: thirty seconds at the counter, the longest that its host allowed."""
RESTART_SECONDS = 2.0
"""How long it is away after it was killed."""
APPROVED, DECLINED, CANCELLED = "0000", "1015", "1012"
POINTS_PER_MINOR = 100
"""A point for every so many minor units paid."""


@dataclass(frozen=True, slots=True)
class NaiveCart:
    """What one press of the button asks for. Amounts are minor units."""

    sale: int
    tpn: str
    auth_key: str
    goods: int
    quantity: int
    customer: int | None
    redeem_points: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class NaiveAnswer:
    """What the cashier sees. `paid` is what the system believes; `pointless` that pressing again cannot help."""

    paid: bool
    message: str
    pointless: bool = False


class OpenBooks(Protocol):
    """The books, each method a statement of its own that is committed at once.

    Raises DatabaseUnavailable where the database does not answer.
    """

    async def read_stock(self, goods: int) -> int: ...
    async def write_stock(self, goods: int, stock: int) -> None: ...
    async def read_points(self, customer: int) -> int: ...
    async def write_points(self, customer: int, points: int) -> None: ...
    async def insert_order(
        self,
        *,
        sale: int,
        reference: str,
        goods: int,
        quantity: int,
        customer: int | None,
        points_redeemed: int,
        points_earned: int,
        total_minor: int,
    ) -> int: ...
    async def complete_order(self, order: int) -> None: ...


class Books(Protocol):
    def open(self) -> AbstractAsyncContextManager[OpenBooks]: ...


class ServerDown(Exception):
    """The server is not there, or says at once that it cannot work: nothing was begun."""


class ConnectionBroken(Exception):
    """The server died before it answered."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request for money that left: which sale it was for. The oracle knows it by its reference."""

    sale: int
    reference: str


class NaiveCheckout:
    """Charge, save the order, take the stock, move the points: one after the other, with nothing to tie them."""

    def __init__(self, client: httpx.AsyncClient, simulator_url: str, books: Books) -> None:
        self._client = client
        self._url = f"{simulator_url}/v2/Payment/Sale"
        self._books = books
        self.sent: list[Sent] = []

    async def press(self, cart: NaiveCart) -> NaiveAnswer:
        """What one press of the button does. Pressed again, it does it again.

        Raises ServerDown where the books cannot even be opened: nothing was begun.
        """
        try:
            async with self._books.open() as books:
                stock = await books.read_stock(cart.goods)
                points = 0 if cart.customer is None else await books.read_points(cart.customer)
        except DatabaseUnavailable as failure:
            raise ServerDown from failure
        if stock < cart.quantity:
            return NaiveAnswer(paid=False, message="not enough stock", pointless=True)
        if points < cart.redeem_points:
            return NaiveAnswer(paid=False, message="not enough points", pointless=True)

        reference = uuid.uuid4().hex
        refusal = await self._charge(cart, reference)
        if refusal is not None:
            return refusal
        try:
            await self._save(cart, reference)
        except DatabaseUnavailable:
            return NaiveAnswer(paid=False, message="database error")
        return NaiveAnswer(paid=True, message="paid")

    async def _charge(self, cart: NaiveCart, reference: str) -> NaiveAnswer | None:
        self.sent.append(Sent(cart.sale, reference))
        body = {
            "Tpn": cart.tpn,
            "Authkey": cart.auth_key,
            "Amount": cart.due_minor / 100,
            "PaymentType": "Credit",
            "ReferenceId": reference,
        }
        try:
            async with asyncio.timeout(HTTP_SECONDS):
                response = await self._client.post(self._url, json=body, timeout=HTTP_SECONDS)
            code = response.json()["GeneralResponse"]["StatusCode"]
        except (httpx.HTTPError, TimeoutError):
            return NaiveAnswer(paid=False, message="no answer from the terminal")
        except (ValueError, KeyError):
            return NaiveAnswer(paid=False, message="terminal error")
        if code == APPROVED:
            return None
        return NaiveAnswer(paid=False, message=f"terminal error {code}", pointless=code in (DECLINED, CANCELLED))

    async def _save(self, cart: NaiveCart, reference: str) -> None:
        earned = 0 if cart.customer is None else cart.due_minor // POINTS_PER_MINOR
        async with self._books.open() as books:
            order = await books.insert_order(
                sale=cart.sale,
                reference=reference,
                goods=cart.goods,
                quantity=cart.quantity,
                customer=cart.customer,
                points_redeemed=cart.redeem_points,
                points_earned=earned,
                total_minor=cart.due_minor,
            )
            stock = await books.read_stock(cart.goods)
            await books.write_stock(cart.goods, stock - cart.quantity)
            if cart.customer is not None:
                points = await books.read_points(cart.customer)
                await books.write_points(cart.customer, points - cart.redeem_points + earned)
            await books.complete_order(order)


class NaiveServer:
    """The process that the naive checkout runs in, as far as a cashier can tell.

    Killing it ends every checkout where it stands, as `kill -9` does: what was awaited is
    never heard of, and nothing is tidied up. A cashier who walks off ends nothing.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[NaiveAnswer]] = set()
        self._up = asyncio.Event()
        self._up.set()

    async def handle(self, work: Coroutine[Any, Any, NaiveAnswer]) -> NaiveAnswer:
        """Run one request to its end, and answer. Raises ServerDown, or ConnectionBroken if it dies meanwhile."""
        if not self._up.is_set():
            work.close()
            raise ServerDown
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task})
        if task.cancelled():
            raise ConnectionBroken
        return task.result()

    async def kill(self) -> None:
        """Die now, and be back after a while."""
        self._up.clear()
        for task in set(self._running):
            task.cancel()
        await asyncio.sleep(RESTART_SECONDS)
        self._up.set()
