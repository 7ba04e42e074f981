"""`ringup loyalty adjust`, `merge`, `import`, `expire`: what an operator changes in customers' points."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import loyalty as calls
from ringup.db.calls.loyalty import OpeningBalance
from ringup.db.calls.recovery import list_vendors
from ringup.domain.ids import new_id
from ringup.loyalty.expire import expire_due_points
from ringup.settings import load_settings
from ringup.wiring import Shop

IMPORTED_AT_ONCE = 1000
COLUMNS = ["customer_id", "points", "expires_at"]

By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]
Reason = Annotated[str, typer.Option(help="Why. Recorded for good.")]


def adjust(
    customer: Annotated[UUID, typer.Argument(help="The customer.")],
    points: Annotated[int, typer.Argument(help="How many to give, or to take with a minus (after --).")],
    *,
    reason: Reason,
    by: By,
    expires_at: Annotated[datetime | None, typer.Option(help="When they expire, in UTC. Default: never.")] = None,
    adjustment: Annotated[
        UUID | None, typer.Option(help="An id of your choice: with the same one again nothing changes.")
    ] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Give a customer points, or take some.

    Example: ringup loyalty adjust 0193… 50 --reason "waited too long" --by "Ada"
    """
    adjustment_id = adjustment or new_id()

    async def act(shop: Shop) -> int:
        return await calls.adjust_points(
            shop.db,
            await one_vendor(shop, vendor),
            customer,
            points=points,
            reason=reason,
            actor=by,
            expires_at=expires_at and expires_at.replace(tzinfo=UTC),
            adjustment_id=adjustment_id,
        )

    balance = with_shop(load_settings(), act)
    if as_json:
        print_json({"adjustment_id": adjustment_id, "customer_id": customer, "points": points, "balance": balance})
    else:
        results().print(f"The balance is {balance}. Adjustment {adjustment_id}.")


def merge(
    keep: Annotated[UUID, typer.Argument(help="The customer who stays.")],
    duplicate: Annotated[UUID, typer.Argument(help="The one who ends, and whose points move.")],
    *,
    reason: Reason,
    by: By,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Make two customers one. Safe to repeat.

    Example: ringup loyalty merge 0193… 0194… --reason "two cards, one person" --by "Ada"
    """

    async def act(shop: Shop) -> int:
        vendor_id = await one_vendor(shop, vendor)
        return await calls.merge_customers(
            shop.db, vendor_id, keep_id=keep, duplicate_id=duplicate, reason=reason, actor=by
        )

    moved = with_shop(load_settings(), act)
    if as_json:
        print_json({"customer_id": keep, "duplicate_id": duplicate, "points_moved": moved})
    else:
        results().print(f"{moved} points moved.")


def import_balances(
    file: Annotated[Path, typer.Argument(help="CSV with the columns customer_id, points, expires_at (may be empty).")],
    *,
    batch: Annotated[str, typer.Option(help="A name for this import. Each customer gets it once, ever.")],
    by: By,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Give customers the points that they bring along from another system, each with a ledger row.

    The whole file is read before anything is written. It is written a thousand rows at a time, and safe
    to repeat with the same batch: who has the points already is left alone.

    Example: ringup loyalty import balances.csv --batch "old system, May" --by "Ada"
    """
    rows = sum(1 for _ in _read(file))

    async def act(shop: Shop) -> int:
        vendor_id = await one_vendor(shop, vendor)
        given, balances = 0, _read(file)
        while some := list(islice(balances, IMPORTED_AT_ONCE)):
            given += await calls.import_points(shop.db, vendor_id, batch=batch, balances=some, actor=by)
        return given

    given = with_shop(load_settings(), act)
    if as_json:
        print_json({"batch": batch, "rows": rows, "given": given})
    else:
        results().print(f"{given} of {rows} customers got points now; the others had them.")


def _read(file: Path) -> Iterator[OpeningBalance]:
    """Raises CannotRun, with the line, for what is not a balance."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if reader.fieldnames != COLUMNS:
                raise CannotRun(f"the first line of {file} is not {','.join(COLUMNS)}")
            for row in reader:
                yield _balance(row, reader.line_num)
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotRun(f"{file} cannot be read: {failure}") from failure


def _balance(row: dict[str, str], line: int) -> OpeningBalance:
    try:
        if None in row or None in row.values():
            raise ValueError("too many columns, or too few")
        expires_at = datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None
        if expires_at is not None and expires_at.tzinfo is None:
            expires_at = expires_at.replace(tzinfo=UTC)
        return OpeningBalance(UUID(row["customer_id"]), int(row["points"]), expires_at)
    except ValueError as failure:
        raise CannotRun(
            f"line {line} is not a balance", "A customer's id, a whole number of points, and a day or nothing."
        ) from failure


def expire(as_json: AsJson = False) -> None:
    """Let expire now what is due, for every vendor. The worker does it by itself. Safe to repeat.

    Example: ringup loyalty expire
    """

    async def act(shop: Shop) -> int:
        return sum(
            [
                expired
                for vendor_id in await list_vendors(shop.db)
                async for expired in expire_due_points(shop.db, vendor_id)
            ]
        )

    customers = with_shop(load_settings(), act)
    if as_json:
        print_json({"customers": customers})
    else:
        results().print(f"Points of {customers} customers expired.")
