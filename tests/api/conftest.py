"""The API with everything behind it that is real in production, and a simulator where the vendor is.

`store`    an app on a fresh copy of a seeded database, with tills of two retailers and a simulated terminal.
`counter`  one retailer's till on a database that all tests share: for requests that are refused.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from ringup.db.calls.shop import record_health
from ringup.simulator.settings import SimulatorSettings
from ringup.wiring import Shop, open_shop
from storefront import Lane, Retailer, Till, client_of, place_terminals, running, seed, settings_for
from vendor_fixtures import simulator_in_a_thread

COPIES = itertools.count(1)
CLOCK_RATE = 20


@pytest.fixture(scope="session")
def simulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A simulator whose seconds are short."""
    settings = SimulatorSettings(
        data_directory=tmp_path_factory.mktemp("simulator"), fsync=False, clock_rate=CLOCK_RATE
    )
    with simulator_in_a_thread(settings) as url:
        yield url


@dataclass(frozen=True)
class Seeded:
    """A database with two retailers in it, that nobody is connected to."""

    copy: Callable[[str], str]
    drop: Callable[[str], None]
    retailers: tuple[Retailer, Retailer]


@pytest.fixture(scope="session")
def seeded(server: Any, template: Any, tmp_path_factory: pytest.TempPathFactory, simulator_url: str) -> Seeded:
    def run(statement: str, *names: str) -> None:
        with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def copy(name: str, source: str = "storefront") -> str:
        run("create database {} template {} strategy file_copy", name, source)
        url: str = server.url("postgres", name)
        return url

    async def fill(url: str) -> tuple[Retailer, Retailer]:
        async with open_shop(settings_for(tmp_path_factory.mktemp("seed")), url) as shop:
            retailers = (await seed(shop), await seed(shop))
            for retailer in retailers:
                await place_terminals(shop, retailer, simulator_url)
            return retailers

    retailers = asyncio.run(fill(copy("storefront", template.name)))
    return Seeded(copy, lambda name: run("drop database {} with (force)", name), retailers)


@dataclass
class Store:
    """An app and what a test wants to see of it."""

    app: FastAPI
    shop: Shop
    ours: Till
    theirs: Till
    lane: Lane
    database_url: str

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        return client_of(self.app, token)

    async def execute(self, statement: str, *parameters: Any) -> list[Any]:
        """What an admin sees and does."""
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            return await cursor.fetchall() if cursor.description else []


@pytest.fixture
async def store(
    request: pytest.FixtureRequest, seeded: Seeded, simulator_url: str, tmp_path: Path
) -> AsyncIterator[Store]:
    settings = settings_for(tmp_path, **getattr(request, "param", {}))
    name = f"store_{next(COPIES)}"
    url = seeded.copy(name)
    ours, theirs = seeded.retailers
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(seeded.drop, name)
        app = await stack.enter_async_context(running(settings, url))
        tpn = await place_terminals(app.state.shop, ours, simulator_url)
        control = httpx.AsyncClient(base_url=simulator_url, timeout=10, verify=False)
        lane = Lane(await stack.enter_async_context(control), tpn)
        await lane.behave()
        tills = [
            Till(retailer, await stack.enter_async_context(client_of(app, retailer.token)))
            for retailer in (ours, theirs)
        ]
        yield Store(app, app.state.shop, tills[0], tills[1], lane, url)


@pytest.fixture(scope="session")
def refusals_url(seeded: Seeded) -> str:
    return seeded.copy("refusals")


@pytest.fixture
async def counter(seeded: Seeded, refusals_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    retailer = seeded.retailers[0]
    async with (
        running(settings_for(tmp_path, body_limit_bytes=100_000), refusals_url) as app,
        client_of(app, retailer.token) as client,
    ):
        # The database is as old as the test run, and green is green for ten minutes.
        for terminal in (retailer.terminal, retailer.spare_terminal):
            await record_health(
                app.state.shop.db, retailer.vendor, terminal, status="online", detail=None, latency_ms=5
            )
        yield Till(retailer, client)
