"""Ask terminals whether they are there, and keep what they say."""

import asyncio
from uuid import UUID

from ringup.db.calls import shop
from ringup.db.pool import Pool
from ringup.recovery.settle import Terminals


async def check_terminal(db: Pool, terminals: Terminals, vendor_id: UUID, processor_id: UUID) -> str:
    """Ask one terminal, commit its answer with how long it took, and return its colour. Moves no money."""
    terminal = await terminals.get(vendor_id, processor_id)
    clock = asyncio.get_running_loop().time
    asked_at = clock()
    health = await terminal.check_health()
    return await shop.record_health(
        db,
        vendor_id,
        processor_id,
        status=health.status,
        detail=health.detail,
        latency_ms=round((clock() - asked_at) * 1000),
    )
