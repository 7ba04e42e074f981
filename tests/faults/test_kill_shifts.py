"""kill -9 at every durable step of a shift: the till asks again, with the same ids, and nothing happens twice."""

import uuid
from dataclasses import replace

import pytest
from drawer_steps import Shift, run

from drawer import count, find_out, leave_in_doubt
from shop_floor import Connection, ask, broken_invariants, open_shop_floor, rows

pytestmark = pytest.mark.slow
STEPS_MAX = 40


@pytest.fixture
def new_shift(observer: Connection, database, tmp_path):
    async def make() -> Shift:
        shop = await open_shop_floor(observer)
        register = uuid.uuid4()
        await ask(observer, "select ringup.create_register(%s, %s, %s, 'Till 2')", shop.vendor, register, shop.location)
        return Shift(database.url(), tmp_path, shop.vendor, register)

    return make


async def test_killed_at_every_step_of_a_shift(observer: Connection, new_shift) -> None:
    for step in range(1, STEPS_MAX):
        shift = await new_shift()
        first = run(replace(shift, failpoint=f"any#{step}"))
        z = run(shift)

        moved = await rows(
            observer,
            "select kind, count(*) as n from ringup.cash_movements where vendor_id = %s group by kind order by kind",
            shift.vendor_id,
        )
        where = f"killed at step {step}"
        assert z is not None and (z["type"], z["closure_number"]) == ("Z", 1), where
        assert (z["cash"]["expected_minor"], z["cash"]["variance_minor"]) == (10400, -100), where
        assert [each["count_number"] for each in z["counts"]] == [0, 1, 2], where
        assert moved == [{"kind": "paid_in", "n": 1}, {"kind": "paid_out", "n": 1}], where
        assert await broken_invariants(observer) == {}, where
        if first is not None:
            assert first == z
            break
    assert step == 13, "six steps, each with a place before and a place after"


@pytest.mark.parametrize("place", ["before", "after"])
async def test_killed_while_closing_with_a_sale_in_doubt(observer: Connection, database, tmp_path, place: str) -> None:
    """The sale is settled while nobody knows whether the shift was closed: it counts once, in one of two sessions."""
    shop = await open_shop_floor(observer)
    prepared = await leave_in_doubt(observer, shop)
    counted = (await count(observer, shop, 10000))["id"]
    closing = Shift(
        *(database.url(), tmp_path, shop.vendor, shop.register, f"{place}:close_register_session"),
        session_id=shop.session,
        second_count=counted,
        only_closes=True,
    )

    killed = run(closing) is None
    await find_out(observer, shop, prepared)
    z = run(replace(closing, failpoint=""))

    assert killed and z is not None
    counted_in_the_z = (z["sales"]["orders_count"], [sale["status"] for sale in z["afterwards"]])
    assert counted_in_the_z == ((1, []) if place == "before" else (0, ["completed"]))
    assert await broken_invariants(observer) == {}
