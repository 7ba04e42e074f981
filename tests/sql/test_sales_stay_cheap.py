"""A sale costs what it is made of, not what was ever sold: each step goes through indexes, to a few pages."""

from pages import pages_of
from ringup.db.bench_history import copy_sale
from ringup.db.calls.checkout import PREPARE, RECORD
from shop_floor import Connection, ShopFloor, ask, open_shop_floor

FEW, MANY, SOME = 2_000, 40_000, 20
PAGES_MAX = {"prepare": 260, "begin": 125, "record": 150, "complete": 420, "read": 15}
"""Measured, and half as much again. Every index of a table is some levels deep, and every row written goes into all."""
TABLES = ("orders", "order_items", "payment_transactions", "order_events", "idempotency_keys")
"""Those that are full. Of a table that has one page, reading it whole is right."""


async def whole_table_reads(connection: Connection) -> int:
    return await ask(
        connection,
        "select sum(t.seq_scan)::integer from pg_stat_xact_user_tables t where t.relname = any(%s)",
        list(TABLES),
    )


async def pages_of_a_sale(connection: Connection, shop: ShopFloor) -> dict[str, int]:
    """What each step of a card sale touches, for a customer who spends and earns points. No table is read whole."""
    request = shop.request(customer_id=shop.customer, points=10)
    before, pages = await whole_table_reads(connection), {}
    pages["prepare"] = await pages_of(connection, PREPARE, request)
    order = request["order_id"]
    payment = await ask(connection, "select id from ringup.payment_transactions where order_id = %s", order)
    for step, statement, parameters in (
        ("begin", "select * from ringup.begin_payment(%s, %s, 15, 300)", [shop.vendor, payment]),
        ("record", RECORD, shop.answer(payment, "approved") | {"approved_minor": 990}),
        ("complete", "select * from ringup.complete_checkout(%s, %s)", [shop.vendor, order]),
        ("read", "select * from ringup.read_answer(%s, %s)", [shop.vendor, order]),
    ):
        pages[step] = await pages_of(connection, statement, parameters)
    assert await whole_table_reads(connection) == before
    return pages


async def pages_of_the_tenth_sale(connection: Connection, shop: ShopFloor) -> dict[str, int]:
    """Before, a session plans its statements: that reads the catalogue."""
    for table in TABLES:
        await connection.execute(f"analyze ringup.{table}".encode())
    for _ in range(9):
        await pages_of_a_sale(connection, shop)
    return await pages_of_a_sale(connection, shop)


async def test_a_sale_touches_as_few_pages_however_many_there_were(observer, database) -> None:
    shop = await open_shop_floor(observer, stock=1000)
    sold = (await shop.prepare(observer, types=["cash"], processors=[None]))["checkout_id"]
    await shop.complete(observer, sold)
    await copy_sale(database.url(), sold, range(FEW))
    young = await pages_of_the_tenth_sale(observer, shop)
    await copy_sale(database.url(), sold, range(FEW, MANY))
    old = await pages_of_the_tenth_sale(observer, shop)
    assert {step: pages for step, pages in old.items() if pages > PAGES_MAX[step]} == {}
    assert {step: (young[step], pages) for step, pages in old.items() if pages > 1.5 * young[step] + SOME} == {}
