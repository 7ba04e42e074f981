"""A sale that goes on by itself, whoever asked for it and whether they still wait."""

import asyncio
from dataclasses import replace
from typing import Any

from ringup.api.under_way import UnderWay
from ringup.checkout.counter import Counter
from ringup.checkout.exchange import begin_exchange
from ringup.checkout.ring_up import RungUp, add_tenders, begin, finish
from ringup.db.calls.checkout import Prepared
from ringup.domain.cart import AddedTenders, SaleRequest
from ringup.domain.errors import RingupError
from ringup.domain.exchange import ExchangeRequest
from ringup.recovery.settle import settle_order
from ringup.wiring import Shop

Asked = SaleRequest | AddedTenders | ExchangeRequest


class Sale:
    """One sale under way, what is added to one, or an exchange. `begun` is known before anybody is charged."""

    def __init__(self, under_way: UnderWay, shop: Shop, request: Asked) -> None:
        self.begun: asyncio.Future[Prepared] = asyncio.get_running_loop().create_future()
        self._under_way = under_way
        self._recovery = shop.recovery
        self._task = under_way.start(self._ring_up(shop.counter, request))

    async def _ring_up(self, counter: Counter, request: Asked) -> RungUp:
        prepared = await _first_step(counter, request)
        self.begun.set_result(prepared)
        if not prepared.made and prepared.step in ("look_up", "void"):
            # Somebody asks again about money in doubt: find out now, not when the ladder says.
            await settle_order(self._recovery, request.vendor_id, prepared.checkout_id)
            if isinstance(request, ExchangeRequest):
                await settle_order(self._recovery, request.vendor_id, request.returned.order_id)
                now = await begin_exchange(counter, request)
                # Whoever completes what is paid back already does it once: nobody has to wait for who began it.
                prepared = replace(now, yours=prepared.yours or now.step == "complete")
        try:
            return await finish(counter, request.vendor_id, prepared)
        except RingupError as failure:
            # From here on there is a checkout, and the cashier's next question is which.
            failure.facts = {"checkout_id": prepared.checkout_id, **failure.facts}
            raise

    async def result(self) -> RungUp:
        return await self._under_way.result(self._task)

    async def is_left_running(self) -> bool:
        """After the first step: whether the rest is ours to do, and goes on without the caller."""
        first_step: set[asyncio.Future[Any]] = {self._task, self.begun}
        await asyncio.wait(first_step, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done() or not self.begun.result().yours:
            return False
        self._under_way.leave(self._task)
        return True


async def _first_step(counter: Counter, request: Asked) -> Prepared:
    match request:
        case SaleRequest():
            return await begin(counter, request)
        case AddedTenders():
            return await add_tenders(counter, request)
        case ExchangeRequest():
            return await begin_exchange(counter, request)
