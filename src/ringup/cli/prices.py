"""`ringup taxes` and `ringup coupons`: what comes on top of prices, and what comes off."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from ringup.api.coupons import CouponForm
from ringup.api.tax_rates import PriceSettingsForm, TaxRateForm
from ringup.cli.database import with_shop
from ringup.cli.form_file import read_form
from ringup.cli.output import AsJson, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import prices as calls
from ringup.db.calls.asker import Asker
from ringup.db.reads.prices import CouponRow, TaxRateRow, list_coupons, list_tax_rates
from ringup.domain.ids import new_id
from ringup.settings import load_settings
from ringup.wiring import Shop

SHOWN = 1000
ADVICE = "The form is that of the API: PUT /v1/tax-rates/{code} and POST /v1/coupons."

taxes = typer.Typer(help="Tax rates, with dates, and where they are rounded.", no_args_is_help=True)
coupons = typer.Typer(help="Coupons: something off by a code.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]
Form = Annotated[Path, typer.Argument(help="A file with the JSON that the API takes.")]


@taxes.command("list")
def show_taxes(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show every version of every rate, with those that are still to begin.

    Example: ringup taxes list
    """

    async def act(shop: Shop) -> list[TaxRateRow]:
        return await list_tax_rates(shop.db, await one_vendor(shop, vendor), limit=SHOWN)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"tax_rates": [asdict(row) for row in found]})
        return
    print_table(
        ["code", "name", "percent", "", "goods", "places", "from", "in force"],
        [
            (
                *(row.code, row.name, row.percent, "in the price" if row.is_included else "on top"),
                ", ".join(row.tax_categories),
                "all" if row.location_ids is None else len(row.location_ids),
                row.valid_from,
                "yes" if row.is_in_force else "" if row.is_active else "ends it",
            )
            for row in found
        ],
        empty="No tax yet: ringup taxes set --help",
    )


@taxes.command("set")
def set_tax(
    code: Annotated[str, typer.Argument(help="The rate's code, such as VAT: capitals, digits, - and _.")],
    form: Form,
    *,
    by: By,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Begin a version of a rate, now or at the instant that the form says. What was sold keeps its taxes.

    Example: ringup taxes set VAT vat.json --by "Ada"
    """
    asked = read_form(form, TaxRateForm, ADVICE)

    async def act(shop: Shop) -> datetime:
        vendor_id = await one_vendor(shop, vendor)
        return await calls.set_tax_rate(
            shop.db, vendor_id, code, asked.rate(), valid_from=asked.valid_from, asker=Asker(by)
        )

    begins_at = with_shop(load_settings(), act)
    if as_json:
        print_json({"code": code, "valid_from": begins_at})
    else:
        results().print(f"{code} in force from {begins_at:%Y-%m-%d %H:%M:%S} UTC.")


@taxes.command("rounding")
def round_taxes(
    where: Annotated[str, typer.Argument(help="line: on every line. order: once for the order.")],
    *,
    by: By,
    vendor: Vendor = None,
) -> None:
    """Say where each rate is rounded, for sales from now on. Safe to repeat.

    Example: ringup taxes rounding order --by "Ada"
    """
    try:
        asked = PriceSettingsForm.model_validate({"tax_rounding": where})
    except ValidationError as failure:
        raise typer.BadParameter("line or order", param_hint="WHERE") from failure

    async def act(shop: Shop) -> None:
        vendor_id = await one_vendor(shop, vendor)
        await calls.set_price_settings(shop.db, vendor_id, tax_rounding=asked.tax_rounding, asker=Asker(by))

    with_shop(load_settings(), act)
    results().print(f"Taxes are rounded by {where}.")


@coupons.command("list")
def show_coupons(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show the coupons, those that ended included, and how often they were used.

    Example: ringup coupons list
    """

    async def act(shop: Shop) -> list[CouponRow]:
        return await list_coupons(shop.db, await one_vendor(shop, vendor), limit=SHOWN)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"coupons": [asdict(row) for row in found]})
        return
    print_table(
        ["id", "code", "off", "from", "to", "used", "held", "of", "per customer", ""],
        [
            (
                *(row.id, row.code, row.amount_minor if row.percent is None else f"{row.percent} %"),
                *(row.starts_at, row.ends_at, row.used, row.held, row.use_limit, row.customer_use_limit),
                "" if row.is_active else "ended",
            )
            for row in found
        ],
        empty="No coupon yet: ringup coupons save --help",
    )


@coupons.command("save")
def save_coupon(
    form: Form,
    *,
    by: By,
    coupon: Annotated[UUID | None, typer.Option(help="The coupon to change. Default: a new one.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Write a coupon, a new one or anew. Uses so far count. Safe to repeat with its id.

    Example: ringup coupons save welcome.json --by "Ada"
    """
    asked, coupon_id = read_form(form, CouponForm, ADVICE), coupon or new_id()

    async def act(shop: Shop) -> bool:
        vendor_id = await one_vendor(shop, vendor)
        return await calls.save_coupon(shop.db, vendor_id, coupon_id, asked.coupon(), asker=Asker(by))

    is_new = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": coupon_id, "is_new": is_new})
    else:
        results().print(f"Coupon {coupon_id} is {'made' if is_new else 'changed'}.")


@coupons.command("end")
def end_coupon(coupon: Annotated[UUID, typer.Argument(help="The coupon.")], *, by: By, vendor: Vendor = None) -> None:
    """Let a coupon be good for no further sale. Safe to repeat.

    Example: ringup coupons end 0193… --by "Ada"
    """

    async def act(shop: Shop) -> None:
        await calls.end_coupon(shop.db, await one_vendor(shop, vendor), coupon, asker=Asker(by))

    with_shop(load_settings(), act)
    results().print("Ended.")
