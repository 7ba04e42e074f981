"""R14 and R22: what others reported of their refunds, played here. docs/reference/known-failures.md has the reports."""

import asyncio

import psycopg

from points_floor import broken_points, ledger
from refund_floor import cash_sale, drawer, part, prepare_refund, refund, refund_of
from shop_floor import broken_invariants, open_shop_floor


async def test_r14_ten_refunds_at_once_never_come_to_more_than_was_paid(registers) -> None:
    clerks, observer = [await registers() for _ in range(10)], await registers()
    shop = await open_shop_floor(observer)
    order = await cash_sale(observer, shop, 3)

    asked = (refund(clerk, shop, order, **part(1)) for clerk in clerks)
    told = await asyncio.gather(*asked, return_exceptions=True)

    refused = [each.sqlstate for each in told if isinstance(each, psycopg.Error)]
    given = [each for each in told if isinstance(each, dict)]
    assert (len(given), refused) == (3, ["RU118"] * 7)
    assert await drawer(observer, shop) == (0, 0, 3, 3000)
    assert await shop.stock(observer) == (100, 0)
    assert await broken_invariants(observer) == {}


async def test_r22_a_refund_takes_the_points_of_a_sale_back_once_and_gives_those_that_paid_back(db) -> None:
    shop = await open_shop_floor(db)
    order = await cash_sale(db, shop, 2, customer_id=shop.customer, points=50)
    assert await shop.points(db) == (100 - 50 + 19, 0)

    request = refund_of(shop, order, **part(1))
    for _ in range(3):
        await prepare_refund(db, request)
    half = await shop.points(db)
    await refund(db, shop, order)

    assert half == (69 + 25 - 9, 0)
    assert await shop.points(db) == (100, 0)
    assert sum(points for _, points, _ in (await ledger(db, shop))[1:]) == 0
    assert await broken_points(db) == []
    assert await broken_invariants(db) == {}
