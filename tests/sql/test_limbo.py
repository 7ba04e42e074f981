"""What limbo says will happen next is what recovery then does; and who may decide what is in it."""

import psycopg
import pytest

from exchange_floor import cheaper_by_card
from refund_floor import begin_refund
from shop_floor import ask, rows


async def limbo(db):
    return await rows(db, "select * from ringup.limbo")


async def in_doubt(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    return prepared


async def nobody_asked(db, shop):
    await shop.prepare(db)


async def being_asked(db, shop):
    await shop.begin(db, (await shop.prepare(db))["payment_id"])


async def silent_for_long(db, shop):
    await being_asked(db, shop)
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now()")


async def money_there(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved")


async def money_goes_back(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=400)


async def capture_failed_once(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", captured=False)
    await shop.complete(db, prepared["checkout_id"])
    await ask(
        db,
        "select ringup.record_capture(%s, %s, 'in_doubt', null, 'silent', null)",
        shop.vendor,
        prepared["payment_id"],
    )


async def paid_in_cash(db, shop):
    await shop.prepare(db, types=["cash"], processors=[None])


async def to_pay_back_for_an_exchange(db, shop):
    await cheaper_by_card(db, shop)


async def paying_back_for_an_exchange(db, shop):
    _, prepared = await cheaper_by_card(db, shop)
    await begin_refund(db, shop, prepared["payment_id"], "return")


async def paid_back_for_an_exchange(db, shop):
    _, prepared = await cheaper_by_card(db, shop)
    await begin_refund(db, shop, prepared["payment_id"], "return")
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)


async def not_paid_back_for_an_exchange(db, shop):
    _, prepared = await cheaper_by_card(db, shop)
    await begin_refund(db, shop, prepared["payment_id"], "return")
    await shop.record(db, prepared["payment_id"], "declined")


@pytest.mark.parametrize(
    ("left", "kind", "step"),
    [
        (nobody_asked, "under_way", "expire"),
        (being_asked, "under_way", "look_up"),
        (silent_for_long, "in_doubt", "look_up"),
        (in_doubt, "in_doubt", "look_up"),
        (money_there, "under_way", "complete"),
        (paid_in_cash, "under_way", "complete"),
        (money_goes_back, "going_back", "void"),
        (capture_failed_once, "to_capture", "capture"),
        (to_pay_back_for_an_exchange, "under_way", "expire"),
        (paying_back_for_an_exchange, "under_way", "look_up"),
        (paid_back_for_an_exchange, "under_way", "complete"),
        (not_paid_back_for_an_exchange, "under_way", "expire"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_what_limbo_announces_is_what_recovery_is_given_to_do(db, shop, left, kind, step):
    await left(db, shop)

    (row,) = await limbo(db)
    await db.execute(
        "update ringup.payment_transactions set next_check_at = ringup.now() where next_check_at is not null"
    )
    await db.execute("update ringup.orders set lease_until = ringup.now(), hold_until = ringup.now()")
    payments = await rows(db, "select step from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    orders = await rows(db, "select step from ringup.claim_stale_orders(%s, 10, 60)", shop.vendor)

    assert (row["kind"], row["next_step"]) == (kind, step)
    assert row["reason"] and row["age_seconds"] >= 0 and row["next_at"] is not None
    assert [claimed["step"] for claimed in payments + orders] == [step]


async def test_a_sale_that_nobody_drives_is_waiting(db, shop):
    await nobody_asked(db, shop)
    await db.execute("update ringup.orders set lease_until = ringup.now()")

    (row,) = await limbo(db)

    assert (row["kind"], row["next_at"]) == ("waiting", row["hold_until"])


async def test_a_cancelled_sale_without_a_doubt_is_to_be_cancelled(db, shop):
    await nobody_asked(db, shop)
    await db.execute("update ringup.orders set cancel_event = 'cancelled'")

    assert [row["next_step"] for row in await limbo(db)] == ["cancel"]


async def test_what_ended_well_is_in_no_limbo(db, shop):
    await shop.sell(db)

    assert await limbo(db) == []


async def test_a_capture_that_is_only_due_is_in_no_limbo(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", captured=False)
    await shop.complete(db, prepared["checkout_id"])

    assert await limbo(db) == []


DECIDE = "select status from ringup.decide_payment(%s, %s, %s, %s, 'seen in the batch report', 'Ada')"


async def test_nobody_has_evidence_about_what_a_terminal_is_still_working_on(db, shop):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, DECIDE, shop.vendor, prepared["payment_id"], "not_sent", None)
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now()")
    decided = await ask(db, DECIDE, shop.vendor, prepared["payment_id"], "not_sent", None)

    assert refused.value.sqlstate == "RU107"
    assert decided == "payment_failed"


async def test_a_part_of_the_money_does_not_complete_a_sale(db, shop):
    prepared = await in_doubt(db, shop)

    decided = await ask(db, DECIDE, shop.vendor, prepared["payment_id"], "approved", 400)

    payment = await shop.payment(db, prepared["payment_id"])
    assert decided == "payment_failed"
    assert (payment["status"], payment["approved_minor"]) == ("voiding", 400)
    assert await shop.stock(db) == (100, 0)


@pytest.mark.parametrize(("outcome", "approved"), [("approved", 0), ("approved", 1001), ("not_sent", 1000)])
async def test_an_amount_that_cannot_have_been_charged_is_refused(db, shop, outcome, approved):
    prepared = await in_doubt(db, shop)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, DECIDE, shop.vendor, prepared["payment_id"], outcome, approved)

    assert refused.value.sqlstate == "RU204"
    assert (await shop.payment(db, prepared["payment_id"]))["status"] == "unknown"
