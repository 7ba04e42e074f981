"""Sales through PgBouncer in transaction mode, where it is installed: every statement may run in another session."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ringup.checkout.counter import Counter
from ringup.checkout.ring_up import ring_up
from ringup.db.pool import Pool, open_pool
from ringup.domain.cart import Tender
from ringup.domain.errors import DatabaseUnavailable
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import ask, broken_invariants, open_shop_floor, rows

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
SESSIONS, CALLERS, SALES = 2, 6, 20
SECONDS_MAX = 10
LOGIN = """
    create role till login;
    grant ringup_app to till;
    alter role till set role = 'ringup_app';
    alter role till set timezone = 'UTC';
    alter role till set statement_timeout = '10s';
    alter role till set idle_in_transaction_session_timeout = '10s';
"""
CONFIGURATION = """
[databases]
shop = host={host} port={port} dbname={dbname} user=till
[pgbouncer]
unix_socket_dir = {directory}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
logfile = {directory}/log
"""

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")


@pytest.fixture
async def login(observer) -> AsyncIterator[None]:
    await observer.execute(LOGIN)
    yield
    await observer.execute("drop owned by till; drop role till")


@pytest.fixture
async def pooler(database, login) -> AsyncIterator[str]:
    """Its address. It runs as the account of the server, whose socket nobody else may use."""
    there = conninfo_to_dict(database.url())
    with tempfile.TemporaryDirectory(prefix="ringup-test-") as name:
        directory, owner = Path(name), Path(there["host"]).stat()
        configuration = directory / "pgbouncer.ini"
        particulars = {key: there[key] for key in ("host", "port", "dbname")}
        configuration.write_text(CONFIGURATION.format(**particulars, directory=directory, sessions=SESSIONS))
        os.chown(directory, owner.st_uid, owner.st_gid)
        process = subprocess.Popen([PGBOUNCER, "-q", str(configuration)], user=owner.st_uid, group=owner.st_gid)
        try:
            address = make_conninfo(host=name, port=6432, dbname="shop", user="till")
            await until_it_answers(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=SECONDS_MAX)


async def until_it_answers(address: str) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while not await answers(address):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def answers(address: str) -> bool:
    try:
        await (await psycopg.AsyncConnection.connect(address, prepare_threshold=None)).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
async def pooled(pooler) -> AsyncIterator[Pool]:
    pool = await open_pool(pooler, size_max=CALLERS, statement_timeout_ms=5000, transaction_pooler=True)
    yield pool
    await pool.close()


async def test_sales_of_two_shops_go_through_a_few_sessions_and_stay_apart(pooled, observer):
    counter = Counter(pooled, OneTerminal(ScriptedTerminal()))
    floors = [await open_shop_floor(observer) for _ in range(2)]
    cash = (Tender("cash"),)

    sales = [floor.sale(tenders=cash) for floor in floors for _ in range(SALES)]
    sold = await asyncio.gather(*(ring_up(counter, sale) for sale in sales))
    sold += [await ring_up(counter, floor.sale()) for floor in floors]

    assert {sale.answer.response_status for sale in sold} == {201}
    found = await rows(observer, "select vendor_id, count(*) as count from ringup.orders group by vendor_id")
    assert {row["vendor_id"]: row["count"] for row in found} == {floor.vendor: SALES + 1 for floor in floors}
    assert [await floor.stock(observer) for floor in floors] == [(100 - SALES - 1, 0)] * 2
    assert await broken_invariants(observer) == {}
    sessions = "select count(*) from pg_stat_activity where usename = 'till'"
    assert 1 <= await ask(observer, sessions) <= SESSIONS


async def test_a_login_that_brings_nothing_along_is_refused(pooler, observer):
    await observer.execute("alter role till reset all")
    await observer.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'till'")
    pool = await open_pool(pooler, size_max=1, statement_timeout_ms=5000, transaction_pooler=True)
    floor = await open_shop_floor(observer)

    with pytest.raises(DatabaseUnavailable):
        await ring_up(Counter(pool, OneTerminal(ScriptedTerminal())), floor.sale())

    await pool.close()
    assert await ask(observer, "select count(*) from ringup.orders") == 0
