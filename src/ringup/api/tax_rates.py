"""Taxes: rates with dates, where they are rounded, and who does not owe them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from ringup.api.asking import asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import (
    PERMITS,
    Code,
    Flag,
    Form,
    Id,
    Instant,
    Limit,
    Name,
    Page,
    PathId,
    Percent,
    Text,
    page,
    refusals,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import prices as calls
from ringup.db.reads import prices as reads
from ringup.db.reads.customers import find_customer
from ringup.db.reads.prices import PriceRules, TaxRateRow
from ringup.domain.errors import CustomerNotFound
from ringup.domain.prices import TaxRate, TaxRounding

router = APIRouter(tags=["prices"], route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("prices:read")]
Writer = Annotated[Caller, needs("prices:write")]
PathCode = Annotated[str, Path(alias="code", pattern="^[A-Z0-9][A-Z0-9_-]{0,39}$")]


class TaxRateForm(Form):
    """A whole version of a rate: what is left out is the default, not what was before."""

    name: Name
    percent: Percent
    is_included: Annotated[Flag, Field(description="Whether prices contain it already.")] = False
    is_compound: Annotated[Flag, Field(description="Whether it is also on the taxes before it.")] = False
    position: Annotated[
        int, Field(strict=True, ge=1, le=99, description="In which order: those in the price first.")
    ] = 1
    tax_categories: Annotated[
        tuple[Name, ...], Field(min_length=1, max_length=100, description="Goods of these `tax_category`.")
    ] = ("standard",)
    location_ids: Annotated[list[Id] | None, Field(min_length=1, max_length=1000, description="Or everywhere.")] = None
    is_active: Annotated[Flag, Field(description="False ends the rate.")] = True
    valid_from: Annotated[Instant | None, Field(description="When it begins. Without it, now. Never in the past.")] = (
        None
    )

    def rate(self) -> TaxRate:
        return TaxRate(
            **self.model_dump(include={"name", "is_included", "is_compound", "position", "is_active"}),
            percent=Decimal(self.percent),
            tax_categories=self.tax_categories,
            location_ids=None if self.location_ids is None else tuple(self.location_ids),
        )


class PriceSettingsForm(Form):
    tax_rounding: Annotated[TaxRounding, Field(description="Each rate, on every line or once for the order.")]


class CustomerExemptionForm(Form):
    reason: Text
    certificate_number: Code
    valid_until: Instant | None = None


class CustomerExemption(BaseModel):
    """`is_exempt`: whether a sale to the customer is without tax at this moment."""

    customer_id: UUID
    is_exempt: bool
    reason: str | None
    certificate_number: str | None
    valid_until: datetime | None


@router.get("/v1/tax-rates", responses=refusals())
async def list_tax_rates(
    caller: Reader,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: Annotated[str | None, Query(max_length=100, description="The id of the last row.")] = None,
) -> Page[TaxRateRow]:
    """Every version of every rate, by code, with those that are still to begin."""
    rows = await reads.list_tax_rates(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.put(
    "/v1/tax-rates/{code}",
    responses=refusals("location_not_found", "already_exists", "tax_rate_invalid", *PERMITS, body=True),
)
async def set_tax_rate(caller: Writer, code: PathCode, form: TaxRateForm, shop: OpenShop) -> TaxRateRow:
    """A new version of a rate, from now on or from a later instant. What was sold before keeps the one it had."""
    begins_at = await calls.set_tax_rate(
        shop.db, caller.vendor_id, code, form.rate(), valid_from=form.valid_from, asker=asker(caller)
    )
    return await reads.find_tax_rate(shop.db, caller.vendor_id, code, begins_at)


@router.get("/v1/price-settings", responses=refusals())
async def get_price_settings(caller: Reader, shop: OpenShop) -> PriceRules:
    """Where taxes are rounded."""
    return await reads.read_price_rules(shop.db, caller.vendor_id)


@router.put("/v1/price-settings", responses=refusals("tax_rate_invalid", *PERMITS, body=True))
async def set_price_settings(caller: Writer, form: PriceSettingsForm, shop: OpenShop) -> PriceRules:
    """Say where taxes are rounded, for sales from now on. Safe to repeat."""
    await calls.set_price_settings(shop.db, caller.vendor_id, tax_rounding=form.tax_rounding, asker=asker(caller))
    return await reads.read_price_rules(shop.db, caller.vendor_id)


@router.get("/v1/customers/{id}/tax-exemption", responses=refusals("customer_not_found"))
async def get_exemption(
    caller: Annotated[Caller, needs("customers:read")], customer_id: PathId, shop: OpenShop
) -> CustomerExemption:
    """Whether a customer buys without tax, and by which certificate."""
    if await find_customer(shop.db, caller.vendor_id, customer_id) is None:
        raise CustomerNotFound(f"customer {customer_id} does not exist")
    return await _exemption(shop, caller.vendor_id, customer_id)


@router.put(
    "/v1/customers/{id}/tax-exemption",
    responses=refusals("customer_not_found", "reason_missing", *PERMITS, body=True),
)
async def set_exemption(
    caller: Annotated[Caller, needs("customers:write")],
    customer_id: PathId,
    form: CustomerExemptionForm,
    shop: OpenShop,
) -> CustomerExemption:
    """Note that a customer buys without tax, from now on. Safe to repeat."""
    await calls.set_tax_exemption(shop.db, caller.vendor_id, customer_id, **form.model_dump(), asker=asker(caller))
    return await _exemption(shop, caller.vendor_id, customer_id)


@router.delete("/v1/customers/{id}/tax-exemption", responses=refusals("customer_not_found", "reason_missing", *PERMITS))
async def end_exemption(
    caller: Annotated[Caller, needs("customers:write")], customer_id: PathId, shop: OpenShop
) -> CustomerExemption:
    """Let a customer pay tax again. Safe to repeat."""
    nothing = {"reason": None, "certificate_number": None, "valid_until": None}
    await calls.set_tax_exemption(shop.db, caller.vendor_id, customer_id, **nothing, asker=asker(caller))
    return await _exemption(shop, caller.vendor_id, customer_id)


async def _exemption(shop: OpenShop, vendor_id: UUID, customer_id: UUID) -> CustomerExemption:
    found = await reads.find_exemption(shop.db, vendor_id, customer_id)
    return CustomerExemption(
        customer_id=customer_id,
        is_exempt=found is not None and found.is_in_force,
        reason=found.reason if found else None,
        certificate_number=found.certificate_number if found else None,
        valid_until=found.valid_until if found else None,
    )
