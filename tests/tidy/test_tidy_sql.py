"""The shape of the SQL: its budgets, its headers, and one catalogue of errors shared with Python."""

import re
from pathlib import Path

import pytest

from ringup.domain.errors import leaves

DB = Path(__file__).parents[2] / "src" / "ringup" / "db"
GENERATED = {DB / "schema.sql"}
FILES = sorted(set(DB.rglob("*.sql")) - GENERATED)
FUNCTIONS = sorted((DB / "functions").glob("*.sql"))
VIEWS = sorted((DB / "views").glob("*.sql"))
MIGRATIONS = sorted((DB / "migrations").glob("*.sql"))

LINES_PER_FILE = 400
LINES_PER_BODY = 70
HEADER = ["Why", "Writes", "Locks", "Repeats", "Raises"]

RAISE = re.compile(r"\braise\s+exception\b(.*?);", re.DOTALL)
ERRCODE = re.compile(r"errcode = '(\w{5})'")
CODE_AND_NAME = re.compile(r"\b(RU\d{3}) (\w+)")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def header_of(path: Path) -> str:
    """The comment that a file begins with."""
    return re.match(r"(?:--.*\n)*", text_of(path))[0]


def short(path: Path) -> str:
    return path.relative_to(DB).as_posix()


each_file = pytest.mark.parametrize("path", FILES, ids=short)
each_function = pytest.mark.parametrize("path", FUNCTIONS, ids=short)
each_view = pytest.mark.parametrize("path", VIEWS, ids=short)


@each_file
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(text_of(path).splitlines()) <= LINES_PER_FILE


@each_function
def test_a_body_fits_on_a_screen(path):
    body = re.search(r"\bas \$(\w*)\$\n?(.*?)\$\1\$", text_of(path), re.DOTALL)

    assert len(body[2].splitlines()) <= LINES_PER_BODY


@each_function
def test_a_file_makes_the_one_function_of_its_name(path):
    made = re.findall(r"(?m)^create or replace (?:function|procedure) ringup\.(\w+)\(", text_of(path))

    assert made == [path.stem]


@each_view
def test_a_file_makes_the_one_view_of_its_name(path):
    made = re.findall(r"(?m)^create (?:or replace )?view ringup\.(\w+)\b", text_of(path))

    assert made == [path.stem]


@each_function
def test_the_header_answers_the_five_questions_of_a_caller(path):
    header = header_of(path)

    assert header.startswith(f"-- {path.stem}(")
    assert re.findall(r"(?m)^-- (Why|Writes|Locks|Repeats|Raises) +\S", header) == HEADER


@each_function
def test_the_header_names_every_error_that_the_body_raises(path):
    named = dict(CODE_AND_NAME.findall(header_of(path)))

    assert set(ERRCODE.findall(text_of(path))) <= set(named)


@each_function
def test_the_header_calls_each_error_by_its_name(path):
    names = {error.sqlstate: error.code for error in leaves()}

    assert {code: names.get(code) for code in dict(CODE_AND_NAME.findall(header_of(path)))} == dict(
        CODE_AND_NAME.findall(header_of(path))
    )


@each_file
def test_every_exception_has_a_code(path):
    without = [raised.strip() for raised in RAISE.findall(text_of(path)) if not ERRCODE.search(raised)]

    assert without == []


@each_file
def test_a_state_is_text_with_a_rule_and_never_an_enum(path):
    assert not re.search(r"\bcreate type \S+ as enum\b", text_of(path))


def test_every_code_raised_in_sql_is_one_of_our_errors_and_the_other_way_round():
    raised = {code for path in FILES for code in ERRCODE.findall(text_of(path))}

    assert raised == {error.sqlstate for error in leaves() if error.sqlstate}


def test_codes_are_unique_and_explained():
    codes = [error.code for error in leaves()]
    sqlstates = [error.sqlstate for error in leaves() if error.sqlstate]

    assert len(codes) == len(set(codes))
    assert len(sqlstates) == len(set(sqlstates))
    assert [error.__name__ for error in leaves() if not error.__doc__] == []


def test_migrations_are_numbered_without_a_gap_and_say_what_they_do():
    names = [path.stem for path in MIGRATIONS]

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z][a-z_]+", name)] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=short)
def test_functions_and_views_are_source_and_not_history(path):
    assert not re.search(r"(?im)^\s*create (or replace )?(function|procedure|view)\b", text_of(path))
