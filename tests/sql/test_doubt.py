"""Doubt, late answers, retries and what nobody finished."""

import uuid

import psycopg
import pytest

from shop_floor import ask, broken_invariants, prepare, rows


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


async def test_a_void_that_the_processor_refuses_waits_for_a_person_where_everybody_can_see_it(db, shop):
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
    items = await rows(db, "select id, kind, payment_id, amount_minor from ringup.open_items")
    assert [(i["kind"], i["payment_id"], i["amount_minor"]) for i in items] == [
        ("void_refused", prepared["payment_id"], 1000)
    ]
    assert await broken_invariants(db) == {}
    await ask(db, "select ringup.resolve_item(%s, %s, 'paid back by hand', 'Ada')", shop.vendor, items[0]["id"])
    assert await broken_invariants(db) == {}
    assert await rows(db, "select * from ringup.find_orphaned_payments()") == []


async def test_doubt_keeps_the_tender_the_terminal_and_the_holds(db, shop):
    prepared, in_line = await shop.prepare(db), await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    recorded = await shop.record(db, prepared["payment_id"], "in_doubt", code="2007")

    assert (recorded["status"], recorded["step"]) == ("payment_processing", "look_up")
    assert (await shop.order(db, prepared["checkout_id"]))["payment_status"] == "unknown"
    assert await shop.stock(db) == (100, 2)
    with pytest.raises(psycopg.Error) as busy:
        async with db.transaction():
            await shop.begin(db, in_line["payment_id"])
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
    # Somebody spent other points for this very order by the points function.
    spend = "select ringup.update_customer_loyalty_points_atomic(%s, 0, 30, %s, 9.50)"
    await ask(db, spend, shop.customer, prepared["checkout_id"])

    completed = await shop.complete(db, prepared["checkout_id"])

    assert completed["status"] == "completed"
    queued = await rows(db, "select points_redeemed, resolved, error_message from ringup.loyalty_reconciliation_queue")
    assert [(q["points_redeemed"], q["resolved"]) for q in queued] == [(50, False)]
    assert "recorded as spent already" in queued[0]["error_message"]
    assert await shop.points(db) == (70, 0)
    assert await rows(db, "select * from ringup.audit_i05_points_held") == []


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

    assert await broken_invariants(db) == {}


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


@pytest.mark.parametrize(
    ("decision", "the_order_becomes"), [("approved", "payment_authorized"), ("not_sent", "payment_failed")]
)
async def test_a_person_decides_a_doubt_with_a_reason_and_a_name(db, shop, decision, the_order_becomes):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    decide = "select status from ringup.decide_payment(%s, %s, %s, null, %s, %s)"
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, decide, shop.vendor, prepared["payment_id"], decision, " ", "Ada")

    status = await ask(db, decide, shop.vendor, prepared["payment_id"], decision, "seen in the batch report", "Ada")

    assert refused.value.sqlstate == "RU208"
    assert status == the_order_becomes
    written = await rows(
        db, "select actor, after ->> 'reason' as why from ringup.audit_log where action = 'payment_decided'"
    )
    assert written == [{"actor": "Ada", "why": "seen in the batch report"}]
    with pytest.raises(psycopg.Error) as settled:
        async with db.transaction():
            await ask(db, decide, shop.vendor, prepared["payment_id"], decision, "again", "Ada")
    assert settled.value.sqlstate == "RU108"


async def test_the_processor_s_list_brings_back_a_charge_that_was_given_up(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "not_sent")
    reference = (await shop.payment(db, prepared["payment_id"]))["reference_id"]

    async def listed(reference, approved=1000):
        return await ask(
            db,
            "select ringup.record_listed_charge(%s, %s, %s, %s, 0, true, false, 'A1', 'Visa', '4242', '1', '7', null)",
            shop.vendor, shop.terminal, reference, approved,
        )  # fmt: skip

    found = [await listed(reference), await listed(reference), await listed("f" * 32), await listed("f" * 32)]

    assert found == ["found", "matched", "unknown", "unknown"]
    assert (await shop.payment(db, prepared["payment_id"]))["status"] == "voiding"
    items = await rows(db, "select kind, reference_id from ringup.open_items")
    assert items == [{"kind": "charge_without_payment", "reference_id": "f" * 32}]


async def test_a_terminal_that_failed_is_asked_at_once_whether_it_is_there(db, shop):
    claim = "select * from ringup.claim_health_checks(%s, 10, 300)"
    assert await rows(db, claim, shop.vendor) == [{"processor_id": shop.terminal}]
    assert await rows(db, claim, shop.vendor) == []
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    await shop.record(db, prepared["payment_id"], "in_doubt")

    assert await rows(db, claim, shop.vendor) == [{"processor_id": shop.terminal}]


async def test_an_order_s_doubt_can_be_asked_about_out_of_turn(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    claim = "select * from ringup.claim_order_payments(%s, %s, 30)"
    being_charged = await rows(db, claim, shop.vendor, prepared["checkout_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt", wait_seconds=3600)

    claimed = await rows(db, claim, shop.vendor, prepared["checkout_id"])

    assert being_charged == []
    assert [(c["payment_id"], c["step"]) for c in claimed] == [(prepared["payment_id"], "look_up")]


async def test_an_approval_of_a_payment_that_a_stale_busy_put_back_is_not_dropped(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "busy")
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "busy")

    approved = await shop.record(db, prepared["payment_id"], "approved")

    assert (approved["status"], approved["step"]) == ("payment_authorized", "complete")
