"""A bad day at the shop, from one seed: everything that can go wrong does, all at once.

The checker trusts nobody: it reads the terminals' journals and the audit, and not
what anybody was told.
"""

import asyncio
import contextlib
import os
import random
import uuid
from dataclasses import dataclass

import pytest
from unreliable_terminal import TOO_LATE_SECONDS, Lanes, UnreliableTerminal

from ringup.checkout.cancel import cancel
from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import ring_up
from ringup.db.pool import Pool
from ringup.domain.cart import SaleRequest, Tender
from ringup.domain.errors import RingupError
from ringup.domain.money import Money
from ringup.recovery.orphans import walk_terminal
from ringup.recovery.settle import Recovery, settle_order
from ringup.recovery.sweep import sweep
from shop_floor import Connection, ShopFloor, broken_invariants, rows

SALES = int(os.environ.get("RINGUP_TEST_SALES", "40"))
SEEDS = range(1, int(os.environ.get("RINGUP_TEST_SEEDS", "4")) + 1)
ROUNDS_MAX = 40


@dataclass
class Day:
    dice: random.Random
    floor: ShopFloor
    counter: Counter
    recovery: Recovery
    observer: Connection
    second: uuid.UUID

    def sale(self) -> SaleRequest:
        terminals = [self.floor.terminal, self.second]
        self.dice.shuffle(terminals)
        kind = self.dice.choice(["card", "card", "card", "cash", "card and cash", "two cards"])
        tenders: dict[str, tuple[Tender, ...]] = {
            "card": (Tender("card", processor_id=terminals[0]),),
            "cash": (Tender("cash"),),
            "card and cash": (Tender("card", 400, terminals[0]), Tender("cash")),
            "two cards": (Tender("card", 400, terminals[0]), Tender("card", processor_id=terminals[1])),
        }
        points = self.dice.choice([0, 0, 0, 7])
        customer = self.floor.customer if points or self.dice.random() < 0.5 else None
        return self.floor.sale(tenders=tenders[kind], customer_id=customer, redeem_points=points)

    async def till(self, request: SaleRequest) -> None:
        """One customer at one till: presses once, twice, loses the connection, changes his mind, comes back."""
        await asyncio.sleep(self.dice.random() * 1.5)
        presses = [self.press(request) for _ in range(self.dice.choice([1, 1, 1, 2]))]
        if self.dice.random() < 0.15:
            presses.append(self.change_mind())
        await asyncio.gather(*presses)
        if self.dice.random() < 0.5:
            await asyncio.sleep(self.dice.random() * 0.3)
            await self.press(request)

    async def press(self, request: SaleRequest) -> None:
        selling = asyncio.ensure_future(ring_up(self.counter, request))
        if self.dice.random() < 0.2:
            # The process dies here: whatever it was doing, it stops.
            await asyncio.sleep(self.dice.random() * 0.08)
            selling.cancel()
        with contextlib.suppress(RingupError, asyncio.CancelledError):
            rung = await selling
            if rung.answer.payment_status == "unknown" and self.dice.random() < 0.3:
                # The cashier presses again, which asks the terminal out of turn.
                await settle_order(self.recovery, self.floor.vendor, rung.checkout_id)

    async def change_mind(self) -> None:
        await asyncio.sleep(self.dice.random() * 0.1)
        open_orders = await rows(self.observer, "select id from ringup.orders where completed_at is null limit 5")
        for order in open_orders[:1]:
            with contextlib.suppress(RingupError):
                await cancel(self.counter, self.floor.vendor, order["id"])

    async def recoverer(self) -> None:
        while True:
            await sweep(self.recovery, self.floor.vendor)
            await asyncio.sleep(0.05)

    async def settle_everything(self) -> None:
        """Time passes, recovery works, until nothing is left to do."""
        await asyncio.sleep(TOO_LATE_SECONDS)
        await self.recover_until_nothing_is_due()
        for processor in (self.floor.terminal, self.second):
            await walk_terminal(self.recovery, self.floor.vendor, processor, Money(0, "USD"))
        await self.recover_until_nothing_is_due()

    async def recover_until_nothing_is_due(self) -> None:
        for _ in range(ROUNDS_MAX):
            await self.observer.execute(
                "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
            )
            await self.observer.execute(
                "update ringup.orders set lease_until = now(), hold_until = now()"
                " where status in ('pending_payment', 'payment_processing', 'payment_authorized')"
            )
            swept = await sweep(self.recovery, self.floor.vendor)
            if swept.payments + swept.orders == 0:
                return
        raise AssertionError("recovery never comes to an end")


async def check(day: Day, terminals: dict[uuid.UUID, UnreliableTerminal]) -> None:
    """No charge without its order, none twice, no order without its money, nothing left open."""
    journal = {ref: charge for each in terminals.values() for ref, charge in each.journal.items()}
    payments = {row["reference_id"]: row for row in await rows(day.observer, PAYMENTS)}

    assert [ref for each in terminals.values() for ref in each.charged_twice] == []
    for reference, charge in journal.items():
        kept = payments[reference]["order_status"] == "completed"
        assert charge.voided is not kept, (reference, charge, payments[reference])
        assert charge.captured is kept, (reference, charge, payments[reference])
    for reference, payment in payments.items():
        if payment["tender_type"] == "card" and payment["order_status"] == "completed":
            assert journal[reference].amount_minor == payment["amount_minor"], payment
    assert await rows(day.observer, "select * from ringup.limbo") == []
    given_up = "select id from ringup.orders where cancel_event is not null and status = 'completed'"
    assert await rows(day.observer, given_up) == []
    assert await broken_invariants(day.observer) == {}
    assert await rows(day.observer, "select * from ringup.find_orphaned_payments()") == []
    assert (await day.floor.stock(day.observer))[1] == 0
    assert (await day.floor.points(day.observer))[1] == 0


PAYMENTS = """
    select p.reference_id, p.tender_type, p.amount_minor, p.status, o.status as order_status
      from ringup.payment_transactions p join ringup.orders o on o.id = p.order_id
"""


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_a_bad_day_the_books_balance(pool: Pool, floor: ShopFloor, observer: Connection, seed: int) -> None:
    dice = random.Random(seed)
    second = uuid.uuid4()
    await floor.add_terminal(observer, second, "Second")
    terminals = {floor.terminal: UnreliableTerminal(dice), second: UnreliableTerminal(dice)}
    counter = Counter(pool, Lanes(terminals), Patience(terminal_wait=1.0, step=1, hold=150))
    day = Day(dice, floor, counter, Recovery(pool, Lanes(terminals), counter.lanes), observer, second)

    recoverers = [asyncio.create_task(day.recoverer()) for _ in range(2)]
    requests = [day.sale() for _ in range(SALES)]
    await asyncio.gather(*(day.till(request) for request in requests))
    for recoverer in recoverers:
        recoverer.cancel()
    await asyncio.gather(*recoverers, return_exceptions=True)
    await day.settle_everything()

    await check(day, terminals)
    sold = await rows(observer, "select idempotency_key as key from ringup.orders where status = 'completed'")
    assert len({order["key"] for order in sold}) == len(sold)
    assert sold, "a day on which nothing was sold proves nothing"
