"""A real PostgreSQL for every test that wants one: nothing here imitates it.

`db`         one connection as the admin, in a transaction that is rolled back. Use it by default.
`database`   a fresh copy of the migrated database, for code that commits or opens its own connections.
`registers`  several connections to one fresh copy, for races.

Each xdist worker has a server of its own, because roles belong to the whole server.
RINGUP_TEST_POSTGRES=debian runs the same tests on the oldest PostgreSQL we support.
RINGUP_TEST_KILLS=all kills every kind of sale twice, not only those of which each takes steps of its own.
"""

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow

from ringup.db.embedded import EmbeddedPostgres, start_cluster, start_embedded
from ringup.db.migrate import migrate

pytest_plugins = ["counter_fixtures", "vendor_fixtures", "kill_totals"]

DEBIAN_BINARIES = Path("/usr/lib/postgresql/15/bin")
COPIES = itertools.count(1)

Connection = psycopg.AsyncConnection[TupleRow]


@dataclass(frozen=True)
class Database:
    """One database of the test server."""

    server: EmbeddedPostgres
    name: str

    def url(self, role: str = "postgres") -> str:
        return self.server.url(role, self.name)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """The server of this worker."""
    with a_server() as running:
        yield running


@pytest.fixture
def fresh_server() -> Iterator[EmbeddedPostgres]:
    """A server that nobody has migrated anything on: without our roles, about a second to start."""
    with a_server() as running:
        yield running


@contextlib.contextmanager
def a_server() -> Iterator[EmbeddedPostgres]:
    # Not pytest's own directory: the next run closes that to the account that the server runs as.
    directory = Path(tempfile.mkdtemp(prefix="ringup-test-"))
    running = start_test_server(directory)
    try:
        with admin(running) as connection:
            # If the machine stops, the tests may lose their data.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
            connection.execute("select pg_reload_conf()")
        yield running
    finally:
        running.stop()
        shutil.rmtree(directory)


def start_test_server(directory: Path) -> EmbeddedPostgres:
    wanted = os.environ.get("RINGUP_TEST_POSTGRES", "embedded")
    if wanted == "embedded":
        return start_embedded(directory)
    if wanted == "debian":
        return start_cluster(directory, binaries=DEBIAN_BINARIES, initdb_options=["--locale=C.UTF-8"])
    raise pytest.UsageError(f"RINGUP_TEST_POSTGRES is embedded or debian, not {wanted!r}")


def admin(server: EmbeddedPostgres) -> psycopg.Connection[TupleRow]:
    return psycopg.connect(server.url(database="postgres"), autocommit=True)


def create_copy(server: EmbeddedPostgres, name: str, template: str) -> Database:
    create = sql.SQL("create database {} template {} strategy file_copy")
    with admin(server) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return Database(server, name)


def drop(database: Database) -> None:
    with admin(database.server) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(database.name)))


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres) -> Database:
    """The migrated database that the others are copies of. Nobody connects to it."""
    made = create_copy(server, "template", "template0")
    asyncio.run(migrate(made.url()))
    return made


@pytest.fixture
def empty_database(server: EmbeddedPostgres) -> Iterator[Database]:
    """A database without our schema."""
    made = create_copy(server, f"empty_{next(COPIES)}", "template0")
    yield made
    drop(made)


@pytest.fixture
def database(template: Database) -> Iterator[Database]:
    """A fresh copy of the migrated database, dropped afterwards whoever is still connected."""
    made = create_copy(template.server, f"copy_{next(COPIES)}", template.name)
    yield made
    drop(made)


@pytest.fixture(scope="session")
def shared_database(template: Database) -> Database:
    return create_copy(template.server, "shared", template.name)


@pytest.fixture
async def db(shared_database: Database) -> AsyncIterator[Connection]:
    """One connection as the admin, whose work is undone. It survives a refusal inside `db.transaction()`."""
    async with await psycopg.AsyncConnection.connect(shared_database.url()) as connection:
        yield connection
        await connection.rollback()


@pytest.fixture
async def registers(database: Database) -> AsyncIterator[Callable[..., Awaitable[Connection]]]:
    """Opens one more connection, in autocommit, to one fresh copy: `await registers(role="ringup_app")`."""
    async with contextlib.AsyncExitStack() as connections:

        async def connect(role: str = "postgres") -> Connection:
            connection = await psycopg.AsyncConnection.connect(database.url(role), autocommit=True)
            return await connections.enter_async_context(connection)

        yield connect


@pytest.fixture
def until_waiting() -> Callable[[Connection, int], Awaitable[None]]:
    """Returns when so many sessions of the connection's database stand in line for a lock."""

    async def wait(observer: Connection, count: int) -> None:
        waiting = """
            select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'
        """
        async with asyncio.timeout(5):
            while (await (await observer.execute(waiting)).fetchone() or (0,))[0] < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    return wait


PLAN_AGAIN = """
do $$
declare
    v_function regprocedure;
begin
    for v_function in
        select p.oid::regprocedure from pg_proc p
         where p.pronamespace = 'ringup'::regnamespace and p.proname <> 'now'
           and p.prolang = (select l.oid from pg_language l where l.lanname = 'sql') and p.prosrc like '%ringup.now()%'
    loop
        execute pg_get_functiondef(v_function);
    end loop;
end
$$"""
"""Until PostgreSQL 18 an SQL function that was called in a transaction keeps its plan for the rest of it, with the
former ringup.now() written into it. Making it anew is what it notices."""


@pytest.fixture
def set_clock() -> Callable[[Connection, datetime], Awaitable[None]]:
    """Stops the one clock, ringup.now(), of the connection's database at an instant.

    It replaces the function: with `db` until the rollback, and with `database` or
    `registers` for every connection to that copy. Production has no such switch.
    """

    async def stop(connection: Connection, at: datetime) -> None:
        await connection.execute(
            sql.SQL(
                "create or replace function ringup.now() returns timestamptz"
                " language sql volatile as $$ select {}::timestamptz $$"
            ).format(sql.Literal(at.isoformat()))
        )
        if connection.info.server_version < 180000:
            await connection.execute(PLAN_AGAIN)

    return stop
