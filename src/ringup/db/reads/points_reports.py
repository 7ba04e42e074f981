"""Points seen from above: what happened lately, what was redeemed, what is owed, and whether it adds up."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class PointsActivity:
    """One change of somebody's points. `day` is that of the shop's time zone."""

    id: UUID
    customer_id: UUID
    first_name: str | None
    last_name: str | None
    points: int
    transaction_type: str
    balance_after: int
    reference_type: str
    reference_id: str
    description: str | None
    created_at: datetime
    day: date


async def list_points_activity(
    db: Pool, vendor_id: UUID, *, limit: int, before: UUID | None = None
) -> list[PointsActivity]:
    """Newest first."""
    return await read_all(
        db,
        vendor_id,
        PointsActivity,
        """
        select v.id, v.customer_id, v.first_name, v.last_name, v.points, v.transaction_type, v.balance_after,
               v.reference_type, v.reference_id, v.description, v.created_at, v.day
          from ringup.points_activity v
         where v.vendor_id = %(vendor_id)s and (%(before)s::uuid is null or v.id < %(before)s)
         order by v.id desc
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "before": before, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class PointsDay:
    """What happened to points on one day where the shop is. `redemptions` are orders that were paid with points."""

    day: date
    redemptions: int
    redeemed: int
    earned: int
    reversed: int
    adjusted: int
    expired: int


async def list_points_days(db: Pool, vendor_id: UUID, *, days: int) -> list[PointsDay]:
    """The last `days` days on which points changed, newest first, today included."""
    return await read_all(
        db,
        vendor_id,
        PointsDay,
        """
        select v.day, count(*) filter (where v.transaction_type = 'spent') as redemptions,
               coalesce(-sum(v.points) filter (where v.transaction_type = 'spent'), 0) as redeemed,
               coalesce(sum(v.points) filter (where v.transaction_type = 'earned'), 0) as earned,
               coalesce(sum(v.points) filter (where v.transaction_type = 'reversed'), 0) as reversed,
               coalesce(sum(v.points) filter (where v.transaction_type = 'adjusted'), 0) as adjusted,
               coalesce(-sum(v.points) filter (where v.transaction_type = 'expired'), 0) as expired
          from ringup.points_activity v
         where v.vendor_id = %(vendor_id)s and v.created_at > ringup.now() - make_interval(days => %(days)s)
         group by v.day
         order by v.day desc
         limit %(days)s
        """,
        {"vendor_id": vendor_id, "days": days},
    )


@dataclass(frozen=True, slots=True)
class Liability:
    """Points that are owed: those of one age that expire in one month. `expires_in` is None for those that never do."""

    expires_in: date | None
    age: str
    lots: int
    customers: int
    points: int
    value_minor: int
    currency: str


async def list_liability(db: Pool, vendor_id: UUID) -> list[Liability]:
    """What expires first comes first, what never does last. Negative balances owe nothing and are not in it."""
    return await read_all(
        db,
        vendor_id,
        Liability,
        """
        select v.expires_in, v.age, v.lots, v.customers, v.points, v.value_minor, v.currency
          from ringup.points_liability v
         where v.vendor_id = %s
         order by v.expires_in nulls last, v.age
        """,
        [vendor_id],
    )


@dataclass(frozen=True, slots=True)
class PointsCheck:
    """One customer's points computed again. All is well where `problem` is empty."""

    customer_id: UUID
    balance: int
    in_ledger: int
    entries: int
    chain_breaks: int
    in_lots: int
    lot_breaks: int

    @property
    def problem(self) -> str:
        wrong = []
        if self.in_ledger != self.balance:
            wrong.append(f"the balance is {self.balance}, and the ledger's sum {self.in_ledger}")
        if self.chain_breaks:
            wrong.append(f"the ledger's chain breaks {self.chain_breaks} times")
        if self.in_lots != max(self.balance, 0):
            wrong.append(f"the balance is {self.balance}, and {self.in_lots} are left in lots")
        if self.lot_breaks:
            wrong.append(f"{self.lot_breaks} lots are not what their entries left of them")
        return "; ".join(wrong)


async def list_points_checks(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[PointsCheck]:
    """The next customers by id, each from one snapshot. Reads every ledger row and lot of theirs."""
    return await read_all(
        db,
        vendor_id,
        PointsCheck,
        """
        select v.customer_id, v.balance, v.in_ledger, v.entries, v.chain_breaks, v.in_lots, v.lot_breaks
          from ringup.points_checks v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.customer_id > %(after)s)
         order by v.customer_id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class _Count:
    customers: int


async def count_customers(db: Pool, vendor_id: UUID) -> int:
    (row,) = await read_all(
        db,
        vendor_id,
        _Count,
        "select count(*) as customers from ringup.customer_accounts v where v.vendor_id = %s",
        [vendor_id],
    )
    return row.customers
