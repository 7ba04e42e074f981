"""`ringup vendors`: the retailers of this installation."""

from typing import Annotated
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.db.calls.recovery import list_vendors
from ringup.db.calls.shop import create_vendor
from ringup.db.reads.places import read_vendor
from ringup.domain.ids import new_id
from ringup.settings import load_settings
from ringup.wiring import Shop

commands = typer.Typer(help="The retailers of this installation.", no_args_is_help=True)

Vendor = Annotated[
    UUID | None, typer.Option("--vendor", help="The vendor's id. Not needed where there is only one vendor.")
]


async def one_vendor(shop: Shop, chosen: UUID | None) -> UUID:
    """The vendor a command is about. Raises CannotRun, with those there are, where that is not clear."""
    vendors = await list_vendors(shop.db)
    if chosen is None and len(vendors) == 1:
        return vendors[0]
    known = ", ".join(str(vendor) for vendor in vendors[:20]) or "none yet"
    if chosen is None:
        raise CannotRun("say which vendor, with --vendor", f"Vendors: {known}")
    if chosen not in vendors:
        raise CannotRun(f"there is no vendor {chosen}", f"Vendors: {known}")
    return chosen


@commands.command("create")
def create(
    *,
    name: Annotated[str, typer.Option(help="The retailer's name.")],
    currency: Annotated[str, typer.Option(help="ISO 4217, such as USD. It cannot be changed later.")],
    time_zone: Annotated[str, typer.Option(help="Where the shop's day begins and ends.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Set a retailer up. Everything else (stores, tills, keys) belongs to one.

    Example: ringup vendors create --name "Corner Shop" --currency USD
    """
    vendor_id = new_id()

    async def act(shop: Shop) -> None:
        await create_vendor(shop.db, vendor_id, name=name, currency=currency.upper(), time_zone=time_zone)

    with_shop(load_settings(), act)
    if as_json:
        print_json({"id": vendor_id, "name": name})
    else:
        results().print(f"Vendor {vendor_id}. Next: ringup keys create --vendor {vendor_id} --name first")


@commands.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show the retailers of this installation.

    Example: ringup vendors list --json
    """

    async def act(shop: Shop) -> list[tuple[UUID, str, str, str]]:
        profiles = [(vendor_id, await read_vendor(shop.db, vendor_id)) for vendor_id in await list_vendors(shop.db)]
        return [(vendor_id, each.name, each.currency, each.time_zone) for vendor_id, each in profiles if each]

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"vendors": [{"id": row[0], "name": row[1], "currency": row[2]} for row in found]})
    else:
        print_table(["id", "name", "currency", "time zone"], found, empty="No vendor yet: ringup vendors create --help")
