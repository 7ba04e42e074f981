"""Every order number once and none left out, though sales at the same moment do not wait for each other."""

import asyncio
import contextlib
import uuid
from dataclasses import replace

import psycopg

from ringup.db.migrate import SqlFile, migrate, read_schema_source
from shop_floor import Connection, ShopFloor, ask, open_shop_floor

COUNTERS = 16
BEFORE_COUNTERS = 9


async def take(connection: Connection, shop: ShopFloor) -> str:
    return await ask(connection, "select ringup.take_order_number(%s, %s)", shop.vendor, shop.location)


async def test_one_sale_after_the_other_numbers_follow_one_another(db, shop):
    numbers = [await take(db, shop) for _ in range(2 * COUNTERS + 1)]

    assert numbers == [f"T1-{number:06}" for number in range(1, 2 * COUNTERS + 2)]


async def test_a_sale_does_not_wait_until_the_one_before_is_on_disk(registers):
    first, second, third = [await registers() for _ in range(3)]
    shop = await open_shop_floor(third)

    async with first.transaction():
        numbers = [await take(first, shop), await asyncio.wait_for(take(second, shop), 10)]
        numbers.append(await asyncio.wait_for(take(third, shop), 10))

    assert numbers == ["T1-000001", "T1-000002", "T1-000003"]


async def test_the_number_of_a_sale_that_was_refused_is_taken_by_the_next(registers):
    first, second = await registers(), await registers()
    shop = await open_shop_floor(second)

    async with first.transaction(force_rollback=True):
        await take(first, shop)
        await take(second, shop)

    assert [await take(second, shop), await take(first, shop)] == ["T1-000001", "T1-000003"]


async def test_more_sales_than_counters_stand_in_line_and_none_gets_a_number_twice(registers, until_waiting):
    held, late, observer = [await registers() for _ in range(COUNTERS)], await registers(), await registers()
    shop = await open_shop_floor(observer)

    async with contextlib.AsyncExitStack() as open_sales:
        numbers = []
        for connection in held:
            await open_sales.enter_async_context(connection.transaction())
            numbers.append(await take(connection, shop))
        waiting = asyncio.create_task(take(late, shop))
        await until_waiting(observer, 1)
    numbers.append(await waiting)

    assert sorted(numbers)[:COUNTERS] == [f"T1-{number:06}" for number in range(1, COUNTERS + 1)]
    assert len(set(numbers)) == COUNTERS + 1


async def test_a_shop_from_before_there_were_counters_goes_on_where_it_was(empty_database):
    source = read_schema_source()
    old = replace(source, migrations=source.migrations[:BEFORE_COUNTERS], functions=(), views=())
    await migrate(empty_database.url(), replace(old, roles=SqlFile("roles", "")))
    vendor, location = uuid.uuid4(), uuid.uuid4()
    async with await psycopg.AsyncConnection.connect(empty_database.url(), autocommit=True) as connection:
        await connection.execute(
            "insert into ringup.vendors (id, name, currency, time_zone, created_at)"
            " values (%s, 'V', 'USD', 'UTC', now())",
            [vendor],
        )
        await connection.execute(
            "insert into ringup.locations (vendor_id, id, code, name, created_at) values (%s, %s, 'T1', 'L', now())",
            [vendor, location],
        )
        await connection.execute(
            "insert into ringup.order_counters (vendor_id, location_id, last_number) values (%s, %s, 41)",
            [vendor, location],
        )

    await migrate(empty_database.url())

    async with await psycopg.AsyncConnection.connect(empty_database.url(), autocommit=True) as connection:
        taken = [await ask(connection, "select ringup.take_order_number(%s, %s)", vendor, location) for _ in range(20)]
    assert taken == [f"T1-{number:06}" for number in range(42, 62)]
