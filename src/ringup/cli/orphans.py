"""`ringup orphans`: money without an order."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table, remarks
from ringup.db.calls.recovery import cleanup_stale_pending_orders
from ringup.db.reads.operations import OrphanedPayment, list_orphaned_payments
from ringup.settings import load_settings
from ringup.wiring import Shop
from ringup.worker import recover, walk_terminals

STALE_MINUTES = 30
ROUNDS = 3


def orphans(
    fix: Annotated[
        bool, typer.Option("--fix", help="Ask the terminals first, finish what can be finished, and look again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List approved payments without a completed order that nobody is giving back. Exit 1 if there are any.

    Recovery finds and ends these by itself within seconds while `ringup serve` is running. With --fix this
    command does at once what recovery does, compares every terminal's own list with our payments, both ways,
    and gives back what checkouts set aside that nobody paid for. It never charges.

    Example: ringup orphans --fix
    """

    async def act(shop: Shop) -> tuple[list[OrphanedPayment], Counter[str], int]:
        compared: Counter[str] = Counter()
        cancelled = 0
        if fix:
            for _ in range(ROUNDS):
                await recover(shop)
            compared = await walk_terminals(shop)
            await recover(shop)
            cancelled = await cleanup_stale_pending_orders(shop.db, minutes=STALE_MINUTES)
        return await list_orphaned_payments(shop.db), compared, cancelled

    found, compared, cancelled = with_shop(load_settings(), act)
    if fix and not as_json:
        listed = ", ".join(f"{count} {verdict}" for verdict, count in compared.items()) or "nothing"
        remarks().print(f"Compared with the terminals' lists: {listed}; {cancelled} stale checkouts cancelled.")
    if as_json:
        print_json(
            {
                "orphaned_payments": [asdict(payment) for payment in found],
                "compared": dict(compared),
                "stale_checkouts_cancelled": cancelled,
            }
        )
    else:
        print_table(
            ["payment", "order", "order is", "amount", "reference", "since"],
            [
                (
                    payment.payment_id,
                    payment.order_id,
                    payment.order_status,
                    f"{payment.approved_minor} {payment.currency} (minor units)",
                    payment.reference_id,
                    payment.created_at,
                )
                for payment in found
            ],
            empty="No orphaned payments.",
        )
    raise typer.Exit(1 if found else 0)
