"""Stores."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from ringup.api.authentication import Caller, needs
from ringup.api.fields import After, Form, Limit, Name, Page, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import shop as calls
from ringup.db.reads import places
from ringup.db.reads.places import Location
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/locations", tags=["locations"], route_class=ScreenedRoute)


class LocationForm(Form):
    """`code` begins the numbers of the store's orders."""

    code: Annotated[str, StringConstraints(strict=True, pattern="^[A-Z0-9]{1,8}$")]
    name: Name


class NewLocation(BaseModel):
    id: UUID
    code: str
    name: str


@router.get("", responses=refusals())
async def list_locations(
    caller: Annotated[Caller, needs("locations:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
) -> Page[Location]:
    """Stores."""
    rows = await places.list_locations(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post("", status_code=201, responses=refusals("already_exists", body=True))
async def create_location(
    caller: Annotated[Caller, needs("locations:write")], form: LocationForm, shop: OpenShop
) -> NewLocation:
    """A new store."""
    location_id = new_id()
    await calls.create_location(shop.db, caller.vendor_id, location_id, **form.model_dump())
    return NewLocation(id=location_id, **form.model_dump())
