"""`ringup staff`: who works in the shop, and what each role may do. A PIN is asked for, never an argument."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import staff as calls
from ringup.db.reads.staff import RoleRule, StaffMember, list_rules, list_staff
from ringup.domain.ids import new_id
from ringup.domain.staff import ACTIONS, ROLES, RULES, refuse_weak_pin
from ringup.settings import load_settings
from ringup.staff.pins import hash_pin
from ringup.wiring import Shop

ACTOR = "ringup staff"
LIMIT = 10_000

commands = typer.Typer(help="People who work in the shop.", no_args_is_help=True)

Person = Annotated[UUID, typer.Argument(help="The person's id.")]


@commands.command("add")
def add(
    *,
    name: Annotated[str, typer.Option(help="As the log will name them.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    with_pin: Annotated[bool, typer.Option("--pin/--no-pin", help="Ask for a PIN now.")] = True,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Add a person and ask for their PIN: 4 to 8 digits, none of the obvious ones.

    Example: ringup staff add --name Ada --role manager
    """
    _one_of(role, ROLES, "--role")
    pin = _ask_for_pin() if with_pin else None

    async def act(shop: Shop) -> UUID:
        vendor_id, staff_id = await one_vendor(shop, vendor), new_id()
        pin_hash = await hash_pin(shop.keyring, vendor_id, staff_id, pin) if pin else None
        await calls.save_staff(
            shop.db,
            vendor_id,
            staff_id,
            name=name,
            role=role,
            is_active=True,
            pin_hash=pin_hash,
            by_staff_id=None,
            approval_id=None,
            actor=ACTOR,
        )
        return staff_id

    staff_id = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": staff_id, "name": name, "role": role, "has_pin": pin is not None})
    else:
        results().print(f"{name} is {staff_id}.")


@commands.command("list")
def show(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show who works here, who left, and whose PIN is locked.

    Example: ringup staff list
    """

    async def act(shop: Shop) -> list[StaffMember]:
        return await list_staff(shop.db, await one_vendor(shop, vendor), limit=LIMIT)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"staff": [asdict(person) for person in found]})
        return
    print_table(
        ["name", "role", "PIN", "wrong PINs", "locked until", "id"],
        [
            (
                person.name,
                person.role if person.is_active else f"{person.role}, left",
                "yes" if person.has_pin else "no",
                person.failed_attempts,
                person.locked_until,
                person.id,
            )
            for person in found
        ],
        empty="Nobody yet. Add somebody with `ringup staff add --name … --role …`",
    )


@commands.command("pin")
def give_pin(person: Person, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Ask for another PIN for a person. Unlocks them, and signs them out everywhere.

    Example: ringup staff pin 0193e7b8-2f00-7c3a-9d4e-1b2c3d4e5f60
    """
    pin = _ask_for_pin()

    async def act(shop: Shop) -> None:
        vendor_id = await one_vendor(shop, vendor)
        pin_hash = await hash_pin(shop.keyring, vendor_id, person, pin)
        await calls.set_staff_pin(
            shop.db, vendor_id, person, pin_hash=pin_hash, by_staff_id=None, approval_id=None, actor=ACTOR
        )

    with_shop(load_settings(), act)
    if as_json:
        print_json({"id": person, "has_pin": True})
    else:
        results().print("The PIN holds from now on.")


@commands.command("deactivate")
def deactivate(person: Person, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Let a person in no more, and sign them out everywhere. Nobody is deleted. Safe to repeat.

    Example: ringup staff deactivate 0193e7b8-2f00-7c3a-9d4e-1b2c3d4e5f60
    """

    async def act(shop: Shop) -> StaffMember:
        vendor_id = await one_vendor(shop, vendor)
        found = await list_staff(shop.db, vendor_id, limit=1, staff_id=person)
        if not found:
            raise CannotRun(f"nobody has the id {person}", "`ringup staff list` shows the ids.")
        await calls.save_staff(
            shop.db,
            vendor_id,
            person,
            name=found[0].name,
            role=found[0].role,
            is_active=False,
            by_staff_id=None,
            approval_id=None,
            actor=ACTOR,
        )
        return found[0]

    left = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": person, "is_active": False})
    else:
        results().print(f"{left.name} is let in no more.")


@commands.command("rules")
def rules(
    role: Annotated[str | None, typer.Option(help="Of this role alone.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show what each role may do. Beyond a limit, the next stricter holds: allowed, needs_approval, denied.

    Example: ringup staff rules --role cashier
    """
    if role is not None:
        _one_of(role, ROLES, "--role")

    async def act(shop: Shop) -> list[RoleRule]:
        return await list_rules(shop.db, await one_vendor(shop, vendor), role=role)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"rules": [asdict(rule) for rule in found]})
        return
    print_table(
        ["role", "action", "rule", "up to", "up to %", "set here"],
        [
            (row.role, row.action, row.rule, row.limit_minor, row.limit_percent, "" if row.is_default else "yes")
            for row in found
        ],
        empty="No rules.",
    )


@commands.command("rule")
def set_rule(
    role: str,
    action: str,
    rule: Annotated[str, typer.Argument(help=f"One of {', '.join(RULES)}, or default.")],
    *,
    limit_minor: Annotated[int | None, typer.Option(help="Up to this amount, in minor units.")] = None,
    limit_percent: Annotated[int | None, typer.Option(help="Up to this part of what it is taken from.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Say what a role may do, from now on.

    Example: ringup staff rule cashier refund_linked allowed --limit-minor 5000
    """
    _one_of(role, ROLES, "ROLE")
    _one_of(action, ACTIONS, "ACTION")
    _one_of(rule, (*RULES, "default"), "RULE")

    async def act(shop: Shop) -> RoleRule:
        vendor_id = await one_vendor(shop, vendor)
        await calls.set_staff_rule(
            shop.db,
            vendor_id,
            role=role,
            action=action,
            rule=None if rule == "default" else rule,
            limit_minor=limit_minor,
            limit_percent=limit_percent,
            by_staff_id=None,
            approval_id=None,
            actor=ACTOR,
        )
        return (await list_rules(shop.db, vendor_id, role=role, action=action))[0]

    now = with_shop(load_settings(), act)
    if as_json:
        print_json(asdict(now))
    else:
        results().print(f"{now.role}, {now.action}: {now.rule}.")


def _one_of(word: str, words: tuple[str, ...], where: str) -> None:
    if word not in words:
        raise typer.BadParameter(f"{word}; there are {', '.join(words)}", param_hint=where)


def _ask_for_pin() -> str:
    """Asked for twice and not shown, so that it is in no history. Refused before anything is written."""
    pin = str(typer.prompt("PIN", hide_input=True, confirmation_prompt=True, err=True))
    refuse_weak_pin(pin)
    return pin
