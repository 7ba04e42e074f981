"""New sales wait at the door while those that have begun go on."""

import asyncio
import uuid

import pytest

from ringup.checkout.counter import Counter, Patience
from ringup.checkout.door import Door
from ringup.checkout.ring_up import ring_up
from ringup.domain.cart import Line, Tender
from ringup.domain.errors import TooBusy
from scripted_terminal import OneTerminal
from shop_floor import ask

CROWD = 20


async def put_tea_on_the_shelf(observer, floor) -> uuid.UUID:
    tea = uuid.uuid4()
    await ask(
        observer,
        "select ringup.save_product(%s, %s, 'TEA', null, 'Tea', 'Drinks', 500, true, true, 'Ada')",
        floor.vendor,
        tea,
    )
    await ask(
        observer,
        "select ringup.change_stock(%s, %s, %s, 100, 'opening', null, 'Ada')",
        floor.vendor,
        floor.location,
        tea,
    )
    return tea


async def test_a_sale_whose_money_has_moved_does_not_stand_behind_new_ones(
    pool, terminal, floor, observer, registers, until_waiting
) -> None:
    """Six connections, and twenty new sales that cannot get at the tea: the coffee is sold all the same."""
    counter = Counter(pool, OneTerminal(terminal))
    tea = await put_tea_on_the_shelf(observer, floor)
    terminal.waits = True
    coffee = asyncio.create_task(ring_up(counter, floor.sale()))
    await terminal.was_asked.wait()
    holder = await registers()

    async with holder.transaction():
        await holder.execute("select from ringup.inventory where product_id = %s for update", [tea])
        cash = {"lines": (Line(quantity=1, code="TEA"),), "tenders": (Tender("cash", tendered_minor=500),)}
        crowd = [asyncio.create_task(ring_up(counter, floor.sale(**cash))) for _ in range(CROWD)]
        await until_waiting(observer, 4)
        terminal.may_answer.set()
        sold = await coffee
        assert [task for task in crowd if task.done()] == []
    teas = await asyncio.gather(*crowd)

    assert sold.answer.response_status == 201
    assert [tea.answer.response_status for tea in teas] == [201] * CROWD


async def test_who_waits_at_the_door_too_long_is_told_to_come_again_and_leaves_nothing(
    pool, terminal, floor, observer
) -> None:
    door = Door(at_once=1)
    counter = Counter(pool, OneTerminal(terminal), Patience(door=0.05), door=door)
    request = floor.sale()

    async with door.passed(1):
        with pytest.raises(TooBusy) as refused:
            await ring_up(counter, request)
    again = await ring_up(counter, request)

    assert refused.value.retryable
    assert (again.answer.response_status, again.replayed) == (201, False)
    assert await ask(observer, "select count(*) from ringup.orders") == 1


async def test_who_would_wait_too_long_is_told_at_once_and_the_line_goes_on() -> None:
    """Each takes a fiftieth of a second, and nobody is to wait for more than two: seventy may stand in line."""
    door, opened = Door(at_once=1), asyncio.Event()
    passed: list[int] = []
    for _ in range(30):
        async with door.passed(2):
            await asyncio.sleep(0.02)

    async def hold() -> None:
        async with door.passed(2):
            await opened.wait()

    async def sell(number: int) -> None:
        async with door.passed(2):
            passed.append(number)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0)
    crowd = [asyncio.create_task(sell(number)) for number in range(300)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    refused = [task for task in crowd if task.done() and isinstance(task.exception(), TooBusy)]
    opened.set()
    await asyncio.gather(holding, *crowd, return_exceptions=True)

    assert 220 <= len(refused) < 300
    assert passed == list(range(300 - len(refused)))
