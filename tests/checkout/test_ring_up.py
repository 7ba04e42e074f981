"""What the cashier sees, and what the money does."""

import asyncio
import uuid
from dataclasses import replace

import pytest

from ringup.checkout.cancel import cancel
from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import begin, finish, preflight, ring_up
from ringup.domain.cart import Line
from ringup.domain.errors import (
    CheckoutInProgress,
    CustomerNotFound,
    IdempotencyKeyReused,
    InsufficientStock,
    NotCancellable,
    TerminalInDoubt,
)
from ringup.domain.outcome import Approval, Declined, InDoubt, NotSent, PartiallyApproved
from scripted_terminal import PowerCut, ScriptedTerminal, approved
from shop_floor import ShopFloor, ask, broken_invariants, rows


async def test_an_approved_card_sells(counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor, observer) -> None:
    rung = await ring_up(counter, floor.sale(customer_id=floor.customer, redeem_points=100))

    assert rung.answer.response_status == 201 and not rung.replayed
    body = rung.answer.response_body
    assert (body["status"], body["total_minor"], body["loyalty"]["balance"]) == ("completed", 900, 9)
    assert body["tenders"][0]["reference_id"] == terminal.moved[0]
    assert await broken_invariants(observer) == {}


async def test_the_same_key_three_times_is_one_order_one_charge_and_one_answer(
    counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor
) -> None:
    request = floor.sale()

    answers = [await ring_up(counter, request) for _ in range(3)]

    assert len(terminal.asked) == 1
    assert [rung.replayed for rung in answers] == [False, True, True]
    assert answers[0].answer.response_body == answers[1].answer.response_body == answers[2].answer.response_body


@pytest.mark.parametrize(
    ("the_terminal_says", "the_sale_becomes", "status", "code"),
    [
        (Declined(reason="insufficient funds"), "payment_failed", 402, "card_declined"),
        (NotSent(reason="ConnectError"), "payment_failed", None, "payment_not_sent"),
        (PartiallyApproved(Approval(approved_minor=400)), "payment_failed", 402, "partially_approved"),
        (InDoubt(reason="ReadTimeout"), "payment_processing", None, None),
    ],
    ids=["declined", "not sent", "only a part", "silent"],
)
async def test_each_answer_leaves_the_sale_where_the_cashier_expects(
    counter, terminal, floor, observer, the_terminal_says, the_sale_becomes, status, code
) -> None:
    terminal.says = the_terminal_says

    rung = await ring_up(counter, floor.sale())

    assert (rung.answer.status, rung.answer.response_status) == (the_sale_becomes, status)
    assert rung.answer.failure_code == code
    assert (await floor.stock(observer))[1] == (1 if the_sale_becomes == "payment_processing" else 0)


async def test_goods_that_are_not_there_never_reach_the_terminal(counter, terminal, floor) -> None:
    with pytest.raises(InsufficientStock) as refused:
        await ring_up(counter, floor.sale(quantity=101))

    assert refused.value.facts == {"sku": "COF-250", "available": 100, "requested": 101}
    assert terminal.asked == []


async def test_two_presses_at_the_same_instant_charge_once(counter, terminal, floor) -> None:
    request = floor.sale()
    terminal.waits = True

    first = asyncio.create_task(ring_up(counter, request))
    await terminal.was_asked.wait()
    with pytest.raises(CheckoutInProgress) as told:
        await ring_up(counter, request)
    terminal.may_answer.set()

    assert (await first).answer.response_status == 201
    assert told.value.facts["state"] == "payment_processing"
    assert len(terminal.asked) == 1


async def test_the_same_key_with_another_cart_is_refused(counter, floor) -> None:
    request = floor.sale()
    await ring_up(counter, request)

    with pytest.raises(IdempotencyKeyReused):
        await ring_up(counter, floor.sale(key=request.idempotency_key, quantity=2))


async def test_twenty_sales_queue_in_front_of_one_terminal(counter, terminal, floor, observer) -> None:
    answers = await asyncio.gather(*(ring_up(counter, floor.sale()) for _ in range(20)))

    assert [rung.answer.response_status for rung in answers] == [201] * 20
    assert len(set(terminal.moved)) == 20
    assert await floor.stock(observer) == (80, 0)
    assert await broken_invariants(observer) == {}


async def test_a_terminal_that_stays_busy_refuses_the_sale_and_frees_the_key(pool, terminal, floor, observer) -> None:
    impatient = Counter(pool, _only(terminal), Patience(terminal_wait=0.2))
    terminal.says = NotSent(reason="service busy", busy=True, retry_after_seconds=0.05)
    request = floor.sale()

    refused = await ring_up(impatient, request)
    terminal.says = None
    sold = await ring_up(impatient, request)

    assert (refused.answer.status, refused.answer.failure_code) == ("payment_failed", "terminal_busy")
    assert sold.answer.response_status == 201 and sold.checkout_id != refused.checkout_id
    assert len(set(terminal.asked)) == 2 and len(terminal.moved) == 1
    assert await broken_invariants(observer) == {}


async def test_a_terminal_in_doubt_is_not_asked_by_the_next_sale(pool, terminal, floor, observer) -> None:
    counter = Counter(pool, _only(terminal))
    terminal.says = InDoubt(reason="ReadTimeout")
    await ring_up(counter, floor.sale())

    with pytest.raises(TerminalInDoubt):
        await ring_up(counter, floor.sale())

    with pytest.raises(TerminalInDoubt):
        await preflight(counter, floor.vendor, floor.sale().cart)
    assert len(terminal.asked) == 1
    assert await ask(observer, "select count(*) from ringup.orders") == 1


async def test_a_sale_that_stood_in_line_when_the_doubt_began_is_refused_in_time(pool, terminal, floor) -> None:
    """It was prepared before anybody knew of the doubt: the index is what keeps it away from the terminal."""
    impatient = Counter(pool, _only(terminal), Patience(terminal_wait=0.2))
    terminal.says, terminal.waits = InDoubt(reason="ReadTimeout"), True
    doubtful = asyncio.create_task(ring_up(impatient, floor.sale()))
    await terminal.was_asked.wait()
    in_line = await begin(impatient, floor.sale())
    terminal.may_answer.set()
    await doubtful

    refused = await finish(impatient, floor.vendor, in_line)

    assert refused.answer.failure_code == "terminal_busy"
    assert len(terminal.asked) == 1


async def test_cancelling_while_the_customer_looks_for_a_card(counter, terminal, floor, observer) -> None:
    terminal.waits = True
    terminal.says = Declined(reason="cancelled on the terminal")
    selling = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()
    order = await ask(observer, "select id from ringup.orders")

    noted = await cancel(counter, floor.vendor, order)
    terminal.may_answer.set()
    rung = await selling

    assert noted.status == "payment_processing" and terminal.aborted == terminal.asked
    assert (rung.answer.status, rung.answer.response_status) == ("cancelled", 409)
    assert await floor.stock(observer) == (100, 0)


async def test_cancelling_too_late_sends_the_money_back(counter, terminal, floor, observer) -> None:
    terminal.waits = True
    selling = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()
    order = await ask(observer, "select id from ringup.orders")

    await cancel(counter, floor.vendor, order)
    terminal.may_answer.set()
    rung = await selling

    assert (rung.answer.status, rung.answer.payment_status) == ("cancelled", "voiding")


async def test_a_completed_sale_is_not_cancelled(counter, floor) -> None:
    rung = await ring_up(counter, floor.sale())

    with pytest.raises(NotCancellable):
        await cancel(counter, floor.vendor, rung.checkout_id)


async def test_a_preflight_prices_the_cart_and_changes_nothing(counter, terminal, floor, observer) -> None:
    document = await preflight(counter, floor.vendor, floor.sale(quantity=3).cart)

    assert document["total_minor"] == 3000
    assert terminal.asked == [] and await floor.stock(observer) == (100, 0)
    for table in ("orders", "idempotency_keys", "payment_transactions"):
        assert await ask(observer, f"select count(*) from ringup.{table}") == 0
    with pytest.raises(InsufficientStock):
        await preflight(counter, floor.vendor, floor.sale(quantity=101).cart)


async def test_a_preflight_says_what_the_cart_would_earn_and_what_may_be_redeemed(counter, floor, observer) -> None:
    cart = floor.sale(quantity=3, customer_id=floor.customer, redeem_points=60).cart

    document = await preflight(counter, floor.vendor, cart)
    nobody = await preflight(counter, floor.vendor, floor.sale().cart)

    assert (document["loyalty"]["points_to_earn"], document["points"]["points_to_earn"]) == (29, 29)
    assert (document["points"]["points_available"], document["points"]["points_maximum"]) == (100, 100)
    assert nobody["points"] is None
    assert await floor.points(observer) == (100, 0)
    with pytest.raises(CustomerNotFound):
        await preflight(counter, floor.vendor, replace(cart, customer_id=floor.product))


@pytest.mark.parametrize("power_fails", ["before the money moves", "after the money moved"])
async def test_a_retry_after_a_power_cut_never_charges_again(counter, terminal, floor, observer, power_fails) -> None:
    request = floor.sale()
    terminal.power_fails = power_fails
    with pytest.raises(PowerCut):
        await ring_up(counter, request)

    with pytest.raises(CheckoutInProgress):
        await ring_up(counter, request)
    await observer.execute("update ringup.orders set lease_until = now()")
    nobody_drives = await ring_up(counter, request)

    assert (nobody_drives.answer.status, nobody_drives.answer.response_status) == ("payment_processing", None)
    assert len(terminal.asked) == 1


async def test_a_price_from_the_till_counts_only_where_it_may(counter, floor) -> None:
    cheap = floor.sale(lines=(Line(quantity=1, code="COF-250", unit_price_minor=1),))

    assert (await ring_up(counter, cheap)).answer.response_body["total_minor"] == 1


def _only(terminal: ScriptedTerminal) -> object:
    class Only:
        async def get(self, vendor_id: uuid.UUID, processor_id: uuid.UUID) -> ScriptedTerminal:
            return terminal

    return Only()


async def test_an_approval_for_more_names_what_was_really_taken(counter, terminal, floor, observer) -> None:
    terminal.says = lambda attempt: approved(replace(attempt, amount=replace(attempt.amount, amount_minor=1050)))

    rung = await ring_up(counter, floor.sale())

    assert rung.answer.response_body["tenders"][0]["approved_minor"] == 1050
    assert len(await rows(observer, "select * from ringup.audit_i02_no_double_charge")) == 1


async def test_a_process_that_was_away_between_begin_and_charge_does_not_send(pool, terminal, floor, observer) -> None:
    no_time_at_all = Counter(pool, _only(terminal), Patience(terminal_wait=1.0, step=-1))

    rung = await ring_up(no_time_at_all, floor.sale())

    assert terminal.asked == []
    assert rung.answer.failure_code == "payment_not_sent"
    assert await broken_invariants(observer) == {}
