"""What happens later, for tests of sales that went wrong."""

from uuid import UUID

from ringup.db.pool import Pool
from ringup.recovery.settle import Recovery
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import Connection, ShopFloor


async def time_passes(observer: Connection) -> None:
    """Every lease has run out and every look-up is due. The holds still stand."""
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = now() where next_check_at is not null"
    )
    await observer.execute(
        "update ringup.orders set lease_until = now() - interval '1 second' where lease_until is not null"
    )


async def recovered(pool: Pool, terminal: ScriptedTerminal, floor: ShopFloor, observer: Connection) -> int:
    """Time passes and recovery does one round; answers how many payments and orders it had to do with."""
    await time_passes(observer)
    swept = await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
    assert swept.failures == ()
    return swept.payments + swept.orders


class TwoTerminals:
    """The terminals of a shop by the ids of their processors."""

    def __init__(self, terminals: dict[UUID, ScriptedTerminal]) -> None:
        self.terminals = terminals

    async def get(self, vendor_id: UUID, processor_id: UUID) -> ScriptedTerminal:
        return self.terminals[processor_id]
