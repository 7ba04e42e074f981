"""Money that was taken elsewhere is recorded with its reference there, and with a reason."""

import pytest
from staff_room import code_of

from shop_floor import Connection, ShopFloor, ask, broken_invariants, prepare


@pytest.mark.parametrize(
    ("reference", "reason", "code"),
    [("slip 17", "no terminal", None), ("slip 17", " ", "RU208"), ("slip 17", None, "RU208"), ("", "no", "RU208")],
    ids=["both", "a blank reason", "no reason", "no reference"],
)
async def test_an_external_tender_needs_both(
    db: Connection, shop: ShopFloor, reference: str, reason: str | None, code: str | None
) -> None:
    asked = shop.cash(types=["external"], references=[reference], reasons=[reason])

    assert await code_of(db, prepare(db, asked)) == code


async def test_the_reason_is_kept_with_the_payment(db: Connection, shop: ShopFloor) -> None:
    asked = shop.cash(types=["external"], references=["slip 17"], reasons=["no terminal"])
    order = (await prepare(db, asked))["checkout_id"]
    await shop.complete(db, order)

    tender = (await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order))["tenders"][0]

    assert (tender["external_reference"], tender["external_reason"]) == ("slip 17", "no terminal")
    assert await broken_invariants(db) == {}
