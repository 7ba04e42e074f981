"""Lists of goods as people have them: `SKU:12` on a command line, and a CSV file with a line for each product."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ringup.cli.output import CannotRun
from ringup.db.calls.stock import StockLine
from ringup.db.pool import Pool
from ringup.db.reads.stock import CodedProduct, list_products_by_code

QUANTITY_MAX = 1_000_000_000
LINES_MAX = 1000
SHOWN_MAX = 20
COLUMNS = ("sku", "quantity")


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a file, which is not known to be right yet."""

    number: int
    code: str
    quantity: str


def typed_lines(words: Sequence[str]) -> list[StockLine]:
    """`COF-250:12` is twelve of COF-250, `COF-250:-1` one less. Raises CannotRun for anything else."""
    lines = []
    for word in words:
        code, _, quantity = word.rpartition(":")
        number = _number(quantity)
        if not code or number is None:
            raise CannotRun(f"{word} is not so many of a product", "Such as COF-250:12, by SKU or barcode.")
        lines.append(StockLine(number, code=code))
    return lines


async def read_list(db: Pool, vendor_id: UUID, path: Path) -> list[StockLine]:
    """The lines of a CSV file with the columns sku and quantity, in any order, and others that are not looked at.

    `sku` is a SKU, else a barcode. Raises CannotRun with every line that is wrong: of a list
    with a wrong line nothing is booked.
    """
    listed = _listed(path)
    known = {each.code: each for each in await list_products_by_code(db, vendor_id, [row.code for row in listed])}
    wrong = list(_wrong(listed, known))
    if wrong:
        more = [f"and {len(wrong) - SHOWN_MAX} more"] if len(wrong) > SHOWN_MAX else []
        raise CannotRun(f"{path}: nothing was booked", "\n        ".join(wrong[:SHOWN_MAX] + more))
    return [StockLine(int(row.quantity), product_id=known[row.code].id) for row in listed]


def _listed(path: Path) -> list[ListedLine]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
            missing = [name for name in COLUMNS if name not in reader.fieldnames]
            if missing:
                raise CannotRun(f"{path} has no column {' and no column '.join(missing)}", "The first line names them.")
            found = [
                ListedLine(reader.line_num, (row["sku"] or "").strip(), (row["quantity"] or "").strip())
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise CannotRun(f"{path} cannot be read: {failure}", "A CSV file in UTF-8: sku,quantity") from failure
    if not 1 <= len(found) <= LINES_MAX:
        raise CannotRun(f"{path} has {len(found)} lines", f"A list has 1 to {LINES_MAX}: make several of a long one.")
    return found


def _wrong(listed: Iterable[ListedLine], known: dict[str, CodedProduct]) -> Iterable[str]:
    first: dict[UUID, int] = {}
    for row in listed:
        product, quantity = known.get(row.code), _number(row.quantity)
        if not row.code:
            yield f"line {row.number}: no product is named"
        elif product is None:
            yield f"line {row.number}: there is no product {row.code}"
        elif not product.tracks_stock:
            yield f"line {row.number}: {product.sku} is not counted in pieces"
        elif product.id in first:
            yield f"line {row.number}: {product.sku} is on line {first[product.id]} already"
        if quantity is None or not 1 <= quantity <= QUANTITY_MAX:
            yield f"line {row.number}: {row.quantity or 'nothing'} is not a number of pieces"
        if product is not None:
            first.setdefault(product.id, row.number)


def _number(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(QUANTITY_MAX)) else None
