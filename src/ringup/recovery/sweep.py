"""What is due for one vendor: a bounded number of payments and orders at a time, each settled on its own."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ringup.db.calls import recovery as claims
from ringup.db.calls.refunds import end_stale_refunds
from ringup.recovery.settle import Recovery, finish_order, settle_payment

BATCH = 50
ORDER_LEASE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed and is to be awaited: one piece of work for each payment and each order.

    `is_full`: there may be more that is due. `expiring`: captures that a person has just been told of.
    """

    payments: list[Coroutine[Any, Any, None]]
    orders: list[Coroutine[Any, Any, None]]
    expiring: tuple[UUID, ...] = ()

    @property
    def work(self) -> list[Coroutine[Any, Any, None]]:
        return [*self.payments, *self.orders]

    @property
    def is_full(self) -> bool:
        return BATCH in (len(self.payments), len(self.orders))


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was due, what failed, and which captures a person has just been told of, because they are expiring."""

    payments: int
    orders: int
    failures: tuple[BaseException, ...]
    expiring: tuple[UUID, ...] = ()


async def claim(recovery: Recovery, vendor_id: UUID) -> Claimed:
    """Claim a batch of what is due. What is claimed and not finished is due again when its lease ends."""
    db = recovery.db
    due = await claims.claim_due_payments(db, vendor_id, limit=BATCH, lease_seconds=recovery.asking_seconds)
    await end_stale_refunds(db, vendor_id, limit=BATCH)
    stale = await claims.claim_stale_orders(db, vendor_id, limit=BATCH, lease_seconds=ORDER_LEASE_SECONDS)
    return Claimed(
        [settle_payment(recovery, vendor_id, payment) for payment in due],
        [finish_order(db, vendor_id, order.order_id, order.step) for order in stale],
        tuple(payment.payment_id for payment in due if payment.is_expiring),
    )


async def sweep(recovery: Recovery, vendor_id: UUID) -> Swept:
    """Claim a batch and settle it, each on its own: one that fails leaves the others alone.

    Returns when the slowest is done. Safe to run in any number of processes and to be killed in.
    """
    claimed = await claim(recovery, vendor_id)
    results = await asyncio.gather(*claimed.work, return_exceptions=True)
    failures = tuple(result for result in results if isinstance(result, BaseException))
    return Swept(len(claimed.payments), len(claimed.orders), failures, claimed.expiring)
