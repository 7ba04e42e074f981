"""Tills and their shifts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ringup.api.authentication import Caller, needs
from ringup.api.fields import After, Form, Id, Limit, Minor, Name, Page, PathId, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import shop as calls
from ringup.db.pool import Pool
from ringup.db.reads import places
from ringup.db.reads.places import Register
from ringup.domain.errors import RegisterNotFound
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/registers", tags=["registers"], route_class=ScreenedRoute)


class RegisterForm(Form):
    location_id: Id
    name: Name


class SessionForm(Form):
    opened_by: Name
    opening_float_minor: Minor


class OpenSession(BaseModel):
    id: UUID
    register_id: UUID
    opened_by: str
    opened_at: datetime | None
    opening_float_minor: int


class CloseForm(Form):
    closed_by: Name
    counted_minor: Minor


class ClosedSession(BaseModel):
    id: UUID
    register_id: UUID
    closed_by: str
    counted_minor: int


@router.get("", responses=refusals())
async def list_registers(
    caller: Annotated[Caller, needs("registers:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    location_id: Annotated[UUID | None, Query()] = None,
) -> Page[Register]:
    """Tills, with the running totals of those that are open."""
    rows = await places.list_registers(
        shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, location_id=location_id
    )
    return page(rows, limit)


@router.get("/{id}", responses=refusals("register_not_found"))
async def get_register(
    caller: Annotated[Caller, needs("registers:read")], register_id: PathId, shop: OpenShop
) -> Register:
    """One till."""
    return await _read(shop.db, caller.vendor_id, register_id)


@router.post("", status_code=201, responses=refusals("location_not_found", "already_exists", body=True))
async def create_register(
    caller: Annotated[Caller, needs("registers:write")], form: RegisterForm, shop: OpenShop
) -> Register:
    """A new till in a store."""
    register_id = new_id()
    await calls.create_register(shop.db, caller.vendor_id, register_id, **form.model_dump())
    return await _read(shop.db, caller.vendor_id, register_id)


@router.post(
    "/{id}/sessions",
    status_code=201,
    responses=refusals("register_not_found", "session_already_open", "amount_out_of_range", body=True),
)
async def open_session(
    caller: Annotated[Caller, needs("registers:write")],
    register_id: PathId,
    form: SessionForm,
    shop: OpenShop,
) -> OpenSession:
    """Begin a shift. A till has one at a time."""
    session_id = new_id()
    await calls.open_register_session(
        shop.db,
        caller.vendor_id,
        session_id,
        register_id=register_id,
        opened_by=form.opened_by,
        float_minor=form.opening_float_minor,
    )
    register = await _read(shop.db, caller.vendor_id, register_id)
    return OpenSession(
        id=session_id,
        register_id=register_id,
        opened_by=form.opened_by,
        opened_at=register.opened_at,
        opening_float_minor=form.opening_float_minor,
    )


@router.post(
    "/{id}/close",
    responses=refusals("register_not_found", "session_closed", "amount_out_of_range", body=True),
)
async def close_session(
    caller: Annotated[Caller, needs("registers:write")],
    register_id: PathId,
    form: CloseForm,
    shop: OpenShop,
) -> ClosedSession:
    """End the shift: what was counted is stored beside what should be there."""
    await _read(shop.db, caller.vendor_id, register_id)
    session_id = await calls.close_register_session(
        shop.db, caller.vendor_id, register_id=register_id, **form.model_dump()
    )
    return ClosedSession(id=session_id, register_id=register_id, **form.model_dump())


async def _read(db: Pool, vendor_id: UUID, register_id: UUID) -> Register:
    rows = await places.list_registers(db, vendor_id, limit=1, register_id=register_id)
    if not rows:
        raise RegisterNotFound(f"register {register_id} does not exist")
    return rows[0]
