"""Tills, and beginning a shift at one."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ringup.api.asking import By, asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, After, Form, Id, Limit, Minor, Name, Page, PathId, page, refusals
from ringup.api.register_sessions import Currency, Denominations, by_face, read_session
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import shop as calls
from ringup.db.calls.shifts import open_register_session, read_cash_sight
from ringup.db.pool import Pool
from ringup.db.reads import places
from ringup.db.reads.places import Register
from ringup.db.reads.shifts import RegisterSession
from ringup.domain.errors import RegisterNotFound
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/registers", tags=["registers"], route_class=ScreenedRoute)


class RegisterForm(Form):
    location_id: Id
    name: Name


class SessionForm(Form):
    """The float by denomination, as a sum, or both. `session_id` is made by the till: the same id sent twice is one."""

    session_id: Id | None = None
    opening_float_minor: Minor | None = None
    denominations: Denominations | None = None
    currency: Currency | None = None
    opened_by: By | None = None


@router.get("", responses=refusals("staff_not_found"))
async def list_registers(
    caller: Annotated[Caller, needs("registers:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    location_id: Annotated[UUID | None, Query()] = None,
) -> Page[Register]:
    """Tills, with the running totals of those that are open; cash is null for who is to count it blind."""
    rows = await places.list_registers(
        shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, location_id=location_id
    )
    return page(await _for_eyes_of(caller, shop.db, rows), limit)


@router.get("/{id}", responses=refusals("register_not_found", "staff_not_found"))
async def get_register(
    caller: Annotated[Caller, needs("registers:read")], register_id: PathId, shop: OpenShop
) -> Register:
    """One till."""
    found = await _read(shop.db, caller.vendor_id, register_id)
    return (await _for_eyes_of(caller, shop.db, [found]))[0]


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
    responses=refusals(
        *("register_not_found", "session_already_open", "already_exists", "currency_mismatch", "amount_out_of_range"),
        *("count_invalid", *PERMITS),
        body=True,
    ),
)
async def open_session(
    caller: Annotated[Caller, needs("registers:write")],
    register_id: PathId,
    form: SessionForm,
    shop: OpenShop,
) -> RegisterSession:
    """Begin a shift. A till has one at a time. Safe to repeat with a `session_id`."""
    session_id = form.session_id or new_id()
    await open_register_session(
        shop.db,
        caller.vendor_id,
        session_id,
        register_id=register_id,
        by=asker(caller, form.opened_by),
        float_minor=form.opening_float_minor,
        denominations=None if form.denominations is None else by_face(form.denominations),
        currency=form.currency,
    )
    return await read_session(shop, caller.vendor_id, session_id)


async def _read(db: Pool, vendor_id: UUID, register_id: UUID) -> Register:
    rows = await places.list_registers(db, vendor_id, limit=1, register_id=register_id)
    if not rows:
        raise RegisterNotFound(f"register {register_id} does not exist")
    return rows[0]


async def _for_eyes_of(caller: Caller, db: Pool, rows: list[Register]) -> list[Register]:
    if caller.staff_id is None or await read_cash_sight(db, caller.vendor_id, caller.staff_id):
        return rows
    return [replace(row, cash_minor=None) for row in rows]
