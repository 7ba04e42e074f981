"""What a person may take off alone, with whose approval, and what their role forbids."""

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from staff_room import approve, code_of, hire, refusal, set_rule

from price_floor import add_product, prepared, save_coupon, set_tax_rate
from shop_floor import Connection, ShopFloor, ask, rows


@pytest.fixture
async def bob(db: Connection, shop: ShopFloor) -> uuid.UUID:
    """A cashier: 10 % off a line alone."""
    return await hire(db, shop, "Bob")


@pytest.fixture
async def mia(db: Connection, shop: ShopFloor) -> uuid.UUID:
    return await hire(db, shop, "Mia", "manager")


@pytest.fixture
async def sue(db: Connection, shop: ShopFloor) -> uuid.UUID:
    """A supervisor: 30 % off a line alone, 20 % off a sale."""
    return await hire(db, shop, "Sue", "supervisor")


def off(amount: int) -> dict[str, Any]:
    return {"discount_amounts": [amount], "discount_percents": [None], "discount_reasons": ["goodwill"]}


async def test_a_line_discount_within_the_role_needs_nobody(db: Connection, shop: ShopFloor, bob: uuid.UUID) -> None:
    order = await prepared(db, shop, discounts=[100], staff_id=bob)

    given = await rows(db, "select kind, given_by from ringup.order_discounts where order_id = %s", order)
    assert given == [{"kind": "line", "given_by": bob}]


async def test_a_discount_beyond_the_role_is_refused_by_name_and_says_who_may(db, shop, bob, mia, sue) -> None:
    refused = await refusal(db, prepared(db, shop, discounts=[101], staff_id=bob))

    assert refused.sqlstate == "RU502"
    facts = json.loads(refused.diag.message_detail)
    assert (facts["action"], facts["amount_minor"], facts["basis_minor"]) == ("line_discount", 101, 1000)
    assert [person["name"] for person in facts["may_approve"]] == ["Mia", "Sue"]
    assert await ask(db, "select count(*) from ringup.orders") == 0


async def test_a_discount_that_the_role_forbids_is_refused_whoever_approves(db, shop, bob, mia) -> None:
    await set_rule(db, shop, "cashier", "order_discount", "denied")
    given = await approve(db, shop, "order_discount", bob, mia, amount=100, basis=1000)

    assert await code_of(db, prepared(db, shop, staff_id=bob, approval_ids=[given], **off(100))) == "RU501"


async def test_an_approval_lets_one_sale_through_in_both_names(db, shop, bob, mia) -> None:
    given = await approve(db, shop, "order_discount", bob, mia, amount=100, basis=1000)

    order = await prepared(db, shop, staff_id=bob, approval_ids=[given], **off(100))

    logged = await rows(
        db, "select actor, approved_by from ringup.audit_log where row_type = 'order' and row_id = %s", str(order)
    )
    assert logged == [{"actor": "staff:Bob", "approved_by": "staff:Mia"}]
    again = prepared(db, shop, staff_id=bob, approval_ids=[given], **off(100))
    assert await code_of(db, again) == "RU503"


async def test_a_sale_that_is_refused_afterwards_keeps_the_approval(db, shop, bob, mia) -> None:
    given = await approve(db, shop, "order_discount", bob, mia, amount=100, basis=100_000)

    asked = prepared(db, shop, ("COF-250", 101), staff_id=bob, approval_ids=[given], **off(100))

    assert await code_of(db, asked) == "RU103"
    assert await ask(db, "select used_at from ringup.approvals where id = %s", given) is None


async def test_each_action_takes_an_approval_of_its_own(db, shop, bob, mia) -> None:
    of_line = await approve(db, shop, "line_discount", bob, mia, amount=500, basis=1000)
    of_sale = await approve(db, shop, "order_discount", bob, mia, amount=100, basis=500)
    asked = {"discounts": [500], "staff_id": bob} | off(100)

    assert await code_of(db, prepared(db, shop, approval_ids=[of_line], **asked)) == "RU503"
    assert await code_of(db, prepared(db, shop, approval_ids=[of_sale, of_line], **asked)) is None


async def test_many_lines_are_approved_together_at_the_worst_percentage(db, shop, bob, mia, sue) -> None:
    """Half of 1.00 and 11 % of 100.00 are not 11.4 % of both: a supervisor may not approve them."""
    await add_product(db, shop, "GUM", 100)
    await add_product(db, shop, "COAT", 10_000)
    asked = {"discounts": [50, 1100], "staff_id": bob}

    refused = await refusal(db, prepared(db, shop, ("GUM", 1), ("COAT", 1), **asked))

    facts = json.loads(refused.diag.message_detail)
    assert (facts["amount_minor"], facts["basis_minor"]) == (1150, 2300)
    assert [person["name"] for person in facts["may_approve"]] == ["Mia"]


async def test_lines_within_the_role_are_nobody_s_business(db, shop, bob, mia) -> None:
    await add_product(db, shop, "COAT", 10_000)

    refused = await refusal(db, prepared(db, shop, ("COF-250", 1), ("COAT", 1), discounts=[500, 1000], staff_id=bob))

    facts = json.loads(refused.diag.message_detail)
    assert (facts["amount_minor"], facts["basis_minor"]) == (500, 1000)


async def test_discounts_of_a_sale_are_judged_by_what_they_come_to(db, shop, sue) -> None:
    """Three times 10 % of what is left is 27.1 %, and a supervisor may take off 20 %."""
    asked = {
        "discount_amounts": [None] * 3,
        "discount_percents": [Decimal(10)] * 3,
        "discount_reasons": ["once more"] * 3,
    }

    assert await code_of(db, prepared(db, shop, staff_id=sue, **asked)) == "RU502"


async def test_a_price_by_hand_counts_by_how_far_it_is_from_the_catalogue(db, shop, bob, sue) -> None:
    assert await code_of(db, prepared(db, shop, prices=[1000], staff_id=bob)) is None
    assert await code_of(db, prepared(db, shop, prices=[999], staff_id=bob)) == "RU502"
    assert await code_of(db, prepared(db, shop, prices=[700], staff_id=sue)) is None
    assert await code_of(db, prepared(db, shop, prices=[699], staff_id=sue)) == "RU502"


async def test_a_price_for_goods_that_have_none_is_beyond_any_percentage(db, shop, sue) -> None:
    await add_product(db, shop, "GIFT", 0)

    assert await code_of(db, prepared(db, shop, ("GIFT", 1), prices=[100], staff_id=sue)) == "RU502"


async def test_selling_without_tax_needs_somebody_else(db, shop, bob, mia) -> None:
    await set_tax_rate(db, shop, "STATE", "10")
    asked = {"exemption_reason": "resale", "exemption_certificate": "R-1", "staff_id": bob}

    refused = await refusal(db, prepared(db, shop, **asked))

    assert refused.sqlstate == "RU502"
    facts = json.loads(refused.diag.message_detail)
    assert (facts["action"], facts["amount_minor"]) == ("exempt_from_tax", 100)
    given = await approve(db, shop, "exempt_from_tax", bob, mia, amount=100)
    assert await code_of(db, prepared(db, shop, approval_ids=[given], **asked)) is None


async def test_a_coupon_is_the_vendor_s_word_and_needs_nobody(db, shop, bob) -> None:
    await save_coupon(db, shop, "HALF", percent="50")

    assert await code_of(db, prepared(db, shop, coupons=["HALF"], staff_id=bob)) is None


async def test_who_only_looks_sells_nothing(db: Connection, shop: ShopFloor) -> None:
    ann = await hire(db, shop, "Ann", "auditor")

    assert await code_of(db, prepared(db, shop, staff_id=ann)) == "RU501"


@pytest.mark.parametrize(
    "statement",
    [
        "ringup.save_coupon({v}, gen_random_uuid(), 'X', 'X', now(), null, 0, 1, null, null, null, {bob}, null, 'B')",
        "ringup.end_coupon({v}, gen_random_uuid(), {bob}, null, 'B')",
        "ringup.set_tax_rate({v}, 'X', 'X', 1, false, false, 1, '{{standard}}', null, true, null, {bob}, null, 'B')",
        "ringup.set_price_settings({v}, 'order', {bob}, null, 'B')",
    ],
    ids=["save a coupon", "end a coupon", "set a rate", "round"],
)
async def test_a_cashier_makes_no_prices(db: Connection, shop: ShopFloor, bob: uuid.UUID, statement: str) -> None:
    asked = "select " + statement.format(v=f"'{shop.vendor}'", bob=f"'{bob}'")

    assert await code_of(db, ask(db, asked)) == "RU501"
