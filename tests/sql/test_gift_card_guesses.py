"""Codes can be guessed: whoever names codes that are not there is locked out for longer and longer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from staff_room import code_of, refusal

from shop_floor import Connection, ShopFloor, ask
from value_floor import find_code, issue

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def guess(db: Connection, shop: ShopFloor, times: int) -> None:
    for n in range(times):
        assert await find_code(db, shop, f"WRONG{n}") is None


async def test_ten_wrong_codes_lock_the_one_who_asks_and_nobody_else(
    db: Connection, shop: ShopFloor, set_clock: Any
) -> None:
    await set_clock(db, NOON)
    card = await issue(db, shop, 500, "THERIGHTCODE")
    await guess(db, shop, 10)

    refused = await refusal(db, find_code(db, shop, "THERIGHTCODE"))

    assert refused is not None
    assert refused.sqlstate == "RU602"
    assert json.loads(refused.diag.message_detail or "")["retry_after_seconds"] == 30
    assert await find_code(db, shop, "THERIGHTCODE", "key:2") == card


async def test_each_further_wrong_code_costs_more(db: Connection, shop: ShopFloor, set_clock: Any) -> None:
    now = NOON
    await set_clock(db, now)
    await guess(db, shop, 10)
    locked = []
    for _ in range(3):
        locked.append((await ask(db, "select locked_until from ringup.gift_card_guesses") - now).seconds)
        now += timedelta(seconds=locked[-1])
        await set_clock(db, now - timedelta(seconds=1))
        assert await code_of(db, find_code(db, shop, "AGAIN")) == "RU602"
        await set_clock(db, now)
        await guess(db, shop, 1)

    assert locked == [30, 60, 120]


async def test_a_right_code_forgives_nothing(db: Connection, shop: ShopFloor, set_clock: Any) -> None:
    """It might be the guesser's own card, in between."""
    await set_clock(db, NOON)
    card = await issue(db, shop, 500, "MYOWNCARD")
    await guess(db, shop, 9)

    assert await find_code(db, shop, "MYOWNCARD") == card
    await guess(db, shop, 1)
    assert await code_of(db, find_code(db, shop, "MYOWNCARD")) == "RU602"


async def test_a_mistake_is_forgiven_in_five_minutes(db: Connection, shop: ShopFloor, set_clock: Any) -> None:
    await set_clock(db, NOON)
    await guess(db, shop, 9)
    await set_clock(db, NOON + timedelta(minutes=10))

    await guess(db, shop, 2)

    assert await ask(db, "select failed_count from ringup.gift_card_guesses") == 9
    assert await code_of(db, find_code(db, shop, "ANOTHER")) is None
    assert await code_of(db, find_code(db, shop, "ANOTHER")) == "RU602"


async def test_who_names_nobody_is_told_nothing(db: Connection, shop: ShopFloor) -> None:
    assert await code_of(db, find_code(db, shop, "ANY", " ")) == "RU208"
