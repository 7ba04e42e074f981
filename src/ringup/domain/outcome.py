"""What a terminal can tell us about one request. Five answers, no others.

A timeout is never `Declined`. An answer we do not recognise is `InDoubt`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """What the processor said about money that moved. Amounts are minor units.

    `approved_minor` includes the tip. `captured` is False where the processor only
    set the money aside and wants a capture later.
    """

    approved_minor: int
    tip_minor: int = 0
    captured: bool = True
    voided: bool = False
    auth_code: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    batch_number: str | None = None
    transaction_number: str | None = None
    host_reference: str | None = None


@dataclass(frozen=True, slots=True)
class ListedCharge:
    """One entry of the processor's own list. `is_charge` is False for what paid money back."""

    reference_id: str
    approval: Approval
    is_charge: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """The money moved (or was set aside), all of it."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class PartiallyApproved:
    """The money moved, but less than was asked for. The difference is the caller's to settle."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class Declined:
    """The money did not move, and the bank or the customer said so. `code` is the vendor's own."""

    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request was never carried out: it did not leave, or the vendor refused it unexecuted.

    `busy` says that the same request may be sent again later (after
    `retry_after_seconds` where the vendor names a time): nothing is wrong but the moment.
    """

    reason: str
    code: str | None = None
    busy: bool = False
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """We do not know. Only evidence settles it; asking for the money again may take it twice.

    `proof_in_seconds`: when a look-up can first prove that nothing was charged, where that is known.
    `unanswerable`: a look-up can no longer prove it, ever; a person has to find out.
    """

    reason: str
    code: str | None = None
    proof_in_seconds: float | None = None
    unanswerable: bool = False


Outcome = Approved | PartiallyApproved | Declined | NotSent | InDoubt
