"""A database from before there were lots gets one for each balance, and goes on from there."""

import uuid
from dataclasses import replace

import psycopg
import pytest

from points_floor import adjust, broken_points, lots, spend, take_back
from ringup.db.migrate import SqlFile, migrate, read_schema_source
from shop_floor import Connection, ShopFloor, ask, rows

BEFORE_LOTS = 6


@pytest.fixture
async def old(empty_database):
    """A database as migration 6 leaves it."""
    source = read_schema_source()
    await migrate(
        empty_database.url(),
        replace(source, migrations=source.migrations[:BEFORE_LOTS], functions=(), views=(), roles=SqlFile("roles", "")),
    )
    return empty_database


async def add_old_customer(connection: Connection, vendor: uuid.UUID, *points: int) -> uuid.UUID:
    """A customer and ledger as the functions of that version wrote them."""
    customer, balance = uuid.uuid4(), 0
    await connection.execute(
        "insert into ringup.customers (vendor_id, id, loyalty_points, loyalty_entries, created_at, updated_at)"
        " values (%s, %s, %s, %s, now(), now())",
        [vendor, customer, sum(points), len(points)],
    )
    for number, change in enumerate(points, start=1):
        await connection.execute(
            "insert into ringup.loyalty_transactions (vendor_id, id, customer_id, entry_number, points,"
            " transaction_type, balance_before, balance_after, reference_type, reference_id, created_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, 'order', %s, now())",
            [
                vendor,
                uuid.uuid4(),
                customer,
                number,
                change,
                "earned" if change > 0 else "spent",
                balance,
                balance + change,
                str(uuid.uuid4()),
            ],
        )
        balance += change
    return customer


async def test_balances_from_before_there_were_lots_get_their_opening_lots(old) -> None:
    vendors = [uuid.uuid4(), uuid.uuid4()]
    async with await psycopg.AsyncConnection.connect(old.url(), autocommit=True) as connection:
        for vendor in vendors:
            await connection.execute(
                "insert into ringup.vendors (id, name, currency, time_zone, created_at)"
                " values (%s, 'Old Shop', 'USD', 'UTC', now())",
                [vendor],
            )
        saver = await add_old_customer(connection, vendors[0], 100, 40, -70)
        await add_old_customer(connection, vendors[0], 10, -10)
        await add_old_customer(connection, vendors[0])
        other = await add_old_customer(connection, vendors[1], 5)

    await migrate(old.url())

    async with await psycopg.AsyncConnection.connect(old.url(), autocommit=True) as connection:
        opened = await rows(connection, "select customer_id, points, remaining, expires_at from ringup.loyalty_lots")
        assert sorted(tuple(lot.values()) for lot in opened) == sorted([(saver, 70, 70, None), (other, 5, 5, None)])
        assert await broken_points(connection) == []
        shop = ShopFloor(vendor=vendors[0], customer=saver)
        await spend(connection, shop, 60)
        await adjust(connection, shop, 5)
        assert await lots(connection, shop) == [10, 5]
        assert await broken_points(connection) == []


async def test_points_that_were_spent_before_there_were_lots_come_back_into_one_of_their_own(db, shop) -> None:
    """The spend has no lot to name: its entries are taken away, and the lot is as it was after it."""
    order = (await shop.prepare(db, **shop_cash(shop)))["checkout_id"]
    await shop.complete(db, order)
    await db.execute("update ringup.loyalty_lots set points = remaining where points > remaining")
    await db.execute("delete from ringup.loyalty_lot_entries")
    assert await broken_points(db) == []

    assert await take_back(db, shop, order, {1: 1}) == (9, 50)

    assert await lots(db, shop) == [50, 50]
    assert await ask(db, "select count(*) from ringup.loyalty_lots where expires_at is not null") == 0
    assert await broken_points(db) == []


def shop_cash(shop: ShopFloor) -> dict:
    return {"types": ["cash"], "processors": [None], "customer_id": shop.customer, "points": 50}
