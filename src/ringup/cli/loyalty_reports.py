"""`ringup loyalty report`: points seen from above."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Annotated, Any

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.reads.points_reports import list_liability, list_points_activity, list_points_days
from ringup.settings import load_settings
from ringup.wiring import Shop

ACTIVITY_ROWS = 50


class Report(StrEnum):
    ACTIVITY = "activity"
    DAYS = "days"
    LIABILITY = "liability"


def report(
    name: Annotated[Report, typer.Argument(help="activity: what changed last; days: by day; liability: what is owed.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days back, for days.")] = 28,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show what happened to points, or what is owed in them. Failed updates: `ringup loyalty queue`.

    Example: ringup loyalty report liability
    """

    async def act(shop: Shop) -> Sequence[Any]:
        vendor_id = await one_vendor(shop, vendor)
        match name:
            case Report.ACTIVITY:
                return await list_points_activity(shop.db, vendor_id, limit=ACTIVITY_ROWS)
            case Report.DAYS:
                return await list_points_days(shop.db, vendor_id, days=days)
            case Report.LIABILITY:
                return await list_liability(shop.db, vendor_id)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"report": name, "data": [asdict(row) for row in found]})
        return
    columns = [field.name for field in fields(found[0])] if found else ["nothing"]
    print_table(
        [column.replace("_", " ") for column in columns],
        [[getattr(row, column) for column in columns] for row in found],
        empty="There is nothing to report.",
    )
