"""A card is approved for a part, the till keeps it, and the rest is paid another way; or all of it goes back."""

import uuid

import psycopg
import pytest
from psycopg.rows import dict_row

from drawer import count_and_close
from ringup.db.calls.checkout import ADD
from shop_floor import ask, broken_invariants, rows
from value_floor import issue, value_of


async def keep_part(db, shop, *, approved_minor=600, **changes):
    """A sale of 10.00 on a card that has less, and the step after it."""
    prepared = await shop.prepare(db, **({"accept_partial": True} | changes))
    await shop.begin(db, prepared["payment_id"])
    step = await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=approved_minor)
    return prepared["checkout_id"], step


async def add(db, shop, order, *tenders, key="rest-1", hash=b"the rest"):
    """Each tender: type, amount, and what else it has."""
    parameters = {
        "vendor_id": shop.vendor,
        "order_id": order,
        "key": key,
        "hash": hash,
        "types": [tender["type"] for tender in tenders],
        "processors": [tender.get("processor") for tender in tenders],
        "amounts": [tender.get("amount") for tender in tenders],
        "tendered": [tender.get("tendered") for tender in tenders],
        "references": [None for _ in tenders],
        "tender_gift_cards": [tender.get("gift_card") for tender in tenders],
        "reasons": None,
        "hold_seconds": 300,
        "lease_seconds": 15,
    }
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(ADD.encode(), parameters)
        return await cursor.fetchone()


async def refused(db, shop, order, *tenders, **changes):
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await add(db, shop, order, *tenders, **changes)
    return refusal.value.sqlstate


async def document(db, shop, order):
    return await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)


async def tenders(db, order):
    found = await rows(
        db, "select * from ringup.payment_transactions where order_id = %s order by tender_number", order
    )
    return [(row["tender_type"], row["status"], row["approved_minor"]) for row in found]


async def time_passes(db, order):
    await db.execute("update ringup.orders set hold_until = ringup.now() where id = %s", [order])


async def stale(db, shop):
    return await rows(db, "select * from ringup.claim_stale_orders(%s, 10, 15)", shop.vendor)


async def test_a_part_is_kept_and_the_checkout_says_what_is_left(db, shop):
    order, step = await keep_part(db, shop)

    assert (step["status"], step["step"]) == ("payment_processing", "tender")
    told = await document(db, shop, order)
    assert (told["due_minor"], told["total_minor"], told["failure"]) == (400, 1000, None)
    assert told["pay_until"] is not None
    assert await tenders(db, order) == [("card", "approved", 600)]
    assert await shop.stock(db) == (100, 1)
    assert await broken_invariants(db) == {}
    assert await rows(db, "select * from ringup.find_orphaned_payments()") == []


async def test_the_rest_in_cash_completes_the_sale(db, shop):
    order, _ = await keep_part(db, shop)

    added = await add(db, shop, order, {"type": "cash", "tendered": 500})
    completed = await shop.complete(db, order)

    assert (added["made"], added["yours"], added["step"]) == (True, True, "complete")
    assert completed["status"] == "completed"
    assert await tenders(db, order) == [("card", "approved", 600), ("cash", "approved", 400)]
    told = await document(db, shop, order)
    assert (told["due_minor"], told["pay_until"], told["change_due_minor"]) == (0, None, 100)
    assert await broken_invariants(db) == {}


async def test_a_second_card_may_have_a_part_too(db, shop):
    order, _ = await keep_part(db, shop)

    added = await add(db, shop, order, {"type": "card", "processor": shop.terminal})
    await shop.begin(db, added["payment_id"])
    step = await shop.record(db, added["payment_id"], "partially_approved", approved_minor=150)
    assert (step["step"], (await document(db, shop, order))["due_minor"]) == ("tender", 250)

    await add(db, shop, order, {"type": "cash"}, key="rest-2")
    await shop.complete(db, order)

    assert [approved for _, _, approved in await tenders(db, order)] == [600, 150, 250]
    assert await broken_invariants(db) == {}


async def test_the_same_key_adds_once_and_another_request_with_it_is_refused(db, shop):
    order, _ = await keep_part(db, shop)
    await add(db, shop, order, {"type": "cash"})

    again = await add(db, shop, order, {"type": "cash"})

    assert (again["made"], len(await tenders(db, order))) == (False, 2)
    assert await refused(db, shop, order, {"type": "cash"}, hash=b"another") == "RU201"


async def test_nothing_is_added_where_nothing_is_left_to_pay(db, shop):
    prepared = await shop.prepare(db, accept_partial=True)
    assert await refused(db, shop, prepared["checkout_id"], {"type": "cash"}) == "RU120"

    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=600)
    await add(db, shop, prepared["checkout_id"], {"type": "cash"})

    assert await refused(db, shop, prepared["checkout_id"], {"type": "cash"}, key="rest-2") == "RU120"


async def test_the_rest_is_paid_exactly(db, shop):
    order, _ = await keep_part(db, shop)

    assert await refused(db, shop, order, {"type": "cash", "amount": 399}) == "RU202"
    assert (await document(db, shop, order))["due_minor"] == 400


async def test_cancelling_gives_the_part_back(db, shop):
    order, _ = await keep_part(db, shop)

    cancelled = await shop.cancel(db, order)

    assert (cancelled["status"], cancelled["step"]) == ("cancelled", "void")
    assert (await document(db, shop, order))["due_minor"] == 0
    assert await shop.stock(db) == (100, 0)
    assert await refused(db, shop, order, {"type": "cash"}) == "RU120"


async def test_recovery_leaves_the_part_to_the_client_until_the_time_is_over(db, shop):
    order, _ = await keep_part(db, shop)
    await db.execute("update ringup.orders set lease_until = ringup.now() - interval '1 minute'")
    assert await stale(db, shop) == []

    await time_passes(db, order)

    assert await stale(db, shop) == [{"order_id": order, "step": "expire"}]
    assert await refused(db, shop, order, {"type": "cash"}) == "RU120"
    assert (await shop.cancel(db, order))["step"] == "void"


async def test_a_declined_rest_gives_the_part_back(db, shop):
    order, _ = await keep_part(db, shop)
    added = await add(db, shop, order, {"type": "card", "processor": shop.terminal})
    await shop.begin(db, added["payment_id"])

    step = await shop.record(db, added["payment_id"], "declined")

    assert (step["status"], step["step"]) == ("payment_failed", "void")
    assert (await shop.order(db, order))["failure_code"] == "card_declined"
    assert await tenders(db, order) == [("card", "voiding", 600), ("card", "declined", None)]


async def test_a_part_that_comes_after_a_cancellation_goes_back(db, shop):
    prepared = await shop.prepare(db, accept_partial=True)
    await shop.begin(db, prepared["payment_id"])
    await shop.cancel(db, prepared["checkout_id"])

    step = await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=600)

    assert (step["status"], step["step"]) == ("cancelled", "void")


async def test_a_part_of_the_first_card_leaves_the_second_its_own(db, shop):
    await shop.add_terminal(db, shop.second_terminal, "Second")
    prepared = await shop.prepare(
        db, accept_partial=True, types=["card", "card"], processors=[shop.terminal, shop.second_terminal],
        amounts=[400, None], tendered=[None] * 2, references=[None] * 2,
    )  # fmt: skip
    await shop.begin(db, prepared["payment_id"])
    step = await shop.record(db, prepared["payment_id"], "partially_approved", approved_minor=100)
    assert step["step"] == "charge"
    assert await refused(db, shop, prepared["checkout_id"], {"type": "cash"}) == "RU120"

    await shop.begin(db, step["payment_id"])
    step = await shop.record(db, step["payment_id"], "approved", approved_minor=600)

    assert step["step"] == "tender"
    assert (await document(db, shop, prepared["checkout_id"]))["due_minor"] == 300
    with pytest.raises(psycopg.Error) as early:
        async with db.transaction():
            await shop.complete(db, prepared["checkout_id"])
    assert early.value.sqlstate == "RU101"


async def test_the_rest_in_cash_is_rounded_to_the_smallest_coin(db, shop):
    await ask(db, "select ringup.set_cash_rule(%s, 5, 'nearest', 'Ada')", shop.vendor)
    order, _ = await keep_part(db, shop, approved_minor=602)

    await add(db, shop, order, {"type": "cash"})
    await shop.complete(db, order)

    told = await document(db, shop, order)
    assert (told["cash_rounding_minor"], told["total_minor"]) == (2, 1002)
    assert await broken_invariants(db) == {}


async def test_the_rest_from_a_gift_card_is_held_and_spent(db, shop):
    card = await issue(db, shop, 500, id=uuid.uuid4())
    order, _ = await keep_part(db, shop)

    assert await refused(db, shop, order, {"type": "gift_card", "gift_card": uuid.uuid4()}) == "RU060"
    await add(db, shop, order, {"type": "gift_card", "gift_card": card})
    assert await value_of(db, card) == (500, 400)
    await shop.complete(db, order)

    assert await value_of(db, card) == (100, 0)
    assert await broken_invariants(db) == {}


async def test_a_tip_that_the_part_does_not_cover_goes_on_the_next_tender(db, shop):
    order, _ = await keep_part(db, shop, approved_minor=50, tip=100)

    await add(db, shop, order, {"type": "cash"})
    await shop.complete(db, order)

    tips = await rows(db, "select tip_minor from ringup.payment_transactions order by tender_number")
    assert sum(row["tip_minor"] for row in tips) == 100
    assert await broken_invariants(db) == {}


async def test_a_closed_drawer_takes_no_more(db, shop):
    order, _ = await keep_part(db, shop)
    await count_and_close(db, shop)

    assert await refused(db, shop, order, {"type": "cash"}) == "RU104"
