"""Gift cards and store credit: issued, held, spent, released, sold by a line, given back and refused by name."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from staff_room import approve, code_of, hire, refusal

from price_floor import cart
from shop_floor import Connection, ShopFloor, ask, broken_invariants, prepare, rows
from value_floor import (
    adjust_value,
    begun,
    change_card,
    credit_of,
    entries_of,
    grant,
    issue,
    paid_by,
    value_of,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_what_a_tender_takes_is_held_and_spent_with_the_sale(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 1500)

    order = await begun(db, shop, ("gift_card", card, None))
    held = await value_of(db, card)
    await shop.complete(db, order)

    assert held == (1500, 1000)
    assert await value_of(db, card) == (500, 0)
    assert await entries_of(db, card) == [("issued", 1500, 1500), ("spent", -1000, 500)]
    document = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)
    assert [(t["type"], t["status"], t["approved_minor"]) for t in document["tenders"]] == [
        ("gift_card", "approved", 1000)
    ]
    assert document["tenders"][0]["stored_value"]["balance_minor"] == 500
    assert await broken_invariants(db) == {}


async def test_what_is_held_is_free_again_when_the_sale_is_given_up(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 1500)
    order = await begun(db, shop, ("gift_card", card, None))

    await shop.cancel(db, order)

    assert await value_of(db, card) == (1500, 0)
    assert await entries_of(db, card) == [("issued", 1500, 1500)]
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=["first", "last", "in between"])
async def test_a_split_is_all_or_nothing_whatever_comes_first(
    db: Connection, shop: ShopFloor, order: tuple[int, ...]
) -> None:
    """The card terminal is asked first. Its decline leaves our own value untouched."""
    card = await issue(db, shop, 300)
    await grant(db, shop, 200)
    ways = [("card", None, 500), ("gift_card", card, 300), ("store_credit", None, 200)]
    asked = paid_by(shop, *(ways[n] for n in order), customer_id=shop.customer)
    prepared = await prepare(db, asked)

    assert prepared["step"] == "charge"
    assert await value_of(db, card) == (300, 300)
    assert await credit_of(db, shop.customer) == (200, 200)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "declined")
    assert (await shop.order(db, prepared["checkout_id"]))["status"] == "payment_failed"
    assert await value_of(db, card) == (300, 0)
    assert await credit_of(db, shop.customer) == (200, 0)
    assert await broken_invariants(db) == {}


async def test_a_split_spends_everything_together(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 300)
    await grant(db, shop, 900)
    ways = (("gift_card", card, 300), ("card", None, 500), ("store_credit", None, 200))
    prepared = await prepare(db, paid_by(shop, *ways, customer_id=shop.customer))
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved", approved_minor=500)
    assert (await value_of(db, card), await credit_of(db, shop.customer)) == ((300, 300), (900, 200))

    await shop.complete(db, prepared["checkout_id"])

    assert (await value_of(db, card), await credit_of(db, shop.customer)) == ((0, 0), (700, 0))
    assert await broken_invariants(db) == {}


async def test_one_card_may_pay_twice_in_a_sale_and_never_more_than_it_has(db: Connection, shop: ShopFloor) -> None:
    card, poor = await issue(db, shop, 1000), await issue(db, shop, 999)

    assert await code_of(db, begun(db, shop, ("gift_card", poor, 600), ("gift_card", poor, 400))) == "RU162"
    order = await begun(db, shop, ("gift_card", card, 600), ("gift_card", card, None))
    await shop.complete(db, order)

    assert await entries_of(db, card) == [("issued", 1000, 1000), ("spent", -600, 400), ("spent", -400, 0)]
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize(
    ("way", "customer", "code"),
    [
        ("gift_card", None, "RU060"),
        ("no card", None, "RU060"),
        ("store_credit", None, "RU261"),
        ("store_credit", "customer", "RU162"),
        ("expired", None, "RU160"),
        ("disabled", None, "RU161"),
        ("poor", None, "RU162"),
        ("held", None, "RU162"),
        ("foreign", None, "RU203"),
        ("of a customer", None, "RU060"),
    ],
)
async def test_what_cannot_pay_is_refused_by_name(
    db: Connection, shop: ShopFloor, set_clock: Any, way: str, customer: str | None, code: str
) -> None:
    await set_clock(db, NOON)
    other: Any = {
        "expired": lambda: issue(db, shop, 1000, expires=NOON + timedelta(hours=1)),
        "poor": lambda: issue(db, shop, 999),
    }.get(way, lambda: issue(db, shop, 1000))
    card = None if way == "no card" else await other()
    if way == "gift_card":
        card = uuid.uuid4()
    if way == "expired":
        await set_clock(db, NOON + timedelta(hours=1))
    if way == "disabled":
        await change_card(db, shop, card, disabled=True)
    if way == "held":
        await begun(db, shop, ("gift_card", card, 1), ("cash", None, None))
    if way == "foreign":
        await db.execute("update ringup.stored_value_accounts set currency = 'EUR'")
    if way == "of a customer":
        await grant(db, shop, 1000)
        card = (await rows(db, "select id from ringup.stored_value_accounts where kind = 'store_credit'"))[0]["id"]
    orders = await ask(db, "select count(*) from ringup.orders")

    who = getattr(shop, customer) if customer else None
    tender = "store_credit" if way == "store_credit" else "gift_card"
    refused = await code_of(db, begun(db, shop, (tender, card, None), customer_id=who))

    assert refused == code
    assert await ask(db, "select count(*) from ringup.orders") == orders
    assert await ask(db, "select coalesce(sum(held_minor), 0) from ringup.stored_value_accounts") == (way == "held")


async def test_whoever_asks_for_too_much_is_told_how_much_there_is(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 999)

    refused = await refusal(db, begun(db, shop, ("gift_card", card, None)))

    assert refused is not None
    assert refused.diag.message_primary == "Insufficient balance. Available: 999, Requested: 1000"
    assert '"available_minor" : 999' in (refused.diag.message_detail or "")


@pytest.mark.parametrize("meanwhile", ["disabled", "expired"])
async def test_what_was_held_pays_whatever_becomes_of_the_card(
    db: Connection, shop: ShopFloor, set_clock: Any, meanwhile: str
) -> None:
    await set_clock(db, NOON)
    card = await issue(db, shop, 1000, expires=NOON + timedelta(minutes=1))
    order = await begun(db, shop, ("gift_card", card, None))
    if meanwhile == "disabled":
        await change_card(db, shop, card, disabled=True)
    else:
        await set_clock(db, NOON + timedelta(minutes=2))

    await shop.complete(db, order)

    assert await value_of(db, card) == (0, 0)


async def test_a_card_is_sold_by_a_line_and_loaded_with_what_was_paid(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 0)

    order = (await prepare(db, cart(shop, ("COF-250", 1), ("COF-250", 2), line_gift_cards=[None, card])))["checkout_id"]
    before = await value_of(db, card)
    await shop.complete(db, order)
    again = (await prepare(db, cart(shop, line_gift_cards=[card], discounts=[250])))["checkout_id"]
    await shop.complete(db, again)

    assert before == (0, 0)
    assert await entries_of(db, card) == [("loaded", 2000, 2000), ("loaded", 750, 2750)]
    assert await broken_invariants(db) == {}


async def test_a_card_whose_sale_is_given_up_stays_empty(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 0)
    order = (await prepare(db, cart(shop, line_gift_cards=[card])))["checkout_id"]

    await shop.cancel(db, order)

    assert await value_of(db, card) == (0, 0)
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize(("card", "code"), [("unknown", "RU060"), ("disabled", "RU161")])
async def test_a_line_sells_no_card_that_is_not_good(db: Connection, shop: ShopFloor, card: str, code: str) -> None:
    sold = await issue(db, shop, 0) if card == "disabled" else uuid.uuid4()
    if card == "disabled":
        await change_card(db, shop, sold, disabled=True)

    assert await code_of(db, prepare(db, cart(shop, line_gift_cards=[sold]))) == code


async def test_issuing_the_same_card_again_changes_nothing(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 500, "ABCDEFGH1234")

    await issue(db, shop, 500, "ABCDEFGH1234", id=card)

    assert await entries_of(db, card) == [("issued", 500, 500)]
    assert await code_of(db, issue(db, shop, 600, "ABCDEFGH1234", id=card)) == "RU113"
    assert await code_of(db, issue(db, shop, 500, "ABCDEFGH1234")) == "RU113"
    assert await code_of(db, issue(db, shop, 500, "ABCDEFGH9999", id=card)) == "RU113"


@pytest.mark.parametrize(
    ("amount", "changes", "code"),
    [
        (-1, {}, "RU260"),
        (500, {"expires": datetime(2020, 1, 1, tzinfo=UTC)}, "RU260"),
        (500, {"reason": " "}, "RU208"),
        (0, {"reason": None}, None),
        (0, {"actor": ""}, "RU208"),
        (10**13, {}, "RU204"),
    ],
    ids=["a debt", "past its date", "no reason", "empty, and no reason", "no name", "beyond reason"],
)
async def test_how_a_card_may_be_issued(
    db: Connection, shop: ShopFloor, amount: int, changes: dict[str, Any], code: str | None
) -> None:
    assert await code_of(db, issue(db, shop, amount, **changes)) == code


async def test_a_person_gives_out_what_the_role_allows(db: Connection, shop: ShopFloor) -> None:
    bob, mia = await hire(db, shop, "Bob"), await hire(db, shop, "Mia", "manager")
    card = await issue(db, shop, 500, by=bob)

    assert await code_of(db, adjust_value(db, shop, card, 100, by=bob)) == "RU501"
    assert await code_of(db, adjust_value(db, shop, card, 100, by=mia)) == "RU502"
    assert await code_of(db, grant(db, shop, 100, by=bob)) == "RU502"
    approval = await approve(db, shop, "issue_store_credit", bob, mia, amount=100)
    assert await grant(db, shop, 100, by=bob, approval=approval) == 100
    names = await rows(db, "select actor, approved_by from ringup.audit_log where action = 'store_credit_granted'")
    assert names == [{"actor": "Ada", "approved_by": "staff:Mia"}]


async def test_who_sells_a_gift_card_needs_to_be_allowed_to(db: Connection, shop: ShopFloor) -> None:
    eve = await hire(db, shop, "Eve", "auditor")
    sue = await hire(db, shop, "Sue", "cashier")
    card = await issue(db, shop, 0)
    await ask(
        db,
        "select ringup.set_staff_rule(%s, 'cashier', 'issue_gift_card', 'allowed', 999, null, null, null, 'Ada')",
        shop.vendor,
    )

    assert await code_of(db, prepare(db, cart(shop, line_gift_cards=[card], staff_id=eve))) == "RU501"
    assert await code_of(db, prepare(db, cart(shop, line_gift_cards=[card], staff_id=sue))) == "RU502"
    assert await code_of(db, prepare(db, cart(shop, staff_id=sue))) is None


async def test_an_adjustment_leaves_what_is_held_alone_and_counts_once(db: Connection, shop: ShopFloor) -> None:
    card = await issue(db, shop, 1500)
    await begun(db, shop, ("gift_card", card, None))
    once = uuid.uuid4()

    assert await code_of(db, adjust_value(db, shop, card, -501)) == "RU162"
    assert await adjust_value(db, shop, card, -500, id=once) == 1000
    assert await adjust_value(db, shop, card, -500, id=once) == 1000
    assert await code_of(db, adjust_value(db, shop, card, -400, id=once)) == "RU113"
    assert await value_of(db, card) == (1000, 1000)
    assert await broken_invariants(db) == {}


async def test_a_grant_counts_once(db: Connection, shop: ShopFloor) -> None:
    once = uuid.uuid4()

    assert [await grant(db, shop, 300, id=once) for _ in range(2)] == [300, 300]
    assert await code_of(db, grant(db, shop, 400, id=once)) == "RU113"
    assert await code_of(db, grant(db, shop, -1)) == "RU204"
    assert await code_of(db, grant(db, shop, 5, customer=uuid.uuid4())) == "RU005"
    assert await credit_of(db, shop.customer) == (300, 0)


async def give_back(db: Connection, shop: ShopFloor, to: str, whose: uuid.UUID, amount: int, payment: uuid.UUID) -> int:
    balance: int = await ask(
        db, f"select ringup.return_to_{to}(%s, %s, %s, %s, 'Refund')", shop.vendor, whose, amount, payment
    )
    return balance


async def test_a_refund_goes_back_to_a_gift_card_once(db: Connection, shop: ShopFloor) -> None:
    card, payment = await issue(db, shop, 100), uuid.uuid4()

    assert [await give_back(db, shop, "gift_card", card, 700, payment) for _ in range(2)] == [800, 800]
    assert await code_of(db, give_back(db, shop, "gift_card", card, 701, payment)) == "RU113"
    await change_card(db, shop, card, disabled=True)
    assert await give_back(db, shop, "gift_card", card, 700, payment) == 800
    assert await code_of(db, give_back(db, shop, "gift_card", card, 1, uuid.uuid4())) == "RU161"
    assert await code_of(db, give_back(db, shop, "gift_card", uuid.uuid4(), 1, uuid.uuid4())) == "RU060"
    assert await broken_invariants(db) == {}


async def test_a_refund_becomes_store_credit_of_whom_the_customer_was_merged_into(
    db: Connection, shop: ShopFloor
) -> None:
    twin = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'G', 'H', null, null, true)", shop.vendor, twin)
    await grant(db, shop, 400, customer=twin)
    await ask(db, "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')", shop.vendor, shop.customer, twin)

    balance = await give_back(db, shop, "store_credit", twin, 50, uuid.uuid4())

    assert balance == 450
    assert (await credit_of(db, shop.customer), await credit_of(db, twin)) == ((450, 0), (0, 0))
    assert await broken_invariants(db) == {}


async def test_customers_are_not_merged_while_store_credit_is_held(db: Connection, shop: ShopFloor) -> None:
    twin = uuid.uuid4()
    await ask(db, "select ringup.save_customer(%s, %s, 'G', 'H', null, null, true)", shop.vendor, twin)
    await grant(db, shop, 1000, customer=twin)
    await begun(db, shop, ("store_credit", None, None), customer_id=twin)

    merge = ask(db, "select ringup.merge_customers(%s, %s, %s, 'one', 'Ada')", shop.vendor, shop.customer, twin)

    assert await code_of(db, merge) == "RU119"


@pytest.mark.parametrize("tender", ["gift_card", "store_credit"])
async def test_each_has_its_line_in_the_report_and_nothing_in_the_drawer(
    db: Connection, shop: ShopFloor, tender: str
) -> None:
    card = await issue(db, shop, 1000)
    await grant(db, shop, 1000)
    await shop.complete(db, await begun(db, shop, (tender, card, None), customer_id=shop.customer))

    found = (await rows(db, f"select {tender}_minor as total, cash_minor from ringup.register_sessions"))[0]

    assert found == {"total": 1000, "cash_minor": 0}
    assert await broken_invariants(db) == {}
