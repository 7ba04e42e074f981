"""Whatever the cart, the currency and the programme: no point is lost between the lines, and none is made."""

import uuid
from decimal import ROUND_FLOOR, Decimal

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

CURRENCIES = {"JPY": 0, "USD": 2, "KWD": 3}
VENDORS = {code: uuid.uuid4() for code in CURRENCIES}
CUSTOMER = uuid.uuid4()

RATES = st.decimals(min_value=0, max_value=100, places=4)
FACTORS = st.decimals(min_value=1, max_value=9, places=3)
LINES = st.lists(
    st.tuples(st.integers(0, 500_000), st.integers(1, 9), st.sampled_from(["Drinks", "Crockery", None])),
    min_size=1,
    max_size=12,
)
EARN = """
    with cart as (
        select array_agg(
                   row(%(product)s::uuid, 'SKU', 'Thing', l.quantity, l.total, 0, l.total, false, 0, l.category, 0, 0,
                       'standard', l.total, 0, l.value)::ringup.priced_line order by l.number) as lines
          from unnest(%(totals)s::bigint[], %(quantities)s::bigint[], %(categories)s::text[],
                      ringup.spread(%(value)s::bigint, %(totals)s::bigint[]))
               with ordinality as l (total, quantity, category, value, number)
    )
    select p.points, p.problem,
           array(select l.points_to_earn from unnest(p.lines) with ordinality as l order by l.ordinality),
           array(select l.points_redeemed from unnest(p.lines) with ordinality as l order by l.ordinality)
      from cart,
           ringup.promise_points(%(vendor)s, %(customer)s, cart.lines, %(redeemed)s::integer) as p
"""


@pytest.fixture(scope="module")
def till(shared_database):
    """A plain connection, with a vendor in each currency; everything is undone."""
    with psycopg.connect(shared_database.url()) as connection:
        for code, vendor in VENDORS.items():
            connection.execute("select ringup.create_vendor(%s, 'Corner Shop', %s, 'UTC')", [vendor, code])
            connection.execute(
                "select ringup.save_customer(%s, %s, 'Grace', 'H', null, null, true)", [vendor, CUSTOMER]
            )
        yield connection
        connection.rollback()


def promise(till, vendor, lines, *, redeemed=0, value=0):
    totals, quantities, categories = (list(column) for column in zip(*lines, strict=True))
    return till.execute(
        EARN,
        {
            "vendor": vendor,
            "customer": CUSTOMER,
            "product": uuid.uuid4(),
            "totals": totals,
            "quantities": quantities,
            "categories": categories,
            "redeemed": redeemed,
            "value": value,
        },
    ).fetchone()


@pytest.mark.parametrize("currency", CURRENCIES)
@settings(deadline=None, max_examples=60)
@given(data=st.data(), lines=LINES, rate=RATES, per_order=st.integers(0, 50))
def test_a_simple_programme_grants_what_the_function_for_everybody_says(till, currency, data, lines, rate, per_order):
    due = sum(total for total, _, _ in lines)
    value = data.draw(st.integers(0, due))
    redeemed = data.draw(st.integers(1, 1000)) if value else 0
    paid = Decimal(due - value).scaleb(-CURRENCIES[currency])

    with till.transaction(force_rollback=True):
        till.execute(
            "select ringup.set_programme(%s, %s::numeric, 1, 'Ada', p_points_per_order => %s)",
            [VENDORS[currency], rate, per_order],
        )
        points, problem, earned, parts = promise(till, VENDORS[currency], lines, redeemed=redeemed, value=value)
        said = till.execute(
            "select ringup.calculate_loyalty_points_to_earn(%s, %s)", [VENDORS[currency], paid]
        ).fetchone()[0]

    by_hand = int((paid * rate).to_integral_value(ROUND_FLOOR)) + (per_order if paid else 0)
    assert problem is None
    assert points == sum(earned) == said == by_hand
    assert min(earned) >= 0
    assert sum(parts) == (redeemed if due else 0) and min(parts) >= 0


@pytest.mark.parametrize("currency", CURRENCIES)
@settings(deadline=None, max_examples=60)
@given(
    lines=LINES,
    rate=RATES,
    drinks=RATES,
    per_item=st.integers(0, 9),
    times=FACTORS,
    for_drinks=FACTORS,
    bonus=st.integers(0, 500),
)
@example(
    lines=[(1, 1, None)] * 3,
    rate=Decimal("33.3333"),
    drinks=Decimal(1),
    per_item=0,
    times=Decimal(3),
    for_drinks=Decimal(1),
    bonus=1,
)
def test_rules_and_campaigns_lose_no_point_between_the_lines(
    till, currency, lines, rate, drinks, per_item, times, for_drinks, bonus
):
    with till.transaction(force_rollback=True):
        till.execute(
            "select ringup.set_programme(%s, %s::numeric, 1, 'Ada', p_rule_products => '{null}',"
            " p_rule_categories => '{Drinks}', p_rule_points_per_unit => %s::numeric[],"
            " p_rule_points_per_item => %s::integer[])",
            [VENDORS[currency], rate, [drinks], [per_item]],
        )
        for factor, gift, category in ((times, 0, None), (for_drinks, bonus, "Drinks")):
            if factor > 1 or gift > 0:
                till.execute(
                    "select ringup.save_campaign(%s, %s, 'More', now() - interval '1 day', now() + interval '1 day',"
                    " %s::numeric, %s::integer, null, %s, 0, null, 'Ada')",
                    [VENDORS[currency], uuid.uuid4(), factor, gift, category],
                )
        points, problem, earned, _ = promise(till, VENDORS[currency], lines)

    exact, drinks_paid = Decimal(0), 0
    for total, quantity, category in lines:
        is_drink = category == "Drinks"
        plain = Decimal(total).scaleb(-CURRENCIES[currency]) * (drinks if is_drink else rate)
        plain += per_item * quantity if is_drink else 0
        exact += plain * (max(times, for_drinks) if is_drink else times) if total else 0
        drinks_paid += total if is_drink else 0
    assert problem is None
    assert points == sum(earned) == int(exact.to_integral_value(ROUND_FLOOR)) + (bonus if drinks_paid else 0)
    assert min(earned) >= 0


@settings(deadline=None, max_examples=100)
@given(whole=st.integers(0, 10**12), weights=st.lists(st.integers(0, 10**12), max_size=30))
def test_parts_come_to_the_whole_and_none_is_a_unit_from_its_share(till, whole, weights):
    parts = till.execute("select ringup.spread(%s::bigint, %s::bigint[])", [whole, weights]).fetchone()[0]

    everything = sum(weights)
    assert sum(parts) == (whole if everything else 0)
    assert len(parts) == len(weights)
    assert all(
        abs(part * everything - whole * weight) < everything
        for part, weight in zip(parts, weights, strict=True)
        if everything
    )
