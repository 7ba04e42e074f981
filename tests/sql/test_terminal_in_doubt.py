"""A terminal with a payment in doubt is not offered to anybody else, and the refusal says where to go instead."""

import json
import uuid

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, ask, prepare, rows


async def leave_in_doubt(db: Connection, shop: ShopFloor, **changes) -> dict:
    prepared = await shop.prepare(db, **changes)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt", code="2007")
    return prepared


async def refusal(db: Connection, request: dict) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await prepare(db, request)
    return refused.value


async def add_green(db: Connection, shop: ShopFloor, name: str) -> uuid.UUID:
    terminal = uuid.uuid4()
    await shop.add_terminal(db, terminal, name)
    await ask(db, "select ringup.record_health(%s, %s, 'online', null, 5)", shop.vendor, terminal)
    return terminal


async def test_another_sale_is_refused_before_anything_is_held_or_anybody_charged(db, shop):
    await leave_in_doubt(db, shop)
    held = await shop.stock(db)

    refused = await refusal(db, shop.request(customer_id=shop.customer, points=10))

    assert refused.sqlstate == "RU302"
    assert json.loads(refused.diag.message_detail)["processor_id"] == str(shop.terminal)
    assert await shop.stock(db) == held == (100, 1)
    assert await shop.points(db) == (100, 0)
    assert await ask(db, "select count(*) from ringup.orders") == 1
    assert await ask(db, "select count(*) from ringup.idempotency_keys") == 1


@pytest.mark.parametrize("why", ["RU301", "RU302"])
async def test_the_alternatives_are_green_in_use_and_free(db, shop, why):
    free = await add_green(db, shop, "Free")
    doubtful, working, unused = [await add_green(db, shop, name) for name in ("Doubtful", "Working", "Unused")]
    red = await add_green(db, shop, "Red")
    await shop.add_terminal(db, uuid.uuid4(), "Never asked")
    await shop.add_terminal(db, unused, "Unused", active=False)
    await ask(db, "select ringup.record_health(%s, %s, 'offline', null, 5)", shop.vendor, red)
    await leave_in_doubt(db, shop, processors=[doubtful])
    at_work = await shop.prepare(db, processors=[working])
    await shop.begin(db, at_work["payment_id"])
    if why == "RU302":
        await leave_in_doubt(db, shop)
    else:
        await ask(db, "select ringup.record_health(%s, %s, 'offline', null, 5)", shop.vendor, shop.terminal)

    refused = await refusal(db, shop.request())

    assert refused.sqlstate == why
    assert json.loads(refused.diag.message_detail)["green"] == [{"id": str(free), "name": "Free"}]


async def test_a_terminal_that_is_charging_somebody_else_is_stood_in_line_for(db, shop):
    working = await shop.prepare(db)
    await shop.begin(db, working["payment_id"])

    next_in_line = await shop.prepare(db)

    assert (next_in_line["yours"], next_in_line["step"]) == (True, "charge")


async def test_a_charge_whose_driver_is_silent_beyond_its_lease_is_a_doubt(db, shop):
    abandoned = await shop.prepare(db)
    await shop.begin(db, abandoned["payment_id"])
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now()")

    assert (await refusal(db, shop.request())).sqlstate == "RU302"


async def test_the_sale_that_is_in_doubt_is_not_refused_by_its_own_doubt(db, shop):
    request = shop.request(key="mine")
    first = await prepare(db, request)
    await shop.begin(db, first["payment_id"])
    await shop.record(db, first["payment_id"], "in_doubt")

    again = await prepare(db, request | {"order_id": uuid.uuid4()})

    assert (again["checkout_id"], again["step"]) == (first["checkout_id"], "look_up")


async def test_a_terminal_is_offered_again_once_the_doubt_is_proven_idle(db, shop):
    doubtful = await leave_in_doubt(db, shop)
    await shop.record(db, doubtful["payment_id"], "not_sent")

    assert (await shop.prepare(db))["step"] == "charge"


async def test_cash_is_taken_while_the_terminal_is_in_doubt(db, shop):
    await leave_in_doubt(db, shop)

    cash = await prepare(db, shop.cash())

    assert cash["step"] == "complete"


async def test_the_list_of_terminals_says_which_is_in_doubt_and_which_merely_works(db, shop):
    working = await add_green(db, shop, "Working")
    idle = await add_green(db, shop, "Idle")
    at_work = await shop.prepare(db, processors=[working])
    await shop.begin(db, at_work["payment_id"])
    await leave_in_doubt(db, shop)

    listed = await rows(db, "select id, is_working, is_in_doubt from ringup.processor_statuses")

    assert {row["id"]: (row["is_working"], row["is_in_doubt"]) for row in listed} == {
        shop.terminal: (True, True),
        working: (True, False),
        idle: (False, False),
    }
