"""A customer's points: what there is, what a cart would do to it, and what a person changes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ringup.api.authentication import Caller, needs
from ringup.api.cart_form import LINES_MAX, POINTS_MAX, LineForm
from ringup.api.fields import After, Form, Id, Instant, Limit, Name, Page, PathId, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import loyalty as calls
from ringup.db.calls.programmes import PointsPreview, preview_points
from ringup.db.reads.loyalty import CustomerPoints, PointsLot, find_customer_points, list_points_lots
from ringup.domain.errors import CustomerNotFound
from ringup.domain.ids import new_id
from ringup.wiring import Shop

router = APIRouter(tags=["loyalty"], route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("loyalty:read")]
Writer = Annotated[Caller, needs("loyalty:write")]

By = Annotated[Name, Field(description="Who does it. Kept for good, with the id of the key that said so.")]
Reason = Annotated[Text, Field(description="Why. Kept for good.")]


class AdjustmentForm(Form):
    """Points to give, or to take with a minus."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"points": 50, "reason": "waited too long", "by": "Ada"}]}
    )

    points: Annotated[int, Field(strict=True, ge=-POINTS_MAX, le=POINTS_MAX)]
    reason: Reason
    by: By
    role: Annotated[
        Name, Field(description="Whose limit applies: cashier, supervisor, manager, owner, or a role of yours.")
    ] = "api"
    expires_at: Annotated[Instant | None, Field(description="Without it they never expire.")] = None
    adjustment_id: Annotated[
        Id | None, Field(description="Chosen by you. The same id again changes nothing and answers the same.")
    ] = None


class Adjusted(BaseModel):
    """`balance` is the one after this adjustment, also where it was made before."""

    adjustment_id: UUID
    customer_id: UUID
    points: int
    balance: int


class MergeForm(Form):
    """The duplicate's points move to the customer of the address, and the duplicate ends."""

    duplicate_id: Id
    reason: Reason
    by: By


class Merged(BaseModel):
    customer_id: UUID
    duplicate_id: UUID
    points_moved: int
    points: CustomerPoints


class PreviewForm(Form):
    """A cart that nobody has rung up yet."""

    customer_id: Id
    lines: Annotated[list[LineForm], Field(min_length=1, max_length=LINES_MAX)]
    redeem_points: Annotated[int, Field(strict=True, ge=0, le=POINTS_MAX)] = 0
    location_id: Annotated[
        Id | None, Field(description="Where. Without it, only the taxes that are raised everywhere count.")
    ] = None


@router.get("/v1/customers/{id}/points", responses=refusals("customer_not_found"))
async def get_points(caller: Reader, customer_id: PathId, shop: OpenShop) -> CustomerPoints:
    """What a customer has and may spend at this moment, what expires next, and the tier.

    The history is at `/v1/customers/{id}/loyalty`.
    """
    return await _points(shop, caller.vendor_id, customer_id)


@router.get("/v1/customers/{id}/points/lots", responses=refusals("customer_not_found"))
async def list_lots(
    caller: Reader, customer_id: PathId, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[PointsLot]:
    """The lots that a customer's points lie in, as spending takes them: the first to expire first."""
    await _points(shop, caller.vendor_id, customer_id)
    rows = await list_points_lots(shop.db, caller.vendor_id, customer_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post(
    "/v1/customers/{id}/points/adjustments",
    status_code=201,
    responses=refusals(
        *("customer_not_found", "customer_inactive", "insufficient_points", "points_already_recorded"),
        *("points_out_of_range", "adjustment_too_large", "expiry_in_the_past"),
        body=True,
    ),
)
async def adjust(caller: Writer, customer_id: PathId, form: AdjustmentForm, shop: OpenShop) -> Adjusted:
    """Give points, or take some, with a reason and a name. Safe to repeat with an `adjustment_id`."""
    adjustment_id = form.adjustment_id or new_id()
    balance = await calls.adjust_points(
        shop.db,
        caller.vendor_id,
        customer_id,
        points=form.points,
        reason=form.reason,
        actor=f"{form.by} ({caller.actor})",
        role=form.role,
        expires_at=form.expires_at,
        adjustment_id=adjustment_id,
    )
    return Adjusted(adjustment_id=adjustment_id, customer_id=customer_id, points=form.points, balance=balance)


@router.post(
    "/v1/customers/{id}/merge",
    responses=refusals("customer_not_found", "customer_inactive", "not_mergeable", "reason_missing", body=True),
)
async def merge(caller: Writer, customer_id: PathId, form: MergeForm, shop: OpenShop) -> Merged:
    """Make two customers one. What was begun for the duplicate ends with this customer. Safe to repeat."""
    moved = await calls.merge_customers(
        shop.db,
        caller.vendor_id,
        keep_id=customer_id,
        duplicate_id=form.duplicate_id,
        reason=form.reason,
        actor=f"{form.by} ({caller.actor})",
    )
    points = await _points(shop, caller.vendor_id, customer_id)
    return Merged(customer_id=customer_id, duplicate_id=form.duplicate_id, points_moved=moved, points=points)


@router.post(
    "/v1/loyalty/preview",
    responses=refusals(
        *("customer_not_found", "customer_inactive", "product_not_found", "product_inactive", "amount_out_of_range"),
        *("discount_too_large", "discount_invalid", "redemption_too_large", "redemption_not_allowed", "loyalty_off"),
        "points_out_of_range",
        body=True,
    ),
)
async def preview(caller: Reader, form: PreviewForm, shop: OpenShop) -> PointsPreview:
    """What a cart would earn if so many points were redeemed, and how many may be. Changes nothing."""
    may_set_price = caller.may("prices:override")
    return await preview_points(
        shop.db,
        caller.vendor_id,
        form.customer_id,
        [line.line(may_set_price=may_set_price) for line in form.lines],
        redeem_points=form.redeem_points,
        location_id=form.location_id,
    )


async def _points(shop: Shop, vendor_id: UUID, customer_id: UUID) -> CustomerPoints:
    found = await find_customer_points(shop.db, vendor_id, customer_id)
    if found is None:
        raise CustomerNotFound(f"customer {customer_id} does not exist")
    return found
