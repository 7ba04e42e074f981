"""Every connection acts as the application, gives up in time, and outlives the database's restarts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege, QueryCanceled
from psycopg_pool import PoolTimeout

from ringup.db.ask import ask_value, read_all
from ringup.db.pool import Pool, open_pool


@pytest.fixture
async def pool(shared_database) -> AsyncIterator[Pool]:
    opened = await open_pool(shared_database.url(), size_max=2, statement_timeout_ms=300)
    yield opened
    await opened.close()


async def fetch(pool: Pool, query: str) -> tuple[object, ...] | None:
    async with pool.connection() as connection:
        return await (await connection.execute(query.encode())).fetchone()


async def test_whoever_logs_in_becomes_the_application(pool):
    assert await fetch(pool, "select current_user::text") == ("ringup_app",)


async def test_the_application_cannot_read_a_table(pool):
    with pytest.raises(InsufficientPrivilege):
        await fetch(pool, "select number from ringup.schema_migrations")


async def test_times_are_in_utc_and_transactions_are_not_left_open(pool):
    settings = ("timezone", "idle_in_transaction_session_timeout", "application_name")
    asked = ", ".join(f"current_setting('{name}')" for name in settings)

    assert await fetch(pool, f"select {asked}") == ("UTC", "10s", "ringup")


async def test_a_statement_that_takes_too_long_is_ended(pool):
    with pytest.raises(QueryCanceled):
        await fetch(pool, "select pg_sleep(20)")


async def test_each_statement_is_committed_when_it_returns(pool):
    first = await fetch(pool, "select pg_current_xact_id()::text")
    second = await fetch(pool, "select pg_current_xact_id()::text")

    assert first != second


async def test_the_connection_that_came_back_last_is_asked_next(shared_database):
    pool = await open_pool(shared_database.url(), size_max=3, statement_timeout_ms=3000)
    await asyncio.gather(*(fetch(pool, "select pg_sleep(0.2)") for _ in range(3)))

    async with pool.connection() as connection:
        process_id = connection.info.backend_pid
    asked = [await fetch(pool, "select pg_backend_pid()") for _ in range(5)]
    await pool.close()

    assert asked == [(process_id,)] * 5


async def test_a_connection_that_the_database_closed_is_replaced_unseen(pool, db):
    before = await fetch(pool, "select pg_backend_pid()")
    ended = await db.execute(
        "select pg_terminate_backend(a.pid, 2000) from pg_stat_activity a where a.application_name = 'ringup'"
    )
    assert {row[0] for row in await ended.fetchall()} == {True}

    after = await fetch(pool, "select pg_backend_pid()")

    assert after != before


async def test_a_database_that_is_away_is_noticed_by_asking_and_not_by_opening(shared_database):
    pool = await open_pool(make_conninfo(shared_database.url(), dbname="nowhere"), 1, 1000)

    with pytest.raises(PoolTimeout):
        async with pool.connection(timeout=0.1):
            pass
    await pool.close()


@dataclass(frozen=True)
class Slept:
    slept: object


async def test_what_is_written_after_a_read_that_was_given_up_is_committed(shared_database):
    """A page that closes gives its reads up half-way. The next one on that connection may be a sale."""
    pool = await open_pool(shared_database.url(), size_max=1, statement_timeout_ms=5000)
    written = []
    for milliseconds in range(20):
        read = asyncio.create_task(read_all(pool, uuid4(), Slept, "select pg_sleep(0.01) as slept", []))
        await asyncio.sleep(milliseconds / 1000)
        read.cancel()
        await asyncio.wait([read])
        written.append(await ask_value(pool, "select pg_current_xact_id()::text", []))
    became = await ask_value(
        pool, "select array_agg(distinct pg_xact_status(x::xid8)) from unnest(%s::text[]) as x", [written]
    )
    await pool.close()

    assert became == ["committed"]
