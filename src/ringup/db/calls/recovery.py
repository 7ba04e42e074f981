"""Finding what is due, and committing what came of asking about it."""

from dataclasses import dataclass
from uuid import UUID

from ringup.db.ask import ask_all, ask_value
from ringup.db.calls.checkout import outcome_name
from ringup.db.pool import Pool
from ringup.domain.outcome import Approved, Outcome, PartiallyApproved


@dataclass(frozen=True, slots=True)
class DuePayment:
    """`step` is look_up, void, capture, or done where nothing is left to do."""

    payment_id: UUID
    order_id: UUID
    step: str


@dataclass(frozen=True, slots=True)
class StaleOrder:
    """`step` is what the database says is next; expire where nobody paid until the holds ran out."""

    order_id: UUID
    step: str


@dataclass(frozen=True, slots=True)
class _Vendor:
    id: UUID


async def list_vendors(db: Pool) -> list[UUID]:
    return [row.id for row in await ask_all(db, _Vendor, "select v as id from ringup.list_vendors() as v", [])]


async def claim_due_payments(db: Pool, vendor_id: UUID, *, limit: int, lease_seconds: int) -> list[DuePayment]:
    """Claim payments to ask about. Unfinished, they are due again when the lease ends."""
    return await ask_all(
        db,
        DuePayment,
        "select * from ringup.claim_due_payments(%s, %s, %s)",
        [vendor_id, limit, lease_seconds],
    )


async def claim_stale_orders(db: Pool, vendor_id: UUID, *, limit: int, lease_seconds: int) -> list[StaleOrder]:
    """Claim open orders that nobody is driving. Unfinished, they are stale again when the lease ends."""
    return await ask_all(
        db,
        StaleOrder,
        "select * from ringup.claim_stale_orders(%s, %s, %s)",
        [vendor_id, limit, lease_seconds],
    )


async def record_void(db: Pool, vendor_id: UUID, payment_id: UUID, outcome: Outcome) -> str:
    """Commit what came of a void, and return the payment's status. Safe to repeat."""
    return await _record_follow_up(db, "record_void", vendor_id, payment_id, outcome)


async def record_capture(db: Pool, vendor_id: UUID, payment_id: UUID, outcome: Outcome) -> str:
    """Commit what came of a capture, and return the capture's status. Safe to repeat."""
    return await _record_follow_up(db, "record_capture", vendor_id, payment_id, outcome)


async def _record_follow_up(db: Pool, function: str, vendor_id: UUID, payment_id: UUID, outcome: Outcome) -> str:
    refusal = None if isinstance(outcome, Approved | PartiallyApproved) else outcome
    statement = {
        "record_void": "select ringup.record_void(%s, %s, %s, %s, %s, %s)",
        "record_capture": "select ringup.record_capture(%s, %s, %s, %s, %s, %s)",
    }[function]
    wait = getattr(outcome, "retry_after_seconds", None)
    parameters = [
        vendor_id,
        payment_id,
        outcome_name(outcome),
        refusal and refusal.code,
        refusal and refusal.reason,
        wait,
    ]
    status: str = await ask_value(db, statement, parameters)
    return status
