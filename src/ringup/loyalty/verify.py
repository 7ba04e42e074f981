"""Compute every customer's points again from the ledger and the lots, and say where the balance differs."""

from collections.abc import AsyncIterator
from uuid import UUID

from ringup.db.pool import Pool
from ringup.db.reads.points_reports import PointsCheck, list_points_checks

BATCH = 500
"""Customers in one statement: few enough for the longest that a statement may run, whatever their history."""


async def verify_points(db: Pool, vendor_id: UUID) -> AsyncIterator[list[PointsCheck]]:
    """All customers, a batch at a time, so that memory does not grow with the ledger.

    Each customer is read from one snapshot: safe while the shop is open. Changes nothing.
    """
    after: UUID | None = None
    while batch := await list_points_checks(db, vendor_id, limit=BATCH, after=after):
        yield batch
        after = batch[-1].customer_id
