"""L2, L5, L6 and L10: points that others granted twice, let a client state, or could not grant to two at a time."""

import asyncio

from later import recovered

from programme_floor import cash, grants, lines_of, run_campaign
from ringup.checkout.ring_up import begin, finish, preflight, ring_up
from ringup.db.calls.checkout import read_checkout
from ringup.domain.cart import Tender
from shop_floor import ask, broken_invariants, open_shop_floor, prepare, rows

LEDGER = """
    select transaction_type as type, points from ringup.loyalty_transactions
     where reference_type = 'order' order by entry_number
"""


async def test_l2_a_till_that_was_offline_sends_its_sale_again_and_again(
    counter, pool, terminal, floor, observer
) -> None:
    campaign = await run_campaign(observer, floor)
    request = floor.sale(customer_id=floor.customer, redeem_points=40)
    # The till hears nothing of the first try; recovery finishes it while the till comes back.
    made = await begin(counter, request)
    await recovered(pool, terminal, floor, observer)

    answers = [await ring_up(counter, request) for _ in range(3)]

    assert {rung.checkout_id for rung in answers} == {made.checkout_id}
    ledger = [tuple(row.values()) for row in await rows(observer, LEDGER)]
    assert ledger == [("spent", -40), ("earned", 28)]
    assert await grants(observer, campaign) == [("granted", 19)]
    again = "select ringup.update_customer_loyalty_points_atomic(%s, 28, 40, %s, 9.60)"
    for _ in range(3):
        await ask(observer, again, floor.customer, made.checkout_id)
    assert await floor.points(observer) == (88, 0)
    assert await broken_invariants(observer) == {}


async def test_l5_two_tabs_send_the_same_sale_after_they_are_back(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    campaign = await run_campaign(observer, shop, customer_limit=1)
    sale = cash(shop, key="sale-17")

    async with first.transaction():
        made = await prepare(first, shop.request(**sale))
        rival = asyncio.create_task(prepare(second, shop.request(**sale)))
        await until_waiting(observer, 1)
    repeated = await rival
    for connection in (first, second):
        await shop.complete(connection, repeated["checkout_id"])

    assert (repeated["checkout_id"], repeated["made"]) == (made["checkout_id"], False)
    assert await ask(observer, "select count(*) from ringup.orders") == 1
    assert [tuple(row.values()) for row in await rows(observer, LEDGER)] == [("earned", 30)]
    assert await grants(observer, campaign) == [("granted", 20)]


async def test_l6_opening_a_sale_again_makes_no_points(counter, floor, observer) -> None:
    request = floor.sale(customer_id=floor.customer, quantity=3, tenders=(Tender("cash"),))
    made = await begin(counter, request)
    promised = await lines_of(observer, made.checkout_id)

    for _ in range(3):
        opened = await read_checkout(counter.db, floor.vendor, made.checkout_id)
        await preflight(counter, floor.vendor, request.cart)
    rung = await finish(counter, floor.vendor, made)

    assert (opened["loyalty"]["points_to_earn"], promised) == (30, [(30, 0)])
    assert rung.answer.response_body["loyalty"]["points_earned"] == 30
    assert await floor.points(observer) == (130, 0)


async def test_l10_sales_on_one_account_stand_in_line_and_none_is_refused(registers, until_waiting) -> None:
    count = 6
    observer, holder, *tills = [await registers() for _ in range(count + 2)]
    shop = await open_shop_floor(observer)
    campaign = await run_campaign(observer, shop, customer_limit=count)

    async def ring(till):
        made = await prepare(till, shop.request(**cash(shop, points=10)))
        return await shop.complete(till, made["checkout_id"])

    async with holder.transaction():
        await holder.execute("select from ringup.customers where id = %s for update", [shop.customer])
        sales = [asyncio.create_task(ring(till)) for till in tills]
        await until_waiting(observer, count)
    sold = await asyncio.gather(*sales)

    # Each pays 9.90 with money: 29 points with the campaign, 10 of its own less.
    assert [sale["status"] for sale in sold] == ["completed"] * count
    assert await shop.points(observer) == (100 + count * (29 - 10), 0)
    assert len(await grants(observer, campaign)) == count
    assert await broken_invariants(observer) == {}
