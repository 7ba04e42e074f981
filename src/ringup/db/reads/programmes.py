"""Programmes, campaigns and switches."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class ProgrammeVersion:
    """One version of the programme. `rules` and `tiers` are documents; their decimals are text."""

    valid_from: datetime
    is_current: bool
    points_per_unit: Decimal
    points_per_order: int
    point_value_minor: int
    earns_on_tax: bool
    redeem_minimum: int
    redeem_step: int
    redeem_maximum: int | None
    redeem_percent_maximum: int
    pending_days: int
    live_days: int | None
    refund_policy: str
    may_go_negative: bool
    rules: list[dict[str, Any]]
    tier_basis: str | None
    tier_window_days: int
    tier_hold_days: int
    tiers: list[dict[str, Any]]
    created_at: datetime


PROGRAMME = """
    select v.valid_from, v.is_current, v.points_per_unit, v.points_per_order, v.point_value_minor, v.earns_on_tax,
           v.redeem_minimum, v.redeem_step, v.redeem_maximum, v.redeem_percent_maximum, v.pending_days, v.live_days,
           v.refund_policy, v.may_go_negative, v.rules, v.tier_basis, v.tier_window_days, v.tier_hold_days, v.tiers,
           v.created_at
      from ringup.loyalty_programme_versions v
"""


async def find_programme(db: Pool, vendor_id: UUID) -> ProgrammeVersion | None:
    """The version in force."""
    found = await read_all(
        db, vendor_id, ProgrammeVersion, PROGRAMME + " where v.vendor_id = %s and v.is_current", [vendor_id]
    )
    return found[0] if found else None


async def list_programmes(
    db: Pool, vendor_id: UUID, *, limit: int, before: datetime | None = None
) -> list[ProgrammeVersion]:
    """Every version, the latest first, with those that are still to begin."""
    return await read_all(
        db,
        vendor_id,
        ProgrammeVersion,
        PROGRAMME
        + """
         where v.vendor_id = %(vendor_id)s and (%(before)s::timestamptz is null or v.valid_from < %(before)s)
         order by v.valid_from desc
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "before": before, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign, and for how many sales it counted or is counting."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    multiplier: Decimal
    bonus_points: int
    product_id: UUID | None
    category: str | None
    minimum_spend_minor: int
    customer_limit: int | None
    is_active: bool
    sales_granted: int
    sales_held: int
    points_granted: int
    created_at: datetime
    updated_at: datetime


CAMPAIGN = """
    select v.id, v.name, v.starts_at, v.ends_at, v.multiplier, v.bonus_points, v.product_id, v.category,
           v.minimum_spend_minor, v.customer_limit, v.is_active, v.sales_granted, v.sales_held, v.points_granted,
           v.created_at, v.updated_at
      from ringup.loyalty_campaign_list v
"""


async def find_campaign(db: Pool, vendor_id: UUID, campaign_id: UUID) -> CampaignRow | None:
    found = await read_all(
        db, vendor_id, CampaignRow, CAMPAIGN + " where v.vendor_id = %s and v.id = %s", [vendor_id, campaign_id]
    )
    return found[0] if found else None


async def list_campaigns(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[CampaignRow]:
    """Campaigns by id, ended ones too."""
    return await read_all(
        db,
        vendor_id,
        CampaignRow,
        CAMPAIGN
        + """
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class SwitchState:
    name: str
    is_on: bool
    changed_by: str | None
    changed_at: datetime | None


async def list_switches(db: Pool, vendor_id: UUID) -> list[SwitchState]:
    return await read_all(
        db,
        vendor_id,
        SwitchState,
        """
        select v.name, v.is_on, v.changed_by, v.changed_at
          from ringup.switch_states v
         where v.vendor_id = %s
         order by v.name
        """,
        [vendor_id],
    )
