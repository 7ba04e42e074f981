"""Points that wait because a completed sale could not record them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_all, ask_one, ask_value
from ringup.db.pool import Pool
from ringup.domain.points import PointsUpdate


@dataclass(frozen=True, slots=True)
class PointsWork:
    """What the vendor's points want now."""

    vendor_id: UUID
    retries: bool
    expiry: bool
    tiers: bool


@dataclass(frozen=True, slots=True)
class Retried:
    """A queue item after one more try. `problem` and `next_retry_at` are None once it is resolved."""

    item_id: UUID
    customer_id: UUID
    order_id: UUID
    points_earned: int
    points_redeemed: int
    resolved: bool
    problem: str | None
    retry_count: int
    next_retry_at: datetime | None

    @property
    def points_update(self) -> PointsUpdate:
        return PointsUpdate(self.customer_id, self.order_id, self.points_earned, self.points_redeemed, self.problem)


@dataclass(frozen=True, slots=True)
class _Item:
    id: UUID


async def list_vendors_with_points_work(db: Pool) -> list[PointsWork]:
    """All that an idle worker asks about points."""
    return await ask_all(db, PointsWork, "select * from ringup.list_vendors_with_points_work()", [])


async def claim_points_retries(db: Pool, vendor_id: UUID, *, limit: int, lease_seconds: int) -> list[UUID]:
    """Claim items to try again. Unfinished, they are due again when the lease ends."""
    rows = await ask_all(
        db,
        _Item,
        "select c as id from ringup.claim_points_retries(%s, %s, %s) as c",
        [vendor_id, limit, lease_seconds],
    )
    return [row.id for row in rows]


async def retry_points(db: Pool, vendor_id: UUID, item_id: UUID, *, actor: str) -> Retried:
    """Try once more to record what an item holds. A failure is kept with its reason. Safe to repeat."""
    return await ask_one(db, Retried, "select * from ringup.retry_points(%s, %s, %s)", [vendor_id, item_id, actor])


async def resolve_points(db: Pool, vendor_id: UUID, item_id: UUID, *, resolution: str, actor: str) -> None:
    """Close an item by a person's word; the points that were set aside for it are the customer's again."""
    await ask_value(db, "select ringup.resolve_points(%s, %s, %s, %s)", [vendor_id, item_id, resolution, actor])
