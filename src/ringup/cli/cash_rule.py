"""`ringup cash-rule`: how cash is rounded."""

from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError

from ringup.api.cash_rules import CashRuleForm
from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import prices as calls
from ringup.db.calls.asker import Asker
from ringup.db.reads.prices import CashRule, read_cash_rule
from ringup.settings import load_settings
from ringup.wiring import Shop

commands = typer.Typer(help="How cash is rounded to the smallest coin.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]


@commands.command("show")
def show_rule(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show how cash is rounded now.

    Example: ringup cash-rule show
    """

    async def act(shop: Shop) -> CashRule:
        return await read_cash_rule(shop.db, await one_vendor(shop, vendor))

    _show(with_shop(load_settings(), act), as_json=as_json)


@commands.command("set")
def set_rule(
    step: Annotated[int, typer.Argument(help="The smallest coin, in minor units. 1 rounds nothing.")],
    *,
    mode: Annotated[str, typer.Option(help="nearest, nearest_half_down or down.")] = "nearest",
    by: By,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Round in your own way, for sales from now on. Safe to repeat.

    Example: ringup cash-rule set 5 --by "Ada"
    """
    try:
        asked = CashRuleForm.model_validate({"step_minor": step, "mode": mode})
    except ValidationError as failure:
        raise typer.BadParameter("a step from 1 up, and nearest, nearest_half_down or down") from failure
    _set(asked.step_minor, asked.mode, by=by, vendor=vendor, as_json=as_json)


@commands.command("end")
def end_rule(*, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Round as the shops of the currency do again. Safe to repeat.

    Example: ringup cash-rule end --by "Ada"
    """
    _set(None, None, by=by, vendor=vendor, as_json=as_json)


def _set(step_minor: int | None, mode: str | None, *, by: str, vendor: Vendor, as_json: bool) -> None:
    async def act(shop: Shop) -> CashRule:
        vendor_id = await one_vendor(shop, vendor)
        await calls.set_cash_rule(shop.db, vendor_id, step_minor=step_minor, mode=mode, asker=Asker(by))
        return await read_cash_rule(shop.db, vendor_id)

    _show(with_shop(load_settings(), act), as_json=as_json)


def _show(rule: CashRule, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(rule))
    elif rule.step_minor == 1:
        results().print(f"Cash in {rule.currency} is not rounded.")
    else:
        whose = "by your own rule" if rule.is_own else "as its shops do"
        results().print(f"Cash in {rule.currency} comes in steps of {rule.step_minor} ({rule.mode}), {whose}.")
