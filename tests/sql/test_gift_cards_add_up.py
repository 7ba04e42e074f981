"""Whatever is done with gift cards, in whatever order: no card is overdrawn, and the ledger explains every balance."""

import asyncio
from typing import Any

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from shop_floor import Connection, broken_invariants, open_shop_floor, rows
from value_floor import adjust_value, begun, change_card, credit_of, grant, issue, value_of

AMOUNTS = st.integers(1, 1000)
CARDS = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), CARDS, AMOUNTS, AMOUNTS),
        st.tuples(st.just("complete"), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("adjust"), CARDS, st.integers(-900, 900).filter(bool)),
        st.tuples(st.just("grant"), AMOUNTS),
        st.tuples(st.just("disable"), CARDS, st.booleans()),
    ),
    max_size=14,
)


class Purse:
    """What is on two cards and in one store credit, as anybody would reckon it."""

    def __init__(self) -> None:
        self.balance = [700, 1200, 300]
        self.held = [0, 0, 0]
        self.disabled = [False, False]
        self.open: list[tuple[Any, int, int, int]] = []

    def begin(self, order: Any, card: int, on_card: int, credit: int) -> None:
        self.held[card] += on_card
        self.held[2] += credit
        self.open.append((order, card, on_card, credit))

    def end(self, number: int, *, paid: bool) -> None:
        _, card, on_card, credit = self.open.pop(number)
        for account, amount in ((card, on_card), (2, credit)):
            self.held[account] -= amount
            self.balance[account] -= paid * amount

    def may_begin(self, card: int, on_card: int, credit: int) -> bool:
        free = [balance - held for balance, held in zip(self.balance, self.held, strict=True)]
        return on_card <= free[card] and credit <= free[2] and not self.disabled[card]


async def do(db: Connection, shop: Any, cards: list[Any], purse: Purse, step: tuple[Any, ...]) -> None:
    match step:
        case ("begin", card, share, rest) if share + rest <= 1000:
            ways = [("gift_card", cards[card], share), ("store_credit", None, rest)]
            ways += [("cash", None, 1000 - share - rest)] if share + rest < 1000 else []
            allowed = purse.may_begin(card, share, rest)
            try:
                async with db.transaction():
                    order = await begun(db, shop, *ways, customer_id=shop.customer)
            except psycopg.Error as refused:
                assert refused.sqlstate in {"RU161", "RU162"}
                assert not allowed
            else:
                assert allowed
                purse.begin(order, card, share, rest)
        case ("complete" | "cancel" as how, number) if purse.open:
            number %= len(purse.open)
            await (shop.complete if how == "complete" else shop.cancel)(db, purse.open[number][0])
            purse.end(number, paid=how == "complete")
        case ("adjust", card, amount):
            allowed = purse.balance[card] + amount >= purse.held[card]
            try:
                async with db.transaction():
                    await adjust_value(db, shop, cards[card], amount)
            except psycopg.Error:
                assert not allowed
            else:
                assert allowed
                purse.balance[card] += amount
        case ("grant", amount):
            await grant(db, shop, amount)
            purse.balance[2] += amount
        case ("disable", card, disabled):
            await change_card(db, shop, cards[card], disabled=disabled)
            purse.disabled[card] = disabled


def test_no_card_is_overdrawn_and_the_ledger_explains_every_balance(shared_database: Any) -> None:
    @settings(max_examples=40, deadline=None)
    @given(STEPS)
    def play(steps: list[tuple[Any, ...]]) -> None:
        asyncio.run(play_once(shared_database, steps))

    play()


async def play_once(database: Any, steps: list[tuple[Any, ...]]) -> None:
    async with await psycopg.AsyncConnection.connect(database.url()) as db:
        shop = await open_shop_floor(db)
        cards = [await issue(db, shop, 700), await issue(db, shop, 1200)]
        await grant(db, shop, 300)
        purse = Purse()
        for step in steps:
            await do(db, shop, cards, purse, step)
        seen = [await value_of(db, card) for card in cards] + [await credit_of(db, shop.customer)]
        entries = await rows(
            db,
            "select account_id, sum(amount_minor)::bigint as total from ringup.stored_value_transactions"
            " where vendor_id = %s group by 1",
            shop.vendor,
        )
        broken = await broken_invariants(db)
        await db.rollback()
    assert seen == list(zip(purse.balance, purse.held, strict=True))
    assert sorted(row["total"] for row in entries) == sorted(purse.balance)
    assert broken == {}
