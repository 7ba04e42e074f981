"""A shift: a float, cash that comes and goes, a count, and a report that says what should be there."""

import uuid

import pytest
from staff_room import approve, code_of, hire, refusal, set_rule

from drawer import (
    FLOAT,
    close,
    count,
    count_and_close,
    move_cash,
    open_shift,
    report,
    sell_for_cash,
)
from refund_floor import part, refund
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows


@pytest.fixture
async def till(db: Connection, shop: ShopFloor) -> ShopFloor:
    """The shop at a second register, whose shift began with a counted float of 100.00."""
    shop.register = uuid.uuid4()
    await ask(db, "select ringup.create_register(%s, %s, %s, 'Till 2')", shop.vendor, shop.register, shop.location)
    shop.session = await open_shift(db, shop)
    return shop


async def test_a_float_is_counted_coin_by_coin(db: Connection, till: ShopFloor) -> None:
    found = await report(db, till)

    assert found["cash"]["opening_float_minor"] == 10000
    assert found["counts"][0]["count_number"] == 0
    assert {each["face_minor"]: each["quantity"] for each in found["counts"][0]["denominations"]} == FLOAT


async def test_a_drawer_holds_the_float_and_what_came_and_not_what_went(db: Connection, till: ShopFloor) -> None:
    order = await sell_for_cash(db, till, quantities=[4], prices=[250])
    await till.sell(db)
    await move_cash(db, till, "paid_in", 500)
    await move_cash(db, till, "paid_out", 120)
    await move_cash(db, till, "cash_drop", 4000)
    await move_cash(db, till, "no_sale", 0, reason="change for the bus")
    await refund(db, till, order, **part(1))

    found = await report(db, till)

    assert found["cash"] == {
        "opening_float_minor": 10000,
        "tendered_minor": 2000,
        "change_minor": 1000,
        "refunds_minor": 250,
        "paid_in_minor": 500,
        "paid_out_minor": 120,
        "cash_drop_minor": 4000,
        "expected_minor": 7130,
        "counted_minor": None,
        "variance_minor": None,
    }
    assert [(tender["type"], tender["net_minor"]) for tender in found["tenders"]] == [("card", 1000), ("cash", 750)]
    assert [move["kind"] for move in found["movements"]] == ["paid_in", "paid_out", "cash_drop", "no_sale"]
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("tender", ["external"])
async def test_every_way_of_paying_has_its_line(db: Connection, till: ShopFloor, tender: str) -> None:
    await sell_for_cash(db, till)
    await db.execute(
        "update ringup.payment_transactions set tender_type = %s, tendered_minor = null, change_minor = null", [tender]
    )

    found = await report(db, till)

    assert [(line["type"], line["sales_count"], line["sales_minor"]) for line in found["tenders"]] == [
        (tender, 1, 1000)
    ]
    assert found["cash"]["expected_minor"] == 10000


async def test_a_count_that_is_right_is_told_so_at_once_and_closes(db: Connection, till: ShopFloor) -> None:
    await sell_for_cash(db, till)

    found = await count(db, till, {**FLOAT, 500: 2})
    z = await close(db, till, found["id"])

    assert (found["is_wanted_again"], found["expected_minor"], found["variance_minor"]) == (False, 11000, 0)
    assert (z["type"], z["closure_number"]) == ("Z", 1)
    assert (z["cash"]["expected_minor"], z["cash"]["counted_minor"], z["cash"]["variance_minor"]) == (11000, 11000, 0)
    assert await broken_invariants(db) == {}


async def test_a_count_that_is_off_is_wanted_once_more_and_says_not_by_how_much(
    db: Connection, till: ShopFloor
) -> None:
    first = await count(db, till, 9990)
    too_early = await refusal(db, close(db, till, first["id"]))
    second = await count(db, till, 9990)
    z = await close(db, till, second["id"])

    assert (first["is_wanted_again"], first["expected_minor"], first["variance_minor"]) == (True, None, None)
    assert too_early and too_early.sqlstate == "RU140"
    assert (second["is_wanted_again"], second["variance_minor"]) == (False, -10)
    assert z["cash"]["variance_minor"] == -10
    assert [each["counted_minor"] for each in z["counts"]] == [10000, 9990, 9990]


async def test_how_far_off_is_good_enough_is_the_vendors_to_say(db: Connection, till: ShopFloor) -> None:
    await ask(db, "select ringup.set_recount_limit(%s, 10, null, null, 'Ada')", till.vendor)

    assert (await count(db, till, 9989))["is_wanted_again"] is True
    assert (await count(db, till, 10010))["is_wanted_again"] is False
    assert (await count(db, till, 9990))["variance_minor"] == -10


async def test_cash_that_moved_between_two_counts_begins_them_anew(db: Connection, till: ShopFloor) -> None:
    await count(db, till, 9990)
    await move_cash(db, till, "paid_in", 10)

    assert (await count(db, till, 9990))["is_wanted_again"] is True
    assert (await count(db, till, 9990))["is_wanted_again"] is False


async def test_a_shift_is_not_closed_with_a_count_from_before_a_sale(db: Connection, till: ShopFloor) -> None:
    found = await count(db, till, 10000)
    await sell_for_cash(db, till)

    refused = await refusal(db, close(db, till, found["id"]))

    assert refused and refused.sqlstate == "RU140" and "count it again" in str(refused)
    assert (await report(db, till))["type"] == "X"
    assert (await count_and_close(db, till))["cash"]["variance_minor"] == 0


async def test_a_card_sale_after_the_count_does_not_ask_for_another(db: Connection, till: ShopFloor) -> None:
    found = await count(db, till, 10000)
    await till.sell(db)

    assert (await close(db, till, found["id"]))["sales"]["orders_count"] == 1


async def test_the_z_is_the_x_of_the_moment_before(db: Connection, till: ShopFloor) -> None:
    await sell_for_cash(db, till)
    await till.sell(db)
    await move_cash(db, till, "paid_out", 300)
    found = await count(db, till, 10700)

    x = await report(db, till)
    z = await close(db, till, found["id"])

    own = {"type", "closure_number", "closed_at", "closed_by", "made_at", "cash", "afterwards"}
    assert {name: x[name] for name in x.keys() - own} == {name: z[name] for name in z.keys() - own}
    counted = {"counted_minor", "variance_minor"}
    assert {name: x["cash"][name] for name in x["cash"].keys() - counted} == {
        name: z["cash"][name] for name in z["cash"].keys() - counted
    }


async def test_a_z_never_changes_and_every_register_numbers_its_own(db: Connection, till: ShopFloor) -> None:
    order = await sell_for_cash(db, till)
    first = await count_and_close(db, till)
    till.session = await open_shift(db, till)
    await refund(db, till, order)
    second = await count_and_close(db, till)

    assert (first["closure_number"], second["closure_number"]) == (1, 2)
    assert second["cash"]["expected_minor"] == 9000
    assert await report(db, till, session=first["register_session_id"]) == first
    assert await broken_invariants(db) == {}


async def test_pressing_a_button_twice_does_it_once(db: Connection, till: ShopFloor) -> None:
    moved, counted = uuid.uuid4(), uuid.uuid4()

    for _ in range(2):
        await move_cash(db, till, "paid_in", 500, movement=moved)
    answers = [await count(db, till, 10500, count=counted) for _ in range(2)]
    reports = [await close(db, till, counted) for _ in range(2)]
    await move_cash(db, till, "paid_in", 500, movement=moved)
    again = await count(db, till, 10500, count=counted)
    await open_shift(db, till, session=till.session)

    assert answers[0] == answers[1] == again
    assert reports[0] == reports[1]
    assert await ask(db, "select count(*) from ringup.cash_movements") == 1
    assert await ask(db, "select count(*) from ringup.z_reports") == 1


async def test_the_same_id_with_other_particulars_is_a_mistake(db: Connection, till: ShopFloor) -> None:
    moved = await move_cash(db, till, "paid_in", 500)
    counted = await count(db, till, 10500)

    assert await code_of(db, move_cash(db, till, "paid_in", 501, movement=moved)) == "RU113"
    assert await code_of(db, move_cash(db, till, "paid_out", 500, movement=moved)) == "RU113"
    assert await code_of(db, count(db, till, 10501, count=counted["id"])) == "RU113"
    assert await code_of(db, count(db, till, 10000, count=till.session)) == "RU113"
    assert await code_of(db, open_shift(db, till, {1: 3}, session=till.session)) == "RU113"
    assert await code_of(db, close(db, till, uuid.uuid4())) == "RU140"


async def test_what_a_closed_shift_refuses(db: Connection, till: ShopFloor) -> None:
    z = await count_and_close(db, till)

    assert await code_of(db, move_cash(db, till, "paid_in", 500)) == "RU104"
    assert await code_of(db, count(db, till, 10000)) == "RU104"
    assert await code_of(db, close(db, till, uuid.uuid4())) == "RU104"
    assert await code_of(db, sell_for_cash(db, till)) == "RU104"
    assert await report(db, till) == z


async def test_a_shift_that_does_not_exist(db: Connection, till: ShopFloor) -> None:
    till.session = uuid.uuid4()

    assert await code_of(db, move_cash(db, till, "paid_in", 500)) == "RU040"
    assert await code_of(db, count(db, till, 10000)) == "RU040"
    assert await code_of(db, close(db, till, uuid.uuid4())) == "RU040"
    assert await code_of(db, report(db, till)) == "RU040"


async def test_a_shift_is_not_closed_without_a_count(db: Connection, till: ShopFloor) -> None:
    assert await code_of(db, close(db, till, None)) == "RU140"
    assert await code_of(db, close(db, till, till.session)) == "RU140"


async def test_a_currency_that_is_not_the_vendors_is_refused_by_name(db: Connection, shop: ShopFloor) -> None:
    other = uuid.uuid4()
    await ask(db, "select ringup.create_register(%s, %s, %s, 'Till 3')", shop.vendor, other, shop.location)

    assert await code_of(db, open_shift(db, shop, register=other, currency="EUR")) == "RU203"
    assert await code_of(db, move_cash(db, shop, "paid_in", 5, currency="EUR")) == "RU203"
    assert await code_of(db, count(db, shop, 10000, currency="EUR")) == "RU203"
    assert await ask(db, "select count(*) from ringup.register_sessions") == 1
    assert await open_shift(db, shop, register=other, currency="USD")


@pytest.mark.parametrize(
    ("faces", "quantities"),
    [
        pytest.param([100, 100], [1, 2], id="a coin named twice"),
        pytest.param([0], [1], id="a coin worth nothing"),
        pytest.param([-100], [1], id="a coin worth less than nothing"),
        pytest.param([100], [-1], id="less than no coins"),
        pytest.param([100, 200], [1], id="a coin without a number"),
        pytest.param([100], [None], id="no number"),
        pytest.param([1_000_000_000_000], [2], id="more than a drawer holds"),
    ],
)
async def test_a_count_that_cannot_be_is_refused(db: Connection, till: ShopFloor, faces, quantities) -> None:
    refused = await code_of(
        db,
        ask(
            db,
            "select ringup.count_cash(%s, %s, %s, %s, %s, null, 'Ada', null, null)",
            *(till.vendor, uuid.uuid4(), till.session, faces, quantities),
        ),
    )

    assert refused == "RU240"


async def test_an_empty_drawer_is_a_count_too(db: Connection, till: ShopFloor) -> None:
    await move_cash(db, till, "cash_drop", 10000)

    assert (await count(db, till, {}))["variance_minor"] == 0


async def test_a_float_is_what_its_coins_come_to(db: Connection, till: ShopFloor) -> None:
    await count_and_close(db, till)

    assert await code_of(db, open_shift(db, till, sum=10001)) == "RU240"
    assert await code_of(db, ask(db, "select ringup.open_register_session(%s, %s, %s, 'Ada', null)",
                                 till.vendor, uuid.uuid4(), till.register)) == "RU204"  # fmt: skip
    assert await open_shift(db, till, sum=10000)


@pytest.mark.parametrize(
    ("kind", "amount"), [("paid_in", 0), ("paid_out", -1), ("no_sale", 5), ("tip", 5), ("cash_drop", 10**12 + 1)]
)
async def test_cash_that_cannot_move_does_not(db: Connection, till: ShopFloor, kind: str, amount: int) -> None:
    assert await code_of(db, move_cash(db, till, kind, amount)) == "RU204"


async def test_cash_moves_with_a_reason_and_a_name(db: Connection, till: ShopFloor) -> None:
    assert await code_of(db, move_cash(db, till, "paid_out", 5, reason="")) == "RU208"
    assert await code_of(db, move_cash(db, till, "no_sale", 0, by="")) == "RU208"


async def test_both_names_stand_beside_cash_that_needed_an_approval(db: Connection, till: ShopFloor) -> None:
    bob, mia = await hire(db, till, "Bob"), await hire(db, till, "Mia", "manager")

    alone = await code_of(db, move_cash(db, till, "paid_out", 500, person=bob, by="staff:Bob"))
    given = await approve(db, till, "paid_out", bob, mia, amount=500)
    moved = await move_cash(db, till, "paid_out", 500, person=bob, by="staff:Bob", approval=given)
    await move_cash(db, till, "paid_out", 500, person=bob, by="staff:Bob", approval=given, movement=moved)

    assert alone == "RU502"
    [move] = (await report(db, till))["movements"]
    assert (move["done_by"], move["approved_by"]) == ("staff:Bob", "staff:Mia")
    [logged] = await rows(db, "select actor, approved_by from ringup.audit_log where action = 'paid_out'")
    assert (logged["actor"], logged["approved_by"]) == ("staff:Bob", "staff:Mia")


@pytest.mark.parametrize("action", ["open_session", "count_cash", "close_session", "paid_in", "cash_drop", "no_sale"])
async def test_what_a_role_may_not_do_with_a_drawer_it_does_not(db: Connection, till: ShopFloor, action: str) -> None:
    bob = await hire(db, till, "Bob")
    await set_rule(db, till, "cashier", action, "denied")
    counted = await count(db, till, 10000)
    other = uuid.uuid4()
    await ask(db, "select ringup.create_register(%s, %s, %s, 'Till 3')", till.vendor, other, till.location)
    asked = {
        "open_session": lambda: open_shift(db, till, register=other, person=bob),
        "count_cash": lambda: count(db, till, 10000, person=bob),
        "close_session": lambda: close(db, till, counted["id"], person=bob),
    }.get(action, lambda: move_cash(db, till, action, 0 if action == "no_sale" else 5, person=bob))

    assert await code_of(db, asked()) == "RU501"


async def test_a_drawer_that_is_far_off_may_need_an_approval_to_close(db: Connection, till: ShopFloor) -> None:
    bob, mia = await hire(db, till, "Bob"), await hire(db, till, "Mia", "manager")
    await set_rule(db, till, "cashier", "close_session", "allowed", minor=100)
    await count(db, till, 9000, person=bob)
    off = await count(db, till, 9000, person=bob)

    alone = await code_of(db, close(db, till, off["id"], person=bob))
    given = await approve(db, till, "close_session", bob, mia, amount=1000)
    z = await close(db, till, off["id"], person=bob, by="staff:Bob", approval=given)

    assert alone == "RU502"
    assert z["cash"]["variance_minor"] == -1000


async def test_who_is_going_to_count_does_not_see_what_should_be_there(db: Connection, till: ShopFloor) -> None:
    bob, mia = await hire(db, till, "Bob"), await hire(db, till, "Mia", "manager")
    await sell_for_cash(db, till)
    await till.sell(db)
    await count(db, till, 1)

    blind, seeing = await report(db, till, person=bob), await report(db, till, person=mia)

    assert (blind["is_blind"], seeing["is_blind"]) == (True, False)
    assert seeing["cash"]["expected_minor"] == 11000
    assert [blind["cash"][name] for name in ("expected_minor", "tendered_minor", "change_minor")] == [None] * 3
    assert blind["sales"]["total_minor"] is None
    assert [tender["type"] for tender in blind["tenders"]] == ["card"]
    assert [(each["expected_minor"], each["variance_minor"]) for each in blind["counts"][1:]] == [(None, None)]


async def test_a_good_count_opens_the_eyes_until_cash_moves_again(db: Connection, till: ShopFloor) -> None:
    bob = await hire(db, till, "Bob")

    await count(db, till, 10000, person=bob)
    after_the_count = await report(db, till, person=bob)
    await sell_for_cash(db, till)
    after_a_sale = await report(db, till, person=bob)

    assert (after_the_count["is_blind"], after_a_sale["is_blind"]) == (False, True)


async def test_one_look_may_be_approved(db: Connection, till: ShopFloor) -> None:
    eve, mia = await hire(db, till, "Eve", "supervisor"), await hire(db, till, "Mia", "manager")
    given = await approve(db, till, "see_expected_cash", eve, mia)

    seen = await report(db, till, person=eve, approval=given)

    assert seen["cash"]["expected_minor"] == 10000
    assert (await report(db, till, person=eve))["is_blind"] is True
    assert await code_of(db, report(db, till, person=eve, approval=given)) == "RU503"


async def test_a_sale_without_anything_due_counts_as_a_sale(db: Connection, till: ShopFloor) -> None:
    await db.execute("update ringup.products set price_minor = 0")
    prepared = await till.prepare(db, types=[], processors=[], amounts=[], tendered=[], references=[])
    await till.complete(db, prepared["checkout_id"])

    z = await count_and_close(db, till)

    assert (z["sales"]["orders_count"], z["sales"]["total_minor"], z["tenders"]) == (1, 0, [])
    assert await broken_invariants(db) == {}
