"""The database goes away at the worst moment: after COMMIT and before its answer, and under load."""

import asyncio
import random
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from lossy_proxy import lossy

from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import ring_up
from ringup.db.embedded import EmbeddedPostgres
from ringup.db.migrate import migrate
from ringup.db.pool import Pool, open_pool
from ringup.domain.cart import SaleRequest
from ringup.domain.errors import RingupError
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows

STEPS = ["prepare_checkout", "begin_payment", "record_outcome", "complete_checkout"]


async def press_until_it_sells(counter: Counter, request: SaleRequest, tries: int) -> int | None:
    """What a till does that hears nothing: the same key again, after a moment."""
    for _ in range(tries):
        try:
            rung = await ring_up(counter, request)
        except RingupError:
            await asyncio.sleep(0.05)
            continue
        if rung.answer.response_status is not None:
            return rung.answer.response_status
        await asyncio.sleep(0.05)
    return None


async def recover(recovery: Recovery, floor: ShopFloor, observer: Connection, rounds: int = 4) -> None:
    for _ in range(rounds):
        await observer.execute(
            "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
        )
        await observer.execute("update ringup.orders set lease_until = now() where lease_until is not null")
        await sweep(recovery, floor.vendor)


@pytest.mark.parametrize("step", STEPS)
async def test_a_commit_whose_answer_is_lost_is_one_sale(
    database, observer: Connection, floor: ShopFloor, terminal: ScriptedTerminal, step: str
) -> None:
    # A short path: a socket's name has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="lossy-") as directory:
        async with lossy(database.server.socket_directory, Path(directory)) as proxy:
            url = f"postgresql://postgres@/{database.name}?host={directory}&port=5432"
            pool = await open_pool(url, size_max=3, statement_timeout_ms=5000)
            await pool.wait()
            counter = Counter(pool, OneTerminal(terminal), Patience(terminal_wait=2.0))
            request = floor.sale()
            terminal.proves_absence = True
            proxy.lose_answer_to = f"ringup.{step}("

            first = await asyncio.gather(ring_up(counter, request), return_exceptions=True)
            await recover(Recovery(pool, OneTerminal(terminal)), floor, observer)
            told = await press_until_it_sells(counter, request, tries=40)
            await pool.close()

    assert proxy.lost == [f"ringup.{step}("], first
    assert told == 201
    assert len(terminal.moved) == 1
    assert await ask(observer, "select count(*) from ringup.orders where status = 'completed'") == 1
    assert await broken_invariants(observer) == {}


@pytest.mark.slow
async def test_postgresql_stopped_at_once_under_load_loses_nothing(fresh_server: EmbeddedPostgres) -> None:
    with psycopg.connect(fresh_server.url(), autocommit=True) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"alter system set {setting} = on".encode())
        admin.execute("select pg_reload_conf()")
    await migrate(fresh_server.url())
    dice = random.Random(7)
    pool = await open_pool(fresh_server.url(), size_max=6, statement_timeout_ms=5000)
    async with await psycopg.AsyncConnection.connect(fresh_server.url(), autocommit=True) as setting_up:
        floor = await open_shop_floor(setting_up, stock=1000)
        terminals = {uuid.uuid4(): ScriptedTerminal(proves_absence=True) for _ in range(4)}
        for number, processor in enumerate(terminals):
            await floor.add_terminal(setting_up, processor, f"Lane {number}")
    counter = Counter(pool, Several(terminals), Patience(terminal_wait=20.0, step=1))
    requests = []
    for _ in range(60):
        floor.terminal = dice.choice(list(terminals))
        requests.append(floor.sale(customer_id=floor.customer))

    tills = [asyncio.create_task(sell(counter, dice, request)) for request in requests]
    for _ in range(2):
        await asyncio.sleep(0.3)
        await asyncio.to_thread(fresh_server.crash)
    await asyncio.gather(*tills)
    async with await psycopg.AsyncConnection.connect(fresh_server.url(), autocommit=True) as observer:
        for _ in range(4):
            await recover(Recovery(pool, Several(terminals)), floor, observer)
        told = await asyncio.gather(*(press_until_it_sells(counter, request, tries=100) for request in requests))

        moved = [reference for terminal in terminals.values() for reference in terminal.moved]
        sold = await rows(
            observer,
            "select p.reference_id as ref from ringup.payment_transactions p join ringup.orders o on o.id = p.order_id"
            " where o.status = 'completed'",
        )
        assert told == [201] * 60
        assert sorted(moved) == sorted(row["ref"] for row in sold)
        assert len(set(moved)) == len(moved) == 60
        assert await broken_invariants(observer) == {}
    await pool.close()


async def sell(counter: Counter, dice: random.Random, request: SaleRequest) -> None:
    await asyncio.sleep(dice.random() * 0.8)
    await press_until_it_sells(counter, request, tries=60)


class Several:
    def __init__(self, terminals: dict[uuid.UUID, ScriptedTerminal]) -> None:
        self.terminals = terminals

    async def get(self, vendor_id: uuid.UUID, processor_id: uuid.UUID) -> ScriptedTerminal:
        return self.terminals[processor_id]


async def test_two_recoverers_at_once_undo_and_capture_each_thing_once(
    pool: Pool, counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor, observer: Connection
) -> None:
    terminal.auth_capture = True
    for _ in range(10):
        await ring_up(counter, floor.sale())
    recoveries = [Recovery(pool, OneTerminal(terminal)) for _ in range(4)]

    await asyncio.gather(*(sweep(each, floor.vendor) for each in recoveries))

    assert sorted(terminal.captured) == sorted(terminal.moved)
    assert await broken_invariants(observer) == {}
