"""Documents and sales that meet: staged where it is about one moment, in a crowd where it is about all of them."""

import asyncio
import random
import uuid

import psycopg
import pytest

from shop_floor import ShopFloor, ask, broken_invariants, open_shop_floor, prepare, rows
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

SKUS = ("COF-250", "CUP", "JAR")
PRESSED = ("receive", "send", "arrive")


@pytest.mark.parametrize("what", PRESSED)
async def test_a_button_pressed_twice_at_once_moves_once(registers, until_waiting, what) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    harbour, document = await open_second_store(observer, shop), uuid.uuid4()
    sent = await send(observer, shop, harbour, {"COF-250": 5})
    pressed = {
        "receive": lambda at: receive(at, shop, {"COF-250": 7}, id=document),
        "send": lambda at: send(at, shop, harbour, {"COF-250": 7}, id=document),
        "arrive": lambda at: arrive(at, shop, sent, {"COF-250": 5}, id=document),
    }

    async with first.transaction():
        await pressed[what](first)
        waiting = asyncio.create_task(pressed[what](second))
        await until_waiting(observer, 1)
    await waiting

    expected = {"receive": {"T1": 102}, "send": {"T1": 88}, "arrive": {"T1": 95, "T2": 5}}
    assert await on_hand(observer) == expected[what]
    assert await broken_invariants(observer) == {}


async def test_two_stores_hands_book_one_transfer_in_and_it_arrives_once(registers, until_waiting) -> None:
    first, second, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer)
    sent = await send(observer, shop, await open_second_store(observer, shop), {"COF-250": 5})

    async with first.transaction():
        await arrive(first, shop, sent, {"COF-250": 5})
        waiting = asyncio.create_task(arrive(second, shop, sent, {"COF-250": 4}, shortfall="lost"))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.sqlstate == "RU172"
    assert await on_hand(observer) == {"T1": 95, "T2": 5}


async def test_the_last_piece_is_sold_or_sent_and_never_both(registers, until_waiting) -> None:
    seller, sender, observer = [await registers() for _ in range(3)]
    shop = await open_shop_floor(observer, stock=1)
    harbour = await open_second_store(observer, shop)

    async with seller.transaction():
        await shop.prepare(seller)
        waiting = asyncio.create_task(send(sender, shop, harbour, {"COF-250": 1}))
        await until_waiting(observer, 1)
    with pytest.raises(psycopg.Error) as refused:
        await waiting

    assert refused.value.sqlstate == "RU116"
    assert (await shop.stock(observer), await in_transit(observer)) == ((1, 1), [])


async def test_a_count_waits_for_a_sale_that_is_being_completed_and_takes_it_for_no_difference(
    registers, until_waiting
) -> None:
    seller, counter, observer = [await registers() for _ in range(3)]
    shop, document = await open_shop_floor(observer), uuid.uuid4()
    prepared = await prepare(observer, shop.cash(quantities=[10]))

    async with seller.transaction():
        await shop.complete(seller, prepared["checkout_id"])
        counting = asyncio.create_task(count(counter, shop, {"COF-250": 89}, id=document))
        await until_waiting(observer, 1)
    await counting

    assert [each["difference"] for each in await lines_of(observer, document)] == [-1]
    assert await shop.stock(observer) == (89, 0)


async def test_a_count_of_an_instant_does_not_take_what_was_sold_since_for_a_difference(
    registers, until_waiting
) -> None:
    seller, counter, observer = [await registers() for _ in range(3)]
    shop, document = await open_shop_floor(observer), uuid.uuid4()
    prepared = await prepare(observer, shop.cash(quantities=[10]))
    counted_at = await ask(observer, "select ringup.now()")

    async with seller.transaction():
        await shop.complete(seller, prepared["checkout_id"])
        counting = asyncio.create_task(count(counter, shop, {"COF-250": 99}, counted_at, id=document))
        await until_waiting(observer, 1)
    await counting

    assert [each["difference"] for each in await lines_of(observer, document)] == [-1]
    assert await shop.stock(observer) == (89, 0)


async def test_two_registers_sell_while_goods_are_sent_and_counted(registers) -> None:
    """Nothing deadlocks, whatever order the lines are typed in, and what is on hand is what was counted less what
    left since."""
    ada, bo, sender, receiver, counter, observer = [await registers() for _ in range(6)]
    shop = await open_shop_floor(observer)
    harbour = await open_second_store(observer, shop)
    for sku in SKUS[1:]:
        await add_product(observer, shop, sku)
    await receive(observer, shop, dict.fromkeys(SKUS, 1000))
    await receive(observer, shop, dict.fromkeys(SKUS, 10), location=harbour)

    async def sell(register: psycopg.AsyncConnection, skus: tuple[str, ...]) -> None:
        cart = {"product_ids": [None] * 3, "discounts": [None] * 3, "prices": [None] * 3}
        for _ in range(15):
            prepared = await prepare(register, shop.cash(codes=list(skus), quantities=[1, 2, 3], **cart))
            await shop.complete(register, prepared["checkout_id"])

    async def transfer() -> None:
        for turn in range(15):
            skus = SKUS if turn % 2 else SKUS[::-1]
            sent = await send(sender, shop, harbour, dict.fromkeys(skus, 2))
            await arrive(receiver, shop, sent, dict.fromkeys(skus[1:], 1) | {skus[0]: 2}, shortfall="fell")

    async def recount() -> None:
        """Nothing is wrong on the shelf: a count that is right, whenever it is recorded, finds nothing."""
        for _ in range(15):
            async with counter.transaction():
                seen = await rows(counter, SHELF, shop.location)
                counted_at = await ask(counter, "select ringup.now()")
            await count(counter, shop, {each["sku"]: each["on_hand"] for each in reversed(seen)}, counted_at)

    await asyncio.gather(sell(ada, SKUS), sell(bo, SKUS[::-1]), transfer(), recount())

    assert await ask(observer, "select count(*) from ringup.inventory_movements where reason = 'counted'") == 0
    assert (await on_hand(observer, "CUP"))["T1"] == 1000 - 2 * 15 * 2 - 15 * 2
    assert await broken_invariants(observer) == {}


SHELF = """
    select p.sku, i.on_hand
      from ringup.inventory i join ringup.products p on p.vendor_id = i.vendor_id and p.id = i.product_id
     where i.location_id = %s
     order by i.product_id
       for update of i
"""
"""What is on hand at one instant: nothing moves until it is over."""


async def something_happens(db: psycopg.AsyncConnection, shop: ShopFloor, harbour: uuid.UUID, dice: random.Random):
    """One random thing, most of which are sensible. Answers what changed on hand by the documents' own words."""
    lines = {sku: dice.randint(1, 9) for sku in dice.sample(SKUS, dice.randint(1, 3))}
    place = dice.choice((shop.location, harbour))
    happening = dice.choice(
        (
            lambda: receive(db, shop, lines, location=place),
            lambda: adjust(db, shop, {sku: dice.choice((-1, 1)) * n for sku, n in lines.items()}, location=place),
            lambda: count(db, shop, {sku: dice.randint(0, 60) for sku in lines}, location=place),
            lambda: move(db, shop, harbour, lines, dice),
            lambda: shop.prepare(db, **shop.cash(codes=["COF-250"], quantities=[dice.randint(1, 4)])),
            lambda: give_up_or_complete(db, shop, dice),
        )
    )
    try:
        async with db.transaction():
            await happening()
    except psycopg.Error as refused:
        assert refused.sqlstate in {"RU116", "RU103"}, refused


async def move(db, shop, harbour, lines, dice) -> None:
    sent = await send(db, shop, harbour, lines)
    if dice.random() < 0.8:
        await arrive(db, shop, sent, {sku: dice.randint(0, n) for sku, n in lines.items()}, shortfall="dice")


async def give_up_or_complete(db, shop, dice) -> None:
    for order in await rows(db, "select id from ringup.orders where holds = 'held' limit 1"):
        await dice.choice((shop.cancel, shop.complete))(db, order["id"])


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_stock_is_the_sum_of_its_movements(db, seed) -> None:
    shop, dice = await open_shop_floor(db, stock=20), random.Random(seed)
    harbour = await open_second_store(db, shop)
    for sku in SKUS[1:]:
        await add_product(db, shop, sku)

    for _ in range(60):
        await something_happens(db, shop, harbour, dice)

    wrong = await rows(
        db,
        "select i.product_id, i.on_hand, i.reserved, sum(m.on_hand_change), sum(m.reserved_change)"
        "  from ringup.inventory i left join ringup.inventory_movements m using (vendor_id, location_id, product_id)"
        " group by i.vendor_id, i.location_id, i.product_id"
        " having i.on_hand <> coalesce(sum(m.on_hand_change), 0) or i.reserved <> coalesce(sum(m.reserved_change), 0)"
        "     or i.on_hand < i.reserved",
    )
    kinds = await rows(db, "select kind from ringup.stock_documents group by kind")
    assert wrong == [] and len(kinds) == 5
    assert await rows(db, "select * from ringup.audit_i06_stock_is_conserved") == []
