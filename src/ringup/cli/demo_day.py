"""`ringup demo-day`: three registers from opening to Z report, with everything that a day brings."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape

from ringup.cli.database import loop_runner
from ringup.cli.day_cashier import DayCashier
from ringup.cli.day_plan import COUPON_CODE, TAX_PERCENT, day_hitches
from ringup.cli.day_verdict import judge_day
from ringup.cli.drill_floor import Floor, Post, Told
from ringup.cli.drill_processes import Serving, serving, simulating
from ringup.cli.drill_shop import ACTOR, LANES, VENDOR_ID, add_lane, drill_id, stock_goods
from ringup.cli.drill_sides import kill, until_settled
from ringup.cli.drill_stage import Stage, list_all_violations, stage_set
from ringup.cli.drill_terminals import TroubledTerminal, add_hitches, make_terminals, until_idle
from ringup.cli.lifetime import run_until_stopped, until_stopped
from ringup.cli.master_key import make_master_key
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.db.calls import prices
from ringup.db.calls.asker import Asker
from ringup.db.migrate import migrate
from ringup.db.reads.drill import open_drill_books
from ringup.domain.prices import Coupon, TaxRate
from ringup.shifts.text import report_as_text
from ringup.simulator.drill_schedule import Blow, Schedule, make_schedule
from ringup.wiring import Shop, open_shop

REGISTERS = 3
SALES_MAX = 5000
MISSING_MINOR = 500
"""What is missing in the last drawer in the evening: the report has to say so."""


@dataclass(frozen=True, slots=True)
class Day:
    """How a day went. `broken` is what does not add up, a sentence each."""

    schedule: Schedule
    told: list[Told]
    cashiers: list[DayCashier]
    broken: list[str]
    seconds: float

    def document(self) -> dict[str, Any]:
        return {
            "ok": not self.broken,
            "seed": self.schedule.seed,
            "sales": len(self.told),
            "results": Counter(each.result for each in self.told),
            "refused": Counter(each.code for each in self.told if each.result == "failed"),
            "refunds": sum(cashier.seen.refunds_count for cashier in self.cashiers),
            "blows": [outage.blow.value for outage in self.schedule.outages],
            "z_reports": [cashier.z_report for cashier in self.cashiers],
            "broken": self.broken,
            "seconds": round(self.seconds, 1),
        }


def demo_day(
    *,
    sales: Annotated[int, typer.Option(min=REGISTERS, max=SALES_MAX, help="How many sales the day has.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed is the same day.")] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the database, journals and logs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a day at three registers, and see whether every drawer and every report adds up. Exit 1 if one does not.

    Floats are counted, sales are paid in cash, by card, by gift card, elsewhere and split, with
    discounts, a coupon, taxes and points; goods come back; cash comes and goes. Terminals
    and lines fail, the server, the worker and the database are killed in the middle. In
    the evening each drawer is counted blind and its Z report is held against what the
    cashier saw, against the terminals' journals and against the audit. From the last
    drawer 5.00 are missing, and its report has to say so.

    Everything runs on this machine, in a directory of its own, with simulated terminals.
    300 sales take a few minutes.

    Example: ringup demo-day --sales 100 --seed 7
    """
    days: list[Day] = []
    with until_stopped(), stage_set("day", keep=keep) as stage, loop_runner() as runner:
        runner.run(run_until_stopped(_perform(stage, make_schedule(seed, sales), days)))
    if not days:
        raise CannotRun("the day was stopped before it was over")
    if as_json:
        print_json(days[0].document())
    else:
        _show(days[0])
    raise typer.Exit(1 if days[0].broken else 0)


async def _perform(stage: Stage, schedule: Schedule, days: list[Day]) -> None:
    started = time.monotonic()
    await migrate(stage.server.url())
    async with _open(stage, schedule) as (simulator, running):
        cashiers = [DayCashier(running.api, schedule, lane) for lane in LANES[:REGISTERS]]
        cashiers[-1].missing_minor = MISSING_MINOR
        told = await _play(stage, schedule, simulator, running, cashiers)
        async with open_drill_books(stage.server.url("ringup_operator")) as books:
            stuck = await until_settled(books)
        await until_idle(simulator)
        charged = await _charged_minor(simulator)
    broken = judge_day(cashiers, charged, await list_all_violations(stage, VENDOR_ID), stuck)
    days.append(Day(schedule, told, cashiers, broken, time.monotonic() - started))


@contextlib.asynccontextmanager
async def _open(stage: Stage, schedule: Schedule) -> AsyncIterator[tuple[httpx.AsyncClient, Serving]]:
    """The simulator, and ringup's processes around a stocked shop."""
    lanes = LANES[:REGISTERS]
    async with simulating(stage.environment, stage.log, stage.directory / "simulator") as (_, simulator):
        await make_terminals(simulator, [lane.tpn for lane in lanes])
        async with open_shop(stage.settings, stage.server.url()) as shop:
            await stock_goods(shop, schedule)
            await _set_prices(shop)
            for lane in lanes:
                await add_lane(shop, lane, str(simulator.base_url).rstrip("/"))
            token = await make_master_key(shop, VENDOR_ID, name=ACTOR, actor=ACTOR)
        async with serving(stage.environment, stage.log, token) as running:
            yield simulator, running


async def _set_prices(shop: Shop) -> None:
    """A sales tax, and a coupon for everybody."""
    asker = Asker(ACTOR)
    rate = TaxRate(name="Sales tax", percent=Decimal(TAX_PERCENT), is_included=False)
    await prices.set_tax_rate(shop.db, VENDOR_ID, "SALES", rate, asker=asker)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    coupon = Coupon(code=COUPON_CODE, name="Good morning", starts_at=long_ago, percent=Decimal(5))
    await prices.save_coupon(shop.db, VENDOR_ID, drill_id("coupon"), coupon, asker=asker)


async def _play(
    stage: Stage, schedule: Schedule, simulator: httpx.AsyncClient, running: Serving, cashiers: list[DayCashier]
) -> list[Told]:
    async def strike(blow: Blow) -> None:
        match blow:
            case Blow.API_KILLED:
                await kill(running.server)
            case Blow.WORKER_KILLED:
                await kill(running.worker)
            case Blow.DATABASE_CRASHED:
                await asyncio.to_thread(stage.server.crash)

    await asyncio.gather(*(cashier.open() for cashier in cashiers))
    posts = [
        Post(cashier, TroubledTerminal(simulator, cashier.lane.tpn, cashier.lane.charge, cashier.check_terminal))
        for cashier in cashiers
    ]
    await add_hitches(simulator, day_hitches(schedule))
    told = await Floor(schedule, posts, strike, stage.bar("day", len(schedule.sales))).play()
    await asyncio.gather(*(cashier.close() for cashier in cashiers))
    return told


async def _charged_minor(simulator: httpx.AsyncClient) -> Counter[str]:
    """What the processor's journal says cardholders paid in the end, by terminal."""
    response = await simulator.get("/control/charges")
    charged: Counter[str] = Counter()
    for charge in response.raise_for_status().json():
        charged[charge["tpn"]] += charge["net_cents"] + charge["held_cents"]
    return charged


def _show(day: Day) -> None:
    """Every register's evening beside each other, one Z report whole, and the verdict."""
    console = results()
    results_of = Counter(each.result for each in day.told)
    rows = []
    for cashier in day.cashiers:
        cash, sales, seen = cashier.z_report["cash"], cashier.z_report["sales"], cashier.seen
        amounts = (sales["total_minor"], *map(seen.net_minor, ("cash", "card", "gift_card", "external")))
        drawer = (cash["expected_minor"], cash["counted_minor"], cash["variance_minor"])
        rows.append(
            (cashier.lane.number + 1, sales["orders_count"], seen.refunds_count, *map(_money, (*amounts, *drawer)))
        )
    columns = [
        "register",
        "sales",
        "refunds",
        "total",
        "cash",
        "card",
        "elsewhere",
        "expected",
        "counted",
        "over/short",
    ]
    print_table(columns, rows, empty="")
    console.print(escape(report_as_text(day.cashiers[-1].z_report)))
    counted = ", ".join(f"{count} {result}" for result, count in sorted(results_of.items()))
    blows = ", ".join(outage.blow.value for outage in day.schedule.outages)
    console.print(f"{len(day.told)} sales: {counted}. In between: {blows}. {day.seconds:.0f} s.")
    if not day.broken:
        console.print("[green]ok[/]: drawers, Z reports, terminals' journals and the audit agree.")
        return
    console.print(f"[red]failed[/]: {len(day.broken)} broken")
    for sentence in day.broken:
        console.print(f"  {escape(sentence)}")


def _money(amount_minor: int) -> str:
    return f"{amount_minor / 100:.2f}"
