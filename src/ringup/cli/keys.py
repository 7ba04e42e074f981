"""`ringup keys`: who may call the API for a vendor."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from ringup.api.authentication import SCOPES
from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls.shop import create_api_key, revoke_api_key
from ringup.db.reads.places import ApiKey, list_api_keys
from ringup.domain.ids import new_id
from ringup.settings import load_settings
from ringup.wiring import Shop

ACTOR = "ringup keys"

commands = typer.Typer(help="API keys of a vendor.", no_args_is_help=True)


@commands.command("create")
def create(
    *,
    name: Annotated[str, typer.Option(help="Who will use it.")],
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="What it may do. Repeatable. Default: everything.")
    ] = None,
    expires_at: Annotated[datetime | None, typer.Option(help="When it ends, in UTC. Default: never.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its token is printed now and never again: ringup keeps only a hash.

    Example: ringup keys create --name "till app" --scope checkouts:write
    """
    unknown = set(scopes or ()) - set(SCOPES)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}; there are {', '.join(SCOPES)}", param_hint="--scope")

    async def act(shop: Shop) -> tuple[UUID, str]:
        vendor_id = await one_vendor(shop, vendor)
        made, key_id = shop.keyring.make_api_key(), new_id()
        await create_api_key(
            shop.db,
            vendor_id,
            key_id,
            name=name,
            prefix=made.prefix,
            secret_hash=made.secret_hash,
            scopes=scopes or ["*"],
            expires_at=expires_at,
            actor=ACTOR,
        )
        return key_id, made.token

    key_id, token = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": key_id, "name": name, "token": token})
    else:
        results().print(f"Key {key_id}. Its token, shown this once:")
        typer.echo(token)


@commands.command("list")
def list_keys(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show the keys of a vendor, without their secrets.

    Example: ringup keys list --json
    """

    async def act(shop: Shop) -> list[ApiKey]:
        return await list_api_keys(shop.db, await one_vendor(shop, vendor))

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"keys": [asdict(key) for key in found]})
        return
    print_table(
        ["name", "begins with", "may", "since", "until", "id"],
        [(key.name, f"rk_{key.prefix}", " ".join(key.scopes), key.created_at, _end(key), key.id) for key in found],
        empty="No keys. Make one with `ringup keys create --name …`",
    )


@commands.command("revoke")
def revoke(key_id: UUID, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """End a key for good. Safe to repeat.

    Example: ringup keys revoke 0193e7b8-2f00-7c3a-9d4e-1b2c3d4e5f60
    """

    async def act(shop: Shop) -> None:
        await revoke_api_key(shop.db, await one_vendor(shop, vendor), key_id, actor=ACTOR)

    with_shop(load_settings(), act)
    if as_json:
        print_json({"id": key_id, "revoked": True})
    else:
        results().print(f"Key {key_id} is revoked. Processes that remember it forget it within seconds.")


def _end(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
    return f"{key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else ""
