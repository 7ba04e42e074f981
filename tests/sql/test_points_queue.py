"""The points step fails after the money moved: the sale stands, and the points wait, are tried again or settled."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows

NOON = datetime(2040, 11, 20, 12, 0, tzinfo=UTC)
BREAK = "alter table ringup.loyalty_transactions add constraint out_of_order check (points <> 9) not valid"
MEND = "alter table ringup.loyalty_transactions drop constraint out_of_order"
# What the relay does within a second, for a clock that jumped over its turns.
RELAY = "update ringup.order_events set relayed_at = ringup.now()"


async def sell_with_broken_points(connection: Connection, shop: ShopFloor, at: Any = None) -> uuid.UUID:
    """Coffee for 10.00 less 1.00 in points; the ledger refuses the 9 points that it earns. `at` stops the clock."""
    order = await paid(connection, shop, customer_id=shop.customer, points=100)
    if at:
        await at(connection, NOON)
    await connection.execute(BREAK)
    await shop.complete(connection, order)
    return order


async def paid(connection: Connection, shop: ShopFloor, **changes: Any) -> uuid.UUID:
    prepared = await shop.prepare(connection, **changes)
    await shop.begin(connection, prepared["payment_id"])
    approved_minor = 1000 - (changes.get("points") or 0)
    await shop.record(connection, prepared["payment_id"], "approved", approved_minor=approved_minor)
    order: uuid.UUID = prepared["checkout_id"]
    return order


async def queued(connection: Connection) -> dict[str, Any]:
    (item,) = await rows(connection, "select * from ringup.loyalty_reconciliation_queue")
    return item


async def retry(connection: Connection, shop: ShopFloor, item: uuid.UUID) -> dict[str, Any]:
    (tried,) = await rows(connection, "select * from ringup.retry_points(%s, %s, 'worker')", shop.vendor, item)
    return tried


async def claim(connection: Connection, shop: ShopFloor) -> list[uuid.UUID]:
    found = await rows(connection, "select c as id from ringup.claim_points_retries(%s, 10, 30) as c", shop.vendor)
    return [row["id"] for row in found]


async def resolve(connection: Connection, shop: ShopFloor, item: uuid.UUID, why: str = "settled by hand") -> None:
    await ask(connection, "select ringup.resolve_points(%s, %s, %s, 'Ada')", shop.vendor, item, why)


async def turn(connection: Connection, shop: ShopFloor, *, on: bool) -> None:
    await ask(connection, "select ringup.set_switch(%s, 'loyalty_updates', %s, 'Ada')", shop.vendor, on)


async def test_the_sale_stands_and_its_points_wait_with_their_amounts_and_the_reason(db, shop) -> None:
    order = await sell_with_broken_points(db, shop)

    item = await queued(db)
    (key,) = await rows(db, "select response_status, response_body from ringup.idempotency_keys")
    assert (await shop.order(db, order))["status"] == "completed"
    assert (key["response_status"], key["response_body"]["loyalty"]["points_earned"]) == (201, 0)
    assert (item["order_id"], item["customer_id"]) == (order, shop.customer)
    assert (item["points_earned"], item["points_redeemed"], item["resolved"]) == (9, 100, False)
    assert "out_of_order" in item["error_message"]
    assert await broken_invariants(db) == {}


async def test_what_completion_reports_is_what_became_of_the_points(db, shop) -> None:
    first = await paid(db, shop, customer_id=shop.customer)
    nobody = await paid(db, shop)

    recorded = (await shop.complete(db, first))["points"]

    assert (recorded["points_earned"], recorded["points_redeemed"], recorded["problem"]) == (10, 0, None)
    assert (recorded["customer_id"], recorded["order_id"]) == (str(shop.customer), str(first))
    assert (await shop.complete(db, first))["points"] is None
    assert (await shop.complete(db, nobody))["points"] is None


async def test_the_failure_and_the_sale_are_committed_together_or_not_at_all(db, shop) -> None:
    order = await paid(db, shop, customer_id=shop.customer, points=100)
    await db.execute(BREAK)

    async with db.transaction(force_rollback=True):
        await shop.complete(db, order)

    assert (await shop.order(db, order))["status"] == "payment_authorized"
    assert await rows(db, "select * from ringup.loyalty_reconciliation_queue") == []
    assert await rows(db, "select * from ringup.edge_function_logs") == []


async def test_the_failure_is_in_the_log_of_functions_in_the_words_that_people_search_for(db, shop) -> None:
    order = await sell_with_broken_points(db, shop)

    said = await rows(db, "select level, message, context, request_id from ringup.edge_function_logs order by id")
    assert [line["level"] for line in said] == ["error", "warning"]
    assert said[0]["message"].startswith("Loyalty points update failed: ")
    assert said[1]["message"] == "Loyalty points failure logged to reconciliation queue"
    assert {line["context"]["orderId"] for line in said} == {str(order)}
    assert {line["request_id"] for line in said} == {"req-1"}


async def test_points_that_wait_to_be_spent_cannot_be_held_a_second_time(db, shop) -> None:
    await sell_with_broken_points(db, shop)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await shop.prepare(db, customer_id=shop.customer, points=1)

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 1"


async def test_points_that_wait_to_be_spent_cannot_be_spent_a_second_time(db, shop) -> None:
    await sell_with_broken_points(db, shop)
    spend = "select ringup.update_customer_loyalty_points_atomic(%s, 0, 1, %s, 1)"

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, spend, shop.customer, uuid.uuid4())

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 1"
    assert await shop.points(db) == (100, 100)


async def test_a_retry_records_what_failed_once_however_often_it_is_tried(db, shop) -> None:
    order = await sell_with_broken_points(db, shop)
    await db.execute(MEND)
    item = (await queued(db))["id"]

    first = await retry(db, shop, item)
    again = await retry(db, shop, item)

    assert (first["resolved"], first["problem"]) == (True, None)
    assert again == first
    assert await shop.points(db) == (9, 0)
    assert (await shop.order(db, order))["points_earned"] == 9
    assert (await queued(db))["resolved_by"] == "worker"
    assert await broken_invariants(db) == {}


async def test_a_retry_that_fails_changes_no_points_and_comes_back_later_and_later(db, shop, set_clock) -> None:
    await sell_with_broken_points(db, shop, at=set_clock)
    item = await queued(db)

    tried = [item, *[await retry(db, shop, item["id"]) for _ in range(5)]]

    minute = timedelta(minutes=1)
    waits = [minute, 5 * minute, 60 * minute, *[timedelta(days=1)] * 3]
    assert [each["next_retry_at"] - NOON for each in tried] == waits
    assert (await queued(db))["retry_count"] == 5
    assert await shop.points(db) == (100, 100)
    await db.execute(RELAY)
    assert await broken_invariants(db) == {}


async def test_an_item_is_claimed_when_it_is_due_and_again_when_the_lease_ends(db, shop, set_clock) -> None:
    await sell_with_broken_points(db, shop, at=set_clock)
    item = (await queued(db))["id"]

    claimed = []
    for seconds in (59, 60, 61, 89, 90):
        await set_clock(db, NOON + timedelta(seconds=seconds))
        claimed.append(await claim(db, shop))

    assert claimed == [[], [item], [], [], [item]]


async def test_an_idle_worker_is_told_of_a_retry_when_it_is_due(db, shop, set_clock) -> None:
    await sell_with_broken_points(db, shop, at=set_clock)
    vendors = "select vendor_id, retries from ringup.list_vendors_with_points_work()"

    before = await rows(db, vendors)
    await set_clock(db, NOON + timedelta(minutes=1))

    assert before == []
    assert await rows(db, vendors) == [{"vendor_id": shop.vendor, "retries": True}]


async def test_two_retries_of_one_item_record_its_points_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await sell_with_broken_points(observer, shop)
    await observer.execute(MEND)
    item = (await queued(observer))["id"]

    async with first.transaction():
        await retry(first, shop, item)
        waiting = asyncio.create_task(retry(second, shop, item))
        await until_waiting(observer, 1)

    assert (await waiting)["resolved"]
    assert (await queued(observer))["retry_count"] == 1
    assert await shop.points(observer) == (9, 0)
    assert await broken_invariants(observer) == {}


async def test_a_retry_and_a_person_who_resolves_meet_and_only_one_has_its_way(registers, until_waiting) -> None:
    worker, person, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    await sell_with_broken_points(observer, shop)
    await observer.execute(MEND)
    item = (await queued(observer))["id"]

    async with worker.transaction():
        await retry(worker, shop, item)
        waiting = asyncio.create_task(resolve(person, shop, item))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.sqlstate == "RU010"
    assert await shop.points(observer) == (9, 0)


async def test_a_person_resolves_an_item_and_what_was_set_aside_is_the_customer_s_again(db, shop) -> None:
    await sell_with_broken_points(db, shop)
    item = (await queued(db))["id"]

    await resolve(db, shop, item, "the customer keeps the points, an apology")

    closed = await queued(db)
    assert (closed["resolved_by"], closed["resolution"]) == ("Ada", "the customer keeps the points, an apology")
    assert await shop.points(db) == (100, 0)
    assert await claim(db, shop) == []
    assert (await rows(db, "select actor from ringup.audit_log where action = 'points_resolved'"))[0]["actor"] == "Ada"
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("why", ["", "  "])
async def test_resolving_takes_a_reason(db, shop, why) -> None:
    await sell_with_broken_points(db, shop)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await resolve(db, shop, (await queued(db))["id"], why)

    assert refused.value.sqlstate == "RU208"
    assert not (await queued(db))["resolved"]


async def test_what_is_resolved_or_never_was_cannot_be_resolved(db, shop) -> None:
    await sell_with_broken_points(db, shop)
    item = (await queued(db))["id"]
    await resolve(db, shop, item)

    for which in (item, uuid.uuid4()):
        with pytest.raises(psycopg.Error) as refused:
            async with db.transaction():
                await resolve(db, shop, which)
        assert refused.value.sqlstate == "RU010"
    assert await shop.points(db) == (100, 0)


async def test_somebody_who_records_the_points_by_hand_spends_what_was_set_aside_for_them(db, shop) -> None:
    order = await sell_with_broken_points(db, shop)
    await db.execute(MEND)

    await ask(db, "select ringup.update_customer_loyalty_points_atomic(%s, 9, 100, %s, 9.00)", shop.customer, order)

    assert await shop.points(db) == (9, 0)
    assert await broken_invariants(db) == {}
    assert (await retry(db, shop, (await queued(db))["id"]))["resolved"]
    assert await shop.points(db) == (9, 0)


async def test_the_points_of_a_duplicate_go_to_whoever_they_were_merged_into(db, shop) -> None:
    survivor = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'Grace', 'Hopper', null, null, true)", shop.vendor, survivor)
    await db.execute(BREAK.replace("9", "10"))
    order = await paid(db, shop, customer_id=shop.customer)
    await shop.complete(db, order)
    await db.execute(MEND)
    await db.execute(
        "update ringup.customers set merged_into = %s, is_active = false where id = %s", [survivor, shop.customer]
    )

    tried = await retry(db, shop, (await queued(db))["id"])

    assert tried["resolved"], tried
    earned = await rows(db, "select customer_id, points from ringup.loyalty_transactions where points = 10")
    assert earned == [{"customer_id": survivor, "points": 10}]


async def test_a_promise_that_could_not_be_computed_waits_as_well(db, shop) -> None:
    order = await paid(db, shop, customer_id=shop.customer, points=50)
    await db.execute("update ringup.orders set points_to_earn = 0, points_problem = 'division by zero'")

    await shop.complete(db, order)

    item = await queued(db)
    assert (item["error_message"], item["points_redeemed"]) == ("division by zero", 50)
    assert await shop.points(db) == (100, 50)


async def test_an_item_that_nobody_will_try_again_is_something_stuck(db, shop, set_clock) -> None:
    await sell_with_broken_points(db, shop, at=set_clock)

    await set_clock(db, NOON + timedelta(minutes=12))

    (stuck,) = (await broken_invariants(db))["I7"]
    assert stuck["subject"] == "loyalty_reconciliation_queue"


async def test_points_that_were_switched_off_touch_no_sale_and_wait_for_the_switch(db, shop, set_clock) -> None:
    order = await paid(db, shop, customer_id=shop.customer, points=100)
    await set_clock(db, NOON)
    await turn(db, shop, on=False)

    await shop.complete(db, order)
    await set_clock(db, NOON + timedelta(minutes=20))
    item = await queued(db)

    assert (await shop.order(db, order))["status"] == "completed"
    assert item["error_message"] == "loyalty updates are switched off"
    assert await shop.points(db) == (100, 100)
    assert (await retry(db, shop, item["id"]))["resolved"] is False
    assert (await queued(db))["retry_count"] == 0
    assert await claim(db, shop) == []
    await db.execute(RELAY)
    assert await broken_invariants(db) == {}
    await turn(db, shop, on=True)
    assert await claim(db, shop) == [item["id"]]
    assert (await retry(db, shop, item["id"]))["resolved"]
    assert await shop.points(db) == (9, 0)


async def test_a_promise_that_could_not_be_made_is_made_by_the_retry(db, shop) -> None:
    order = await paid(db, shop, customer_id=shop.customer, points=50)
    await db.execute("update ringup.orders set points_to_earn = 0, points_problem = 'division by zero'")
    await db.execute("update ringup.order_items set points_to_earn = 0")
    await shop.complete(db, order)

    tried = await retry(db, shop, (await queued(db))["id"])

    (line,) = await rows(db, "select points_to_earn from ringup.order_items")
    assert (tried["resolved"], tried["points_earned"], line["points_to_earn"]) == (True, 9, 9)
    assert await shop.points(db) == (59, 0)
    assert (await shop.order(db, order))["points_earned"] == 9
    assert await broken_invariants(db) == {}


async def test_what_came_back_before_its_points_could_be_computed_earns_none(db, shop) -> None:
    order = await paid(db, shop, customer_id=shop.customer)
    await db.execute("update ringup.orders set points_to_earn = 0, points_problem = 'division by zero'")
    await db.execute("update ringup.order_items set points_to_earn = 0")
    await shop.complete(db, order)
    await ask(db, "select r from ringup.return_points(%s, %s, %s, '{1}', '{1}') as r", shop.vendor, order, uuid.uuid4())

    tried = await retry(db, shop, (await queued(db))["id"])

    assert (tried["resolved"], tried["points_earned"]) == (True, 0)
    assert await shop.points(db) == (100, 0)
    assert await broken_invariants(db) == {}


async def test_what_stays_of_a_sale_whose_points_could_not_be_computed_earns(db, shop) -> None:
    order = (await shop.prepare(db, **shop.cash(customer_id=shop.customer, quantities=[2])))["checkout_id"]
    await db.execute("update ringup.orders set points_to_earn = 0, points_problem = 'division by zero'")
    await db.execute("update ringup.order_items set points_to_earn = 0")
    await shop.complete(db, order)
    back = "select r from ringup.return_points(%s, %s, %s, '{1}', '{1}') as r"
    await ask(db, back, shop.vendor, order, uuid.uuid4())

    tried = await retry(db, shop, (await queued(db))["id"])
    await ask(db, back, shop.vendor, order, uuid.uuid4())

    assert (tried["resolved"], tried["points_earned"]) == (True, 10)
    assert await shop.points(db) == (100, 0)
    assert await broken_invariants(db) == {}


async def test_returning_goods_whose_points_wait_gives_back_what_was_set_aside(db, shop) -> None:
    order = await sell_with_broken_points(db, shop)
    await ask(db, "select r from ringup.return_points(%s, %s, %s, '{1}', '{1}') as r", shop.vendor, order, uuid.uuid4())

    assert (await queued(db))["resolved"]
    assert await shop.points(db) == (100, 0)
    assert await broken_invariants(db) == {}


async def test_an_order_that_waits_already_is_no_reason_to_undo_its_sale(db, shop) -> None:
    order = await paid(db, shop, customer_id=shop.customer, points=100)
    await db.execute(
        "insert into ringup.loyalty_reconciliation_queue"
        " (vendor_id, id, customer_id, order_id, points_earned, points_redeemed, error_message, created_at)"
        " values (%s, %s, %s, %s, 0, 0, 'put here by hand', now())",
        [shop.vendor, uuid.uuid4(), shop.customer, order],
    )
    await db.execute(BREAK)

    assert (await shop.complete(db, order))["status"] == "completed"
    assert (await queued(db))["error_message"] == "put here by hand"
