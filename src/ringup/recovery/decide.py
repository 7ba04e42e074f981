"""A person ends a doubt that no inquiry can end."""

from collections.abc import Mapping
from uuid import UUID

from ringup.db.calls.checkout import read_payment
from ringup.db.calls.recovery import decide_payment
from ringup.db.pool import Pool
from ringup.recovery.settle import finish_order

OUTCOMES: Mapping[str, str] = {"charged": "approved", "not_charged": "not_sent"}
"""What a person says, and what it means for the payment."""


async def decide(
    db: Pool,
    vendor_id: UUID,
    payment_id: UUID,
    *,
    says: str,
    approved_minor: int | None,
    reason: str,
    actor: str,
) -> UUID:
    """Record a decision, which is one of OUTCOMES, and go on with the order as after a terminal's answer.

    Returns the order's id. The decision is committed before the order goes on; if the process dies in
    between, recovery goes on. A payment that is settled refuses, so repeating it changes nothing.
    """
    payment = await read_payment(db, vendor_id, payment_id)
    step = await decide_payment(
        db,
        vendor_id,
        payment_id,
        outcome=OUTCOMES[says],
        approved_minor=approved_minor,
        reason=reason,
        actor=actor,
    )
    await finish_order(db, vendor_id, payment.order_id, step.step)
    return payment.order_id
