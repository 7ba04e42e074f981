"""Card terminals: their configuration and their health."""

from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field, StringConstraints

from ringup.api.authentication import Caller, needs
from ringup.api.fields import After, Flag, Form, Id, Limit, Name, NotNull, Page, PathId, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.shop import save_processor
from ringup.db.pool import Pool
from ringup.db.reads import places
from ringup.db.reads.places import Processor
from ringup.domain.errors import ProcessorNotFound
from ringup.domain.ids import new_id
from ringup.recovery.health import check_terminal
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/processors", tags=["processors"], route_class=ScreenedRoute)

PORT_MAX = 65_535

AuthKey = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=100),
    Field(description="Stored encrypted and never shown again.", json_schema_extra={"writeOnly": True}),
]


def _is_an_address(value: str) -> str:
    mistake = ValueError("Input should be an address that begins with http:// or https://")
    try:
        address = httpx.URL(value)
    except httpx.InvalidURL as failure:
        raise mistake from failure
    if not address.host or (address.port or 0) > PORT_MAX or address.query or address.fragment:
        raise mistake
    return value


BaseUrl = Annotated[
    str,
    StringConstraints(strict=True, max_length=500, pattern=r"^https?://[^\s]+$"),
    AfterValidator(_is_an_address),
]


class TerminalSettings(Form):
    """How a terminal is reached. `mode`: money set aside and captured after the sale, or taken at once.

    `authorisation_days`: for how long money that was set aside can be taken. A day before that is over, a
    person is told of every capture that is still missing. `tip_minutes`: how long money that was set aside is
    left so that a tip can be added, before it is captured. `tip_percent_max`: how much a tip that is given after
    the sale may be, in percent of what the card paid without it; 0 takes none.
    """

    base_url: BaseUrl
    tpn: Annotated[str, StringConstraints(strict=True, pattern="^[A-Za-z0-9]{10,12}$")]
    mode: Literal["auth_capture", "sale"]
    proxy_timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=720)] = 120
    authorisation_days: Annotated[int, Field(strict=True, ge=1, le=99)] = 5
    tip_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 0
    tip_percent_max: Annotated[int, Field(strict=True, ge=0, le=999)] = 100


class ProcessorForm(Form):
    location_id: Id
    name: Name
    processor_type: Literal["dejavoo_spin"] = "dejavoo_spin"
    is_active: Flag = True
    is_live: Flag = False
    settings: TerminalSettings
    auth_key: AuthKey


class ProcessorChanges(Form):
    """What is left out stays as it is."""

    location_id: Annotated[Id | None, NotNull] = None
    name: Annotated[Name | None, NotNull] = None
    is_active: Annotated[Flag | None, NotNull] = None
    is_live: Annotated[Flag | None, NotNull] = None
    settings: Annotated[TerminalSettings | None, NotNull] = None
    auth_key: Annotated[AuthKey | None, NotNull] = None


@router.get("", responses=refusals())
async def list_processors(
    caller: Annotated[Caller, needs("processors:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    location_id: Annotated[UUID | None, Query()] = None,
) -> Page[Processor]:
    """Terminals with their colour: green may be charged, amber likely, red not, and none that is in doubt."""
    rows = await places.list_processors(
        shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, location_id=location_id
    )
    return page(rows, limit)


@router.get("/{id}", responses=refusals("processor_not_found"))
async def get_processor(
    caller: Annotated[Caller, needs("processors:read")], processor_id: PathId, shop: OpenShop
) -> Processor:
    """One terminal."""
    return await _read(shop.db, caller.vendor_id, processor_id)


@router.post("", status_code=201, responses=refusals("location_not_found", "already_exists", body=True))
async def create_processor(
    caller: Annotated[Caller, needs("processors:write")], form: ProcessorForm, shop: OpenShop
) -> Processor:
    """A new terminal. It is amber until it was asked whether it is there."""
    processor_id = new_id()
    await _save(shop, caller, processor_id, form.model_dump())
    return await _read(shop.db, caller.vendor_id, processor_id)


@router.patch(
    "/{id}",
    responses=refusals("processor_not_found", "location_not_found", "already_exists", body=True),
)
async def change_processor(
    caller: Annotated[Caller, needs("processors:write")],
    processor_id: PathId,
    changes: ProcessorChanges,
    shop: OpenShop,
) -> Processor:
    """Change what is named. Old settings may be used for some seconds more. Safe to repeat."""
    present = await _read(shop.db, caller.vendor_id, processor_id)
    given = changes.model_dump(exclude_unset=True)
    particulars = {
        "location_id": present.location_id,
        "name": present.processor_name,
        "processor_type": present.processor_type,
        "is_active": present.is_active,
        "is_live": present.is_live,
        **given,
        "settings": {**present.settings, **given.get("settings", {})},
    }
    await _save(shop, caller, processor_id, particulars)
    return await _read(shop.db, caller.vendor_id, processor_id)


@router.post("/{id}/check", responses=refusals("processor_not_found"))
async def check_processor(
    caller: Annotated[Caller, needs("processors:write")], processor_id: PathId, shop: OpenShop
) -> Processor:
    """Ask the terminal whether it is there, and answer how it stands now. Moves no money."""
    await _read(shop.db, caller.vendor_id, processor_id)
    await check_terminal(shop.db, shop.terminals, caller.vendor_id, processor_id)
    return await _read(shop.db, caller.vendor_id, processor_id)


async def _save(shop: Shop, caller: Caller, processor_id: UUID, particulars: dict[str, Any]) -> None:
    auth_key = particulars.pop("auth_key", None)
    credentials = shop.keyring.encrypt(auth_key, vendor_id=caller.vendor_id, row_id=processor_id) if auth_key else None
    await save_processor(
        shop.db,
        caller.vendor_id,
        processor_id,
        **particulars,
        credentials=credentials,
        credentials_key_id=shop.keyring.key_id if credentials else None,
        actor=caller.actor,
    )


async def _read(db: Pool, vendor_id: UUID, processor_id: UUID) -> Processor:
    rows = await places.list_processors(db, vendor_id, limit=1, processor_id=processor_id)
    if not rows:
        raise ProcessorNotFound(f"processor {processor_id} does not exist")
    return rows[0]
