"""Charges and refunds on a SPIn terminal. The vendor is a plain function; the HTTP client is real."""

import asyncio
import logging
from dataclasses import replace

import httpx
import pytest
from spin_vendor import ATTEMPT, AUTH_KEY, ONLINE, REFERENCE, Vendor, approved, refused, terminal_of

from ringup.domain.money import Money
from ringup.domain.outcome import Approval, Approved, Declined, InDoubt, NotSent, PartiallyApproved
from ringup.terminals.protocol import Health

ANOTHER_REFERENCE = "00000000000000000000000000000000"
OK_BUT_FAILED = approved() | {"GeneralResponse": {"ResultCode": "2", "StatusCode": "0000"}}

CHARGES = [
    pytest.param(approved(), Approved, id="approved"),
    pytest.param(approved(30.25), Approved, id="approved with a fee on top"),
    pytest.param(approved(10), PartiallyApproved, id="approved for less"),
    pytest.param(approved(27.5, code="0001"), PartiallyApproved, id="partial by its code"),
    pytest.param(approved() | {"ReferenceId": ""}, Approved, id="approved without a reference"),
    pytest.param(approved() | {"ReferenceId": REFERENCE.upper()}, Approved, id="reference in upper case"),
    pytest.param(approved() | {"ReferenceId": ANOTHER_REFERENCE}, InDoubt, id="another sale's approval"),
    pytest.param(refused("1015", ReferenceId=1) | {"ReferenceId": "other"}, InDoubt, id="another's decline"),
    pytest.param(approved(None), InDoubt, id="approved without amounts"),
    pytest.param(approved() | {"Amounts": "27.50"}, InDoubt, id="amounts are not an object"),
    pytest.param(approved() | {"Amounts": {"TotalAmount": "27.50"}}, InDoubt, id="amount is a text"),
    pytest.param(approved() | {"Amounts": {"TotalAmount": True}}, InDoubt, id="amount is a truth value"),
    pytest.param(approved(27.505), InDoubt, id="amount finer than a cent"),
    pytest.param(approved(0), InDoubt, id="approved for nothing"),
    pytest.param(approved(-27.5), InDoubt, id="approved for less than nothing"),
    pytest.param(approved() | {"Amounts": {"TotalAmount": 20, "Amount": 27.5}}, InDoubt, id="amounts contradict"),
    pytest.param(approved() | {"Amounts": {"Amount": 27.5}}, Approved, id="no total, only the amount"),
    pytest.param(
        approved() | {"Amounts": {"TotalAmount": 27.5, "Amount": 25, "FeeAmount": 2.5}},
        PartiallyApproved,
        id="a fee does not make up for goods",
    ),
    pytest.param(approved(kind="Surprise"), InDoubt, id="unknown transaction type"),
    pytest.param(OK_BUT_FAILED, InDoubt, id="approved and failed at once"),
    pytest.param(refused("1015"), Declined, id="declined"),
    pytest.param(refused(1015), Declined, id="declined, the code a number"),
    pytest.param(refused("2201"), NotSent, id="refused by the proxy"),
    pytest.param(refused("1004"), NotSent, id="not allowed"),
    pytest.param(refused("1011"), InDoubt, id="the reference exists"),
    pytest.param(refused("2001"), InDoubt, id="terminal not connected"),
    pytest.param(refused("2007"), InDoubt, id="the proxy timed out"),
    pytest.param(refused("7777"), InDoubt, id="a code nobody published"),
    pytest.param(refused(None), InDoubt, id="no code"),
    pytest.param(refused(True), InDoubt, id="the code a truth value"),
    pytest.param({"StatusCode": "0000"}, InDoubt, id="no GeneralResponse"),
    pytest.param({"GeneralResponse": "0000"}, InDoubt, id="GeneralResponse is a text"),
    pytest.param(httpx.Response(200, json=[approved()]), InDoubt, id="a list"),
    pytest.param(httpx.Response(502, text="<html>Bad Gateway</html>"), InDoubt, id="HTML"),
    pytest.param(httpx.Response(200, content=b'{"GeneralResponse":{"Stat'), InDoubt, id="truncated"),
    pytest.param(httpx.Response(200, content=b"\xff\xfe\xfa"), InDoubt, id="not a text"),
    pytest.param(httpx.Response(200, content=b"[" * 100_000), InDoubt, id="nested without end"),
    pytest.param(httpx.Response(200), InDoubt, id="empty"),
    pytest.param(httpx.Response(302, headers={"Location": "/"}), InDoubt, id="sent elsewhere"),
    pytest.param(httpx.Response(500, json=approved()), Approved, id="approved with HTTP 500"),
    pytest.param(httpx.Response(400, json=refused("1015")), Declined, id="declined with HTTP 400"),
    pytest.param(httpx.ConnectError("refused"), NotSent, id="nobody there"),
    pytest.param(httpx.ConnectTimeout("silence"), NotSent, id="no connection in time"),
    pytest.param(httpx.PoolTimeout("full"), NotSent, id="no connection free"),
    pytest.param(httpx.WriteTimeout("stuck"), InDoubt, id="cut off while sending"),
    pytest.param(httpx.WriteError("broken"), InDoubt, id="broken while sending"),
    pytest.param(httpx.ReadTimeout("silence"), InDoubt, id="silence"),
    pytest.param(httpx.ReadError("reset"), InDoubt, id="reset"),
    pytest.param(httpx.RemoteProtocolError("hung up"), InDoubt, id="hung up"),
    pytest.param(httpx.DecodingError("not gzip"), InDoubt, id="not decodable"),
]


@pytest.mark.parametrize(("the_vendor_says", "we_hear"), CHARGES)
async def test_a_charge(the_vendor_says, we_hear):
    outcome = await terminal_of(Vendor({"Sale": the_vendor_says})).charge(ATTEMPT)

    assert isinstance(outcome, we_hear)


@pytest.mark.parametrize(("the_vendor_says", "we_hear"), CHARGES)
async def test_a_refund_reads_answers_as_a_charge_does(the_vendor_says, we_hear):
    outcome = await terminal_of(Vendor({"Return": the_vendor_says})).refund(ATTEMPT)

    assert isinstance(outcome, we_hear)


@pytest.mark.parametrize("result", ["0", 0, "Ok", "ok", None], ids=repr)
@pytest.mark.parametrize("code", ["0000", 0, " 0000 ", "0"], ids=repr)
async def test_success_is_read_however_it_is_written(result, code):
    answer = approved() | {"generalresponse": {"RESULTCODE": result, "statusCode": code}}
    del answer["GeneralResponse"]

    assert isinstance(await terminal_of(Vendor({"Sale": answer})).charge(ATTEMPT), Approved)


async def test_an_approval_says_what_the_vendor_said_and_not_what_was_asked():
    amounts = {"TotalAmount": 30.25, "Amount": 29.5, "TipAmount": 2, "FeeAmount": 0.75}

    outcome = await terminal_of(Vendor({"Sale": approved(Amounts=amounts)})).charge(ATTEMPT)

    assert outcome == Approved(
        Approval(
            approved_minor=3025,
            tip_minor=200,
            captured=True,
            voided=False,
            auth_code="A1B2C3",
            card_brand="Visa",
            card_last4="1111",
            batch_number="103",
            transaction_number="7",
            host_reference="123456789012",
        )
    )


@pytest.mark.parametrize(
    ("last4", "we_keep"),
    [("1111", "1111"), ("4111111111111111", "1111"), ("41**1111", None), (None, None)],
)
async def test_never_more_than_four_digits_of_a_card_are_kept(last4, we_keep):
    outcome = await terminal_of(Vendor({"Sale": approved(CardData={"Last4": last4})})).charge(ATTEMPT)

    assert outcome.approval.card_last4 == we_keep


@pytest.mark.parametrize("code", ["1000", "2008"])
@pytest.mark.parametrize(
    ("delay", "we_wait"), [(12, 12.0), (2.5, 2.5), (None, None), (-1, None), (1e9, None), ("soon", None)]
)
async def test_a_busy_terminal_may_be_asked_again_when_the_vendor_says(code, delay, we_wait):
    answer = refused(code, DelayBeforeNextRequest=delay)

    outcome = await terminal_of(Vendor({"Sale": answer})).charge(ATTEMPT)

    assert (outcome.code, outcome.busy, outcome.retry_after_seconds) == (code, True, we_wait)


@pytest.mark.parametrize(
    ("the_bank_says", "the_cashier_reads"),
    [
        ("INSUFF FUNDS", "INSUFF FUNDS"),
        ("call\n800", "call800"),
        ("card 4111 1111 1111 1111 expired", "card … expired"),
        ("x" * 100, "x" * 60),
        ("  ", "declined"),
        (None, "declined"),
    ],
)
async def test_a_decline_gives_the_reason_and_never_a_card_number(the_bank_says, the_cashier_reads):
    answer = refused("1015", HostResponseMessage=the_bank_says)

    assert await terminal_of(Vendor({"Sale": answer})).charge(ATTEMPT) == Declined(the_cashier_reads, "1015")


@pytest.mark.parametrize(
    ("status", "we_hear"),
    [
        pytest.param(refused("1001"), Declined, id="not found: cancelled for good"),
        pytest.param(refused("2009"), Declined, id="not found by the proxy"),
        pytest.param(refused("1015"), Declined, id="declined"),
        pytest.param(approved(), Approved, id="an approval slipped in"),
        pytest.param(approved(5, code="0001"), PartiallyApproved, id="a partial approval slipped in"),
        pytest.param(refused("1012"), InDoubt, id="a hung terminal cancels everything"),
        pytest.param(refused("1000"), InDoubt, id="busy"),
        pytest.param(httpx.ReadTimeout("silence"), InDoubt, id="silence"),
        pytest.param(httpx.ConnectError("refused"), InDoubt, id="nobody there any more"),
    ],
)
async def test_a_cancellation_is_made_sure_of_by_one_status(status, we_hear):
    vendor = Vendor({"Sale": refused("1012"), "Status": status})

    outcome = await terminal_of(vendor).charge(ATTEMPT)

    assert isinstance(outcome, we_hear)
    assert vendor.asked == ["Sale", "Status"]


async def test_a_sale_carries_the_documented_members_and_no_others():
    vendor = Vendor({"Sale": approved()})

    await terminal_of(vendor, register_id="R1").charge(replace(ATTEMPT, tip_minor=250))

    assert str(vendor.requests[0].url) == "https://vendor.test/spin/v2/Payment/Sale"
    assert {name: str(value) for name, value in vendor.members("Sale").items()} == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "RegisterId": "R1",
        "Amount": "27.50",
        "TipAmount": "2.50",
        "PaymentType": "Credit",
        "ReferenceId": REFERENCE,
        "InvoiceNumber": "T1-000123",
        "SPInProxyTimeout": "120",
    }


async def test_an_authorisation_has_the_tip_in_its_amount_only():
    vendor = Vendor({"Auth": approved(kind="Auth")})

    outcome = await terminal_of(vendor, mode="auth_capture").charge(replace(ATTEMPT, tip_minor=250))

    assert outcome.approval.captured is False
    assert str(vendor.members("Auth")["Amount"]) == "27.50"
    assert "TipAmount" not in vendor.members("Auth")


async def test_a_refund_is_a_return_under_its_own_reference():
    vendor = Vendor({"Return": approved(kind="Return")})

    outcome = await terminal_of(vendor, mode="auth_capture").refund(replace(ATTEMPT, tip_minor=250))

    assert outcome.approval.captured is True
    assert set(vendor.members("Return")) == {
        *("Tpn", "Authkey", "Amount", "PaymentType", "ReferenceId", "InvoiceNumber", "SPInProxyTimeout")
    }


async def test_we_wait_longer_than_the_proxy():
    vendor = Vendor({"Sale": approved()})

    await terminal_of(vendor, proxy_timeout_seconds=200).charge(ATTEMPT)

    limits = vendor.requests[0].extensions["timeout"]
    assert (limits["connect"], limits["pool"], limits["read"]) == (5.0, 2.0, 210.0)


async def test_a_charge_in_yen_has_no_decimals():
    vendor = Vendor({"Sale": approved(2750)})

    outcome = await terminal_of(vendor).charge(replace(ATTEMPT, amount=Money(2750, "JPY", exponent=0)))

    assert str(vendor.members("Sale")["Amount"]) == "2750"
    assert outcome.approval.approved_minor == 2750


@pytest.mark.parametrize(
    "answer",
    [refused("0000"), refused("2301"), httpx.Response(500, text="oops"), httpx.ReadTimeout("silence")],
    ids=["stopped", "nothing to stop", "nonsense", "silence"],
)
async def test_stopping_a_terminal_asks_once_and_never_fails(answer):
    vendor = Vendor({"AbortTransaction": answer})

    await terminal_of(vendor).abort(ATTEMPT)

    assert vendor.members("AbortTransaction") == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "ReferenceId": REFERENCE,
    }


@pytest.mark.parametrize(
    ("answer", "we_hear"),
    [
        pytest.param(ONLINE, "online", id="online"),
        pytest.param({"terminalStatus": "ONLINE"}, "online", id="in another case"),
        pytest.param({"TerminalStatus": "Offline"}, "offline", id="offline"),
        pytest.param(httpx.Response(404, json={"TerminalStatus": "NotFound"}), "not_found", id="not found"),
        pytest.param({"TerminalStatus": "Sleepy"}, "unreachable", id="a word we do not know"),
        pytest.param(refused("2002"), "unreachable", id="an answer of another shape"),
        pytest.param(httpx.Response(502, text="<html>"), "unreachable", id="HTML"),
        pytest.param(httpx.ConnectError("refused"), "unreachable", id="nobody there"),
        pytest.param(httpx.ReadTimeout("silence"), "unreachable", id="silence"),
    ],
)
async def test_health(answer, we_hear):
    assert (await terminal_of(Vendor({"TerminalStatus": answer})).check_health()).status == we_hear


async def test_health_is_asked_of_the_proxy_for_this_terminal():
    vendor = Vendor({"TerminalStatus": ONLINE})

    assert await terminal_of(vendor, register_id="R1").check_health() == Health("online")
    assert vendor.requests[0].url.path == "/spin/v2/Common/TerminalStatus"
    assert dict(vendor.requests[0].url.params) == {
        "request.tpn": "012345678901",
        "request.authkey": AUTH_KEY,
        "request.registerId": "R1",
    }


async def test_the_key_is_in_no_log_and_no_representation(caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    vendor = Vendor({"TerminalStatus": ONLINE, "Sale": refused("2002", DetailedMessage=AUTH_KEY)})
    terminal = terminal_of(vendor)

    outcome = await terminal.charge(ATTEMPT)
    await terminal.check_health()

    assert "TerminalStatus" in caplog.text
    assert AUTH_KEY not in caplog.text
    assert AUTH_KEY not in repr((outcome, terminal, terminal._settings))


async def test_two_charges_in_the_air_do_not_mix():
    terminal = terminal_of(Vendor({"Sale": approved()}))
    another = replace(ATTEMPT, reference_id=ANOTHER_REFERENCE)

    ours, theirs = await asyncio.gather(terminal.charge(ATTEMPT), terminal.charge(another))

    assert isinstance(ours, Approved)
    assert isinstance(theirs, InDoubt)


async def test_the_longest_charge_is_the_proxys_patience_and_an_aftermath():
    capabilities = terminal_of(Vendor({}), mode="auth_capture", proxy_timeout_seconds=90).capabilities

    assert capabilities.auth_capture is True
    assert capabilities.charge_seconds_max == 150.0
