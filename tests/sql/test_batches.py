"""A doubt whose batch was closed waits for a person, and is looked at as soon as that is known."""

import pytest

from shop_floor import ask, broken_invariants, rows

RECORD_BATCH = "select ringup.record_batch(%s, %s, %s)"


async def sent_in_batch(db, shop, number: str | None) -> dict:
    if number is not None:
        await ask(db, RECORD_BATCH, shop.vendor, shop.terminal, number)
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    return prepared


async def items(db) -> list[tuple]:
    found = await rows(db, "select kind, payment_id, amount_minor from ringup.open_items")
    return [tuple(row.values()) for row in found]


async def test_a_new_terminal_s_open_batch_is_known_to_its_first_payment(db, shop):
    prepared = await sent_in_batch(db, shop, "7")

    assert (await shop.payment(db, prepared["payment_id"]))["batch_number"] == "7"


async def test_a_doubt_that_no_look_up_can_end_waits_for_a_person_once(db, shop):
    prepared = await sent_in_batch(db, shop, "7")
    await shop.record(db, prepared["payment_id"], "in_doubt")
    before = await items(db)

    for _ in range(3):
        await shop.record(db, prepared["payment_id"], "unanswerable", reason="the batch has changed")

    assert before == []
    assert await items(db) == [("doubt_unanswerable", prepared["payment_id"], 1000)]
    payment = await shop.payment(db, prepared["payment_id"])
    assert payment["status"] == "unknown" and payment["next_check_at"] is not None
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("found", ["approved", "not_sent", "declined"])
async def test_what_is_found_out_after_all_waits_for_nobody_any_more(db, shop, found):
    prepared = await sent_in_batch(db, shop, "7")
    await shop.record(db, prepared["payment_id"], "unanswerable")

    await shop.record(db, prepared["payment_id"], found)

    assert await items(db) == []
    closed = await rows(db, "select resolved_by, resolution from ringup.reconciliation_items")
    assert closed == [{"resolved_by": "ringup", "resolution": f"found out: {found}"}]


async def test_a_person_s_decision_closes_the_item_with_it(db, shop):
    prepared = await sent_in_batch(db, shop, "7")
    await shop.record(db, prepared["payment_id"], "unanswerable")

    await ask(
        db,
        "select status from ringup.decide_payment(%s, %s, 'not_sent', null, 'not in the batch report', 'Ada')",
        shop.vendor,
        prepared["payment_id"],
    )

    assert await items(db) == []


@pytest.mark.parametrize(("shows", "is_due"), [("8", True), ("7", False)])
async def test_a_doubt_is_looked_up_at_once_when_its_terminal_shows_another_batch(db, shop, shows, is_due):
    prepared = await sent_in_batch(db, shop, "7")
    await shop.record(db, prepared["payment_id"], "in_doubt")
    await db.execute("update ringup.payment_transactions set next_check_at = ringup.now() + interval '1 day'")

    is_another = await ask(db, RECORD_BATCH, shop.vendor, shop.terminal, shows)

    due = await rows(db, "select * from ringup.claim_due_payments(%s, 10, 60)", shop.vendor)
    assert (is_another, [row["payment_id"] for row in due]) == (is_due, [prepared["payment_id"]] if is_due else [])
