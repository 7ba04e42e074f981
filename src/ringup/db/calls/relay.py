"""Handing on what was committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_all, ask_value
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an order. `id` is the same however often it is handed on; `sequence` is its place in the story."""

    id: UUID
    order_id: UUID
    sequence: int
    event: str
    status: str
    detail: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Vendor:
    id: UUID


async def list_vendors_with_events(db: Pool) -> list[UUID]:
    """The vendors of whom something is to be handed on: all that an idle relay asks."""
    rows = await ask_all(db, _Vendor, "select v as id from ringup.list_vendors_with_events() as v", [])
    return [row.id for row in rows]


async def claim_events(db: Pool, vendor_id: UUID, holder: UUID, *, limit: int, lease_seconds: int) -> list[Event]:
    """What this relay, and no other, is to hand on now, in order per order. Unfinished, it is claimed again later."""
    return await ask_all(
        db,
        Event,
        "select * from ringup.claim_events(%s, %s, %s, %s)",
        [vendor_id, holder, limit, lease_seconds],
    )


async def record_relayed(db: Pool, vendor_id: UUID, holder: UUID, events: Sequence[Event]) -> int:
    """Commit that these were handed on, and notify whoever listens to the database. Safe to repeat."""
    count: int = await ask_value(
        db,
        "select ringup.record_relayed(%s, %s, %s::uuid[], %s::integer[])",
        [vendor_id, holder, [event.order_id for event in events], [event.sequence for event in events]],
    )
    return count
