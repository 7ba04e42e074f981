"""How often a sale asks the database. docs/performance.md says the numbers."""

from ringup.checkout.counter import Counter
from ringup.checkout.ring_up import ring_up
from ringup.db.pool import Pool
from ringup.domain.cart import Tender
from shop_floor import ShopFloor

CARD_SALE, CASH_SALE = 4, 2


async def questions_of(pool: Pool, counter: Counter, floor: ShopFloor, **changes: object) -> int:
    """How many statements a sale sends, each a round trip and a transaction."""
    await ring_up(counter, floor.sale(**changes))
    before = pool.get_stats()["requests_num"]
    rung_up = await ring_up(counter, floor.sale(**changes))
    assert rung_up.answer.response_status == 201
    return pool.get_stats()["requests_num"] - before


async def test_a_card_sale_asks_four_things(pool, counter, floor) -> None:
    assert await questions_of(pool, counter, floor, customer_id=floor.customer, redeem_points=5) == CARD_SALE


async def test_a_cash_sale_asks_two_things(pool, counter, floor) -> None:
    assert await questions_of(pool, counter, floor, tenders=(Tender("cash"),)) == CASH_SALE
