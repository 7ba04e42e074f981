"""kill -9 at every durable and every outward step, in the first run and in whatever comes after it.

Enumerated, not sampled: the n-th run dies at the n-th step, until a run is through.
After each: time passes, recovery runs, the till asks again with the same key; then
the order, the processor's own journal and the audit must agree.
"""

import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb
from till import ROOT_KEY, Done, Errand, Job, Processes, do, settings_of
from ways_of_paying import KINDS, Kind

from price_floor import save_coupon
from ringup.keyring import Keyring
from ringup.wiring import Shop, open_shop
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows

pytestmark = pytest.mark.slow
STEPS_MAX = 60
LEASES_RAN_OUT, HOLDS_RAN_OUT = 4, 10
"""Minutes. After the first, the same key takes a sale over; after the second, recovery gives up what was not asked."""

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@dataclass
class Case:
    """One sale at one shop of its own."""

    kind: Kind
    floor: ShopFloor
    job: Job
    tpns: tuple[str, ...]
    killed_at: list[str] = field(default_factory=list)
    told: Done = field(default_factory=Done)

    @property
    def where(self) -> str:
        return f"{self.kind.name}, killed {', '.join(self.killed_at)}"


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    origin = Processes()
    yield origin
    origin.close()


@pytest.fixture
async def shop(database: Any, tmp_path: Path) -> AsyncIterator[Shop]:
    """A process of the shop that is not killed: this one."""
    async with open_shop(settings_of(tmp_path), database.url()) as opened:
        yield opened


@dataclass
class Matrix:
    """Makes cases, kills processes in them, and finds out how they end."""

    shop: Shop
    observer: Connection
    vendor: httpx.Client
    processes: Processes
    database_url: str
    directory: Path
    record: Callable[[str, object], None]
    cases: list[Case] = field(default_factory=list)

    async def open(self, kind: Kind) -> Case:
        floor = await open_shop_floor(self.observer)
        tpns = [await self.connect(floor, kind, floor.terminal, "Counter")]
        if kind.terminals == 2:
            await floor.add_terminal(self.observer, floor.second_terminal, "Second")
            tpns.append(await self.connect(floor, kind, floor.second_terminal, "Second"))
        if kind.coupon:
            await save_coupon(self.observer, floor, kind.coupon, limit=1)
        if kind.fault:
            rule = {"tpn": tpns[-1], "times": kind.times, **kind.fault}
            self.vendor.post("/control/faults", json=rule).raise_for_status()
        terminals = (floor.terminal, floor.second_terminal)[: kind.terminals]
        sell = Job(self.database_url, self.directory, floor.vendor, "sell", kind.request(floor), terminals)
        case = Case(kind, floor, sell, tuple(tpns))
        for errand in kind.opening:
            await self.live(case, errand)
            found = await rows(
                self.observer,
                "select order_id, id as payment_id from ringup.payment_transactions where vendor_id = %s",
                floor.vendor,
            )
            case.job = replace(case.job, **found[0])
        self.cases.append(case)
        return case

    async def connect(self, floor: ShopFloor, kind: Kind, processor: uuid.UUID, name: str) -> str:
        tpn = f"{uuid.uuid4().int % 10**12:012}"
        self.vendor.put(f"/control/terminals/{tpn}", json={"auth_key": "ABCDEFGHIJ"}).raise_for_status()
        sealed = Keyring(ROOT_KEY).encrypt("ABCDEFGHIJ", vendor_id=floor.vendor, row_id=processor)
        settings = {"base_url": str(self.vendor.base_url), "tpn": tpn, "mode": kind.mode}
        await ask(
            self.observer,
            "select ringup.save_processor(%s, %s, %s, %s, 'dejavoo_spin', true, false, %s, %s, 'k', 'Ada')",
            floor.vendor, processor, floor.location, name, Jsonb(settings), sealed,
        )  # fmt: skip
        return tpn

    def die(self, case: Case, errand: Errand, step: int) -> Done:
        """Let a process of its own die at the so-manieth step of the errand, if it has so many."""
        done = self.processes.run(replace(case.job, errand=errand, failpoint=f"any#{step}"))
        case.killed_at += [done.killed_at] if done.killed else []
        return done

    async def live(self, case: Case, errand: Errand) -> Done:
        return await do(self.shop, replace(case.job, errand=errand))

    async def time_passes(self, case: Case, minutes: int) -> None:
        await self.observer.execute(
            "update ringup.payment_transactions set sent_at = sent_at - make_interval(mins => %(minutes)s),"
            " next_check_at = next_check_at - make_interval(mins => %(minutes)s)"
            " where vendor_id = %(vendor)s and next_check_at is not null",
            {"minutes": minutes, "vendor": case.floor.vendor},
        )
        await self.observer.execute(
            "update ringup.orders set lease_until = lease_until - make_interval(mins => %(minutes)s),"
            " hold_until = hold_until - make_interval(mins => %(minutes)s) where vendor_id = %(vendor)s",
            {"minutes": minutes, "vendor": case.floor.vendor},
        )

    async def settle(self, case: Case) -> None:
        """Recovery, with time in between, until it finds nothing to do."""
        for _ in range(6):
            await self.time_passes(case, HOLDS_RAN_OUT)
            if (await self.live(case, "recover")).status == 0:
                return
        raise AssertionError(f"recovery never comes to an end: {case.where}")

    async def end(self, case: Case) -> None:
        """Everybody finishes what he was at, and the till hears how its sale ended."""
        await self.settle(case)
        for errand in (case.kind.errand, "sell"):
            case.told = await self.live(case, errand)
            await self.settle(case)
        case.told = await self.live(case, "sell")

    async def check(self) -> None:
        """Every order, every charge, every piece of goods, and the audit, for all cases at once."""
        killed = sum(bool(case.killed_at) for case in self.cases)
        self.record("kills", sum(len(case.killed_at) for case in self.cases))
        self.record("checkouts", killed)
        completed = defaultdict(int)
        for order in await rows(self.observer, "select vendor_id from ringup.orders where status = 'completed'"):
            completed[order["vendor_id"]] += 1
        stock = {row["vendor_id"]: row for row in await rows(self.observer, "select * from ringup.inventory")}
        cents = defaultdict(int)
        for charge in self.vendor.get("/control/charges").raise_for_status().json():
            cents[charge["tpn"]] += charge["net_cents"] + charge["held_cents"]

        for case in self.cases:
            sold = case.told.status == 201
            assert case.told.status in case.kind.ends, (case.where, case.told)
            assert completed[case.floor.vendor] == sold, case.where
            assert sum(cents[tpn] for tpn in case.tpns) == sold * case.kind.card_cents, case.where
            left = stock[case.floor.vendor]
            assert (left["on_hand"], left["reserved"]) == (100 - sold, 0), case.where
        assert await rows(self.observer, UNSETTLED) == []
        assert await rows(self.observer, "select * from ringup.limbo") == []
        assert await broken_invariants(self.observer) == {}
        self.record("recovered", killed)


UNSETTLED = """
    select p.* from ringup.payment_transactions p
     where p.status in ('created', 'processing', 'unknown', 'voiding') or p.capture_status = 'pending'
"""


@pytest.fixture
def matrix(
    shop: Shop,
    observer: Connection,
    vendor_url: str,
    processes: Processes,
    database: Any,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> Iterator[Matrix]:
    with httpx.Client(base_url=vendor_url) as vendor:
        yield Matrix(shop, observer, vendor, processes, database.url(), tmp_path, record_property)


@each_kind
async def test_killed_at_every_step_of_a_sale(matrix: Matrix, kind: Kind) -> None:
    async def nobody_else_comes(case: Case) -> None:
        """Until recovery does."""

    await kill_at_every_step(matrix, kind, nobody_else_comes)


@each_kind
async def test_the_till_asks_again_before_recovery_does(matrix: Matrix, kind: Kind) -> None:
    async def ask_again_at_once_and_later(case: Case) -> None:
        at_once = await matrix.live(case, kind.errand)
        assert at_once.status in (None, *kind.ends, 409), (case.where, at_once)
        await matrix.time_passes(case, LEASES_RAN_OUT)
        await matrix.live(case, kind.errand)

    await kill_at_every_step(matrix, kind, ask_again_at_once_and_later)


async def kill_at_every_step(matrix: Matrix, kind: Kind, then: Callable[[Case], Awaitable[None]]) -> None:
    for step in range(1, STEPS_MAX):
        case = await matrix.open(kind)
        first = matrix.die(case, kind.errand, step)
        await then(case)
        await matrix.end(case)
        if not first.killed:
            break
    await matrix.check()
    assert step > 1, "nothing was killed"


@each_kind
async def test_killed_again_at_every_step_of_recovery(matrix: Matrix, kind: Kind) -> None:
    for step in range(1, STEPS_MAX):
        if not await kill_at_every_step_of_recovery(matrix, kind, step):
            break
    await matrix.check()
    assert {place for case in matrix.cases for place in case.killed_at} == kind.failpoints


async def kill_at_every_step_of_recovery(matrix: Matrix, kind: Kind, step: int) -> bool:
    """Whoever comes after a death at that step dies too, at one step after the other. Whether the first died."""
    died = False
    for errand, minutes in (("recover", HOLDS_RAN_OUT), (kind.errand, LEASES_RAN_OUT)):
        for second in range(1, STEPS_MAX):
            case = await matrix.open(kind)
            first = matrix.die(case, kind.errand, step)
            await matrix.time_passes(case, minutes)
            again = matrix.die(case, errand, second)
            await matrix.end(case)
            died = died or first.killed
            if not again.killed:
                break
    return died
