"""The steps of a tip that is given after the sale."""

from dataclasses import dataclass
from uuid import UUID

from ringup.db.ask import ask_all, ask_one, ask_value
from ringup.db.calls.checkout import outcome_name
from ringup.db.pool import Pool
from ringup.domain.ids import new_id
from ringup.domain.outcome import Approved, InDoubt, Outcome, PartiallyApproved
from ringup.domain.tip import TipRequest


@dataclass(frozen=True, slots=True)
class BegunTip:
    """`made`: this call made the change. `yours`: the caller, and nobody else, may ask the terminal."""

    made: bool
    yours: bool
    tip_id: UUID
    payment_id: UUID
    processor_id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class TipChange:
    """A change that a terminal is asked for, or that is in doubt. `tip_minor` is the whole tip of the card."""

    tip_id: UUID
    tip_minor: int
    seconds_since_sent: float


async def begin_tip(db: Pool, asked: TipRequest, *, lease_seconds: int) -> BegunTip:
    """Commit the intent, or refuse. Safe to repeat with the same key.

    Raises TipNotAdjustable, TipTooLarge, PaymentInDoubt where another change is under way, and IdempotencyKeyReused.
    """
    return await ask_one(
        db,
        BegunTip,
        "select * from ringup.begin_tip(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            asked.vendor_id,
            new_id(),
            asked.checkout_id,
            asked.payment_id,
            asked.idempotency_key,
            asked.request_hash,
            asked.tip_minor,
            asked.actor,
            asked.request_id,
            lease_seconds,
        ],
    )


async def read_tip(db: Pool, vendor_id: UUID, payment_id: UUID) -> TipChange | None:
    """The change that is under way on a payment, if any."""
    found = await ask_all(db, TipChange, "select * from ringup.read_tip(%s, %s)", [vendor_id, payment_id])
    return found[0] if found else None


async def record_tip(db: Pool, vendor_id: UUID, tip_id: UUID, outcome: Outcome) -> str:
    """Commit what the terminal said, or that it did not, and return the change's status. Safe to repeat."""
    refusal = None if isinstance(outcome, Approved | PartiallyApproved) else outcome
    status: str = await ask_value(
        db,
        "select ringup.record_tip(%s, %s, %s, %s, %s, %s)",
        [
            vendor_id,
            tip_id,
            outcome_name(outcome),
            refusal and refusal.code,
            refusal and refusal.reason,
            outcome.proof_in_seconds if isinstance(outcome, InDoubt) else None,
        ],
    )
    return status
