"""Each fault does what it says, to the requests it is meant for, and the journal tells what happened."""

import json

import httpx
import pytest

from ringup.simulator.faults import FAULT_EFFECTS, FaultName

CUT_OFF = (httpx.RemoteProtocolError, httpx.ReadError)


async def charged_cents(lane):
    return sum(charge["net_cents"] for charge in await lane.charges())


def test_every_fault_is_described():
    assert list(FAULT_EFFECTS) == list(FaultName)


@pytest.mark.parametrize(
    ("rule", "code", "cents"),
    [
        pytest.param({"fault": "delay", "seconds": 1}, "0000", 1000, id="delay"),
        pytest.param({"fault": "decline"}, "1015", 0, id="decline"),
        pytest.param({"fault": "partial"}, "0001", 500, id="partial, half"),
        pytest.param({"fault": "partial", "approved_cents": 150}, "0001", 150, id="partial"),
        pytest.param({"fault": "wrong_amount", "approved_cents": 2000}, "0000", 2000, id="wrong amount"),
        pytest.param({"fault": "customer_cancels"}, "1012", 0, id="customer cancels"),
        pytest.param({"fault": "host_error", "executed": True}, "1014", 1000, id="host error after"),
        pytest.param({"fault": "host_error", "executed": False}, "1014", 0, id="host error before"),
        pytest.param({"fault": "unknown_code"}, "7777", 1000, id="unknown code"),
        pytest.param({"fault": "unknown_code", "status_code": "1999"}, "1999", 1000, id="any code"),
        pytest.param({"fault": "unknown_code", "executed": False}, "7777", 0, id="unknown code before"),
        pytest.param({"fault": "offline"}, "2001", 0, id="offline"),
        pytest.param({"fault": "busy"}, "2008", 0, id="in use"),
        pytest.param({"fault": "busy", "status_code": "1000"}, "1000", 0, id="busy"),
    ],
)
async def test_a_fault_that_is_answered(lane, rule, code, cents):
    await lane.fault(**rule)

    answered = await lane.code("Sale")

    assert answered == code
    assert await charged_cents(lane) == cents


async def test_a_partial_approval_stays_partial_when_looked_up(lane):
    await lane.fault("partial", approved_cents=150)
    sale = await lane.ask("Sale", TipAmount=2)

    assert (sale["Amounts"]["Amount"], sale["GeneralResponse"]["HostResponseCode"]) == (1.5, "10")
    assert await lane.ask("Status") == sale


async def test_a_code_that_hides_the_truth_hides_the_transaction(lane):
    await lane.fault("host_error")

    answer = await lane.ask("Sale")

    assert list(answer) == ["GeneralResponse"]


@pytest.mark.parametrize(("fault", "cents"), [("drop_reply", 1000), ("drop_request", 0), ("truncate", 1000)])
async def test_a_connection_that_breaks(lane, fault, cents, caplog):
    await lane.fault(fault)

    with pytest.raises(CUT_OFF):
        await lane.ask("Sale")

    assert await charged_cents(lane) == cents
    assert caplog.records == []


async def test_a_truncated_answer_begins_like_a_whole_one(lane):
    await lane.fault("truncate")
    members = lane.members(Amount=10, PaymentType="Credit", ReferenceId="ref1")
    received = b""

    with pytest.raises(CUT_OFF):
        async with lane.client.stream("POST", "/v2/Payment/Sale", json=members) as response:
            async for chunk in response.aiter_raw():
                received += chunk

    assert response.status_code == 200
    assert received.startswith(b'{"GeneralResponse"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(received)


@pytest.mark.parametrize(
    ("fault", "http_status", "begins", "cents"),
    [
        ("html", 502, "<html>", 1000),
        ("html_before", 502, "<html>", 0),
        ("error_after", 500, "Internal", 1000),
        ("error_before", 500, "Internal", 0),
    ],
)
async def test_an_answer_that_is_not_the_vendors(lane, fault, http_status, begins, cents):
    await lane.fault(fault)

    response = await lane.send("Sale", Amount=10, PaymentType="Credit", ReferenceId="ref1")

    assert (response.status_code, response.text.startswith(begins)) == (http_status, True)
    assert await charged_cents(lane) == cents


async def test_the_proxy_times_out_at_once_and_the_card_is_approved_later(lane):
    await lane.fault("proxy_timeout", seconds=4)

    told = await lane.code("Sale")
    before = await charged_cents(lane)
    await lane.until_running(None)

    assert (told, before, await charged_cents(lane)) == ("2007", 0, 1000)


async def test_a_fault_skips_strikes_and_is_spent(lane):
    await lane.fault("decline", skip=1, times=2)

    codes = [await lane.code("Sale", ReferenceId=f"ref{number}") for number in range(5)]

    assert codes == ["0000", "1015", "1015", "0000", "0000"]


async def test_a_fault_strikes_only_what_it_names(lane):
    await lane.fault("decline", path="Void", reference_id="b", times=None)
    for reference in ("a", "b"):
        await lane.ask("Sale", ReferenceId=reference)

    codes = [await lane.code("Void", ReferenceId=reference) for reference in ("a", "b", "b")]

    assert codes == ["0000", "1015", "1015"]
    assert await charged_cents(lane) == 1000


async def test_a_fault_lasts_until_it_is_deleted(lane):
    await lane.fault("offline", times=None)
    struck = [await lane.code("Sale"), await lane.code("Sale"), await lane.presence()]

    await lane.client.delete("/control/faults", params={"tpn": lane.tpn})

    assert struck == ["2001", "2001", "Offline"]
    assert await lane.code("Sale") == "0000"


async def test_an_invalid_request_does_not_use_a_fault_up(lane):
    await lane.fault("decline")

    await lane.ask("Sale", Amount=-1)

    assert await lane.code("Sale") == "1015"


async def test_what_the_terminal_refuses_is_refused_whatever_the_fault(lane):
    await lane.ask("Sale")
    await lane.fault("host_error")

    assert await lane.code("Sale") == "1011"


async def test_a_look_up_can_be_made_to_lie(lane):
    await lane.ask("Sale")
    await lane.fault("unknown_code", path="Status", status_code="1001")

    assert [await lane.code("Status"), await lane.code("Status")] == ["1001", "0000"]


@pytest.mark.parametrize("fault", ["drop_reply", "drop_request"])
async def test_the_question_whether_a_terminal_is_there_can_fail_too(lane, fault):
    await lane.fault(fault, path="TerminalStatus")

    with pytest.raises(CUT_OFF):
        await lane.presence()

    assert await lane.presence() == "Online"


@pytest.mark.parametrize("fault", ["drop_reply", "html", "error_after"])
async def test_a_void_whose_answer_is_lost_is_done_all_the_same(lane, fault):
    await lane.ask("Sale")
    await lane.fault(fault, path="Void")

    with pytest.raises((*CUT_OFF, json.JSONDecodeError)):
        await lane.ask("Void")

    assert (await lane.ask("Status"))["Voided"] is True
    assert await charged_cents(lane) == 0


@pytest.mark.parametrize(
    "rule",
    [{"fault": "gremlins"}, {"fault": "delay", "path": "Lunch"}, {"fault": "delay", "secs": 1}],
    ids=["unknown fault", "unknown path", "unknown member"],
)
async def test_a_rule_that_makes_no_sense_is_refused(lane, rule):
    response = await lane.client.post("/control/faults", json=rule)

    assert response.status_code == 422


async def test_a_fault_for_the_next_payment_passes_the_list_by(lane):
    await lane.fault("decline")

    listed = await lane.code("StatusList", TransactionFromIndex=1, TransactionToIndex=1)
    declined = await lane.code("Sale")

    assert (listed, declined) == ("0000", "1015")
