"""A terminal does one thing at a time, takes its time, and finishes what it began."""

import asyncio

import httpx
import pytest

LONG = 600
"""Simulated seconds that no test waits for."""

NO_LIMITS = httpx.Limits(max_connections=None)


async def test_a_second_request_while_one_runs_is_told_to_wait(lane):
    await lane.behave(answer_delay_seconds=LONG)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.ask("Sale", SPInProxyTimeout=720))
        await lane.until_running("Sale")

        other = await lane.ask("Sale", ReferenceId="other")
        same = await lane.code("Sale")
        status = await lane.code("Status")
        presence = await lane.presence()
        await lane.ask("AbortTransaction")

    general = other["GeneralResponse"]
    assert (general["StatusCode"], general["DelayBeforeNextRequest"]) == ("2008", 0.1)
    assert (same, status, presence) == ("2008", "2008", "Online")
    assert sale.result()["GeneralResponse"]["StatusCode"] == "1012"
    assert await lane.journal() == []


async def test_the_proxy_gives_up_while_the_card_is_approved_later(lane):
    await lane.behave(answer_delay_seconds=4)

    told = await lane.code("Sale", SPInProxyTimeout=1)
    meanwhile = await lane.code("Status")
    await lane.until_running(None)

    assert (told, meanwhile) == ("2007", "2008")
    assert await lane.code("Status") == "0000"
    [charge] = await lane.charges()
    assert charge["net_cents"] == 1000


async def test_the_sale_goes_on_when_the_caller_hangs_up(lane):
    await lane.behave(answer_delay_seconds=4)

    with pytest.raises(httpx.ReadTimeout):
        await lane.client.post(
            "/v2/Payment/Sale",
            json=lane.members(Amount=10, PaymentType="Credit", ReferenceId="ref1"),
            timeout=0.1,
        )
    await lane.until_running(None)

    assert await lane.code("Status") == "0000"


async def test_after_an_approval_money_has_to_wait_but_questions_are_answered(lane):
    await lane.behave(busy_window_seconds=40)
    await lane.ask("Sale")

    refused = (await lane.ask("Void"))["GeneralResponse"]

    assert (refused["StatusCode"], refused["ResultCode"]) == ("1000", "1")
    assert 0 < refused["DelayBeforeNextRequest"] <= 2
    assert await lane.code("Sale", ReferenceId="other") == "1000"
    assert await lane.code("Status") == "0000"
    assert await lane.presence() == "Online"


async def test_the_busy_window_ends_after_the_time_that_was_named(lane):
    await lane.behave(busy_window_seconds=4)
    loop = asyncio.get_running_loop()
    await lane.ask("Sale")
    refused = (await lane.ask("Void"))["GeneralResponse"]
    named_end = loop.time() + refused["DelayBeforeNextRequest"]

    async with asyncio.timeout(5):
        asked_at = loop.time()
        while (code := await lane.code("Void")) == "1000":
            assert asked_at < named_end
            await asyncio.sleep(0.005)
            asked_at = loop.time()

    assert code == "0000"


async def test_a_decline_opens_no_busy_window(lane):
    await lane.behave(busy_window_seconds=LONG)
    await lane.fault("decline")
    await lane.ask("Sale")

    assert await lane.code("Sale") == "0000"


async def test_an_offline_terminal_is_not_connected(lane):
    await lane.behave(online=False)

    assert await lane.code("Sale") == "2001"
    assert await lane.code("Status") == "2001"
    assert await lane.presence() == "Offline"


async def test_a_terminal_that_goes_offline_cuts_off_its_caller_and_finishes(lane):
    await lane.behave(answer_delay_seconds=4)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.code("Sale"))
        await lane.until_running("Sale")
        await lane.behave(online=False)
    await lane.until_running(None)
    await lane.behave(online=True)

    assert sale.result() == "1030"
    assert await lane.code("Status") == "0000"


async def test_a_hung_terminal_cancels_everything_until_it_is_power_cycled(lane):
    await lane.ask("Sale", ReferenceId="before")
    await lane.behave(hung=True)

    hung = [await lane.code("Sale"), await lane.code("Status", ReferenceId="before")]
    await lane.power_cycle()

    assert hung == ["1012", "1012"]
    assert await lane.code("Sale") == "0000"
    assert await lane.code("Status", ReferenceId="before") == "0000"


async def test_a_power_cycle_ends_a_sale_that_was_not_decided(lane):
    await lane.behave(answer_delay_seconds=LONG)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.code("Sale"))
        await lane.until_running("Sale")
        await lane.power_cycle()
    await lane.behave(answer_delay_seconds=0)

    assert sale.result() == "1030"
    assert await lane.code("Status") == "1001"
    assert await lane.code("Sale") == "0000"


async def test_nothing_can_be_aborted_when_nothing_runs(lane):
    await lane.ask("Sale")

    assert await lane.code("AbortTransaction") == "2301"
    assert await lane.code("Status") == "0000"


async def test_an_abort_names_the_sale_that_runs(lane):
    await lane.behave(answer_delay_seconds=LONG)
    async with asyncio.TaskGroup() as tasks:
        sale = tasks.create_task(lane.code("Sale"))
        await lane.until_running("Sale")

        other = await lane.code("AbortTransaction", ReferenceId="other")
        still_running = await lane.code("Status")
        named = await lane.code("AbortTransaction", ReferenceId="ref1")

    assert (other, still_running, named, sale.result()) == ("2301", "2008", "0000", "1012")
    assert await lane.code("Status") == "1001"


async def test_many_callers_wait_at_the_same_time(lane, simulator_url):
    tpns = [f"CROWD{number:05d}" for number in range(100)]
    for tpn in tpns:
        terminal = {"auth_key": "K3Y0123456", "answer_delay_seconds": 20}
        await lane.client.put(f"/control/terminals/{tpn}", json=terminal)

    async def sale(client, tpn):
        members = {"Tpn": tpn, "Authkey": "K3Y0123456", "Amount": 1, "PaymentType": "Credit"}
        return await client.post("/v2/Payment/Sale", json=members | {"ReferenceId": "crowd"})

    async with (
        asyncio.timeout(20),  # one after the other they would take 100
        httpx.AsyncClient(base_url=simulator_url, limits=NO_LIMITS, timeout=20, verify=False) as client,
    ):
        answers = await asyncio.gather(*(sale(client, tpn) for tpn in tpns))

    assert {answer.json()["GeneralResponse"]["StatusCode"] for answer in answers} == {"0000"}
