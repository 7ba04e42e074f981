"""Coupons: what they take off, when they are refused, and how their uses are held, made and given back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from staff_room import code_of

from price_floor import add_product, prepared, save_coupon, sold, uses_of
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("coupon", "total"),
    [({"amount": 250}, 750), ({"amount": 5000}, 0), ({"percent": "12.5"}, 875), ({"percent": "100"}, 0)],
    ids=["an amount", "more than the goods cost", "a percentage", "all of it"],
)
async def test_a_coupon_takes_off_what_it_says_and_never_more(db, shop, coupon, total) -> None:
    nothing: dict[str, Any] = {name: [] for name in ("types", "processors", "amounts", "tendered", "references")}
    await save_coupon(db, shop, "HELLO", **coupon)

    order = await prepared(db, shop, coupons=[" hello "], **({} if total else nothing))

    assert (await shop.order(db, order))["total_minor"] == total


async def test_two_coupons_share_a_sale_and_both_look_at_the_goods_before_coupons(db, shop) -> None:
    await save_coupon(db, shop, "ONE", amount=400, minimum=1000)
    await save_coupon(db, shop, "TWO", amount=400, minimum=1000)

    order = await prepared(db, shop, coupons=["ONE", "TWO"])

    assert (await shop.order(db, order))["total_minor"] == 200


@pytest.mark.parametrize(
    ("coupon", "cart", "code"),
    [
        pytest.param({}, {"coupons": ["HELLOO"]}, "RU030", id="unknown"),
        pytest.param({"ends_at": NOON}, {}, "RU130", id="past its date"),
        pytest.param({"starts_at": NOON + timedelta(seconds=1)}, {}, "RU131", id="not begun"),
        pytest.param({"minimum": 1001}, {}, "RU245", id="below the minimum"),
        pytest.param({"minimum": 1000}, {"discounts": [1]}, "RU245", id="below the minimum after a discount"),
        pytest.param({"customer_limit": 1}, {"customer_id": None}, "RU241", id="for each customer, and there is none"),
        pytest.param({}, {"coupons": ["HELLO", "hello"]}, "RU242", id="twice"),
    ],
)
async def test_a_coupon_that_does_not_apply_is_refused_by_name(db, shop, set_clock, coupon, cart, code) -> None:
    await set_clock(db, NOON)
    made = await save_coupon(db, shop, "HELLO", **coupon)
    asked = {"coupons": ["HELLO"], "customer_id": shop.customer} | cart

    assert await code_of(db, prepared(db, shop, **asked)) == code
    assert await ask(db, "select count(*) from ringup.orders") == 0
    assert await uses_of(db, made) == {"counted": 0}


async def test_a_coupon_is_good_until_the_instant_it_ends(db: Connection, shop: ShopFloor, set_clock) -> None:
    await set_clock(db, NOON - timedelta(seconds=1))
    await save_coupon(db, shop, "HELLO", ends_at=NOON)

    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) is None


async def test_an_ended_coupon_is_refused_and_what_is_held_is_kept(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO", limit=2)
    order = await prepared(db, shop, coupons=["HELLO"])
    await ask(db, "select ringup.end_coupon(%s, %s, null, null, 'Ada')", shop.vendor, made)

    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) == "RU130"
    await shop.complete(db, order)
    assert await uses_of(db, made) == {"used": 1, "counted": 1}


async def test_a_use_is_held_then_made(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO", limit=1)

    order = await prepared(db, shop, coupons=["HELLO"])
    assert await uses_of(db, made) == {"held": 1, "counted": 1}
    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) == "RU132"

    await shop.complete(db, order)
    await shop.complete(db, order)
    assert await uses_of(db, made) == {"used": 1, "counted": 1}
    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) == "RU132"
    assert await broken_invariants(db) == {}


async def test_a_use_comes_back_with_a_sale_that_is_given_up(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO", limit=1)
    order = await prepared(db, shop, coupons=["HELLO"])

    await shop.cancel(db, order)
    await shop.cancel(db, order)

    assert await uses_of(db, made) == {"released": 1, "counted": 0}
    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) is None
    assert await broken_invariants(db) == {}


async def test_a_use_comes_back_with_a_sale_that_nobody_paid(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO", limit=1)
    await prepared(db, shop, coupons=["HELLO"], types=["card"], processors=[shop.terminal])
    await db.execute(
        "update ringup.orders set created_at = created_at - interval '1 hour',"
        " lease_until = now() - interval '1 minute', hold_until = now() - interval '1 minute'"
    )

    await ask(db, "select ringup.cleanup_stale_pending_orders(30)")

    assert await uses_of(db, made) == {"released": 1, "counted": 0}


async def test_a_declined_card_gives_the_use_back(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO", limit=1)
    asked = shop.request(coupons=["HELLO"])
    prepared_sale = await shop.prepare(db, **{name: asked[name] for name in ("coupons",)})
    await shop.begin(db, prepared_sale["payment_id"])

    await shop.record(db, prepared_sale["payment_id"], "declined")

    assert await uses_of(db, made) == {"released": 1, "counted": 0}


async def test_each_customer_has_uses_of_their_own(db: Connection, shop: ShopFloor) -> None:
    other = shop.register
    await ask(db, "select ringup.save_customer(%s, %s, 'Alan', 'T', null, null, true)", shop.vendor, other)
    await save_coupon(db, shop, "HELLO", customer_limit=1)
    await sold(db, shop, coupons=["HELLO"], customer_id=shop.customer)

    assert await code_of(db, prepared(db, shop, coupons=["HELLO"], customer_id=shop.customer)) == "RU132"
    assert await code_of(db, prepared(db, shop, coupons=["HELLO"], customer_id=other)) is None


async def test_what_a_duplicate_used_counts_for_who_is_left(db: Connection, shop: ShopFloor) -> None:
    duplicate = shop.register
    await ask(db, "select ringup.save_customer(%s, %s, 'Grace', 'H', null, null, true)", shop.vendor, duplicate)
    await save_coupon(db, shop, "HELLO", customer_limit=1)
    await sold(db, shop, coupons=["HELLO"], customer_id=duplicate)
    merged = "select ringup.merge_customers(%s, %s, %s, 'the same person', 'Ada')"
    await ask(db, merged, shop.vendor, shop.customer, duplicate)

    assert await code_of(db, prepared(db, shop, coupons=["HELLO"], customer_id=shop.customer)) == "RU132"


async def test_a_limit_that_comes_later_counts_what_was_used_before(db: Connection, shop: ShopFloor) -> None:
    made = await save_coupon(db, shop, "HELLO")
    await sold(db, shop, coupons=["HELLO"])
    await prepared(db, shop, coupons=["HELLO"])
    await save_coupon(db, shop, "HELLO", id=made, limit=2)

    assert await uses_of(db, made) == {"used": 1, "held": 1, "counted": 2}
    assert await code_of(db, prepared(db, shop, coupons=["HELLO"])) == "RU132"


async def test_the_sale_says_which_coupon_it_was(db: Connection, shop: ShopFloor) -> None:
    await add_product(db, shop, "TEA", 500)
    made = await save_coupon(db, shop, "HELLO", percent="10", name="Welcome")
    order = await sold(db, shop, ("COF-250", 1), ("TEA", 1), coupons=["hello"])

    document = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)

    assert document["discounts"] == [
        {"line_number": None, "kind": "coupon", "name": "Welcome", "percent": "10", "reason": None,
         "coupon_id": str(made), "coupon": "HELLO", "amount_minor": 150}
    ]  # fmt: skip
    found = await rows(db, "select used, held, taken_off_minor from ringup.coupon_list")
    assert found == [{"used": 1, "held": 0, "taken_off_minor": 150}]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code": " "}, id="no code"),
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"starts_at": None}, id="begins never"),
        pytest.param({"ends_at": "2020-01-01T00:00:00Z"}, id="ends before it begins"),
        pytest.param({"amount": 100, "percent": "10"}, id="amount and percentage"),
        pytest.param({"amount": None}, id="neither"),
        pytest.param({"amount": 0}, id="nothing off"),
        pytest.param({"percent": "0"}, id="nothing off in percent"),
        pytest.param({"percent": "100.0001"}, id="more than all"),
        pytest.param({"minimum": -1}, id="a negative minimum"),
        pytest.param({"limit": 0}, id="no use at all"),
    ],
)
async def test_a_coupon_that_cannot_be_meant_is_refused(db: Connection, shop: ShopFloor, wrong) -> None:
    assert await code_of(db, save_coupon(db, shop, **({"code": "HELLO"} | wrong))) == "RU244"
    assert await ask(db, "select count(*) from ringup.coupons") == 0


async def test_a_code_belongs_to_one_coupon(db: Connection, shop: ShopFloor) -> None:
    await save_coupon(db, shop, "HELLO")

    assert await code_of(db, save_coupon(db, shop, "hello")) == "RU113"
