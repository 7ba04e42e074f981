"""Every committed event is handed on at least once, in order per order, with the same id."""

import asyncio
import json
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import structlog

from ringup.db.calls import relay as calls
from ringup.db.calls.relay import Event
from ringup.recovery import relay
from ringup.recovery.relay import relay_events
from ringup.worker import _log_event
from scripted_terminal import PowerCut
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, prepare, rows


class Listener:
    """Somebody events are handed to. Dies at the event of that number, if one is given."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.heard: list[Event] = []
        self.dies_at = dies_at

    async def __call__(self, vendor_id: uuid.UUID, event: Event) -> None:
        if len(self.heard) == self.dies_at:
            raise PowerCut
        self.heard.append(event)


async def story(observer: Connection) -> list[tuple[uuid.UUID, int, uuid.UUID]]:
    found = await rows(observer, "select order_id, sequence, id from ringup.order_events order by order_id, sequence")
    return [(row["order_id"], row["sequence"], row["id"]) for row in found]


def in_order_of_orders(heard: list[Event]) -> list[tuple[uuid.UUID, int, uuid.UUID]]:
    """What was heard, each order's own order kept."""
    of_order = defaultdict(list)
    for event in heard:
        of_order[event.order_id].append((event.order_id, event.sequence, event.id))
    return [event for order in sorted(of_order) for event in of_order[order]]


async def lease_ends(observer: Connection) -> None:
    await observer.execute("update ringup.event_relays set lease_until = ringup.now()")


async def test_every_event_is_handed_on_once_in_the_order_of_its_order(pool, floor, observer) -> None:
    await floor.sell(observer)
    await floor.cancel(observer, (await floor.prepare(observer))["checkout_id"])
    listener = Listener()

    handed_on = [await relay_events(pool, floor.vendor, listener) for _ in range(2)]

    assert in_order_of_orders(listener.heard) == await story(observer)
    assert handed_on == [4, 0]
    assert await ask(observer, "select count(*) from ringup.order_events where relayed_at is null") == 0


@pytest.mark.parametrize("dies_at", range(4))
async def test_a_relay_that_dies_is_repeated_with_the_same_ids(pool, floor, observer, dies_at) -> None:
    await floor.sell(observer)
    await floor.cancel(observer, (await floor.prepare(observer))["checkout_id"])
    first, second = Listener(dies_at), Listener()
    with pytest.raises(PowerCut):
        await relay_events(pool, floor.vendor, first)

    while_the_lease_lasts = await relay_events(pool, floor.vendor, second)
    await lease_ends(observer)
    await relay_events(pool, floor.vendor, second)

    assert while_the_lease_lasts == 0
    assert in_order_of_orders(second.heard) == await story(observer)
    assert [event.id for event in first.heard] == [event.id for event in second.heard[:dies_at]]


async def test_two_relays_never_work_for_one_vendor_at_a_time(registers) -> None:
    first, second = [await registers() for _ in range(2)]
    shop = await open_shop_floor(first)
    await shop.sell(first)
    claim = "select * from ringup.claim_events(%s, %s, 10, 30)"
    await rows(second, claim, shop.vendor, uuid.uuid4())
    await lease_ends(second)

    async with first.transaction():
        claimed = await rows(first, claim, shop.vendor, uuid.uuid4())
        at_the_same_time = await rows(second, claim, shop.vendor, uuid.uuid4())
    afterwards = await rows(second, claim, shop.vendor, uuid.uuid4())

    assert [row["sequence"] for row in claimed] == [1, 2, 3]
    assert (at_the_same_time, afterwards) == ([], [])


async def test_a_relay_that_outlived_its_lease_leaves_the_next_one_s_alone(pool, floor, observer) -> None:
    await floor.sell(observer)
    slow, quick = uuid.uuid4(), uuid.uuid4()
    claimed = await calls.claim_events(pool, floor.vendor, slow, limit=10, lease_seconds=30)
    await lease_ends(observer)
    again = await calls.claim_events(pool, floor.vendor, quick, limit=10, lease_seconds=30)

    await calls.record_relayed(pool, floor.vendor, slow, claimed)

    assert again == claimed
    assert await ask(observer, "select holder from ringup.event_relays") == quick
    assert await calls.claim_events(pool, floor.vendor, uuid.uuid4(), limit=10, lease_seconds=30) == []


async def test_a_batch_is_bounded_and_never_cuts_an_order_in_the_wrong_place(
    pool, floor, observer, monkeypatch
) -> None:
    for _ in range(4):
        await floor.sell(observer)
    # A clock that was set back: the first event of an order looks younger than its last.
    await observer.execute("update ringup.order_events set created_at = created_at + interval '1 h' where sequence = 1")
    monkeypatch.setattr(relay, "BATCH", 3)
    listener = Listener()

    handed_on = [await relay_events(pool, floor.vendor, listener) for _ in range(5)]

    assert handed_on[-1] == 0 and max(handed_on) < 12
    assert in_order_of_orders(listener.heard) == await story(observer)


async def test_an_event_that_is_committed_late_is_not_passed_over(registers) -> None:
    """A transaction that was slow to commit has older events than those that were handed on meanwhile."""
    slow, quick = [await registers() for _ in range(2)]
    shop = await open_shop_floor(quick)
    claim = "select * from ringup.claim_events(%s, %s, 10, 0)"
    late = await shop.prepare(quick)

    async with slow.transaction():
        await shop.begin(slow, late["payment_id"])
        await shop.complete(quick, (await prepare(quick, shop.cash()))["checkout_id"])
        first = await rows(quick, claim, shop.vendor, uuid.uuid4())
        await quick.execute("update ringup.order_events set relayed_at = ringup.now()")
    then = await rows(quick, claim, shop.vendor, uuid.uuid4())

    assert [row["event"] for row in first] == ["fully_paid", "completed"]
    assert [(row["order_id"], row["event"]) for row in then] == [(late["checkout_id"], "payment_begun")]


async def test_whoever_listens_to_the_database_hears_of_each_event_when_it_counts_as_handed_on(
    pool, database, floor, observer
) -> None:
    order = await floor.sell(observer)
    async with await psycopg.AsyncConnection.connect(database.url("ringup_app"), autocommit=True) as listening:
        await listening.execute("listen ringup_events")

        await relay_events(pool, floor.vendor, Listener())

        heard = [json.loads(each.payload) async for each in listening.notifies(timeout=5, stop_after=3)]
    assert [(each["order_id"], each["sequence"], each["id"]) for each in heard] == [
        (str(order_id), sequence, str(id)) for order_id, sequence, id in await story(observer)
    ]
    assert [each["event"] for each in heard] == ["payment_begun", "fully_paid", "completed"]
    assert {each["vendor_id"] for each in heard} == {str(floor.vendor)}
    assert heard[0]["order_id"] == str(order)


async def test_an_idle_relay_asks_for_nobody(pool, floor, observer) -> None:
    await floor.sell(observer)
    busy = await calls.list_vendors_with_events(pool)
    await relay_events(pool, floor.vendor, Listener())

    assert (busy, await calls.list_vendors_with_events(pool)) == ([floor.vendor], [])


async def test_what_is_handed_on_is_in_the_log_with_its_id(pool, floor, observer) -> None:
    await floor.sell(observer)

    with structlog.testing.capture_logs() as logged:
        await relay_events(pool, floor.vendor, _log_event)

    assert [(line["event"], line["sequence"], line["event_id"]) for line in logged] == [
        ("order_event", sequence, str(id)) for _, sequence, id in await story(observer)
    ]


async def test_the_audit_misses_an_event_that_nobody_hands_on(db, set_clock) -> None:
    shop: ShopFloor = await open_shop_floor(db)
    await shop.sell(db)
    in_time = await broken_invariants(db)

    await set_clock(db, datetime.now(UTC) + timedelta(minutes=11))  # the database's clock is replaced, not this one

    assert in_time == {}
    assert [row["subject"] for row in (await broken_invariants(db))["I9"]] == ["event"] * 3


async def test_the_relay_finds_its_work_by_the_index_of_what_is_left(db) -> None:
    shop = await open_shop_floor(db)
    await db.execute("set local enable_seqscan = off")
    plan = await rows(
        db,
        "explain select e.order_id, e.created_at from ringup.order_events e"
        " where e.vendor_id = %s and e.relayed_at is null order by e.created_at limit 200",
        shop.vendor,
    )

    assert "order_events_not_relayed" in str(plan)


async def test_two_relays_at_once_hand_every_event_on_once(pool, floor, observer) -> None:
    for _ in range(5):
        await floor.sell(observer)
    listener = Listener()

    await asyncio.gather(*(relay_events(pool, floor.vendor, listener) for _ in range(4)))

    assert in_order_of_orders(listener.heard) == await story(observer)
