"""For tests of the verbs: a shop in a fresh database, a pool as the application has it, a scripted terminal."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from ringup.checkout.counter import Counter, Patience
from ringup.db.pool import Pool, open_pool
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import Connection, ShopFloor, open_shop_floor


@pytest.fixture
async def observer(database) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
        yield connection


@pytest.fixture
async def floor(observer: Connection) -> ShopFloor:
    return await open_shop_floor(observer)


@pytest.fixture
async def pool(database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.url(), size_max=6, statement_timeout_ms=5000)
    yield opened
    await opened.close()


@pytest.fixture
def terminal() -> ScriptedTerminal:
    return ScriptedTerminal()


@pytest.fixture
def counter(pool: Pool, terminal: ScriptedTerminal) -> Counter:
    return Counter(pool, OneTerminal(terminal), Patience(door=60.0, terminal_wait=2.0, step=15, hold=300))
