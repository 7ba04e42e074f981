"""`ringup shift`: a drawer at a register, from its float to its Z report. Amounts are typed as spoken: 12.50."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import shifts as calls
from ringup.db.calls.asker import Asker
from ringup.db.reads.places import Register, VendorProfile, list_registers, read_vendor
from ringup.db.reads.shifts import RegisterSession, list_register_sessions
from ringup.domain.ids import new_id
from ringup.domain.money import Money
from ringup.settings import load_settings
from ringup.shifts.text import report_as_text
from ringup.wiring import Shop

LIMIT = 10_000
ASKER = Asker("ringup shift")

commands = typer.Typer(help="A register's drawer, from the float to the Z report.", no_args_is_help=True)

Till = Annotated[str, typer.Argument(metavar="REGISTER", help="The register's id, or its name if no other has it.")]
Coins = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FACExHOW_MANY]...", help="Coins and notes: 50x1 10x4 0.25x40. None is an empty drawer."),
]
Amount = Annotated[str, typer.Argument(help="Such as 12.50.")]
By = Annotated[str, typer.Option("--by", help="Who does it, as the log will name them.")]
Reason = Annotated[str, typer.Option("--reason", help="Why. Kept for good.")]


@commands.command("list")
def show(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show shifts, and the late sessions between them, newest first.

    Example: ringup shift list --limit 5
    """

    async def act(shop: Shop) -> tuple[VendorProfile, list[RegisterSession]]:
        vendor_id = await one_vendor(shop, vendor)
        return await _profile(shop, vendor_id), await list_register_sessions(shop.db, vendor_id, limit=limit)

    profile, found = with_shop(load_settings(), act)
    if as_json:
        print_json({"sessions": [asdict(row) for row in found]})
        return
    print_table(
        ["register", "what", "opened", "by", "closed", "sales", "counted", "over or short", "id"],
        [
            (
                row.register_name,
                _title(row),
                row.opened_at,
                row.opened_by,
                row.closed_at or "open still",
                row.order_count,
                _spoken(row.counted_minor, profile),
                _spoken(row.variance_minor, profile),
                row.id,
            )
            for row in found
        ],
        empty="No shift yet. Open one with `ringup shift open REGISTER 10x5 --by …`",
    )


@commands.command("open")
def open_shift(register: Till, coins: Coins = None, *, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Begin a shift with the float that lies in the drawer.

    Example: ringup shift open "Till 1" 10x5 1x20 0.25x40 --by Ada
    """
    session_id = new_id()

    async def act(shop: Shop) -> tuple[VendorProfile, int]:
        vendor_id = await one_vendor(shop, vendor)
        profile, till = await _profile(shop, vendor_id), await _register(shop, vendor_id, register)
        drawer = _drawer(coins or (), profile)
        await calls.open_register_session(
            shop.db, vendor_id, session_id, register_id=till.id, by=_asker(by), denominations=drawer
        )
        return profile, sum(face * quantity for face, quantity in drawer.items())

    profile, float_minor = with_shop(load_settings(), act)
    if as_json:
        print_json({"id": session_id, "opening_float_minor": float_minor})
    else:
        results().print(f"Open, with {_spoken(float_minor, profile)} {profile.currency} in the drawer.")


@commands.command("paid-in")
def paid_in(register: Till, amount: Amount, *, reason: Reason, by: By, vendor: Vendor = None) -> None:
    """Put cash into the drawer.

    Example: ringup shift paid-in "Till 1" 20 --reason "change from the bank" --by Ada
    """
    _move(register, "paid_in", amount, reason, by, vendor=vendor)


@commands.command("paid-out")
def paid_out(register: Till, amount: Amount, *, reason: Reason, by: By, vendor: Vendor = None) -> None:
    """Take cash out of the drawer to pay for something.

    Example: ringup shift paid-out "Till 1" 12.50 --reason "window cleaner" --by Ada
    """
    _move(register, "paid_out", amount, reason, by, vendor=vendor)


@commands.command("drop")
def drop(register: Till, amount: Amount, *, reason: Reason = "to the safe", by: By, vendor: Vendor = None) -> None:
    """Take cash out of the drawer to the safe.

    Example: ringup shift drop "Till 1" 400 --by Ada
    """
    _move(register, "cash_drop", amount, reason, by, vendor=vendor)


@commands.command("no-sale")
def no_sale(register: Till, *, reason: Reason, by: By, vendor: Vendor = None) -> None:
    """Say why the drawer is opened without a sale.

    Example: ringup shift no-sale "Till 1" --reason "change for the bus" --by Ada
    """
    _move(register, "no_sale", "0", reason, by, vendor=vendor)


@commands.command("count")
def count(register: Till, coins: Coins = None, *, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Count the drawer, blind. Off by too much, it is wanted once more before anybody hears by how much.

    Example: ringup shift count "Till 1" 50x3 10x12 0.25x31 --by Ada
    """

    async def act(shop: Shop) -> tuple[VendorProfile, calls.CashCount]:
        vendor_id = await one_vendor(shop, vendor)
        profile, session_id = await _profile(shop, vendor_id), await _open_session(shop, vendor_id, register)
        return profile, await calls.count_cash(
            shop.db,
            vendor_id,
            new_id(),
            session_id=session_id,
            denominations=_drawer(coins or (), profile),
            by=_asker(by),
        )

    profile, found = with_shop(load_settings(), act)
    if as_json:
        print_json(asdict(found))
        return
    results().print(f"Count {found.count_number}: {_spoken(found.counted_minor, profile)} {profile.currency}.")
    if found.is_wanted_again:
        results().print("Off by too much. Count once more.")
    else:
        results().print(f"Expected {_spoken(found.expected_minor, profile)}, {_off_by(found.variance_minor, profile)}.")


@commands.command("close")
def close(register: Till, *, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """End the shift with its last count, and print its Z report. Never waits for a sale.

    Example: ringup shift close "Till 1" --by Ada
    """

    async def act(shop: Shop) -> dict[str, Any]:
        vendor_id = await one_vendor(shop, vendor)
        session_id = await _open_session(shop, vendor_id, register)
        counts = (await calls.show_session_report(shop.db, vendor_id, session_id, by=ASKER))["counts"]
        last = counts[-1]["id"] if counts else session_id
        return await calls.close_register_session(
            shop.db, vendor_id, session_id, count_id=UUID(str(last)), by=_asker(by)
        )

    _print_report(with_shop(load_settings(), act), as_json=as_json)


@commands.command("x")
def x_report(register: Till, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Print the X report of the shift that is open, with what the drawer should hold.

    Example: ringup shift x "Till 1"
    """

    async def act(shop: Shop) -> dict[str, Any]:
        vendor_id = await one_vendor(shop, vendor)
        session_id = await _open_session(shop, vendor_id, register)
        return await calls.show_session_report(shop.db, vendor_id, session_id, by=ASKER)

    _print_report(with_shop(load_settings(), act), as_json=as_json)


@commands.command("z")
def z_report(
    register: Till,
    number: Annotated[int | None, typer.Option(min=1, help="The closure number. Without it, the last.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Print a Z report as it was kept, and what became of the sales that were under way.

    Example: ringup shift z "Till 1" --number 12
    """

    async def act(shop: Shop) -> dict[str, Any]:
        vendor_id = await one_vendor(shop, vendor)
        till = await _register(shop, vendor_id, register)
        closed = [
            row
            for row in await list_register_sessions(shop.db, vendor_id, limit=LIMIT, register_id=till.id)
            if row.closure_number is not None and number in (None, row.closure_number)
        ]
        if not closed:
            raise CannotRun(f"{till.name} has no such Z report", "`ringup shift list` shows what was closed.")
        last = max(closed, key=lambda row: row.closure_number or 0)
        return await calls.show_session_report(shop.db, vendor_id, last.id, by=ASKER)

    _print_report(with_shop(load_settings(), act), as_json=as_json)


@commands.command("rule")
def rule(amount: Amount, vendor: Vendor = None) -> None:
    """Say by how much a count may be off before it is wanted once more.

    Example: ringup shift rule 5
    """

    async def act(shop: Shop) -> str:
        vendor_id = await one_vendor(shop, vendor)
        profile = await _profile(shop, vendor_id)
        minor = _minor(amount, profile)
        await calls.set_recount_limit(shop.db, vendor_id, amount_minor=minor, by=ASKER)
        return _spoken(minor, profile)

    results().print(f"A count that is off by more than {with_shop(load_settings(), act)} is wanted once more.")


def _move(register: str, kind: str, amount: str, reason: str, by: str, *, vendor: UUID | None) -> None:
    async def act(shop: Shop) -> None:
        vendor_id = await one_vendor(shop, vendor)
        profile, session_id = await _profile(shop, vendor_id), await _open_session(shop, vendor_id, register)
        await calls.record_cash_movement(
            shop.db,
            vendor_id,
            new_id(),
            session_id=session_id,
            kind=kind,
            amount_minor=_minor(amount, profile),
            reason=reason,
            by=_asker(by),
        )

    with_shop(load_settings(), act)
    results().print("Noted.")


def _asker(by: str) -> Asker:
    return Asker(f"{by} ({ASKER.actor})")


async def _profile(shop: Shop, vendor_id: UUID) -> VendorProfile:
    profile = await read_vendor(shop.db, vendor_id)
    assert profile is not None, "the vendor was found a moment ago"
    return profile


async def _register(shop: Shop, vendor_id: UUID, named: str) -> Register:
    registers = await list_registers(shop.db, vendor_id, limit=LIMIT)
    found = [register for register in registers if named in (str(register.id), register.name)]
    if len(found) != 1:
        known = ", ".join(f"{register.name} ({register.id})" for register in registers[:20]) or "none yet"
        raise CannotRun(f"{len(found) or 'no'} registers are called {named}", f"Registers: {known}")
    return found[0]


async def _open_session(shop: Shop, vendor_id: UUID, named: str) -> UUID:
    register = await _register(shop, vendor_id, named)
    if register.open_session_id is None:
        raise CannotRun(f"no shift is open at {register.name}", "Open one with `ringup shift open`.")
    return register.open_session_id


def _minor(amount: str, profile: VendorProfile) -> int:
    try:
        return Money.from_major(Decimal(amount), profile.currency, profile.exponent).amount_minor
    except (InvalidOperation, ValueError, OverflowError) as failure:
        raise CannotRun(f"{amount} is not an amount of {profile.currency}", "Such as 12.50.") from failure


def _drawer(coins: Sequence[str], profile: VendorProfile) -> dict[int, int]:
    """`50x3` is three times 50."""
    drawer: dict[int, int] = {}
    for coin in coins:
        face, _, quantity = coin.partition("x")
        if not (quantity.isascii() and quantity.isdigit()):
            raise CannotRun(f"{coin} is not so many of one coin or note", "Such as 0.25x40: forty quarters.")
        face_minor = _minor(face, profile)
        if face_minor in drawer:
            raise CannotRun(f"{face} is counted twice", "Name each coin and note once.")
        drawer[face_minor] = int(quantity)
    return drawer


def _title(row: RegisterSession) -> str:
    number = f"Z {row.closure_number}" if row.closure_number else "open"
    return f"{number}, late sales" if row.kind == "late" else number


def _spoken(amount_minor: int | None, profile: VendorProfile) -> str:
    if amount_minor is None:
        return ""
    return f"{Money(amount_minor, profile.currency, profile.exponent).major:f}"


def _off_by(variance_minor: int | None, profile: VendorProfile) -> str:
    if not variance_minor:
        return "exact"
    return f"{_spoken(abs(variance_minor), profile)} {'over' if variance_minor > 0 else 'short'}"


def _print_report(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(report)
    else:
        typer.echo(report_as_text(report), nl=False)
