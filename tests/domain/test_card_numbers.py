"""What looks like a card number, and what only resembles one."""

import string
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringup.domain.card_numbers import MASK, contains_card_number, mask_card_numbers

PREFIXES = [
    "4",
    "51",
    "55",
    "2221",
    "2720",
    "34",
    "37",
    "6011",
    "644",
    "649",
    "65",
    "3528",
    "3589",
    "30",
    "36",
    "38",
    "62",
]


def check_digit(digits: str) -> str:
    """The digit that makes a number satisfy Luhn's formula, by trying all ten."""
    for last in string.digits:
        values = [int(digit) for digit in digits + last][::-1]
        doubled = [sum(map(int, str(2 * value))) for value in values[1::2]]
        if (sum(values[::2]) + sum(doubled)) % 10 == 0:
            return last
    raise AssertionError("one of ten digits always fits")


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(PREFIXES))
    length = draw(st.integers(14, 19))
    middle = draw(st.text(string.digits, min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    return prefix + middle + check_digit(prefix + middle)


@given(card_numbers())
def test_every_card_number_is_found_and_masked(number):
    assert contains_card_number(number)
    assert mask_card_numbers(f"card: {number}.") == f"card: {MASK}."


@given(card_numbers(), st.data())
def test_spaces_and_dashes_between_digits_hide_nothing(number, data):
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-"]), min_size=len(number), max_size=len(number)))
    spread = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True)).rstrip(" -")

    assert contains_card_number(f"({spread})")


@given(card_numbers(), st.sampled_from(["０", "٠", "०", "𝟎"]))
def test_digits_of_other_scripts_hide_nothing(number, zero):
    assert contains_card_number("".join(chr(ord(zero) + int(digit)) for digit in number))


@given(card_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_card_number(number, shift):
    wrong = number[:-1] + str((int(number[-1]) + shift) % 10)

    assert not contains_card_number(wrong)


@given(card_numbers(), st.sampled_from([*string.ascii_letters, "-", "7"]))
def test_a_part_of_a_longer_token_is_no_card_number(number, neighbour):
    assert not contains_card_number(f"{neighbour}{number}x")


@given(st.uuids())
def test_a_uuid_is_no_card_number(identifier):
    assert not contains_card_number(str(identifier))
    assert not contains_card_number(identifier.hex + "-a")


@given(st.text())
def test_a_masked_text_has_no_card_number_left_and_masking_again_changes_nothing(text):
    masked = mask_card_numbers(text)

    assert not contains_card_number(masked)
    assert mask_card_numbers(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "12 4111 1111 1111 1111 99",
        "pan=4111111111111111;",
        "3782 822463 10005",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111–1111–1111–1111",
        "first 5555555555554444 then 4111111111111111",
    ],
)
def test_card_numbers_in_a_sentence_are_found(text):
    assert contains_card_number(text)
    assert "1111" not in mask_card_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4006381333931",
        "4111  1111  1111  1111",
        "ref-4111111111111111",
        "1234567890123456",
        "0000000000000000",
        "41111111111111111111111111111111",
        "12345678-1234-1234-1234-123456789012",
        str(uuid.UUID(int=4111111111111111)),
    ],
)
def test_what_only_resembles_one_is_left_alone(text):
    assert not contains_card_number(text)
    assert mask_card_numbers(text) == text


@pytest.mark.parametrize("text", ["1 " * 100_000, "1-" * 100_000 + "x", "4" * 200_000 + "x", "4 " * 100_000])
def test_a_long_text_takes_no_longer_than_its_length(text):
    began = time.perf_counter()

    contains_card_number(text)

    # By the square of its length it would be minutes; a busy machine needs seconds.
    assert time.perf_counter() - began < 30
