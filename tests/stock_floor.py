"""Stock documents for tests, written through the functions that everybody uses."""

import uuid
from datetime import datetime
from typing import Any

from shop_floor import Connection, ShopFloor, ask, rows

Lines = dict[str, int]
"""How many of which SKU."""


async def open_second_store(db: Connection, shop: ShopFloor) -> uuid.UUID:
    store = uuid.uuid4()
    await ask(db, "select ringup.create_location(%s, %s, 'T2', 'Harbour')", shop.vendor, store)
    return store


async def add_product(db: Connection, shop: ShopFloor, sku: str, *, tracks: bool = True) -> uuid.UUID:
    product = uuid.uuid4()
    await ask(
        db,
        "select ringup.save_product(%s, %s, %s, null, %s, null, 500, %s, true, 'Ada')",
        *(shop.vendor, product, sku, sku.title(), tracks),
    )
    return product


def columns(lines: Lines) -> tuple[list[None], list[str], list[int]]:
    return [None] * len(lines), list(lines), list(lines.values())


async def receive(db: Connection, shop: ShopFloor, lines: Lines, **changes: Any) -> bool:
    return await _post(db, shop, "receive_stock", lines, changes)


async def adjust(db: Connection, shop: ShopFloor, lines: Lines, **changes: Any) -> bool:
    return await _post(db, shop, "adjust_stock", lines, changes)


async def _post(db: Connection, shop: ShopFloor, function: str, lines: Lines, changes: dict[str, Any]) -> bool:
    asked = _asked(changes, location=shop.location)
    moved: bool = await ask(
        db,
        f"select ringup.{function}(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["id"], asked["location"], *columns(lines)),
        *(asked["reason"], asked["by"], asked["person"], asked["approval"]),
    )
    return moved


async def count(db: Connection, shop: ShopFloor, lines: Lines, at: datetime | None = None, **changes: Any) -> bool:
    asked = _asked(changes, location=shop.location)
    recorded: bool = await ask(
        db,
        "select ringup.count_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["id"], asked["location"], *columns(lines), at),
        *(asked["reason"], asked["by"], asked["person"], asked["approval"]),
    )
    return recorded


async def send(db: Connection, shop: ShopFloor, to: uuid.UUID, lines: Lines, **changes: Any) -> uuid.UUID:
    asked = _asked(changes, location=shop.location)
    await ask(
        db,
        "select ringup.send_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["id"], asked["location"], to, *columns(lines)),
        *(asked["reason"], asked["by"], asked["person"], asked["approval"]),
    )
    return uuid.UUID(str(asked["id"]))


async def arrive(db: Connection, shop: ShopFloor, transfer: uuid.UUID, lines: Lines, **changes: Any) -> bool:
    asked = _asked(changes, shortfall=None)
    moved: bool = await ask(
        db,
        "select ringup.receive_transfer(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["id"], transfer, *columns(lines)),
        *(asked["shortfall"], asked["by"], asked["person"], asked["approval"]),
    )
    return moved


def _asked(changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {"id": uuid.uuid4(), "reason": "said the test", "by": "Ada", "person": None, "approval": None}
    return {**usual, **more, **changes}


async def on_hand(db: Connection, sku: str = "COF-250", vendor: uuid.UUID | None = None) -> dict[str, int]:
    """How many are on hand, by the code of the store; of one vendor where there are several."""
    levels = await rows(
        db,
        "select l.code, v.on_hand from ringup.stock_levels v"
        " join ringup.locations l on l.vendor_id = v.vendor_id and l.id = v.location_id"
        " where v.sku = %s and (%s::uuid is null or v.vendor_id = %s) order by l.code",
        *(sku, vendor, vendor),
    )
    return {level["code"]: level["on_hand"] for level in levels}


async def lines_of(db: Connection, document: uuid.UUID) -> list[dict[str, Any]]:
    return await rows(
        db,
        "select sku, quantity, expected, difference, on_hand_before, on_hand_after, reserved"
        " from ringup.stock_document_details where document_id = %s order by sku",
        document,
    )


async def in_transit(db: Connection) -> list[int]:
    return [each["quantity"] for each in await rows(db, "select quantity from ringup.stock_in_transit order by 1")]
