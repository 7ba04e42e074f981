"""The points functions, as somebody calls them who knows nothing of checkouts."""

import asyncio
import uuid

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, ask, open_shop_floor, prepare, rows

INTEGRITY = """
    select c.id from ringup.customers c
      left join ringup.loyalty_transactions t on t.customer_id = c.id
     group by c.id, c.loyalty_points
    having c.loyalty_points <> coalesce(sum(t.points), 0)
"""


async def update(connection: Connection, customer: uuid.UUID, earned: int, redeemed: int, order: uuid.UUID) -> dict:
    return await ask(
        connection,
        "select ringup.update_customer_loyalty_points_atomic(%s, %s, %s, %s, 12.50)",
        customer,
        earned,
        redeemed,
        order,
    )


async def test_an_order_spends_then_earns_with_balances_before_and_after(db: Connection, shop: ShopFloor) -> None:
    order = uuid.uuid4()

    answer = await update(db, shop.customer, 12, 30, order)

    ledger = await rows(
        db,
        "select transaction_type, points, balance_before, balance_after, reference_type, reference_id"
        " from ringup.loyalty_transactions where reference_id = %s order by entry_number",
        str(order),
    )
    assert [tuple(row.values()) for row in ledger] == [
        ("spent", -30, 100, 70, "order", str(order)),
        ("earned", 12, 70, 82, "order", str(order)),
    ]
    assert await shop.points(db) == (82, 0)
    assert (answer["points_redeemed"], answer["points_earned"], answer["net_change"]) == (30, 12, -18)
    assert (answer["balance_before"], answer["balance_after"]) == (100, 82)


async def test_repeating_it_for_the_same_order_changes_nothing_and_answers_the_same(
    db: Connection, shop: ShopFloor
) -> None:
    order = uuid.uuid4()
    first = await update(db, shop.customer, 12, 30, order)
    await update(db, shop.customer, 5, 0, uuid.uuid4())

    again = await update(db, shop.customer, 12, 30, order)

    assert again == first
    assert await shop.points(db) == (87, 0)


@pytest.mark.parametrize(("earned", "redeemed"), [(13, 30), (12, 31)], ids=["earned", "redeemed"])
async def test_the_same_order_with_other_points_is_a_mistake(
    db: Connection, shop: ShopFloor, earned: int, redeemed: int
) -> None:
    order = uuid.uuid4()
    await update(db, shop.customer, 12, 30, order)

    with pytest.raises(psycopg.Error) as mistake:
        async with db.transaction():
            await update(db, shop.customer, earned, redeemed, order)

    assert mistake.value.sqlstate == "RU114"
    assert await shop.points(db) == (82, 0)


async def test_too_many_points_are_refused_with_the_exact_words(db: Connection, shop: ShopFloor) -> None:
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await update(db, shop.customer, 0, 101, uuid.uuid4())

    assert refused.value.sqlstate == "RU102"
    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 100, Requested: 101"
    assert await shop.points(db) == (100, 0)


async def test_points_held_for_another_checkout_are_not_available(db: Connection, shop: ShopFloor) -> None:
    await shop.prepare(db, customer_id=shop.customer, points=60)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await update(db, shop.customer, 0, 41, uuid.uuid4())

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 40, Requested: 41"


async def test_points_held_for_this_very_order_are_available_and_spent_once(db: Connection, shop: ShopFloor) -> None:
    prepared = await shop.prepare(db, customer_id=shop.customer, points=100)

    await update(db, shop.customer, 0, 100, prepared["checkout_id"])
    assert await shop.points(db) == (0, 0)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=900)
    await shop.complete(db, prepared["checkout_id"])

    assert await shop.points(db) == (9, 0)
    assert await rows(db, "select * from ringup.audit_i05_points_held") == []


async def test_points_spent_from_outside_come_back_when_the_checkout_is_given_up(
    db: Connection, shop: ShopFloor
) -> None:
    prepared = await shop.prepare(db, customer_id=shop.customer, points=100)
    await update(db, shop.customer, 0, 100, prepared["checkout_id"])

    await shop.cancel(db, prepared["checkout_id"])

    assert await shop.points(db) == (100, 0)
    for view in ("audit_i04_ledger_chains", "audit_i05_points_held"):
        assert await rows(db, f"select * from ringup.{view}") == []


@pytest.mark.parametrize(
    ("earned", "redeemed", "sqlstate"),
    [(-1, 0, "RU207"), (0, -1, "RU207"), (None, 0, "RU207"), (0, None, "RU207")],
)
async def test_points_are_whole_numbers_from_nought_up(
    db: Connection, shop: ShopFloor, earned: int, redeemed: int, sqlstate: str
) -> None:
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await update(db, shop.customer, earned, redeemed, uuid.uuid4())

    assert refused.value.sqlstate == sqlstate


async def test_somebody_who_is_no_customer_has_no_points(db: Connection, shop: ShopFloor) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await update(db, uuid.uuid4(), 1, 0, uuid.uuid4())

    assert refused.value.sqlstate == "RU005"


async def test_another_vendor_s_customer_is_nobody(db: Connection, shop: ShopFloor) -> None:
    await db.execute("select set_config('request.jwt.claims', %s, true)", [f'{{"vendor_id": "{uuid.uuid4()}"}}'])
    await db.execute("set local role ringup_app")

    with pytest.raises(psycopg.Error) as refused:
        await update(db, shop.customer, 1, 0, uuid.uuid4())

    assert refused.value.sqlstate == "RU005"


@pytest.mark.parametrize(
    ("amount", "points"), [("0", 0), ("-5", 0), ("9.99", 9), ("10", 10), ("10.01", 10), ("1234.56", 1234)]
)
async def test_points_to_earn_follow_the_programme_rounded_down(
    db: Connection, shop: ShopFloor, amount: str, points: int
) -> None:
    assert await ask(db, "select ringup.calculate_loyalty_points_to_earn(%s, %s)", shop.vendor, amount) == points


async def test_a_vendor_without_a_programme_grants_nothing(db: Connection) -> None:
    vendor = uuid.uuid4()
    await ask(db, "select ringup.create_vendor(%s, 'Plain', 'USD', 'UTC')", vendor)

    assert await ask(db, "select ringup.calculate_loyalty_points_to_earn(%s, 100)", vendor) == 0


async def test_an_adjustment_needs_a_reason_and_stays_above_what_is_held(db: Connection, shop: ShopFloor) -> None:
    await shop.prepare(db, customer_id=shop.customer, points=60)

    for points, reason, sqlstate in ((-41, "correction", "RU102"), (5, "", "RU207"), (0, "nothing", "RU207")):
        with pytest.raises(psycopg.Error) as refused:
            async with db.transaction():
                await ask(
                    db, "select ringup.adjust_points(%s, %s, %s, %s, 'Ada')", shop.vendor, shop.customer, points, reason
                )
        assert refused.value.sqlstate == sqlstate


async def test_two_sessions_redeeming_the_last_points_one_waits_and_is_refused(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    # The operator's psql: no vendor is named anywhere.
    await second.execute("set role ringup_operator")

    async with first.transaction():
        await update(first, shop.customer, 0, 100, uuid.uuid4())
        waiting = asyncio.create_task(update(second, shop.customer, 0, 100, uuid.uuid4()))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.diag.message_primary == "Insufficient loyalty points. Available: 0, Requested: 100"
    assert await shop.points(observer) == (0, 0)
    assert await rows(observer, INTEGRITY) == []


async def test_two_checkouts_redeeming_the_last_points_one_sells_and_one_is_refused_uncharged(
    registers, until_waiting
) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)

    async with first.transaction():
        sold = await shop.prepare(first, customer_id=shop.customer, points=100)
        waiting = asyncio.create_task(prepare(second, shop.request(customer_id=shop.customer, points=100)))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.sqlstate == "RU102"
    assert await ask(observer, "select array_agg(order_id) from ringup.payment_transactions") == [sold["checkout_id"]]
