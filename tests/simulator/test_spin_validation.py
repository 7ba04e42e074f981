"""The proxy refuses what does not keep the contract, before the terminal hears of it."""

import pytest

SALE = {"Amount": 10.00, "PaymentType": "Credit", "ReferenceId": "ref1"}


@pytest.mark.parametrize(
    ("operation", "members", "named"),
    [
        pytest.param("Sale", {"Amount": None}, "Amount", id="sale without amount"),
        pytest.param("Void", {"Amount": None}, "Amount", id="void without amount"),
        pytest.param("Sale", {"Amount": 0}, "Amount", id="nothing to pay"),
        pytest.param("Sale", {"Amount": -1}, "Amount", id="negative amount"),
        pytest.param("Sale", {"Amount": 10.005}, "Amount", id="finer than a cent"),
        pytest.param("Sale", {"Amount": "10.00"}, "Amount", id="amount as text"),
        pytest.param("Sale", {"Amount": True}, "Amount", id="amount as boolean"),
        pytest.param("Sale", {"Amount": 1e300}, "Amount", id="absurd amount"),
        pytest.param("Sale", {"TipAmount": 11}, "TipAmount", id="tip larger than the amount"),
        pytest.param("Sale", {"PaymentType": None}, "PaymentType", id="no payment type"),
        pytest.param("Sale", {"PaymentType": "Barter"}, "PaymentType", id="unknown payment type"),
        pytest.param("Sale", {"ReferenceId": None}, "ReferenceId", id="no reference"),
        pytest.param("Sale", {"ReferenceId": ""}, "ReferenceId", id="empty reference"),
        pytest.param("Sale", {"ReferenceId": "a" * 51}, "ReferenceId", id="reference too long"),
        pytest.param("Sale", {"ReferenceId": "a-b"}, "ReferenceId", id="reference with a dash"),
        pytest.param("Sale", {"ReferenceId": 7}, "ReferenceId", id="reference as number"),
        pytest.param("Sale", {"SPInProxyTimeout": 0}, "SPInProxyTimeout", id="no time to answer"),
        pytest.param("Sale", {"SPInProxyTimeout": 721}, "SPInProxyTimeout", id="too much time"),
        pytest.param("Sale", {"SPInProxyTimeout": "60"}, "SPInProxyTimeout", id="time-out as text"),
        pytest.param("Sale", {"Authkey": "short"}, "Authkey", id="short key"),
        pytest.param("Sale", {"Authkey": "ABCDEFGHIJK"}, "Authkey", id="long key"),
        pytest.param("Sale", {"Tpn": None}, "Tpn", id="no terminal"),
        pytest.param("Sale", {"PrintReceipt": True}, "PrintReceipt", id="receipt as boolean"),
        pytest.param("Sale", {"EnableTip": False}, "EnableTip", id="unknown member"),
        pytest.param("Sale", {"CallbackInfo": {"Uri": "x"}}, "CallbackInfo.Url", id="nested member"),
        pytest.param("Capture", {}, "AuthCode", id="capture without auth code"),
        pytest.param("Status", {"PaymentType": None, "Amount": None}, "PaymentType", id="status of what"),
        pytest.param("Status", {}, "Amount", id="status has no amount"),
    ],
)
async def test_an_invalid_request_is_refused_and_the_member_named(lane, operation, members, named):
    response = await lane.send(operation, **SALE | members)

    general = response.json()["GeneralResponse"]
    assert (response.status_code, general["StatusCode"], general["ResultCode"]) == (400, "2201", "2")
    assert named in general["DetailedMessage"]
    assert await lane.journal() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<xml/>",
        b'{"Amount": NaN}',
        b'{"Amount": 1e99999999999999999999}',
        b'{"Amount": 1e999999}',
        b"[" * 100_000,
    ],
    ids=["empty", "a list", "XML", "not a number", "beyond any exponent", "beyond any amount", "bottomless"],
)
async def test_a_body_that_is_no_request_is_refused(lane, body):
    response = await lane.client.post("/v2/Payment/Sale", content=body)

    assert response.status_code == 400
    assert response.json()["GeneralResponse"]["StatusCode"] == "2201"


async def test_the_list_of_transactions_must_run_forwards(lane):
    code = await lane.code("StatusList", TransactionFromIndex=3, TransactionToIndex=2)

    assert code == "2201"


async def test_a_wrong_key_is_refused(lane):
    assert await lane.code("Sale", Authkey="WRONG12345") == "2002"
    assert await lane.journal() == []


async def test_an_unknown_terminal_is_not_connected(lane):
    assert await lane.code("Sale", Tpn="UNKNOWN00001") == "2001"


@pytest.mark.parametrize(
    "path", ["/v2/Payment/Sale", "/spin/v2/Payment/Sale", "/SPIN/V2/PAYMENT/sale", "/v2/payment/SALE"]
)
async def test_paths_are_read_in_any_case_with_and_without_the_prefix(lane, path):
    response = await lane.client.post(path, json=lane.members(**SALE))

    assert response.json()["GeneralResponse"]["StatusCode"] == "0000"


async def test_members_bind_in_any_case(lane):
    members = {"tpn": lane.tpn, "AUTHKEY": "K3Y0123456", "amount": 10, "paymenttype": "Credit"}

    response = await lane.client.post("/v2/Payment/Sale", json=members | {"referenceID": "ref1"})

    assert response.json()["GeneralResponse"]["StatusCode"] == "0000"


@pytest.mark.parametrize("operation", ["GetSignature", "TerminalStatus", ""])
async def test_what_is_not_served_is_not_found(lane, operation):
    response = await lane.client.post(f"/v2/Payment/{operation}", json=lane.members())

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("query", "http_status", "presence"),
    [
        pytest.param({}, 200, "Online", id="as documented"),
        pytest.param({"request.tpn": "UNKNOWN00001"}, 404, "NotFound", id="unknown terminal"),
        pytest.param({"request.authkey": "WRONG12345"}, 400, "NotFound", id="wrong key"),
        pytest.param({"request.authkey": "short"}, 400, "NotFound", id="short key"),
        pytest.param({"request.other": "x"}, 400, "NotFound", id="unknown parameter"),
    ],
)
async def test_the_presence_of_a_terminal(lane, query, http_status, presence):
    known = {"request.tpn": lane.tpn, "request.authkey": "K3Y0123456", "request.registerId": "T1"}

    response = await lane.client.get("/v2/Common/TerminalStatus", params=known | query)

    assert (response.status_code, response.json()["TerminalStatus"]) == (http_status, presence)
    assert "GeneralResponse" not in response.json()


@pytest.mark.parametrize(("style", "rendered"), [("string", "0"), ("number", 0), ("name", "Ok")])
async def test_the_result_code_is_written_in_each_way_that_was_seen(lane, style, rendered):
    await lane.behave(result_code_style=style)

    answer = await lane.ask("Sale")

    assert answer["GeneralResponse"]["ResultCode"] == rendered
