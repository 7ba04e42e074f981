"""How every call reaches the database: one statement, one transaction, our errors.

Foreign errors are translated here and nowhere else, by SQLSTATE and never by message.
"""

import asyncio
import contextlib
import functools
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from ringup import failpoints
from ringup.db.pool import Connection, Pool
from ringup.domain.errors import DatabaseUnavailable, leaves

Row = TypeVar("Row")
Parameters = Sequence[object] | Mapping[str, object]

ERROR_BY_SQLSTATE = {error.sqlstate: error for error in leaves() if error.sqlstate}

TRY_AGAIN = ("08", "40", "53", "55", "57", "58")
"""SQLSTATE classes that say nothing about the request: connection, rollback, resources, locks, operator, system."""


ONLY_READS = ("read_", "list_", "find_", "preview_")
ENTRY_FUNCTION = re.compile(r"ringup\.(\w+)\s*\(")


@functools.cache
def entry_function(statement: str) -> str:
    """The entry function that a statement calls, if it writes; empty where there is nothing to lose."""
    called = ENTRY_FUNCTION.search(statement)
    return "" if called is None or called[1].startswith(ONLY_READS) else called[1]


@contextlib.contextmanager
def step(statement: str) -> Iterator[None]:
    """Every durable step can be died before and after: after the commit, before anybody hears of it."""
    name = entry_function(statement)
    if name:
        failpoints.reached(f"before:{name}")
    yield
    if name:
        failpoints.reached(f"after:{name}")


@contextlib.asynccontextmanager
async def our_errors() -> AsyncIterator[None]:
    """Raise our error for our SQLSTATE, `DatabaseUnavailable` where the server is away, and let bugs through."""
    try:
        yield
    except (PoolTimeout, PoolClosed, TooManyRequests) as failure:
        raise DatabaseUnavailable("no connection to the database is free") from failure
    except psycopg.Error as failure:
        raise _translated(failure) from failure


def _translated(failure: psycopg.Error) -> Exception:
    sqlstate = failure.sqlstate or failure.diag.sqlstate
    ours = ERROR_BY_SQLSTATE.get(sqlstate) if sqlstate else None
    if ours is not None:
        return ours(failure.diag.message_primary or "", _facts(failure))
    lost_connection = isinstance(failure, psycopg.OperationalError) and sqlstate is None
    if lost_connection or (sqlstate or "").startswith(TRY_AGAIN):
        return DatabaseUnavailable("the database does not answer")
    return failure


def _facts(failure: psycopg.Error) -> Mapping[str, Any]:
    """Our functions put particulars into the error's detail, as a JSON object."""
    detail = failure.diag.message_detail
    if not detail:
        return {}
    facts: Mapping[str, Any] = json.loads(detail)
    return facts


async def ask_all(db: Pool, row_type: type[Row], statement: str, parameters: Parameters) -> list[Row]:
    """Run one statement as one transaction and return its rows."""
    with step(statement):
        async with (
            our_errors(),
            db.connection() as connection,
            connection.cursor(row_factory=class_row(row_type)) as cursor,
        ):
            await cursor.execute(statement.encode(), parameters)
            return await cursor.fetchall()


async def ask_one(db: Pool, row_type: type[Row], statement: str, parameters: Parameters) -> Row:
    """Run a statement that answers exactly one row, or raises."""
    rows = await ask_all(db, row_type, statement, parameters)
    assert len(rows) == 1, "an entry function answers one row or raises"
    return rows[0]


async def ask_value(db: Pool, statement: str, parameters: Parameters) -> Any:
    """Run a statement that answers one value."""
    with step(statement):
        async with our_errors(), db.connection() as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            row = await cursor.fetchone()
    assert row is not None, "an entry function answers one row or raises"
    return row[0]


@contextlib.asynccontextmanager
async def pipeline(connection: Connection) -> AsyncIterator[None]:
    """Statements that travel together, as one transaction.

    A task that is cancelled in here may leave the pipeline on, while psycopg calls the connection idle: whatever
    the next one writes there is answered, and rolled back later. Such a connection is closed; the pool makes another.
    """
    try:
        async with connection.pipeline(), connection.transaction():
            yield
    except asyncio.CancelledError:
        await connection.close()
        raise


async def read_all(db: Pool, vendor_id: UUID, row_type: type[Row], statement: str, parameters: Parameters) -> list[Row]:
    """Read views as one vendor: the claim and the query travel together, in one transaction."""
    async with our_errors(), db.connection() as connection, pipeline(connection):
        await connection.execute("select set_config('ringup.vendor_id', %s, true)", [str(vendor_id)])
        async with connection.cursor(row_factory=class_row(row_type)) as cursor:
            await cursor.execute(statement.encode(), parameters)
            return await cursor.fetchall()
