"""A tip after the sale on a SPIn terminal: what Status says decides, before and after."""

from dataclasses import replace

import httpx
import pytest
from spin_vendor import ATTEMPT, AUTH_KEY, REFERENCE, Vendor, approved, refused, terminal_of

from ringup.domain.outcome import Approved, Declined, InDoubt, NotSent

SILENCE, NOBODY = httpx.ReadTimeout("silence"), httpx.ConnectError("refused")
LATER = {**approved(None), "Transactions": [], "BatchNumber": "104"}


def charge(total=27.5, tip=0.0, kind="Sale", **members):
    amounts = {"TotalAmount": total, "Amount": total, "TipAmount": tip}
    return approved(None, kind=kind, Amounts=amounts, **members)


BEFORE, AFTER = charge(), charge(30.5, 3)


@pytest.mark.parametrize(
    ("before", "adjusted", "after", "we_hear"),
    [
        pytest.param(BEFORE, charge(30.5, 3, "TipAdjust"), AFTER, Approved, id="changed"),
        pytest.param(BEFORE, refused("2007"), AFTER, Approved, id="timed out, but changed"),
        pytest.param(BEFORE, refused("2007"), BEFORE, InDoubt, id="timed out, not changed yet"),
        pytest.param(BEFORE, SILENCE, AFTER, Approved, id="silence, but changed"),
        pytest.param(BEFORE, SILENCE, SILENCE, InDoubt, id="silence, and silence"),
        pytest.param(BEFORE, refused("1015"), BEFORE, Declined, id="the bank declines"),
        pytest.param(BEFORE, refused("1004"), BEFORE, Declined, id="not allowed"),
        pytest.param(BEFORE, refused("1004"), SILENCE, InDoubt, id="not allowed, or done already?"),
        pytest.param(BEFORE, refused("1001"), BEFORE, InDoubt, id="not found"),
        pytest.param(BEFORE, approved(30.5), BEFORE, InDoubt, id="approved, yet not changed"),
        pytest.param(BEFORE, refused("1000"), None, NotSent, id="busy"),
        pytest.param(BEFORE, refused("2201"), None, NotSent, id="refused by the proxy"),
        pytest.param(BEFORE, NOBODY, None, NotSent, id="nobody there"),
        pytest.param(AFTER, None, None, Approved, id="changed before, Status knows"),
        pytest.param(charge(Voided=True), None, None, Declined, id="void"),
        pytest.param(charge(29), None, None, Declined, id="another amount"),
        pytest.param(refused("1000"), None, None, NotSent, id="busy at once"),
        pytest.param(refused("1001"), None, None, NotSent, id="the charge is not found"),
        pytest.param(SILENCE, None, None, NotSent, id="silence at once"),
        pytest.param(NOBODY, None, None, NotSent, id="nobody there at once"),
    ],
)
async def test_a_tip(before, adjusted, after, we_hear):
    vendor = Vendor({"Status": [before, after], "TipAdjust": adjusted})

    outcome = await terminal_of(vendor).adjust_tip(ATTEMPT, 300)

    asked = ["Status", *(["TipAdjust"] if adjusted else []), *(["Status"] if after else [])]
    assert isinstance(outcome, we_hear), outcome
    assert vendor.asked == asked


async def test_a_tip_carries_the_documented_members_and_no_others():
    vendor = Vendor({"Status": [BEFORE, AFTER], "TipAdjust": AFTER})

    await terminal_of(vendor).adjust_tip(ATTEMPT, 300)

    assert {name: str(value) for name, value in vendor.members("TipAdjust").items()} == {
        "Tpn": "012345678901",
        "Authkey": AUTH_KEY,
        "Amount": "27.50",
        "TipAmount": "3.00",
        "CardLast4": "1111",
        "PaymentType": "Credit",
        "ReferenceId": REFERENCE,
        "SPInProxyTimeout": "120",
    }


@pytest.mark.parametrize(("kind", "we_hear"), [("Auth", Approved), ("Capture", Declined)])
async def test_an_authorisation_is_tipped_until_it_is_captured(kind, we_hear):
    vendor = Vendor({"Status": [charge(kind=kind), charge(30.5, 3, "TipAdjust")], "TipAdjust": AFTER})

    assert isinstance(await terminal_of(vendor, mode="auth_capture").adjust_tip(ATTEMPT, 300), we_hear)


async def test_the_tip_of_the_cart_is_in_an_authorisations_amount_and_cannot_be_lowered():
    with_tip = replace(ATTEMPT, tip_minor=250)
    vendor = Vendor({"Status": [charge(kind="Auth"), charge(28, 0.5, "Auth")], "TipAdjust": AFTER})
    terminal = terminal_of(vendor, mode="auth_capture")

    assert isinstance(await terminal.adjust_tip(with_tip, 300), Approved)
    assert str(vendor.members("TipAdjust")["TipAmount"]) == "0.50"
    lowered = terminal_of(Vendor({"Status": charge(kind="Auth")}), mode="auth_capture")
    assert isinstance(await lowered.adjust_tip(with_tip, 100), Declined)


@pytest.mark.parametrize(
    ("status", "seconds", "we_hear"),
    [
        pytest.param(AFTER, 1, Approved, id="changed"),
        pytest.param(BEFORE, 1, InDoubt, id="as before, perhaps under way"),
        pytest.param(BEFORE, 181, NotSent, id="as before, long after"),
        pytest.param(charge(29), 181, InDoubt, id="another amount"),
        pytest.param(charge(Voided=True), 181, Declined, id="void"),
        pytest.param(refused("1000"), 181, InDoubt, id="busy"),
        pytest.param(SILENCE, 181, InDoubt, id="silence"),
    ],
)
async def test_a_tip_is_looked_up(status, seconds, we_hear):
    vendor = Vendor({"Status": status})

    outcome = await terminal_of(vendor).look_up_tip(replace(ATTEMPT, seconds_since_sent=seconds), 300)

    assert isinstance(outcome, we_hear), outcome
    assert vendor.asked == ["Status"]


async def test_when_the_batch_was_closed_no_look_up_can_ever_tell():
    vendor = Vendor({"Status": refused("1001"), "StatusList": LATER})
    terminal, known = terminal_of(vendor), replace(ATTEMPT, batch_number="103", seconds_since_sent=200)

    looked_up = await terminal.look_up_tip(known, 300)

    assert isinstance(looked_up, InDoubt)
    assert looked_up.unanswerable
    assert isinstance(await terminal.adjust_tip(known, 300), Declined)
    assert "TipAdjust" not in vendor.asked


async def test_a_capture_is_sent_though_status_calls_the_authorisation_a_tip_adjustment():
    tipped = charge(30.5, 3, "TipAdjust")
    vendor = Vendor({"Status": tipped, "Capture": charge(30.5, 3, "Capture")})
    attempt = replace(ATTEMPT, amount=replace(ATTEMPT.amount, amount_minor=3050), tip_minor=300)

    assert isinstance(await terminal_of(vendor, mode="auth_capture").capture(attempt), Approved)
    assert vendor.asked == ["Status", "Capture"]
