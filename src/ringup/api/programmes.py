"""How points work at this retailer: versions of the programme with rules and tiers, and campaigns."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, StringConstraints

from ringup.api.authentication import Caller, needs
from ringup.api.fields import After, Flag, Form, Id, Instant, Limit, Minor, Name, Page, PathId, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import programmes as calls
from ringup.db.reads import programmes as reads
from ringup.db.reads.programmes import CampaignRow, ProgrammeVersion
from ringup.domain.errors import CampaignNotFound
from ringup.domain.ids import new_id
from ringup.domain.programme import Campaign, EarnRule, Programme, RefundPolicy, Tier, TierBasis
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/loyalty", tags=["loyalty"], route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("loyalty:read")]
Writer = Annotated[Caller, needs("loyalty:write")]

INTEGER_MAX = 2_147_483_647
Whole = Annotated[int, Field(strict=True, ge=0, le=INTEGER_MAX)]
Positive = Annotated[int, Field(strict=True, ge=1, le=INTEGER_MAX)]
Rate = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9]{1,7}(\.[0-9]{1,4})?$"),
    Field(description="A decimal number as text, with up to 4 decimals."),
]
Multiplier = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9]{1,3}(\.[0-9]{1,3})?$"),
    Field(description="A decimal number as text, with up to 3 decimals."),
]


class RuleForm(Form):
    """What one article or one category earns: exactly one of them is named. An article's rule beats its category's."""

    product_id: Id | None = None
    category: Name | None = None
    points_per_unit: Annotated[Rate | None, Field(description="Instead of the programme's rate.")] = None
    points_per_item: Whole = 0

    def rule(self) -> EarnRule:
        rate = None if self.points_per_unit is None else Decimal(self.points_per_unit)
        return EarnRule(self.product_id, self.category, rate, self.points_per_item)


class TierForm(Form):
    """A tier from `threshold` on, in minor units or in points, as the programme's `tier_basis` says."""

    name: Name
    threshold: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000_000)]
    multiplier: Multiplier

    def tier(self) -> Tier:
        return Tier(self.name, self.threshold, Decimal(self.multiplier))


class ProgrammeForm(Form):
    """A whole version of the programme: what is left out is the default, not what was before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"points_per_unit": "1", "point_value_minor": 1}]})

    points_per_unit: Rate
    point_value_minor: Annotated[int, Field(strict=True, ge=1, le=1_000_000, description="What a point pays.")]
    points_per_order: Whole = 0
    earns_on_tax: Flag = False
    redeem_minimum: Positive = 1
    redeem_step: Positive = 1
    redeem_maximum: Positive | None = None
    redeem_percent_maximum: Annotated[int, Field(strict=True, ge=1, le=100)] = 100
    pending_days: Whole = 0
    live_days: Positive | None = None
    refund_policy: RefundPolicy = "within_balance"
    may_go_negative: Flag = False
    rules: Annotated[list[RuleForm], Field(max_length=1000, default_factory=list)]
    tier_basis: TierBasis | None = None
    tier_window_days: Positive = 365
    tier_hold_days: Whole = 0
    tiers: Annotated[list[TierForm], Field(max_length=20, default_factory=list)]
    valid_from: Annotated[Instant | None, Field(description="When it begins. Without it, now. Never in the past.")] = (
        None
    )

    def programme(self) -> Programme:
        plain = self.model_dump(exclude={"points_per_unit", "rules", "tiers", "valid_from"})
        return Programme(
            points_per_unit=Decimal(self.points_per_unit),
            rules=tuple(rule.rule() for rule in self.rules),
            tiers=tuple(tier.tier() for tier in self.tiers),
            **plain,
        )


class CampaignForm(Form):
    """Points beyond the programme for a time: for one article, for one category, or for everything."""

    name: Name
    starts_at: Instant
    ends_at: Instant
    multiplier: Multiplier = "1"
    bonus_points: Whole = 0
    product_id: Id | None = None
    category: Name | None = None
    minimum_spend_minor: Minor = 0
    customer_limit: Annotated[
        Positive | None, Field(description="For how many sales of one customer it counts. Without it, for every one.")
    ] = None

    def campaign(self) -> Campaign:
        return Campaign(**{**self.model_dump(), "multiplier": Decimal(self.multiplier)})


@router.get("/programmes", responses=refusals())
async def list_programmes(
    caller: Reader,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: Annotated[Instant | None, Query(description="The `valid_from` of the last row.")] = None,
) -> Page[ProgrammeVersion]:
    """Every version of the programme, the latest first, with those that are still to begin."""
    rows = await reads.list_programmes(shop.db, caller.vendor_id, limit=limit + 1, before=starting_after)
    return page(rows, limit)


@router.post(
    "/programmes",
    status_code=201,
    responses=refusals("programme_invalid", "already_exists", "product_not_found", body=True),
)
async def begin_programme(caller: Writer, form: ProgrammeForm, shop: OpenShop) -> ProgrammeVersion:
    """A new version, from now on or from a later instant. What was promised or granted before stays as it was."""
    begins_at = await calls.set_programme(
        shop.db, caller.vendor_id, form.programme(), actor=caller.actor, valid_from=form.valid_from
    )
    return await _version(shop, caller.vendor_id, begins_at)


async def _version(shop: Shop, vendor_id: UUID, begins_at: datetime) -> ProgrammeVersion:
    versions = await reads.list_programmes(shop.db, vendor_id, limit=1000)
    return next(version for version in versions if version.valid_from == begins_at)


@router.get("/campaigns", responses=refusals())
async def list_campaigns(
    caller: Reader, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[CampaignRow]:
    """Campaigns, those that ended included, with how many sales each has counted for."""
    rows = await reads.list_campaigns(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post("/campaigns", status_code=201, responses=refusals("campaign_invalid", "product_not_found", body=True))
async def create_campaign(caller: Writer, form: CampaignForm, shop: OpenShop) -> CampaignRow:
    """A new campaign."""
    campaign_id = new_id()
    await calls.save_campaign(shop.db, caller.vendor_id, campaign_id, form.campaign(), actor=caller.actor)
    return await _campaign(shop, caller.vendor_id, campaign_id)


@router.get("/campaigns/{id}", responses=refusals("campaign_not_found"))
async def get_campaign(caller: Reader, campaign_id: PathId, shop: OpenShop) -> CampaignRow:
    """One campaign."""
    return await _campaign(shop, caller.vendor_id, campaign_id)


@router.put(
    "/campaigns/{id}",
    responses=refusals("campaign_not_found", "campaign_invalid", "product_not_found", body=True),
)
async def change_campaign(caller: Writer, campaign_id: PathId, form: CampaignForm, shop: OpenShop) -> CampaignRow:
    """Write the whole campaign anew; one that was ended runs again. What sales were promised stays. Safe to repeat."""
    await _campaign(shop, caller.vendor_id, campaign_id)
    await calls.save_campaign(shop.db, caller.vendor_id, campaign_id, form.campaign(), actor=caller.actor)
    return await _campaign(shop, caller.vendor_id, campaign_id)


@router.post("/campaigns/{id}/end", responses=refusals("campaign_not_found"))
async def end_campaign(caller: Writer, campaign_id: PathId, shop: OpenShop) -> CampaignRow:
    """Let it count for no further sale. What sales were promised is granted. Safe to repeat."""
    await calls.end_campaign(shop.db, caller.vendor_id, campaign_id, actor=caller.actor)
    return await _campaign(shop, caller.vendor_id, campaign_id)


async def _campaign(shop: Shop, vendor_id: UUID, campaign_id: UUID) -> CampaignRow:
    found = await reads.find_campaign(shop.db, vendor_id, campaign_id)
    if found is None:
        raise CampaignNotFound(f"campaign {campaign_id} does not exist")
    return found
