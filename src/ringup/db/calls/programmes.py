"""How points work at a vendor: programme, campaigns, tiers, switches. `actor` goes into the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_one, ask_value
from ringup.db.calls.terms import TERMS, line_parameters, terms_parameters
from ringup.db.pool import Pool
from ringup.domain.cart import Line
from ringup.domain.programme import Campaign, Programme, SwitchName

SET_PROGRAMME = """
    select ringup.set_programme(
        %(vendor_id)s, %(points_per_unit)s::numeric, %(point_value_minor)s::bigint, %(actor)s,
        %(valid_from)s::timestamptz, %(points_per_order)s::integer, %(earns_on_tax)s, %(redeem_minimum)s::integer,
        %(redeem_step)s::integer, %(redeem_maximum)s::integer, %(redeem_percent_maximum)s::integer,
        %(pending_days)s::integer, %(live_days)s::integer, %(refund_policy)s, %(may_go_negative)s,
        %(rule_products)s::uuid[], %(rule_categories)s::text[], %(rule_points_per_unit)s::numeric[],
        %(rule_points_per_item)s::integer[], %(tier_basis)s, %(tier_window_days)s::integer,
        %(tier_hold_days)s::integer, %(tier_names)s::text[], %(tier_thresholds)s::bigint[],
        %(tier_multipliers)s::numeric[])
"""


async def set_programme(
    db: Pool, vendor_id: UUID, programme: Programme, *, actor: str, valid_from: datetime | None = None
) -> datetime:
    """Begin a new version, now or at a later instant, and return when it begins. Every call is another version."""
    begins_at: datetime = await ask_value(
        db,
        SET_PROGRAMME,
        {
            "vendor_id": vendor_id,
            "actor": actor,
            "valid_from": valid_from,
            "points_per_unit": programme.points_per_unit,
            "point_value_minor": programme.point_value_minor,
            "points_per_order": programme.points_per_order,
            "earns_on_tax": programme.earns_on_tax,
            "redeem_minimum": programme.redeem_minimum,
            "redeem_step": programme.redeem_step,
            "redeem_maximum": programme.redeem_maximum,
            "redeem_percent_maximum": programme.redeem_percent_maximum,
            "pending_days": programme.pending_days,
            "live_days": programme.live_days,
            "refund_policy": programme.refund_policy,
            "may_go_negative": programme.may_go_negative,
            "rule_products": [rule.product_id for rule in programme.rules],
            "rule_categories": [rule.category for rule in programme.rules],
            "rule_points_per_unit": [rule.points_per_unit for rule in programme.rules],
            "rule_points_per_item": [rule.points_per_item for rule in programme.rules],
            "tier_basis": programme.tier_basis,
            "tier_window_days": programme.tier_window_days,
            "tier_hold_days": programme.tier_hold_days,
            "tier_names": [tier.name for tier in programme.tiers],
            "tier_thresholds": [tier.threshold for tier in programme.tiers],
            "tier_multipliers": [tier.multiplier for tier in programme.tiers],
        },
    )
    return begins_at


async def save_campaign(db: Pool, vendor_id: UUID, campaign_id: UUID, campaign: Campaign, *, actor: str) -> bool:
    """Write the whole campaign, and say whether it is new. Safe to repeat; one that was ended runs again."""
    is_new: bool = await ask_value(
        db,
        """
        select ringup.save_campaign(
            %s, %s, %s, %s, %s, %s::numeric, %s::integer, %s, %s, %s::bigint, %s::integer, %s)
        """,
        [
            vendor_id,
            campaign_id,
            campaign.name,
            campaign.starts_at,
            campaign.ends_at,
            campaign.multiplier,
            campaign.bonus_points,
            campaign.product_id,
            campaign.category,
            campaign.minimum_spend_minor,
            campaign.customer_limit,
            actor,
        ],
    )
    return is_new


async def end_campaign(db: Pool, vendor_id: UUID, campaign_id: UUID, *, actor: str) -> None:
    """Let it count for no further sale. Safe to repeat."""
    await ask_value(db, "select ringup.end_campaign(%s, %s, %s)", [vendor_id, campaign_id, actor])


async def set_switch(db: Pool, vendor_id: UUID, name: SwitchName, *, is_on: bool, actor: str) -> None:
    """Turn something on or off at once, for every process. Safe to repeat."""
    await ask_value(db, "select ringup.set_switch(%s, %s, %s, %s)", [vendor_id, name, is_on, actor])


async def review_tiers(db: Pool, vendor_id: UUID, *, limit: int) -> int:
    """Review customers whose tier may have changed, and return how many; 0 when nobody is left."""
    reviewed: int = await ask_value(db, "select ringup.review_tiers(%s, %s::integer)", [vendor_id, limit])
    return reviewed


@dataclass(frozen=True, slots=True)
class PointsPreview:
    """What a cart would earn, and what may be redeemed on it.

    `points_maximum` is the most that the programme, the goods and the customer's
    points allow together, 0 if none. `expiring_points` are lost at `expiring_at`.
    """

    points_to_earn: int
    points_available: int
    points_minimum: int | None
    points_step: int | None
    points_maximum: int
    points_maximum_value_minor: int
    point_value_minor: int | None
    expiring_points: int | None
    expiring_at: datetime | None


PREVIEW = f"""
    select v.points_to_earn, v.points_available, v.points_minimum, v.points_step, v.points_maximum,
           v.points_maximum_value_minor, v.point_value_minor, v.expiring_points, v.expiring_at
      from ringup.preview_points(
        %(vendor_id)s, %(customer_id)s, %(codes)s::text[], %(product_ids)s::uuid[], %(quantities)s::bigint[],
        %(discounts)s::bigint[], %(prices)s::bigint[], %(points)s::integer, %(location_id)s::uuid, {TERMS}) as v
"""


async def preview_points(
    db: Pool,
    vendor_id: UUID,
    customer_id: UUID,
    lines: Sequence[Line],
    *,
    redeem_points: int = 0,
    location_id: UUID | None = None,
) -> PointsPreview:
    """Say what a cart would do to the customer's points if so many were redeemed. Changes nothing.

    Without a location, only the taxes that are raised everywhere count.
    """
    return await ask_one(
        db,
        PointsPreview,
        PREVIEW,
        {
            "vendor_id": vendor_id,
            "customer_id": customer_id,
            **line_parameters(lines),
            "points": redeem_points,
            "location_id": location_id,
            **terms_parameters(lines),
        },
    )
