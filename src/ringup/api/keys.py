"""API keys: who may come in, and what they may do."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from ringup.api.authentication import Caller, Doorkeeper, Scope, needs
from ringup.api.fields import After, Form, Limit, Name, Page, PathId, Time, page, refusals
from ringup.api.problems import Refused
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import shop as calls
from ringup.db.reads.places import ApiKey
from ringup.db.reads.places import list_api_keys as read_api_keys
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/api-keys", tags=["api keys"], route_class=ScreenedRoute)


class KeyForm(Form):
    """A key may be given only what the key that makes it may do itself."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=50)]
    expires_at: Annotated[Time, Field(description="From then on the key is refused; without it, never.")] = None


class NewKey(BaseModel):
    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    expires_at: datetime | None
    token: str = Field(description="Shown this once and kept nowhere.")


@router.get("", responses=refusals())
async def list_keys(
    caller: Annotated[Caller, needs("keys:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
) -> Page[ApiKey]:
    """Keys without their secrets, the oldest first, revoked ones included."""
    rows = await read_api_keys(shop.db, caller.vendor_id)
    if starting_after is not None:
        seen = [row.id for row in rows]
        rows = rows[seen.index(starting_after) + 1 :] if starting_after in seen else []
    return page(rows, limit)


@router.post("", status_code=201, responses=refusals("already_exists", body=True))
async def create_key(caller: Annotated[Caller, needs("keys:write")], form: KeyForm, shop: OpenShop) -> NewKey:
    """A new key. Its token is in this answer and nowhere else."""
    for scope in form.scopes:
        if not caller.may(scope):
            raise Refused("scope_missing", f"this key may not give the scope {scope}")
    made = shop.keyring.make_api_key()
    particulars: dict[str, Any] = {"prefix": made.prefix, **form.model_dump()}
    key_id = new_id()
    await calls.create_api_key(
        shop.db,
        caller.vendor_id,
        key_id,
        secret_hash=made.secret_hash,
        actor=caller.actor,
        **particulars,
    )
    return NewKey(id=key_id, token=made.token, **particulars)


@router.delete("/{id}", status_code=204, responses=refusals("api_key_not_found"))
async def revoke_key(
    caller: Annotated[Caller, needs("keys:write")], key_id: PathId, shop: OpenShop, request: Request
) -> None:
    """Refuse this key from now on; in other processes within seconds. Safe to repeat."""
    await calls.revoke_api_key(shop.db, caller.vendor_id, key_id, actor=caller.actor)
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    doorkeeper.forget(key_id)
