"""Recovery's claims cost what is due, not what there ever was: bounded batches, found by the partial indexes."""

import uuid

from pages import pages_of
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

FEW, MANY = 20_000, 100_000
OPEN = 120
BATCH = 50
PAGES_PER_ROW = 60
"""A claimed row is read and written with its entries in half a dozen indexes, each some levels deep."""
CLAIMS = {
    "claim_due_payments": "payment_transactions_due",
    "claim_stale_orders": "orders_open",
}


async def close_sales(connection: Connection, floor: ShopFloor, count: int) -> None:
    """So many sales that ended, copied from one that did."""
    sold = await floor.sell(connection)
    await connection.execute(
        """
        with copies as (
            insert into ringup.orders (
                vendor_id, id, location_id, register_id, register_session_id, order_number, status, payment_status,
                currency, subtotal_minor, discount_minor, total_minor, holds, hold_until, idempotency_key, created_at,
                updated_at, completed_at)
            select o.vendor_id, gen_random_uuid(), o.location_id, o.register_id, o.register_session_id,
                   o.order_number || '-' || n, o.status,
                   o.payment_status, o.currency, o.subtotal_minor, 0, o.total_minor, o.holds, o.hold_until,
                   o.id || '-' || n, o.created_at, o.updated_at, o.completed_at
              from ringup.orders o, generate_series(1, %s) as n
             where o.id = %s
            returning vendor_id, id)
        insert into ringup.payment_transactions (
            vendor_id, id, order_id, register_session_id, payment_processor_id, kind, tender_number, tender_type,
            status, capture_status, amount_minor, approved_minor, currency, reference_id, created_at, updated_at)
        select p.vendor_id, gen_random_uuid(), c.id, p.register_session_id, p.payment_processor_id, 'charge', 1, 'card',
               p.status,
               p.capture_status, p.amount_minor, p.approved_minor, p.currency, 'copy-' || c.id,
               p.created_at, p.updated_at
          from copies c, ringup.payment_transactions p
         where p.order_id = %s
        """,
        [count, sold, sold],
    )


async def leave_open(connection: Connection, floor: ShopFloor, count: int) -> None:
    """So many sales that nobody drives, each at a terminal that was asked; and as many whose money is there."""
    for at_terminal in (True, False):
        for _ in range(count):
            terminal = uuid.uuid4()
            await floor.add_terminal(connection, terminal, f"Terminal {terminal}")
            prepared = await floor.prepare(connection, processors=[terminal])
            await floor.begin(connection, prepared["payment_id"])
            if not at_terminal:
                await floor.record(connection, prepared["payment_id"], "approved")
    await connection.execute(
        "update ringup.payment_transactions set next_check_at = now() - interval '1 s' where next_check_at is not null"
    )
    await connection.execute(
        "update ringup.orders set lease_until = now() - interval '1 s' where lease_until is not null"
    )


async def index_scans(connection: Connection, index: str) -> int:
    return await ask(connection, "select pg_stat_get_xact_numscans(%s::regclass)", f"ringup.{index}")


async def whole_table_reads(connection: Connection) -> int:
    """So far: PostgreSQL adds up over transactions what it has not reported yet."""
    return await ask(
        connection,
        "select sum(t.seq_scan)::integer from pg_stat_xact_user_tables t"
        " where t.relname in ('orders', 'payment_transactions')",
    )


async def pages_of_a_round(connection: Connection, shop: ShopFloor) -> dict[str, int]:
    """What each statement of a round of recovery touches. Each goes through its index and reads no table whole."""
    await connection.execute("analyze ringup.orders, ringup.payment_transactions")
    touched = {"anything due": await pages_of(connection, "select * from ringup.list_vendors_with_work()", [])}
    for function, index in CLAIMS.items():
        claim = f"select * from ringup.{function}(%s, %s, 60)"
        async with connection.transaction():
            before = await whole_table_reads(connection)
            touched[function] = await pages_of(connection, claim, [shop.vendor, BATCH])
            assert await index_scans(connection, index) > 0, function
            assert await whole_table_reads(connection) == before, function
    return touched


async def test_a_round_touches_as_few_pages_however_many_sales_have_ended(observer) -> None:
    shop = await open_shop_floor(observer, stock=1000)
    await leave_open(observer, shop, OPEN)

    await close_sales(observer, shop, FEW)
    young = await pages_of_a_round(observer, shop)
    await close_sales(observer, shop, MANY)
    old = await pages_of_a_round(observer, shop)

    assert {name: pages for name, pages in old.items() if pages > BATCH * PAGES_PER_ROW} == {}
    assert {name: (young[name], pages) for name, pages in old.items() if pages > 1.5 * young[name]} == {}


async def test_customers_who_are_still_at_terminals_are_not_read(observer) -> None:
    """Thousands of payments that may be looked up later: a round goes to those that are due, not through all."""
    shop = await open_shop_floor(observer, stock=1000)
    await leave_open(observer, shop, 10)
    await close_sales(observer, shop, FEW)
    few = (await pages_of_a_round(observer, shop))["claim_due_payments"]
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = now() + interval '1 h' where reference_id like 'copy-%'"
    )

    assert (await pages_of_a_round(observer, shop))["claim_due_payments"] <= few


async def test_a_table_that_has_grown_is_looked_at_anew_and_once(observer, floor) -> None:
    await rows(observer, "select ringup.refresh_statistics(100)")
    await close_sales(observer, floor, FEW)

    first = await rows(observer, "select t as name from ringup.refresh_statistics(100) as t")
    second = await rows(observer, "select t as name from ringup.refresh_statistics(100) as t")

    assert {"orders", "payment_transactions"} <= {row["name"] for row in first}
    assert second == []
    assert await ask(observer, "select reltuples from pg_class where oid = 'ringup.orders'::regclass") > FEW
