"""People who work in the shop: who they are, their PINs, and signing in at a register."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from ringup.api.authentication import STAFF_HEADER, Caller, needs
from ringup.api.fields import (
    PERMITS,
    After,
    Flag,
    Form,
    Id,
    Limit,
    Name,
    NotNull,
    Page,
    PathId,
    page,
    refusals,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import staff as calls
from ringup.db.pool import Pool
from ringup.db.reads.staff import StaffMember
from ringup.db.reads.staff import list_staff as read_staff
from ringup.domain.errors import InvalidRequest, StaffNotFound
from ringup.domain.ids import new_id
from ringup.domain.staff import Role
from ringup.staff.pins import check_pin, hash_pin

router = APIRouter(prefix="/v1/staff", tags=["staff"], route_class=ScreenedRoute)

Pin = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9]{4,8}$"),
    Field(description="4 to 8 digits. Kept as a hash; never shown, never logged."),
]


class PersonForm(Form):
    name: Name
    role: Role
    is_active: Flag = True


class NewPerson(PersonForm):
    """Without a PIN, a person can neither sign in nor approve."""

    pin: Pin | None = Field(None, repr=False)


class PersonChanges(Form):
    """What is left out stays as it is. Whoever is not active any more is signed out everywhere."""

    name: Annotated[Name | None, NotNull] = None
    role: Annotated[Role | None, NotNull] = None
    is_active: Annotated[Flag | None, NotNull] = None


class PinForm(Form):
    pin: Annotated[Pin, Field(repr=False)]


class SignInForm(Form):
    register_id: Id
    staff_id: Id
    pin: Annotated[Pin, Field(repr=False)]


class NewSignIn(BaseModel):
    id: UUID
    staff: StaffMember
    register_id: UUID
    expires_at: datetime = Field(description="Every use moves it to a quarter of an hour later, up to twelve hours.")
    token: str = Field(description=f"For the header {STAFF_HEADER}. Shown this once and kept nowhere.")


@router.get("", responses=refusals())
async def list_people(
    caller: Annotated[Caller, needs("staff:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    is_active: Annotated[bool | None, Query()] = None,
) -> Page[StaffMember]:
    """People who work here, and those who left."""
    rows = await read_staff(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, is_active=is_active)
    return page(rows, limit)


@router.get("/{id:uuid}", responses=refusals("staff_not_found"))
async def get_person(caller: Annotated[Caller, needs("staff:read")], staff_id: PathId, shop: OpenShop) -> StaffMember:
    """One person."""
    return await _read(shop.db, caller.vendor_id, staff_id)


@router.post(
    "",
    status_code=201,
    responses=refusals("already_exists", "rule_invalid", "pin_not_allowed", *PERMITS, body=True),
)
async def add_person(caller: Annotated[Caller, needs("staff:write")], form: NewPerson, shop: OpenShop) -> StaffMember:
    """Somebody begins."""
    staff_id = new_id()
    pin_hash = await hash_pin(shop.keyring, caller.vendor_id, staff_id, form.pin) if form.pin is not None else None
    await calls.save_staff(
        shop.db,
        caller.vendor_id,
        staff_id,
        **form.model_dump(exclude={"pin"}),
        pin_hash=pin_hash,
        by_staff_id=caller.staff_id,
        approval_id=caller.approval_id,
        actor=caller.actor,
    )
    return await _read(shop.db, caller.vendor_id, staff_id)


@router.patch("/{id:uuid}", responses=refusals("already_exists", "rule_invalid", *PERMITS, body=True))
async def change_person(
    caller: Annotated[Caller, needs("staff:write")], staff_id: PathId, changes: PersonChanges, shop: OpenShop
) -> StaffMember:
    """Change what is named. Nobody is deleted: the audit log names them. Safe to repeat."""
    present = await _read(shop.db, caller.vendor_id, staff_id)
    kept = {name: getattr(present, name) for name in PersonForm.model_fields}
    await calls.save_staff(
        shop.db,
        caller.vendor_id,
        staff_id,
        **{**kept, **changes.given()},
        by_staff_id=caller.staff_id,
        approval_id=caller.approval_id,
        actor=caller.actor,
    )
    return await _read(shop.db, caller.vendor_id, staff_id)


@router.put("/{id:uuid}/pin", status_code=204, responses=refusals("pin_not_allowed", *PERMITS, body=True))
async def set_pin(
    caller: Annotated[Caller, needs("staff:write")], staff_id: PathId, form: PinForm, shop: OpenShop
) -> None:
    """Give a person another PIN. Unlocks them, and signs them out everywhere. Safe to repeat."""
    pin_hash = await hash_pin(shop.keyring, caller.vendor_id, staff_id, form.pin)
    await calls.set_staff_pin(
        shop.db,
        caller.vendor_id,
        staff_id,
        pin_hash=pin_hash,
        by_staff_id=caller.staff_id,
        approval_id=caller.approval_id,
        actor=caller.actor,
    )


@router.post(
    "/sign-in",
    status_code=201,
    responses=refusals("register_not_found", "staff_not_found", "pin_refused", "pin_locked", body=True),
)
async def sign_in(caller: Annotated[Caller, needs("staff:sign_in")], form: SignInForm, shop: OpenShop) -> NewSignIn:
    """Take over a register with a PIN. Whoever was signed in there is not any more."""
    await check_pin(shop.db, shop.keyring, caller.vendor_id, form.staff_id, form.pin)
    token, token_hash = shop.keyring.make_sign_in_token()
    sign_in_id = new_id()
    expires_at = await calls.sign_in_staff(
        shop.db,
        caller.vendor_id,
        sign_in_id,
        staff_id=form.staff_id,
        register_id=form.register_id,
        token_hash=token_hash,
    )
    person = await _read(shop.db, caller.vendor_id, form.staff_id)
    return NewSignIn(id=sign_in_id, staff=person, register_id=form.register_id, expires_at=expires_at, token=token)


@router.post("/sign-out", status_code=204, responses=refusals())
async def sign_out(caller: Annotated[Caller, needs("staff:sign_in")], shop: OpenShop) -> None:
    """Leave the register: the person in the header Ringup-Staff, whose token ends at once."""
    if caller.person is None:
        raise InvalidRequest(f"there is no token in {STAFF_HEADER}")
    await calls.sign_out_staff(shop.db, caller.vendor_id, caller.person.sign_in_id, actor=caller.actor)


async def _read(db: Pool, vendor_id: UUID, staff_id: UUID) -> StaffMember:
    rows = await read_staff(db, vendor_id, limit=1, staff_id=staff_id)
    if not rows:
        raise StaffNotFound(f"person {staff_id} does not exist")
    return rows[0]
