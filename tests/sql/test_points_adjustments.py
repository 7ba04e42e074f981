"""Points that people change: adjustments with a reason and a name, duplicates that merge, balances that arrive."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from points_floor import (
    account,
    add_customer,
    adjust,
    broken_points,
    earn,
    expire,
    ledger,
    lots,
    new_terms,
    ring_up_cash,
    sell_cash,
)
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
async def at_noon(db: Connection, set_clock) -> ShopFloor:
    """A shop that opens at a known time, with 100 points that never expire."""
    await set_clock(db, NOON)
    return await open_shop_floor(db)


async def refusal(db: Connection, statement: str, *parameters: Any) -> str:
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, statement, *parameters)
    return refused.value.sqlstate or ""


ADJUST = "select ringup.adjust_points(%s, %s, %s, %s, %s, %s, %s, %s)"


@pytest.mark.parametrize(
    ("changes", "sqlstate"),
    [
        pytest.param({"points": 0}, "RU207", id="no points"),
        pytest.param({"points": None}, "RU207", id="points that are not there"),
        pytest.param({"reason": ""}, "RU207", id="no reason"),
        pytest.param({"actor": ""}, "RU207", id="no name"),
        pytest.param({"points": -101}, "RU102", id="below zero"),
        pytest.param({"customer": uuid.uuid4()}, "RU005", id="nobody"),
        pytest.param({"role": "cashier", "points": 1}, "RU209", id="a cashier"),
        pytest.param({"role": "supervisor", "points": 501}, "RU209", id="a supervisor, too many"),
        pytest.param({"role": "manager", "points": -10_001}, "RU209", id="a manager, too many"),
        pytest.param({"role": "passer-by", "points": 1}, "RU209", id="a role that nobody knows"),
        pytest.param({"expires_at": NOON}, "RU210", id="an expiry that has passed"),
        pytest.param({"points": -5, "expires_at": NOON + timedelta(days=1)}, "RU207", id="an expiry for nothing"),
    ],
)
async def test_an_adjustment_that_is_not_allowed_is_refused_by_name(db, at_noon, changes, sqlstate) -> None:
    wanted = {"customer": at_noon.customer, "points": 5, "reason": "birthday", "actor": "Ada", "role": "owner"}
    wanted |= {"expires_at": None, "adjustment": None} | changes

    assert await refusal(db, ADJUST, at_noon.vendor, *wanted.values()) == sqlstate

    assert await ledger(db, at_noon) == [("adjusted", 100, "adjustment")]


async def test_a_vendor_says_how_many_points_a_role_may_move(db, at_noon) -> None:
    await ask(db, "select ringup.set_adjustment_limit(%s, 'cashier', 20, 'Ada')", at_noon.vendor)
    await ask(db, "select ringup.set_adjustment_limit(%s, 'manager', null, 'Ada')", at_noon.vendor)

    await adjust(db, at_noon, 20, role="cashier")
    await adjust(db, at_noon, 50_000, role="manager")

    assert await at_noon.points(db) == (50_120, 0)
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await adjust(db, at_noon, 21, role="cashier")
    assert refused.value.diag.message_primary == "the role cashier may adjust 20 points at a time, not 21"
    assert await refusal(db, "select ringup.set_adjustment_limit(%s, 'x', -1, 'Ada')", at_noon.vendor) == "RU207"
    assert await refusal(db, "select ringup.set_adjustment_limit(%s, 'x', 1, '')", at_noon.vendor) == "RU208"


async def test_the_same_adjustment_again_changes_nothing_and_answers_the_same(db, at_noon) -> None:
    adjustment = uuid.uuid4()
    first = await adjust(db, at_noon, 30, adjustment=adjustment)
    await adjust(db, at_noon, 5)

    assert await adjust(db, at_noon, 30, adjustment=adjustment) == first == 130

    assert await at_noon.points(db) == (135, 0)
    other = [at_noon.customer, 31, "birthday", "Ada", "owner", None, adjustment]
    assert await refusal(db, ADJUST, at_noon.vendor, *other) == "RU114"
    somebody = await add_customer(db, at_noon)
    assert await refusal(db, ADJUST, at_noon.vendor, somebody, 30, *other[2:]) == "RU114"


async def test_who_adjusted_and_why_is_in_the_audit_log(db, at_noon) -> None:
    await adjust(db, at_noon, 5, role="manager")

    (entry,) = await rows(
        db, "select * from ringup.audit_log where action = 'points_adjusted' order by id desc limit 1"
    )
    assert (entry["actor"], entry["row_id"]) == ("Ada", str(at_noon.customer))
    assert (entry["before"]["points"], entry["after"]["points"]) == (100, 105)
    assert (entry["after"]["reason"], entry["after"]["role"]) == ("said the test", "manager")


async def test_an_inactive_customer_s_points_are_not_adjusted(db, at_noon) -> None:
    await db.execute("update ringup.customers set is_active = false where id = %s", [at_noon.customer])

    assert await refusal(db, ADJUST, at_noon.vendor, at_noon.customer, 5, "x", "Ada", "owner", None, None) == "RU110"


MERGE = "select ringup.merge_customers(%s, %s, %s, 'one person, two cards', 'Ada')"


async def test_a_duplicate_s_points_and_lots_move_with_their_times(db, at_noon, set_clock) -> None:
    duplicate = await add_customer(db, at_noon, points=20)
    await adjust(db, at_noon, 15, customer=duplicate, expires_at=NOON + timedelta(days=2))

    assert await ask(db, MERGE, at_noon.vendor, at_noon.customer, duplicate) == 35

    assert (await at_noon.points(db), await lots(db, at_noon)) == ((135, 0), [15, 100, 20])
    gone = await account(db, at_noon, duplicate)
    assert (gone["balance"], gone["merged_into"]) == (0, at_noon.customer)
    assert (await ledger(db, at_noon))[-1] == ("adjusted", 35, "merge")
    await set_clock(db, NOON + timedelta(days=2))
    assert await expire(db, at_noon) == 1
    assert await at_noon.points(db) == (120, 0)
    assert await broken_points(db) == []


async def test_merging_again_changes_nothing_and_answers_the_same(db, at_noon) -> None:
    duplicate = await add_customer(db, at_noon, points=20)
    first = await ask(db, MERGE, at_noon.vendor, at_noon.customer, duplicate)
    await adjust(db, at_noon, 1)

    assert await ask(db, MERGE, at_noon.vendor, at_noon.customer, duplicate) == first == 20

    assert await at_noon.points(db) == (121, 0)
    assert await ask(db, "select count(*) from ringup.audit_log where action = 'customers_merged'") == 1


async def test_a_merge_that_cannot_be_is_refused_by_name(db, at_noon) -> None:
    duplicate, other = [await add_customer(db, at_noon, points=20) for _ in range(2)]
    await ring_up_cash(db, at_noon, customer_id=duplicate, points=5)
    kept = at_noon.customer

    assert await refusal(db, MERGE, at_noon.vendor, kept, duplicate) == "RU119"
    assert await refusal(db, MERGE, at_noon.vendor, kept, kept) == "RU119"
    assert await refusal(db, MERGE, at_noon.vendor, kept, uuid.uuid4()) == "RU005"
    await ask(db, MERGE, at_noon.vendor, kept, other)
    assert await refusal(db, MERGE, at_noon.vendor, duplicate, other) == "RU119"
    assert await refusal(db, MERGE, at_noon.vendor, other, duplicate) == "RU110"
    nameless = MERGE.replace("'Ada'", "''")
    assert await refusal(db, nameless, at_noon.vendor, kept, duplicate) == "RU208"


async def test_whoever_was_merged_cannot_be_made_active_again(db, at_noon) -> None:
    duplicate = await add_customer(db, at_noon)
    await ask(db, MERGE, at_noon.vendor, at_noon.customer, duplicate)

    save = "select ringup.save_customer(%s, %s, 'Dup', 'L', null, null, %s)"
    assert await refusal(db, save, at_noon.vendor, duplicate, True) == "RU110"
    assert await ask(db, save, at_noon.vendor, duplicate, False) is False


async def test_a_sale_that_was_under_way_at_the_merge_earns_for_whom_the_duplicate_became(db, at_noon) -> None:
    duplicate = await add_customer(db, at_noon)
    earlier = await sell_cash(db, at_noon, customer_id=duplicate)
    order = await ring_up_cash(db, at_noon, customer_id=duplicate)
    update = "select ringup.update_customer_loyalty_points_atomic(%s, 10, 0, %s, 10)"
    said = await ask(db, update, duplicate, earlier)
    await ask(db, MERGE, at_noon.vendor, at_noon.customer, duplicate)

    await at_noon.complete(db, order)

    assert await at_noon.points(db) == (120, 0)
    assert await ask(db, update, duplicate, earlier) == said
    assert (await ask(db, update, duplicate, order))["balance_after"] == 120
    assert await at_noon.points(db) == (120, 0)
    assert await broken_points(db) == []


@pytest.mark.parametrize(
    ("kept", "duplicate", "left"),
    [(-40, 60, [20]), (60, -40, [20]), (-40, 10, []), (10, -40, []), (-40, -10, []), (0, 0, [])],
)
async def test_whoever_of_two_is_below_zero_is_paid_for_by_the_other(db, at_noon, kept, duplicate, left) -> None:
    await new_terms(db, at_noon, may_go_negative=True)
    other = await add_customer(db, at_noon)
    for customer, points in ((at_noon.customer, kept - 100), (other, duplicate)):
        if points:
            await adjust(db, at_noon, points, customer=customer)

    await ask(db, MERGE, at_noon.vendor, at_noon.customer, other)

    assert (await at_noon.points(db), await lots(db, at_noon)) == ((kept + duplicate, 0), left)
    assert await broken_points(db) == []


IMPORT = "select ringup.import_points(%s, %s, %s, %s, %s, %s)"


async def test_opening_balances_come_with_a_ledger_row_and_a_lot_each_once(db, at_noon) -> None:
    customers = [await add_customer(db, at_noon) for _ in range(3)]
    expiries = [None, NOON + timedelta(days=1), None]

    first = await ask(db, IMPORT, at_noon.vendor, "old till", customers[:2], [10, 20], expiries[:2], "Ada")
    again = await ask(db, IMPORT, at_noon.vendor, "old till", customers, [10, 20, 30], expiries, "Ada")

    assert (first, again) == (2, 1)
    assert [(await account(db, at_noon, customer))["balance"] for customer in customers] == [10, 20, 30]
    assert (await account(db, at_noon, customers[1]))["next_expiry_at"] == expiries[1]
    (row,) = await rows(db, "select * from ringup.loyalty_transactions where customer_id = %s", customers[0])
    assert (row["transaction_type"], row["reference_type"]) == ("adjusted", "opening_balance")
    assert row["reference_id"] == "old till"
    assert await broken_points(db) == []


async def test_an_import_that_is_wrong_anywhere_writes_nothing(db, at_noon) -> None:
    one, two = sorted([await add_customer(db, at_noon) for _ in range(2)])
    await ask(db, IMPORT, at_noon.vendor, "old till", [two], [5], [None], "Ada")
    v, never = at_noon.vendor, [None, None]

    assert await refusal(db, IMPORT, v, "old till", [one, two], [5, 6], never, "Ada") == "RU114"
    assert await refusal(db, IMPORT, v, "new", [one, two], [5, 0], never, "Ada") == "RU207"
    assert await refusal(db, IMPORT, v, "new", [one, two], [5, -5], never, "Ada") == "RU207"
    assert await refusal(db, IMPORT, v, "new", [one, two], [5, None], never, "Ada") == "RU207"
    assert await refusal(db, IMPORT, v, "new", [one, two], [5], never, "Ada") == "RU207"
    assert await refusal(db, IMPORT, v, "new", [one, one], [5, 5], never, "Ada") == "RU207"
    assert await refusal(db, IMPORT, v, "new", [one, uuid.uuid4()], [5, 5], never, "Ada") == "RU005"
    assert await refusal(db, IMPORT, v, "new", [one, two], [5, 5], [None, NOON], "Ada") == "RU210"
    assert await refusal(db, IMPORT, v, "", [one], [5], [None], "Ada") == "RU208"
    assert await refusal(db, IMPORT, v, "new", [], [], [], "Ada") == "RU207"

    assert [(await account(db, at_noon, customer))["balance"] for customer in (one, two)] == [0, 5]


async def test_another_vendor_s_customer_is_nobody_to_adjust_merge_or_import(db, at_noon) -> None:
    elsewhere = await open_shop_floor(db)
    theirs = elsewhere.customer

    assert await refusal(db, ADJUST, at_noon.vendor, theirs, 5, "x", "Ada", "owner", None, None) == "RU005"
    assert await refusal(db, MERGE, at_noon.vendor, at_noon.customer, theirs) == "RU005"
    assert await refusal(db, IMPORT, at_noon.vendor, "b", [theirs], [5], [None], "Ada") == "RU005"
    assert await elsewhere.points(db) == (100, 0)


async def test_lifetime_points_are_kept_apart_from_the_balance(db, at_noon) -> None:
    await earn(db, at_noon, 40)
    await adjust(db, at_noon, -30)

    seen = await account(db, at_noon)
    assert (seen["balance"], seen["lifetime_earned"]) == (110, 40)
