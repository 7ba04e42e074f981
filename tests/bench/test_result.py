"""What a benchmark says is what was measured, and a promise is met or it is not."""

import xml.etree.ElementTree as ElementTree

import pytest

from ringup.cli.bench.picture import draw
from ringup.cli.bench.report import document
from ringup.cli.bench.result import Found, Promise, Result, figure, quantile

MEMORY = Promise("memory", "MB", 400, 399.5)
RATE = Promise("rate", "× TPC-B", 0.3, 0.29, at_most=False)


@pytest.mark.parametrize(
    ("promise", "is_met"),
    [
        (Promise("at most", "MB", 400, 400), True),
        (Promise("at most", "MB", 400, 400.1), False),
        (Promise("at least", "×", 0.3, 0.3, at_most=False), True),
        (Promise("at least", "×", 0.3, 0.2999, at_most=False), False),
        (Promise("none", "", 0, 0), True),
        (Promise("none", "", 0, 1), False),
    ],
    ids=["up to the bound", "beyond it", "down to the bound", "below it", "none lost", "one lost"],
)
def test_a_promise_is_met_up_to_its_bound(promise, is_met):
    assert promise.is_met is is_met


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([7.0], 0.99, 7.0), ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0), (list(range(1, 101)), 0.99, 99)],
    ids=["nothing", "one value", "half of four", "99 of 100"],
)
def test_a_quantile_is_a_value_that_was_measured(values, share, expected):
    assert quantile(values, share) == expected


@pytest.mark.parametrize(
    ("value", "text"), [(0.0437, "0.0437"), (12.345, "12.3"), (1819.4, "1,819"), (20.0, "20"), (0.0, "0")]
)
def test_a_figure_has_as_many_digits_as_say_something(value, text):
    assert figure(value) == text


def test_a_broken_invariant_fails_a_scenario_that_kept_its_promise():
    kept = Result("waiting", Found((MEMORY,), {}), (), 1.0)
    broken = Result("waiting", Found((MEMORY,), {}), ("I1: order 1: charged for nothing",), 1.0)

    assert (kept.is_ok, broken.is_ok) == (True, False)
    assert document([kept])["ok"] is True
    assert document([kept, broken])["ok"] is False


def test_the_picture_tells_every_promise_to_those_who_cannot_see_it(tmp_path):
    picture = tmp_path / "bench.svg"

    draw([Result("waiting", Found((MEMORY, RATE), {}), (), 1.0)], picture)

    told = ElementTree.parse(picture).getroot().findtext("{http://www.w3.org/2000/svg}desc")
    assert told == "waiting, memory: 400 MB (≤ 400 MB), met. waiting, rate: 0.29 × TPC-B (≥ 0.3 × TPC-B), missed"
