"""Points seen by whoever runs the shop: what waits, what was redeemed, what is owed, and the switch."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from ringup.api.authentication import Caller, needs
from ringup.api.fields import After, Flag, Form, Limit, Page, PathId, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import points_queue as calls
from ringup.db.calls.programmes import set_switch
from ringup.db.reads.points_queue import (
    QueuedPoints,
    QueueStatus,
    find_queued_points,
    list_queued_points,
)
from ringup.db.reads.points_reports import (
    Liability,
    PointsActivity,
    PointsDay,
    list_liability,
    list_points_activity,
    list_points_days,
)
from ringup.db.reads.programmes import SwitchState, list_switches
from ringup.domain.errors import ItemNotFound
from ringup.domain.programme import SwitchName
from ringup.loyalty.retry import retry_points
from ringup.wiring import Shop

router = APIRouter(route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("loyalty:read")]
Writer = Annotated[Caller, needs("loyalty:write")]


class ResolvePointsForm(Form):
    """What was done about points that could not be recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the customer keeps the points"}]})

    reason: Text


class SwitchForm(Form):
    is_on: Flag


class PointsDays(BaseModel):
    object: Literal["list"] = "list"
    data: list[PointsDay]


class LiabilityReport(BaseModel):
    """`points` and `value_minor` are sums over `data`. A point is worth what the programme in force gives for it."""

    object: Literal["report"] = "report"
    points: int
    value_minor: int
    data: list[Liability]


@router.get("/v1/loyalty/queue", tags=["loyalty"], responses=refusals())
async def list_waiting_points(
    caller: Reader, shop: OpenShop, limit: Limit = 20, starting_after: After = None, status: QueueStatus = "open"
) -> Page[QueuedPoints]:
    """Points that completed sales could not record, oldest first; with `status=resolved`, what became of others.

    They are tried again by themselves, later and later. `points_held` stay set aside until then.
    """
    rows = await list_queued_points(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, status=status)
    return page(rows, limit)


@router.get("/v1/loyalty/queue/{id}", tags=["loyalty"], responses=refusals("item_not_found"))
async def get_waiting_points(caller: Reader, item_id: PathId, shop: OpenShop) -> QueuedPoints:
    """One item, open or resolved."""
    return await _item(shop, caller.vendor_id, item_id)


@router.post("/v1/loyalty/queue/{id}/retry", tags=["loyalty"], responses=refusals("item_not_found"))
async def retry_waiting_points(caller: Writer, item_id: PathId, shop: OpenShop) -> QueuedPoints:
    """Try now to record an item's points, and answer how it stands. Safe to repeat: they are recorded once."""
    await retry_points(shop.db, caller.vendor_id, item_id, actor=caller.actor)
    return await _item(shop, caller.vendor_id, item_id)


@router.post(
    "/v1/loyalty/queue/{id}/resolve",
    tags=["loyalty"],
    responses=refusals("item_not_found", "reason_missing", body=True),
)
async def resolve_waiting_points(
    caller: Writer, item_id: PathId, form: ResolvePointsForm, shop: OpenShop
) -> QueuedPoints:
    """Close an item without recording its points. What was set aside for it is the customer's again."""
    await calls.resolve_points(shop.db, caller.vendor_id, item_id, resolution=form.reason, actor=caller.actor)
    return await _item(shop, caller.vendor_id, item_id)


async def _item(shop: Shop, vendor_id: UUID, item_id: UUID) -> QueuedPoints:
    found = await find_queued_points(shop.db, vendor_id, item_id)
    if found is None:
        raise ItemNotFound(f"no points wait as item {item_id}")
    return found


@router.get("/v1/switches", tags=["loyalty"], responses=refusals())
async def list_vendor_switches(caller: Reader, shop: OpenShop) -> list[SwitchState]:
    """What can be turned off while the shop is open."""
    return await list_switches(shop.db, caller.vendor_id)


@router.put("/v1/switches/{name}", tags=["loyalty"], responses=refusals(body=True))
async def turn_switch(caller: Writer, name: SwitchName, form: SwitchForm, shop: OpenShop) -> SwitchState:
    """Turn it off or on, at once. With `loyalty_updates` off, sales go on without points. Safe to repeat."""
    await set_switch(shop.db, caller.vendor_id, name, is_on=form.is_on, actor=caller.actor)
    return next(each for each in await list_switches(shop.db, caller.vendor_id) if each.name == name)


@router.get("/v1/reports/points-activity", tags=["reports"], responses=refusals())
async def report_activity(
    caller: Reader, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[PointsActivity]:
    """Every change of points, newest first."""
    rows = await list_points_activity(shop.db, caller.vendor_id, limit=limit + 1, before=starting_after)
    return page(rows, limit)


@router.get("/v1/reports/points-by-day", tags=["reports"], responses=refusals())
async def report_days(caller: Reader, shop: OpenShop, days: Annotated[int, Query(ge=1, le=400)] = 28) -> PointsDays:
    """What was redeemed, earned and expired on each day where the shop is, newest first."""
    return PointsDays(data=await list_points_days(shop.db, caller.vendor_id, days=days))


@router.get("/v1/reports/points-liability", tags=["reports"], responses=refusals())
async def report_liability(caller: Reader, shop: OpenShop) -> LiabilityReport:
    """Points outstanding and what they are worth, by the month in which they expire and by age."""
    rows = await list_liability(shop.db, caller.vendor_id)
    return LiabilityReport(
        points=sum(row.points for row in rows), value_minor=sum(row.value_minor for row in rows), data=rows
    )
