"""Finding what is due, and committing what came of asking about it."""

from dataclasses import dataclass
from uuid import UUID

from ringup.db.ask import ask_all, ask_one, ask_value
from ringup.db.calls.checkout import Step, outcome_name
from ringup.db.pool import Pool
from ringup.domain.outcome import Approved, ListedCharge, Outcome, PartiallyApproved


@dataclass(frozen=True, slots=True)
class DuePayment:
    """`step` is look_up, undo, void, tip, capture, or done where nothing is left to do.

    `is_expiring`: a capture that a person has just been told of, because its authorisation is about to expire.
    """

    payment_id: UUID
    order_id: UUID
    step: str
    is_expiring: bool = False


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


async def list_vendors_with_work(db: Pool) -> list[UUID]:
    """The vendors for whom something is due now: all that an idle worker asks."""
    rows = await ask_all(db, _Vendor, "select v as id from ringup.list_vendors_with_work() as v", [])
    return [row.id for row in rows]


async def claim_due_payments(db: Pool, vendor_id: UUID, *, limit: int, lease_seconds: int) -> list[DuePayment]:
    """Claim payments to ask about. Unfinished, they are due again when the lease ends."""
    return await ask_all(
        db,
        DuePayment,
        "select * from ringup.claim_due_payments(%s, %s, %s)",
        [vendor_id, limit, lease_seconds],
    )


async def claim_order_payments(db: Pool, vendor_id: UUID, order_id: UUID, *, lease_seconds: int) -> list[DuePayment]:
    """Claim an order's doubts out of turn. What a live process is charging is left to it."""
    return await ask_all(
        db,
        DuePayment,
        "select * from ringup.claim_order_payments(%s, %s, %s)",
        [vendor_id, order_id, lease_seconds],
    )


@dataclass(frozen=True, slots=True)
class _Processor:
    processor_id: UUID


async def claim_health_checks(db: Pool, vendor_id: UUID, *, limit: int, interval_seconds: int) -> list[UUID]:
    """Claim terminals to ask now; each is due again after the interval, or at once when it fails."""
    rows = await ask_all(
        db,
        _Processor,
        "select * from ringup.claim_health_checks(%s, %s, %s)",
        [vendor_id, limit, interval_seconds],
    )
    return [row.processor_id for row in rows]


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


async def decide_payment(
    db: Pool,
    vendor_id: UUID,
    payment_id: UUID,
    *,
    outcome: str,
    approved_minor: int | None,
    reason: str,
    actor: str,
) -> Step:
    """Settle a doubt by a person's evidence. `outcome` is approved or not_sent; recorded with reason and name."""
    return await ask_one(
        db,
        Step,
        "select * from ringup.decide_payment(%s, %s, %s, %s, %s, %s)",
        [vendor_id, payment_id, outcome, approved_minor, reason, actor],
    )


async def record_listed_charge(db: Pool, vendor_id: UUID, processor_id: UUID, listed: ListedCharge) -> str:
    """Commit what the processor's list says of one charge: matched, found, amount_differs or unknown."""
    approval = listed.approval
    verdict: str = await ask_value(
        db,
        "select ringup.record_listed_charge(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            vendor_id,
            processor_id,
            listed.reference_id,
            approval.approved_minor,
            approval.tip_minor,
            approval.captured,
            approval.voided,
            approval.auth_code,
            approval.card_brand,
            approval.card_last4,
            approval.batch_number,
            approval.transaction_number,
            approval.host_reference,
        ],
    )
    return verdict


async def raise_unlisted(
    db: Pool, vendor_id: UUID, processor_id: UUID, *, batch_number: str, references: list[str]
) -> int:
    """Raise an item for every approval of the batch that the processor does not list; say how many."""
    count: int = await ask_value(
        db,
        "select ringup.raise_unlisted(%s, %s, %s, %s::text[])",
        [vendor_id, processor_id, batch_number, references],
    )
    return count


async def record_batch(db: Pool, vendor_id: UUID, processor_id: UUID, *, number: str) -> bool:
    """Commit which batch a terminal has open, and say whether it is another one than was known. Safe to repeat."""
    is_another: bool = await ask_value(db, "select ringup.record_batch(%s, %s, %s)", [vendor_id, processor_id, number])
    return is_another


async def resolve_item(db: Pool, vendor_id: UUID, item_id: UUID, *, resolution: str, actor: str) -> None:
    """Close an item that waited for a person."""
    await ask_value(db, "select ringup.resolve_item(%s, %s, %s, %s)", [vendor_id, item_id, resolution, actor])


@dataclass(frozen=True, slots=True)
class _Table:
    name: str


async def refresh_statistics(db: Pool, *, limit: int) -> list[str]:
    """Let the planner look anew at tables that have grown fourfold since it last did, and name them. Safe to repeat."""
    rows = await ask_all(db, _Table, "select t as name from ringup.refresh_statistics(%s) as t", [limit])
    return [row.name for row in rows]


async def cleanup_stale_pending_orders(db: Pool, *, minutes: int) -> int:
    """Cancel what waits for payment longer than that and cannot have been charged; say how many."""
    cancelled: int = await ask_value(db, "select ringup.cleanup_stale_pending_orders(%s)", [minutes])
    return cancelled
