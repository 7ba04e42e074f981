"""A shift at a register: cash that comes and goes, counts, and the reports X and Z."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field, StringConstraints

from ringup.api.asking import By, asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, After, Form, Id, Limit, Minor, Page, PathId, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.session_documents import MovementKind, SessionReport
from ringup.api.wired import OpenShop
from ringup.db.calls import shifts as calls
from ringup.db.reads.places import read_vendor
from ringup.db.reads.shifts import RegisterSession, list_register_sessions
from ringup.domain.errors import CountInvalid, SessionNotFound, VendorNotFound
from ringup.domain.money import AMOUNT_MINOR_MAX
from ringup.shifts.text import report_as_text
from ringup.wiring import Shop

router = APIRouter(prefix="/v1", tags=["register sessions"], route_class=ScreenedRoute)

DENOMINATIONS_MAX = 100
QUANTITY_MAX = 1_000_000_000

Reader = Annotated[Caller, needs("registers:read")]
Writer = Annotated[Caller, needs("registers:write")]
Currency = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$"), Field(description="To be sure.")]

REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/SessionReport"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


class DenominationForm(Form):
    """So many coins or notes of one face value."""

    face_minor: Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MINOR_MAX)]
    quantity: Annotated[int, Field(strict=True, ge=0, le=QUANTITY_MAX)]


Denominations = Annotated[list[DenominationForm], Field(max_length=DENOMINATIONS_MAX)]


class MovementForm(Form):
    """`movement_id` is made by the till: the same movement sent twice is one. A no sale moves nothing: amount 0."""

    movement_id: Id
    kind: MovementKind
    amount_minor: Minor
    reason: Text
    currency: Currency | None = None
    by: By | None = None


class Movement(BaseModel):
    id: UUID
    register_session_id: UUID
    kind: MovementKind
    amount_minor: int
    reason: str


class CountForm(Form):
    """`count_id` is made by the till. No denominations at all is an empty drawer."""

    count_id: Id
    denominations: Denominations
    currency: Currency | None = None
    by: By | None = None


class Count(BaseModel):
    """What should be there is null as long as the drawer is wanted once more."""

    id: UUID
    register_session_id: UUID
    count_number: int
    counted_minor: int
    is_wanted_again: bool
    expected_minor: int | None
    variance_minor: int | None


class CloseForm(Form):
    """`count_id` is the last count's."""

    count_id: Id
    by: By | None = None


class SessionRules(Form):
    """A count that is off by more than `recount_over_minor` is wanted once more."""

    recount_over_minor: Minor


def by_face(denominations: list[DenominationForm]) -> dict[int, int]:
    """Quantities by face value. Raises CountInvalid where a face value is named twice."""
    found = {each.face_minor: each.quantity for each in denominations}
    if len(found) < len(denominations):
        raise CountInvalid("a count names each coin and note once")
    return found


@router.get("/register-sessions", responses=refusals())
async def list_sessions(
    caller: Reader,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    register_id: Annotated[UUID | None, Query()] = None,
) -> Page[RegisterSession]:
    """Shifts, and late sessions between them, newest first."""
    rows = await list_register_sessions(
        shop.db, caller.vendor_id, limit=limit + 1, before=starting_after, register_id=register_id
    )
    return page(rows, limit)


@router.get("/register-sessions/{id:uuid}", responses=refusals("session_not_found"))
async def get_session(caller: Reader, session_id: PathId, shop: OpenShop) -> RegisterSession:
    """One shift, or late session."""
    return await read_session(shop, caller.vendor_id, session_id)


@router.get(
    "/register-sessions/{id:uuid}/report",
    response_model=SessionReport,
    responses={**refusals("session_not_found", *PERMITS), **REPORT},
)
async def get_report(
    caller: Reader,
    session_id: PathId,
    shop: OpenShop,
    report_format: Annotated[Literal["json", "text"], Query(alias="format")] = "json",
) -> Any:
    """X at any time, Z once the session is closed. As text it is 42 characters wide.

    While it is open, a person whose role may not see what the drawer should hold sees
    neither that nor what it could be computed from, until a count was good enough.
    """
    report = await calls.show_session_report(shop.db, caller.vendor_id, session_id, by=asker(caller))
    return PlainTextResponse(report_as_text(report)) if report_format == "text" else report


@router.post(
    "/register-sessions/{id:uuid}/movements",
    status_code=201,
    responses=refusals(
        *("session_not_found", "session_closed", "already_exists", "currency_mismatch", "amount_out_of_range"),
        *("reason_missing", *PERMITS),
        body=True,
    ),
)
async def move_cash(caller: Writer, session_id: PathId, form: MovementForm, shop: OpenShop) -> Movement:
    """Put cash in, pay something, drop cash to the safe, or open the drawer. Safe to repeat."""
    await calls.record_cash_movement(
        shop.db,
        caller.vendor_id,
        form.movement_id,
        session_id=session_id,
        **form.model_dump(exclude={"movement_id", "by"}),
        by=asker(caller, form.by),
    )
    return Movement(
        id=form.movement_id,
        register_session_id=session_id,
        **form.model_dump(include={"kind", "amount_minor", "reason"}),
    )


@router.post(
    "/register-sessions/{id:uuid}/counts",
    status_code=201,
    responses=refusals(
        *("session_not_found", "session_closed", "already_exists", "currency_mismatch", "count_invalid", *PERMITS),
        body=True,
    ),
)
async def count_drawer(caller: Writer, session_id: PathId, form: CountForm, shop: OpenShop) -> Count:
    """Count the drawer, blind. Safe to repeat.

    Off by too much, it is wanted once more before anybody hears by how much.
    """
    found = await calls.count_cash(
        shop.db,
        caller.vendor_id,
        form.count_id,
        session_id=session_id,
        denominations=by_face(form.denominations),
        currency=form.currency,
        by=asker(caller, form.by),
    )
    return Count(
        id=form.count_id,
        register_session_id=session_id,
        count_number=found.count_number,
        counted_minor=found.counted_minor,
        is_wanted_again=found.is_wanted_again,
        expected_minor=found.expected_minor,
        variance_minor=found.variance_minor,
    )


@router.post(
    "/register-sessions/{id:uuid}/close",
    response_model=SessionReport,
    responses=refusals("session_not_found", "session_closed", "count_wanted", *PERMITS, body=True),
)
async def close_session(caller: Writer, session_id: PathId, form: CloseForm, shop: OpenShop) -> Any:
    """End the shift with its last count, and answer its Z report. Never waits for a sale. Safe to repeat."""
    return await calls.close_register_session(
        shop.db, caller.vendor_id, session_id, count_id=form.count_id, by=asker(caller, form.by)
    )


@router.get("/register-session-rules", responses=refusals("vendor_not_found"))
async def get_rules(caller: Reader, shop: OpenShop) -> SessionRules:
    """By how much a count may be off."""
    vendor = await read_vendor(shop.db, caller.vendor_id)
    if vendor is None:
        raise VendorNotFound(f"vendor {caller.vendor_id} does not exist")
    return SessionRules(recount_over_minor=vendor.recount_over_minor)


@router.put("/register-session-rules", responses=refusals("amount_out_of_range", *PERMITS, body=True))
async def set_rules(caller: Writer, form: SessionRules, shop: OpenShop) -> SessionRules:
    """Say by how much a count may be off, from now on. Safe to repeat."""
    await calls.set_recount_limit(shop.db, caller.vendor_id, amount_minor=form.recount_over_minor, by=asker(caller))
    return form


async def read_session(shop: Shop, vendor_id: UUID, session_id: UUID) -> RegisterSession:
    rows = await list_register_sessions(shop.db, vendor_id, limit=1, session_id=session_id)
    if not rows:
        raise SessionNotFound(f"register session {session_id} does not exist")
    return rows[0]
