"""Voids and captures that have to be asked again: when, how long, and who hears of it before it is too late."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

from shop_floor import ask, open_shop_floor, rows


async def approve(db, shop, *, captured: bool):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    return prepared, await shop.record(db, prepared["payment_id"], "approved", captured=captured)


async def seconds_to_next_try(db, payment_id) -> float:
    statement = (
        "select extract(epoch from p.next_check_at - ringup.now()) as seconds from ringup.payment_transactions p"
    )
    (found,) = await rows(db, f"{statement} where p.id = %s", payment_id)
    return float(found["seconds"])


async def owed(db, shop, follow_up) -> uuid.UUID:
    """A payment whose void or capture is due."""
    prepared, _ = await approve(db, shop, captured=follow_up == "record_void")
    await (shop.cancel if follow_up == "record_void" else shop.complete)(db, prepared["checkout_id"])
    return prepared["payment_id"]


@pytest.mark.parametrize("follow_up", ["record_void", "record_capture"])
async def test_waiting_for_a_busy_terminal_does_not_count_as_doubt(db, shop, follow_up):
    """A counter that is never idle answers "busy" many times; one lost reply then must not cost the customer a day."""
    payment = await owed(db, shop, follow_up)
    statement = f"select ringup.{follow_up}(%s, %s, %s, null, 'why', %s)"
    for _ in range(9):
        await ask(db, statement, shop.vendor, payment, "busy", 0.3)

    await ask(db, statement, shop.vendor, payment, "in_doubt", None)

    assert 1 < await seconds_to_next_try(db, payment) <= 2


@pytest.mark.parametrize("follow_up", ["record_void", "record_capture"])
async def test_however_often_it_fails_it_is_asked_again_within_a_minute(db, shop, follow_up):
    """It is safe to ask, the customer waits for the money, and the batch may close."""
    payment = await owed(db, shop, follow_up)
    for _ in range(9):
        await ask(db, f"select ringup.{follow_up}(%s, %s, 'in_doubt', null, 'no answer', null)", shop.vendor, payment)

    assert 59 < await seconds_to_next_try(db, payment) <= 60


async def waiting_payments(db, shop) -> dict[str, uuid.UUID]:
    """A doubt, a void and a capture that wait a day for a terminal to come back, and a doubt at another terminal."""
    other = uuid.uuid4()
    await shop.add_terminal(db, other, "Other")
    payments = {}
    for what in ("void", "capture"):
        prepared, _ = await approve(db, shop, captured=what == "void")
        await (shop.cancel if what == "void" else shop.complete)(db, prepared["checkout_id"])
        payments[what] = prepared["payment_id"]
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    payments["look_up"] = prepared["payment_id"]
    prepared = await shop.prepare(db, processors=[other])
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    payments["elsewhere"] = prepared["payment_id"]
    await db.execute(
        "update ringup.payment_transactions set next_check_at = ringup.now() + interval '1 day', check_count = 8"
    )
    return payments


@pytest.mark.parametrize(
    ("before", "after", "is_due"),
    [
        pytest.param("offline", "online", True, id="red turns green"),
        pytest.param("online", "online", False, id="green stays green"),
        pytest.param("offline", "busy", False, id="red turns amber"),
        pytest.param("offline", "offline", False, id="red stays red"),
    ],
)
async def test_what_waits_for_a_terminal_is_due_when_it_is_there_again(db, shop, before, after, is_due):
    payments = await waiting_payments(db, shop)
    health = "select ringup.record_health(%s, %s, %s, null, 5)"
    await ask(db, health, shop.vendor, shop.terminal, before)

    await ask(db, health, shop.vendor, shop.terminal, after)

    due = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    expected = {step: payments[step] for step in ("void", "capture", "look_up")} if is_due else {}
    assert {row["step"]: row["payment_id"] for row in due} == expected


async def test_a_charge_under_way_is_left_to_its_driver_when_the_terminal_comes_back(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    health = "select ringup.record_health(%s, %s, %s, null, 5)"
    await ask(db, health, shop.vendor, shop.terminal, "offline")

    await ask(db, health, shop.vendor, shop.terminal, "online")

    assert await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor) == []


async def test_waking_a_terminal_waits_for_nobody(registers):
    """Somebody settles one of its payments just now, and the health check goes on without that row."""
    settling, checking = [await registers() for _ in range(2)]
    shop = await open_shop_floor(checking)
    payments = await waiting_payments(checking, shop)
    await ask(checking, "select ringup.record_health(%s, %s, 'offline', null, 5)", shop.vendor, shop.terminal)

    async with settling.transaction():
        await settling.execute(
            "select from ringup.payment_transactions where id = %s for no key update", [payments["void"]]
        )
        await checking.execute("set lock_timeout = '2s'")
        await ask(checking, "select ringup.record_health(%s, %s, 'online', null, 5)", shop.vendor, shop.terminal)

    due = await rows(checking, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    assert {row["step"] for row in due} == {"capture", "look_up"}


NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


async def set_aside(db, shop, set_clock, **settings) -> uuid.UUID:
    """A sale at noon whose money is only set aside, on a terminal with these settings."""
    await db.execute("update ringup.payment_processors set settings = %s", [Jsonb(settings)])
    await set_clock(db, NOON)
    prepared, _ = await approve(db, shop, captured=False)
    await shop.complete(db, prepared["checkout_id"])
    payment: uuid.UUID = prepared["payment_id"]
    return payment


async def sweep_at(db, shop, set_clock, when: datetime) -> list[bool]:
    """Claim what is due then, and say of each whether a person was told."""
    await set_clock(db, when)
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now()")
    return [r["is_expiring"] for r in await rows(db, "select * from ringup.claim_due_payments(%s, 9, 1)", shop.vendor)]


@pytest.mark.parametrize(
    ("settings", "alarm_after"),
    [
        pytest.param({}, timedelta(days=4), id="a day before the default of five"),
        pytest.param({"authorisation_days": 2}, timedelta(days=1), id="a day before two"),
        pytest.param({"authorisation_days": 1}, timedelta(hours=12), id="half-way through one"),
        pytest.param({"authorisation_days": "soon"}, timedelta(days=4), id="a setting that is no number"),
    ],
)
async def test_a_person_is_told_before_an_authorisation_expires_and_once(db, shop, set_clock, settings, alarm_after):
    payment = await set_aside(db, shop, set_clock, **settings)
    second = timedelta(seconds=1)

    told = [await sweep_at(db, shop, set_clock, NOON + alarm_after + late) for late in (-second, second, 2 * second)]

    assert told == [[False], [True], [False]]
    items = await rows(db, "select kind, payment_id, amount_minor from ringup.open_items")
    assert items == [{"kind": "capture_expiring", "payment_id": payment, "amount_minor": 1000}]


async def test_a_capture_that_a_person_was_told_of_is_not_told_again_after_the_item_is_closed(db, shop, set_clock):
    await set_aside(db, shop, set_clock)
    await sweep_at(db, shop, set_clock, NOON + timedelta(days=4, seconds=1))
    item = await ask(db, "select id from ringup.open_items")
    await ask(db, "select ringup.resolve_item(%s, %s, 'asked the processor', 'Ada')", shop.vendor, item)

    assert await sweep_at(db, shop, set_clock, NOON + timedelta(days=4, hours=1)) == [False]
    assert await rows(db, "select * from ringup.open_items") == []


@pytest.mark.parametrize(("outcome", "left"), [("approved", []), ("declined", ["capture_refused"])])
async def test_a_capture_that_succeeds_or_is_refused_at_last_closes_its_alarm(db, shop, set_clock, outcome, left):
    payment = await set_aside(db, shop, set_clock)
    await sweep_at(db, shop, set_clock, NOON + timedelta(days=4, seconds=1))

    await ask(db, "select ringup.record_capture(%s, %s, %s, null, null, null)", shop.vendor, payment, outcome)

    assert [item["kind"] for item in await rows(db, "select kind from ringup.open_items")] == left
    closed = await rows(db, "select resolved_by from ringup.reconciliation_items where kind = 'capture_expiring'")
    assert closed == [{"resolved_by": "ringup"}]


async def test_the_audit_sees_an_authorisation_that_expires_without_anybody_knowing(db, shop, set_clock):
    await set_aside(db, shop, set_clock)
    await set_clock(db, NOON + timedelta(days=4, minutes=11))
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now() + interval '1 minute'")
    unseen = await rows(db, "select problem from ringup.audit_i07_nothing_is_stuck")

    await sweep_at(db, shop, set_clock, NOON + timedelta(days=4, minutes=11))

    assert len(unseen) == 1 and "not captured" in unseen[0]["problem"]
    assert await rows(db, "select * from ringup.audit_i07_nothing_is_stuck") == []
