"""Whatever is taken off and whatever is raised: the parts come to the whole, and everybody is told the same."""

import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringup.db.calls.terms import TERMS

CURRENCIES = {"JPY": 0, "USD": 2, "KWD": 3}
PERCENTS = st.decimals(0, 100, places=4)
PRICES = st.one_of(st.integers(0, 3), st.integers(0, 500), st.integers(0, 5_000_000))
RATES = st.lists(
    st.fixed_dictionaries(
        {
            "percent": st.decimals(0, 30, places=4),
            "included": st.booleans(),
            "compound": st.booleans(),
            "categories": st.sampled_from([["standard"], ["food"], ["standard", "food"]]),
        }
    ),
    max_size=4,
)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "price": PRICES,
            "quantity": st.integers(1, 9),
            "category": st.sampled_from(["standard", "food", "untaxed"]),
            "off": st.one_of(st.none(), PERCENTS, st.integers(0, 200)),
        }
    ),
    min_size=1,
    max_size=8,
)
OFF_THE_SALE = st.lists(st.one_of(PERCENTS, st.integers(1, 500)), max_size=2)
COUPONS = st.lists(st.one_of(st.decimals("0.0001", 100, places=4), st.integers(1, 500)), max_size=2)
POINTS = st.integers(0, 200)
TOTAL = f"""
    select to_jsonb(c) from ringup.total_cart(
        %(vendor)s, %(location)s, %(customer)s, %(skus)s::text[],
        array_fill(null::uuid, array[cardinality(%(skus)s::text[])]),
        %(quantities)s::bigint[], %(discounts)s::bigint[], null, %(points)s::integer, 0, {TERMS}) as c
"""


@pytest.fixture(scope="module")
def till(shared_database):
    """A plain connection, with a vendor, a store and a customer in each currency; everything is undone."""
    with psycopg.connect(shared_database.url()) as connection:
        vendors = {}
        for code in CURRENCIES:
            vendor = vendors[code] = {"vendor": uuid.uuid4(), "location": uuid.uuid4(), "customer": uuid.uuid4()}
            connection.execute("select ringup.create_vendor(%(vendor)s, 'Shop', %(c)s, 'UTC')", vendor | {"c": code})
            connection.execute("select ringup.create_location(%(vendor)s, %(location)s, 'T1', 'Here')", vendor)
            connection.execute(
                "select ringup.save_customer(%(vendor)s, %(customer)s, 'Grace', 'H', null, null, true)", vendor
            )
            connection.execute("select ringup.set_programme(%(vendor)s, 1, 1, 'Ada')", vendor)
        yield connection, vendors
        connection.rollback()


def set_up(connection, shop, lines, rates, rounding, coupons) -> None:
    for number, line in enumerate(lines):
        connection.execute(
            "select ringup.save_product(%s, %s, %s, null, 'Thing', null, %s, false, true, 'Ada', %s)",
            [shop["vendor"], uuid.uuid4(), f"SKU-{number}", line["price"], line["category"]],
        )
    for number, rate in enumerate(rates):
        connection.execute(
            "select ringup.set_tax_rate(%s, %s, 'Tax', %s, %s, %s, %s, %s::text[], null, true, null,"
            " null, null, 'Ada')",
            [
                *(shop["vendor"], f"R{number}", rate["percent"], rate["included"], rate["compound"], number + 1),
                rate["categories"],
            ],
        )
    connection.execute("select ringup.set_price_settings(%s, %s, null, null, 'Ada')", [shop["vendor"], rounding])
    for number, coupon in enumerate(coupons):
        amount, percent = (coupon, None) if isinstance(coupon, int) else (None, coupon)
        connection.execute(
            "select ringup.save_coupon(%s, %s, %s, 'Coupon', '2020-01-01Z', null, 0, %s, %s::numeric, null, null,"
            " null, null, 'Ada')",
            [shop["vendor"], uuid.uuid4(), f"C{number}", amount, percent],
        )


def asked_for(shop, lines, off, coupons, points, *, exempt) -> dict[str, Any]:
    amounts = [each if isinstance(each, int) else None for each in off]
    percents = [each if isinstance(each, Decimal) else None for each in off]
    return shop | {
        "skus": [f"SKU-{number}" for number in range(len(lines))],
        "quantities": [line["quantity"] for line in lines],
        "discounts": [
            min(line["off"], line["price"] * line["quantity"]) if isinstance(line["off"], int) else None
            for line in lines
        ],
        "points": points,
        "percents": [line["off"] if isinstance(line["off"], Decimal) else None for line in lines],
        "line_reasons": None,
        "discount_amounts": amounts or None,
        "discount_percents": percents or None,
        "discount_reasons": ["goodwill"] * len(off) or None,
        "coupons": [f"C{number}" for number in range(len(coupons))] or None,
        "exemption_reason": "resale" if exempt else None,
        "exemption_certificate": "R-1" if exempt else None,
        "staff_id": None,
        "approval_ids": None,
    }


def total_of(connection, asked) -> dict[str, Any] | None:
    """None where more is taken off than there is: that is refused, and another test's matter."""
    try:
        with connection.transaction():
            return connection.execute(TOTAL, asked).fetchone()[0]
    except psycopg.Error as refused:
        if refused.sqlstate in ("RU205", "RU206", "RU213"):
            return None
        raise


def the_parts_come_to_the_whole(cart) -> None:
    lines = cart["lines"]

    def of_lines(name: str) -> int:
        return sum(line[name] for line in lines)

    assert of_lines("discount_minor") + cart["points_value_minor"] == cart["discount_minor"]
    assert of_lines("discount_minor") == sum(discount["amount_minor"] for discount in cart["discounts"])
    assert of_lines("points_value_minor") == cart["points_value_minor"]
    assert of_lines("tax_minor") == cart["tax_minor"] == sum(tax["tax_minor"] for tax in cart["taxes"])
    assert of_lines("tax_included_minor") == cart["tax_included_minor"]
    assert of_lines("total_minor") - cart["points_value_minor"] == cart["total_minor"]
    for number, line in enumerate(lines, start=1):
        gross = line["unit_price_minor"] * line["quantity"]
        added = line["tax_minor"] - line["tax_included_minor"]
        assert line["total_minor"] == gross - line["discount_minor"] + added
        assert line["tax_minor"] == sum(tax["tax_minor"] for tax in cart["taxes"] if tax["line_number"] == number)
        assert 0 <= line["discount_minor"] <= gross
        assert 0 <= line["points_value_minor"] <= gross - line["discount_minor"]
        assert line["tax_included_minor"] >= 0
    assert 0 <= cart["discount_minor"] <= cart["subtotal_minor"]
    assert cart["total_minor"] >= 0


def exact_taxes(lines, rates) -> dict[tuple[int, int], Fraction]:
    """By line and rate, reckoned another way: with fractions, from what each line costs after everything."""
    exact: dict[tuple[int, int], Fraction] = {}
    order = sorted(range(len(rates)), key=lambda number: (not rates[number]["included"], number))
    for number, (line, price) in enumerate(lines):
        parts: dict[int, Fraction] = {}
        for at in order:
            if line["category"] in rates[at]["categories"]:
                on = 1 + sum(parts.values()) if rates[at]["compound"] else 1
                parts[at] = Fraction(rates[at]["percent"]) / 100 * on
        net = Fraction(price) / (1 + sum(part for at, part in parts.items() if rates[at]["included"]))
        exact |= {(number, at): net * part for at, part in parts.items()}
    return exact


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("rounding", ["line", "order"])
@settings(deadline=None, max_examples=60)
@given(lines=LINES, rates=RATES, off=OFF_THE_SALE, coupons=COUPONS, points=POINTS, exempt=st.booleans())
def test_parts_come_to_the_whole(till, currency, rounding, lines, rates, off, coupons, points, exempt) -> None:
    connection, vendors = till
    shop = vendors[currency]
    with connection.transaction(force_rollback=True):
        set_up(connection, shop, lines, rates, rounding, coupons)
        cart = total_of(connection, asked_for(shop, lines, off, coupons, points, exempt=exempt))
    assume(cart is not None)

    the_parts_come_to_the_whole(cart)
    prices = [
        line["unit_price_minor"] * line["quantity"] - line["discount_minor"] - line["points_value_minor"]
        for line in cart["lines"]
    ]
    if exempt:
        assert cart["taxes"] == [] and cart["tax_minor"] == 0
        return
    exact = exact_taxes(list(zip(lines, prices, strict=True)), rates)
    found = {(tax["line_number"] - 1, int(tax["code"][1:])): tax["tax_minor"] for tax in cart["taxes"]}
    assert set(found) == set(exact)
    assert all(abs(found[cell] - exact[cell]) < 1 for cell in exact)
    if rounding == "line":
        assert all(abs(found[cell] - exact[cell]) <= Fraction(1, 2) for cell in exact)
    for at in range(len(rates)):
        of_rate = [cell for cell in exact if cell[1] == at]
        if rounding == "order" and of_rate:
            assert abs(sum(found[cell] for cell in of_rate) - sum(exact[cell] for cell in of_rate)) <= Fraction(1, 2)
