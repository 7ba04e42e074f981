"""The two sides of a drill: each plays the whole schedule, and then gives evidence."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from ringup.cli.drill_cashier import RingupCashier
from ringup.cli.drill_floor import Floor, Post, Told
from ringup.cli.drill_naive import TPNS, NaiveCashier
from ringup.cli.drill_processes import Kept
from ringup.cli.drill_score import Booked, Evidence, Taken
from ringup.cli.drill_shop import LANES, phone_of
from ringup.cli.drill_terminals import TroubledTerminal, add_hitches, until_idle
from ringup.db.embedded import EmbeddedPostgres
from ringup.db.naive import NaiveBooks
from ringup.db.reads.drill import DrillBooks, Unsettled, open_drill_books
from ringup.simulator.drill_schedule import Blow, Schedule
from ringup.simulator.naive import NaiveCheckout, NaiveServer
from ringup.simulator.spin_requests import Operation

SETTLE_SECONDS_MAX = 120.0
"""How long recovery may take after the last sale before what is left counts as stuck."""
LOOK_SECONDS = 0.5
ASKING_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Played:
    """A side's day. `settle_seconds` is what recovery still took when the last cashier had gone."""

    told: list[Told]
    evidence: Evidence
    settle_seconds: float = 0.0
    stuck: Sequence[Unsettled] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What both sides play on."""

    schedule: Schedule
    server: EmbeddedPostgres
    simulator: httpx.AsyncClient
    advance: Callable[[], None]


async def play_naive(scene: Scene) -> Played:
    """Charge first, save afterwards: the old system's day."""
    schedule = scene.schedule
    books = NaiveBooks(scene.server.url(database="naive"))
    await books.make([goods.stock for goods in schedule.goods], schedule.customers)
    server = NaiveServer()

    async def strike(blow: Blow) -> None:
        match blow:
            case Blow.API_KILLED:
                await server.kill()
            case Blow.DATABASE_CRASHED:
                await asyncio.to_thread(scene.server.crash)
            case Blow.WORKER_KILLED:
                pass  # It has none.

    # It is not to fail because an idle connection is closed in the moment in which it is used again.
    async with httpx.AsyncClient(verify=False, limits=httpx.Limits(max_keepalive_connections=0)) as client:
        checkout = NaiveCheckout(client, str(scene.simulator.base_url).rstrip("/"), books)
        cashiers = [NaiveCashier(server, checkout, schedule, tpn) for tpn in TPNS]
        posts = [
            Post(cashier, TroubledTerminal(scene.simulator, tpn, Operation.SALE))
            for cashier, tpn in zip(cashiers, TPNS, strict=True)
        ]
        told = await Floor(schedule, posts, strike, scene.advance).play()
        await asyncio.gather(*(cashier.finish() for cashier in cashiers))
    await until_idle(scene.simulator)

    orders = await books.list_orders()
    evidence = Evidence(
        taken=await _taken(scene.simulator, set(TPNS)),
        booked=[
            Booked(each.sale, (each.reference,), each.points_earned, each.status == "completed") for each in orders
        ],
        sale_of={sent.reference: sent.sale for sent in checkout.sent},
        points=await books.list_points(),
        stuck_orders=sum(order.status != "completed" for order in orders),
    )
    return Played(told, evidence)


@dataclass(frozen=True, slots=True)
class RingupShop:
    """The processes of ringup, and the tills' way in."""

    api: httpx.AsyncClient
    server: Kept
    worker: Kept

    def cashiers(self, schedule: Schedule) -> list[RingupCashier]:
        return [RingupCashier(self.api, lane, f"drill-{schedule.seed}") for lane in LANES]


async def play_ringup(scene: Scene, shop: RingupShop) -> Played:
    """The same day at tills of ringup."""

    async def strike(blow: Blow) -> None:
        match blow:
            case Blow.API_KILLED:
                await _kill(shop.server)
            case Blow.WORKER_KILLED:
                await _kill(shop.worker)
            case Blow.DATABASE_CRASHED:
                await asyncio.to_thread(scene.server.crash)

    posts = [
        Post(cashier, TroubledTerminal(scene.simulator, lane.tpn, lane.charge, cashier.check_terminal))
        for lane, cashier in zip(LANES, shop.cashiers(scene.schedule), strict=True)
    ]
    await add_hitches(scene.simulator, scene.schedule.hitches)
    told = await Floor(scene.schedule, posts, strike, scene.advance).play()

    clock = asyncio.get_running_loop().time
    over = clock()
    async with open_drill_books(scene.server.url("ringup_operator")) as books:
        stuck = await _until_settled(books)
        settled = clock()
        await until_idle(scene.simulator)
        evidence = await _evidence(scene, books, stuck)
    return Played(told, evidence, settled - over, stuck)


async def ask_again(shop: RingupShop, schedule: Schedule, told: Sequence[Told]) -> list[tuple[Told, Told]]:
    """Send every request that has ended for good once more, with its key: pairs of then and now."""
    cashiers = shop.cashiers(schedule)
    at_once = asyncio.Semaphore(ASKING_AT_ONCE)

    async def ask(first: Told) -> tuple[Told, Told]:
        async with at_once:
            return first, await cashiers[first.lane].ask_again(schedule.sales[first.sale])

    return await asyncio.gather(*(ask(each) for each in told if each.status in (201, 402)))


async def _kill(kept: Kept) -> None:
    while not kept.kill():  # noqa: ASYNC110  it may be starting just now, and has to be there to be killed
        await asyncio.sleep(0.05)


async def _until_settled(books: DrillBooks) -> list[Unsettled]:
    """Wait until nothing is open, in doubt or on its way back, and return what is left when time is up."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + SETTLE_SECONDS_MAX
    while (unsettled := await books.list_unsettled()) and clock() < deadline:  # noqa: ASYNC110  a worker settles
        await asyncio.sleep(LOOK_SECONDS)
    return unsettled


async def _evidence(scene: Scene, books: DrillBooks, stuck: Sequence[Unsettled]) -> Evidence:
    points = {each.phone: each.loyalty_points for each in await books.list_points()}
    return Evidence(
        taken=await _taken(scene.simulator, {lane.tpn for lane in LANES}),
        booked=[
            Booked(_sale(order.idempotency_key), tuple(order.references), order.points_earned)
            for order in await books.list_completed_orders()
        ],
        sale_of={each.reference_id: _sale(each.idempotency_key) for each in await books.list_references()},
        points=[points[phone_of(number)] for number in range(len(scene.schedule.customers))],
        stuck_orders=len(stuck),
    )


def _sale(idempotency_key: str) -> int:
    return int(idempotency_key.rpartition("-")[2])


async def _taken(simulator: httpx.AsyncClient, tpns: set[str]) -> list[Taken]:
    """What the processor's journal says was taken, or is still set aside."""
    response = await simulator.get("/control/charges")
    charges: list[dict[str, Any]] = response.raise_for_status().json()
    return [
        Taken(charge["reference_id"], charge["net_cents"] + charge["held_cents"])
        for charge in charges
        if charge["tpn"] in tpns and charge["net_cents"] + charge["held_cents"] > 0
    ]
