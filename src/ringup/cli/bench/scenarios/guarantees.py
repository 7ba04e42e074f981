"""What the database's own guards cost: our checkout in turns with copies of the shop that lack them.

Constraints that check a row, foreign keys, and row-level security; each alone, and all three. Nobody sells without
them: this says where the time of a sale goes, and how much of it could be had by giving something up.
"""

from dataclasses import replace
from functools import partial

from ringup.cli.bench.pgbench import Ran, in_turns, run_checkouts, variables_of
from ringup.cli.bench.result import Found
from ringup.cli.bench.shop import NOWHERE, Size
from ringup.cli.bench.stage import Stage, stock, take_stock_of_tables
from ringup.db.bench_copies import Guarantee, copy_without

CLIENTS = 8
FIRST_SECONDS = 2.0
"""So that no table is empty when the copies are made."""
LACKING = {
    "checks": (Guarantee.CHECKS,),
    "foreign_keys": (Guarantee.FOREIGN_KEYS,),
    "row_security": (Guarantee.ROW_SECURITY,),
    "all_three": tuple(Guarantee),
}


async def play(stage: Stage) -> Found:
    size = Size(lanes=CLIENTS)
    variables = variables_of(size, clients=CLIENTS)
    await stock(stage, size, NOWHERE)
    await run_checkouts(stage, Ran(), variables, clients=CLIENTS, seconds=FIRST_SECONDS)
    await take_stock_of_tables(stage)
    copies = {name: replace(stage, database=f"{stage.database}_without_{name}") for name in LACKING}
    for name, lacking in LACKING.items():
        copy_without(stage.server, stage.database, copies[name].database, *lacking)
    whole, without = Ran(), {name: Ran() for name in LACKING}
    sides = [(stage, whole), *((copies[name], ran) for name, ran in without.items())]
    await in_turns(stage, *(partial(_turn, place, ran, variables=variables) for place, ran in sides))
    each = _cpu_ms_each(whole)
    return Found(
        (),
        {
            "checkouts_per_s": whole.per_second,
            "database_cpu_ms_each": each,
            **{f"without_{name}_cpu_ms_each": _cpu_ms_each(ran) for name, ran in without.items()},
            **{f"share_of_{name}": 1 - _cpu_ms_each(ran) / each for name, ran in without.items()},
        },
    )


async def _turn(stage: Stage, ran: Ran, seconds: float, *, variables: dict[str, object]) -> None:
    await run_checkouts(stage, ran, variables, clients=CLIENTS, seconds=seconds)


def _cpu_ms_each(ran: Ran) -> float:
    return 1000 * ran.cpu_seconds / max(1, ran.transactions)
