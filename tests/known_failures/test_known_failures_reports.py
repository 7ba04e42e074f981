"""R01 to R25: what others reported of their sales, played here.

docs/reference/known-failures.md has the report behind each number, and the tests elsewhere
that stand for the numbers that have none here.
"""

import asyncio
from dataclasses import dataclass, field

import psycopg
import pytest
from later import recovered, time_passes

from drawer import count_and_close
from ringup.checkout.cancel import cancel
from ringup.checkout.counter import Counter
from ringup.checkout.ring_up import ring_up
from ringup.domain.attempt import Attempt
from ringup.domain.errors import CheckoutInProgress
from ringup.domain.outcome import Declined, InDoubt, NotSent, Outcome
from ringup.recovery.settle import Recovery, settle_order
from ringup.recovery.sweep import sweep
from scripted_terminal import OneTerminal, PowerCut, ScriptedTerminal, approved
from shop_floor import ask, broken_invariants, open_shop_floor, rows


@dataclass
class RefusesCaptures(ScriptedTerminal):
    async def capture(self, attempt: Attempt) -> Outcome:
        return Declined("the authorisation has expired", "1004")


@dataclass
class SlowCaptures(ScriptedTerminal):
    """A capture takes until the test lets it answer."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def capture(self, attempt: Attempt) -> Outcome:
        outcome = await super().capture(attempt)
        self.began.set()
        await self.may_answer.wait()
        return outcome


async def test_r01_a_capture_that_is_refused_is_not_marked_done(pool, floor, observer) -> None:
    terminal = RefusesCaptures(auth_capture=True)
    await ring_up(Counter(pool, OneTerminal(terminal)), floor.sale())

    await recovered(pool, terminal, floor, observer)

    assert await ask(observer, "select capture_status from ringup.payment_transactions") == "failed"
    assert await rows(observer, "select kind, amount_minor from ringup.open_items") == [
        {"kind": "capture_refused", "amount_minor": 1000}
    ]
    assert await broken_invariants(observer) == {}


async def test_r03_what_was_taken_at_the_tap_is_not_captured_again(pool, counter, terminal, floor, observer) -> None:
    terminal.auth_capture = True
    terminal.says = lambda attempt: approved(attempt, captured=True)
    rung = await ring_up(counter, floor.sale())

    await recovered(pool, terminal, floor, observer)

    assert rung.answer.response_body["tenders"][0]["capture_status"] == "not_needed"
    assert terminal.captured == []
    assert await broken_invariants(observer) == {}


async def test_r07_the_client_goes_away_and_the_paid_sale_becomes_an_order(
    pool, counter, terminal, floor, observer
) -> None:
    terminal.waits = True
    selling = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()
    selling.cancel()
    await asyncio.gather(selling, return_exceptions=True)
    terminal.moved += terminal.asked

    await recovered(pool, terminal, floor, observer)

    assert await ask(observer, "select status from ringup.orders") == "completed"
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_r09_a_cancellation_that_lost_the_race_undoes_nothing(registers, until_waiting) -> None:
    cashier, customer, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    prepared = await shop.prepare(observer)
    await shop.begin(observer, prepared["payment_id"])
    await shop.record(observer, prepared["payment_id"], "approved")

    async with cashier.transaction():
        await shop.complete(cashier, prepared["checkout_id"])
        cancelling = asyncio.create_task(shop.cancel(customer, prepared["checkout_id"]))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await cancelling

    assert refused.value.sqlstate == "RU115"
    assert (await shop.payment(observer, prepared["payment_id"]))["status"] == "approved"
    assert (await shop.order(observer, prepared["checkout_id"]))["status"] == "completed"
    assert await broken_invariants(observer) == {}


async def test_r10_recovery_and_the_till_finish_the_same_sale_at_the_same_time(
    pool, counter, terminal, floor, observer
) -> None:
    request = floor.sale(customer_id=floor.customer)
    terminal.power_fails = "after the money moved"
    with pytest.raises(PowerCut):
        await ring_up(counter, request)
    order = await ask(observer, "select id from ringup.orders")
    await time_passes(observer)
    recoveries = [Recovery(pool, OneTerminal(terminal)) for _ in range(2)]

    ends = await asyncio.gather(
        *(sweep(recovery, floor.vendor) for recovery in recoveries),
        *(settle_order(recovery, floor.vendor, order) for recovery in recoveries),
        *(ring_up(counter, request) for _ in range(2)),
        return_exceptions=True,
    )
    await recovered(pool, terminal, floor, observer)

    assert {type(end) for end in ends if isinstance(end, BaseException)} <= {CheckoutInProgress}
    assert await ask(observer, "select status from ringup.orders") == "completed"
    assert (len(terminal.asked), terminal.voided) == (1, [])
    assert (await floor.stock(observer), await floor.points(observer)) == ((99, 0), (110, 0))
    assert await broken_invariants(observer) == {}


async def test_r12_the_same_approval_three_times_counts_once(floor, observer) -> None:
    prepared = await floor.prepare(observer)
    await floor.begin(observer, prepared["payment_id"])

    for _ in range(3):
        await floor.record(observer, prepared["payment_id"], "approved")
        await floor.complete(observer, prepared["checkout_id"])

    session = await rows(observer, "select order_count, card_minor from ringup.register_sessions")
    assert session == [{"order_count": 1, "card_minor": 1000}]
    assert await floor.stock(observer) == (99, 0)
    assert await broken_invariants(observer) == {}


async def test_r13_a_second_capture_waits_until_the_first_is_known(pool, floor, observer) -> None:
    terminal = SlowCaptures(auth_capture=True)
    await ring_up(Counter(pool, OneTerminal(terminal)), floor.sale())
    first = asyncio.create_task(sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor))
    await terminal.began.wait()

    async with asyncio.timeout(5):
        second = await sweep(Recovery(pool, OneTerminal(terminal)), floor.vendor)
    terminal.may_answer.set()

    assert ((await first).payments, second.payments) == (1, 0)
    assert terminal.captured == terminal.moved
    assert await broken_invariants(observer) == {}


async def test_r15_the_late_answer_of_a_cancelled_sale_is_not_the_next_sale_s(
    pool, counter, terminal, floor, observer
) -> None:
    terminal.says = InDoubt("ReadTimeout")
    terminal.looks_up = NotSent("no such sale, and the terminal is idle")
    first = await ring_up(counter, floor.sale())
    await cancel(counter, floor.vendor, first.checkout_id)
    await recovered(pool, terminal, floor, observer)
    first_payment = await ask(observer, "select id from ringup.payment_transactions")
    terminal.says, terminal.looks_up, terminal.waits = None, None, True
    terminal.was_asked.clear()
    second = asyncio.create_task(ring_up(counter, floor.sale(quantity=2)))
    await terminal.was_asked.wait()

    late = await floor.record(observer, first_payment, "approved")
    terminal.may_answer.set()
    rung = await second

    assert (late["status"], late["step"]) == ("cancelled", "void")
    [tender] = rung.answer.response_body["tenders"]
    assert (tender["reference_id"], tender["approved_minor"]) == (terminal.asked[1], 2000)
    await recovered(pool, terminal, floor, observer)
    assert terminal.voided == [terminal.asked[0]]
    assert await broken_invariants(observer) == {}


async def test_r16_an_error_in_the_last_step_does_not_leave_a_sale_that_only_looks_sold(
    pool, counter, terminal, floor, observer
) -> None:
    # A fault in the middle of the finalising transaction, from outside.
    await observer.execute("alter table ringup.inventory_movements add constraint broken check (reason <> 'sold')")
    request = floor.sale(customer_id=floor.customer)

    with pytest.raises(psycopg.errors.CheckViolation):
        await ring_up(counter, request)
    paid = await rows(observer, "select status, completed_at from ringup.orders")
    held = await floor.stock(observer)
    await observer.execute("alter table ringup.inventory_movements drop constraint broken")
    await recovered(pool, terminal, floor, observer)

    assert [(row["status"], row["completed_at"]) for row in paid] == [("payment_authorized", None)]
    assert held == (100, 1)
    assert (await ring_up(counter, request)).answer.response_status == 201
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_r17_a_card_that_failed_is_not_counted_with_the_one_that_paid(counter, terminal, floor, observer) -> None:
    terminal.says = Declined("insufficient funds")
    await ring_up(counter, floor.sale())
    terminal.says = None

    await ring_up(counter, floor.sale())

    session = await rows(observer, "select order_count, card_minor from ringup.register_sessions")
    assert session == [{"order_count": 1, "card_minor": 1000}]
    assert len(terminal.asked) == 2
    assert await broken_invariants(observer) == {}


async def test_r21_stock_moves_with_the_sale_and_closing_the_day_only_sums(counter, floor, observer) -> None:
    await ring_up(counter, floor.sale(quantity=3))
    after_the_sale = await floor.stock(observer)

    await count_and_close(observer, floor)

    assert after_the_sale == (97, 0)
    assert await floor.stock(observer) == (97, 0)
    assert await broken_invariants(observer) == {}


async def test_r23_a_sale_that_is_given_up_gives_points_back_as_well_as_goods(
    counter, terminal, floor, observer
) -> None:
    prepared = await floor.prepare(observer, customer_id=floor.customer, points=60)
    set_aside = await floor.stock(observer), await floor.points(observer)

    await cancel(counter, floor.vendor, prepared["checkout_id"])

    assert set_aside == ((100, 1), (100, 60))
    assert (await floor.stock(observer), await floor.points(observer)) == ((100, 0), (100, 0))
    assert terminal.asked == []
    assert await broken_invariants(observer) == {}
