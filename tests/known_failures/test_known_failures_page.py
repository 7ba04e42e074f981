"""docs/reference/known-failures.md has every case, and every case has a test that exists or a reason."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "known-failures.md"

NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REASON = re.compile(r"(not yet|does not apply): \w+ .+")
OWN_TEST = re.compile(r"def (test_([klrp]\d+)_\w+)\(")
NUMBERS = [
    *(f"K{number}" for number in range(1, 10)),
    *(f"R{number:02}" for number in range(1, 26)),
    *(f"P{number:02}" for number in range(1, 30)),
    *(f"L{number}" for number in range(1, 14)),
]


class Case(NamedTuple):
    """One row: what went wrong, where it was reported, what ringup does, and the tests or the reason for none."""

    number: str
    went_wrong: str
    reported: str
    does: str
    kept_by: str


CASES = [
    Case(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [KLRP]\d", line)
]


def test_the_page_has_every_case_once_and_in_order() -> None:
    assert [case.number for case in CASES] == NUMBERS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_a_case_has_tests_that_exist_or_a_reason_for_none(case: Case) -> None:
    tests = NAMED_TEST.findall(case.kept_by)

    missing = [test for path, test in tests if not re.search(rf"\bdef {test}\(", (ROOT / path).read_text())]

    assert tests or REASON.fullmatch(case.kept_by), case.kept_by
    assert missing == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_a_case_says_what_happened_and_what_ringup_does(case: Case) -> None:
    assert case.went_wrong and case.does
    assert re.search(r"\]\(https://\S+\)", case.reported) or case.reported == "in their code"


def test_every_test_that_is_named_after_a_case_is_in_its_row() -> None:
    rows = {case.number.lower(): case.kept_by for case in CASES}
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    named = OWN_TEST.findall(source)

    assert len(named) > 20
    assert [test for test, number in named if test not in rows[number]] == []
