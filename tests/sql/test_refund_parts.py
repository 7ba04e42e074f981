"""Whatever parts a sale goes back in, and in whatever order, it ends where one refund of the whole ends."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refund_floor import drawer, part, refund
from shop_floor import Connection, ShopFloor, broken_invariants


@st.composite
def a_sale_in_parts(draw: st.DrawFn) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """Up to three lines at odd prices, some points, a split tender; and its pieces in some order."""
    quantities = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    prices = [draw(st.integers(100, 1999)) for _ in quantities]
    pieces = [(number, 1) for number, quantity in enumerate(quantities, 1) for _ in range(quantity)]
    points = draw(st.sampled_from([0, 1, 7, 50]))
    total = sum(price * quantity for price, quantity in zip(prices, quantities, strict=True)) - points
    first = draw(st.integers(1, total - 1))
    sale = {
        "codes": ["COF-250"] * len(quantities), "product_ids": [None] * len(quantities),
        "discounts": [None] * len(quantities), "quantities": quantities, "prices": prices, "points": points,
        "types": ["external", "cash"], "processors": [None, None], "amounts": [first, None],
        "tendered": [None, None], "references": ["slip 1", None], "reasons": ["their terminal", None],
    }  # fmt: skip
    return sale, draw(st.permutations(pieces))


async def _sell(db: Connection, shop: ShopFloor, sale: dict[str, Any]) -> Any:
    prepared = await shop.prepare(db, customer_id=shop.customer, **sale)
    await shop.complete(db, prepared["checkout_id"])
    return prepared["checkout_id"]


async def _end(db: Connection, shop: ShopFloor, order: Any) -> Any:
    return (
        await shop.stock(db), await shop.points(db), (await drawer(db, shop))[0], (await drawer(db, shop))[3],
        (await shop.order(db, order))["status"], await broken_invariants(db),
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=a_sale_in_parts())
async def test_parts_in_any_order_end_where_the_whole_ends(db: Connection, shop: ShopFloor, drawn) -> None:
    sale, pieces = drawn
    back = {"tender": "cash"}

    async with db.transaction(force_rollback=True):
        order = await _sell(db, shop, sale)
        await refund(db, shop, order, **back)
        whole = await _end(db, shop, order)
    async with db.transaction(force_rollback=True):
        order = await _sell(db, shop, sale)
        for line, quantity in pieces:
            await refund(db, shop, order, **part(quantity, line=line), **back)
        parts = await _end(db, shop, order)

    assert parts == whole
    assert whole[0] == (100, 0)
    assert whole[4:] == ("refunded", {})
