"""`ringup limbo`: sales that have not ended, doubts, and what waits for a person."""

import contextlib
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.db.calls.checkout import read_checkout
from ringup.db.calls.recovery import list_vendors, resolve_item
from ringup.db.reads.recovery import InLimbo, OpenItem, list_limbo, list_open_items
from ringup.domain.card_numbers import contains_card_number
from ringup.domain.errors import AttemptNotFound
from ringup.recovery.decide import OUTCOMES
from ringup.recovery.decide import decide as decide_doubt
from ringup.settings import load_settings
from ringup.wiring import Shop

LIMIT = 1000

commands = typer.Typer(help="Sales that have not ended, and what waits for a person.", no_args_is_help=True)


def _without_card_number(text: str) -> str:
    if contains_card_number(text):
        raise typer.BadParameter("it looks like a card number; none is ever stored")
    return text


Reason = Annotated[
    str,
    typer.Option(callback=_without_card_number, help="The evidence: what you saw, and where. Recorded for good."),
]
Name = Annotated[str, typer.Option("--by", callback=_without_card_number, help="Who decides. Recorded for good.")]


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
            ["order", "is", "for", "terminal", "payment", "why", "next", "at"],
            [
                (
                    row.order_number,
                    row.kind,
                    f"{row.age_seconds} s",
                    row.processor_name,
                    row.payment_id,
                    row.reason,
                    row.next_step,
                    row.next_at,
                )
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
    says = outcome.replace("-", "_")
    if says not in OUTCOMES:
        raise typer.BadParameter("say charged or not-charged", param_hint="OUTCOME")

    async def act(shop: Shop) -> dict[str, Any]:
        for vendor_id in await list_vendors(shop.db):
            with contextlib.suppress(AttemptNotFound):
                order_id = await decide_doubt(
                    shop.db,
                    vendor_id,
                    payment,
                    says=says,
                    approved_minor=approved_minor,
                    reason=reason,
                    actor=by,
                )
                return await read_checkout(shop.db, vendor_id, order_id)
        raise CannotRun(f"there is no payment {payment}", "`ringup limbo list` shows those that are in doubt.")

    order = with_shop(load_settings(), act)
    results().print(f"Order {order['order_number']} is {order['status']}.")


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
