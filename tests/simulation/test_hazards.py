"""Three hazards that well-known systems fail when somebody measures them."""

import asyncio
import random
import uuid

from ringup.checkout.counter import Counter, Patience
from ringup.checkout.ring_up import begin, drive, ring_up
from ringup.db.calls.checkout import complete_checkout
from ringup.db.pool import Pool
from ringup.domain.errors import CheckoutInProgress, InsufficientStock
from scripted_terminal import OneTerminal, ScriptedTerminal
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows


async def test_twenty_completions_of_one_checkout_at_once_are_one_sale(
    counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor, pool: Pool, observer: Connection
) -> None:
    prepared = await floor.prepare(observer, customer_id=floor.customer)
    await floor.begin(observer, prepared["payment_id"])
    await floor.record(observer, prepared["payment_id"], "approved")

    ends = await asyncio.gather(*(complete_checkout(pool, floor.vendor, prepared["checkout_id"]) for _ in range(20)))

    assert {end.status for end in ends} == {"completed"}
    assert await rows(observer, "select status from ringup.orders") == [{"status": "completed"}]
    assert await rows(observer, "select kind, status from ringup.payment_transactions") == [
        {"kind": "charge", "status": "approved"}
    ]
    assert await floor.stock(observer) == (99, 0)
    assert await floor.points(observer) == (110, 0)
    assert await broken_invariants(observer) == {}


async def test_twenty_presses_of_one_button_at_once_are_one_charge(
    counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor, observer: Connection
) -> None:
    request = floor.sale()

    answers = await asyncio.gather(*(ring_up(counter, request) for _ in range(20)), return_exceptions=True)

    told = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} <= {CheckoutInProgress}
    assert {answer.answer.response_status for answer in told} == {201}
    assert len(terminal.asked) == 1
    assert await ask(observer, "select count(*) from ringup.orders") == 1


async def test_twenty_drivers_of_one_checkout_charge_once(
    counter: Counter, terminal: ScriptedTerminal, floor: ShopFloor, observer: Connection
) -> None:
    prepared = await begin(counter, floor.sale())
    elsewhere = [Counter(counter.db, OneTerminal(terminal), Patience(terminal_wait=2.0)) for _ in range(20)]
    terminal.waits = True

    drivers = [asyncio.create_task(drive(each, floor.vendor, prepared.checkout_id, prepared)) for each in elsewhere]
    await terminal.was_asked.wait()
    done, _ = await asyncio.wait(drivers, timeout=1)
    terminal.may_answer.set()
    ends = await asyncio.gather(*drivers)

    assert len(terminal.asked) == 1
    assert {end.status for end in ends} <= {"payment_processing", "completed"}
    assert len(done) == 19
    assert await broken_invariants(observer) == {}


async def test_thirty_buyers_of_ten_pieces_ten_sell_and_twenty_are_refused_uncharged(
    pool: Pool, observer: Connection
) -> None:
    floor = await open_shop_floor(observer, stock=10)
    terminals = [ScriptedTerminal() for _ in range(5)]
    dice = random.Random(30)
    ids = [uuid.uuid4() for _ in terminals]
    for number, each in enumerate(ids):
        await floor.add_terminal(observer, each, f"Lane {number}")

    class Shop:
        async def get(self, vendor_id: uuid.UUID, processor_id: uuid.UUID) -> ScriptedTerminal:
            return terminals[ids.index(processor_id)]

    counter = Counter(pool, Shop(), Patience(terminal_wait=5.0))
    floor.terminal = ids[0]

    async def buy(lane: int) -> object:
        floor.terminal = ids[lane]
        return await ring_up(counter, floor.sale())

    ends = await asyncio.gather(*(buy(dice.randrange(5)) for _ in range(30)), return_exceptions=True)

    refused = [end for end in ends if isinstance(end, InsufficientStock)]
    assert (len(ends) - len(refused), len(refused)) == (10, 20)
    assert sum(len(each.asked) for each in terminals) == sum(len(each.moved) for each in terminals) == 10
    assert await floor.stock(observer) == (0, 0)
    assert await broken_invariants(observer) == {}


async def test_a_deliberate_deadlock_hunt_on_one_customer_finds_none(
    counter: Counter, floor: ShopFloor, observer: Connection
) -> None:
    requests = [floor.sale(customer_id=floor.customer, redeem_points=1) for _ in range(64)]

    answers = await asyncio.gather(*(ring_up(counter, request) for request in requests))

    assert {answer.answer.response_status for answer in answers} == {201}
    assert await floor.points(observer) == (100 + 64 * (9 - 1), 0)
    assert await rows(observer, "select * from ringup.audit_i04_ledger_chains") == []
