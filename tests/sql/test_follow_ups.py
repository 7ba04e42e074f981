"""Voids and captures that have to be asked again."""

import pytest

from shop_floor import ask, rows


async def approve(db, shop, *, captured: bool):
    prepared = await shop.prepare(db)
    await shop.begin(db, prepared["payment_id"])
    return prepared, await shop.record(db, prepared["payment_id"], "approved", captured=captured)


async def seconds_to_next_try(db, payment_id) -> float:
    statement = (
        "select extract(epoch from p.next_check_at - ringup.now()) as seconds from ringup.payment_transactions p"
    )
    (found,) = await rows(db, f"{statement} where p.id = %s", payment_id)
    return float(found["seconds"])


@pytest.mark.parametrize("follow_up", ["record_void", "record_capture"])
async def test_waiting_for_a_busy_terminal_does_not_count_as_doubt(db, shop, follow_up):
    """A counter that is never idle answers "busy" many times; one lost reply then must not cost the customer a day."""
    prepared, _ = await approve(db, shop, captured=follow_up == "record_void")
    if follow_up == "record_void":
        await shop.cancel(db, prepared["checkout_id"])
    else:
        await shop.complete(db, prepared["checkout_id"])
    statement = f"select ringup.{follow_up}(%s, %s, %s, null, 'why', %s)"
    for _ in range(9):
        await ask(db, statement, shop.vendor, prepared["payment_id"], "busy", 0.3)

    await ask(db, statement, shop.vendor, prepared["payment_id"], "in_doubt", None)

    assert 1 < await seconds_to_next_try(db, prepared["payment_id"]) <= 2
