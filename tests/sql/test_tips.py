"""A tip that is given after the sale: what it moves, when it may, and what becomes of it in doubt."""

import uuid

import psycopg
import pytest
from psycopg.types.json import Jsonb

from drawer import count_and_close, open_shift
from ringup.domain.ids import new_id
from shop_floor import ask, broken_invariants, rows


async def sell(db, shop, **approval):
    """A completed sale of 10.00 on a card whose money is only set aside, and its payment."""
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", **({"captured": False} | approval))
    await shop.complete(db, prepared["checkout_id"])
    return prepared["checkout_id"], prepared["payment_id"]


async def begin(db, shop, order, tip, *, key="tip-1", hash=b"tip", payment=None):
    found = await rows(
        db,
        "select * from ringup.begin_tip(%s, %s, %s, %s, %s, %s, %s, 'Ada', null, 15)",
        *(shop.vendor, new_id(), order, payment, key, hash, tip),
    )
    return found[0]


async def record(db, shop, tip, outcome, wait=None):
    return await ask(
        db, "select ringup.record_tip(%s, %s, %s, null, 'said the test', %s)", shop.vendor, tip, outcome, wait
    )


async def tip(db, shop, order, amount, outcome="approved", **changes):
    begun = await begin(db, shop, order, amount, **changes)
    return await record(db, shop, begun["tip_id"], outcome)


async def refused(db, shop, order, amount=300, **changes):
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await begin(db, shop, order, amount, **changes)
    return refusal.value.sqlstate


async def due(db, shop):
    await db.execute(
        "update ringup.payment_transactions set next_check_at = ringup.now() where next_check_at is not null"
    )
    return [row["step"] for row in await rows(db, "select * from ringup.claim_due_payments(%s, 10, 15)", shop.vendor)]


async def report(db, shop, session=None):
    found = await ask(db, "select ringup.session_report(%s, %s)", shop.vendor, session or shop.session)
    card = next((each for each in found["tenders"] if each["type"] == "card"), {"sales_minor": 0, "tips_minor": 0})
    sales = found["sales"]
    return sales["tip_minor"], sales["total_minor"], card["sales_minor"], card["tips_minor"]


async def settings(db, shop, **changes):
    await db.execute(
        "update ringup.payment_processors set settings = settings || %s where id = %s", [Jsonb(changes), shop.terminal]
    )


async def test_a_tip_moves_the_payment_the_order_and_the_session(db, shop):
    order, payment = await sell(db, shop)

    assert await tip(db, shop, order, 250) == "approved"

    paid = await shop.payment(db, payment)
    assert (paid["amount_minor"], paid["approved_minor"], paid["tip_minor"]) == (1250, 1250, 250)
    sold = await shop.order(db, order)
    assert (sold["tip_minor"], sold["total_minor"], sold["status"]) == (250, 1250, "completed")
    assert await report(db, shop) == (250, 1250, 1250, 250)
    assert await broken_invariants(db) == {}
    told = (await rows(db, "select * from ringup.order_events where order_id = %s order by sequence desc", order))[0]
    assert (told["event"], told["detail"]["before_minor"], told["detail"]["tip_minor"]) == ("tip_changed", 0, 250)


async def test_it_is_the_whole_tip_and_may_be_corrected(db, shop):
    order, payment = await sell(db, shop)

    await tip(db, shop, order, 900)
    await tip(db, shop, order, 90, key="tip-2")

    assert (await shop.payment(db, payment))["approved_minor"] == 1090
    assert (await shop.order(db, order))["total_minor"] == 1090
    assert await report(db, shop) == (90, 1090, 1090, 90)
    assert await broken_invariants(db) == {}


async def test_the_same_key_asks_once(db, shop):
    order, _ = await sell(db, shop)
    first = await begin(db, shop, order, 250)
    again = await begin(db, shop, order, 250)
    await record(db, shop, first["tip_id"], "approved")
    later = await begin(db, shop, order, 250)

    assert (first["made"], first["yours"], again["made"], again["yours"]) == (True, True, False, False)
    assert (later["yours"], later["status"], later["tip_id"]) == (False, "approved", first["tip_id"])
    assert await refused(db, shop, order, 999, hash=b"another") == "RU201"
    assert await record(db, shop, first["tip_id"], "declined") == "approved"


async def test_what_was_not_carried_out_may_be_asked_again_with_the_same_key(db, shop):
    order, payment = await sell(db, shop)

    assert await tip(db, shop, order, 250, "busy") == "error"
    assert (await shop.payment(db, payment))["approved_minor"] == 1000
    begun = await begin(db, shop, order, 250)

    assert (begun["made"], begun["yours"], begun["status"]) == (False, True, "processing")
    assert await record(db, shop, begun["tip_id"], "approved") == "approved"
    assert (await shop.order(db, order))["total_minor"] == 1250


async def test_what_is_declined_leaves_the_sale_as_it_was(db, shop):
    order, payment = await sell(db, shop)

    assert await tip(db, shop, order, 250, "declined") == "declined"

    assert (await shop.payment(db, payment))["approved_minor"] == 1000
    assert (await begin(db, shop, order, 250))["yours"] is False
    assert await due(db, shop) == ["capture"]
    assert await broken_invariants(db) == {}


async def test_while_it_is_under_way_nothing_is_captured_given_back_or_tipped(db, shop):
    order, _ = await sell(db, shop)
    begun = await begin(db, shop, order, 250)

    assert await due(db, shop) == ["tip"]
    assert await refused(db, shop, order, 400, key="tip-2") == "RU107"
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await rows(
                db,
                "select * from ringup.plan_refund_tenders((select o from ringup.orders o where o.id = %s), 100, null)",
                order,
            )
    assert refusal.value.sqlstate == "RU107"
    await record(db, shop, begun["tip_id"], "approved")
    assert await due(db, shop) == ["capture"]


async def test_a_doubt_stays_until_it_is_found_out(db, shop):
    order, _ = await sell(db, shop)
    begun = await begin(db, shop, order, 250)

    assert await record(db, shop, begun["tip_id"], "in_doubt") == "unknown"

    assert await due(db, shop) == ["tip"]
    (waits,) = await rows(db, "select * from ringup.limbo")
    assert (waits["kind"], waits["next_step"], waits["reason"]) == ("in_doubt", "tip", "said the test")
    assert await broken_invariants(db) == {}
    found = await rows(db, "select * from ringup.claim_order_payments(%s, %s, 15)", shop.vendor, order)
    assert [row["step"] for row in found] == ["tip"]
    assert await record(db, shop, begun["tip_id"], "approved") == "approved"
    assert (await shop.order(db, order))["total_minor"] == 1250
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize(("outcome", "total"), [("approved", 1250), ("not_sent", 1000)])
async def test_what_no_terminal_can_tell_a_person_decides(db, shop, outcome, total):
    order, payment = await sell(db, shop)
    begun = await begin(db, shop, order, 250)
    decide = "select * from ringup.decide_payment(%s, %s, %s, null, 'the batch report', 'Ada')"
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await rows(db, decide, shop.vendor, payment, outcome)
    assert refusal.value.sqlstate == "RU107"

    await record(db, shop, begun["tip_id"], "unanswerable")
    (item,) = await rows(db, "select * from ringup.open_items")
    await rows(db, decide, shop.vendor, payment, outcome)

    assert (item["kind"], item["amount_minor"]) == ("tip_unanswerable", 250)
    assert await rows(db, "select * from ringup.open_items") == []
    assert (await shop.order(db, order))["total_minor"] == total
    assert await broken_invariants(db) == {}


async def test_after_the_shift_was_closed_it_counts_in_the_next(db, shop):
    order, _ = await sell(db, shop)
    await tip(db, shop, order, 100)
    await count_and_close(db, shop, 0)
    closed = await report(db, shop)
    shift = await open_shift(db, shop)

    await tip(db, shop, order, 250, key="tip-2")
    await tip(db, shop, order, 50, key="tip-3")

    assert closed == await report(db, shop) == (100, 1100, 1100, 100)
    assert await report(db, shop, shift) == (-50, -50, -50, -50)
    assert (await shop.order(db, order))["total_minor"] == 1050
    assert await broken_invariants(db) == {}


async def test_while_no_shift_is_open_it_waits_for_the_next(db, shop):
    order, _ = await sell(db, shop)
    await count_and_close(db, shop, 0)

    await tip(db, shop, order, 250)

    late = await ask(db, "select id from ringup.register_sessions where kind = 'late'")
    assert await report(db, shop, late) == (250, 250, 250, 250)
    assert await broken_invariants(db) == {}


async def test_more_than_the_limit_is_refused(db, shop):
    order, _ = await sell(db, shop)

    assert await refused(db, shop, order, 1001) == "RU290"
    assert await refused(db, shop, order, -1) == "RU204"
    await settings(db, shop, tip_percent_max=20)
    assert await refused(db, shop, order, 201) == "RU290"
    await tip(db, shop, order, 200)
    assert await refused(db, shop, order, 201, key="tip-2") == "RU290"


async def test_what_is_captured_pays_no_other_tip(db, shop):
    order, payment = await sell(db, shop)
    await ask(db, "select ringup.record_capture(%s, %s, 'approved', null, null, null)", shop.vendor, payment)

    assert await refused(db, shop, order) == "RU190"


async def test_a_sale_that_was_taken_at_once_may_be_tipped_until_its_batch_is_closed(db, shop):
    order, payment = await sell(db, shop, captured=True, batch_number="7")

    await tip(db, shop, order, 100)
    await ask(db, "select ringup.record_batch(%s, %s, '8')", shop.vendor, shop.terminal)

    assert await refused(db, shop, order, key="tip-2") == "RU190"
    assert (await shop.payment(db, payment))["next_check_at"] is None


async def test_a_sale_that_is_not_completed_or_was_voided_or_paid_in_cash_is_refused(db, shop):
    cash = await shop.prepare(db, types=["cash"], processors=[None])
    await shop.complete(db, cash["checkout_id"])
    open_ = await shop.prepare(db)
    await shop.begin(db, open_["payment_id"])
    assert await refused(db, shop, open_["checkout_id"]) == "RU190"
    await shop.record(db, open_["payment_id"], "partially_approved", approved_minor=400)

    assert await refused(db, shop, cash["checkout_id"]) == "RU190"
    assert await refused(db, shop, open_["checkout_id"], payment=open_["payment_id"]) == "RU190"
    assert await refused(db, shop, cash["checkout_id"], payment=open_["payment_id"]) == "RU002"
    assert await refused(db, shop, uuid.uuid4()) == "RU001"


async def test_of_several_cards_one_is_named(db, shop):
    await shop.add_terminal(db, shop.second_terminal, "Second")
    prepared = await shop.prepare(
        db, types=["card", "card"], processors=[shop.terminal, shop.second_terminal], amounts=[400, 600]
    )
    order, step = prepared["checkout_id"], prepared
    for amount in (400, 600):
        await shop.begin(db, step["payment_id"])
        last = step["payment_id"]
        step = await shop.record(db, last, "approved", approved_minor=amount, captured=False)
    await shop.complete(db, order)

    assert await refused(db, shop, order) == "RU190"
    await tip(db, shop, order, 60, payment=last)

    assert (await shop.payment(db, last))["approved_minor"] == 660
    assert await broken_invariants(db) == {}


async def test_the_money_is_left_set_aside_for_as_long_as_the_terminal_says(db, shop):
    await settings(db, shop, tip_minutes=90)
    order, payment = await sell(db, shop)
    waits = (
        "select extract(epoch from next_check_at - ringup.now())::integer"
        " from ringup.payment_transactions where id = %s"
    )

    before = await ask(db, waits, payment)
    await tip(db, shop, order, 100)

    assert before == await ask(db, waits, payment) == 5400
    assert await broken_invariants(db) == {}


async def test_the_checkout_says_that_a_tip_is_wanted(db, shop):
    order, _ = await sell(db, shop)
    begun = await begin(db, shop, order, 250)
    wanted = (await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order))["tenders"][0]
    await record(db, shop, begun["tip_id"], "approved")
    got = (await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order))["tenders"][0]

    assert (wanted["tip_minor"], wanted["tip_wanted_minor"]) == (0, 250)
    assert (got["tip_minor"], got["tip_wanted_minor"]) == (250, None)


async def test_the_processors_list_is_not_held_against_a_tip_that_is_just_being_changed(db, shop):
    order, payment = await sell(db, shop)
    reference = (await shop.payment(db, payment))["reference_id"]
    listed = "select ringup.record_listed_charge(%s, %s, %s, %s, 0, false, false, 'A1', null, null, '7', '1', null)"
    begun = await begin(db, shop, order, 250)

    assert await ask(db, listed, shop.vendor, shop.terminal, reference, 1250) == "matched"
    await record(db, shop, begun["tip_id"], "approved")
    assert await ask(db, listed, shop.vendor, shop.terminal, reference, 1000) == "matched"
    await db.execute("update ringup.tip_changes set settled_at = settled_at - interval '2 minutes'")
    assert await ask(db, listed, shop.vendor, shop.terminal, reference, 1250) == "matched"
    assert await ask(db, listed, shop.vendor, shop.terminal, reference, 1000) == "amount_differs"
