"""What a drill compares with the processor's journal and with what cashiers were told. Read as the operator."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from ringup.db.pool import Connection


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """`references` are those of its card charges that stand. Points and amounts are the order's own."""

    idempotency_key: str
    points_redeemed: int
    points_earned: int
    total_minor: int
    references: list[str]


@dataclass(frozen=True, slots=True)
class ReferenceOf:
    """A charge that was ever begun, and the key of the checkout that it was for."""

    reference_id: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class PointsOf:
    """A customer by the phone number, which is the drill's own name for them."""

    phone: str
    loyalty_points: int


class DrillBooks:
    """One connection that sees every table and changes none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def list_completed_orders(self) -> list[CompletedOrder]:
        """In the order in which they were completed."""
        async with self._connection.cursor(row_factory=class_row(CompletedOrder)) as cursor:
            await cursor.execute(
                """
                select o.idempotency_key, o.points_redeemed, o.points_earned, o.total_minor,
                       array(select p.reference_id from ringup.payment_transactions p
                              where p.vendor_id = o.vendor_id and p.order_id = o.id
                                and p.tender_type = 'card' and p.status = 'approved') as references
                  from ringup.orders o
                 where o.status = 'completed'
                 order by o.completed_at, o.id
                """
            )
            return await cursor.fetchall()

    async def list_references(self) -> list[ReferenceOf]:
        async with self._connection.cursor(row_factory=class_row(ReferenceOf)) as cursor:
            await cursor.execute(
                """
                select p.reference_id, o.idempotency_key
                  from ringup.payment_transactions p
                  join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
                """
            )
            return await cursor.fetchall()

    async def list_points(self) -> list[PointsOf]:
        async with self._connection.cursor(row_factory=class_row(PointsOf)) as cursor:
            await cursor.execute("select c.phone, c.loyalty_points from ringup.customers c")
            return await cursor.fetchall()

    async def count_unsettled(self) -> int:
        """How many orders are open, or have money that is still to be found out, taken or given back."""
        cursor = await self._connection.execute(
            """
            select count(*)
              from ringup.orders o
             where o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
                or exists (select from ringup.payment_transactions p
                            where p.vendor_id = o.vendor_id and p.order_id = o.id
                              and (p.status in ('created', 'processing', 'unknown', 'voiding')
                                   or (p.status = 'approved' and p.capture_status = 'pending')))
            """
        )
        row = await cursor.fetchone()
        assert row is not None, "a count has one row"
        count: int = row[0]
        return count


@contextlib.asynccontextmanager
async def open_drill_books(operator_url: str) -> AsyncIterator[DrillBooks]:
    async with await psycopg.AsyncConnection.connect(operator_url, autocommit=True) as connection:
        yield DrillBooks(connection)
