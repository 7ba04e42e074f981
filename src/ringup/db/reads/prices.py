"""Tax rates, coupons, exemptions, and how prices are reckoned."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class TaxRateRow:
    """One version of a rate. `id` is its code and its beginning."""

    id: str
    code: str
    valid_from: datetime
    name: str
    percent: Decimal
    is_included: bool
    is_compound: bool
    position: int
    tax_categories: list[str]
    location_ids: list[UUID] | None
    is_active: bool
    is_in_force: bool
    created_at: datetime


RATE = """
    select v.id, v.code, v.valid_from, v.name, v.percent, v.is_included, v.is_compound, v.position, v.tax_categories,
           v.location_ids, v.is_active, v.is_in_force, v.created_at
      from ringup.tax_rate_list v
"""


async def list_tax_rates(db: Pool, vendor_id: UUID, *, limit: int, after: str | None = None) -> list[TaxRateRow]:
    """Every version, by code and beginning, with those that are still to begin."""
    return await read_all(
        db,
        vendor_id,
        TaxRateRow,
        RATE
        + """
         where v.vendor_id = %(vendor_id)s and (%(after)s::text is null or v.id collate "C" > %(after)s)
         order by v.id collate "C"
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


async def find_tax_rate(db: Pool, vendor_id: UUID, code: str, valid_from: datetime) -> TaxRateRow:
    """A version that is there."""
    found = await read_all(
        db,
        vendor_id,
        TaxRateRow,
        RATE + " where v.vendor_id = %s and v.code = %s and v.valid_from = %s",
        [vendor_id, code, valid_from],
    )
    return found[0]


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon, with how many sales used it or hold it, and what it took off."""

    id: UUID
    code: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    minimum_minor: int
    amount_minor: int | None
    percent: Decimal | None
    use_limit: int | None
    customer_use_limit: int | None
    is_active: bool
    used: int
    held: int
    taken_off_minor: int
    created_at: datetime
    updated_at: datetime


COUPON = """
    select v.id, v.code, v.name, v.starts_at, v.ends_at, v.minimum_minor, v.amount_minor, v.percent, v.use_limit,
           v.customer_use_limit, v.is_active, v.used, v.held, v.taken_off_minor, v.created_at, v.updated_at
      from ringup.coupon_list v
"""


async def list_coupons(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[CouponRow]:
    """Coupons by id, ended ones too."""
    return await read_all(
        db,
        vendor_id,
        CouponRow,
        COUPON
        + """
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


async def find_coupon(db: Pool, vendor_id: UUID, coupon_id: UUID) -> CouponRow | None:
    found = await read_all(
        db, vendor_id, CouponRow, COUPON + " where v.vendor_id = %s and v.id = %s", [vendor_id, coupon_id]
    )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class PriceRules:
    tax_rounding: str
    updated_at: datetime | None


async def read_price_rules(db: Pool, vendor_id: UUID) -> PriceRules:
    """How the vendor's prices are reckoned."""
    found = await read_all(
        db,
        vendor_id,
        PriceRules,
        "select v.tax_rounding, v.updated_at from ringup.price_rules v where v.vendor_id = %s",
        [vendor_id],
    )
    return found[0]


@dataclass(frozen=True, slots=True)
class Exemption:
    customer_id: UUID
    reason: str
    certificate_number: str
    valid_until: datetime | None
    is_in_force: bool
    updated_at: datetime


async def find_exemption(db: Pool, vendor_id: UUID, customer_id: UUID) -> Exemption | None:
    found = await read_all(
        db,
        vendor_id,
        Exemption,
        """
        select v.customer_id, v.reason, v.certificate_number, v.valid_until, v.is_in_force, v.updated_at
          from ringup.customer_exemptions v
         where v.vendor_id = %s and v.customer_id = %s
        """,
        [vendor_id, customer_id],
    )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class CashRule:
    """Cash comes in steps of `step_minor`, or 1 where nothing is rounded. `is_own`: the vendor set it."""

    currency: str
    step_minor: int
    mode: str
    is_own: bool
    updated_at: datetime | None


async def read_cash_rule(db: Pool, vendor_id: UUID) -> CashRule:
    found = await read_all(
        db,
        vendor_id,
        CashRule,
        """
        select v.currency, v.step_minor, v.mode, v.is_own, v.updated_at
          from ringup.cash_rule_in_force v
         where v.vendor_id = %s
        """,
        [vendor_id],
    )
    return found[0]
