"""How a charge stands at the processor while its tip is being changed, read from an answer of the SPIn REST API."""

from dataclasses import dataclass
from enum import Enum, auto

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.terminals.spin_approval import is_voided, read_amounts
from ringup.terminals.spin_wire import Answer


class Stands(Enum):
    """What the processor's amount says."""

    CHANGED = auto()
    AS_BEFORE = auto()
    VOID = auto()
    OTHERWISE = auto()
    """It is neither the amount before nor the one that is wanted, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`tip` is what the processor has to be told so that the card pays the tip that is wanted; None if that cannot be.

    An authorisation's amount has the tip of the cart in it and names none: there the processor's tip is
    what comes on top, and cannot be less than nothing.
    """

    stands: Stands
    tip: Money | None = None


def standing(answer: Answer, attempt: Attempt, tip_minor: int) -> Standing:
    """Where the charge stands that had `attempt.tip_minor` and is to have `tip_minor`. A fee counts for nothing."""
    if is_voided(answer.record):
        return Standing(Stands.VOID)
    more = tip_minor - attempt.tip_minor
    before = attempt.amount
    amounts = read_amounts(answer.record, before)
    if amounts is None or amounts.covered_minor not in (before.amount_minor, before.amount_minor + more):
        return Standing(Stands.OTHERWISE)
    if amounts.covered_minor == before.amount_minor + more:
        return Standing(Stands.CHANGED)
    told = amounts.tip_minor + more
    return Standing(Stands.AS_BEFORE, Money(told, before.currency, before.exponent) if told >= 0 else None)
