"""Let points expire, a bounded number of lots at a time, until nothing is due."""

from collections.abc import AsyncIterator
from uuid import UUID

from ringup.db.calls import loyalty as calls
from ringup.db.pool import Pool

BATCH = 500


async def expire_due_points(db: Pool, vendor_id: UUID) -> AsyncIterator[int]:
    """The customers whose points expired, batch by batch, each committed on its own.

    Safe to run in any number of processes and to be killed in: the next run goes on from there.
    """
    while expired := await calls.expire_points(db, vendor_id, limit=BATCH):
        yield expired
