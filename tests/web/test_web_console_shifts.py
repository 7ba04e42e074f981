"""The room of shifts, asked against the database's own Z reports."""

import uuid
from typing import Any

import pytest
import pytest_asyncio
from console_floor import Person, exported, signed_in, table_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def morgan_state(chromium: Any, open_shop_process: Any) -> Any:
    return await signed_in(chromium, open_shop_process, "Morgan")


@pytest_asyncio.fixture(loop_scope="session")
async def morgan(visit: Any, window: Any, morgan_state: Any) -> Person:
    return Person(visit, window, morgan_state)


def closed_shift(shop: Any, counted: int) -> tuple[str, str]:
    """A shift that began with $100.00 and ended with so many notes of $20.00: its id, and its register's name."""
    register_id, name = shop.register()
    (session,) = shop.look("select id from ringup.register_sessions where register_id = %s", register_id)
    count_id = str(uuid.uuid4())
    drawer = [{"face_minor": 2000, "quantity": counted}]
    for number in (count_id, str(uuid.uuid4())):
        count = {"count_id": number, "denominations": drawer, "by": "Morgan"}
        counted_now = shop.api.post(f"/v1/register-sessions/{session['id']}/counts", json=count)
        counted_now.raise_for_status()
        if not counted_now.json()["is_wanted_again"]:
            break
    closing = {"count_id": number, "by": "Morgan"}
    shop.api.post(f"/v1/register-sessions/{session['id']}/close", json=closing).raise_for_status()
    return str(session["id"]), name


async def test_a_shift_that_was_short_says_so_in_the_list_and_in_its_report(shop: Any, morgan: Person) -> None:
    session_id, name = closed_shift(shop, counted=4)
    exact_id, _ = closed_shift(shop, counted=5)
    page = await morgan.open("/console/shifts")
    rows = await table_of(page.get_by_label("Table shifts", exact=True))
    (row,) = (dict(zip(rows[0], row, strict=True)) for row in rows if name in row)
    assert [row[title] for title in ("Float", "Should be there", "Counted", "Over or short")] == [
        "$100.00",
        "$100.00",
        "$80.00",
        "short $20.00",
    ]
    assert await exported(page, "shifts") == rows
    await page.goto(f"{shop.base_url}/console/shifts/{session_id}")
    await page.get_by_role("heading", name=f"Z report {row['Z']}").wait_for()
    assert "SHORT" in await page.locator(".paper").inner_text()
    await page.goto(f"{shop.base_url}/console/shifts/{exact_id}")
    await page.get_by_text("exact", exact=True).wait_for()

    (kept,) = shop.look("select report from ringup.z_reports where register_session_id = %s", session_id)
    assert kept["report"]["cash"]["variance_minor"] == -2_000
    assert str(kept["report"]["closure_number"]) == row["Z"]


async def test_an_open_shift_shows_its_x_report_and_one_that_is_not_there_is_said_in_words(
    shop: Any, morgan: Person
) -> None:
    register_id, name = shop.register()
    (session,) = shop.look("select * from ringup.register_sessions where register_id = %s", register_id)
    page = await morgan.open(f"/console/shifts/{session['id']}")
    await page.get_by_role("heading", name="X report").wait_for()
    assert name in await page.locator(".paper").inner_text()
    await page.goto(f"{shop.base_url}/console/shifts/none")
    await page.get_by_text("does not exist").wait_for()

    assert shop.look("select 1 from ringup.z_reports where register_session_id = %s", session["id"]) == []
    assert session["closed_at"] is None
