"""Hand on what was committed: every event at least once, in order per order, always with the same id."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from ringup.db.calls.relay import Event, claim_events, record_relayed
from ringup.db.pool import Pool
from ringup.domain.ids import new_id

BATCH = 200
LEASE_SECONDS = 30
"""How long a relay may be silent before another hands the same events on."""


async def relay_events(db: Pool, vendor_id: UUID, deliver: Callable[[UUID, Event], Awaitable[None]]) -> int:
    """Give a bounded number of a vendor's events to `deliver`, one after the other, and return how many.

    An event counts as delivered when this returns, not before: a relay that dies, or
    whose `deliver` raises, leaves the whole batch to be delivered again when its
    lease ends. Safe to run in any number of processes: one works for a vendor at a time.
    """
    holder = new_id()
    events = await claim_events(db, vendor_id, holder, limit=BATCH, lease_seconds=LEASE_SECONDS)
    for event in events:
        await deliver(vendor_id, event)
    if events:
        await record_relayed(db, vendor_id, holder, events)
    return len(events)
