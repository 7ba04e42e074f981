"""`ringup processors`: the terminals and their health."""

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table
from ringup.db.calls.recovery import list_vendors
from ringup.db.reads.places import Processor, list_processors
from ringup.domain.errors import RingupError
from ringup.recovery.health import check_terminal
from ringup.settings import load_settings
from ringup.wiring import Shop

PROCESSORS_PER_VENDOR = 10_000
CHECKS_AT_ONCE = 8

commands = typer.Typer(help="Terminals and their health.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Condition:
    """How one terminal is. `problem` is why it could not even be asked."""

    vendor_id: UUID
    processor: Processor
    problem: str | None = None

    @property
    def is_bad(self) -> bool:
        return self.processor.is_active and (self.processor.health == "red" or self.problem is not None)

    def document(self) -> dict[str, object]:
        processor = self.processor
        return {
            "vendor_id": self.vendor_id,
            "id": processor.id,
            "name": processor.processor_name,
            "type": processor.processor_type,
            "location_id": processor.location_id,
            "health": processor.health,
            "last_health_check": processor.last_health_check,
            "last_health_status": processor.last_health_status,
            "last_health_error": self.problem or processor.last_health_error,
            "is_active": processor.is_active,
            "is_working": processor.is_working,
            "is_in_doubt": processor.is_in_doubt,
        }


@commands.command("status")
def status(as_json: AsJson = False) -> None:
    """Show what is known of every terminal, without asking it. Exit 1 if one in use is red.

    Example: ringup processors status
    """
    _show(with_shop(load_settings(), all_conditions), as_json)


@commands.command("check")
def check(as_json: AsJson = False) -> None:
    """Ask every terminal in use whether it is there, and keep the answer. Moves no money. Exit 1 if one is red.

    Example: ringup processors check --json
    """
    _show(with_shop(load_settings(), _check_all), as_json)


async def all_conditions(shop: Shop) -> list[Condition]:
    """Every terminal of every vendor, as it was when it was last asked."""
    return [
        Condition(vendor_id, processor)
        for vendor_id in await list_vendors(shop.db)
        for processor in await list_processors(shop.db, vendor_id, limit=PROCESSORS_PER_VENDOR)
    ]


async def _check_all(shop: Shop) -> list[Condition]:
    at_once = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def ask(condition: Condition) -> str | None:
        async with at_once:
            try:
                await check_terminal(shop.db, shop.terminals, condition.vendor_id, condition.processor.id)
            except RingupError as failure:
                return str(failure)
            return None

    used = [condition for condition in await all_conditions(shop) if condition.processor.is_active]
    problems = await asyncio.gather(*map(ask, used))
    problem_of = {one.processor.id: problem for one, problem in zip(used, problems, strict=True)}
    return [replace(one, problem=problem_of.get(one.processor.id)) for one in await all_conditions(shop)]


def _show(conditions: list[Condition], as_json: bool) -> None:
    if as_json:
        print_json({"processors": [condition.document() for condition in conditions]})
    else:
        print_table(
            ["terminal", "health", "said", "checked", "in use", "id"],
            [_row(condition) for condition in conditions],
            empty="No terminal is configured.",
        )
    raise typer.Exit(1 if any(condition.is_bad for condition in conditions) else 0)


def _row(condition: Condition) -> tuple[object, ...]:
    processor = condition.processor
    said = condition.problem or " ".join(filter(None, (processor.last_health_status, processor.last_health_error)))
    return (
        processor.processor_name,
        f"{processor.health}, in doubt: not offered" if processor.is_in_doubt else processor.health,
        said,
        processor.last_health_check or "never",
        "yes" if processor.is_active else "no",
        processor.id,
    )
