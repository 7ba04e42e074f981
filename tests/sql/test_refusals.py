"""What cannot be sold is refused before anybody is charged, and leaves nothing behind."""

import uuid

import psycopg
import pytest

from drawer import count_and_close
from shop_floor import Connection, ask, prepare


async def refused(db: Connection, request: dict, sqlstate: str) -> psycopg.Error:
    """Prepare, expect this refusal, and that it left nothing behind."""
    counts = (
        "select (select count(*) from ringup.orders), (select count(*) from ringup.idempotency_keys),"
        " (select coalesce(sum(reserved), 0) from ringup.inventory),"
        " (select sum(next_number) from ringup.order_counters)"
    )
    before = await (await db.execute(counts.encode())).fetchone()
    with pytest.raises(psycopg.Error) as refusal:
        async with db.transaction():
            await prepare(db, request)
    assert refusal.value.sqlstate == sqlstate, refusal.value
    assert await (await db.execute(counts.encode())).fetchone() == before
    return refusal.value


async def test_the_same_key_with_another_request_is_refused(db, shop):
    request = shop.request()
    await prepare(db, request)

    await refused(db, request | {"hash": b"another cart", "order_id": uuid.uuid4()}, "RU201")


@pytest.mark.parametrize(
    ("changes", "sqlstate"),
    [
        pytest.param({"location_id": uuid.uuid4()}, "RU003", id="no such location"),
        pytest.param({"register_id": uuid.uuid4()}, "RU004", id="no such register"),
        pytest.param({"customer_id": uuid.uuid4()}, "RU005", id="no such customer"),
        pytest.param({"codes": ["TEA"]}, "RU006", id="no such product"),
        pytest.param({"processors": [uuid.uuid4()]}, "RU007", id="no such terminal"),
        pytest.param({"currency": "EUR"}, "RU203", id="another currency"),
        pytest.param({"currency": "ZZZ"}, "RU203", id="no currency"),
        pytest.param({"quantities": [0]}, "RU204", id="nothing"),
        pytest.param({"quantities": [-1]}, "RU204", id="less than nothing"),
        pytest.param({"quantities": [10**15]}, "RU204", id="more than a document can carry"),
        pytest.param({"quantities": [101]}, "RU103", id="more than there is"),
        pytest.param(
            {
                "codes": ["COF-250"] * 2,
                "product_ids": [None] * 2,
                "quantities": [60, 60],
                "discounts": [None] * 2,
                "prices": [None] * 2,
            },
            "RU103",
            id="each is there, not together",
        ),
        pytest.param({"discounts": [1001]}, "RU205", id="a discount beyond the price"),
        pytest.param({"discounts": [-1]}, "RU205", id="a discount that raises the price"),
        pytest.param({"tip": -1}, "RU204", id="a tip that takes"),
        pytest.param({"points": 1}, "RU206", id="points of nobody"),
        pytest.param({"points": -1}, "RU207", id="fewer than no points"),
        pytest.param({"amounts": [999]}, "RU202", id="a tender short"),
        pytest.param({"amounts": [1001]}, "RU202", id="a tender long"),
        pytest.param(
            {"types": [], "processors": [], "amounts": [], "tendered": [], "references": []},
            "RU202",
            id="no tender",
        ),
        pytest.param({"types": ["cash"], "processors": [None], "tendered": [999]}, "RU202", id="too little cash"),
        pytest.param({"tendered": [2000]}, "RU202", id="cash handed to a terminal"),
    ],
)
async def test_what_cannot_be_sold_is_refused_and_leaves_nothing(db, shop, changes, sqlstate):
    await refused(db, shop.request(**changes), sqlstate)


async def test_points_worth_more_than_the_goods_are_refused(db, shop):
    await ask(db, "select ringup.adjust_points(%s, %s, 5000, 'gift', 'Ada')", shop.vendor, shop.customer)

    await refused(db, shop.request(customer_id=shop.customer, points=1001), "RU206")


async def test_points_that_are_not_there_are_refused_with_the_exact_words(db, shop):
    refusal = await refused(db, shop.request(customer_id=shop.customer, points=101), "RU102")

    assert refusal.diag.message_primary == "Insufficient loyalty points. Available: 100, Requested: 101"


async def test_a_register_without_an_open_session_does_not_sell(db, shop):
    await count_and_close(db, shop)

    await refused(db, shop.request(), "RU104")


async def test_a_red_terminal_refuses_and_names_the_green_ones(db, shop):
    green = uuid.uuid4()
    await shop.add_terminal(db, green, "Green")
    await ask(db, "select ringup.record_health(%s, %s, 'online', null, 5)", shop.vendor, green)
    await ask(db, "select ringup.record_health(%s, %s, 'offline', 'unplugged', 5)", shop.vendor, shop.terminal)

    refusal = await refused(db, shop.request(), "RU301")

    assert str(green) in (refusal.diag.message_detail or "")


async def test_an_inactive_customer_product_or_terminal_does_not_sell(db, shop):
    await ask(
        db,
        "select ringup.save_customer(%s, %s, 'Grace', null, null, null, false)",
        shop.vendor,
        shop.customer,
    )
    await refused(db, shop.request(customer_id=shop.customer), "RU110")
    await shop.add_terminal(db, shop.terminal, "Counter", active=False)
    await refused(db, shop.request(), "RU112")
    await ask(
        db,
        "select ringup.save_product(%s, %s, 'COF-250', null, 'Coffee', null, 1000, true, false, 'A')",
        shop.vendor,
        shop.product,
    )
    await refused(db, shop.cash(), "RU111")
