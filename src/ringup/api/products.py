"""The catalogue."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from ringup.api.authentication import Caller, needs
from ringup.api.fields import (
    After,
    Code,
    Flag,
    Form,
    Limit,
    Minor,
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
from ringup.db.reads import goods
from ringup.db.reads.goods import Product
from ringup.domain.errors import ProductNotFound
from ringup.domain.ids import new_id

router = APIRouter(prefix="/v1/products", tags=["products"], route_class=ScreenedRoute)


class ProductForm(Form):
    sku: Code
    name: Name
    price_minor: Minor
    barcode: Code | None = None
    category: Name | None = None
    tracks_stock: Flag = True
    is_active: Flag = True
    tax_category: Annotated[Name, Field(description="Which tax rates are on it.")] = "standard"


class ProductChanges(Form):
    """What is left out stays as it is."""

    sku: Annotated[Code | None, NotNull] = None
    name: Annotated[Name | None, NotNull] = None
    price_minor: Annotated[Minor | None, NotNull] = None
    barcode: Code | None = None
    category: Name | None = None
    tracks_stock: Annotated[Flag | None, NotNull] = None
    is_active: Annotated[Flag | None, NotNull] = None
    tax_category: Annotated[Name | None, NotNull] = None


@router.get("", responses=refusals())
async def list_products(
    caller: Annotated[Caller, needs("products:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    search: Search = None,
) -> Page[Product]:
    """Products. `search` is a SKU or barcode, or the beginning of a name."""
    rows = await goods.list_products(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, search=search)
    return page(rows, limit)


@router.get("/{id}", responses=refusals("product_not_found"))
async def get_product(caller: Annotated[Caller, needs("products:read")], product_id: PathId, shop: OpenShop) -> Product:
    """One product."""
    return await _read(shop.db, caller.vendor_id, product_id)


@router.post("", status_code=201, responses=refusals("already_exists", "amount_out_of_range", body=True))
async def create_product(
    caller: Annotated[Caller, needs("products:write")], form: ProductForm, shop: OpenShop
) -> Product:
    """A new product. Another with the same SKU or barcode refuses."""
    product_id = new_id()
    await calls.save_product(shop.db, caller.vendor_id, product_id, **form.model_dump(), actor=caller.actor)
    return await _read(shop.db, caller.vendor_id, product_id)


@router.patch(
    "/{id}",
    responses=refusals("product_not_found", "already_exists", "amount_out_of_range", body=True),
)
async def change_product(
    caller: Annotated[Caller, needs("products:write")],
    product_id: PathId,
    changes: ProductChanges,
    shop: OpenShop,
) -> Product:
    """Change what is named. Safe to repeat."""
    present = await _read(shop.db, caller.vendor_id, product_id)
    kept = {name: getattr(present, name) for name in ProductForm.model_fields}
    await calls.save_product(shop.db, caller.vendor_id, product_id, **{**kept, **changes.given()}, actor=caller.actor)
    return await _read(shop.db, caller.vendor_id, product_id)


async def _read(db: Pool, vendor_id: UUID, product_id: UUID) -> Product:
    product = await goods.find_product(db, vendor_id, product_id)
    if product is None:
        raise ProductNotFound(f"product {product_id} does not exist")
    return product
