"""Customers and their points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class Customer:
    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    loyalty_points: int
    loyalty_points_held: int
    loyalty_points_available: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


CUSTOMER = """
    select v.id, v.first_name, v.last_name, v.email, v.phone, v.loyalty_points, v.loyalty_points_held,
           v.loyalty_points_available, v.is_active, v.created_at, v.updated_at
      from ringup.customer_accounts v
"""


async def list_customers(
    db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None, search: str | None = None
) -> list[Customer]:
    """Customers by id. `search` is an e-mail address, a phone number, or the beginning of a name."""
    return await read_all(
        db,
        vendor_id,
        Customer,
        CUSTOMER
        + """
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(search)s::text is null or lower(v.email) = lower(%(search)s) or v.phone = %(search)s
                or starts_with(lower(v.first_name), lower(%(search)s))
                or starts_with(lower(v.last_name), lower(%(search)s)))
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "search": search, "limit": limit},
    )


async def find_customer(db: Pool, vendor_id: UUID, customer_id: UUID) -> Customer | None:
    rows = await read_all(
        db, vendor_id, Customer, CUSTOMER + " where v.vendor_id = %s and v.id = %s", [vendor_id, customer_id]
    )
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class PointsEntry:
    entry_number: int
    id: UUID
    points: int
    transaction_type: str
    balance_before: int
    balance_after: int
    reference_type: str
    reference_id: str
    description: str | None
    created_at: datetime


async def list_points(
    db: Pool, vendor_id: UUID, customer_id: UUID, *, limit: int, before: int | None = None
) -> list[PointsEntry]:
    """A customer's points, newest first; `before` is an entry number."""
    return await read_all(
        db,
        vendor_id,
        PointsEntry,
        """
        select v.entry_number, v.id, v.points, v.transaction_type, v.balance_before, v.balance_after,
               v.reference_type, v.reference_id, v.description, v.created_at
          from ringup.points_history v
         where v.vendor_id = %s and v.customer_id = %s and v.entry_number < coalesce(%s, 9223372036854775807)
         order by v.entry_number desc
         limit %s
        """,
        [vendor_id, customer_id, before, limit],
    )


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
