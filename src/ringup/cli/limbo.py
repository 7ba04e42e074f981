"""`ringup limbo`: sales that have not ended, doubts, and what waits for a person."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.db.calls.recovery import decide_payment, list_vendors, resolve_item
from ringup.db.reads.recovery import InLimbo, OpenItem, list_limbo, list_open_items
from ringup.recovery.settle import finish_order
from ringup.settings import load_settings
from ringup.wiring import Shop

LIMIT = 1000

commands = typer.Typer(help="Sales that have not ended, and what waits for a person.", no_args_is_help=True)

Reason = Annotated[str, typer.Option(help="The evidence: what you saw, and where. Recorded for good.")]
Name = Annotated[str, typer.Option("--by", help="Who decides. Recorded for good.")]


@commands.command("list")
def show(as_json: AsJson = False) -> None:
    """Show every sale that has not ended and every item that waits for a person. Exit 1 if an item waits.

    Example: ringup limbo list
    """

    async def act(shop: Shop) -> tuple[list[tuple[UUID, InLimbo]], list[tuple[UUID, OpenItem]]]:
        vendors = await list_vendors(shop.db)
        orders = [(each, row) for each in vendors for row in await list_limbo(shop.db, each, limit=LIMIT)]
        items = [(each, row) for each in vendors for row in await list_open_items(shop.db, each, limit=LIMIT)]
        return orders, items

    orders, items = with_shop(load_settings(), act)
    if as_json:
        print_json({"limbo": _documents(orders), "items": _documents(items)})
    else:
        print_table(
            ["order", "is", "payment", "is", "why", "next look"],
            [
                (row.order_number, row.status, row.payment_id, row.tender_status, row.error_message, row.next_check_at)
                for _, row in orders
            ],
            empty="No sale is in limbo.",
        )
        print_table(
            ["item", "kind", "amount", "detail", "since"],
            [(row.id, row.kind, row.amount_minor, row.detail, row.created_at) for _, row in items],
            empty="Nothing waits for a person.",
        )
    raise typer.Exit(1 if items else 0)


@commands.command("decide")
def decide(
    payment: Annotated[UUID, typer.Argument(help="The payment in doubt.")],
    outcome: Annotated[str, typer.Argument(help="charged or not-charged.")],
    *,
    reason: Reason,
    by: Name,
    approved_minor: Annotated[int | None, typer.Option(help="What was charged, if not all. Minor units.")] = None,
) -> None:
    """End a doubt by evidence that no inquiry gives: a batch report, a statement. What follows, follows by itself.

    Example: ringup limbo decide 0193… charged --reason "batch report of 21 Nov, line 17" --by "Ada"
    """
    words = {"charged": "approved", "not-charged": "not_sent"}
    if outcome not in words:
        raise typer.BadParameter("say charged or not-charged", param_hint="OUTCOME")

    async def act(shop: Shop) -> str:
        for vendor_id in await list_vendors(shop.db):
            for row in await list_limbo(shop.db, vendor_id, limit=LIMIT):
                if row.payment_id == payment:
                    step = await decide_payment(
                        shop.db,
                        vendor_id,
                        payment,
                        outcome=words[outcome],
                        approved_minor=approved_minor,
                        reason=reason,
                        actor=by,
                    )
                    await finish_order(shop.db, vendor_id, row.order_id, step.step)
                    return row.order_number
        raise CannotRun(f"no payment {payment} is in doubt", "`ringup limbo list` shows those that are.")

    results().print(f"Order {with_shop(load_settings(), act)} goes on from there.")


@commands.command("resolve")
def resolve(item: Annotated[UUID, typer.Argument(help="The item that waits.")], *, reason: Reason, by: Name) -> None:
    """Close an item that waited for a person, saying what was done.

    Example: ringup limbo resolve 0193… --reason "paid back in cash, slip 12" --by "Ada"
    """

    async def act(shop: Shop) -> None:
        for vendor_id in await list_vendors(shop.db):
            if any(row.id == item for row in await list_open_items(shop.db, vendor_id, limit=LIMIT)):
                await resolve_item(shop.db, vendor_id, item, resolution=reason, actor=by)
                return
        raise CannotRun(f"no item {item} is open", "`ringup limbo list` shows those that are.")

    with_shop(load_settings(), act)
    results().print("Closed.")


def _documents(rows: list[tuple[UUID, Any]]) -> list[dict[str, Any]]:
    return [{"vendor_id": vendor_id, **asdict(row)} for vendor_id, row in rows]
