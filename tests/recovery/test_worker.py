"""The worker's rounds: what is slow holds up itself alone, and an idle shop is left in peace."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from ringup.checkout.counter import Counter
from ringup.keyring import Keyring
from ringup.recovery.settle import Recovery
from ringup.settings import Settings
from ringup.wiring import Shop
from ringup.worker import ROUND_SECONDS, STATISTICS_SECONDS, Rounds, recover
from scripted_terminal import ScriptedTerminal, approved
from shop_floor import ask, open_shop_floor, rows

QUERIES_PER_SECOND_MAX = 5
OTHERS = 5


@dataclass
class SlowTerminal(ScriptedTerminal):
    """Answers a look-up, or says whether it is there, when it may."""

    is_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def look_up(self, attempt):
        self.is_asked.set()
        await self.may_answer.wait()
        return approved(attempt)

    async def check_health(self):
        await self.may_answer.wait()
        return await super().check_health()


@dataclass
class Several:
    """The terminals of all vendors. Those that are not named approve at once."""

    slow: dict[UUID, SlowTerminal] = field(default_factory=dict)

    async def get(self, vendor_id: UUID, processor_id: UUID) -> ScriptedTerminal:
        return self.slow.get(processor_id) or Quick()


class Quick(ScriptedTerminal):
    async def look_up(self, attempt):
        return approved(attempt)


@pytest.fixture
def terminals() -> Several:
    return Several()


@pytest.fixture
def shop(pool, terminals) -> Shop:
    keyring = Keyring(b"k" * 32)
    return Shop(Settings(), pool, keyring, terminals, Counter(pool, terminals), Recovery(pool, terminals))


async def leave_at_terminal(observer, floor) -> UUID:
    """A sale whose process died while the terminal was asked. It is due."""
    prepared = await floor.prepare(observer)
    await floor.begin(observer, prepared["payment_id"])
    await observer.execute(
        "update ringup.payment_transactions set next_check_at = now() where id = %s", [prepared["payment_id"]]
    )
    return prepared["checkout_id"]


async def until_completed(observer, checkout_id: UUID) -> None:
    status = "select status from ringup.orders where id = %s"
    async with asyncio.timeout(20):
        while await ask(observer, status, checkout_id) != "completed":  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_terminal_that_does_not_answer_holds_up_no_other_vendor_and_no_later_round(
    shop, terminals, observer
) -> None:
    slow = SlowTerminal()
    floors = sorted([await open_shop_floor(observer) for _ in range(OTHERS)], key=lambda floor: floor.vendor)
    terminals.slow[floors[0].terminal] = slow
    stuck = await leave_at_terminal(observer, floors[0])
    due = [await leave_at_terminal(observer, floor) for floor in floors[1:]]
    rounds = Rounds(shop)

    await rounds.start()
    await slow.is_asked.wait()
    for checkout_id in due:
        await until_completed(observer, checkout_id)
    later = await leave_at_terminal(observer, floors[1])
    await rounds.start()
    await until_completed(observer, later)

    assert await ask(observer, "select status from ringup.orders where id = %s", stuck) == "payment_processing"
    slow.may_answer.set()
    await rounds.finish()
    assert await ask(observer, "select status from ringup.orders where id = %s", stuck) == "completed"


async def test_a_round_that_is_asked_for_returns_when_everything_is_settled(shop, observer) -> None:
    floors = [await open_shop_floor(observer) for _ in range(2)]
    for floor in floors:
        await leave_at_terminal(observer, floor)

    await recover(shop)

    found = await rows(observer, "select distinct status from ringup.orders")
    assert [row["status"] for row in found] == ["completed"]


async def test_a_worker_that_stops_leaves_what_it_claimed_to_be_claimed_again(shop, terminals, observer, floor) -> None:
    slow = terminals.slow[floor.terminal] = SlowTerminal()
    checkout_id = await leave_at_terminal(observer, floor)
    first = Rounds(shop)
    await first.start()
    await slow.is_asked.wait()

    first.cancel()
    await first.finish()
    slow.may_answer.set()
    await observer.execute("update ringup.payment_transactions set next_check_at = now()")
    await recover(shop)

    assert await ask(observer, "select status from ringup.orders where id = %s", checkout_id) == "completed"


async def test_an_idle_worker_asks_fewer_than_five_things_a_second(shop, pool, observer, floor) -> None:
    await floor.sell(observer)
    await recover(shop)
    before = pool.get_stats()["requests_num"]

    await Rounds(shop).start()

    asked = pool.get_stats()["requests_num"] - before
    assert asked / ROUND_SECONDS + 1 / STATISTICS_SECONDS < QUERIES_PER_SECOND_MAX
