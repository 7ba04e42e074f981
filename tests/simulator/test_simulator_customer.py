"""An attended terminal: it shows the amount, and what happens is what somebody does."""

import asyncio

import pytest


async def act(lane, does: str) -> int:
    response = await lane.client.post(f"/control/terminals/{lane.tpn}/customer", json={"does": does})
    return response.status_code


async def until_asked(lane) -> int:
    """Return the cents that the terminal asks for."""
    async with asyncio.timeout(5):
        while True:
            terminals = (await lane.client.get("/control/terminals")).json()
            (asked,) = [each["asked_cents"] for each in terminals if each["tpn"] == lane.tpn]
            if asked is not None:
                return asked
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("does", "code", "charged"),
    [("pays", "0000", 1000), ("is_declined", "1015", 0), ("has_half", "0001", 500), ("walks_away", "1012", 0)],
)
async def test_the_customer_decides(lane, does, code, charged):
    await lane.behave(attended=True)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.code("Sale", ReferenceId="one"))
        asked = await until_asked(lane)
        assert await act(lane, does) == 200

    charges = (await lane.client.get("/control/charges", params={"tpn": lane.tpn})).json()
    assert (asked, sale.result()) == (1000, code)
    assert sum(charge["net_cents"] for charge in charges) == charged


async def test_a_customer_whom_nobody_asked_does_nothing(lane):
    await lane.behave(attended=True)

    assert await act(lane, "pays") == 409


async def test_the_register_may_give_up_before_the_customer_acts(lane):
    await lane.behave(attended=True)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.code("Sale", ReferenceId="one"))
        await until_asked(lane)
        assert await lane.code("AbortTransaction") == "0000"

    assert sale.result() == "1012"
    assert await act(lane, "pays") == 409


async def test_nobody_in_time_is_somebody_who_walked_away(lane):
    await lane.behave(attended=True)

    assert await lane.code("Sale", ReferenceId="one") == "1012"
    assert await lane.code("Sale", ReferenceId="two", SPInProxyTimeout=1) == "2007"
