"""Taxes, exemptions and coupons. `by_staff_id` is the person who asks, None for a key's or command's own request."""

from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_value
from ringup.db.calls.asker import Asker
from ringup.db.pool import Pool
from ringup.domain.prices import Coupon, TaxRate, TaxRounding


async def set_tax_rate(
    db: Pool, vendor_id: UUID, code: str, rate: TaxRate, *, valid_from: datetime | None = None, asker: Asker
) -> datetime:
    """A version of a rate, from now on or from a later instant, which is returned. What was sold stays as it was."""
    begins_at: datetime = await ask_value(
        db,
        """
        select ringup.set_tax_rate(
            %s, %s, %s, %s::numeric, %s, %s, %s::integer, %s::text[], %s::uuid[], %s, %s, %s::uuid, %s::uuid, %s)
        """,
        [
            *(vendor_id, code, rate.name, rate.percent, rate.is_included, rate.is_compound, rate.position),
            list(rate.tax_categories),
            None if rate.location_ids is None else list(rate.location_ids),
            *(rate.is_active, valid_from, *asker.parameters),
        ],
    )
    return begins_at


async def set_price_settings(db: Pool, vendor_id: UUID, *, tax_rounding: TaxRounding, asker: Asker) -> None:
    """Say where taxes are rounded, from now on. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.set_price_settings(%s, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, tax_rounding, *asker.parameters],
    )


async def set_tax_exemption(
    db: Pool,
    vendor_id: UUID,
    customer_id: UUID,
    *,
    reason: str | None,
    certificate_number: str | None,
    valid_until: datetime | None,
    asker: Asker,
) -> None:
    """Note that a customer buys without tax; without a reason and a certificate, that they do not. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.set_tax_exemption(%s, %s, %s, %s, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, customer_id, reason, certificate_number, valid_until, *asker.parameters],
    )


async def save_coupon(db: Pool, vendor_id: UUID, coupon_id: UUID, coupon: Coupon, *, asker: Asker) -> bool:
    """Write the whole coupon, and say whether it is new. Safe to repeat; one that was ended runs again."""
    is_new: bool = await ask_value(
        db,
        """
        select ringup.save_coupon(
            %s, %s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s::numeric, %s::integer, %s::integer,
            %s::uuid, %s::uuid, %s)
        """,
        [
            *(vendor_id, coupon_id, coupon.code, coupon.name, coupon.starts_at, coupon.ends_at),
            *(coupon.minimum_minor, coupon.amount_minor, coupon.percent, coupon.use_limit),
            *(coupon.customer_use_limit, *asker.parameters),
        ],
    )
    return is_new


async def end_coupon(db: Pool, vendor_id: UUID, coupon_id: UUID, *, asker: Asker) -> None:
    """Let it be good for no further sale. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.end_coupon(%s, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, coupon_id, *asker.parameters],
    )
