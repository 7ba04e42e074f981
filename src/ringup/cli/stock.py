"""`ringup stock`: what is where, how it came there, and every way to change it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.cli.stock_list import read_list, typed_lines
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import stock as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.stock import StockLine
from ringup.db.reads.goods import StockLevel, list_stock
from ringup.db.reads.places import Location, list_locations
from ringup.db.reads.stock import (
    StockDocument,
    StockDocumentLine,
    StockMovement,
    list_products_by_code,
    list_stock_document_lines,
    list_stock_documents,
    list_stock_movements,
)
from ringup.domain.ids import new_id
from ringup.settings import load_settings
from ringup.wiring import Shop

LIMIT = 10_000

commands = typer.Typer(
    help="What is in stock where, how it came there, and every way to change it.", no_args_is_help=True
)

Store = Annotated[str, typer.Argument(metavar="STORE", help="The location's code, such as T1, or its id.")]
OtherStore = Annotated[str, typer.Argument(metavar="TO", help="The other location's code or id.")]
Lines = Annotated[
    list[str], typer.Argument(metavar="PRODUCT:HOW_MANY...", help="COF-250:12, by SKU or barcode; each product once.")
]
By = Annotated[str, typer.Option("--by", help="Who does it, as the log will name them.")]
Reason = Annotated[str, typer.Option("--reason", help="Why. Kept for good.")]
DocumentId = Annotated[
    UUID | None, typer.Option("--id", help="Name the document yourself: the same id again moves nothing.")
]
Act = Callable[[Shop, UUID, UUID], Awaitable[bool]]


@commands.command("list")
def show(
    store: Annotated[str | None, typer.Option("--store", help="Only one location, by code or id.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show what is on hand, what sales under way hold of it, and what may still be sold.

    Example: ringup stock list --store T1
    """

    async def act(shop: Shop) -> tuple[dict[UUID, str], list[StockLevel]]:
        vendor_id = await one_vendor(shop, vendor)
        places = await list_locations(shop.db, vendor_id, limit=LIMIT)
        chosen = await _store(shop, vendor_id, store) if store else None
        levels = await list_stock(shop.db, vendor_id, limit=LIMIT, location_id=chosen.id if chosen else None)
        return {place.id: place.code for place in places}, levels

    codes, found = with_shop(load_settings(), act)
    if as_json:
        print_json({"stock": [{**asdict(row), "location_code": codes[row.location_id]} for row in found]})
        return
    print_table(
        ["store", "sku", "name", "on hand", "held", "may be sold"],
        [(codes[row.location_id], row.sku, row.name, row.on_hand, row.reserved, row.available) for row in found],
        empty="Nothing was ever in stock. Book goods in with `ringup stock receive --help`",
    )


@commands.command("history")
def history(
    product: Annotated[str, typer.Argument(help="A SKU, else a barcode.")],
    store: Annotated[str | None, typer.Option("--store", help="Only one location, by code or id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show every change of a product's stock, sales included, with what was there before and after.

    Example: ringup stock history COF-250 --store T1
    """

    async def act(shop: Shop) -> list[StockMovement]:
        vendor_id = await one_vendor(shop, vendor)
        found = await list_products_by_code(shop.db, vendor_id, [product])
        if not found:
            raise CannotRun(f"there is no product {product}", "A SKU, else a barcode.")
        chosen = await _store(shop, vendor_id, store) if store else None
        return await list_stock_movements(
            shop.db, vendor_id, product_id=found[0].id, limit=limit, location_id=chosen.id if chosen else None
        )

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"movements": [asdict(row) for row in found]})
        return
    print_table(
        ["when", "store", "what", "on hand", "held", "why", "of"],
        [
            (
                *(row.created_at, row.location_code, row.reason),
                f"{row.on_hand_before} → {row.on_hand_after}",
                f"{row.reserved_before} → {row.reserved_after}",
                *(row.note or "", f"{row.reference_type} {row.reference_id}"),
            )
            for row in found
        ],
        empty="Nothing moved yet.",
    )


@commands.command("documents")
def documents(
    under_way: Annotated[bool, typer.Option("--under-way", help="Only transfers that have not arrived.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show deliveries, transfers, counts and adjustments, newest first.

    Example: ringup stock documents --under-way
    """

    async def act(shop: Shop) -> list[StockDocument]:
        vendor_id = await one_vendor(shop, vendor)
        return await list_stock_documents(shop.db, vendor_id, limit=limit, under_way=under_way)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"documents": [asdict(row) for row in found]})
        return
    print_table(
        ["when", "what", "store", "to", "arrived", "why", "missing", "by", "approved", "id"],
        [
            (
                *(row.created_at, row.kind, row.location_code, row.to_location_code or ""),
                row.arrived_at or ("under way" if row.kind == "sending" else ""),
                *(row.reason, row.shortfall or "", row.done_by, row.approved_by or "", row.id),
            )
            for row in found
        ],
        empty="No stock document yet." if not under_way else "Everything that was sent has arrived.",
    )


@commands.command("receive")
def receive(
    store: Store,
    lines: Lines,
    *,
    reason: Reason,
    by: By,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Book goods in that came from outside.

    Example: ringup stock receive T1 COF-250:24 TEA-100:12 --reason "delivery note 4711" --by Ada
    """

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        place, asked = await _store(shop, vendor_id, store), typed_lines(lines)
        return await calls.receive_stock(
            shop.db, vendor_id, document_id, location_id=place.id, lines=asked, reason=reason, by=_asker(by)
        )

    _post(act, document, vendor, as_json=as_json)


@commands.command("import")
def import_list(
    store: Store,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file: the columns sku and quantity.")],
    *,
    reason: Reason,
    by: By,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Book a delivery in from a list. Every wrong line is named, and then nothing is booked.

    The first line names the columns, in any order; others than sku and quantity are not looked
    at. A sku may be a barcode. The same list with the same store and reason is booked once,
    however often it is imported: give a second delivery its own reason.

        sku,quantity
        COF-250,24
        4006381333931,12

    Example: ringup stock import T1 delivery.csv --reason "delivery note 4711" --by Ada
    """

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        place = await _store(shop, vendor_id, store)
        asked = await read_list(shop.db, vendor_id, path)
        named = document or _same_list(place, asked, reason)
        posted.append(named)
        return await calls.receive_stock(
            shop.db, vendor_id, named, location_id=place.id, lines=asked, reason=reason, by=_asker(by)
        )

    posted: list[UUID] = []
    _post(act, document, vendor, as_json=as_json, posted=posted)


@commands.command("adjust")
def adjust(
    store: Store,
    lines: Lines,
    *,
    reason: Reason,
    by: By,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Correct the stock by so many pieces, with a sign: what broke, was found, was given away.

    Example: ringup stock adjust T1 COF-250:-2 --reason "fell off the shelf" --by Ada
    """

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        place, asked = await _store(shop, vendor_id, store), typed_lines(lines)
        return await calls.adjust_stock(
            shop.db, vendor_id, document_id, location_id=place.id, lines=asked, reason=reason, by=_asker(by)
        )

    _post(act, document, vendor, as_json=as_json)


@commands.command("count")
def count(
    store: Store,
    lines: Lines,
    *,
    reason: Reason,
    by: By,
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"], help="When the shelf was counted."),
    ] = None,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Say how many are there, and book the difference. Sales go on meanwhile.

    What was sold or came since the shelf was counted is no difference: say when that was with
    --at, or count and type at once. Goods at a till that are not paid yet belong to the shelf.

    Example: ringup stock count T1 COF-250:97 --at 2026-11-28T09:30+01:00 --reason "weekly count" --by Ada
    """

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        place, asked = await _store(shop, vendor_id, store), typed_lines(lines)
        return await calls.count_stock(
            shop.db,
            vendor_id,
            document_id,
            location_id=place.id,
            lines=asked,
            counted_at=at,
            reason=reason,
            by=_asker(by),
        )

    _post(act, document, vendor, as_json=as_json)


@commands.command("send")
def send(
    store: Store,
    to: OtherStore,
    lines: Lines,
    *,
    reason: Reason,
    by: By,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Send goods to another store. Until they arrive nobody can sell them.

    Example: ringup stock send T1 T2 COF-250:10 --reason "for the weekend" --by Ada
    """

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        place, other = await _store(shop, vendor_id, store), await _store(shop, vendor_id, to)
        return await calls.send_stock(
            shop.db,
            vendor_id,
            document_id,
            location_id=place.id,
            to_location_id=other.id,
            lines=typed_lines(lines),
            reason=reason,
            by=_asker(by),
        )

    _post(act, document, vendor, as_json=as_json)


@commands.command("arrive")
def arrive(
    transfer: Annotated[UUID, typer.Argument(help="The transfer's id: `ringup stock documents --under-way`.")],
    lines: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PRODUCT:HOW_MANY]...", help="What came. What is not named did not arrive."),
    ] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All of it came, as it was sent.")] = False,
    shortfall: Annotated[str | None, typer.Option("--missing", help="Why less came than was sent.")] = None,
    *,
    by: By,
    document: DocumentId = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Book in what arrived of a transfer, once.

    Example: ringup stock arrive 0193… COF-250:9 --missing "one fell off the van" --by Bo
    """
    nothing_came = shortfall is not None
    if bool(lines) if everything else not (lines or nothing_came):
        raise typer.BadParameter("name what came, or say --everything", param_hint="PRODUCT:HOW_MANY")

    async def act(shop: Shop, vendor_id: UUID, document_id: UUID) -> bool:
        asked = typed_lines(lines or ())
        if everything:
            sent = await list_stock_document_lines(shop.db, vendor_id, transfer)
            asked = [StockLine(line.quantity, product_id=line.product_id) for line in sent]
        return await calls.receive_transfer(
            shop.db, vendor_id, document_id, transfer_id=transfer, lines=asked, shortfall=shortfall, by=_asker(by)
        )

    _post(act, document, vendor, as_json=as_json)


def _post(act: Act, document: UUID | None, vendor: UUID | None, *, as_json: bool, posted: Sequence[UUID] = ()) -> None:
    """Write a document and show it. `posted` gets the id where the document names itself."""

    async def write_and_read(shop: Shop) -> tuple[UUID, bool, list[StockDocumentLine]]:
        vendor_id, document_id = await one_vendor(shop, vendor), document or new_id()
        is_new = await act(shop, vendor_id, document_id)
        written = posted[0] if posted else document_id
        return written, is_new, await list_stock_document_lines(shop.db, vendor_id, written)

    document_id, is_new, lines = with_shop(load_settings(), write_and_read)
    if as_json:
        print_json({"id": document_id, "is_new": is_new, "lines": [asdict(line) for line in lines]})
        return
    print_table(
        ["sku", "name", "said", "expected", "difference", "before", "after"],
        [
            (
                *(line.sku, line.name, line.quantity),
                "" if line.expected is None else line.expected,
                "" if line.difference is None else line.difference,
                *(line.on_hand_before, line.on_hand_after),
            )
            for line in lines
        ],
        empty="No line.",
    )
    results().print(f"Document {document_id}." if is_new else f"Document {document_id} was there: nothing moved now.")


def _asker(by: str) -> Asker:
    return Asker(f"{by} (ringup stock)")


def _same_list(place: Location, lines: Sequence[StockLine], reason: str) -> UUID:
    """An id that this list has and no other: imported again, it is the same document."""
    named = sorted((str(line.product_id), line.quantity) for line in lines)
    return uuid5(place.id, repr((reason, named)))


async def _store(shop: Shop, vendor_id: UUID, named: str) -> Location:
    places = await list_locations(shop.db, vendor_id, limit=LIMIT)
    found = [place for place in places if named in (str(place.id), place.code)]
    if len(found) != 1:
        known = ", ".join(f"{place.code} ({place.name})" for place in places[:20]) or "none yet"
        raise CannotRun(f"there is no store {named}", f"Stores: {known}")
    return found[0]
