"""What operators ask: is this server fit for ringup, and is any money without an order."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from ringup.db.ask import ask_all
from ringup.db.migrate import read_schema_source
from ringup.db.pool import APPLICATION_ROLE, Connection, Pool
from ringup.domain.errors import DatabaseUnavailable

CONNECT_SECONDS = 5
NOT_MIGRATED = (
    errors.InvalidParameterValue,
    errors.InvalidSchemaName,
    errors.UndefinedTable,
    errors.UndefinedObject,
)
"""What a database answers that has no roles or no schema of ours, or not yet this view."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """`version_number` is 150004 for 15.4; `now` is the server's clock."""

    version_number: int
    version: str
    now: datetime


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What the application's role could do that it must not."""

    is_superuser: bool
    bypasses_row_security: bool
    acts_as_owner: bool
    owned_objects: int


@dataclass(frozen=True, slots=True)
class OrphanedPayment:
    """Approved money without a completed order. Amounts are minor units."""

    vendor_id: UUID
    payment_id: UUID
    order_id: UUID
    payment_processor_id: UUID | None
    reference_id: str
    amount_minor: int
    approved_minor: int
    currency: str
    order_status: str
    created_at: datetime


async def schema_is_current(database_url: str) -> bool:
    """Whether the schema was made from exactly the SQL of this version. Needs no more than to act as ringup_app."""
    async with _connected(database_url) as connection:
        try:
            await connection.execute("select set_config('role', %s, false)", [APPLICATION_ROLE])
            cursor = await connection.execute("select v.checksum from ringup.schema_version v")
        except NOT_MIGRATED:
            return False
        return await cursor.fetchone() == (read_schema_source().checksum,)


async def read_server(database_url: str) -> ServerFacts:
    """Raises DatabaseUnavailable, with the reason, where there is nobody to ask."""
    async with _connected(database_url) as connection, connection.cursor(row_factory=class_row(ServerFacts)) as c:
        await c.execute("""
            select current_setting('server_version_num')::integer as version_number,
                   current_setting('server_version') as version,
                   clock_timestamp() as now
        """)
        facts = await c.fetchone()
    assert facts is not None, "a select without a table has one row"
    return facts


async def read_application_role(database_url: str) -> RoleFacts | None:
    """What the application's role could do; None where there is no such role."""
    async with _connected(database_url) as connection, connection.cursor(row_factory=class_row(RoleFacts)) as c:
        await c.execute(
            """
            select r.rolsuper as is_superuser,
                   r.rolbypassrls as bypasses_row_security,
                   exists (select from pg_catalog.pg_roles o
                            where o.rolname = 'ringup_owner' and pg_catalog.pg_has_role(r.oid, o.oid, 'member'))
                       as acts_as_owner,
                   (select count(*) from pg_catalog.pg_class c where c.relowner = r.oid)
                       + (select count(*) from pg_catalog.pg_proc p where p.proowner = r.oid)
                       + (select count(*) from pg_catalog.pg_namespace n where n.nspowner = r.oid)
                       as owned_objects
              from pg_catalog.pg_roles r
             where r.rolname = %s
            """,
            [APPLICATION_ROLE],
        )
        return await c.fetchone()


async def list_orphaned_payments(db: Pool) -> list[OrphanedPayment]:
    """Of all vendors. Safe while the shop is open: money of a checkout under way is not orphaned."""
    return await ask_all(
        db,
        OrphanedPayment,
        """
        select f.vendor_id, f.payment_id, f.order_id, f.payment_processor_id, f.reference_id, f.amount_minor,
               f.approved_minor, f.currency, f.order_status, f.created_at
          from ringup.find_orphaned_payments() f
        """,
        [],
    )


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[Connection]:
    try:
        connection = await psycopg.AsyncConnection.connect(
            database_url, autocommit=True, connect_timeout=CONNECT_SECONDS
        )
    except psycopg.OperationalError as failure:
        raise DatabaseUnavailable(f"the database does not answer: {failure}") from failure
    except psycopg.ProgrammingError:
        # The reason quotes the piece that was not understood, and that may be a part of the password.
        raise DatabaseUnavailable("the database's URL is not one that PostgreSQL's clients understand") from None
    async with connection:
        yield connection
