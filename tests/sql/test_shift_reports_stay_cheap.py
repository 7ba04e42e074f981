"""A report costs what its session sold, not what was ever sold: it goes through the session's own indexes."""

import uuid

import pytest

from drawer import count_and_close, open_shift, sell_for_cash
from pages import pages_of
from ringup.db.bench_history import copy_sale
from shop_floor import Connection, ShopFloor, ask, open_shop_floor

FEW, MANY, SHIFTS = 6_000, 18_000, 150
PAGES_MAX = 300
TABLES = ("register_sessions", "orders", "payment_transactions", "cash_movements", "cash_counts")
LOOK = "select ringup.show_session_report(%s, %s, null, null, 'Ada')"


async def pages_of_a_look(connection: Connection, shop: ShopFloor) -> int:
    """What a report touches once the session has planned it. No big table is read whole."""
    for table in TABLES:
        await connection.execute(f"analyze ringup.{table}".encode())
    for _ in range(7):
        await ask(connection, LOOK, shop.vendor, shop.session)
    async with connection.transaction():
        pages = await pages_of(connection, LOOK, [shop.vendor, shop.session])
        whole = await ask(
            connection,
            "select sum(t.seq_scan)::integer from pg_stat_xact_user_tables t where t.relname = any(%s)",
            ["orders", "payment_transactions"],
        )
    assert whole == 0
    return pages


async def sell_in_other_shifts(
    connection: Connection, url: str, shop: ShopFloor, sold: uuid.UUID, numbers: range
) -> None:
    """So many copies of a sale, dealt out to the shifts that were closed before."""
    await copy_sale(url, sold, numbers)
    await connection.execute(
        """
        update ringup.orders o
           set register_session_id = c.ids[1 + abs(hashtext(o.id::text)) %% cardinality(c.ids)]
          from (select array_agg(s.id order by s.id) as ids from ringup.register_sessions s
                 where s.closed_at is not null) as c
         where o.order_number like 'OLD-%%' and o.vendor_id = %s
        """,
        [shop.vendor],
    )


@pytest.fixture
async def busy(observer: Connection, database) -> tuple[ShopFloor, uuid.UUID]:
    """A shop with 150 closed shifts and thousands of sales in them; its open shift sold one coffee. And a sale."""
    shop = await open_shop_floor(observer)
    sold = await sell_for_cash(observer, shop)
    for _ in range(SHIFTS):
        await count_and_close(observer, shop)
        shop.session = await open_shift(observer, shop)
    await sell_in_other_shifts(observer, database.url(), shop, sold, range(FEW))
    await sell_for_cash(observer, shop)
    return shop, sold


async def test_a_report_touches_as_few_pages_however_much_other_shifts_sold(observer, database, busy) -> None:
    shop, sold = busy
    young = await pages_of_a_look(observer, shop)

    await sell_in_other_shifts(observer, database.url(), shop, sold, range(FEW, MANY))
    old = await pages_of_a_look(observer, shop)

    assert young <= PAGES_MAX
    assert old <= young + 20


async def test_the_sales_of_a_session_are_found_by_its_own_index(observer, busy) -> None:
    shop, _ = busy
    await observer.execute("analyze ringup.orders")
    await observer.execute("analyze ringup.payment_transactions")

    for view in ("session_tenders", "session_sales", "session_cash", "session_totals"):
        explain = (
            f"explain select * from ringup.{view} where vendor_id = '{shop.vendor}'"
            f" and register_session_id = '{shop.session}'"
        )
        plan = "\n".join([row[0] for row in await (await observer.execute(explain.encode())).fetchall()])

        assert "orders_sold_in_session" in plan, plan
        assert "Seq Scan on orders" not in plan and "Seq Scan on payment_transactions" not in plan, plan
