"""The catalogue and what is in stock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class Product:
    id: UUID
    sku: str
    barcode: str | None
    name: str
    category: str | None
    price_minor: int
    currency: str
    tracks_stock: bool
    is_active: bool
    tax_category: str
    created_at: datetime
    updated_at: datetime


PRODUCT = """
    select v.id, v.sku, v.barcode, v.name, v.category, v.price_minor, v.currency, v.tracks_stock, v.is_active,
           v.tax_category, v.created_at, v.updated_at
      from ringup.product_catalogue v
"""


async def list_products(
    db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None, search: str | None = None
) -> list[Product]:
    """Products by id. `search` is a SKU or barcode, or the beginning of a name."""
    return await read_all(
        db,
        vendor_id,
        Product,
        PRODUCT
        + """
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(search)s::text is null or v.sku = %(search)s or v.barcode = %(search)s
                or starts_with(lower(v.name), lower(%(search)s)))
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "search": search, "limit": limit},
    )


async def find_product(db: Pool, vendor_id: UUID, product_id: UUID) -> Product | None:
    rows = await read_all(
        db, vendor_id, Product, PRODUCT + " where v.vendor_id = %s and v.id = %s", [vendor_id, product_id]
    )
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class StockLevel:
    location_id: UUID
    product_id: UUID
    sku: str
    name: str
    on_hand: int
    reserved: int
    available: int


async def list_stock(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    after: tuple[UUID, UUID] | None = None,
    location_id: UUID | None = None,
    product_id: UUID | None = None,
) -> list[StockLevel]:
    """Stock by product id, then location; `after` is such a pair."""
    return await read_all(
        db,
        vendor_id,
        StockLevel,
        """
        select v.location_id, v.product_id, v.sku, v.name, v.on_hand, v.reserved, v.available
          from ringup.stock_levels v
         where v.vendor_id = %(vendor_id)s
           and (%(after_product)s::uuid is null
                or (v.product_id, v.location_id) > (%(after_product)s, %(after_location)s::uuid))
           and (%(location_id)s::uuid is null or v.location_id = %(location_id)s)
           and (%(product_id)s::uuid is null or v.product_id = %(product_id)s)
         order by v.product_id, v.location_id
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "after_product": after and after[0],
            "after_location": after and after[1],
            "location_id": location_id,
            "product_id": product_id,
            "limit": limit,
        },
    )
