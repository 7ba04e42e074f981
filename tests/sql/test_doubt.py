"""Doubt, late answers, retries and what nobody finished."""

import uuid

import psycopg
import pytest

from shop_floor import ask, prepare, rows


async def test_a_failed_void_is_asked_again_and_never_forgotten(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.cancel(db, prepared["checkout_id"])
    await shop.record(db, prepared["payment_id"], "approved")

    for outcome in ("in_doubt", "busy", "not_sent"):
        status = await ask(
            db,
            "select ringup.record_void(%s, %s, %s, '1000', 'busy', 0)",
            shop.vendor,
            prepared["payment_id"],
            outcome,
        )
        assert status == "voiding"
        due = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 0)", shop.vendor)
        assert [d["step"] for d in due] == ["void"]


async def test_a_void_that_the_processor_refuses_leaves_an_orphan_that_everybody_can_see(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.cancel(db, prepared["checkout_id"])
    await shop.record(db, prepared["payment_id"], "approved")

    await ask(
        db,
        "select ringup.record_void(%s, %s, 'declined', '1004', 'settled', null)",
        shop.vendor,
        prepared["payment_id"],
    )

    orphans = await rows(db, "select * from ringup.find_orphaned_payments()")
    assert [(o["payment_id"], o["approved_minor"]) for o in orphans] == [(prepared["payment_id"], 1000)]
    broken = await rows(db, "select * from ringup.audit_i01_no_charge_without_an_order")
    assert [b["subject_id"] for b in broken] == [str(prepared["payment_id"])]


async def test_doubt_keeps_the_tender_the_terminal_and_the_holds(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    recorded = await shop.record(db, prepared["payment_id"], "in_doubt", code="2007")

    assert (recorded["status"], recorded["step"]) == ("payment_processing", "look_up")
    assert (await shop.order(db, prepared["checkout_id"]))["payment_status"] == "unknown"
    assert await shop.stock(db) == (100, 1)
    another = await shop.prepare(db)
    with pytest.raises(psycopg.Error) as busy:
        async with db.transaction():
            await shop.begin(db, another["payment_id"])
    assert busy.value.sqlstate == "RU106"
    with pytest.raises(psycopg.Error) as doubt:
        async with db.transaction():
            await shop.complete(db, prepared["checkout_id"])
    assert doubt.value.sqlstate == "RU107"


@pytest.mark.parametrize(
    ("found", "the_order_becomes", "next_step"),
    [
        ("approved", "payment_authorized", "complete"),
        ("declined", "payment_failed", "done"),
        ("not_sent", "payment_failed", "done"),
        ("in_doubt", "payment_processing", "look_up"),
    ],
)
async def test_only_evidence_ends_a_doubt(db, shop, found, the_order_becomes, next_step):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")

    settled = await shop.record(db, prepared["payment_id"], found)

    assert (settled["status"], settled["step"]) == (the_order_becomes, next_step)


async def test_an_approval_that_comes_after_the_end_is_accepted_and_goes_back(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "not_sent")

    late = await shop.record(db, prepared["payment_id"], "approved")

    assert (late["status"], late["step"]) == ("payment_failed", "void")
    story = await rows(
        db,
        "select event from ringup.order_events where order_id = %s order by sequence",
        prepared["checkout_id"],
    )
    assert [r["event"] for r in story] == ["payment_begun", "payment_refused", "charge_found"]


async def test_the_same_key_is_told_to_wait_and_takes_over_when_nobody_drives(db, shop):
    request = shop.request(lease_seconds=60)
    first = await prepare(db, request)
    waiting = await prepare(db, request | {"order_id": uuid.uuid4()})
    await db.execute("update ringup.orders set lease_until = ringup.now() - interval '1 second'")

    taken_over = await prepare(db, request | {"order_id": uuid.uuid4()})
    too_late = await prepare(db, request | {"order_id": uuid.uuid4()})

    assert (waiting["made"], waiting["yours"]) == (False, False)
    assert (taken_over["yours"], taken_over["step"], taken_over["payment_id"]) == (
        True,
        "charge",
        first["payment_id"],
    )
    assert not too_late["yours"]
    assert await ask(db, "select count(*) from ringup.orders") == 1


async def test_points_that_fail_after_the_money_moved_are_queued_and_the_sale_stands(db, shop):
    prepared = await shop.prepare(db, customer_id=shop.customer, points=50)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=950)
    # Somebody's hand in the tables: a row that the order's own spend will collide with.
    await db.execute(
        "insert into ringup.loyalty_transactions values (%s, %s, %s, 2, -7, 'spent', 100, 93, 'order', %s, 'x', now())",
        [shop.vendor, uuid.uuid4(), shop.customer, str(prepared["checkout_id"])],
    )

    completed = await shop.complete(db, prepared["checkout_id"])

    assert completed["status"] == "completed"
    queued = await rows(db, "select points_redeemed, resolved, error_message from ringup.loyalty_reconciliation_queue")
    assert [(q["points_redeemed"], q["resolved"]) for q in queued] == [(50, False)]
    assert "recorded as spent already" in queued[0]["error_message"]
    assert await shop.points(db) == (100, 0)


async def test_stale_checkouts_are_cleaned_up_unless_they_may_have_been_charged(db, shop):
    waiting = await shop.prepare(db)
    doubtful = await shop.prepare(db)
    await shop.begin(db, doubtful["payment_id"])
    await shop.record(db, doubtful["payment_id"], "in_doubt")
    await db.execute("update ringup.orders set created_at = created_at - interval '31 minutes'")

    cancelled = await ask(db, "select ringup.cleanup_stale_pending_orders(30)")

    assert cancelled == 1
    assert (await shop.order(db, waiting["checkout_id"]))["status"] == "cancelled"
    assert (await shop.order(db, doubtful["checkout_id"]))["status"] == "payment_processing"
    assert await shop.stock(db) == (100, 1)


async def test_recovery_claims_each_due_row_once(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt", wait_seconds=0)

    first = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    second = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)

    assert [(d["payment_id"], d["step"]) for d in first] == [(prepared["payment_id"], "look_up")]
    assert second == []


async def test_an_order_that_nobody_drives_is_found_with_what_to_do(db, shop):
    paid = await shop.prepare(db, types=["cash"], processors=[None])
    unasked = await shop.prepare(db)
    await db.execute("update ringup.orders set lease_until = ringup.now(), hold_until = ringup.now()")

    stale = await rows(db, "select * from ringup.claim_stale_orders(%s, 10, 60)", shop.vendor)

    assert {(s["order_id"], s["step"]) for s in stale} == {
        (paid["checkout_id"], "complete"),
        (unasked["checkout_id"], "expire"),
    }


async def test_the_audit_is_clean_after_every_kind_of_ending(db, shop):
    await shop.sell(db, customer_id=shop.customer, points=0)
    await shop.complete(db, (await shop.prepare(db, types=["cash"], processors=[None]))["checkout_id"])
    declined = await shop.prepare(db, customer_id=shop.customer, points=10)
    await shop.begin(db, declined["payment_id"])
    await shop.record(db, declined["payment_id"], "declined")
    await shop.cancel(db, (await shop.prepare(db))["checkout_id"])
    await shop.prepare(db)

    views = await rows(db, "select c.relname from pg_class c where c.relname like 'audit_i%%' and c.relkind = 'v'")

    assert len(views) == 9
    for view in views:
        assert await rows(db, f"select * from ringup.{view['relname']}") == [], view


async def test_cancelling_a_checkout_in_doubt_is_only_noted_until_it_is_found_out(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")

    noted = await shop.cancel(db, prepared["checkout_id"])
    held = await shop.stock(db)
    found = await shop.record(db, prepared["payment_id"], "not_sent")

    assert (noted["status"], noted["step"], held) == ("payment_processing", "look_up", (100, 1))
    assert (found["status"], found["step"]) == ("cancelled", "done")
    assert await shop.stock(db) == (100, 0)
