"""What a benchmark sees of the database while it is under load. Read as the operator."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from ringup.db.pool import Connection


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many connections ringup holds, how many sales there are, how many are open, and how many at a terminal."""

    connections: int
    orders: int
    open_orders: int
    at_terminals: int


class BenchBooks:
    """One connection that sees every table and changes none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def count_under_way(self) -> UnderWay:
        async with self._connection.cursor(row_factory=class_row(UnderWay)) as cursor:
            await cursor.execute(
                """
                select (select count(*) from pg_stat_activity a where a.application_name = 'ringup') as connections,
                       (select count(*) from ringup.orders) as orders,
                       (select count(*) from ringup.orders o
                         where o.status in ('pending_payment', 'payment_processing', 'payment_authorized'))
                           as open_orders,
                       (select count(*) from ringup.payment_transactions p
                         where p.status = 'processing') as at_terminals
                """
            )
            row = await cursor.fetchone()
        assert row is not None, "counts have one row"
        return row

    async def read_clock(self) -> datetime:
        cursor = await self._connection.execute("select ringup.now()")
        row = await cursor.fetchone()
        assert row is not None, "there is a clock"
        now: datetime = row[0]
        return now

    async def count_unsettled(self, begun_before: datetime) -> int:
        """How many orders that were begun before a moment are open, or have money that is still to be found out,
        taken or given back."""
        cursor = await self._connection.execute(
            """
            select count(*)
              from ringup.orders o
             where o.created_at <= %s
               and (o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
                    or exists (select from ringup.payment_transactions p
                                where p.vendor_id = o.vendor_id and p.order_id = o.id
                                  and (p.status in ('created', 'processing', 'unknown', 'voiding')
                                       or (p.status = 'approved' and p.capture_status = 'pending'))))
            """,
            [begun_before],
        )
        row = await cursor.fetchone()
        assert row is not None, "a count has one row"
        count: int = row[0]
        return count


@contextlib.asynccontextmanager
async def open_bench_books(operator_url: str) -> AsyncIterator[BenchBooks]:
    async with await psycopg.AsyncConnection.connect(operator_url, autocommit=True) as connection:
        yield BenchBooks(connection)
