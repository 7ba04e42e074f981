"""What every adapter must do, whatever its vendor: one suite, run against a vendor that misbehaves on demand.

An adapter's tests subclass `TerminalConformance` and provide a fixture `rig`. The vendor behind it
is a real server that moves make-believe money and keeps a journal of it. Journal and outcome must agree:
the adapter may not know what happened, but what it says it knows must be so.
"""

import asyncio
from dataclasses import replace

import pytest
from rig import Behaviour, Rig, Step

from ringup.domain.attempt import Attempt
from ringup.domain.ids import new_id
from ringup.domain.money import Money
from ringup.domain.outcome import Approved, Declined, InDoubt, NotSent, Outcome, PartiallyApproved

ANSWERS_LOST = [Behaviour.LOSE_REPLY, Behaviour.GARBLE_REPLY, Behaviour.UNRECOGNISED]
INTERRUPTIONS = [
    *ANSWERS_LOST,
    Behaviour.LOSE_REQUEST,
    Behaviour.BUSY,
    Behaviour.OFFLINE,
    Behaviour.LATE_APPROVAL,
]


def an_attempt(amount_minor: int = 2750, *, tip_minor: int = 0) -> Attempt:
    return Attempt(new_id().hex, Money(amount_minor, "USD"), tip_minor=tip_minor, invoice_number="T1-000123")


def after(attempt: Attempt, outcome: Outcome) -> Attempt:
    """The attempt as the database knows it after an approval."""
    assert isinstance(outcome, Approved | PartiallyApproved)
    approval = outcome.approval
    return replace(attempt, auth_code=approval.auth_code, approved_minor=approval.approved_minor)


def long_after(rig: Rig, attempt: Attempt) -> Attempt:
    """The attempt when its charge can no longer be under way."""
    return replace(attempt, seconds_since_sent=rig.terminal.capabilities.charge_seconds_max + 1)


async def approved_attempt(rig: Rig, amount_minor: int = 2750) -> Attempt:
    attempt = an_attempt(amount_minor)
    return after(attempt, await rig.terminal.charge(attempt))


async def known_batch(rig: Rig) -> str | None:
    """The batch that is known before the first charge, if the vendor has batches."""
    return await rig.terminal.open_batch() if rig.terminal.capabilities.batches else None


async def open_batch(rig: Rig) -> str | None:
    """The batch that the terminal reports with an approval, if its vendor has batches."""
    outcome = await rig.terminal.charge(an_attempt())
    assert isinstance(outcome, Approved)
    return outcome.approval.batch_number


async def movements(rig: Rig, attempt: Attempt) -> list[str]:
    return [entry.what for entry in await rig.journal(attempt.reference_id)]


def taken(rig: Rig) -> list[str]:
    """The journal of a charge whose money is taken, once."""
    return ["approved", "captured"] if rig.terminal.capabilities.auth_capture else ["approved"]


class ChargeConformance:
    async def test_an_approval_says_what_the_journal_says(self, rig: Rig) -> None:
        attempt = an_attempt()

        outcome = await rig.terminal.charge(attempt)

        assert isinstance(outcome, Approved)
        assert outcome.approval.approved_minor == 2750
        assert outcome.approval.captured is not rig.terminal.capabilities.auth_capture
        assert await rig.journal(attempt.reference_id) == [("approved", 2750)]

    @pytest.mark.parametrize("amount_minor", [1, 10, 29, 57, 110, 113, 9_999, 123_456_789])
    async def test_amounts_are_exact_to_the_last_cent(self, rig: Rig, amount_minor: int) -> None:
        attempt = an_attempt(amount_minor)

        outcome = await rig.terminal.charge(attempt)
        found = await rig.terminal.look_up(attempt)

        assert isinstance(outcome, Approved)
        assert outcome == found
        assert outcome.approval.approved_minor == amount_minor
        assert await rig.journal(attempt.reference_id) == [("approved", amount_minor)]

    async def test_a_tip_is_part_of_the_amount_and_not_added_to_it(self, rig: Rig) -> None:
        attempt = an_attempt(3000, tip_minor=250)

        outcome = await rig.terminal.charge(attempt)

        assert isinstance(outcome, Approved)
        assert await rig.journal(attempt.reference_id) == [("approved", 3000)]

    async def test_a_decline_is_a_decline_and_nothing_moved(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.DECLINE, Step.CHARGE)

        outcome = await rig.terminal.charge(attempt)

        assert isinstance(outcome, Declined)
        assert outcome.reason
        assert await rig.journal(attempt.reference_id) == []

    async def test_a_partial_approval_is_told_with_its_real_amount(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.PARTIAL, Step.CHARGE)

        outcome = await rig.terminal.charge(attempt)
        found = await rig.terminal.look_up(attempt)

        [(_, approved_minor)] = await rig.journal(attempt.reference_id)
        assert isinstance(outcome, PartiallyApproved)
        assert outcome == found
        assert outcome.approval.approved_minor == approved_minor < 2750

    async def test_a_busy_terminal_is_asked_again_with_the_same_reference(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.BUSY, Step.CHARGE)

        first = await rig.terminal.charge(attempt)
        second = await rig.terminal.charge(attempt)

        assert isinstance(first, NotSent)
        assert first.busy
        assert isinstance(second, Approved)
        assert await movements(rig, attempt) == ["approved"]

    async def test_an_offline_terminal_charges_nothing_and_leaves_no_lasting_doubt(self, rig: Rig) -> None:
        attempt = replace(an_attempt(), batch_number=await known_batch(rig))
        await rig.next(Behaviour.OFFLINE, Step.CHARGE)

        outcome = await rig.terminal.charge(attempt)
        once_back = await rig.terminal.look_up(long_after(rig, attempt))

        assert isinstance(outcome, NotSent | InDoubt)
        assert isinstance(once_back, NotSent)
        assert await rig.journal(attempt.reference_id) == []

    async def test_two_charges_in_the_air_do_not_mix(self, rig: Rig) -> None:
        attempts = [an_attempt(1100), an_attempt(2200)]

        outcomes = await asyncio.gather(*(rig.terminal.charge(attempt) for attempt in attempts))

        assert any(isinstance(outcome, Approved) for outcome in outcomes)
        for attempt, outcome in zip(attempts, outcomes, strict=True):
            journal = await rig.journal(attempt.reference_id)
            match outcome:
                case Approved(approval):
                    assert journal == [("approved", attempt.amount.amount_minor)]
                    assert approval.approved_minor == attempt.amount.amount_minor
                case _:
                    assert isinstance(outcome, NotSent)
                    assert journal == []

    async def test_a_vendor_that_nobody_can_connect_to_was_never_sent_anything(self, rig: Rig) -> None:
        terminal, attempt = rig.unreachable_terminal, an_attempt()

        assert isinstance(await terminal.charge(attempt), NotSent)
        assert isinstance(await terminal.refund(attempt), NotSent)
        assert isinstance(await terminal.void(attempt), NotSent)
        assert isinstance(await terminal.look_up(long_after(rig, attempt)), InDoubt)
        assert (await terminal.check_health()).status == "unreachable"


class LookUpConformance:
    @pytest.mark.parametrize("behaviour", ANSWERS_LOST)
    async def test_a_charge_whose_answer_is_lost_is_found(self, rig: Rig, behaviour: Behaviour) -> None:
        attempt = an_attempt()
        await rig.next(behaviour, Step.CHARGE)

        outcome = await rig.terminal.charge(attempt)
        found = await rig.terminal.look_up(attempt)

        assert isinstance(outcome, InDoubt)
        assert isinstance(found, Approved)
        assert await rig.journal(attempt.reference_id) == [("approved", found.approval.approved_minor)]

    async def test_a_charge_that_was_lost_on_its_way_is_not_found_until_that_is_proof(self, rig: Rig) -> None:
        attempt = replace(an_attempt(), batch_number=await known_batch(rig))
        await rig.next(Behaviour.LOSE_REQUEST, Step.CHARGE)

        outcome = await rig.terminal.charge(attempt)
        at_once = await rig.terminal.look_up(attempt)
        later = await rig.terminal.look_up(long_after(rig, attempt))

        assert isinstance(outcome, InDoubt)
        assert isinstance(at_once, InDoubt)
        assert isinstance(later, NotSent)
        assert await rig.journal(attempt.reference_id) == []

    @pytest.mark.parametrize("behaviour", [Behaviour.LOSE_REPLY, Behaviour.BUSY, Behaviour.OFFLINE])
    async def test_a_look_up_that_goes_wrong_denies_nothing(self, rig: Rig, behaviour: Behaviour) -> None:
        attempt = await approved_attempt(rig)
        await rig.next(behaviour, Step.LOOK_UP)

        assert isinstance(await rig.terminal.look_up(long_after(rig, attempt)), InDoubt)
        assert isinstance(await rig.terminal.look_up(long_after(rig, attempt)), Approved)

    async def test_an_absent_terminal_proves_nothing(self, rig: Rig) -> None:
        await rig.next(Behaviour.OFFLINE, Step.HEALTH)

        outcome = await rig.terminal.look_up(long_after(rig, an_attempt()))

        assert isinstance(outcome, InDoubt)

    async def test_an_approval_that_comes_late_is_denied_at_no_moment(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.LATE_APPROVAL, Step.CHARGE)

        outcomes = [await rig.terminal.charge(attempt)]
        async with asyncio.timeout(10):
            while isinstance(outcomes[-1], InDoubt):
                await asyncio.sleep(0.01)
                outcomes.append(await rig.terminal.look_up(attempt))

        assert isinstance(outcomes[0], InDoubt)
        assert isinstance(outcomes[-1], Approved)
        assert await movements(rig, attempt) == ["approved"]

    async def test_stopping_a_terminal_undoes_nothing(self, rig: Rig) -> None:
        attempt = await approved_attempt(rig)

        await rig.terminal.abort(attempt)
        await rig.unreachable_terminal.abort(attempt)

        assert isinstance(await rig.terminal.look_up(attempt), Approved)

    async def test_health_is_what_the_vendor_says(self, rig: Rig) -> None:
        await rig.next(Behaviour.OFFLINE, Step.HEALTH)

        statuses = [(await rig.terminal.check_health()).status for _ in range(2)]

        assert statuses == ["offline", "online"]


class FinishingConformance:
    async def test_a_void_undoes_once_however_often_it_is_asked(self, rig: Rig) -> None:
        attempt = await approved_attempt(rig)

        outcomes = [await rig.terminal.void(attempt) for _ in range(3)]
        found = await rig.terminal.look_up(attempt)

        for outcome in [*outcomes, found]:
            assert isinstance(outcome, Approved)
            assert outcome.approval.voided
        assert await movements(rig, attempt) == ["approved", "voided"]

    @pytest.mark.parametrize("behaviour", ANSWERS_LOST)
    async def test_a_void_whose_answer_is_lost_is_found_done(self, rig: Rig, behaviour: Behaviour) -> None:
        attempt = await approved_attempt(rig)
        await rig.next(behaviour, Step.VOID)

        outcomes = [await rig.terminal.void(attempt) for _ in range(2)]

        assert isinstance(outcomes[0], Approved | InDoubt)
        assert isinstance(outcomes[1], Approved)
        assert await movements(rig, attempt) == ["approved", "voided"]

    @pytest.mark.parametrize("behaviour", [Behaviour.LOSE_REQUEST, Behaviour.BUSY, Behaviour.OFFLINE])
    async def test_a_void_that_was_not_done_is_not_said_to_be(self, rig: Rig, behaviour: Behaviour) -> None:
        attempt = await approved_attempt(rig)
        await rig.next(behaviour, Step.VOID)

        first = await rig.terminal.void(attempt)
        after_the_first = await movements(rig, attempt)
        second = await rig.terminal.void(attempt)

        assert isinstance(first, InDoubt | NotSent)
        assert after_the_first == ["approved"]
        assert isinstance(second, Approved)
        assert await movements(rig, attempt) == ["approved", "voided"]

    async def test_a_partial_approval_can_be_voided(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.PARTIAL, Step.CHARGE)
        attempt = after(attempt, await rig.terminal.charge(attempt))

        assert isinstance(await rig.terminal.void(attempt), Approved)
        assert await movements(rig, attempt) == ["approved", "voided"]

    async def test_a_capture_takes_the_money_once_however_often_it_is_asked(self, rig: Rig) -> None:
        attempt = await approved_attempt(rig)

        outcomes = [await rig.terminal.capture(attempt) for _ in range(3)]
        found = await rig.terminal.look_up(attempt)

        for outcome in [*outcomes, found]:
            assert isinstance(outcome, Approved)
            assert outcome.approval.captured
        assert await movements(rig, attempt) == taken(rig)

    @pytest.mark.parametrize("behaviour", INTERRUPTIONS)
    async def test_a_capture_that_goes_wrong_is_made_good_once(self, rig: Rig, behaviour: Behaviour) -> None:
        attempt = await approved_attempt(rig)
        await rig.next(behaviour, Step.CAPTURE)

        outcomes = [await rig.terminal.capture(attempt)]
        async with asyncio.timeout(10):
            while not isinstance(outcomes[-1], Approved):
                assert isinstance(outcomes[-1], InDoubt | NotSent)
                await asyncio.sleep(0.01)
                outcomes.append(await rig.terminal.capture(attempt))

        assert await movements(rig, attempt) == taken(rig)

    async def test_all_of_a_partial_approval_can_be_captured(self, rig: Rig) -> None:
        attempt = an_attempt()
        await rig.next(Behaviour.PARTIAL, Step.CHARGE)
        attempt = after(attempt, await rig.terminal.charge(attempt))

        outcomes = [await rig.terminal.capture(attempt) for _ in range(2)]

        assert all(isinstance(outcome, Approved) for outcome in outcomes)
        assert await movements(rig, attempt) == taken(rig)

    async def test_a_captured_charge_can_be_voided(self, rig: Rig) -> None:
        attempt = await approved_attempt(rig)
        await rig.terminal.capture(attempt)

        assert isinstance(await rig.terminal.void(attempt), Approved)
        assert await movements(rig, attempt) == [*taken(rig), "voided"]

    async def test_a_void_charge_is_not_captured(self, rig: Rig) -> None:
        attempt = await approved_attempt(rig)
        await rig.terminal.void(attempt)

        outcome = await rig.terminal.capture(attempt)

        assert isinstance(outcome, Declined)
        assert await movements(rig, attempt) == ["approved", "voided"]

    async def test_a_refund_pays_back_under_its_own_reference(self, rig: Rig) -> None:
        charge, refund = await approved_attempt(rig), an_attempt(1000)

        outcome = await rig.terminal.refund(refund)

        assert isinstance(outcome, Approved)
        assert outcome.approval.approved_minor == 1000
        assert await rig.journal(refund.reference_id) == [("returned", 1000)]
        assert await movements(rig, charge) == ["approved"]

    async def test_a_refund_whose_answer_is_lost_is_found(self, rig: Rig) -> None:
        refund = an_attempt(1000)
        await rig.next(Behaviour.LOSE_REPLY, Step.REFUND)

        assert isinstance(await rig.terminal.refund(refund), InDoubt)
        assert isinstance(await rig.terminal.look_up(refund), Approved)
        assert await movements(rig, refund) == ["returned"]


class TerminalConformance(ChargeConformance, LookUpConformance, FinishingConformance):
    """The whole suite. Subclass it as `Test…` in a module with a fixture `rig`."""
