"""`ringup loyalty`: points that wait, points that add up, and what turns them off."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ringup.cli import loyalty_accounts as accounts
from ringup.cli import programmes
from ringup.cli.database import with_shop
from ringup.cli.loyalty_reports import report
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, remarks, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import points_queue as calls
from ringup.db.calls.programmes import set_switch
from ringup.db.calls.recovery import list_vendors
from ringup.db.reads.points_queue import QueuedPoints, find_queued_points, list_queued_points
from ringup.db.reads.points_reports import PointsCheck, count_customers
from ringup.db.reads.programmes import SwitchState, list_switches
from ringup.loyalty.retry import retry_points
from ringup.loyalty.verify import verify_points
from ringup.settings import load_settings
from ringup.wiring import Shop

LIMIT = 1000
PROBLEMS_SHOWN = 100

commands = typer.Typer(help="Loyalty points: what waits, what adds up, programmes, accounts.", no_args_is_help=True)
commands.command("report")(report)
commands.command("adjust")(accounts.adjust)
commands.command("merge")(accounts.merge)
commands.command("import")(accounts.import_balances)
commands.command("expire")(accounts.expire)
commands.add_typer(programmes.programme, name="programme")
commands.add_typer(programmes.campaigns, name="campaigns")

Item = Annotated[UUID, typer.Argument(help="The item, as `ringup loyalty queue` shows it.")]
By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]


@commands.command("queue")
def queue(
    resolved: Annotated[bool, typer.Option("--resolved", help="What was resolved before, instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the points that completed sales could not record. Exit 1 if any wait.

    Example: ringup loyalty queue
    """

    async def act(shop: Shop) -> list[tuple[UUID, QueuedPoints]]:
        status = "resolved" if resolved else "open"
        return [
            (vendor_id, row)
            for vendor_id in await list_vendors(shop.db)
            for row in await list_queued_points(shop.db, vendor_id, limit=LIMIT, status=status)  # type: ignore[arg-type]
        ]

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"items": [{"vendor_id": vendor_id, **asdict(row)} for vendor_id, row in found]})
    else:
        print_table(
            ["item", "order", "customer", "earned", "redeemed", "why", "tries", "next try", "resolution"],
            [
                (
                    *(row.id, row.order_number, row.customer_id, row.points_earned, row.points_redeemed),
                    *(row.error_message, row.retry_count, row.next_retry_at, row.resolution),
                )
                for _, row in found
            ],
            empty="No points wait." if not resolved else "No points ever waited.",
        )
    raise typer.Exit(1 if found and not resolved else 0)


@commands.command("retry")
def retry(item: Item, *, by: By = "ringup loyalty retry", as_json: AsJson = False) -> None:
    """Try now to record the points of one item, due or not. Exit 1 if they still wait. Safe to repeat.

    Example: ringup loyalty retry 0193…
    """

    async def act(shop: Shop) -> calls.Retried:
        return await retry_points(shop.db, await _vendor_of(shop, item), item, actor=by)

    tried = with_shop(load_settings(), act)
    if as_json:
        print_json(asdict(tried))
    elif tried.resolved:
        results().print(f"Recorded: {tried.points_earned} earned, {tried.points_redeemed} redeemed.")
    else:
        results().print(f"They still wait, until {tried.next_retry_at:%Y-%m-%d %H:%M:%S} UTC: {tried.problem}")
    raise typer.Exit(0 if tried.resolved else 1)


@commands.command("resolve")
def resolve(item: Item, *, reason: Annotated[str, typer.Option(help="What was done instead.")], by: By) -> None:
    """Close an item without recording its points. What was set aside for it is the customer's again.

    Example: ringup loyalty resolve 0193… --reason "the customer keeps the points" --by "Ada"
    """

    async def act(shop: Shop) -> None:
        await calls.resolve_points(shop.db, await _vendor_of(shop, item), item, resolution=reason, actor=by)

    with_shop(load_settings(), act)
    results().print("Closed.")


@commands.command("verify")
def verify(as_json: AsJson = False) -> None:
    """Compute every balance again from the ledger, its chain and the lots. Exit 1 if one differs.

    Changes nothing, and is safe while the shop is open.

    Example: ringup loyalty verify
    """
    entries, customers, problems = with_shop(load_settings(), _verify_everybody)
    if as_json:
        print_json(
            {
                "ok": not problems,
                "customers": customers,
                "entries": entries,
                "problems": [
                    {"vendor_id": vendor, **asdict(check), "problem": check.problem} for vendor, check in problems
                ],
            }
        )
    else:
        results().print(f"{customers} customers, {entries} ledger rows.")
        print_table(
            ["vendor", "customer", "is wrong"],
            [(vendor, check.customer_id, check.problem) for vendor, check in problems[:PROBLEMS_SHOWN]],
            empty="Every balance is the sum of its ledger.",
        )
    raise typer.Exit(1 if problems else 0)


async def _verify_everybody(shop: Shop) -> tuple[int, int, list[tuple[UUID, PointsCheck]]]:
    entries = customers = 0
    problems: list[tuple[UUID, PointsCheck]] = []
    vendors = await list_vendors(shop.db)
    total = sum([await count_customers(shop.db, vendor_id) for vendor_id in vendors])
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=remarks(), transient=True) as progress:
        task = progress.add_task("customers", total=total)
        for vendor_id in vendors:
            async for batch in verify_points(shop.db, vendor_id):
                entries += sum(check.entries for check in batch)
                customers += len(batch)
                problems += [(vendor_id, check) for check in batch if check.problem]
                progress.advance(task, len(batch))
    return entries, customers, problems


@commands.command("switch")
def switch(
    state: Annotated[str, typer.Argument(help="on, off, or nothing to see how it is.")] = "",
    *,
    by: By = "",
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Turn loyalty points off for a vendor, or on again, at once. Sales go on; what was promised waits.

    Example: ringup loyalty switch off --by "Ada"
    """
    if state not in ("", "on", "off"):
        raise typer.BadParameter("say on or off", param_hint="STATE")

    async def act(shop: Shop) -> SwitchState:
        vendor_id = await one_vendor(shop, vendor)
        if state:
            await set_switch(shop.db, vendor_id, "loyalty_updates", is_on=state == "on", actor=by)
        return next(each for each in await list_switches(shop.db, vendor_id) if each.name == "loyalty_updates")

    found = with_shop(load_settings(), act)
    if as_json:
        print_json(asdict(found))
    else:
        who = f", by {found.changed_by} at {found.changed_at:%Y-%m-%d %H:%M:%S} UTC" if found.changed_at else ""
        results().print(f"Loyalty points are {'on' if found.is_on else 'off'}{who}.")


async def _vendor_of(shop: Shop, item: UUID) -> UUID:
    for vendor_id in await list_vendors(shop.db):
        if await find_queued_points(shop.db, vendor_id, item):
            return vendor_id
    raise CannotRun(f"no points wait as item {item}", "`ringup loyalty queue` shows those that do.")
