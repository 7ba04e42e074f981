"""Customers and their points."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from ringup.api.authentication import Caller, needs
from ringup.api.fields import (
    After,
    Flag,
    Form,
    Limit,
    Name,
    NotNull,
    Page,
    PathId,
    Search,
    page,
    refusals,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import shop as calls
from ringup.db.pool import Pool
from ringup.db.reads import customers as reads
from ringup.db.reads.customers import Customer, PointsEntry
from ringup.domain.errors import CustomerNotFound
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/customers", tags=["customers"], route_class=ScreenedRoute)

ENTRY_MAX = 9_223_372_036_854_775_807
Email = Annotated[str, StringConstraints(strict=True, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Phone = Annotated[str, StringConstraints(strict=True, max_length=50, pattern=r"^[0-9+() ./-]+$")]


class CustomerForm(Form):
    first_name: Name | None = None
    last_name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    is_active: Flag = True


class CustomerChanges(CustomerForm):
    """What is left out stays as it is. Points change by sales and adjustments only."""

    is_active: Annotated[Flag | None, NotNull] = None  # type: ignore[assignment]


@router.get("", responses=refusals())
async def list_customers(
    caller: Annotated[Caller, needs("customers:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    search: Search = None,
) -> Page[Customer]:
    """Customers. `search` is an e-mail address, a phone number, or the beginning of a name."""
    rows = await reads.list_customers(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, search=search)
    return page(rows, limit)


@router.get("/{id}", responses=refusals("customer_not_found"))
async def get_customer(
    caller: Annotated[Caller, needs("customers:read")], customer_id: PathId, shop: OpenShop
) -> Customer:
    """One customer."""
    return await _read(shop.db, caller.vendor_id, customer_id)


@router.post("", status_code=201, responses=refusals(body=True))
async def create_customer(
    caller: Annotated[Caller, needs("customers:write")], form: CustomerForm, shop: OpenShop
) -> Customer:
    """A new customer, without points."""
    customer_id = new_id()
    await calls.save_customer(shop.db, caller.vendor_id, customer_id, **form.model_dump())
    return await _read(shop.db, caller.vendor_id, customer_id)


@router.patch("/{id}", responses=refusals("customer_not_found", body=True))
async def change_customer(
    caller: Annotated[Caller, needs("customers:write")],
    customer_id: PathId,
    changes: CustomerChanges,
    shop: OpenShop,
) -> Customer:
    """Change what is named. Safe to repeat."""
    present = await _read(shop.db, caller.vendor_id, customer_id)
    kept = {name: getattr(present, name) for name in CustomerForm.model_fields}
    await calls.save_customer(shop.db, caller.vendor_id, customer_id, **{**kept, **changes.given()})
    return await _read(shop.db, caller.vendor_id, customer_id)


@router.get("/{id}/loyalty", responses=refusals("customer_not_found"))
async def list_points(
    caller: Annotated[Caller, needs("customers:read")],
    customer_id: PathId,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: Annotated[
        int | None, Query(ge=1, le=ENTRY_MAX, description="The `entry_number` of the last row.")
    ] = None,
) -> Page[PointsEntry]:
    """A customer's points, entry by entry, newest first."""
    await _read(shop.db, caller.vendor_id, customer_id)
    rows = await reads.list_points(shop.db, caller.vendor_id, customer_id, limit=limit + 1, before=starting_after)
    return page(rows, limit)


async def _read(db: Pool, vendor_id: UUID, customer_id: UUID) -> Customer:
    customer = await reads.find_customer(db, vendor_id, customer_id)
    if customer is None:
        raise CustomerNotFound(f"customer {customer_id} does not exist")
    return customer
