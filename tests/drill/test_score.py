"""How a day is judged: every way in which a sale can end wrongly is seen."""

from dataclasses import replace

import pytest

from ringup.cli.drill_floor import Told
from ringup.cli.drill_score import Booked, Evidence, Taken, score
from ringup.cli.drill_verdict import judge
from ringup.db.reads.audit import Violation
from ringup.db.reads.drill import Unsettled
from ringup.simulator.drill_schedule import Goods, Sale, Schedule, Trouble

PRICE = 1000
SCHEDULE = Schedule(
    seed=0,
    goods=(Goods(PRICE, stock=1),),
    customers=(100,),
    sales=(
        Sale(0, 0, 1, 0, 0, 0.1, Trouble.NOTHING, 0.5),
        Sale(1, 0, 1, 0, 0, 0.1, Trouble.DECLINED, 0.5),
    ),
    outages=(),
    hitches=(),
)
TOLD = [Told(0, "paid", status=201, checkout_id="a"), Told(1, "failed", "card_declined", 402, "b")]
GOOD = Evidence(
    taken=[Taken("first", PRICE)],
    booked=[Booked(0, ("first",), points_earned=10)],
    sale_of={"first": 0, "second": 0, "third": 1},
    points=[110],
    stuck_orders=0,
)


def broken(evidence: Evidence, told: list[Told] = TOLD) -> list[str]:
    return list(judge(SCHEDULE, score(SCHEDULE, told, evidence), [], []).broken)


def test_a_sale_and_a_decline_are_a_good_day():
    figures = score(SCHEDULE, TOLD, GOOD)
    verdict = judge(SCHEDULE, figures, [], [])

    assert (figures.completed, figures.cancelled, len(figures.failures)) == (1, 0, 1)
    assert figures.failure_rate == 0.5
    assert dict(figures.causes) == {"card declined": 1}
    assert dict(verdict.kinds) == {"genuine decline": 1}
    assert verdict.is_kept


def test_money_without_an_order_is_seen():
    evidence = replace(GOOD, taken=[*GOOD.taken, Taken("third", PRICE)])

    assert broken(evidence) == [
        "1 orphaned payments",
        "sale 1 (card declined) failed: card_declined charged without an order",
    ]


def test_money_that_no_attempt_explains_is_seen():
    evidence = replace(GOOD, taken=[*GOOD.taken, Taken("from nowhere", PRICE)])

    assert broken(evidence) == ["1 orphaned payments"]


def test_a_second_charge_is_seen():
    evidence = replace(GOOD, taken=[*GOOD.taken, Taken("second", PRICE)])
    figures = score(SCHEDULE, TOLD, evidence)

    assert (figures.double_charges, figures.orphaned_payments, figures.wrongly_taken_minor) == (1, 1, PRICE)
    assert "1 double charges" in broken(evidence)


def test_an_order_without_money_is_seen():
    assert broken(replace(GOOD, taken=[])) == ["sale 0 (nothing) failed: order without money"]


def test_an_order_that_the_cashier_was_not_told_of_is_seen():
    told = [replace(TOLD[0], result="unknown"), TOLD[1]]

    assert broken(GOOD, told) == ["sale 0 (nothing) failed: an order, and the cashier was told unknown"]


def test_a_charge_of_another_amount_is_seen():
    assert broken(replace(GOOD, taken=[Taken("first", PRICE - 1)])) != []


def test_goods_that_are_sold_twice_are_seen():
    evidence = replace(
        GOOD,
        taken=[*GOOD.taken, Taken("third", PRICE)],
        booked=[*GOOD.booked, Booked(1, ("third",))],
    )
    told = [TOLD[0], Told(1, "paid", status=201)]

    assert "1 oversold units" in broken(evidence, told)


@pytest.mark.parametrize("points", [109, 111])
def test_points_that_the_orders_do_not_explain_are_seen(points):
    assert broken(replace(GOOD, points=[points])) == ["1 points out of balance"]


def test_what_never_ends_is_seen_and_where_it_stands_is_said():
    stuck = Unsettled("drill-1-7", "payment_failed", ["card voiding after 7 checks, again in 260 s: no answer"])

    verdict = judge(SCHEDULE, score(SCHEDULE, TOLD, replace(GOOD, stuck_orders=1)), [], [], [stuck])

    assert verdict.broken == (
        "1 stuck orders",
        "drill-1-7 is stuck: payment_failed; card voiding after 7 checks, again in 260 s: no answer",
    )


def test_a_bug_of_ours_is_seen_even_if_the_till_asked_again():
    assert broken(GOOD, [replace(TOLD[0], reasons=("internal_error",)), TOLD[1]]) == ["1 internal errors"]


def test_a_decline_that_no_bank_gave_is_seen():
    told = [Told(0, "failed", "card_declined"), TOLD[1]]
    evidence = replace(GOOD, taken=[], booked=[], points=[100])

    assert broken(evidence, told) == ["sale 0 (nothing) failed: card_declined"]


def test_an_answer_that_changes_is_seen():
    later = replace(TOLD[0], checkout_id="c")
    verdict = judge(SCHEDULE, score(SCHEDULE, TOLD, GOOD), [], [(TOLD[0], later), (TOLD[1], TOLD[1])])

    assert verdict.broken == ("sale 0: its key said 201 paid for a, and later 201 paid for c",)


def test_what_the_audit_finds_is_seen():
    found = Violation(None, "order", "x", "is wrong")
    verdict = judge(SCHEDULE, score(SCHEDULE, TOLD, GOOD), [("I3", found)], [])

    assert verdict.broken == ("I3: order x: is wrong",)


def test_a_sale_called_off_as_wished_is_no_failure():
    told = [TOLD[0], Told(1, "cancelled", "checkout_cancelled")]
    figures = score(SCHEDULE, told, GOOD)

    assert (figures.cancelled, figures.failures) == (1, ())


def test_a_charge_after_the_sale_was_called_off_is_a_failure():
    told = [TOLD[0], Told(1, "cancelled")]
    evidence = replace(GOOD, taken=[*GOOD.taken, Taken("third", PRICE)], booked=[*GOOD.booked, Booked(1, ("third",))])

    assert [failure.wrong for failure in score(SCHEDULE, told, evidence).failures] != [""]
