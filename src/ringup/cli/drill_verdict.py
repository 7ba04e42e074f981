"""Whether ringup kept its promise in a drill: what may fail, and every invariant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ringup.cli.drill_floor import Told
from ringup.cli.drill_score import Failure, Score
from ringup.db.reads.audit import Violation
from ringup.db.reads.drill import Unsettled
from ringup.simulator.drill_schedule import Schedule, Trouble

GENUINE, REFUSED, RED = "genuine decline", "refused before charging", "terminal known red"
DECLINING = {Trouble.DECLINED, Trouble.CUSTOMER_CANCELS, Trouble.APPROVED_IN_PART}
NEVER_CHARGED = {"terminal_in_doubt", "terminal_busy", "payment_not_sent", "checkout_expired"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kinds` counts the failures that may be; `broken` says in a sentence each what may not."""

    kinds: Counter[str]
    broken: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        return not self.broken


def judge(
    schedule: Schedule,
    score: Score,
    violations: Sequence[tuple[str, Violation]],
    answers: Sequence[tuple[Told, Told]],
    stuck: Sequence[Unsettled] = (),
) -> Verdict:
    """`answers` are pairs of what a cashier was told, and what the same key said when the day was over.

    `stuck` are the orders that the score counts as such, for what there is to say of each.
    """
    kinds: Counter[str] = Counter()
    broken = [
        f"{count} {what}"
        for what, count in (
            ("orphaned payments", score.orphaned_payments),
            ("double charges", score.double_charges),
            ("oversold units", score.oversold_units),
            ("points out of balance", score.points_out_of_balance),
            ("stuck orders", score.stuck_orders),
            ("internal errors", score.internal_errors),
        )
        if count
    ]
    for failure in score.failures:
        kind = kind_of(schedule, failure)
        if kind:
            kinds[kind] += 1
        else:
            broken.append(_sentence(schedule, failure))
    broken += (f"{each.idempotency_key} is stuck: {each}" for each in stuck)
    broken += (f"{name}: {found.subject} {found.subject_id}: {found.problem}" for name, found in violations)
    broken += (
        f"sale {first.sale}: its key said {_answer(first)}, and later {_answer(later)}"
        for first, later in answers
        if (first.status, first.code, first.checkout_id) != (later.status, later.code, later.checkout_id)
    )
    return Verdict(kinds, tuple(broken))


def _answer(told: Told) -> str:
    return f"{told.status} {told.code or told.result} for {told.checkout_id}"


def kind_of(schedule: Schedule, failure: Failure) -> str:
    """Which of the failures that may be this is; empty if it may not be."""
    trouble = schedule.sales[failure.sale].trouble
    if failure.wrong:
        return ""
    match failure.code:
        case "card_declined" | "partially_approved" if trouble in DECLINING:
            return GENUINE
        case "card_declined" if trouble is Trouble.TERMINAL_HUNG:
            # It said "cancelled", and was started anew before it could be asked what that meant.
            return REFUSED
        case "insufficient_stock" if trouble is Trouble.LAST_GOODS:
            return REFUSED
        case "insufficient_points" if trouble is Trouble.LAST_POINTS:
            return REFUSED
        case code if code in NEVER_CHARGED:
            return REFUSED
        case "terminal_offline":
            return RED
        case _:
            return ""


def _sentence(schedule: Schedule, failure: Failure) -> str:
    trouble = schedule.sales[failure.sale].trouble.value
    return f"sale {failure.sale} ({trouble}) failed: {' '.join((failure.code, failure.wrong)).strip()}"
