"""What is in stock where, and how it gets there."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from ringup.api.asking import asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, UUID_FORM, Form, Id, Limit, Page, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.stock import StockLine, adjust_stock, receive_stock
from ringup.db.reads.goods import StockLevel, list_stock
from ringup.db.reads.stock import list_stock_document_lines
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/inventory", tags=["inventory"], route_class=ScreenedRoute)

CHANGE_MAX = 1_000_000_000
ONE_UUID = UUID_FORM.strip("^$")


class StockRow(BaseModel):
    """How much of a product a location has; `id` names the pair of them."""

    id: str
    location_id: UUID
    product_id: UUID
    sku: str
    name: str
    on_hand: int
    reserved: int = Field(description="Set aside for sales under way.")
    available: int


class StockChange(Form):
    """`received` goods only come in; `adjusted` corrects in both directions, and its `note` says why.

    With an `adjustment_id`, made by the client, the same change sent twice moves once.
    """

    adjustment_id: Id | None = None
    location_id: Id
    product_id: Id
    change: Annotated[int, Field(strict=True, ge=-CHANGE_MAX, le=CHANGE_MAX)]
    reason: Literal["received", "adjusted"]
    note: Text | None = None


class ChangedStock(BaseModel):
    """`id` is the stock document's."""

    id: UUID
    location_id: UUID
    product_id: UUID
    change: int
    on_hand: int


@router.get("", responses=refusals())
async def list_inventory(
    caller: Annotated[Caller, needs("inventory:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: Annotated[
        str | None, Query(pattern=f"^{ONE_UUID}:{ONE_UUID}$", description="The id of the last row.")
    ] = None,
    location_id: Annotated[UUID | None, Query()] = None,
    *,
    product_id: Annotated[UUID | None, Query()] = None,
) -> Page[StockRow]:
    """Stock by product and location."""
    after = tuple(UUID(part) for part in starting_after.split(":")) if starting_after else None
    rows = await list_stock(
        shop.db,
        caller.vendor_id,
        limit=limit + 1,
        after=(after[0], after[1]) if after else None,
        location_id=location_id,
        product_id=product_id,
    )
    return page([_row(level) for level in rows], limit)


def _row(level: StockLevel) -> StockRow:
    columns: dict[str, Any] = {name: getattr(level, name) for name in StockRow.model_fields if name != "id"}
    return StockRow(id=f"{level.product_id}:{level.location_id}", **columns)


@router.post(
    "/adjustments",
    status_code=201,
    responses=refusals(
        *("location_not_found", "product_not_found", "stock_below_zero", "stock_not_tracked", "amount_out_of_range"),
        *("already_exists", "reason_missing", *PERMITS),
        body=True,
    ),
)
async def adjust_inventory(
    caller: Annotated[Caller, needs("inventory:write")], form: StockChange, shop: OpenShop
) -> ChangedStock:
    """Move one product's stock. Safe to repeat with an `adjustment_id`; without one, every call is another movement."""
    document_id = form.adjustment_id or new_id()
    received = form.reason == "received"
    await (receive_stock if received else adjust_stock)(
        shop.db,
        caller.vendor_id,
        document_id,
        location_id=form.location_id,
        lines=[StockLine(form.change, form.product_id)],
        reason=form.note or ("received" if received else ""),
        by=asker(caller),
    )
    line = (await list_stock_document_lines(shop.db, caller.vendor_id, document_id))[0]
    return ChangedStock(
        id=document_id,
        location_id=form.location_id,
        product_id=form.product_id,
        change=form.change,
        on_hand=line.on_hand_after,
    )
