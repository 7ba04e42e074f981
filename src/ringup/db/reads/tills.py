"""Carts at registers, and connected browsers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class TillCart:
    """A cart at the counter or parked. `tenders` is None while it may change; the order is that of its present key."""

    id: UUID
    register_id: UUID
    place: str
    revision: int
    attempt: int
    contents: dict[str, Any]
    tenders: list[dict[str, Any]] | None
    created_at: datetime
    updated_at: datetime
    idempotency_key: str
    order_id: UUID | None
    order_number: str | None
    status: str | None
    payment_status: str | None
    total_minor: int | None
    order_updated_at: datetime | None


async def list_till_carts(db: Pool, vendor_id: UUID, register_id: UUID) -> list[TillCart]:
    """The cart at the counter first, if there is one, then parked ones, oldest first."""
    return await read_all(
        db,
        vendor_id,
        TillCart,
        """
        select v.id, v.register_id, v.place, v.revision, v.attempt, v.contents, v.tenders, v.created_at, v.updated_at,
               v.idempotency_key, v.order_id, v.order_number, v.status, v.payment_status, v.total_minor,
               v.order_updated_at
          from ringup.till_cart_list v
         where v.vendor_id = %s and v.register_id = %s
         order by v.place, v.created_at, v.id
        """,
        [vendor_id, register_id],
    )


@dataclass(frozen=True, slots=True)
class Browser:
    id: UUID
    name: str
    api_key_id: UUID
    connected_at: datetime
    last_seen_at: datetime
    disconnected_at: datetime | None


async def list_browsers(db: Pool, vendor_id: UUID) -> list[Browser]:
    """Those that are connected, newest first."""
    return await read_all(
        db,
        vendor_id,
        Browser,
        """
        select v.id, v.name, v.api_key_id, v.connected_at, v.last_seen_at, v.disconnected_at
          from ringup.web_browser_list v
         where v.vendor_id = %s and v.disconnected_at is null
         order by v.connected_at desc, v.id
         limit 200
        """,
        [vendor_id],
    )
