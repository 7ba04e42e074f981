"""Exchanges in SQL, for tests: asked for through the function that everybody uses."""

import uuid
from collections.abc import Awaitable
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from ringup.db.calls.exchanges import PREPARE_EXCHANGE
from shop_floor import Connection, ShopFloor, ask, rows

TEA = "TEA-100"


async def add_tea(connection: Connection, floor: ShopFloor, price: int = 1500) -> uuid.UUID:
    """Something else to choose, 50 in stock."""
    product = uuid.uuid4()
    await ask(
        connection,
        "select ringup.save_product(%s, %s, %s, null, 'Tea', 'Drinks', %s, true, true, 'Ada')",
        floor.vendor, product, TEA, price,
    )  # fmt: skip
    await ask(
        connection,
        "select ringup.change_stock(%s, %s, %s, 50, 'opening', 'first delivery', 'Ada')",
        floor.vendor, floor.location, product,
    )  # fmt: skip
    return product


def exchange_of(floor: ShopFloor, returned: uuid.UUID, **changes: Any) -> dict[str, Any]:
    """Parameters of prepare_exchange: all of a sale for one tea, the difference in cash or as it was paid."""
    back: dict[str, Any] = {
        "returned_order_id": returned,
        "returned_numbers": None,
        "returned_quantities": None,
        "returned_restocks": None,
        "returned_tip": None,
        "returned_tender": None,
        "returned_reference": None,
        "without_receipt": False,
        "reason": "another taste",
        "actor": "Ada",
    }
    sale = {"codes": [TEA], "types": ["cash"], "processors": [None]}
    mine = {name: changes.pop(name) for name in list(changes) if name in back}
    return floor.request(**(sale | changes)) | back | mine


def nothing_to_pay() -> dict[str, Any]:
    """For an exchange of which nothing is left to pay."""
    return {"types": [], "processors": [], "amounts": [], "tendered": [], "references": []}


async def prepare_exchange(connection: Connection, request: dict[str, Any]) -> dict[str, Any]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(PREPARE_EXCHANGE.encode(), request)
        found = await cursor.fetchall()
    return found[0]


async def exchange(
    connection: Connection, floor: ShopFloor, returned: uuid.UUID, **changes: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Prepare an exchange that needs no terminal and complete it: the new order, and its refund."""
    prepared = await prepare_exchange(connection, exchange_of(floor, returned, **changes))
    assert prepared["step"] == "complete", prepared
    await floor.complete(connection, prepared["checkout_id"])
    return await halves(connection, floor, prepared["checkout_id"])


async def halves(connection: Connection, floor: ShopFloor, order: uuid.UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """The new order and the refund that pays it, as they are stored."""
    sale = await floor.order(connection, order)
    refund = await rows(connection, "select * from ringup.refunds where id = %s", sale["exchange_refund_id"])
    return sale, refund[0]


async def way(connection: Connection, refund_id: uuid.UUID) -> list[tuple[str, int, str]]:
    """Of each part of a refund, smallest first: how, how much, and how it stands."""
    found = await rows(
        connection,
        "select tender_type, amount_minor, status from ringup.payment_transactions where refund_id = %s "
        "order by amount_minor, tender_type",
        refund_id,
    )
    return [(part["tender_type"], part["amount_minor"], part["status"]) for part in found]


async def cheaper_by_card(connection: Connection, floor: ShopFloor) -> tuple[uuid.UUID, dict[str, Any]]:
    """Paid 10.00 by card, exchanged for 6.00: the terminal is to pay back 4.00. The earlier sale, and what is next."""
    await add_tea(connection, floor, 600)
    order = await floor.sell(connection)
    return order, await prepare_exchange(connection, exchange_of(floor, order, **nothing_to_pay()))


async def refused(connection: Connection, sqlstate: str, asking: Awaitable[Any]) -> psycopg.Error:
    """Ask, in a transaction of its own that is taken back, and be refused by that name."""
    with pytest.raises(psycopg.Error) as failure:
        async with connection.transaction():
            await asking
    assert failure.value.sqlstate == sqlstate
    return failure.value
