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


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An order that is open, or has money that is still to be found out, taken or given back.

    `payments` says of each of its payments where it stands, what was heard last and when it is asked again.
    """

    idempotency_key: str
    status: str
    payments: list[str]

    def __str__(self) -> str:
        return f"{self.status}; {'; '.join(self.payments)}"


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

    async def list_unsettled(self) -> list[Unsettled]:
        async with self._connection.cursor(row_factory=class_row(Unsettled)) as cursor:
            await cursor.execute(
                """
                select o.idempotency_key, o.status,
                       array(select format('%s %s after %s checks, again in %s s: %s', p.tender_type, p.status,
                                           p.check_count,
                                           coalesce(extract(epoch from p.next_check_at - ringup.now())::int::text, '-'),
                                           coalesce(p.error_message, '-'))
                               from ringup.payment_transactions p
                              where p.vendor_id = o.vendor_id and p.order_id = o.id
                              order by p.tender_number) as payments
                  from ringup.orders o
                 where o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
                    or exists (select from ringup.payment_transactions p
                                where p.vendor_id = o.vendor_id and p.order_id = o.id
                                  and (p.status in ('created', 'processing', 'unknown', 'voiding')
                                       or (p.status = 'approved' and p.capture_status = 'pending')))
                """
            )
            return await cursor.fetchall()


@contextlib.asynccontextmanager
async def open_drill_books(operator_url: str) -> AsyncIterator[DrillBooks]:
    async with await psycopg.AsyncConnection.connect(operator_url, autocommit=True) as connection:
        yield DrillBooks(connection)
