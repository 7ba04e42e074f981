"""Review the tiers of customers who may have changed theirs, a bounded number at a time."""

from uuid import UUID

from ringup.db.calls import programmes as calls
from ringup.db.pool import Pool

BATCH = 100


async def review_due_tiers(db: Pool, vendor_id: UUID) -> int:
    """Review everybody who is due, and say how many that were. Each batch is committed on its own. Safe to repeat."""
    reviewed = 0
    while batch := await calls.review_tiers(db, vendor_id, limit=BATCH):
        reviewed += batch
    return reviewed
