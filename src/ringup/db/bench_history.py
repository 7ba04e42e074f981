"""What a benchmark fills databases of its own with: a long history, and the books of a sale without guarantees."""

from uuid import UUID

import psycopg

CLONED = (
    ("orders", "id"),
    ("order_items", "order_id"),
    ("payment_transactions", "order_id"),
    ("order_events", "order_id"),
    ("idempotency_keys", "order_id"),
)
CHANGED = {
    "orders": """
        'id', c.new_id, 'order_number', 'OLD-' || c.n, 'idempotency_key', 'old-' || c.n,
        'created_at', t.created_at - c.n * interval '1 second'""",
    "order_items": "'order_id', c.new_id",
    "payment_transactions": """
        'order_id', c.new_id, 'id', md5(t.id::text || c.n), 'reference_id', t.reference_id || '-' || c.n,
        'created_at', t.created_at - c.n * interval '1 second'""",
    "order_events": """
        'order_id', c.new_id, 'id', md5(t.id::text || c.n), 'relayed_at', t.created_at,
        'created_at', t.created_at - c.n * interval '1 second'""",
    "idempotency_keys": "'order_id', c.new_id, 'key', 'old-' || c.n",
}
"""What a copy has of its own: columns that we do not know of yet are copied."""

NAIVE_BOOKS = """
    create table products (id integer primary key, stock bigint not null) with (fillfactor = 70);
    create table customers (id integer primary key, points bigint not null) with (fillfactor = 70);
    create table orders (
        id bigint generated always as identity primary key, customer_id integer not null, status text not null,
        reference text not null, total_minor bigint not null, points_redeemed integer not null,
        points_earned integer not null, created_at timestamptz not null default now());
    create table order_items (
        order_id bigint not null, line_number integer not null, product_id integer not null, quantity integer not null,
        total_minor bigint not null, primary key (order_id, line_number));
    create table payments (
        id bigint generated always as identity primary key, order_id bigint not null, amount_minor bigint not null,
        status text not null, auth_code text not null);
"""


async def make_naive_books(url: str, *, products: int, customers: int) -> None:
    """The tables of a sale that guarantees nothing, for a benchmark to compare with."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(NAIVE_BOOKS)
        await connection.execute(
            "insert into products select n, 1000000000 from generate_series(1, %s::integer) as n", [products]
        )
        await connection.execute(
            "insert into customers select n, 1000000 from generate_series(1, %s::integer) as n", [customers]
        )


async def copy_sale(url: str, order_id: UUID, numbers: range) -> None:
    """Copy a completed sale, once for each number, with everything that belongs to it, into the session it was made in.

    The sale must have moved neither stock nor points: those have ledgers, which are not copied.
    """
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for table, key in CLONED:
            statement = f"""
                insert into ringup.{table}
                select (jsonb_populate_record(t, jsonb_build_object({CHANGED[table]}))).*
                  from ringup.{table} t,
                       (select n, md5('ringup bench copy ' || n)::uuid as new_id
                          from generate_series(%s::integer, %s::integer) as n) as c
                 where t.{key} = %s
            """
            await connection.execute(statement.encode(), [numbers.start, numbers.stop - 1, order_id])
        await connection.execute(
            """
            update ringup.register_sessions s
               set order_count = s.order_count + %s, cash_minor = s.cash_minor + %s * o.total_minor
              from ringup.orders o
             where o.id = %s and s.vendor_id = o.vendor_id and s.id = o.register_session_id
            """,
            [len(numbers), len(numbers), order_id],
        )
