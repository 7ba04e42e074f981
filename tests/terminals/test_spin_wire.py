"""Amounts pass the SPIn wire in both directions without losing or making a cent."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringup.domain.money import AMOUNT_MINOR_MAX, Money
from ringup.domain.outcome import InDoubt
from ringup.terminals.spin_wire import encode, read_amount, read_answer

MONEY = st.builds(
    Money, st.integers(0, AMOUNT_MINOR_MAX), st.just("USD"), exponent=st.integers(min_value=0, max_value=4)
)
CENTS = Money(0, "USD")


@given(MONEY)
def test_an_amount_is_written_digit_by_digit(money):
    written = encode({"Amount": money}).decode()

    assert json.loads(written, parse_float=Decimal, parse_int=Decimal)["Amount"] == money.major
    assert re.fullmatch(rf'{{"Amount":\d+(\.\d{{{money.exponent}}})?}}', written)


@given(MONEY)
def test_an_amount_that_comes_back_is_the_amount_that_left(money):
    text = encode({"Amount": money})

    assert read_amount(json.loads(text, parse_float=Decimal)["Amount"], money) == money.amount_minor


@given(st.integers(0, 10**11))
def test_a_vendor_that_writes_floats_is_read_to_the_cent(cents):
    text = json.dumps({"TotalAmount": cents / 100})

    assert read_amount(json.loads(text, parse_float=Decimal)["TotalAmount"], CENTS) == cents


@pytest.mark.parametrize(
    ("minor", "text"),
    [(2750, "27.50"), (10, "0.10"), (1, "0.01"), (0, "0.00"), (100, "1.00"), (10**12, "10000000000.00")],
)
def test_dollars_are_written_with_two_decimals(minor, text):
    assert encode({"Amount": Money(minor, "USD")}) == b'{"Amount":' + text.encode() + b"}"


@given(st.dictionaries(st.text(), st.text() | st.integers()))
def test_other_members_are_written_as_json(members):
    assert json.loads(encode(members)) == members


@pytest.mark.parametrize("text", ["27.505", "1e99", "1e999999", "-1e99", "NaN", "Infinity", "true", '"1"', "[]"])
def test_what_is_not_an_exact_amount_is_none(text):
    assert read_amount(json.loads(text, parse_float=Decimal), CENTS) is None


@given(st.binary())
def test_no_answer_is_too_strange_to_read(body):
    assert isinstance(read_answer(body), InDoubt)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["GeneralResponse", "Amounts"]), inner),
        max_leaves=8,
    )
)
def test_no_json_without_a_status_code_is_an_answer(value):
    assert isinstance(read_answer(json.dumps(value).encode()), InDoubt)


def test_a_number_that_no_decimal_holds_is_not_an_answer():
    body = b'{"GeneralResponse":{"StatusCode":"0000"},"Amounts":{"TotalAmount":1e9999999999999999999}}'

    assert isinstance(read_answer(body), InDoubt)
