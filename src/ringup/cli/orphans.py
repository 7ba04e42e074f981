"""`ringup orphans`: money without an order."""

from dataclasses import asdict

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table
from ringup.db.reads.operations import list_orphaned_payments
from ringup.settings import load_settings


def orphans(as_json: AsJson = False) -> None:
    """List approved payments without a completed order that nobody is giving back. Exit 1 if there are any.

    Recovery finds and ends these by itself within seconds: `ringup serve` must be running.

    Example: ringup orphans --json
    """
    found = with_shop(load_settings(), lambda shop: list_orphaned_payments(shop.db))
    if as_json:
        print_json({"orphaned_payments": [asdict(payment) for payment in found]})
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
