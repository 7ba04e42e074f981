"""What the documentation derives from the source is what the source says."""

import importlib.util
from pathlib import Path

MAKE_REFERENCE = Path(__file__).parents[2] / "docs" / "make_reference.py"
KEPT_OTHERWISE = {
    "features.md": "tests/tidy compares it with the tests",
    "known-failures.md": "tests/known_failures compares it with the tests",
    "mutants.md": "`make mutants` writes it",
}
"""Reference pages that `make docs` does not write, and what keeps them true."""


async def test_reference_pages_and_diagrams_say_what_the_source_says(shared_database):
    spec = importlib.util.spec_from_file_location("make_reference", MAKE_REFERENCE)
    make_reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_reference)

    machines = await make_reference.read_machines(shared_database.url())
    derived = make_reference.derived_files(machines)

    changed = [path.name for path, text in derived.items() if path.read_text(encoding="utf-8") != text]
    assert changed == [], "run `make docs` and look at the difference"
    pages = {path for path in (MAKE_REFERENCE.parent / "reference").iterdir() if path.name not in KEPT_OTHERWISE}
    assert pages <= set(derived), "a page that nothing makes"
