"""Points that wait because a completed sale could not record them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool

QueueStatus = Literal["open", "resolved"]


@dataclass(frozen=True, slots=True)
class QueuedPoints:
    """`points_held` stay set aside for the item until its points are recorded or somebody resolves it."""

    id: UUID
    customer_id: UUID
    order_id: UUID
    order_number: str | None
    points_earned: int
    points_redeemed: int
    points_held: int
    error_message: str
    retry_count: int
    next_retry_at: datetime | None
    resolved: bool
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    created_at: datetime


QUEUED = """
    select v.id, v.customer_id, v.order_id, v.order_number, v.points_earned, v.points_redeemed, v.points_held,
           v.error_message, v.retry_count, v.next_retry_at, v.resolved, v.resolved_at, v.resolved_by, v.resolution,
           v.created_at
      from ringup.points_queue v
     where v.vendor_id = %(vendor_id)s
"""


async def list_queued_points(
    db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None, status: QueueStatus = "open"
) -> list[QueuedPoints]:
    """Oldest first."""
    return await read_all(
        db,
        vendor_id,
        QueuedPoints,
        QUEUED
        + """
           and v.resolved = %(resolved)s and (%(after)s::uuid is null or v.id > %(after)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "resolved": status == "resolved", "after": after, "limit": limit},
    )


async def find_queued_points(db: Pool, vendor_id: UUID, item_id: UUID) -> QueuedPoints | None:
    rows = await read_all(
        db, vendor_id, QueuedPoints, QUEUED + " and v.id = %(id)s", {"vendor_id": vendor_id, "id": item_id}
    )
    return rows[0] if rows else None
