"""`ringup loyalty programme` and `campaigns`: how points work at a vendor."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ringup.api.programmes import CampaignForm, ProgrammeForm
from ringup.cli.database import with_shop
from ringup.cli.form_file import read_form
from ringup.cli.output import AsJson, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import programmes as calls
from ringup.db.reads.programmes import CampaignRow, ProgrammeVersion, list_campaigns, list_programmes
from ringup.domain.ids import new_id
from ringup.settings import load_settings
from ringup.wiring import Shop

VERSIONS_SHOWN = 20
CAMPAIGNS_SHOWN = 1000
ADVICE = "The form is that of the API: POST /v1/loyalty/programmes and POST /v1/loyalty/campaigns."

programme = typer.Typer(help="The programme: what points are earned for and worth.", no_args_is_help=True)
campaigns = typer.Typer(help="Campaigns: points beyond the programme for a time.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]
Form = Annotated[Path, typer.Argument(help="A file with the JSON that the API takes.")]


@programme.command("show")
def show(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show the versions of the programme, the latest first, with those that are still to begin.

    Example: ringup loyalty programme show
    """

    async def act(shop: Shop) -> list[ProgrammeVersion]:
        return await list_programmes(shop.db, await one_vendor(shop, vendor), limit=VERSIONS_SHOWN)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"programmes": [asdict(version) for version in found]})
        return
    print_table(
        [
            "from",
            "in force",
            "per unit",
            "per order",
            "a point is worth",
            "expire after",
            "on refund",
            "rules",
            "tiers",
        ],
        [
            (
                *(row.valid_from, "yes" if row.is_current else "", row.points_per_unit, row.points_per_order),
                *(row.point_value_minor, f"{row.live_days} days" if row.live_days else "never"),
                *(row.refund_policy, len(row.rules), ", ".join(str(tier["name"]) for tier in row.tiers)),
            )
            for row in found
        ],
        empty="No programme yet: ringup loyalty programme set --help",
    )


@programme.command("set")
def set_programme(form: Form, *, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Begin a new version of the programme, whole: what the file leaves out is the default.

    A file with {"points_per_unit": "1", "point_value_minor": 1} is a programme.

    Example: ringup loyalty programme set programme.json --by "Ada"
    """
    asked = read_form(form, ProgrammeForm, ADVICE)

    async def act(shop: Shop) -> datetime:
        return await calls.set_programme(
            shop.db, await one_vendor(shop, vendor), asked.programme(), actor=by, valid_from=asked.valid_from
        )

    begins_at = with_shop(load_settings(), act)
    if as_json:
        print_json({"valid_from": begins_at})
    else:
        results().print(f"In force from {begins_at:%Y-%m-%d %H:%M:%S} UTC.")


@campaigns.command("list")
def show_campaigns(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show the campaigns, those that ended included.

    Example: ringup loyalty campaigns list
    """

    async def act(shop: Shop) -> list[CampaignRow]:
        return await list_campaigns(shop.db, await one_vendor(shop, vendor), limit=CAMPAIGNS_SHOWN)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"campaigns": [asdict(row) for row in found]})
        return
    print_table(
        ["id", "name", "from", "to", "times", "bonus", "per customer", "sales", "points", ""],
        [
            (
                *(row.id, row.name, row.starts_at, row.ends_at, row.multiplier, row.bonus_points),
                *(row.customer_limit, row.sales_granted, row.points_granted, "" if row.is_active else "ended"),
            )
            for row in found
        ],
        empty="No campaign yet: ringup loyalty campaigns save --help",
    )


@campaigns.command("save")
def save(
    form: Form,
    *,
    by: By,
    campaign: Annotated[UUID | None, typer.Option(help="The campaign to change. Default: a new one.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Write a campaign, a new one or anew. What sales were promised stays. Safe to repeat with its id.

    Example: ringup loyalty campaigns save double-coffee.json --by "Ada"
    """
    asked, campaign_id = read_form(form, CampaignForm, ADVICE), campaign or new_id()

    async def act(shop: Shop) -> bool:
        vendor_id = await one_vendor(shop, vendor)
        return await calls.save_campaign(shop.db, vendor_id, campaign_id, asked.campaign(), actor=by)

    is_new = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": campaign_id, "is_new": is_new})
    else:
        results().print(f"Campaign {campaign_id} {'begins' if is_new else 'is changed'}.")


@campaigns.command("end")
def end(campaign: Annotated[UUID, typer.Argument(help="The campaign.")], *, by: By, vendor: Vendor = None) -> None:
    """Let a campaign count for no further sale. Safe to repeat.

    Example: ringup loyalty campaigns end 0193… --by "Ada"
    """

    async def act(shop: Shop) -> None:
        await calls.end_campaign(shop.db, await one_vendor(shop, vendor), campaign, actor=by)

    with_shop(load_settings(), act)
    results().print("Ended.")
