"""What a SPIn terminal says of a charge afterwards, and when its "not found" is proof."""

from dataclasses import replace

import httpx
import pytest
from spin_vendor import ATTEMPT, AUTH_KEY, ONLINE, REFERENCE, Vendor, approved, refused, terminal_of

from ringup.domain.outcome import Approved, Declined, InDoubt, NotSent, PartiallyApproved

LONG_AGO = replace(ATTEMPT, seconds_since_sent=180.1)
OPEN_BATCH_103 = {"GeneralResponse": {"StatusCode": "0000"}, "Transactions": [{"BatchNumber": "103"}]}
EMPTY_BATCH = {"GeneralResponse": {"StatusCode": "0000"}, "Transactions": []}
BATCH_CHANGED = InDoubt("not found, but the batch has changed", unanswerable=True)


@pytest.mark.parametrize(
    ("status", "we_hear"),
    [
        pytest.param(approved(), Approved, id="approved"),
        pytest.param(approved(30), Approved, id="approved with a fee"),
        pytest.param(approved(10), PartiallyApproved, id="approved for less"),
        pytest.param(approved(10, code="0001"), PartiallyApproved, id="partial"),
        pytest.param(approved(None), InDoubt, id="approved without amounts"),
        pytest.param(approved() | {"ReferenceId": "other"}, InDoubt, id="another sale's approval"),
        pytest.param(approved(kind="Surprise"), InDoubt, id="unknown transaction type"),
        pytest.param(refused("1015"), Declined, id="declined"),
        pytest.param(refused("1000"), InDoubt, id="busy"),
        pytest.param(refused("2008"), InDoubt, id="in use"),
        pytest.param(refused("2001"), InDoubt, id="not connected"),
        pytest.param(refused("2002"), InDoubt, id="wrong key"),
        pytest.param(refused("2201"), InDoubt, id="question refused"),
        pytest.param(refused("1012"), InDoubt, id="question cancelled"),
        pytest.param(refused("1004"), InDoubt, id="question not allowed"),
        pytest.param(refused("2301"), InDoubt, id="nothing is being processed"),
        pytest.param(refused("7777"), InDoubt, id="a code nobody published"),
        pytest.param(httpx.Response(502, text="<html>"), InDoubt, id="HTML"),
        pytest.param(httpx.ConnectError("refused"), InDoubt, id="nobody there"),
        pytest.param(httpx.PoolTimeout("full"), InDoubt, id="no connection free"),
        pytest.param(httpx.ReadTimeout("silence"), InDoubt, id="silence"),
    ],
)
async def test_a_look_up(status, we_hear):
    vendor = Vendor({"Status": status})

    outcome = await terminal_of(vendor).look_up(LONG_AGO)

    assert isinstance(outcome, we_hear)
    assert vendor.asked == ["Status"]


async def test_a_look_up_asks_for_the_reference_and_nothing_undocumented():
    vendor = Vendor({"Status": approved()})

    await terminal_of(vendor).look_up(ATTEMPT)

    assert vendor.members("Status") == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "PaymentType": "Credit",
        "ReferenceId": REFERENCE,
        "SPInProxyTimeout": 30,
    }


@pytest.mark.parametrize(
    ("record", "captured", "voided"),
    [
        pytest.param(approved(kind="Auth"), False, False, id="set aside"),
        pytest.param(approved(kind="Pre-Auth"), False, False, id="set aside, in other words"),
        pytest.param(approved(kind="Capture"), True, False, id="captured"),
        pytest.param(approved(kind="Sale"), True, False, id="taken by a sale"),
        pytest.param(approved(kind=""), False, False, id="not said: as the mode has it"),
        pytest.param(approved(kind="Auth", Voided=True), False, True, id="voided"),
        pytest.param(approved(None, kind="Sale", Voided=True), True, True, id="voided, amounts gone"),
        pytest.param(approved(kind="Void"), True, True, id="voided by its type"),
    ],
)
async def test_a_look_up_tells_what_is_taken_and_what_undone(record, captured, voided):
    outcome = await terminal_of(Vendor({"Status": record}), mode="auth_capture").look_up(ATTEMPT)

    assert (outcome.approval.captured, outcome.approval.voided) == (captured, voided)


@pytest.mark.parametrize("code", ["1001", "2009"])
@pytest.mark.parametrize(
    ("seconds", "health", "batch_known", "open_batch", "we_hear"),
    [
        pytest.param(
            180.1,
            ONLINE,
            None,
            OPEN_BATCH_103,
            InDoubt("not found, but no batch was known when it was sent", unanswerable=True),
            id="no batch was ever known",
        ),
        pytest.param(180.1, ONLINE, "103", OPEN_BATCH_103, NotSent("not found"), id="the batch is the same"),
        pytest.param(
            180.1,
            ONLINE,
            "103",
            EMPTY_BATCH | {"BatchNumber": 103},
            NotSent("not found"),
            id="it is the same, and empty",
        ),
        pytest.param(180.0, ONLINE, None, None, InDoubt("not found, but it may be under way"), id="too soon to say"),
        pytest.param(0.0, ONLINE, None, None, InDoubt("not found, but it may be under way"), id="just sent"),
        pytest.param(
            180.1,
            {"TerminalStatus": "Offline"},
            None,
            None,
            InDoubt("not found, but the terminal is offline"),
            id="the terminal is offline",
        ),
        pytest.param(
            180.1,
            httpx.ReadTimeout("silence"),
            None,
            None,
            InDoubt("not found, but the terminal is unreachable"),
            id="the proxy is silent",
        ),
        *(
            pytest.param(180.1, ONLINE, "102", listed, BATCH_CHANGED, id=name)
            for name, listed in {
                "the batch was closed": OPEN_BATCH_103,
                "the batch was closed, and the next is empty": EMPTY_BATCH | {"BatchNumber": "103"},
                "the batch is empty": EMPTY_BATCH,
                "the batch is empty and says so": refused("1001"),
            }.items()
        ),
        *(
            pytest.param(180.1, ONLINE, "103", listed, InDoubt("not found, but the open batch is not known"), id=name)
            for name, listed in {
                "the batch is not a list": EMPTY_BATCH | {"Transactions": "none"},
                "the batch has something else in it": EMPTY_BATCH | {"Transactions": ["103"]},
                "the batch has no number": EMPTY_BATCH | {"Transactions": [{}]},
                "the terminal is busy": refused("1000"),
                "the batch is not told": httpx.ReadTimeout("silence"),
            }.items()
        ),
    ],
)
async def test_not_found_is_proof_only_if_every_condition_holds(
    code, seconds, health, batch_known, open_batch, we_hear
):
    vendor = Vendor({"Status": refused(code), "TerminalStatus": health, "StatusList": open_batch})
    attempt = replace(ATTEMPT, seconds_since_sent=seconds, batch_number=batch_known)

    outcome = await terminal_of(vendor).look_up(attempt)

    heard = replace(outcome, proof_in_seconds=None) if isinstance(outcome, InDoubt) else outcome
    assert heard == replace(we_hear, code=code)


async def test_a_doubt_says_when_there_can_be_proof():
    vendor = Vendor({"Status": refused("1001"), "TerminalStatus": ONLINE})

    outcome = await terminal_of(vendor).look_up(replace(ATTEMPT, seconds_since_sent=100.0))

    assert isinstance(outcome, InDoubt) and outcome.proof_in_seconds == 81.0


@pytest.mark.parametrize(
    ("listed", "number"),
    [
        pytest.param(OPEN_BATCH_103, "103", id="by its first transaction"),
        pytest.param(OPEN_BATCH_103 | {"BatchNumber": "104"}, "103", id="by its first transaction before all"),
        pytest.param(EMPTY_BATCH | {"BatchNumber": "104"}, "104", id="empty, and named in the answer"),
        pytest.param(refused("1001") | {"BatchNumber": 7}, "7", id="not found, and named in the answer"),
        pytest.param(EMPTY_BATCH, None, id="empty, and not named"),
        pytest.param(refused("1000"), None, id="busy"),
        pytest.param(httpx.ReadTimeout("silence"), None, id="silence"),
    ],
)
async def test_the_open_batch_is_asked_for(listed, number):
    assert await terminal_of(Vendor({"StatusList": listed})).open_batch() == number


async def test_the_open_batch_is_known_by_its_first_transaction():
    vendor = Vendor({"Status": refused("1001"), "TerminalStatus": ONLINE, "StatusList": OPEN_BATCH_103})

    await terminal_of(vendor).look_up(replace(LONG_AGO, batch_number="103"))

    assert vendor.members("StatusList") == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "PaymentType": "Credit",
        "TransactionFromIndex": 1,
        "TransactionToIndex": 1,
        "SPInProxyTimeout": 30,
    }


async def test_a_terminal_that_was_offline_settles_the_doubt_once_it_is_back():
    vendor = Vendor(
        {
            "Sale": refused("2001"),
            "Status": [refused("2001"), refused("1001")],
            "TerminalStatus": ONLINE,
            "StatusList": OPEN_BATCH_103,
        }
    )
    terminal = terminal_of(vendor)
    long_ago = replace(LONG_AGO, batch_number="103")

    while_offline = [await terminal.charge(ATTEMPT), await terminal.look_up(long_ago)]
    once_back = await terminal.look_up(long_ago)

    assert [type(outcome) for outcome in while_offline] == [InDoubt, InDoubt]
    assert isinstance(once_back, NotSent)
