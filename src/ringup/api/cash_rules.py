"""How cash is rounded, where the smallest coin is more than the minor unit."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from ringup.api.asking import asker
from ringup.api.fields import PERMITS, Form, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.tax_rates import Reader, Writer
from ringup.api.wired import OpenShop
from ringup.db.calls import prices as calls
from ringup.db.reads import prices as reads
from ringup.db.reads.prices import CashRule

router = APIRouter(prefix="/v1/cash-rule", tags=["prices"], route_class=ScreenedRoute)

STEP_MAX = 1_000_000
CashMode = Literal["nearest", "nearest_half_down", "down"]


class CashRuleForm(Form):
    """Only what is paid in cash is rounded, once for a sale."""

    step_minor: Annotated[
        int, Field(strict=True, ge=1, le=STEP_MAX, description="The smallest coin, in minor units. 1 rounds nothing.")
    ]
    mode: Annotated[
        CashMode,
        Field(description="`nearest`: half a step up. `nearest_half_down`: half a step down. `down`: always down."),
    ] = "nearest"


@router.get("", responses=refusals())
async def get_cash_rule(caller: Reader, shop: OpenShop) -> CashRule:
    """How cash is rounded now."""
    return await reads.read_cash_rule(shop.db, caller.vendor_id)


@router.put("", responses=refusals("amount_out_of_range", *PERMITS, body=True))
async def set_cash_rule(caller: Writer, form: CashRuleForm, shop: OpenShop) -> CashRule:
    """Round in your own way, for sales from now on. Safe to repeat."""
    await calls.set_cash_rule(
        shop.db, caller.vendor_id, step_minor=form.step_minor, mode=form.mode, asker=asker(caller)
    )
    return await reads.read_cash_rule(shop.db, caller.vendor_id)


@router.delete("", responses=refusals(*PERMITS))
async def end_cash_rule(caller: Writer, shop: OpenShop) -> CashRule:
    """Round as the shops of your currency do again. Safe to repeat."""
    await calls.set_cash_rule(shop.db, caller.vendor_id, step_minor=None, mode=None, asker=asker(caller))
    return await reads.read_cash_rule(shop.db, caller.vendor_id)
