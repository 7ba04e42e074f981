"""How a retailer's points work: what earns them, what they are worth, and what is extra for a time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

RefundPolicy = Literal["only_pending", "within_balance", "unlimited"]
TierBasis = Literal["spend", "points"]
SwitchName = Literal["loyalty_updates", "two_phase_commit"]


@dataclass(frozen=True, slots=True)
class EarnRule:
    """What one article or one category earns: exactly one of the two is named.

    Without `points_per_unit` the programme's rate stays; 0 earns nothing by amount.
    """

    product_id: UUID | None = None
    category: str | None = None
    points_per_unit: Decimal | None = None
    points_per_item: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """`threshold` is in minor units or in points, as the programme's `tier_basis` says."""

    name: str
    threshold: int
    multiplier: Decimal


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of a vendor's programme, whole: what is left out is the default, not what was before."""

    points_per_unit: Decimal
    point_value_minor: int
    points_per_order: int = 0
    earns_on_tax: bool = False
    redeem_minimum: int = 1
    redeem_step: int = 1
    redeem_maximum: int | None = None
    redeem_percent_maximum: int = 100
    pending_days: int = 0
    live_days: int | None = None
    refund_policy: RefundPolicy = "within_balance"
    may_go_negative: bool = False
    rules: tuple[EarnRule, ...] = ()
    tier_basis: TierBasis | None = None
    tier_window_days: int = 365
    tier_hold_days: int = 0
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """Points beyond the programme for a time: for one article, for one category, or for everything.

    `customer_limit` is for how many sales of one customer it counts.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    multiplier: Decimal = Decimal(1)
    bonus_points: int = 0
    product_id: UUID | None = None
    category: str | None = None
    minimum_spend_minor: int = 0
    customer_limit: int | None = None
