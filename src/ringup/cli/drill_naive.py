"""A cashier at the old till: it says failed, and he presses again."""

import asyncio

from ringup.cli.drill_floor import CASHIERS, Told
from ringup.cli.drill_terminals import AUTH_KEY
from ringup.simulator.drill_schedule import Sale, Schedule, Trouble
from ringup.simulator.naive import (
    ConnectionBroken,
    NaiveAnswer,
    NaiveCart,
    NaiveCheckout,
    NaiveServer,
    ServerDown,
)

PRESSES_MAX = 3
PAUSE_SECONDS = 0.4
"""Eight seconds at the counter, to read what it says and ask for the card again."""
TPNS = tuple(f"NAIVE{number:07}" for number in range(CASHIERS))
BROKEN = NaiveAnswer(paid=False, message="server killed")


class NaiveCashier:
    """Rings up sales at one terminal, as often as it takes or he has the patience for."""

    def __init__(self, server: NaiveServer, checkout: NaiveCheckout, schedule: Schedule, tpn: str) -> None:
        self._server = server
        self._checkout = checkout
        self._schedule = schedule
        self._tpn = tpn
        self._left_running: set[asyncio.Task[NaiveAnswer]] = set()

    async def ring_up(self, sale: Sale) -> Told:
        match sale.trouble:
            case Trouble.PRESSED_TWICE:
                return await self._press_twice(sale)
            case Trouble.CANCELLED_MIDWAY:
                return await self._press_and_leave(sale)
            case _:
                return await self._press_until_tired(sale)

    async def finish(self) -> None:
        """Wait for what he left running when he walked off."""
        if self._left_running:
            await asyncio.wait(set(self._left_running))

    async def _press_until_tired(self, sale: Sale) -> Told:
        reasons: list[str] = []
        for _ in range(PRESSES_MAX):
            answer = await self._press(sale)
            if answer.paid:
                return Told(sale.number, "paid", reasons=tuple(reasons))
            reasons.append(answer.message)
            if answer.pointless:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return Told(sale.number, "failed", reasons[-1], reasons=tuple(reasons))

    async def _press_twice(self, sale: Sale) -> Told:
        """The app sends the same request a second time, whatever the first one is doing."""

        async def later() -> NaiveAnswer:
            await asyncio.sleep(1.2 * sale.moment)
            return await self._press(sale)

        answers = await asyncio.gather(self._press(sale), later())
        reasons = tuple(answer.message for answer in answers if not answer.paid)
        if any(answer.paid for answer in answers):
            return Told(sale.number, "paid", reasons=reasons)
        return Told(sale.number, "failed", reasons[-1], reasons=reasons)

    async def _press_and_leave(self, sale: Sale) -> Told:
        """He closes the window. The old till could not tell the terminal, nor the server."""
        task = asyncio.create_task(self._press(sale))
        self._left_running.add(task)
        task.add_done_callback(self._left_running.discard)
        done, _ = await asyncio.wait({task}, timeout=sale.paying_seconds * 1.3 * sale.moment)
        if not done:
            return Told(sale.number, "cancelled")
        answer = task.result()
        return Told(sale.number, "paid" if answer.paid else "failed", "" if answer.paid else answer.message)

    async def _press(self, sale: Sale) -> NaiveAnswer:
        """One press that reaches the server. While it is down, he waits and tries again."""
        cart = NaiveCart(
            sale=sale.number,
            tpn=self._tpn,
            auth_key=AUTH_KEY,
            goods=sale.goods,
            quantity=sale.quantity,
            customer=sale.customer,
            redeem_points=sale.redeem_points,
            due_minor=self._schedule.due_minor(sale),
        )
        while True:
            try:
                return await self._server.handle(self._checkout.press(cart))
            except ConnectionBroken:
                return BROKEN
            except ServerDown:
                await asyncio.sleep(PAUSE_SECONDS)
