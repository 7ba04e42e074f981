"""The day of a drill, before anything is started."""

from collections import Counter

import pytest

from ringup.cli.drill_terminals import rules_for
from ringup.simulator.drill_schedule import (
    PAIR_POINTS,
    RUSH_SALES,
    RUSH_STOCK,
    Blow,
    Trouble,
    make_schedule,
)
from ringup.simulator.spin_requests import Operation


def test_the_same_seed_is_the_same_day():
    first, second = make_schedule(7, 300), make_schedule(7, 300)

    assert first == second
    assert first.digest == second.digest


def test_the_day_of_seed_one_is_the_same_on_every_machine():
    schedule = make_schedule(1, 200)

    assert schedule.digest == "a7e11004f06299b7a69c18c4655cd76f70a8741a02ea64ade65d2fd22dbc6bc7"


def test_another_seed_is_another_day():
    assert make_schedule(1, 300).digest != make_schedule(2, 300).digest


@pytest.mark.parametrize("checkouts", [1, 7, 60, 1000])
def test_a_day_has_as_many_sales_as_were_asked_for(checkouts):
    sales = make_schedule(3, checkouts).sales

    assert [sale.number for sale in sales] == list(range(checkouts))


@pytest.mark.parametrize("seed", range(5))
def test_a_day_of_a_few_dozen_sales_has_every_trouble_and_every_blow(seed):
    schedule = make_schedule(seed, 60)

    assert {sale.trouble for sale in schedule.sales} == set(Trouble)
    assert {outage.blow for outage in schedule.outages} == set(Blow)


def test_most_sales_of_a_long_day_meet_no_trouble():
    troubles = Counter(sale.trouble for sale in make_schedule(1, 2000).sales)

    assert 0.7 < troubles[Trouble.NOTHING] / 2000 < 0.8
    assert troubles[Trouble.DECLINED] == 70


def test_those_who_want_the_last_goods_come_one_after_the_other():
    schedule = make_schedule(4, 400)
    rushes = Counter(sale.goods for sale in schedule.sales if sale.trouble is Trouble.LAST_GOODS)

    assert set(rushes.values()) == {RUSH_SALES}
    for goods in rushes:
        numbers = [sale.number for sale in schedule.sales if sale.goods == goods]
        assert numbers == list(range(numbers[0], numbers[0] + RUSH_SALES))
        assert schedule.goods[goods].stock == RUSH_STOCK


def test_two_sales_spend_the_last_points_of_one_customer():
    schedule = make_schedule(4, 400)
    pairs = [sale for sale in schedule.sales if sale.trouble is Trouble.LAST_POINTS]

    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        assert first.customer == second.customer
        assert second.number == first.number + 1
        assert schedule.customers[first.customer] == first.redeem_points == second.redeem_points == PAIR_POINTS


def test_every_sale_leaves_something_to_pay_for():
    schedule = make_schedule(5, 2000)

    assert min(schedule.due_minor(sale) for sale in schedule.sales) > 0


@pytest.mark.parametrize("checkouts", [1, 60, 1000])
def test_every_blow_falls_during_the_day(checkouts):
    schedule = make_schedule(6, checkouts)

    assert {outage.sale in range(checkouts) for outage in schedule.outages} == {True}


def test_faults_are_put_in_the_way_of_the_charge_at_one_terminal():
    rules = [rule for sale in make_schedule(1, 500).sales for rule in rules_for(sale, "RINGUP000001", Operation.AUTH)]

    assert {rule.tpn for rule in rules} == {"RINGUP000001"}
    assert {rule.path for rule in rules} == {Operation.AUTH}
