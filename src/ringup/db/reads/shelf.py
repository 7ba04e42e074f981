"""Goods as a register shows them: by category or by what was typed, with what is left of them."""

from dataclasses import dataclass
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """`available` is None for goods that are not counted."""

    id: UUID
    sku: str
    barcode: str | None
    name: str
    category: str | None
    price_minor: int
    available: int | None


SHELF = """
    select v.id, v.sku, v.barcode, v.name, v.category, v.price_minor,
           case when v.tracks_stock then coalesce(s.available, 0) end as available
      from ringup.product_catalogue v
      left join ringup.stock_levels s
        on s.vendor_id = v.vendor_id and s.product_id = v.id and s.location_id = %(location_id)s
     where v.vendor_id = %(vendor_id)s and v.is_active
"""


async def browse_shelf(
    db: Pool,
    vendor_id: UUID,
    location_id: UUID,
    *,
    limit: int,
    category: str | None = None,
    search: str | None = None,
) -> list[ShelfItem]:
    """Goods of one category, or whose name has what was typed in it, or whose SKU or barcode it is."""
    return await read_all(
        db,
        vendor_id,
        ShelfItem,
        SHELF
        + """
           and (%(category)s::text is null or v.category = %(category)s)
           and (%(search)s::text is null or upper(v.sku) = upper(%(search)s) or v.barcode = %(search)s
                or position(lower(%(search)s) in lower(v.name)) > 0)
         order by v.name, v.id
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "location_id": location_id,
            "category": category,
            "search": search,
            "limit": limit,
        },
    )


async def find_by_code(db: Pool, vendor_id: UUID, location_id: UUID, code: str) -> ShelfItem | None:
    """What a scanner read: a barcode, or a SKU."""
    rows = await read_all(
        db,
        vendor_id,
        ShelfItem,
        SHELF + " and (v.barcode = %(code)s or v.sku = %(code)s) order by v.barcode = %(code)s desc limit 1",
        {"vendor_id": vendor_id, "location_id": location_id, "code": code},
    )
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    products: int


async def list_categories(db: Pool, vendor_id: UUID) -> list[Category]:
    """By name. Goods without a category are found by typing."""
    return await read_all(
        db,
        vendor_id,
        Category,
        """
        select v.category as name, count(*) as products
          from ringup.product_catalogue v
         where v.vendor_id = %s and v.is_active and v.category is not null
         group by v.category
         order by v.category
         limit 50
        """,
        [vendor_id],
    )
