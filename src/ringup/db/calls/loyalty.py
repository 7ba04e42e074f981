"""Points that a person changes, and the runs that keep them. `actor` goes into the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_value
from ringup.db.pool import Pool


async def adjust_points(
    db: Pool,
    vendor_id: UUID,
    customer_id: UUID,
    *,
    points: int,
    reason: str,
    actor: str,
    role: str = "operator",
    expires_at: datetime | None = None,
    adjustment_id: UUID | None = None,
) -> int:
    """Change a customer's points by hand and return the balance after. Safe to repeat with an adjustment id."""
    balance: int = await ask_value(
        db,
        "select ringup.adjust_points(%s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, customer_id, points, reason, actor, role, expires_at, adjustment_id],
    )
    return balance


async def set_adjustment_limit(db: Pool, vendor_id: UUID, *, role: str, points_maximum: int | None, actor: str) -> None:
    """Say how many points one adjustment by a role may move; None is any number. Safe to repeat."""
    await ask_value(db, "select ringup.set_adjustment_limit(%s, %s, %s, %s)", [vendor_id, role, points_maximum, actor])


async def merge_customers(
    db: Pool, vendor_id: UUID, *, keep_id: UUID, duplicate_id: UUID, reason: str, actor: str
) -> int:
    """Make a duplicate end in the customer that is kept, and return the points that moved. Safe to repeat."""
    points: int = await ask_value(
        db,
        "select ringup.merge_customers(%s, %s, %s, %s, %s)",
        [vendor_id, keep_id, duplicate_id, reason, actor],
    )
    return points


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What a customer brings along from another system. Without an expiry the points stay."""

    customer_id: UUID
    points: int
    expires_at: datetime | None = None


async def import_points(
    db: Pool, vendor_id: UUID, *, batch: str, balances: Sequence[OpeningBalance], actor: str
) -> int:
    """Post up to 1,000 opening balances, all or none, and return how many were new. Safe to repeat."""
    given: int = await ask_value(
        db,
        "select ringup.import_points(%s, %s, %s, %s, %s, %s)",
        [
            vendor_id,
            batch,
            [balance.customer_id for balance in balances],
            [balance.points for balance in balances],
            [balance.expires_at for balance in balances],
            actor,
        ],
    )
    return given


async def expire_points(db: Pool, vendor_id: UUID, *, limit: int) -> int:
    """Let what is due expire, in at most so many lots, and return whose points did: 0 when nothing is left to do."""
    customers: int = await ask_value(db, "select ringup.expire_points(%s, %s)", [vendor_id, limit])
    return customers
