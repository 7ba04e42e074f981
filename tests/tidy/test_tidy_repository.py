"""Nothing in the repository depends on the machine it was written on."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / name for name in ("src", "tests", "docs", ".ci")]
TEXT = {".py", ".sql", ".md", ".toml", ".lock", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".svg", ""}
FILES = sorted(
    path
    for path in (*ROOT.iterdir(), *(path for folder in FOLDERS for path in folder.rglob("*")))
    if path.is_file()
    and path.suffix in TEXT
    and path != Path(__file__)
    and "__pycache__" not in path.parts
    and path.name != ".git"
)

HOME = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
PACKAGE_INDEX = re.compile(
    r"(?i)--(?:extra-)?index[-]url[ =]\S*:|--find[-]links[ =]\S|\bpypi[.]org\b|\bpython[h]osted\b"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_names_a_place_on_one_machine_or_a_package_index(path):
    text = path.read_text(encoding="utf-8")

    assert HOME.findall(text) == []
    assert PACKAGE_INDEX.findall(text) == []
