"""P01 to P29: what others reported of card terminals and their processors, played here.

docs/reference/known-failures.md has the report behind each number, and the tests elsewhere
that stand for the numbers that have none here.
"""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from later import TwoTerminals, recovered

from ringup.checkout.cancel import cancel
from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import begin, drive, ring_up
from ringup.domain.attempt import Attempt
from ringup.domain.cart import Tender
from ringup.domain.errors import TerminalInDoubt
from ringup.domain.money import Money
from ringup.domain.outcome import Approved, InDoubt, NotSent, Outcome
from ringup.terminals.spin import SpinSettings, SpinTerminal
from scripted_terminal import OneTerminal, ScriptedTerminal, approved
from shop_floor import ask, broken_invariants, rows

ATTEMPT = Attempt("7f0d6a1c2b3e4f5a9b8c7d6e5f4a3b2c", Money(1000, "USD"), approved_minor=1000)
APPROVED = {
    "GeneralResponse": {"ResultCode": "0", "StatusCode": "0000"},
    "TransactionType": "Sale",
    "Amounts": {"TotalAmount": 10},
}


def asked_of_the_vendor(
    answer: Callable[[str], httpx.Response], **settings: Any
) -> tuple[SpinTerminal, list[tuple[str, dict[str, Any]]]]:
    """A terminal whose vendor answers each operation so, and everything that is asked of that vendor."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def vendor(request: httpx.Request) -> httpx.Response:
        operation = request.url.path.rsplit("/", 1)[-1]
        asked.append((operation, json.loads(request.content)))
        return answer(operation)

    client = httpx.AsyncClient(transport=httpx.MockTransport(vendor))
    spin = SpinSettings("https://vendor.test", "012345678901", "ABCDEFGHIJ", "sale", **settings)
    return SpinTerminal(client, spin), asked


async def test_p01_polls_are_lost_and_the_button_is_pressed_again(pool, counter, terminal, floor, observer) -> None:
    def lose_the_answer(attempt: Attempt) -> Outcome:
        terminal.moved.append(attempt.reference_id)
        return InDoubt("ReadTimeout")

    request = floor.sale()
    terminal.says, terminal.looks_up = lose_the_answer, InDoubt("no network")
    told = []
    for _ in range(3):
        told.append((await ring_up(counter, request)).answer.payment_status)
        await recovered(pool, terminal, floor, observer)
    terminal.looks_up = None

    await recovered(pool, terminal, floor, observer)

    assert told == ["unknown"] * 3
    assert (await ring_up(counter, request)).answer.response_status == 201
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_p02_an_abort_names_the_payment_however_often_it_was_looked_up() -> None:
    terminal, asked = asked_of_the_vendor(lambda operation: httpx.Response(502, text="<html>"))
    await terminal.charge(ATTEMPT)
    for _ in range(3):
        await terminal.look_up(ATTEMPT)

    await terminal.abort(ATTEMPT)

    assert [operation for operation, _ in asked] == ["Sale", "Status", "Status", "Status", "AbortTransaction"]
    assert {members["ReferenceId"] for _, members in asked} == {ATTEMPT.reference_id}


async def test_p05_two_lanes_in_each_other_s_way_and_one_till_is_restarted(pool, floor, observer) -> None:
    left, right = ScriptedTerminal(waits=True), ScriptedTerminal(waits=True)
    other = uuid.uuid4()
    await floor.add_terminal(observer, other, "Second")
    counter = Counter(pool, TwoTerminals({floor.terminal: left, other: right}))
    restarted = asyncio.create_task(ring_up(counter, floor.sale()))
    await left.was_asked.wait()
    selling = asyncio.create_task(ring_up(counter, floor.sale(quantity=2, tenders=(Tender("card", None, other),))))
    await right.was_asked.wait()

    right.may_answer.set()
    sold = await selling
    restarted.cancel()
    await asyncio.gather(restarted, return_exceptions=True)
    left.moved += left.asked
    await recovered(pool, left, floor, observer)

    assert sold.answer.response_body["tenders"][0]["reference_id"] == right.moved[0]
    found = await rows(observer, "select reference_id, approved_minor from ringup.payment_transactions order by 2")
    assert [tuple(row.values()) for row in found] == [(left.moved[0], 1000), (right.moved[0], 2000)]
    assert await ask(observer, "select count(*) from ringup.orders where status = 'completed'") == 2
    assert await broken_invariants(observer) == {}


async def test_p10_a_finished_sale_is_not_asked_for_again_by_who_has_an_old_picture_of_it(
    counter, terminal, floor, observer
) -> None:
    old_picture = await begin(counter, floor.sale())
    await drive(counter, floor.vendor, old_picture.checkout_id, old_picture)

    again = await drive(counter, floor.vendor, old_picture.checkout_id, old_picture)

    assert (again.status, again.step) == ("completed", "done")
    assert len(terminal.asked) == 1
    assert await broken_invariants(observer) == {}


async def test_p13_a_processor_that_repeats_its_error_for_ever_is_asked_for_the_state_instead() -> None:
    def answer(operation: str) -> httpx.Response:
        return httpx.Response(200, json=APPROVED) if operation == "Status" else httpx.Response(500, text="error")

    terminal, asked = asked_of_the_vendor(answer)

    charged = await terminal.charge(ATTEMPT)
    found = await terminal.look_up(ATTEMPT)

    assert isinstance(charged, InDoubt)
    assert isinstance(found, Approved) and found.approval.captured
    assert [operation for operation, _ in asked] == ["Sale", "Status"]


async def test_p15_a_terminal_that_was_given_up_on_is_stopped_and_free_only_when_that_is_certain(
    pool, terminal, floor, observer
) -> None:
    impatient = Counter(pool, OneTerminal(terminal), Patience(terminal_wait=0.2))
    terminal.says = InDoubt("ReadTimeout")
    first = await ring_up(impatient, floor.sale())
    await cancel(impatient, floor.vendor, first.checkout_id)
    with pytest.raises(TerminalInDoubt):
        await ring_up(impatient, floor.sale())
    terminal.looks_up = NotSent("no such sale, and the terminal is idle")
    await recovered(pool, terminal, floor, observer)
    terminal.says = None

    sold = await ring_up(impatient, floor.sale())

    assert terminal.aborted == terminal.asked[:1]
    assert sold.answer.response_status == 201
    assert terminal.moved == terminal.asked[1:]
    assert await broken_invariants(observer) == {}


async def test_p22_every_message_about_a_payment_comes_from_the_same_register_id() -> None:
    terminal, asked = asked_of_the_vendor(lambda operation: httpx.Response(200, json=APPROVED), register_id="R1")

    await terminal.charge(ATTEMPT)
    await terminal.look_up(ATTEMPT)
    await terminal.abort(ATTEMPT)
    await terminal.void(ATTEMPT)

    assert {"Sale", "Status", "AbortTransaction", "Void"} <= {operation for operation, _ in asked}
    assert {members["RegisterId"] for _, members in asked} == {"R1"}


async def test_p23_a_price_that_changes_under_way_is_charged_as_the_customer_saw_it(
    counter, terminal, floor, observer
) -> None:
    amounts: list[int] = []

    def note_the_amount(attempt: Attempt) -> Outcome:
        amounts.append(attempt.amount.amount_minor)
        return approved(attempt)

    terminal.says = note_the_amount
    prepared = await begin(counter, floor.sale())
    await ask(
        observer,
        "select ringup.save_product(%s, %s, 'COF-250', null, 'Coffee', null, 2000, true, true, 'Ada')",
        floor.vendor,
        floor.product,
    )

    await drive(counter, floor.vendor, prepared.checkout_id, prepared)

    assert amounts == [1000]
    assert (await floor.order(observer, prepared.checkout_id))["total_minor"] == 1000
    assert await broken_invariants(observer) == {}


async def test_p26_a_terminal_that_never_answers_is_looked_up_and_its_answer_may_come_after_all(
    pool, counter, terminal, floor, observer
) -> None:
    terminal.waits = True
    selling = asyncio.create_task(ring_up(counter, floor.sale(customer_id=floor.customer)))
    await terminal.was_asked.wait()
    terminal.moved += terminal.asked

    await recovered(pool, terminal, floor, observer)
    found = await ask(observer, "select status from ringup.orders")
    terminal.may_answer.set()
    rung = await selling

    assert found == "completed"
    assert (rung.answer.status, rung.answer.response_status) == ("completed", 201)
    assert (await floor.stock(observer), await floor.points(observer)) == ((99, 0), (110, 0))
    assert await broken_invariants(observer) == {}
