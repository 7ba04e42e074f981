"""Connections for everything but migrations: short of patience, and in no role but the application's."""

import select
from collections import deque

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

APPLICATION_ROLE = "ringup_app"
WAIT_SECONDS = 5.0
"""How long a request may stand in line for a connection before it is told to come again."""
PREPARED_AT = 5
"""How often a connection sends a statement before it is prepared there."""
IDLE_IN_TRANSACTION_MS = 10_000
"""We never leave a transaction open to wait for something; one that is open this long lost its client."""
NOTICE_DEAD_PEER = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}
"""A network that swallows packets ends a call in seconds; by default the kernel waits for two hours."""

Connection = psycopg.AsyncConnection[TupleRow]
Pool = AsyncConnectionPool[Connection]


class _WarmestFirst(deque[Connection]):
    """The pool's connections that are free: the one that came back last is the first to go out again.

    psycopg_pool hands them out in turn. Every session would be asked seldom then, and would find that what it keeps
    (plans, catalogue rows) has left the processor's caches.
    """

    def append(self, connection: Connection, /) -> None:
        self.appendleft(connection)


async def open_pool(
    database_url: str, size_max: int, statement_timeout_ms: int, *, transaction_pooler: bool = False
) -> Pool:
    """Open a pool whose every connection acts as `ringup_app`, one transaction a statement.

    Returns at once even if the database is away: connections are made in the
    background, and asking for one raises psycopg_pool.PoolTimeout after WAIT_SECONDS.
    A connection that a restarted database closed is replaced before it is handed
    out, so the restart costs a second and no sale. Close the pool when done.

    Behind a pooler in transaction mode every statement may run in another session: nothing
    is prepared, and what we would set for a session is asked of the login instead.
    """

    async def configure(connection: Connection) -> None:
        # In a statement, not in the connection's options, which some poolers in between refuse.
        # The role comes last: it may not be allowed to change the rest.
        await connection.execute(
            """
            select set_config('timezone', 'UTC', false),
                   set_config('statement_timeout', %s, false),
                   set_config('idle_in_transaction_session_timeout', %s, false),
                   set_config('role', %s, false)
            """,
            [str(statement_timeout_ms), str(IDLE_IN_TRANSACTION_MS), APPLICATION_ROLE],
        )

    async def check_login(connection: Connection) -> None:
        cursor = await connection.execute(
            """
            select current_user, current_setting('timezone'), current_setting('statement_timeout'),
                   current_setting('idle_in_transaction_session_timeout')
            """
        )
        found = await cursor.fetchone()
        if found is None or found[:2] != (APPLICATION_ROLE, "UTC") or "0" in found[2:]:
            raise psycopg.OperationalError(f"the login behind the pooler does not bring along what it should: {found}")

    async def refuse_closed(connection: Connection) -> None:
        if not _is_closed_by_server(connection):
            return
        # Its neighbours are likely gone too. Replaced together, they cost the callers one wait, not one each.
        await connection.close()
        await pool.check()
        raise psycopg.OperationalError("the database closed the connection")

    pool: Pool = AsyncConnectionPool(
        database_url,
        kwargs={
            "autocommit": True,
            "application_name": "ringup",
            "prepare_threshold": None if transaction_pooler else PREPARED_AT,
            **NOTICE_DEAD_PEER,
        },
        min_size=min(2, size_max),
        max_size=size_max,
        timeout=WAIT_SECONDS,
        configure=check_login if transaction_pooler else configure,
        check=refuse_closed,
        name="ringup",
        open=False,
    )
    # No option of the library says so. Should it name this otherwise one day, tests/db/test_pool.py notices.
    pool._pool = _WarmestFirst()
    await pool.open()
    return pool


def _is_closed_by_server(connection: Connection) -> bool:
    """A server has nothing to say to a connection that asked nothing, unless it is saying goodbye.

    Looking costs microseconds; AsyncConnectionPool.check_connection makes a round trip,
    a tenth of a millisecond in front of every call on the same machine.
    """
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))
