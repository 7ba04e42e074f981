"""Shifts at registers. `staff_id` is the person who asks, None for an API key's or command's own request.

What is in a drawer is told by denomination: how many there are of each face value, in minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_one, ask_value
from ringup.db.calls.asker import Asker
from ringup.db.pool import Pool


async def open_register_session(
    db: Pool,
    vendor_id: UUID,
    session_id: UUID,
    *,
    register_id: UUID,
    by: Asker,
    float_minor: int | None = None,
    denominations: Mapping[int, int] | None = None,
    currency: str | None = None,
) -> None:
    """Begin a shift with a float that was counted, or said as a sum, or both. Safe to repeat with the same id."""
    faces, quantities = _columns(denominations)
    await ask_value(
        db,
        "select ringup.open_register_session(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(vendor_id, session_id, register_id, by.actor, float_minor, currency),
            *(faces, quantities, by.staff_id, by.approval_id),
        ],
    )


async def record_cash_movement(
    db: Pool,
    vendor_id: UUID,
    movement_id: UUID,
    *,
    session_id: UUID,
    kind: str,
    amount_minor: int,
    reason: str,
    by: Asker,
    currency: str | None = None,
) -> None:
    """Cash comes or goes without a sale, or a drawer is opened without one. Safe to repeat with the same id."""
    await ask_value(
        db,
        "select ringup.record_cash_movement(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(vendor_id, movement_id, session_id, kind, amount_minor, currency),
            *(reason, by.actor, by.staff_id, by.approval_id),
        ],
    )


@dataclass(frozen=True, slots=True)
class CashCount:
    """A count. What should be there is None as long as the count is wanted once more."""

    count_number: int
    counted_minor: int
    is_wanted_again: bool
    expected_minor: int | None
    variance_minor: int | None


async def count_cash(
    db: Pool,
    vendor_id: UUID,
    count_id: UUID,
    *,
    session_id: UUID,
    denominations: Mapping[int, int],
    by: Asker,
    currency: str | None = None,
) -> CashCount:
    """Count a drawer blind. Safe to repeat with the same id."""
    faces, quantities = _columns(denominations)
    return await ask_one(
        db,
        CashCount,
        "select * from ringup.count_cash(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, count_id, session_id, faces, quantities, currency, by.actor, by.staff_id, by.approval_id],
    )


async def close_register_session(
    db: Pool, vendor_id: UUID, session_id: UUID, *, count_id: UUID, by: Asker
) -> dict[str, Any]:
    """End a shift with its last count, and return the Z report. Safe to repeat: the report is the same."""
    report: dict[str, Any] = await ask_value(
        db,
        "select ringup.close_register_session(%s, %s, %s, %s, %s, %s)",
        [vendor_id, session_id, count_id, by.actor, by.staff_id, by.approval_id],
    )
    return report


async def show_session_report(db: Pool, vendor_id: UUID, session_id: UUID, *, by: Asker) -> dict[str, Any]:
    """The X report of an open session, blind for who may not see; the Z report of a closed one."""
    report: dict[str, Any] = await ask_value(
        db,
        "select ringup.show_session_report(%s, %s, %s, %s, %s)",
        [vendor_id, session_id, by.staff_id, by.approval_id, by.actor],
    )
    return report


async def read_cash_sight(db: Pool, vendor_id: UUID, staff_id: UUID) -> bool:
    """Whether a person may see what a drawer should hold before it was counted."""
    sees: bool = await ask_value(db, "select ringup.read_cash_sight(%s, %s)", [vendor_id, staff_id])
    return sees


async def set_recount_limit(db: Pool, vendor_id: UUID, *, amount_minor: int, by: Asker) -> None:
    """By how much a count may be off before it is wanted once more. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.set_recount_limit(%s, %s, %s, %s, %s)",
        [vendor_id, amount_minor, by.staff_id, by.approval_id, by.actor],
    )


def _columns(denominations: Mapping[int, int] | None) -> tuple[list[int] | None, list[int] | None]:
    if denominations is None:
        return None, None
    return list(denominations), list(denominations.values())
