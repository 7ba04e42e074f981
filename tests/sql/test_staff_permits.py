"""What a person may do alone, with another's approval, or not at all."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from staff_room import adjust, approve, code_of, hire, permit, refusal, set_rule

from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def bob(db: Connection, shop: ShopFloor) -> uuid.UUID:
    return await hire(db, shop, "Bob")


@pytest.fixture
async def mia(db: Connection, shop: ShopFloor) -> uuid.UUID:
    return await hire(db, shop, "Mia", "manager")


async def test_a_request_of_the_key_itself_is_not_asked_about_roles(db: Connection, shop: ShopFloor) -> None:
    assert await code_of(db, permit(db, shop, None, "adjust_gift_card", amount=10**12)) is None


async def test_a_person_who_left_may_nothing(db: Connection, shop: ShopFloor, bob: uuid.UUID) -> None:
    await hire(db, shop, "Bob", person=bob, is_active=False)

    assert await code_of(db, permit(db, shop, bob, "sell")) == "RU020"


@pytest.mark.parametrize(
    ("amount", "basis", "code"),
    [
        pytest.param(500, 10_000, None, id="at both limits"),
        pytest.param(501, 100_000, "RU502", id="beyond the amount"),
        pytest.param(100, 1_999, "RU502", id="beyond the percentage"),
        pytest.param(100, 2_000, None, id="exactly the percentage"),
        pytest.param(0, 0, None, id="nothing of nothing"),
        pytest.param(1, 0, "RU502", id="something of nothing"),
        pytest.param(None, 10_000, "RU502", id="no amount said"),
        pytest.param(100, None, "RU502", id="no basis said"),
        pytest.param(10**15, 10**15, "RU502", id="as large as can be"),
    ],
)
async def test_a_rule_holds_up_to_its_limits(db: Connection, shop: ShopFloor, bob, amount, basis, code) -> None:
    await set_rule(db, shop, "cashier", "line_discount", "allowed", minor=500, percent=5)

    assert await code_of(db, permit(db, shop, bob, "line_discount", amount=amount, basis=basis)) == code


async def test_beyond_the_limit_of_what_needs_approval_it_is_denied(db: Connection, shop: ShopFloor, bob) -> None:
    await set_rule(db, shop, "cashier", "paid_out", "needs_approval", minor=2000)

    assert await code_of(db, permit(db, shop, bob, "paid_out", amount=2000)) == "RU502"
    assert await code_of(db, permit(db, shop, bob, "paid_out", amount=2001)) == "RU501"


async def test_who_needs_an_approval_is_told_who_may_give_it(db: Connection, shop: ShopFloor, bob, mia) -> None:
    await hire(db, shop, "Olga", "owner", pin_hash=None)
    await hire(db, shop, "Ann", "manager", is_active=False)
    await hire(db, shop, "Sue", "supervisor")
    elsewhere = await open_shop_floor(db)
    await hire(db, elsewhere, "Zoe", "owner")

    refused = await refusal(db, permit(db, shop, bob, "adjust_points", amount=70))

    assert refused.sqlstate == "RU502"
    assert json.loads(refused.diag.message_detail) == {
        "action": "adjust_points",
        "role": "cashier",
        "amount_minor": 70,
        "basis_minor": None,
        "may_approve": [{"id": str(mia), "name": "Mia", "role": "manager"}],
    }


async def test_an_approval_lets_one_operation_through(db: Connection, shop: ShopFloor, bob, mia) -> None:
    given = await approve(db, shop, "refund_linked", bob, mia, amount=1000)

    await permit(db, shop, bob, "refund_linked", amount=1000, approval=given, used_for="refund 1")

    again = permit(db, shop, bob, "refund_linked", amount=1000, approval=given, used_for="refund 1")
    assert await code_of(db, again) == "RU503"
    used = await rows(db, "select used_for from ringup.approvals where used_at is not null")
    assert used == [{"used_for": "refund 1"}]


async def test_an_approval_that_is_not_needed_is_not_used_up(db: Connection, shop: ShopFloor, bob, mia) -> None:
    given = await approve(db, shop, "sell", bob, mia)

    await permit(db, shop, bob, "sell", approval=given)

    assert await ask(db, "select used_at from ringup.approvals where id = %s", given) is None


@pytest.mark.parametrize(
    ("approved", "done", "code"),
    [
        pytest.param({"amount": 500}, {"amount": 500}, None, id="the same"),
        pytest.param({"amount": 500}, {"amount": 499}, None, id="less"),
        pytest.param({"amount": 500}, {"amount": 501}, "RU503", id="more"),
        pytest.param({}, {"amount": 1}, "RU503", id="an amount that nobody saw"),
        pytest.param({"amount": 500}, {}, None, id="no amount"),
        pytest.param({"amount": 500, "basis": 1000}, {"amount": 250, "basis": 500}, None, id="the same part"),
        pytest.param({"amount": 500, "basis": 1000}, {"amount": 250, "basis": 499}, "RU503", id="a larger part"),
        pytest.param({"amount": 500}, {"amount": 500, "basis": 1000}, "RU503", id="a basis that nobody saw"),
    ],
)
async def test_an_approval_is_good_for_what_was_seen(db, shop, bob, mia, approved, done, code) -> None:
    given = await approve(db, shop, "refund_linked", bob, mia, **approved)

    assert await code_of(db, permit(db, shop, bob, "refund_linked", approval=given, **done)) == code


async def test_an_approval_is_for_one_action_of_one_person_in_one_shop(db, shop, bob, mia) -> None:
    given = await approve(db, shop, "refund_linked", bob, mia)
    kim = await hire(db, shop, "Kim")
    elsewhere = await open_shop_floor(db)
    zoe = await hire(db, elsewhere, "Zoe")

    assert await code_of(db, permit(db, shop, bob, "paid_out", approval=given)) == "RU503"
    assert await code_of(db, permit(db, shop, kim, "refund_linked", approval=given)) == "RU503"
    assert await code_of(db, permit(db, elsewhere, zoe, "refund_linked", approval=given)) == "RU503"
    assert await code_of(db, permit(db, shop, bob, "refund_linked", approval=uuid.uuid4())) == "RU503"


async def test_an_approval_is_good_for_five_minutes(db, shop, bob, mia, set_clock) -> None:
    await set_clock(db, NOON)
    given = await approve(db, shop, "refund_linked", bob, mia)

    await set_clock(db, NOON + timedelta(minutes=5))

    assert await code_of(db, permit(db, shop, bob, "refund_linked", approval=given)) == "RU503"
    await set_clock(db, NOON + timedelta(minutes=4, seconds=59))
    assert await code_of(db, permit(db, shop, bob, "refund_linked", approval=given)) is None


async def test_nobody_approves_for_themselves(db: Connection, shop: ShopFloor, mia) -> None:
    assert await code_of(db, approve(db, shop, "adjust_gift_card", mia, mia)) == "RU504"


async def test_who_may_not_do_it_alone_may_not_approve_it(db: Connection, shop: ShopFloor, bob, mia) -> None:
    sue = await hire(db, shop, "Sue", "supervisor")

    assert await code_of(db, approve(db, shop, "adjust_points", bob, sue)) == "RU503"
    assert await code_of(db, approve(db, shop, "line_discount", bob, sue, amount=31, basis=100)) == "RU503"
    assert await code_of(db, approve(db, shop, "line_discount", bob, sue, amount=30, basis=100)) is None


async def test_an_approver_who_has_left_or_was_demoted_since_does_not_count(db, shop, bob, mia) -> None:
    sue = await hire(db, shop, "Sue", "manager")
    by_mia = await approve(db, shop, "adjust_points", bob, mia)
    by_sue = await approve(db, shop, "adjust_points", bob, sue)
    await hire(db, shop, "Mia", "manager", person=mia, is_active=False)
    await hire(db, shop, "Sue", "supervisor", person=sue)

    assert await code_of(db, permit(db, shop, bob, "adjust_points", approval=by_mia)) == "RU503"
    assert await code_of(db, permit(db, shop, bob, "adjust_points", approval=by_sue)) == "RU503"


async def test_both_names_are_in_the_log_of_what_was_approved(db: Connection, shop: ShopFloor, bob, mia) -> None:
    given = await approve(db, shop, "adjust_stock", bob, mia, amount=1000)

    assert await adjust(db, shop, bob, given) == 99
    await adjust(db, shop, None)

    logged = await rows(
        db,
        "select actor, approved_by, approval_id, action from ringup.audit_trail"
        " where action in ('stock_adjusted', 'approval_given') order by id",
    )
    both = {"actor": "staff:Bob", "approved_by": "staff:Mia", "approval_id": given}
    assert logged == [
        {**both, "action": "approval_given"},
        {**both, "action": "stock_adjusted"},
        {"actor": "key:1", "approved_by": None, "approval_id": None, "action": "stock_adjusted"},
    ]


async def test_stock_is_measured_by_what_it_costs_on_the_shelf(db: Connection, shop: ShopFloor, bob, mia) -> None:
    await set_rule(db, shop, "cashier", "adjust_stock", "allowed", minor=1000)
    assert await adjust(db, shop, bob) == 99

    await set_rule(db, shop, "cashier", "adjust_stock", "allowed", minor=999)

    assert await code_of(db, adjust(db, shop, bob)) == "RU502"
    assert await shop.stock(db) == (99, 0)


async def test_a_change_that_is_refused_leaves_its_approval_for_another_try(db, shop, bob, mia) -> None:
    given = await approve(db, shop, "adjust_stock", bob, mia, amount=10**9)
    too_much = ask(
        db,
        "select ringup.change_stock(%s, %s, %s, -101, 'adjusted', 'broken', 'staff:Bob', %s, %s)",
        *(shop.vendor, shop.location, shop.product, bob, given),
    )

    assert await code_of(db, too_much) == "RU116"
    assert await adjust(db, shop, bob, given) == 99


async def test_receiving_goods_is_another_permission_than_correcting_them(db: Connection, shop: ShopFloor) -> None:
    sue = await hire(db, shop, "Sue", "supervisor")
    received = ask(
        db,
        "select ringup.change_stock(%s, %s, %s, 1, 'received', null, 'staff:Sue', %s, null)",
        *(shop.vendor, shop.location, shop.product, sue),
    )

    assert await code_of(db, received) is None
    assert await code_of(db, adjust(db, shop, sue)) == "RU502"


async def test_a_look_with_an_approval_is_good_once_and_logged(db: Connection, shop: ShopFloor, bob, mia) -> None:
    await set_rule(db, shop, "cashier", "see_reports", "needs_approval")
    given = await approve(db, shop, "see_reports", bob, mia)

    def look():
        return ask(db, "select ringup.permit_reading(%s, %s, 'see_reports', %s, 'staff:Bob')", shop.vendor, bob, given)

    assert await code_of(db, look()) is None
    assert await code_of(db, look()) == "RU503"
    logged = await rows(db, "select actor, approved_by from ringup.audit_trail where action = 'see_reports'")
    assert logged == [{"actor": "staff:Bob", "approved_by": "staff:Mia"}]
