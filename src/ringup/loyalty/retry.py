"""Try again to record the points of completed sales that could not be recorded then."""

from uuid import UUID

from ringup.db.calls import points_queue as calls
from ringup.db.pool import Pool
from ringup.telemetry import points_update

BATCH = 50
LEASE_SECONDS = 60
WORKER = "retry"
"""Who the queue says resolved an item that no person touched."""


async def retry_due_points(db: Pool, vendor_id: UUID) -> list[calls.Retried]:
    """Claim a bounded number of items that are due and try each on its own.

    Safe to run in any number of processes and to be killed in: what was claimed and not
    tried is due again when its lease ends.
    """
    claimed = await calls.claim_points_retries(db, vendor_id, limit=BATCH, lease_seconds=LEASE_SECONDS)
    return [await retry_points(db, vendor_id, item_id, actor=WORKER) for item_id in claimed]


async def retry_points(db: Pool, vendor_id: UUID, item_id: UUID, *, actor: str) -> calls.Retried:
    """Try one item now, due or not, and tell the log and Sentry what came of it. Raises ItemNotFound."""
    with points_update("retry_points") as report:
        tried = await calls.retry_points(db, vendor_id, item_id, actor=actor)
        report(tried.points_update)
    return tried
