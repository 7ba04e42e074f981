"""Stock documents: deliveries, counts, and transfers between stores with their two sides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator

from ringup.api.asking import By, asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, After, Code, Form, Id, Instant, Limit, Page, PathId, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import stock as calls
from ringup.db.calls.stock import StockLine
from ringup.db.reads import stock as reads
from ringup.db.reads.stock import Kind, StockDocument, StockDocumentLine, StockMovement
from ringup.domain.errors import StockDocumentNotFound
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/inventory", tags=["inventory"], route_class=ScreenedRoute)

LINES_MAX = 1000
QUANTITY_MAX = 1_000_000_000

Reader = Annotated[Caller, needs("inventory:read")]
Writer = Annotated[Caller, needs("inventory:write")]
Quantity = Annotated[int, Field(strict=True, ge=0, le=QUANTITY_MAX)]
REFUSALS = (
    *("product_not_found", "stock_not_tracked", "amount_out_of_range", "already_exists", "reason_missing"),
    *("stock_lines_invalid", *PERMITS),
)


class StockLineForm(Form):
    """So many of a product, named by its id or by `sku`: a SKU, else a barcode."""

    quantity: Quantity
    product_id: Id | None = None
    sku: Code | None = None

    @model_validator(mode="after")
    def _names_one_product(self) -> "StockLineForm":
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("A line has a product_id or a sku")
        return self

    def line(self) -> StockLine:
        return StockLine(self.quantity, self.product_id, self.sku)


Lines = Annotated[list[StockLineForm], Field(min_length=1, max_length=LINES_MAX)]
ArrivedLines = Annotated[
    list[StockLineForm],
    Field(max_length=LINES_MAX, description="What was sent and is not here did not arrive."),
]


class ReceivingForm(Form):
    """`document_id` is made by the client: the same delivery sent twice is booked once."""

    document_id: Id
    location_id: Id
    lines: Lines
    reason: Annotated[Text, Field(description="What the goods came with, such as a delivery note.")]
    by: By | None = None


class CountForm(Form):
    """`counted_at` is when the shelf was counted: what was sold since is no difference. Without it, now."""

    document_id: Id
    location_id: Id
    lines: Lines
    counted_at: Instant | None = None
    reason: Text
    by: By | None = None


class TransferForm(Form):
    """`transfer_id` is made by the client: the same transfer sent twice leaves once."""

    transfer_id: Id
    location_id: Id
    to_location_id: Id
    lines: Lines
    reason: Text
    by: By | None = None


class ArrivalForm(Form):
    """`shortfall` says why less arrived than was sent, and is needed where that is so."""

    document_id: Id
    lines: ArrivedLines
    shortfall: Text | None = None
    by: By | None = None


class StockDocumentWithLines(BaseModel):
    """A document as it was written. `arrival_id` of a sending is null as long as the goods are under way."""

    document: StockDocument
    lines: list[StockDocumentLine]


@router.post("/receivings", status_code=201, responses=refusals("location_not_found", *REFUSALS, body=True))
async def receive(caller: Writer, form: ReceivingForm, shop: OpenShop) -> StockDocumentWithLines:
    """Book a delivery in, all of its lines or none. Safe to repeat."""
    await calls.receive_stock(
        shop.db,
        caller.vendor_id,
        form.document_id,
        location_id=form.location_id,
        lines=_lines(form.lines),
        reason=form.reason,
        by=asker(caller, form.by),
    )
    return await _read(shop, caller.vendor_id, form.document_id)


@router.post(
    "/counts",
    status_code=201,
    responses=refusals(
        *("location_not_found", "stock_below_zero", "counted_since", "count_time_invalid", *REFUSALS), body=True
    ),
)
async def count(caller: Writer, form: CountForm, shop: OpenShop) -> StockDocumentWithLines:
    """Compare a shelf with what was on hand when it was counted, and book the difference. Safe to repeat.

    Sales go on meanwhile. What a sale under way holds is still on hand, and is counted.
    """
    await calls.count_stock(
        shop.db,
        caller.vendor_id,
        form.document_id,
        location_id=form.location_id,
        lines=_lines(form.lines),
        counted_at=form.counted_at,
        reason=form.reason,
        by=asker(caller, form.by),
    )
    return await _read(shop, caller.vendor_id, form.document_id)


@router.post(
    "/transfers", status_code=201, responses=refusals("location_not_found", "stock_below_zero", *REFUSALS, body=True)
)
async def send(caller: Writer, form: TransferForm, shop: OpenShop) -> StockDocumentWithLines:
    """Send goods to another store. Until they arrive they are in neither. Safe to repeat."""
    await calls.send_stock(
        shop.db,
        caller.vendor_id,
        form.transfer_id,
        location_id=form.location_id,
        to_location_id=form.to_location_id,
        lines=_lines(form.lines),
        reason=form.reason,
        by=asker(caller, form.by),
    )
    return await _read(shop, caller.vendor_id, form.transfer_id)


@router.post(
    "/transfers/{id}/arrival",
    status_code=201,
    responses=refusals("transfer_not_found", "transfer_arrived", "not_sent", *REFUSALS, body=True),
)
async def arrive(caller: Writer, transfer_id: PathId, form: ArrivalForm, shop: OpenShop) -> StockDocumentWithLines:
    """Book in what arrived of a transfer, once. Safe to repeat with the same `document_id`."""
    await calls.receive_transfer(
        shop.db,
        caller.vendor_id,
        form.document_id,
        transfer_id=transfer_id,
        lines=_lines(form.lines),
        shortfall=form.shortfall,
        by=asker(caller, form.by),
    )
    return await _read(shop, caller.vendor_id, form.document_id)


@router.get("/documents", responses=refusals())
async def list_documents(
    caller: Reader,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    kind: Annotated[Kind | None, Query()] = None,
    *,
    location_id: Annotated[UUID | None, Query(description="The store, on either side of a transfer.")] = None,
    under_way: Annotated[bool, Query(description="Only transfers that have not arrived.")] = False,
) -> Page[StockDocument]:
    """Documents, newest first."""
    rows = await reads.list_stock_documents(
        shop.db,
        caller.vendor_id,
        limit=limit + 1,
        before=starting_after,
        kind=kind,
        location_id=location_id,
        under_way=under_way,
    )
    return page(rows, limit)


@router.get("/documents/{id}", responses=refusals("stock_document_not_found"))
async def get_document(caller: Reader, document_id: PathId, shop: OpenShop) -> StockDocumentWithLines:
    """One document with its lines."""
    return await _read(shop, caller.vendor_id, document_id)


@router.get("/movements", responses=refusals())
async def list_movements(
    caller: Reader,
    shop: OpenShop,
    product_id: Annotated[UUID, Query()],
    limit: Limit = 20,
    starting_after: After = None,
    *,
    location_id: Annotated[UUID | None, Query()] = None,
) -> Page[StockMovement]:
    """Every change of one product's stock, sales included, with what was there before and after. Newest first."""
    rows = await reads.list_stock_movements(
        shop.db,
        caller.vendor_id,
        product_id=product_id,
        limit=limit + 1,
        before=starting_after,
        location_id=location_id,
    )
    return page(rows, limit)


def _lines(forms: list[StockLineForm]) -> list[StockLine]:
    return [form.line() for form in forms]


async def _read(shop: Shop, vendor_id: UUID, document_id: UUID) -> StockDocumentWithLines:
    found = await reads.list_stock_documents(shop.db, vendor_id, limit=1, document_id=document_id)
    if not found:
        raise StockDocumentNotFound(f"stock document {document_id} does not exist")
    lines = await reads.list_stock_document_lines(shop.db, vendor_id, document_id)
    return StockDocumentWithLines(document=found[0], lines=lines)
