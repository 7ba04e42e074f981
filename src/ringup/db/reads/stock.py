"""Stock documents and movements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool

Kind = Literal["receiving", "adjustment", "count", "sending", "arrival"]


@dataclass(frozen=True, slots=True)
class StockDocument:
    """The head of a document. A sending without an arrival is under way."""

    id: UUID
    kind: Kind
    location_id: UUID
    location_code: str
    to_location_id: UUID | None
    to_location_code: str | None
    sending_id: UUID | None
    arrival_id: UUID | None
    arrived_at: datetime | None
    reason: str
    shortfall: str | None
    counted_at: datetime | None
    done_by: str
    approved_by: str | None
    created_at: datetime


async def list_stock_documents(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    before: UUID | None = None,
    kind: Kind | None = None,
    location_id: UUID | None = None,
    document_id: UUID | None = None,
    under_way: bool = False,
) -> list[StockDocument]:
    """Newest first. `before` is the last row of the page before; `under_way` are sendings that have not arrived."""
    return await read_all(
        db,
        vendor_id,
        StockDocument,
        """
        select v.id, v.kind, v.location_id, v.location_code, v.to_location_id, v.to_location_code, v.sending_id,
               v.arrival_id, v.arrived_at, v.reason, v.shortfall, v.counted_at, v.done_by, v.approved_by, v.created_at
          from ringup.stock_document_list v
         where v.vendor_id = %(vendor_id)s
           and (%(kind)s::text is null or v.kind = %(kind)s)
           and (%(location_id)s::uuid is null or %(location_id)s in (v.location_id, v.to_location_id))
           and (%(document_id)s::uuid is null or v.id = %(document_id)s)
           and (not %(under_way)s or v.kind = 'sending' and v.arrival_id is null)
           and (%(before)s::uuid is null
                or (v.created_at, v.id) < (select b.created_at, b.id
                                             from ringup.stock_document_list b
                                            where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
         order by v.created_at desc, v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "kind": kind,
            "location_id": location_id,
            "document_id": document_id,
            "under_way": under_way,
            "before": before,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class StockDocumentLine:
    """What was said of a product, what it was compared with, and what was on hand before and after."""

    product_id: UUID
    sku: str
    name: str
    quantity: int
    expected: int | None
    difference: int | None
    on_hand_before: int
    on_hand_after: int
    reserved: int


async def list_stock_document_lines(db: Pool, vendor_id: UUID, document_id: UUID) -> list[StockDocumentLine]:
    return await read_all(
        db,
        vendor_id,
        StockDocumentLine,
        """
        select v.product_id, v.sku, v.name, v.quantity, v.expected, v.difference, v.on_hand_before, v.on_hand_after,
               v.reserved
          from ringup.stock_document_details v
         where v.vendor_id = %s and v.document_id = %s
         order by v.sku
        """,
        [vendor_id, document_id],
    )


@dataclass(frozen=True, slots=True)
class StockMovement:
    """One change of what is on hand or held, with what was there before and after."""

    id: UUID
    location_id: UUID
    location_code: str
    product_id: UUID
    sku: str
    reason: str
    on_hand_change: int
    on_hand_before: int
    on_hand_after: int
    reserved_change: int
    reserved_before: int
    reserved_after: int
    reference_type: str
    reference_id: str
    note: str | None
    created_at: datetime


async def list_stock_movements(
    db: Pool,
    vendor_id: UUID,
    *,
    product_id: UUID,
    limit: int,
    location_id: UUID | None = None,
    before: UUID | None = None,
) -> list[StockMovement]:
    """Of one product, newest first. `before` is the last row of the page before."""
    return await read_all(
        db,
        vendor_id,
        StockMovement,
        """
        select v.id, v.location_id, v.location_code, v.product_id, v.sku, v.reason, v.on_hand_change,
               v.on_hand_before, v.on_hand_after, v.reserved_change, v.reserved_before, v.reserved_after,
               v.reference_type, v.reference_id, v.note, v.created_at
          from ringup.stock_movements v
         where v.vendor_id = %(vendor_id)s and v.product_id = %(product_id)s
           and (%(location_id)s::uuid is null or v.location_id = %(location_id)s)
           and (%(before)s::uuid is null
                or (v.created_at, v.id) < (select b.created_at, b.id
                                             from ringup.stock_movements b
                                            where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
         order by v.created_at desc, v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "product_id": product_id,
            "location_id": location_id,
            "before": before,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class CodedProduct:
    """A product by one of its codes."""

    code: str
    id: UUID
    sku: str
    tracks_stock: bool


async def list_products_by_code(db: Pool, vendor_id: UUID, codes: Sequence[str]) -> list[CodedProduct]:
    """Those of the codes that are a SKU, else a barcode. A code that is both is the SKU's product."""
    return await read_all(
        db,
        vendor_id,
        CodedProduct,
        """
        select distinct on (c.code) c.code, v.id, v.sku, v.tracks_stock
          from unnest(%(codes)s::text[]) as c (code)
          join ringup.product_catalogue v
            on v.vendor_id = %(vendor_id)s and c.code in (v.sku, v.barcode)
         order by c.code, v.sku = c.code desc
        """,
        {"vendor_id": vendor_id, "codes": list(codes)},
    )
