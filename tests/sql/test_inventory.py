"""Stock that is provable: goods come and go by documents, each with a reason, and each once."""

import json
import uuid
from datetime import timedelta

import psycopg
import pytest
from staff_room import approve, code_of, hire, set_rule

from drawer import sell_for_cash
from shop_floor import Connection, ShopFloor, ask, broken_invariants, open_shop_floor, rows
from stock_floor import (
    add_product,
    adjust,
    arrive,
    count,
    in_transit,
    lines_of,
    on_hand,
    open_second_store,
    receive,
    send,
)

CUP = "CUP"


@pytest.fixture
async def harbour(db: Connection, shop: ShopFloor) -> uuid.UUID:
    return await open_second_store(db, shop)


async def test_a_delivery_is_received_with_what_was_there_before_and_after(db, shop) -> None:
    await add_product(db, shop, CUP)
    delivery = uuid.uuid4()

    assert await receive(db, shop, {"COF-250": 24, CUP: 6}, id=delivery, reason="delivery note 4711")

    assert [(each["sku"], each["on_hand_before"], each["on_hand_after"]) for each in await lines_of(db, delivery)] == [
        ("COF-250", 100, 124),
        (CUP, 0, 6),
    ]
    moved = await rows(
        db,
        "select sku, reason, on_hand_before, on_hand_after, note from ringup.stock_movements"
        " where reference_id = %s order by sku",
        str(delivery),
    )
    assert [tuple(each.values()) for each in moved] == [
        ("COF-250", "received", 100, 124, "delivery note 4711"),
        (CUP, "received", 0, 6, "delivery note 4711"),
    ]
    assert await broken_invariants(db) == {}


async def test_a_product_may_be_named_by_its_barcode_or_its_id(db, shop) -> None:
    await receive(db, shop, {"4006381333931": 1})
    await ask(
        db,
        "select ringup.receive_stock(%s, gen_random_uuid(), %s, %s, %s, %s, 'van', 'Ada', null, null)",
        *(shop.vendor, shop.location, [shop.product], [None], [1]),
    )

    assert await on_hand(db) == {"T1": 102}


@pytest.mark.parametrize("move", [receive, adjust, count])
async def test_a_document_that_is_sent_again_moves_once(db, shop, move) -> None:
    document = uuid.uuid4()

    told = [await move(db, shop, {"COF-250": 7}, id=document) for _ in range(2)]

    assert told == [True, False]
    assert await on_hand(db) == {"T1": 7 if move is count else 107}
    assert await code_of(db, move(db, shop, {"COF-250": 8}, id=document)) == "RU113"
    assert await broken_invariants(db) == {}


async def test_a_transfer_is_sent_and_received_once_each(db, shop, harbour) -> None:
    transfer, arrival = uuid.uuid4(), uuid.uuid4()

    for _ in range(2):
        await send(db, shop, harbour, {"COF-250": 30}, id=transfer)
    under_way = await in_transit(db)
    told = [await arrive(db, shop, transfer, {"COF-250": 30}, id=arrival) for _ in range(2)]

    assert under_way == [30]
    assert told == [True, False]
    assert await on_hand(db) == {"T1": 70, "T2": 30}
    assert await in_transit(db) == []
    assert await code_of(db, arrive(db, shop, transfer, {"COF-250": 30})) == "RU172"
    assert await code_of(db, send(db, shop, harbour, {"COF-250": 31}, id=transfer)) == "RU113"
    assert await broken_invariants(db) == {}


async def test_what_did_not_arrive_is_said_with_a_reason(db, shop, harbour) -> None:
    await add_product(db, shop, CUP)
    await receive(db, shop, {CUP: 5})
    transfer, arrival = await send(db, shop, harbour, {"COF-250": 10, CUP: 5}), uuid.uuid4()

    with pytest.raises(psycopg.Error) as silent:
        async with db.transaction():
            await arrive(db, shop, transfer, {"COF-250": 8}, shortfall=" ")
    await arrive(db, shop, transfer, {"COF-250": 8}, id=arrival, shortfall="a box fell off the van")

    assert silent.value.sqlstate == "RU208"
    assert sorted(json.loads(silent.value.diag.message_detail)["missing"], key=str) == [
        {"sku": "COF-250", "missing": 2},
        {"sku": CUP, "missing": 5},
    ]
    assert [(each["sku"], each["expected"], each["quantity"]) for each in await lines_of(db, arrival)] == [
        ("COF-250", 10, 8),
        (CUP, 5, 0),
    ]
    assert (await on_hand(db), await on_hand(db, CUP)) == ({"T1": 90, "T2": 8}, {"T1": 0, "T2": 0})
    assert await broken_invariants(db) == {}


async def test_nothing_at_all_may_arrive(db, shop, harbour) -> None:
    transfer = await send(db, shop, harbour, {"COF-250": 10})

    await arrive(db, shop, transfer, {}, shortfall="the van burned")

    assert (await on_hand(db), await in_transit(db)) == ({"T1": 90, "T2": 0}, [])
    assert await broken_invariants(db) == {}


@pytest.mark.parametrize("lines", [{"COF-250": 11}, {"COF-250": 10, CUP: 0}], ids=["more", "something else"])
async def test_what_was_not_sent_cannot_arrive(db, shop, harbour, lines) -> None:
    await add_product(db, shop, CUP)
    transfer = await send(db, shop, harbour, {"COF-250": 10})

    assert await code_of(db, arrive(db, shop, transfer, lines)) == "RU173"
    assert await on_hand(db) == {"T1": 90}


async def test_the_difference_that_a_count_finds_is_booked(db, shop) -> None:
    document = uuid.uuid4()

    await count(db, shop, {"COF-250": 97}, id=document, reason="inventory of November")

    assert await lines_of(db, document) == [
        {
            "sku": "COF-250",
            "quantity": 97,
            "expected": 100,
            "difference": -3,
            "on_hand_before": 100,
            "on_hand_after": 97,
            "reserved": 0,
        }
    ]
    assert await broken_invariants(db) == {}


async def test_a_count_without_a_difference_is_kept_and_moves_nothing(db, shop) -> None:
    before = await ask(db, "select count(*) from ringup.inventory_movements")

    assert await count(db, shop, {"COF-250": 100})

    assert await ask(db, "select count(*) from ringup.inventory_movements") == before
    assert await ask(db, "select count(*) from ringup.stock_documents where kind = 'count'") == 1
    assert await broken_invariants(db) == {}


async def test_a_count_is_compared_with_what_was_there_when_it_was_counted(db, shop) -> None:
    await sell_for_cash(db, shop, quantities=[4], tendered=[None])
    counted_at = await ask(db, "select ringup.now()")
    await sell_for_cash(db, shop, quantities=[10], tendered=[None])
    await receive(db, shop, {"COF-250": 20})

    await count(db, shop, {"COF-250": 95}, counted_at)

    assert await on_hand(db) == {"T1": 105}, "96 were there, 95 were counted, 10 were sold and 20 came since"
    assert await broken_invariants(db) == {}


async def test_goods_of_a_sale_under_way_are_still_on_hand_when_they_are_counted(db, shop) -> None:
    prepared = await shop.prepare(db, quantities=[5])
    counted_at = await ask(db, "select ringup.now()")
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "approved")
    await shop.complete(db, prepared["checkout_id"])

    await count(db, shop, {"COF-250": 100}, counted_at)

    assert await shop.stock(db) == (95, 0)


async def test_two_counts_of_one_difference_book_it_once(db, shop) -> None:
    first, second = await ask(db, "select ringup.now()"), await ask(db, "select ringup.now()")

    await count(db, shop, {"COF-250": 97}, first)
    await count(db, shop, {"COF-250": 97}, second)

    assert await on_hand(db) == {"T1": 97}
    assert await broken_invariants(db) == {}


async def test_a_count_that_comes_after_a_later_one_is_refused(db, shop) -> None:
    first, second = await ask(db, "select ringup.now()"), await ask(db, "select ringup.now()")
    await count(db, shop, {"COF-250": 97}, second)

    assert await code_of(db, count(db, shop, {"COF-250": 97}, first)) == "RU171"
    assert await on_hand(db) == {"T1": 97}


@pytest.mark.parametrize("away", [timedelta(minutes=5), timedelta(days=-32)], ids=["in the future", "long ago"])
async def test_a_count_is_of_about_now(db, shop, away) -> None:
    now = await ask(db, "select ringup.now()")

    assert await code_of(db, count(db, shop, {"COF-250": 1}, now + away)) == "RU271"


@pytest.mark.parametrize("move", ["adjust", "count", "send"])
async def test_what_sales_under_way_hold_stays_and_the_refusal_says_how_much(db, shop, harbour, move) -> None:
    await shop.prepare(db, quantities=[5])
    moves = {
        "adjust": lambda: adjust(db, shop, {"COF-250": -96}),
        "count": lambda: count(db, shop, {"COF-250": 4}),
        "send": lambda: send(db, shop, harbour, {"COF-250": 96}),
    }

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await moves[move]()

    assert refused.value.sqlstate == "RU116"
    assert json.loads(refused.value.diag.message_detail) == {
        "sku": "COF-250",
        "on_hand": 100,
        "reserved": 5,
        "change": -96,
    }
    assert await shop.stock(db) == (100, 5)
    assert await ask(db, "select count(*) from ringup.stock_documents") == 0


async def test_of_a_document_with_one_wrong_line_nothing_moves(db, shop) -> None:
    await add_product(db, shop, CUP)

    assert await code_of(db, adjust(db, shop, {CUP: 5, "COF-250": -101})) == "RU116"
    assert await code_of(db, receive(db, shop, {"COF-250": 5, "NONSENSE": 1})) == "RU006"

    assert (await on_hand(db), await on_hand(db, CUP)) == ({"T1": 100}, {})


@pytest.mark.parametrize(
    ("lines", "changes", "code"),
    [
        pytest.param({"NONSENSE": 1}, {}, "RU006", id="no such product"),
        pytest.param({"COF-250": 1}, {"location": uuid.uuid4()}, "RU003", id="no such store"),
        pytest.param({"COF-250": 0}, {}, "RU204", id="nothing"),
        pytest.param({"COF-250": -1}, {}, "RU204", id="less than nothing"),
        pytest.param({"COF-250": None}, {}, "RU204", id="no number"),
        pytest.param({"COF-250": 10**9 + 1}, {}, "RU204", id="too many"),
        pytest.param({}, {}, "RU270", id="no line"),
        pytest.param({"COF-250": 1, "4006381333931": 1}, {}, "RU270", id="a product twice"),
        pytest.param({"GIFT": 1}, {}, "RU170", id="not counted in pieces"),
        pytest.param({"COF-250": 1}, {"reason": " "}, "RU208", id="no reason"),
        pytest.param({"COF-250": 1}, {"by": ""}, "RU208", id="no name"),
    ],
)
async def test_what_is_wrong_with_a_delivery_is_named(db, shop, lines, changes, code) -> None:
    await add_product(db, shop, "GIFT", tracks=False)

    assert await code_of(db, receive(db, shop, lines, **changes)) == code
    assert await ask(db, "select count(*) from ringup.stock_documents") == 0


async def test_a_transfer_goes_to_another_store_that_is_there(db, shop) -> None:
    assert await code_of(db, send(db, shop, shop.location, {"COF-250": 1})) == "RU270"
    assert await code_of(db, send(db, shop, uuid.uuid4(), {"COF-250": 1})) == "RU003"
    assert await code_of(db, arrive(db, shop, uuid.uuid4(), {"COF-250": 1})) == "RU017"


async def test_an_adjustment_without_a_note_is_refused(db, shop) -> None:
    adjusting = ask(
        db,
        "select ringup.change_stock(%s, %s, %s, -1, 'adjusted', ' ', 'Ada')",
        *(shop.vendor, shop.location, shop.product),
    )

    assert await code_of(db, adjusting) == "RU208"


async def test_who_may_move_stock_is_a_rule_and_both_names_are_kept(db, shop, harbour) -> None:
    bob, mia = await hire(db, shop, "Bob"), await hire(db, shop, "Mia", "manager")
    moves = {
        "receive_stock": lambda **who: receive(db, shop, {"COF-250": 2}, **who),
        "adjust_stock": lambda **who: adjust(db, shop, {"COF-250": -2}, **who),
        "count_stock": lambda **who: count(db, shop, {"COF-250": 98}, **who),
        "transfer_stock": lambda **who: send(db, shop, harbour, {"COF-250": 2}, **who),
    }

    for action, move in moves.items():
        assert await code_of(db, move(person=bob)) == "RU502", action
        too_little = await approve(db, shop, action, bob, mia, amount=1999)
        assert await code_of(db, move(person=bob, approval=too_little)) == "RU503", action
        enough = await approve(db, shop, action, bob, mia, amount=2000)
        assert await code_of(db, move(person=bob, approval=enough, by="staff:Bob")) is None, action

    names = await rows(db, "select done_by, approved_by from ringup.stock_documents")
    assert {tuple(each.values()) for each in names} == {("staff:Bob", "staff:Mia")} and len(names) == 4
    assert await broken_invariants(db) == {}


async def test_a_count_is_permitted_by_what_its_difference_is_worth(db, shop) -> None:
    bob = await hire(db, shop, "Bob")
    await set_rule(db, shop, "cashier", "count_stock", "allowed", minor=1000)

    assert await code_of(db, count(db, shop, {"COF-250": 99}, person=bob)) is None
    assert await code_of(db, count(db, shop, {"COF-250": 97}, person=bob)) == "RU502"


async def test_a_repeated_arrival_asks_for_no_second_approval(db, shop, harbour) -> None:
    bob, mia = await hire(db, shop, "Bob"), await hire(db, shop, "Mia", "manager")
    transfer, arrival = await send(db, shop, harbour, {"COF-250": 2}), uuid.uuid4()
    given = await approve(db, shop, "transfer_stock", bob, mia, amount=2000)

    told = [await arrive(db, shop, transfer, {"COF-250": 2}, id=arrival, person=bob, approval=given) for _ in range(2)]

    assert told == [True, False]
    assert await on_hand(db) == {"T1": 98, "T2": 2}


async def test_another_vendor_sees_and_moves_nothing_of_it(db, shop, harbour) -> None:
    other = await open_shop_floor(db)
    transfer = await send(db, shop, harbour, {"COF-250": 1})

    assert await code_of(db, arrive(db, other, transfer, {"COF-250": 1})) == "RU017"
    assert await code_of(db, receive(db, other, {"COF-250": 1}, location=shop.location)) == "RU003"


IN_THE_TABLES = {
    "a movement that was altered": "update ringup.inventory_movements set on_hand_after = on_hand_after + 1"
    " where reason = 'received'",
    "a movement that is gone, and the stock with it": "with gone as (delete from ringup.inventory_movements"
    " where reason = 'opening' returning on_hand_change)"
    " update ringup.inventory i set on_hand = i.on_hand - g.on_hand_change from gone g"
    " where i.location_id = (select l.id from ringup.locations l where l.code = 'T1')",
    "a delivery that says more": "update ringup.stock_document_lines l set quantity = quantity + 1"
    " from ringup.stock_documents d where d.id = l.document_id and d.kind = 'receiving'",
    "a count that was compared with something else": "update ringup.stock_document_lines l set expected = expected + 1"
    " from ringup.stock_documents d where d.id = l.document_id and d.kind = 'count'",
    "a line that is gone": "delete from ringup.stock_document_lines l"
    " using ringup.stock_documents d where d.id = l.document_id and d.kind = 'sending'",
    "an arrival of what was not sent": "update ringup.stock_document_lines l set expected = expected - 5"
    " from ringup.stock_documents d where d.id = l.document_id and d.kind = 'arrival'",
    "a shortfall without a word": "update ringup.stock_documents set shortfall = null where kind = 'arrival'",
}


@pytest.mark.parametrize("hand", IN_THE_TABLES.values(), ids=IN_THE_TABLES)
async def test_the_audit_sees_a_hand_in_stock(db, shop, harbour, hand) -> None:
    await receive(db, shop, {"COF-250": 20})
    transfer = await send(db, shop, harbour, {"COF-250": 10})
    await arrive(db, shop, transfer, {"COF-250": 9}, shortfall="fell")
    await count(db, shop, {"COF-250": 105})
    assert await broken_invariants(db) == {}

    await db.execute(hand.encode())

    assert await rows(db, "select * from ringup.audit_i06_stock_is_conserved") != []
