"""`ringup report`: how well a shop sells."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated, Any

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.reads.reports import REPORTS, ReportPage, Window, read_report, read_window
from ringup.settings import load_settings
from ringup.wiring import Shop

ROWS_MAX = 10_000
DAY = ["%Y-%m-%d"]


def report(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(REPORTS)}.")],
    *,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="The first day. Default: four weeks before the last.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="The last day, included. Default: today.")
    ] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Print a report over some days, which begin and end where the shop is. Changes nothing.

    Example: ringup report payment-success --from 2026-11-01 --to 2026-11-30
    """
    if name not in REPORTS:
        raise typer.BadParameter(f"there are {', '.join(REPORTS)}", param_hint="NAME")

    async def act(shop: Shop) -> tuple[Window, ReportPage[Any]]:
        vendor_id = await one_vendor(shop, vendor)
        window = await read_window(shop.db, vendor_id, first and first.date(), last and last.date())
        return window, await read_report(shop.db, vendor_id, name, window, limit=ROWS_MAX)

    window, found = with_shop(load_settings(), act)
    if as_json:
        print_json(
            {
                "object": "report",
                "name": name,
                "from": window.first_day,
                "to": window.last_day,
                "time_zone": window.time_zone,
                "total": asdict(found.total),
                "data": [asdict(row) for row in found.rows],
                "has_more": found.has_more,
            }
        )
        return
    results().print(f"{REPORTS[name].about} {window.first_day} to {window.last_day}, {window.time_zone}.")
    columns = [field.name for field in fields(found.total) if field.name not in ("id", "processor_id", "location_id")]
    print_table(
        [column.replace("_", " ") for column in columns],
        [*(list(_cells(row, columns)) for row in found.rows), ["total", *list(_cells(found.total, columns))[1:]]],
        empty="",
    )


def _cells(row: Any, columns: Sequence[str]) -> Iterator[object]:
    for column in columns:
        cell = getattr(row, column)
        yield f"{cell:.1%}" if isinstance(cell, float) else cell
