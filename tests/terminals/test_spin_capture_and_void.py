"""Finishing and undoing a charge on a SPIn terminal: done once, found done afterwards."""

from dataclasses import replace

import httpx
import pytest
from spin_vendor import ATTEMPT, AUTH_KEY, REFERENCE, Vendor, approved, refused, terminal_of

from ringup.domain.outcome import Approved, Declined, InDoubt, NotSent, PartiallyApproved

SET_ASIDE, CAPTURED = approved(kind="Auth"), approved(kind="Capture")
VOIDED = approved(kind="Sale", Voided=True)
SILENCE, NOBODY = httpx.ReadTimeout("silence"), httpx.ConnectError("refused")


@pytest.mark.parametrize(
    ("before", "capture", "after", "we_hear"),
    [
        pytest.param(SET_ASIDE, CAPTURED, None, Approved, id="captured"),
        pytest.param(SET_ASIDE, approved(30, kind="Capture"), None, Approved, id="captured with a fee"),
        pytest.param(SET_ASIDE, approved(20, kind="Capture"), None, PartiallyApproved, id="for less"),
        pytest.param(SET_ASIDE, approved(kind=""), None, Approved, id="captured without a type"),
        pytest.param(SET_ASIDE, refused("1000"), None, NotSent, id="busy"),
        pytest.param(SET_ASIDE, refused("2008"), None, NotSent, id="in use"),
        pytest.param(SET_ASIDE, refused("2201"), None, NotSent, id="refused by the proxy"),
        pytest.param(SET_ASIDE, NOBODY, None, NotSent, id="nobody there"),
        pytest.param(SET_ASIDE, refused("2007"), CAPTURED, Approved, id="timed out, but captured"),
        pytest.param(SET_ASIDE, refused("2007"), SET_ASIDE, InDoubt, id="timed out, not captured yet"),
        pytest.param(SET_ASIDE, SILENCE, CAPTURED, Approved, id="silence, but captured"),
        pytest.param(SET_ASIDE, SILENCE, SILENCE, InDoubt, id="silence, and silence"),
        pytest.param(SET_ASIDE, refused("1011"), CAPTURED, Approved, id="captured before"),
        pytest.param(SET_ASIDE, refused("1011"), SET_ASIDE, InDoubt, id="duplicate, yet not captured"),
        pytest.param(SET_ASIDE, refused("1001"), SET_ASIDE, InDoubt, id="not found"),
        pytest.param(SET_ASIDE, refused("1015"), SET_ASIDE, Declined, id="the bank declines"),
        pytest.param(SET_ASIDE, refused("1004"), SET_ASIDE, Declined, id="not allowed"),
        pytest.param(SET_ASIDE, refused("1004"), SILENCE, InDoubt, id="not allowed, or done already?"),
        pytest.param(SET_ASIDE, SET_ASIDE, CAPTURED, Approved, id="answered as if it were the auth"),
        pytest.param(SET_ASIDE, SET_ASIDE, SET_ASIDE, InDoubt, id="approved, yet not captured"),
        pytest.param(SET_ASIDE, approved(None), CAPTURED, Approved, id="no amounts, Status has them"),
        pytest.param(CAPTURED, None, None, Approved, id="captured before, Status knows"),
        pytest.param(approved(kind="Sale"), None, None, Approved, id="a sale needs no capture"),
        pytest.param(VOIDED, None, None, Declined, id="voided before"),
        pytest.param(refused("1000"), None, None, NotSent, id="busy at once"),
        pytest.param(refused("1015"), None, None, Declined, id="was never approved"),
        pytest.param(refused("1001"), None, None, InDoubt, id="the auth is not found"),
        pytest.param(SILENCE, None, None, InDoubt, id="silence at once"),
        pytest.param(NOBODY, None, None, NotSent, id="nobody there at once"),
    ],
)
@pytest.mark.parametrize("mode", ["auth_capture", "sale"])
async def test_a_capture(mode, before, capture, after, we_hear):
    vendor = Vendor({"Status": [before, after], "Capture": capture})

    outcome = await terminal_of(vendor, mode=mode).capture(ATTEMPT)

    asked = ["Status", *(["Capture"] if capture else []), *(["Status"] if after else [])]
    assert isinstance(outcome, we_hear)
    assert vendor.asked == asked


async def test_a_capture_carries_the_documented_members_and_no_others():
    vendor = Vendor({"Status": SET_ASIDE, "Capture": CAPTURED})

    await terminal_of(vendor, mode="auth_capture").capture(ATTEMPT)

    assert {name: str(value) for name, value in vendor.members("Capture").items()} == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "Amount": "27.50",
        "PaymentType": "Credit",
        "ReferenceId": REFERENCE,
        "AuthCode": "A1B2C3",
        "SPInProxyTimeout": "120",
    }


async def test_a_capture_with_a_reference_of_its_own_uses_the_same_one_every_time():
    vendor = Vendor({"Status": SET_ASIDE, "Capture": approved(kind="Capture", ReferenceId=REFERENCE)})
    terminal = terminal_of(vendor, mode="auth_capture", capture_reference="new")

    references = []
    for _ in range(2):
        await terminal.capture(ATTEMPT)
        references.append(vendor.members("Capture")["ReferenceId"])

    assert references[0] == references[1] != REFERENCE
    assert len(references[0]) == 32
    assert references[0].isalnum()


@pytest.mark.parametrize(
    ("void", "after", "we_hear"),
    [
        pytest.param(approved(kind="Void"), None, Approved, id="voided"),
        pytest.param(refused("0000", ResultCode=0), None, Approved, id="voided, and nothing else said"),
        pytest.param(refused("1000"), None, NotSent, id="busy"),
        pytest.param(refused("2008"), None, NotSent, id="in use"),
        pytest.param(refused("2002"), None, NotSent, id="wrong key"),
        pytest.param(NOBODY, None, NotSent, id="nobody there"),
        pytest.param(refused("2007"), VOIDED, Approved, id="timed out, but voided"),
        pytest.param(refused("2007"), approved(), InDoubt, id="timed out, not voided yet"),
        pytest.param(SILENCE, VOIDED, Approved, id="silence, but voided"),
        pytest.param(SILENCE, refused("2001"), InDoubt, id="silence, then offline"),
        pytest.param(refused("1001"), VOIDED, Approved, id="voided before"),
        pytest.param(refused("1001"), refused("1001"), InDoubt, id="not found"),
        pytest.param(refused("2009"), refused("2009"), InDoubt, id="not found by the proxy"),
        pytest.param(refused("1004"), approved(), Declined, id="not allowed"),
        pytest.param(refused("1003"), approved(kind="Auth"), Declined, id="not supported"),
        pytest.param(refused("1004"), VOIDED, Approved, id="not allowed, because it was done"),
        pytest.param(refused("1004"), SILENCE, InDoubt, id="not allowed, or done already?"),
        pytest.param(refused("1015"), approved(), InDoubt, id="the bank declines"),
        pytest.param(refused("7777"), approved(), InDoubt, id="a code nobody published"),
        pytest.param(approved(kind="Void", ReferenceId="other"), approved(), InDoubt, id="another sale was voided"),
        pytest.param(approved(10, kind="Void"), approved(), InDoubt, id="a part was voided"),
        pytest.param(refused("2007"), approved(10, Voided=True), Approved, id="a partial sale voided"),
    ],
)
async def test_a_void(void, after, we_hear):
    vendor = Vendor({"Void": void, "Status": after})

    outcome = await terminal_of(vendor).void(ATTEMPT)

    assert isinstance(outcome, we_hear)
    assert not isinstance(outcome, Approved) or outcome.approval.voided
    assert vendor.asked == ["Void", *(["Status"] if after else [])]


@pytest.mark.parametrize(
    ("approved_minor", "amount"),
    [(None, "27.50"), (2750, "27.50"), (1000, "10.00"), (2800, "27.50")],
    ids=["not told", "in full", "in part", "with a fee"],
)
async def test_a_void_names_the_original_reference_and_amount(approved_minor, amount):
    vendor = Vendor({"Void": approved(kind="Void")})

    await terminal_of(vendor).void(replace(ATTEMPT, approved_minor=approved_minor))

    assert {name: str(value) for name, value in vendor.members("Void").items()} == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "Amount": amount,
        "PaymentType": "Credit",
        "ReferenceId": REFERENCE,
        "SPInProxyTimeout": "120",
    }


async def test_a_busy_terminal_says_when_to_void_again():
    vendor = Vendor({"Void": refused("1000", DelayBeforeNextRequest=30)})

    outcome = await terminal_of(vendor).void(ATTEMPT)

    assert (outcome.busy, outcome.retry_after_seconds) == (True, 30.0)
