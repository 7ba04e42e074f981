"""Refunds in SQL, for tests: asked for through the functions that everybody uses."""

import uuid
from typing import Any

from psycopg.rows import dict_row

from ringup.db.calls.refunds import PREPARE_REFUND
from shop_floor import Connection, ShopFloor, ask, rows


def refund_of(floor: ShopFloor, order: uuid.UUID, **changes: Any) -> dict[str, Any]:
    """Parameters of prepare_refund: all of the sale to where the money came from, unless changed."""
    request: dict[str, Any] = {
        "vendor_id": floor.vendor,
        "refund_id": uuid.uuid4(),
        "key": f"refund-{uuid.uuid4()}",
        "hash": b"the same refund",
        "order_id": order,
        "register_id": floor.register,
        "numbers": None,
        "quantities": None,
        "restocks": None,
        "tip": None,
        "tender": None,
        "reference": None,
        "without_receipt": False,
        "reason": "the customer changed their mind",
        "staff_id": None,
        "approval_id": None,
        "actor": "Ada",
        "request_id": "req-1",
        "lease_seconds": 15,
    }
    unknown = set(changes) - set(request)
    assert not unknown, unknown
    return request | changes


def part(quantity: int, *, restock: bool = True, line: int = 1) -> dict[str, Any]:
    """So many of one line."""
    return {"numbers": [line], "quantities": [quantity], "restocks": [restock]}


async def prepare_refund(connection: Connection, request: dict[str, Any]) -> dict[str, Any]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(PREPARE_REFUND.encode(), request)
        found = await cursor.fetchall()
    return found[0]


async def refund(connection: Connection, floor: ShopFloor, order: uuid.UUID, **changes: Any) -> dict[str, Any]:
    return await prepare_refund(connection, refund_of(floor, order, **changes))


async def begin_refund(connection: Connection, floor: ShopFloor, payment: uuid.UUID, way: str) -> dict[str, Any]:
    found = await rows(connection, "select * from ringup.begin_refund(%s, %s, %s, 130)", floor.vendor, payment, way)
    return found[0]


async def tender_refund(connection: Connection, floor: ShopFloor, refund_id: uuid.UUID, kind: str) -> dict[str, Any]:
    found = await rows(
        connection,
        "select * from ringup.tender_refund(%s, %s, %s, null, null, null, 'Ada', 15)",
        floor.vendor, refund_id, kind,
    )  # fmt: skip
    return found[0]


async def document(connection: Connection, floor: ShopFloor, refund_id: uuid.UUID) -> dict[str, Any]:
    told: dict[str, Any] = await ask(connection, "select ringup.read_refund(%s, %s)", floor.vendor, refund_id)
    return told


async def cash_sale(connection: Connection, floor: ShopFloor, quantity: int = 1, **changes: Any) -> uuid.UUID:
    prepared = await floor.prepare(
        connection, **({"types": ["cash"], "processors": [None], "quantities": [quantity]} | changes)
    )
    await floor.complete(connection, prepared["checkout_id"])
    order: uuid.UUID = prepared["checkout_id"]
    return order


async def drawer(connection: Connection, floor: ShopFloor) -> tuple[int, int, int, int]:
    """Cash and card of the shift after refunds, how many refunds, and how much of them."""
    found = await rows(connection, "select * from ringup.session_tenders where register_session_id = %s", floor.session)
    net = {row["tender_type"]: row["sales_minor"] - row["refunds_minor"] for row in found}
    refunds = await rows(
        connection,
        "select id from ringup.refunds where register_session_id = %s and status = 'completed'",
        floor.session,
    )
    return net.get("cash", 0), net.get("card", 0), len(refunds), sum(row["refunds_minor"] for row in found)
