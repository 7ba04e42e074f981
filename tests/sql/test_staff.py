"""Who works in a shop, their PINs and where they are signed in: what the database keeps of it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from staff_room import (
    HASH,
    approve,
    begin_check,
    code_of,
    finish_check,
    hire,
    permit,
    refusal,
    set_rule,
    sign_in,
    who_is,
)

from ringup.domain.staff import ACTIONS, ROLES, RULES
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHER_HASH = HASH + "2"


async def person_of(db: Connection, person: uuid.UUID) -> dict:
    return (await rows(db, "select * from ringup.staff where id = %s", person))[0]


async def test_the_words_of_the_program_are_those_of_the_database(db: Connection) -> None:
    roles = await rows(db, "select name from ringup.staff_roles order by rank")
    actions = await rows(db, "select name from ringup.staff_actions")
    rules = await rows(db, "select distinct rule from ringup.staff_rules_default")

    assert [row["name"] for row in roles] == list(ROLES)
    assert {row["name"] for row in actions} == set(ACTIONS)
    assert {row["rule"] for row in rules} == set(RULES)


async def test_every_role_has_a_default_rule_for_every_action(db: Connection) -> None:
    assert await ask(db, "select count(*) from ringup.staff_rules_default") == len(ROLES) * len(ACTIONS)


@pytest.mark.parametrize(
    ("role", "action", "rule"),
    [
        ("cashier", "sell", "allowed"),
        ("cashier", "refund_linked", "needs_approval"),
        ("cashier", "manage_staff", "denied"),
        ("supervisor", "refund_linked", "allowed"),
        ("supervisor", "refund_without_receipt", "needs_approval"),
        ("manager", "manage_staff", "allowed"),
        ("manager", "adjust_gift_card", "needs_approval"),
        ("owner", "adjust_gift_card", "allowed"),
        ("auditor", "sell", "denied"),
        ("auditor", "see_audit_log", "allowed"),
        ("stranger", "sell", "denied"),
        ("owner", "fly", "denied"),
    ],
)
async def test_out_of_the_box_a_role_may(db: Connection, shop: ShopFloor, role: str, action: str, rule: str) -> None:
    assert await ask(db, "select ringup.staff_rule(%s, %s, %s, null, null)", shop.vendor, role, action) == rule


async def test_two_people_of_a_shop_do_not_have_one_name(db: Connection, shop: ShopFloor) -> None:
    await hire(db, shop, "Bob")
    elsewhere = await open_shop_floor(db)

    assert await code_of(db, hire(db, shop, "Bob")) == "RU113"
    assert await code_of(db, hire(db, elsewhere, "Bob")) is None


@pytest.mark.parametrize("vendor", [uuid.uuid4()])
async def test_a_person_has_a_role_and_a_shop_that_exist(db: Connection, shop: ShopFloor, vendor: uuid.UUID) -> None:
    assert await code_of(db, hire(db, shop, "Bob", "pope")) == "RU230"
    assert await code_of(db, hire(db, ShopFloor(vendor=vendor), "Bob")) == "RU008"


async def test_a_stranger_and_somebody_without_a_pin_have_nothing_to_compare(db: Connection, shop: ShopFloor) -> None:
    without = await hire(db, shop, "Bob", pin_hash=None)
    left = await hire(db, shop, "Eve", is_active=False)

    found = [await begin_check(db, shop, person) for person in (uuid.uuid4(), without, left)]

    assert found == [None, None, None]


async def test_wrong_pins_lock_a_person_for_longer_and_longer(db: Connection, shop: ShopFloor, set_clock) -> None:
    bob = await hire(db, shop, "Bob")
    now, locked = NOON, []
    await set_clock(db, now)

    for _ in range(12):
        assert await begin_check(db, shop, bob) == HASH
        until = (await person_of(db, bob))["locked_until"]
        locked.append(int((until - now).total_seconds()) if until else 0)
        now = until or now
        await set_clock(db, now)

    assert locked == [0, 0, 0, 0, 30, 60, 120, 300, 900, 3600, 3600, 3600]


async def test_who_is_locked_is_told_until_when_and_the_attempt_is_not_counted(
    db: Connection, shop: ShopFloor, set_clock
) -> None:
    bob = await hire(db, shop, "Bob")
    await set_clock(db, NOON)
    for _ in range(5):
        await begin_check(db, shop, bob)
    await set_clock(db, NOON + timedelta(seconds=10))

    refused = await refusal(db, begin_check(db, shop, bob))

    assert refused.sqlstate == "RU601"
    assert "2026-11-24T12:00:30Z" in refused.diag.message_primary
    assert '"retry_after_seconds": 20' in refused.diag.message_detail
    assert (await person_of(db, bob))["failed_attempts"] == 5
    logged = await rows(db, "select actor, action from ringup.audit_log where row_id = %s", str(bob))
    assert {"actor": "staff:Bob", "action": "pin_locked"} in logged


async def test_the_right_pin_forgets_the_wrong_ones(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")
    for _ in range(5):
        await begin_check(db, shop, bob)

    assert await finish_check(db, shop, bob)

    person = await person_of(db, bob)
    assert (person["failed_attempts"], person["locked_until"]) == (0, None)


async def test_a_pin_that_was_changed_while_it_was_compared_lets_nobody_in(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")
    compared = await begin_check(db, shop, bob)
    await ask(db, "select ringup.set_staff_pin(%s, %s, %s, null, null, 'Ada')", shop.vendor, bob, OTHER_HASH)

    assert not await finish_check(db, shop, bob, compared)


async def test_who_left_while_the_pin_was_compared_is_not_let_in(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")
    await begin_check(db, shop, bob)
    await hire(db, shop, "Bob", person=bob, is_active=False)

    assert not await finish_check(db, shop, bob)
    assert await code_of(db, sign_in(db, shop, bob, b"1")) == "RU020"


async def test_another_pin_unlocks_and_signs_out(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")
    await sign_in(db, shop, bob, b"bob")
    for _ in range(5):
        await begin_check(db, shop, bob)

    await ask(db, "select ringup.set_staff_pin(%s, %s, %s, null, null, 'Ada')", shop.vendor, bob, OTHER_HASH)

    assert await begin_check(db, shop, bob) == OTHER_HASH
    assert await who_is(db, shop, b"bob") is None


async def test_only_argon2id_is_stored_for_a_pin(db: Connection, shop: ShopFloor) -> None:
    assert await code_of(db, hire(db, shop, "Bob", pin_hash="4711")) == "23514"


async def test_saving_a_person_keeps_the_pin(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")

    await hire(db, shop, "Robert", "supervisor", person=bob, pin_hash=None)

    person = await person_of(db, bob)
    assert (person["name"], person["role"], person["pin_hash"]) == ("Robert", "supervisor", HASH)


async def test_whoever_signs_in_takes_the_register_over(db: Connection, shop: ShopFloor) -> None:
    bob, eve = await hire(db, shop, "Bob"), await hire(db, shop, "Eve")
    await sign_in(db, shop, bob, b"bob")
    await sign_in(db, shop, eve, b"eve")

    assert [await who_is(db, shop, token) for token in (b"bob", b"eve", b"nobody")] == [None, "Eve", None]
    ended = await rows(db, "select ended_why from ringup.staff_sign_ins where staff_id = %s", bob)
    assert ended == [{"ended_why": "switched"}]


async def test_a_sign_in_ends_with_the_last_use_and_lives_half_a_day_at_most(
    db: Connection, shop: ShopFloor, set_clock
) -> None:
    bob = await hire(db, shop, "Bob")
    now = NOON
    await set_clock(db, now)
    await sign_in(db, shop, bob, b"bob")

    async def after(minutes: int) -> str | None:
        nonlocal now
        now += timedelta(minutes=minutes)
        await set_clock(db, now)
        return await who_is(db, shop, b"bob")

    assert [await after(14) for _ in range(51)] == ["Bob"] * 51
    assert now == NOON + timedelta(hours=11, minutes=54)
    assert await after(6) is None


async def test_a_till_left_alone_is_nobody_s_after_a_quarter_of_an_hour(
    db: Connection, shop: ShopFloor, set_clock
) -> None:
    bob = await hire(db, shop, "Bob")
    await set_clock(db, NOON)
    await sign_in(db, shop, bob, b"bob")

    await set_clock(db, NOON + timedelta(minutes=15))

    assert await who_is(db, shop, b"bob") is None
    await sign_in(db, shop, bob, b"again")
    ended = await rows(db, "select ended_why from ringup.staff_sign_ins where token_hash = 'bob'")
    assert ended == [{"ended_why": "expired"}]


async def test_signing_out_and_leaving_hold_at_once(db: Connection, shop: ShopFloor) -> None:
    bob, eve = await hire(db, shop, "Bob"), await hire(db, shop, "Eve")
    first = await sign_in(db, shop, bob, b"bob")
    await ask(db, "select ringup.sign_out_staff(%s, %s, 'staff:Bob')", shop.vendor, first)
    await ask(db, "select ringup.sign_out_staff(%s, %s, 'staff:Bob')", shop.vendor, first)
    await sign_in(db, shop, eve, b"eve")
    await hire(db, shop, "Eve", person=eve, is_active=False)

    assert [await who_is(db, shop, token) for token in (b"bob", b"eve")] == [None, None]
    logged = await rows(db, "select action from ringup.audit_log where row_id = %s", str(shop.register))
    assert [row["action"] for row in logged] == ["signed_in", "signed_out", "signed_in"]


async def test_a_token_of_another_shop_is_nobody_s(db: Connection, shop: ShopFloor) -> None:
    elsewhere = await open_shop_floor(db)
    await sign_in(db, shop, await hire(db, shop, "Bob"), b"bob")

    assert await who_is(db, elsewhere, b"bob") is None


async def test_nobody_signs_in_at_a_register_of_another_shop(db: Connection, shop: ShopFloor) -> None:
    elsewhere = await open_shop_floor(db)
    bob = await hire(db, shop, "Bob")
    shop.register = elsewhere.register

    assert await code_of(db, sign_in(db, shop, bob, b"bob")) == "RU004"


async def test_a_manager_manages_lower_roles_and_an_owner_everybody(db: Connection, shop: ShopFloor) -> None:
    mia, olga = await hire(db, shop, "Mia", "manager"), await hire(db, shop, "Olga", "owner")
    max_, bob = await hire(db, shop, "Max", "manager"), await hire(db, shop, "Bob")

    async def pin(by: uuid.UUID, person: uuid.UUID) -> None:
        await ask(db, "select ringup.set_staff_pin(%s, %s, %s, %s, null, 'x')", shop.vendor, person, OTHER_HASH, by)

    assert await code_of(db, pin(mia, bob)) is None
    assert await code_of(db, pin(mia, max_)) == "RU501"
    assert await code_of(db, pin(mia, olga)) == "RU501"
    assert await code_of(db, pin(mia, mia)) == "RU501"
    assert await code_of(db, pin(olga, olga)) is None
    assert await code_of(db, hire(db, shop, "Bob", "manager", person=bob, by=mia)) == "RU501"
    assert await code_of(db, hire(db, shop, "Olga", "cashier", person=olga, by=mia)) == "RU501"
    assert await code_of(db, hire(db, shop, "Bob", "supervisor", person=bob, by=mia)) is None
    assert await code_of(db, set_rule(db, shop, "manager", "adjust_gift_card", "allowed", by=mia)) == "RU501"
    assert await code_of(db, set_rule(db, shop, "cashier", "refund_linked", "denied", by=mia)) is None
    assert await code_of(db, hire(db, shop, "Kim", by=bob)) == "RU501"


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        ("perhaps", {}),
        ("denied", {"minor": 1}),
        (None, {"percent": 5}),
        ("allowed", {"minor": -1}),
        ("allowed", {"percent": 101}),
    ],
)
async def test_a_rule_that_contradicts_itself_is_refused(db: Connection, shop: ShopFloor, rule, limits) -> None:
    assert await code_of(db, set_rule(db, shop, "cashier", "sell", rule, **limits)) == "RU230"


async def test_a_rule_holds_for_its_vendor_and_can_be_taken_back(db: Connection, shop: ShopFloor) -> None:
    elsewhere = await open_shop_floor(db)
    bob, kim = await hire(db, shop, "Bob"), await hire(db, elsewhere, "Kim")
    await set_rule(db, shop, "cashier", "sell", "denied")

    assert await code_of(db, permit(db, shop, bob, "sell")) == "RU501"
    assert await code_of(db, permit(db, elsewhere, kim, "sell")) is None
    await set_rule(db, shop, "cashier", "sell", None)
    assert await code_of(db, permit(db, shop, bob, "sell")) is None


async def test_the_list_of_rules_shows_the_vendor_s_own(db: Connection, shop: ShopFloor) -> None:
    await set_rule(db, shop, "cashier", "line_discount", "allowed", minor=500)

    found = await rows(
        db,
        "select rule, limit_minor, limit_percent, is_default from ringup.staff_rule_list"
        " where vendor_id = %s and role in ('cashier', 'supervisor') and action = 'line_discount' order by role",
        shop.vendor,
    )

    assert found == [
        {"rule": "allowed", "limit_minor": 500, "limit_percent": None, "is_default": False},
        {"rule": "allowed", "limit_minor": None, "limit_percent": 30, "is_default": True},
    ]


async def test_an_approval_needs_a_reason_a_known_action_and_an_id_of_its_own(db: Connection, shop: ShopFloor) -> None:
    bob, mia = await hire(db, shop, "Bob"), await hire(db, shop, "Mia", "manager")
    given = await approve(db, shop, "refund_linked", bob, mia)

    assert await code_of(db, approve(db, shop, "refund_linked", bob, mia, reason="")) == "RU208"
    assert await code_of(db, approve(db, shop, "fly", bob, mia)) == "RU230"
    assert await code_of(db, approve(db, shop, "refund_linked", bob, mia, id=given)) == "RU113"
    assert await code_of(db, approve(db, shop, "refund_linked", bob, uuid.uuid4())) == "RU020"
