"""The steps of a refund."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_one, ask_value
from ringup.db.calls.checkout import Begun, Step
from ringup.db.pool import Pool
from ringup.domain.ids import new_id
from ringup.domain.outcome import ListedCharge
from ringup.domain.refund import RefundRequest

PREPARE_REFUND = """
    select * from ringup.prepare_refund(
        %(vendor_id)s, %(refund_id)s, %(key)s, %(hash)s, %(order_id)s, %(register_id)s, %(numbers)s::integer[],
        %(quantities)s::bigint[], %(restocks)s::boolean[], %(tip)s, %(tender)s, %(reference)s,
        %(without_receipt)s, %(reason)s,
        %(staff_id)s, %(approval_id)s, %(actor)s, %(request_id)s, %(lease_seconds)s)
"""


PREVIEW_REFUND = """
    select ringup.preview_refund(
        %(vendor_id)s, %(order_id)s, %(register_id)s, %(numbers)s::integer[], %(quantities)s::bigint[],
        %(restocks)s::boolean[], %(tip)s, %(tender)s, %(reference)s, %(without_receipt)s, %(staff_id)s,
        %(approval_id)s)
"""


@dataclass(frozen=True, slots=True)
class PreparedRefund(Step):
    """`made`: this call made the refund. `yours`: the caller is to drive it."""

    made: bool
    yours: bool
    refund_id: UUID


@dataclass(frozen=True, slots=True)
class RefundChoice:
    """The charge that a payment pays back, and whether a void of it may be tried."""

    charge_id: UUID
    may_void: bool
    capture_status: str


def refund_parameters(request: RefundRequest) -> dict[str, Any]:
    lines = request.lines
    return {
        "vendor_id": request.vendor_id,
        "order_id": request.order_id,
        "register_id": request.register_id,
        "numbers": None if lines is None else [line.line_number for line in lines],
        "quantities": None if lines is None else [line.quantity for line in lines],
        "restocks": None if lines is None else [line.restock for line in lines],
        "tip": request.tip_minor,
        "tender": request.tender_type,
        "reference": request.external_reference,
        "without_receipt": request.without_receipt,
        "staff_id": request.staff_id,
        "approval_id": request.approval_id,
    }


async def prepare_refund(db: Pool, request: RefundRequest, *, lease_seconds: int) -> PreparedRefund:
    """The first step: check, and plan every payment; without a card also the last. Safe to repeat with the same key."""
    parameters = {
        **refund_parameters(request),
        "refund_id": new_id(),
        "key": request.idempotency_key,
        "hash": request.request_hash,
        "reason": request.reason,
        "actor": request.actor,
        "request_id": request.request_id,
        "lease_seconds": lease_seconds,
    }
    return await ask_one(db, PreparedRefund, PREPARE_REFUND, parameters)


async def preview_refund(db: Pool, request: RefundRequest) -> dict[str, Any]:
    """Say what a refund would give back, and in what ways. Changes nothing; refuses what a refund would refuse."""
    document: dict[str, Any] = await ask_value(db, PREVIEW_REFUND, refund_parameters(request))
    return document


async def read_refund_choice(db: Pool, vendor_id: UUID, payment_id: UUID) -> RefundChoice:
    return await ask_one(db, RefundChoice, "select * from ringup.read_refund_choice(%s, %s)", [vendor_id, payment_id])


async def begin_refund(db: Pool, vendor_id: UUID, payment_id: UUID, *, way: str, lease_seconds: int) -> Begun:
    """Commit the intent to pay back, and whether by void or return. Only the caller that gets `yours` may ask."""
    return await ask_one(
        db,
        Begun,
        "select * from ringup.begin_refund(%s, %s, %s, %s)",
        [vendor_id, payment_id, way, lease_seconds],
    )


async def complete_refund(db: Pool, vendor_id: UUID, refund_id: UUID) -> Step:
    """Let the rest follow, where the money is back. Safe to repeat."""
    return await ask_one(db, Step, "select * from ringup.complete_refund(%s, %s)", [vendor_id, refund_id])


async def tender_refund(
    db: Pool,
    vendor_id: UUID,
    refund_id: UUID,
    *,
    tender_type: str,
    external_reference: str | None,
    staff_id: UUID | None,
    approval_id: UUID | None,
    actor: str,
    lease_seconds: int,
) -> Step:
    """Give what is not back yet in another way, or try the card again. Refuses where nothing is left."""
    return await ask_one(
        db,
        Step,
        "select * from ringup.tender_refund(%s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, refund_id, tender_type, external_reference, staff_id, approval_id, actor, lease_seconds],
    )


async def cancel_refund(db: Pool, vendor_id: UUID, refund_id: UUID, *, actor: str) -> Step:
    """Give a refund up of which no money is back. Safe to repeat."""
    return await ask_one(db, Step, "select * from ringup.cancel_refund(%s, %s, %s)", [vendor_id, refund_id, actor])


async def leave_refund(db: Pool, vendor_id: UUID, refund_id: UUID) -> None:
    """Say that nobody drives the refund any more. Safe to repeat."""
    await ask_value(db, "select ringup.leave_refund(%s, %s)", [vendor_id, refund_id])


async def read_refund(db: Pool, vendor_id: UUID, refund_id: UUID) -> dict[str, Any]:
    document: dict[str, Any] = await ask_value(db, "select ringup.read_refund(%s, %s)", [vendor_id, refund_id])
    return document


async def read_refund_receipt(db: Pool, vendor_id: UUID, refund_id: UUID) -> dict[str, Any] | None:
    """The refund's document with the store, its lines and its clock. None for a refund that is not there."""
    document: dict[str, Any] | None = await ask_value(
        db, "select ringup.read_refund_receipt(%s, %s)", [vendor_id, refund_id]
    )
    return document


async def record_listed_refund(db: Pool, vendor_id: UUID, processor_id: UUID, listed: ListedCharge) -> str:
    """Commit what the processor's list says of one refund: matched, found, amount_differs or unknown."""
    approval = listed.approval
    verdict: str = await ask_value(
        db,
        "select ringup.record_listed_refund(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            vendor_id,
            processor_id,
            listed.reference_id,
            approval.approved_minor,
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


async def end_stale_refunds(db: Pool, vendor_id: UUID, *, limit: int) -> int:
    """Give up refunds that nobody goes on with, or tell a person of them; say how many. Safe to repeat."""
    count: int = await ask_value(db, "select ringup.end_stale_refunds(%s, %s)", [vendor_id, limit])
    return count
