"""Every mutant still has a guard to take out. Running them takes minutes: `make mutants`."""

import pytest

from mutants import MUTANTS, RESULT, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_guard_stands_where_it_is_taken_out(mutant: Mutant) -> None:
    assert (ROOT / mutant.path).read_text().count(mutant.guard) == 1


def test_the_page_tells_of_every_mutant() -> None:
    page = RESULT.read_text()

    assert [mutant.name for mutant in MUTANTS if f"| {mutant.name} |" not in page] == []
    assert "survived**" not in page
