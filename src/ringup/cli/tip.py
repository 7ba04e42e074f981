"""`ringup tip`: the tip of a card, changed after the sale. Amounts are typed as spoken: 3.00."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

import typer

from ringup.checkout.change_tip import ChangedTip, change_tip
from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, results
from ringup.cli.till import find_profile, minor_of, spoken
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls.checkout import read_checkout
from ringup.db.reads.places import VendorProfile
from ringup.domain.ids import new_id
from ringup.domain.tip import TipRequest
from ringup.settings import load_settings
from ringup.wiring import Shop


def tip(
    order: Annotated[UUID, typer.Argument(metavar="ORDER", help="The sale's id.")],
    amount: Annotated[str, typer.Argument(metavar="TIP", help="The whole tip of the card from now on, such as 3.00.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Who does it, as the log will name them.")],
    payment: Annotated[UUID | None, typer.Option(help="Which card, where several paid.")] = None,
    key: Annotated[
        str | None, typer.Option(help="To be sure: the same key changes the tip once, however often it is sent.")
    ] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Change the tip of a card that paid for a sale, until its money is captured or its batch is closed.

    Example: ringup tip 0197… 3.00 --by Ada
    """

    async def act(shop: Shop) -> tuple[VendorProfile, ChangedTip, dict[str, Any]]:
        vendor_id = await one_vendor(shop, vendor)
        profile = await find_profile(shop, vendor_id)
        tip_minor = minor_of(amount, profile)
        asked = TipRequest(
            vendor_id=vendor_id,
            checkout_id=order,
            idempotency_key=key or f"tip-{new_id()}",
            request_hash=hashlib.sha256(f"{order} {payment} {tip_minor}".encode()).digest(),
            tip_minor=tip_minor,
            actor=f"{by} (ringup tip)",
            payment_id=payment,
        )
        changed = await change_tip(shop.counter, asked)
        return profile, changed, await read_checkout(shop.db, vendor_id, order)

    profile, changed, document = with_shop(load_settings(), act)
    if as_json:
        print_json({"status": changed.status, "payment_id": changed.payment_id, "checkout": document})
        return
    if changed.status == "unknown":
        results().print("The terminal did not say. It is being found out: `ringup limbo list`.")
        return
    total, tips = (spoken(document[name], profile) for name in ("total_minor", "tip_minor"))
    results().print(f"Order {document['order_number']} comes to {total} {profile.currency}, with a tip of {tips}.")
