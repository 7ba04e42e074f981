"""Which batch a terminal has open is known before its first charge, and kept up to date by the walk."""

from dataclasses import dataclass, field, replace

import pytest

from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import ring_up
from ringup.domain.money import Money
from ringup.domain.outcome import Approval, ListedCharge
from ringup.recovery.orphans import walk_terminal
from ringup.recovery.settle import Recovery
from ringup.terminals.protocol import Capabilities
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import ask, rows


@dataclass
class BatchTerminal(ScriptedTerminal):
    """A terminal that keeps its charges in batches, and remembers what it was asked first."""

    batch: str | None = "7"
    order: list[str] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, batches=True)

    async def open_batch(self) -> str | None:
        self.order.append("batch")
        return self.batch

    async def charge(self, attempt):
        self.order.append(f"charge in {attempt.batch_number}")
        return await super().charge(attempt)


@pytest.fixture
def till(pool):
    terminal = BatchTerminal()
    return terminal, Counter(pool, OneTerminal(terminal), Patience(terminal_wait=2.0))


async def known(observer) -> str | None:
    return await ask(observer, "select last_batch_number from ringup.payment_processors")


async def test_a_new_terminal_is_asked_for_its_batch_before_its_first_charge_and_not_again(till, pool, floor, observer):
    terminal, counter = till

    for _ in range(2):
        await ring_up(counter, floor.sale())
    await ring_up(Counter(pool, OneTerminal(terminal)), floor.sale())

    assert terminal.order == ["batch", "charge in 7", "charge in 7", "charge in 7"]
    assert await known(observer) == "7"


async def test_a_terminal_that_does_not_tell_sells_and_is_asked_again_next_time(till, floor, observer):
    terminal, counter = till
    terminal.batch = None
    first = await ring_up(counter, floor.sale())
    terminal.batch = "8"

    second = await ring_up(counter, floor.sale())

    assert [rung.answer.response_status for rung in (first, second)] == [201, 201]
    assert terminal.order == ["batch", "charge in None", "batch", "charge in 8"]


async def test_a_terminal_without_batches_is_not_asked(pool, terminal, floor):
    """The scripted terminal has no batches: asking it would raise."""
    rung = await ring_up(Counter(pool, OneTerminal(terminal)), floor.sale())

    assert rung.answer.response_status == 201


@pytest.mark.parametrize("is_empty", [True, False])
async def test_the_walk_keeps_which_batch_is_open(till, pool, floor, observer, is_empty):
    terminal, counter = till
    await ring_up(counter, floor.sale())
    terminal.batch = "8"
    charge = ListedCharge("f" * 32, Approval(1000, voided=True, batch_number="8"), is_charge=True)
    terminal.listed = [] if is_empty else [charge]
    terminal.order.clear()

    await walk_terminal(Recovery(pool, OneTerminal(terminal)), floor.vendor, floor.terminal, Money(0, "USD"))

    assert await known(observer) == "8"
    assert terminal.order == (["batch"] if is_empty else [])
    assert await rows(observer, "select * from ringup.open_items") == []
