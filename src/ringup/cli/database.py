"""Which database a command works on, and the shop on top of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import uvloop

from ringup.cli.output import CannotRun
from ringup.db.embedded import EmbeddedPostgres, start_embedded
from ringup.db.migrate import migrate
from ringup.db.reads.operations import schema_is_current
from ringup.logs import logging_while
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Database:
    """`server` is the embedded one, or None where the operator has a server of their own."""

    url: str
    server: EmbeddedPostgres | None


@contextlib.contextmanager
def open_database(settings: Settings, *, may_create: bool = False) -> Iterator[Database]:
    """The operator's server; or ours, started if it does not run, and stopped by its last user.

    Raises CannotRun where there is neither, unless a new one may be made.
    """
    if settings.database_url:
        yield Database(settings.database_url.get_secret_value(), None)
        return
    if not may_create and not (settings.data_dir / "postgres").exists():
        raise CannotRun(
            f"there is no shop in {settings.data_dir}",
            "Open one with `ringup demo` or `ringup serve`, go to where it is, or set RINGUP_DATABASE_URL.",
        )
    server = start_embedded(settings.data_dir)
    try:
        yield Database(server.url(), server)
    finally:
        server.stop()


async def make_current(database: Database) -> None:
    """Migrate our own server; refuse another's whose schema is not this version's (CannotRun)."""
    if database.server:
        await migrate(database.url)
    elif not await schema_is_current(database.url):
        raise CannotRun(
            "the database's schema is not the one of this version of ringup",
            "Run `ringup migrate`, as a role that may create schemas and roles, and start again.",
        )


@contextlib.asynccontextmanager
async def open_current_shop(settings: Settings, database: Database) -> AsyncIterator[Shop]:
    """Everything a command works with, on a database that fits."""
    await make_current(database)
    async with open_shop(settings, database.url) as shop:
        yield shop


def with_shop(settings: Settings, action: Callable[[Shop], Awaitable[Result]]) -> Result:
    """Open the shop that is there, do one thing in it, and close it again."""

    async def act(database: Database) -> Result:
        async with open_current_shop(settings, database) as shop:
            return await action(shop)

    with logging_while(settings.log_level), open_database(settings) as database, loop_runner() as runner:
        return runner.run(act(database))


def loop_runner() -> asyncio.Runner:
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)
