"""One round of recovery for one vendor: a bounded number of payments and orders that are due."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from ringup.db.calls import recovery as claims
from ringup.recovery.settle import Recovery, finish_order, settle_payment

BATCH = 50
ORDER_LEASE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was due, what failed, and which captures a person has just been told of, because they are expiring."""

    payments: int
    orders: int
    failures: tuple[BaseException, ...]
    expiring: tuple[UUID, ...] = ()


async def sweep(recovery: Recovery, vendor_id: UUID) -> Swept:
    """Claim what is due and settle it, each on its own: one that fails leaves the others alone.

    Safe to run in any number of processes and to be killed in: what was claimed and
    not finished is due again when its lease ends.
    """
    db = recovery.db
    due = await claims.claim_due_payments(db, vendor_id, limit=BATCH, lease_seconds=recovery.asking_seconds)
    stale = await claims.claim_stale_orders(db, vendor_id, limit=BATCH, lease_seconds=ORDER_LEASE_SECONDS)
    results = await asyncio.gather(
        *(settle_payment(recovery, vendor_id, payment) for payment in due),
        *(finish_order(db, vendor_id, order.order_id, order.step) for order in stale),
        return_exceptions=True,
    )
    failures = tuple(result for result in results if isinstance(result, BaseException))
    expiring = tuple(payment.payment_id for payment in due if payment.is_expiring)
    return Swept(len(due), len(stale), failures, expiring)
