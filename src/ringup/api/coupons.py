"""Coupons: an amount or a percentage off by a code, for a time, and so many times."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from ringup.api.asking import asker
from ringup.api.fields import (
    PERMITS,
    After,
    Form,
    Instant,
    Limit,
    Minor,
    Name,
    Page,
    PathId,
    Percent,
    PositiveMinor,
    page,
    refusals,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.tax_rates import Reader, Writer
from ringup.api.wired import OpenShop
from ringup.db.calls import prices as calls
from ringup.db.reads import prices as reads
from ringup.db.reads.prices import CouponRow
from ringup.domain.errors import CouponNotFound
from ringup.domain.ids import new_id
from ringup.domain.prices import Coupon
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/coupons", tags=["prices"], route_class=ScreenedRoute)

CouponCode = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=40),
    Field(description="As the customer says it; capitals and small letters are the same."),
]
Times = Annotated[int, Field(strict=True, ge=1, le=2_147_483_647)]


class CouponForm(Form):
    """A whole coupon: what is left out is the default, not what was before."""

    code: CouponCode
    name: Annotated[Name, Field(description="What the receipt calls it.")]
    starts_at: Instant
    ends_at: Annotated[Instant | None, Field(description="From then on it is refused. Without it, never.")] = None
    minimum_minor: Annotated[Minor, Field(description="Of the goods after other discounts, before coupons.")] = 0
    amount_minor: PositiveMinor | None = None
    percent: Annotated[Percent | None, Field(description="Instead of an amount.")] = None
    use_limit: Annotated[Times | None, Field(description="In how many sales it may be used at all.")] = None
    customer_use_limit: Annotated[
        Times | None, Field(description="In how many sales of one customer. A sale has to name the customer then.")
    ] = None

    def coupon(self) -> Coupon:
        return Coupon(**{**self.model_dump(), "percent": None if self.percent is None else Decimal(self.percent)})


SAVE_REFUSALS = ("already_exists", "coupon_invalid", *PERMITS)


@router.get("", responses=refusals())
async def list_coupons(
    caller: Reader, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[CouponRow]:
    """Coupons, those that ended included, with how many sales used them or hold them."""
    rows = await reads.list_coupons(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post("", status_code=201, responses=refusals(*SAVE_REFUSALS, body=True))
async def create_coupon(caller: Writer, form: CouponForm, shop: OpenShop) -> CouponRow:
    """A new coupon. Another with the same code refuses."""
    coupon_id = new_id()
    await calls.save_coupon(shop.db, caller.vendor_id, coupon_id, form.coupon(), asker=asker(caller))
    return await _coupon(shop, caller.vendor_id, coupon_id)


@router.get("/{id}", responses=refusals("coupon_not_found"))
async def get_coupon(caller: Reader, coupon_id: PathId, shop: OpenShop) -> CouponRow:
    """One coupon."""
    return await _coupon(shop, caller.vendor_id, coupon_id)


@router.put("/{id}", responses=refusals("coupon_not_found", *SAVE_REFUSALS, body=True))
async def change_coupon(caller: Writer, coupon_id: PathId, form: CouponForm, shop: OpenShop) -> CouponRow:
    """Write the whole coupon anew; one that was ended runs again. Uses so far count. Safe to repeat."""
    await _coupon(shop, caller.vendor_id, coupon_id)
    await calls.save_coupon(shop.db, caller.vendor_id, coupon_id, form.coupon(), asker=asker(caller))
    return await _coupon(shop, caller.vendor_id, coupon_id)


@router.post("/{id}/end", responses=refusals("coupon_not_found", *PERMITS))
async def end_coupon(caller: Writer, coupon_id: PathId, shop: OpenShop) -> CouponRow:
    """Let it be good for no further sale. Sales that hold it keep it. Safe to repeat."""
    await calls.end_coupon(shop.db, caller.vendor_id, coupon_id, asker=asker(caller))
    return await _coupon(shop, caller.vendor_id, coupon_id)


async def _coupon(shop: Shop, vendor_id: UUID, coupon_id: UUID) -> CouponRow:
    found = await reads.find_coupon(shop.db, vendor_id, coupon_id)
    if found is None:
        raise CouponNotFound(f"coupon {coupon_id} does not exist")
    return found
