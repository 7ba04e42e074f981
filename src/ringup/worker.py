"""The loops that run beside the counter: recovery, and the health of terminals.

Any number of workers may run; each claims what it works on. A round that fails is
logged and the next one tries again: a database that is away is not the end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from ringup.db.calls.recovery import list_vendors
from ringup.db.reads.places import list_processors
from ringup.domain.errors import RingupError
from ringup.recovery.health import check_terminal
from ringup.recovery.sweep import sweep
from ringup.wiring import Shop

RECOVERY_SECONDS = 1.0
HEALTH_AT_ONCE = 8
PROCESSORS_PER_VENDOR = 1000

log = structlog.get_logger("ringup.worker")


async def work(shop: Shop) -> None:
    """Run all loops until cancelled."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_every(RECOVERY_SECONDS, "recovery", lambda: recover(shop)))
        loops.create_task(_every(shop.settings.health_interval_seconds, "health", lambda: check_terminals(shop)))


async def recover(shop: Shop) -> None:
    """One round of recovery over all vendors."""
    for vendor_id in await list_vendors(shop.db):
        swept = await sweep(shop.recovery, vendor_id)
        for failure in swept.failures:
            log.error("recovery_failed", vendor_id=str(vendor_id), error=repr(failure))


async def check_terminals(shop: Shop) -> None:
    """Ask every active terminal whether it is there."""
    at_once = asyncio.Semaphore(HEALTH_AT_ONCE)

    async def check(vendor_id: UUID, processor_id: UUID) -> None:
        async with at_once:
            try:
                await check_terminal(shop.db, shop.terminals, vendor_id, processor_id)
            except RingupError as failure:
                log.error("health_check_failed", processor_id=str(processor_id), error=str(failure))

    for vendor_id in await list_vendors(shop.db):
        processors = await list_processors(shop.db, vendor_id, limit=PROCESSORS_PER_VENDOR)
        await asyncio.gather(*(check(vendor_id, each.id) for each in processors if each.is_active))


async def _every(seconds: float, name: str, action: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await action()
        except Exception as failure:  # noqa: BLE001  the loop's one place: tomorrow's round must come
            log.error("round_failed", loop=name, error=repr(failure))
        await asyncio.sleep(seconds)
