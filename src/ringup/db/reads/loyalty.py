"""What a customer's points are made of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class CustomerPoints:
    """At this moment: what is due counts as expired, whether or not the nightly run has been there."""

    customer_id: UUID
    balance: int
    held: int
    pending: int
    available: int
    next_expiry_at: datetime | None
    next_expiry_points: int
    tier: str | None
    tier_until: datetime | None
    lifetime_earned: int
    merged_into: UUID | None


async def find_customer_points(db: Pool, vendor_id: UUID, customer_id: UUID) -> CustomerPoints | None:
    rows = await read_all(
        db,
        vendor_id,
        CustomerPoints,
        """
        select v.customer_id, v.balance, v.held, v.pending, v.available, v.next_expiry_at, v.next_expiry_points,
               v.tier, v.tier_until, v.lifetime_earned, v.merged_into
          from ringup.customer_points v
         where v.vendor_id = %s and v.customer_id = %s
        """,
        [vendor_id, customer_id],
    )
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class PointsLot:
    """Points that were granted together: they become spendable together, and expire together."""

    id: UUID
    points: int
    remaining: int
    available_at: datetime
    expires_at: datetime | None
    is_pending: bool
    transaction_type: str
    reference_type: str
    reference_id: str
    created_at: datetime


async def list_points_lots(
    db: Pool, vendor_id: UUID, customer_id: UUID, *, limit: int, after: UUID | None = None
) -> list[PointsLot]:
    """The lots that still have points, in the order in which spending takes them; `after` is a lot's id."""
    return await read_all(
        db,
        vendor_id,
        PointsLot,
        """
        select v.id, v.points, v.remaining, v.available_at, v.expires_at, v.is_pending, v.transaction_type,
               v.reference_type, v.reference_id, v.created_at
          from ringup.points_lots v
          left join ringup.points_lots a on a.vendor_id = v.vendor_id and a.id = %(after)s::uuid
         where v.vendor_id = %(vendor_id)s and v.customer_id = %(customer_id)s and v.remaining > 0
           and (a.id is null
                or (v.is_pending, coalesce(v.expires_at, 'infinity'), v.available_at, v.id)
                   > (a.is_pending, coalesce(a.expires_at, 'infinity'), a.available_at, a.id))
         order by v.is_pending, coalesce(v.expires_at, 'infinity'), v.available_at, v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "customer_id": customer_id, "after": after, "limit": limit},
    )
