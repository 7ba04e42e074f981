"""K1 to K9: the moments of a sale at which a process, a network or a processor fails.

docs/reference/known-failures.md says what others are left with, and which tests stand for
the moments that have none here.
"""

from dataclasses import dataclass, field, replace

import pytest
from later import recovered, time_passes

from ringup.checkout.cancel import cancel
from ringup.checkout.ring_up import begin, ring_up
from ringup.domain.attempt import Attempt
from ringup.domain.errors import InsufficientStock
from ringup.domain.money import Money
from ringup.domain.outcome import InDoubt, ListedCharge, NotSent, Outcome
from ringup.recovery.orphans import walk_terminal
from ringup.recovery.settle import Recovery
from scripted_terminal import OneTerminal, ScriptedTerminal, approved
from shop_floor import ask, broken_invariants, rows


@dataclass
class Deaf(ScriptedTerminal):
    """Hears the first voids and captures and does not say what came of them."""

    silent: int = 3
    tried: list[str] = field(default_factory=list)

    async def void(self, attempt: Attempt) -> Outcome:
        return self._silence(attempt) or await super().void(attempt)

    async def capture(self, attempt: Attempt) -> Outcome:
        return self._silence(attempt) or await super().capture(attempt)

    def _silence(self, attempt: Attempt) -> Outcome | None:
        self.tried.append(attempt.reference_id)
        return InDoubt("ReadTimeout") if len(self.tried) <= self.silent else None


async def test_k1_the_process_dies_with_the_stock_held_and_the_card_not_asked(
    counter, terminal, floor, observer
) -> None:
    request = floor.sale(customer_id=floor.customer, redeem_points=50)
    await begin(counter, request)
    held = await floor.stock(observer), await floor.points(observer)
    await time_passes(observer)

    rung = await ring_up(counter, request)

    assert held == ((100, 1), (100, 50))
    assert (rung.answer.response_status, len(terminal.asked)) == (201, 1)
    assert await floor.stock(observer) == (99, 0)
    assert await broken_invariants(observer) == {}


@pytest.mark.parametrize(
    ("carried_out", "the_sale_is", "in_stock"),
    [(True, "completed", 99), (False, "payment_failed", 100)],
    ids=["the card was charged", "the card was not charged"],
)
async def test_k2_the_request_was_sent_and_the_answer_lost(
    pool, counter, terminal, floor, observer, carried_out, the_sale_is, in_stock
) -> None:
    def lose_the_answer(attempt: Attempt) -> Outcome:
        terminal.moved += [attempt.reference_id] if carried_out else []
        return InDoubt("ReadTimeout")

    terminal.says = lose_the_answer
    terminal.looks_up = None if carried_out else NotSent("no such sale, and the terminal is idle")
    in_doubt = await ring_up(counter, floor.sale())

    await recovered(pool, terminal, floor, observer)

    assert (in_doubt.answer.payment_status, in_doubt.answer.response_status) == ("unknown", None)
    assert await ask(observer, "select status from ringup.orders") == the_sale_is
    assert await floor.stock(observer) == (in_stock, 0)
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_k3_the_card_is_approved_and_the_process_dies_before_the_order(
    pool, counter, terminal, floor, observer
) -> None:
    request = floor.sale(customer_id=floor.customer)
    prepared = await begin(counter, request)
    await floor.begin(observer, prepared.payment_id)
    await floor.record(observer, prepared.payment_id, "approved")

    await recovered(pool, terminal, floor, observer)
    asked_later = await ring_up(counter, request)

    assert (asked_later.answer.response_status, asked_later.replayed) == (201, True)
    assert terminal.asked == []
    assert await floor.points(observer) == (110, 0)
    assert await broken_invariants(observer) == {}


async def test_k4_the_capture_is_not_answered(pool, floor, observer, counter) -> None:
    terminal = Deaf(auth_capture=True)
    counter = replace(counter, terminals=OneTerminal(terminal))
    await ring_up(counter, floor.sale())

    while_silent = []
    for _ in range(terminal.silent):
        await recovered(pool, terminal, floor, observer)
        while_silent.append(await ask(observer, "select capture_status from ringup.payment_transactions"))
    await recovered(pool, terminal, floor, observer)

    assert while_silent == ["pending"] * 3
    assert terminal.captured == terminal.moved and set(terminal.tried) == set(terminal.moved)
    assert await ask(observer, "select capture_status from ringup.payment_transactions") == "captured"
    assert await broken_invariants(observer) == {}


async def test_k5_somebody_wants_the_last_piece_while_the_card_is_approved(counter, terminal, floor, observer) -> None:
    everything_but_one = (floor.vendor, floor.location, floor.product, -99, "adjusted", "counted", "Ada")
    await ask(observer, "select ringup.change_stock(%s, %s, %s, %s, %s, %s, %s)", *everything_but_one)
    prepared = await begin(counter, floor.sale())
    await floor.begin(observer, prepared.payment_id)

    with pytest.raises(InsufficientStock):
        await ring_up(counter, floor.sale())
    await floor.record(observer, prepared.payment_id, "approved")
    completed = await floor.complete(observer, prepared.checkout_id)

    assert completed["status"] == "completed"
    assert terminal.asked == []
    assert await floor.stock(observer) == (0, 0)
    assert await broken_invariants(observer) == {}


async def test_k7_the_void_itself_fails(pool, counter, floor, observer) -> None:
    terminal = Deaf(says=lambda attempt: InDoubt("ReadTimeout"))
    counter = replace(counter, terminals=OneTerminal(terminal))
    rung = await ring_up(counter, floor.sale())
    await cancel(counter, floor.vendor, rung.checkout_id)
    terminal.moved += terminal.asked
    await recovered(pool, terminal, floor, observer)

    while_silent = []
    for _ in range(terminal.silent):
        await recovered(pool, terminal, floor, observer)
        while_silent += await rows(observer, "select tender_status from ringup.limbo")
        assert await broken_invariants(observer) == {}
    await recovered(pool, terminal, floor, observer)

    assert [row["tender_status"] for row in while_silent] == ["voiding"] * 3
    assert terminal.voided == terminal.moved
    assert await rows(observer, "select * from ringup.limbo") == []
    assert await ask(observer, "select payment_status from ringup.orders") == "voided"
    assert await broken_invariants(observer) == {}


async def test_k9_the_approval_is_heard_of_after_the_sale_was_given_up(
    pool, counter, terminal, floor, observer
) -> None:
    terminal.says = InDoubt("ReadTimeout")
    terminal.looks_up = NotSent("no such sale, and the terminal is idle")
    rung = await ring_up(counter, floor.sale())
    await cancel(counter, floor.vendor, rung.checkout_id)
    await recovered(pool, terminal, floor, observer)
    given_up = await ask(observer, "select status from ringup.orders")
    late = approved(Attempt(terminal.asked[0], Money(1000, "USD"))).approval
    terminal.listed = [ListedCharge(terminal.asked[0], late, is_charge=True)]

    recovery = Recovery(pool, OneTerminal(terminal))
    found = await walk_terminal(recovery, floor.vendor, floor.terminal, Money(0, "USD"))
    await recovered(pool, terminal, floor, observer)

    assert (given_up, found) == ("cancelled", {"found": 1})
    assert terminal.voided == terminal.asked
    assert await rows(observer, "select status, payment_status from ringup.orders") == [
        {"status": "cancelled", "payment_status": "voided"}
    ]
    assert await broken_invariants(observer) == {}
