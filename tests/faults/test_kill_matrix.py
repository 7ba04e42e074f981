"""kill -9 at every durable and every outward step, in the first run and in recovery, for every way of paying.

Enumerated, not sampled: the n-th run dies at the n-th step, until a run is through.
After each: time passes, recovery runs, the till asks again with the same key; then
the order, the processor's own journal and the audit must agree.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb
from till import ROOT_KEY, Done, Job, run

from ringup.domain.cart import SaleRequest, Tender
from ringup.keyring import Keyring
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows

pytestmark = pytest.mark.slow
STEPS_MAX = 60
EVERY_KIND = os.environ.get("RINGUP_TEST_KILLS") == "all"
KILLED_TWICE_BY_DEFAULT = {"cash", "card sold at once", "card whose answer is lost"}
"""Every pair of steps of these; of every way of paying with RINGUP_TEST_KILLS=all, which takes half an hour."""


@dataclass
class Vendor:
    """The processor's side: what it was told to do, and what its journal says it did."""

    http: httpx.Client
    tpns: list[str] = field(default_factory=list)

    def add_terminal(self) -> str:
        tpn = f"{uuid.uuid4().int % 10**12:012}"
        self.http.put(f"/control/terminals/{tpn}", json={"auth_key": "ABCDEFGHIJ"}).raise_for_status()
        self.tpns.append(tpn)
        return tpn

    def fault(self, **rule: Any) -> None:
        self.http.post("/control/faults", json=rule).raise_for_status()

    def charges(self) -> list[dict[str, Any]]:
        everything = self.http.get("/control/charges").raise_for_status().json()
        return [charge for charge in everything if charge["tpn"] in self.tpns]


@dataclass
class Case:
    """One sale at one shop of its own."""

    floor: ShopFloor
    vendor: Vendor
    database_url: str
    data_dir: Path
    mode: str = "sale"
    second: uuid.UUID | None = None

    def job(self, failpoint: str = "", request: SaleRequest | None = None) -> Job:
        return Job(self.database_url, self.data_dir, self.floor.vendor, failpoint, request)


@dataclass(frozen=True)
class Kind:
    """A way of paying: how the terminal is set up, what is asked for, and how it must end."""

    name: str
    request: Callable[[Case], SaleRequest]
    ends: int = 201
    card_cents: int = 0
    mode: str = "sale"
    fault: dict[str, Any] | None = None
    times: int | None = 1
    second_terminal: bool = False


def card(case: Case, **changes: Any) -> SaleRequest:
    return case.floor.sale(**changes)


def cash(case: Case) -> SaleRequest:
    return case.floor.sale(tenders=(Tender("cash", tendered_minor=2000),))


def external(case: Case) -> SaleRequest:
    return case.floor.sale(tenders=(Tender("external", reference="slip 17"),))


def split(case: Case) -> SaleRequest:
    return case.floor.sale(tenders=(Tender("card", 400, case.floor.terminal), Tender("cash", tendered_minor=600)))


def two_cards(case: Case) -> SaleRequest:
    return case.floor.sale(tenders=(Tender("card", 400, case.floor.terminal), Tender("card", 600, case.second)))


def with_points(case: Case) -> SaleRequest:
    return case.floor.sale(customer_id=case.floor.customer, redeem_points=100)


KINDS = [
    Kind("cash", cash),
    Kind("external", external),
    Kind("card sold at once", card, card_cents=1000),
    Kind("card authorised and captured", card, card_cents=1000, mode="auth_capture"),
    Kind("card with points", with_points, card_cents=900),
    Kind("card and cash", split, card_cents=400),
    Kind("two cards", two_cards, card_cents=1000, second_terminal=True),
    Kind("card declined", card, ends=402, fault={"path": "Sale", "fault": "decline"}, times=None),
    Kind("card approved in part", card, ends=402, fault={"path": "Sale", "fault": "partial"}, times=None),
    Kind("card whose answer is lost", card, card_cents=1000, fault={"path": "Sale", "fault": "drop_reply"}),
    Kind("two cards, the second declined", two_cards, ends=402, second_terminal=True,
         fault={"path": "Sale", "fault": "decline"}, times=None),
]  # fmt: skip


@pytest.fixture
def vendor(vendor_url: str) -> Iterator[Vendor]:
    with httpx.Client(base_url=vendor_url) as client:
        yield Vendor(client)


@pytest.fixture
def new_case(observer: Connection, vendor: Vendor, database, tmp_path: Path):
    async def make(kind: Kind) -> Case:
        floor = await open_shop_floor(observer)
        case = Case(floor, Vendor(vendor.http), database.url(), tmp_path, kind.mode)
        first = await connect_terminal(observer, case, floor.terminal, "Counter")
        target = first
        if kind.second_terminal:
            case.second = uuid.uuid4()
            await floor.add_terminal(observer, case.second, "Second")
            target = await connect_terminal(observer, case, case.second, "Second")
        if kind.fault:
            case.vendor.fault(tpn=target, times=kind.times, **kind.fault)
        return case

    return make


async def connect_terminal(observer: Connection, case: Case, processor: uuid.UUID, name: str) -> str:
    tpn = case.vendor.add_terminal()
    sealed = Keyring(ROOT_KEY).encrypt("ABCDEFGHIJ", vendor_id=case.floor.vendor, row_id=processor)
    settings = {"base_url": str(case.vendor.http.base_url), "tpn": tpn, "mode": case.mode}
    await ask(
        observer,
        "select ringup.save_processor(%s, %s, %s, %s, 'dejavoo_spin', true, false, %s, %s, 'k', 'Ada')",
        case.floor.vendor, processor, case.floor.location, name, Jsonb(settings), sealed,
    )  # fmt: skip
    return tpn


async def time_passes(observer: Connection, case: Case) -> None:
    """Ten minutes: every lease has run out, and every terminal has long stopped working."""
    await observer.execute(
        "update ringup.payment_transactions set sent_at = sent_at - interval '10 minutes',"
        " next_check_at = next_check_at - interval '10 minutes' where vendor_id = %s and next_check_at is not null",
        [case.floor.vendor],
    )
    await observer.execute(
        "update ringup.orders set lease_until = lease_until - interval '10 minutes' where vendor_id = %s",
        [case.floor.vendor],
    )


async def settle(observer: Connection, case: Case) -> None:
    """Recovery, with time in between, until it finds nothing to do."""
    for _ in range(6):
        await time_passes(observer, case)
        if run(case.job()).status == 0:
            return
    raise AssertionError("recovery never comes to an end")


async def the_books_balance(observer: Connection, case: Case, kind: Kind, told: Done, where: str) -> None:
    broken = {
        name: found
        for name, violations in (await broken_invariants(observer)).items()
        if (found := [each for each in violations if each["vendor_id"] == case.floor.vendor])
    }
    orders = await rows(observer, "select status from ringup.orders where vendor_id = %s", case.floor.vendor)
    completed = [order for order in orders if order["status"] == "completed"]
    net = sum(charge["net_cents"] for charge in case.vendor.charges())
    left = await rows(
        observer,
        "select id, status, capture_status from ringup.payment_transactions where vendor_id = %s"
        " and (status in ('created', 'processing', 'unknown', 'voiding') or capture_status = 'pending')",
        case.floor.vendor,
    )

    assert told.status == kind.ends, (where, told, orders)
    assert len(completed) == (1 if kind.ends == 201 else 0), (where, orders)
    assert net == (kind.card_cents if kind.ends == 201 else 0), (where, case.vendor.charges())
    assert broken == {}, where
    assert left == [], where
    assert await case.floor.stock(observer) == (100 - len(completed), 0), where


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_killed_at_every_step_of_a_sale(observer, new_case, kind: Kind, capsys) -> None:
    for step in range(1, STEPS_MAX):
        case = await new_case(kind)
        request = kind.request(case)
        first = run(case.job(f"any#{step}", request))

        await settle(observer, case)
        told = run(case.job(request=request))
        await settle(observer, case)
        told = run(case.job(request=request))

        await the_books_balance(observer, case, kind, told, f"killed at step {step}")
        if not first.killed:
            break
    assert step > 4, "a sale has more steps than that"
    report(capsys, f"{kind.name}: killed at {step - 1} steps of the sale, recovered {step - 1} times")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_the_till_asks_again_before_recovery_does(observer, new_case, kind: Kind, capsys) -> None:
    for step in range(1, STEPS_MAX):
        case = await new_case(kind)
        request = kind.request(case)
        first = run(case.job(f"any#{step}", request))

        at_once = run(case.job(request=request))
        await time_passes(observer, case)
        run(case.job(request=request))
        await settle(observer, case)
        run(case.job(request=request))
        await settle(observer, case)
        told = run(case.job(request=request))
        await settle(observer, case)

        assert at_once.status in (None, 201, 402, 409), at_once
        await the_books_balance(observer, case, kind, told, f"killed at step {step}, asked again at once")
        if not first.killed:
            break
    report(capsys, f"{kind.name}: asked again after each of {step - 1} kills, one sale each")


TWICE_KILLED = [kind for kind in KINDS if EVERY_KIND or kind.name in KILLED_TWICE_BY_DEFAULT]


@pytest.mark.parametrize("kind", TWICE_KILLED, ids=lambda kind: kind.name)
async def test_killed_again_at_every_step_of_recovery(observer, new_case, kind: Kind, capsys) -> None:
    kills = 0
    for step in range(1, STEPS_MAX):
        for second in range(1, STEPS_MAX):
            case = await new_case(kind)
            request = kind.request(case)
            first = run(case.job(f"any#{step}", request))
            await time_passes(observer, case)
            recovery = run(case.job(f"any#{second}"))

            await settle(observer, case)
            told = run(case.job(request=request))
            await settle(observer, case)
            told = run(case.job(request=request))

            where = f"killed at step {step}, and in recovery at {second}"
            await the_books_balance(observer, case, kind, told, where)
            kills += first.killed + recovery.killed
            if not recovery.killed or second > 12:
                break
        if not first.killed:
            break
    report(capsys, f"{kind.name}: {kills} kills in sale and recovery, all recovered")


def report(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\n    {line}", end="")  # noqa: T201  the figures belong into the run's log
