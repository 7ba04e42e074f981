"""docs/reference/features.md: every feature once, with tests that exist or the word that it is not built yet."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "features.md"

FIRST, LAST = 16, 50
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NOT_YET = re.compile(r"not yet: \w+ .+")


class Feature(NamedTuple):
    """One row: what a counter needs, what ringup does, and the tests of it or the word that there are none yet."""

    number: str
    feature: str
    does: str
    tested: str


FEATURES = [
    Feature(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_the_page_has_every_feature_once_and_in_order() -> None:
    assert [int(row.number) for row in FEATURES] == list(range(FIRST, LAST + 1))


@pytest.mark.parametrize("row", FEATURES, ids=lambda row: row.number)
def test_a_feature_has_tests_that_exist_or_is_not_built_yet(row: Feature) -> None:
    tests = NAMED_TEST.findall(row.tested)

    missing = [
        f"{path}::{test}"
        for path, test in tests
        if not (ROOT / path).is_file() or not re.search(rf"\bdef {test}\(", (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert missing == []
    assert NAMED_TEST.sub("", row.tested).strip(", ") == "" if tests else NOT_YET.fullmatch(row.tested), row.tested


@pytest.mark.parametrize("row", FEATURES, ids=lambda row: row.number)
def test_a_feature_says_what_it_is_and_what_ringup_does(row: Feature) -> None:
    assert row.feature and row.does
    assert NAMED_TEST.search(row.does) is None
