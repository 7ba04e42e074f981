"""K8 with the whole server in it: API and worker are killed at once, and every till asks again at once."""

import asyncio
import base64
import contextlib
import json
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from demo_process import RINGUP, environment
from ringup.keyring import Keyring
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows

pytestmark = pytest.mark.slow

ROOT_KEY = bytes(range(32))
AUTH_KEY = "ABCDEFGHIJ"
CUSTOMER_SECONDS = 10
"""How long those customers look for their cards whose terminals are asked when the server dies."""
WAIT_SECONDS_MAX = 60


@contextlib.contextmanager
def server(database_url: str, directory: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `ringup serve`, API and worker in one process, and its address."""
    settings = {
        "RINGUP_DATABASE_URL": database_url,
        "RINGUP_SECRET_KEY": base64.b64encode(ROOT_KEY).decode(),
        "RINGUP_LOG_LEVEL": "error",
    }
    process = subprocess.Popen(
        [RINGUP, "serve", "--json"], env=environment(directory) | settings, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


class Tills:
    """Eight tills of one shop, each with a terminal of its own, and a sale that always has the same key."""

    def __init__(self, observer: Connection, floor: ShopFloor, simulator: httpx.AsyncClient) -> None:
        self.observer = observer
        self.floor = floor
        self.simulator = simulator
        self.terminals = [uuid.uuid4() for _ in range(8)]
        self.tpns = [f"{terminal.int % 10**12:012}" for terminal in self.terminals]
        self.token = ""

    async def open(self) -> None:
        keyring = Keyring(ROOT_KEY)
        made = keyring.make_api_key()
        self.token = made.token
        await ask(
            self.observer,
            "select ringup.create_api_key(%s, %s, 'till', %s, %s, '{*}', null, 'Ada')",
            self.floor.vendor, uuid.uuid4(), made.prefix, made.secret_hash,
        )  # fmt: skip
        for number, (terminal, tpn) in enumerate(zip(self.terminals, self.tpns, strict=True)):
            delay = CUSTOMER_SECONDS if number < 4 else 0
            profile = {"auth_key": AUTH_KEY, "answer_delay_seconds": delay}
            (await self.simulator.put(f"/control/terminals/{tpn}", json=profile)).raise_for_status()
            sealed = keyring.encrypt(AUTH_KEY, vendor_id=self.floor.vendor, row_id=terminal)
            settings = {"base_url": str(self.simulator.base_url), "tpn": tpn, "mode": "sale"}
            await ask(
                self.observer,
                "select ringup.save_processor(%s, %s, %s, %s, 'dejavoo_spin', true, false, %s, %s, 'k', 'Ada')",
                self.floor.vendor, terminal, self.floor.location, f"Lane {number}", Jsonb(settings), sealed,
            )  # fmt: skip

    async def sell(self, url: str) -> list[int | None]:
        """All at the same instant. What each is told; None where the line went dead."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=WAIT_SECONDS_MAX) as client:
            return await asyncio.gather(*(self._sell(client, terminal) for terminal in self.terminals))

    async def _sell(self, client: httpx.AsyncClient, terminal: uuid.UUID) -> int | None:
        cart = {
            "location_id": str(self.floor.location),
            "register_id": str(self.floor.register),
            "lines": [{"sku": "COF-250", "quantity": 1}],
            "tenders": [{"type": "card", "processor_id": str(terminal)}],
        }
        try:
            sold = await client.post("/v1/checkouts", json=cart, headers={"Idempotency-Key": f"sale-{terminal}"})
        except httpx.TransportError:
            return None
        return sold.status_code

    async def charges(self) -> list[dict[str, Any]]:
        found = (await self.simulator.get("/control/charges")).raise_for_status().json()
        return [charge for charge in found if charge["tpn"] in self.tpns and charge["net_cents"]]


@pytest.fixture
async def tills(observer: Connection, floor: ShopFloor, vendor_url: str) -> AsyncIterator[Tills]:
    async with httpx.AsyncClient(base_url=vendor_url) as simulator:
        made = Tills(observer, floor, simulator)
        await made.open()
        yield made


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(WAIT_SECONDS_MAX):
        while not await is_so():  # noqa: ASYNC110  it happens in other processes
            await asyncio.sleep(0.05)


async def leases_run_out(observer: Connection) -> None:
    await observer.execute(
        "update ringup.payment_transactions set sent_at = sent_at - interval '4 minutes',"
        " next_check_at = next_check_at - interval '4 minutes' where next_check_at is not null"
    )
    await observer.execute("update ringup.orders set lease_until = lease_until - interval '4 minutes'")


async def test_k8_the_whole_server_dies_with_eight_sales_under_way_and_everybody_asks_again_at_once(
    tills: Tills, observer: Connection, floor: ShopFloor, registers, until_waiting, database, tmp_path
) -> None:
    # Four customers look for their cards; four have paid, and their sales wait for the register's row.
    register = await registers()
    with server(database.url(), tmp_path) as (process, url):
        async with register.transaction():
            await register.execute("select * from ringup.register_sessions for no key update")
            selling = asyncio.create_task(tills.sell(url))
            await until(lambda: four_have_paid_and_four_are_asked(tills))
            await until_waiting(observer, 4)
            process.kill()
            told_by_the_dead = await selling

    with server(database.url(), tmp_path) as (_, url):
        at_once = await tills.sell(url)
        await until(lambda: all_are_charged(tills))
        await leases_run_out(observer)
        await until(lambda: all_are_sold(tills, url))

    charged = [charge["reference_id"] for charge in await tills.charges()]
    paid_for = "select p.reference_id from ringup.payment_transactions p join ringup.orders o on o.id = p.order_id"
    sold = [row["reference_id"] for row in await rows(observer, f"{paid_for} where o.status = 'completed'")]
    assert told_by_the_dead == [None] * 8
    assert set(at_once) <= {201, 202, 409}
    assert len(charged) == len(set(charged)) == 8
    assert sorted(sold) == sorted(charged)
    assert [charge["net_cents"] for charge in await tills.charges()] == [1000] * 8
    assert await ask(observer, "select count(*) from ringup.orders") == 8
    assert await floor.stock(observer) == (92, 0)
    assert await rows(observer, "select * from ringup.limbo") == []
    assert await broken_invariants(observer) == {}


async def four_have_paid_and_four_are_asked(tills: Tills) -> bool:
    approved = "select count(*) from ringup.payment_transactions where status = 'approved'"
    terminals = (await tills.simulator.get("/control/terminals")).raise_for_status().json()
    running = [terminal for terminal in terminals if terminal["tpn"] in tills.tpns and terminal["running"] == "Sale"]
    return (len(running), await ask(tills.observer, approved)) == (4, 4)


async def all_are_charged(tills: Tills) -> bool:
    return len(await tills.charges()) == 8


async def all_are_sold(tills: Tills, url: str) -> bool:
    return set(await tills.sell(url)) == {201}
