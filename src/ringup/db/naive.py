"""The books of the naive checkout: tables that trust their callers, and one statement at a time.

Only drills make them, in a database of their own. The SQL of the naive checkout is here
because all SQL is in this package; what it does with it is in `ringup.simulator.naive`.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from ringup.db.pool import Connection
from ringup.domain.errors import DatabaseUnavailable

TABLES = """
    create table products (id integer primary key, stock bigint not null);
    create table customers (id integer primary key, points bigint not null);
    create table orders (
        id               bigint generated always as identity primary key,
        sale             integer not null,
        reference        text not null,
        status           text not null default 'pending',
        product_id       integer not null,
        quantity         bigint not null,
        customer_id      integer,
        points_redeemed  bigint not null,
        points_earned    bigint not null,
        total_minor      bigint not null
    );
"""


@dataclass(frozen=True, slots=True)
class NaiveOrder:
    id: int
    sale: int
    reference: str
    status: str
    product_id: int
    quantity: int
    customer_id: int | None
    points_redeemed: int
    points_earned: int
    total_minor: int


class NaiveStatements:
    """What the naive checkout does in the books over one connection. Nothing here is a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read_stock(self, goods: int) -> int:
        return await self._value("select stock from products where id = %s", [goods])

    async def write_stock(self, goods: int, stock: int) -> None:
        await self._connection.execute("update products set stock = %s where id = %s", [stock, goods])

    async def read_points(self, customer: int) -> int:
        return await self._value("select points from customers where id = %s", [customer])

    async def write_points(self, customer: int, points: int) -> None:
        await self._connection.execute("update customers set points = %s where id = %s", [points, customer])

    async def insert_order(
        self,
        *,
        sale: int,
        reference: str,
        goods: int,
        quantity: int,
        customer: int | None,
        points_redeemed: int,
        points_earned: int,
        total_minor: int,
    ) -> int:
        return await self._value(
            """
            insert into orders (sale, reference, product_id, quantity, customer_id, points_redeemed, points_earned,
                                total_minor)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            returning id
            """,
            [sale, reference, goods, quantity, customer, points_redeemed, points_earned, total_minor],
        )

    async def complete_order(self, order: int) -> None:
        await self._connection.execute("update orders set status = 'completed' where id = %s", [order])

    async def _value(self, statement: str, parameters: Sequence[object]) -> int:
        cursor = await self._connection.execute(statement.encode(), parameters)
        row = await cursor.fetchone()
        assert row is not None, "the books have a row for everything in the schedule"
        value: int = row[0]
        return value


class NaiveBooks:
    """The naive checkout's database. Each visit is a connection of its own, as a hosted function makes it."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[NaiveStatements]:
        """Raises DatabaseUnavailable where the database is away, or goes away before the block ends."""
        try:
            async with await psycopg.AsyncConnection.connect(self._database_url, autocommit=True) as connection:
                yield NaiveStatements(connection)
        except psycopg.OperationalError as failure:
            raise DatabaseUnavailable("the database does not answer") from failure

    async def make(self, stocks: Sequence[int], points: Sequence[int]) -> None:
        """Make the tables with what there is in the morning: for goods and customers by their place."""
        async with await psycopg.AsyncConnection.connect(self._database_url, autocommit=True) as connection:
            await connection.execute(TABLES)
            async with connection.cursor() as cursor:
                await cursor.executemany("insert into products values (%s, %s)", list(enumerate(stocks)))
                await cursor.executemany("insert into customers values (%s, %s)", list(enumerate(points)))

    async def list_orders(self) -> list[NaiveOrder]:
        """In the order in which they were inserted."""
        async with (
            await psycopg.AsyncConnection.connect(self._database_url, autocommit=True) as connection,
            connection.cursor(row_factory=class_row(NaiveOrder)) as cursor,
        ):
            await cursor.execute(
                """
                select id, sale, reference, status, product_id, quantity, customer_id, points_redeemed,
                       points_earned, total_minor
                  from orders
                 order by id
                """
            )
            return await cursor.fetchall()

    async def list_points(self) -> list[int]:
        """What each customer has, by their place."""
        async with await psycopg.AsyncConnection.connect(self._database_url, autocommit=True) as connection:
            cursor = await connection.execute("select points from customers order by id")
            return [row[0] for row in await cursor.fetchall()]
