"""The shape of the Python, kept by machine so that review can be about ideas.

A new exception goes into one of the tables below, with its reason beside it.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from ringup.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
FILES = sorted((SOURCE / "ringup").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 70
POSITIONAL_PARAMETERS = 5
NESTING = 3
SETTINGS = 25

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "domain": set(),
    "settings": {"domain"},
    "keyring": {"domain"},
    "failpoints": set(),
    "logs": {"domain"},
    "telemetry": {"domain", "logs"},
    "db": {"domain", "failpoints"},
    "terminals": {"domain", "failpoints"},
    "checkout": {"domain", "telemetry", "db", "terminals"},
    "recovery": {"domain", "telemetry", "db", "terminals"},
    "loyalty": {"domain", "telemetry", "db"},
    "receipts": {"domain", "db"},
    "shifts": {"domain"},
    "staff": {"domain", "db", "keyring"},
    "gift_cards": {"domain", "db", "keyring"},
    "simulator": {"domain"},
    "wiring": {
        *("domain", "settings", "keyring", "failpoints", "telemetry"),
        *("db", "terminals", "checkout", "recovery"),
    },
    "api": {
        *("domain", "settings", "keyring", "logs", "db"),
        *("checkout", "recovery", "loyalty", "receipts", "shifts", "staff", "gift_cards", "wiring", "worker"),
    },
    "web": {
        *("domain", "db", "checkout", "recovery", "loyalty", "receipts", "shifts", "staff", "gift_cards", "wiring"),
        # A sale that is begun in a page is watched like one that was begun over HTTP.
        "api",
    },
    "worker": {"domain", "settings", "db", "checkout", "recovery", "loyalty", "receipts", "wiring"},
    "cli": {
        "domain",
        "settings",
        "keyring",
        "logs",
        "db",
        "checkout",
        "recovery",
        "loyalty",
        "receipts",
        "shifts",
        "staff",
        "gift_cards",
        "wiring",
        "api",
        "worker",
        "simulator",
    },
}
"""What a package may know besides itself. An adapter cannot touch the database, nor the database a vendor."""

STARTED_BY_NAME = {
    "ringup.cli": "the command",
    "ringup.worker": "the background process",
    "ringup.web.house": "`ringup serve`, where the process serves pages",
    "ringup.simulator.__main__": "`python -m ringup.simulator`",
    "ringup.db.dump": "`make schema`",
}

BANNED_WORDS = {
    *("utils", "util", "helpers", "helper", "common", "misc"),
    *("base", "manager", "handler", "service", "data", "info"),
}

FORBIDDEN_CALLS = {
    "datetime.now": "the clock is ringup.now(), in the database",
    "datetime.utcnow": "the clock is ringup.now(), in the database",
    "datetime.today": "the clock is ringup.now(), in the database",
    "date.today": "the clock is ringup.now(), in the database",
    "time.time": "the clock is ringup.now(), in the database",
    "time.sleep": "nothing may block the event loop",
    "os.environ": "settings.py reads the environment",
    "os.getenv": "settings.py reads the environment",
}
MAY_USE = {"ringup/simulator/settings.py": {"datetime.now"}}
"""The simulated vendors have a clock of their own, as the real ones do."""

SQL = re.compile(r"(?is)\s*(select|insert|update|delete|with)\b.*\b(from|into|set|ringup\.\w+\()")


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def short(path: Path) -> str:
    return path.relative_to(SOURCE if SOURCE in path.parents else ROOT).as_posix()


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (*FILES, *TESTS)}
MODULES = {name_of(path): path for path in FILES}
each_file = pytest.mark.parametrize("path", FILES, ids=short)
each_file_and_test = pytest.mark.parametrize("path", [*FILES, *TESTS], ids=short)


def package_of(path: Path) -> str:
    return path.relative_to(SOURCE / "ringup").with_suffix("").parts[0]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(path: Path) -> set[str]:
    """The modules of ours that a module imports, with the packages above them."""
    named: set[str] = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            named |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    above = {".".join(parts[:end]) for parts in (name.split(".") for name in named) for end in range(1, len(parts) + 1)}
    parts = name_of(path).split(".")
    own_packages = {".".join(parts[:end]) for end in range(1, len(parts))}
    return (above & set(MODULES)) - own_packages


def dotted(node: ast.AST) -> str:
    """`datetime.datetime.now` and `datetime.now` alike are 'datetime.now'."""
    if isinstance(node, ast.Attribute):
        owner = node.value
        last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return f"{last}.{node.attr}"
    return ""


def depth(node: ast.AST, level: int = 0) -> int:
    """How many blocks stand inside each other. `elif` and `else` are as deep as their `if`."""
    deepest = level
    for field, child in ((field, child) for field, value in ast.iter_fields(node) for child in as_list(value)):
        is_else_if = isinstance(node, ast.If) and field == "orelse" and isinstance(child, ast.If)
        opens = isinstance(
            child,
            ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.With | ast.AsyncWith | ast.Match,
        )
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            deepest = max(deepest, depth(child, level + (opens and not is_else_if)))
    return deepest


def as_list(value: object) -> list[ast.AST]:
    return [child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)]


def last_word(name: str) -> str:
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name.replace("_", " "))[-1].lower() if name.strip("_") else ""


@each_file_and_test
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_PER_FILE


@each_file_and_test
def test_a_function_fits_on_a_screen(path):
    long = [node.name for node in functions(path) if node.end_lineno - node.lineno >= LINES_PER_FUNCTION]

    assert long == []


@each_file_and_test
def test_blocks_are_not_nested_deeply(path):
    deep = {node.name: depth(node) for node in functions(path) if depth(node) > NESTING}

    assert deep == {}


@each_file
def test_a_call_can_be_read_without_counting_commas(path):
    crowded = [
        node.name
        for node in functions(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}])
        > POSITIONAL_PARAMETERS
    ]

    assert crowded == []


@each_file
def test_a_name_says_what_a_thing_does(path):
    classes = [node.name for node in ast.walk(TREES[path]) if isinstance(node, ast.ClassDef)]
    banned = [name for name in (path.stem, *classes) if last_word(name) in BANNED_WORDS]

    assert banned == []


@each_file_and_test
def test_imports_stand_at_the_top(path):
    inside = [
        f"{node.name}: line {inner.lineno}"
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert inside == []


@each_file
def test_a_package_imports_only_what_is_below_it(path):
    package = package_of(path)
    imported = {name.split(".")[1] for name in imports(path) if "." in name} - {package}

    assert imported - MAY_IMPORT[package] == set()


@each_file
def test_sql_and_transactions_stay_in_the_db_package(path):
    found = [f"line {node.lineno}" for node in ast.walk(TREES[path]) if is_sql(node) or opens_transaction(node)]

    assert package_of(path) == "db" or found == []


def is_sql(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(SQL.match(node.value))


def opens_transaction(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transaction"


@each_file
def test_clock_environment_and_sleep_are_asked_for_in_one_place(path):
    used = {dotted(node) for node in ast.walk(TREES[path])} & set(FORBIDDEN_CALLS)

    assert used - MAY_USE.get(short(path), set()) == set(), [FORBIDDEN_CALLS[name] for name in used]


def test_modules_do_not_import_each_other_in_a_circle():
    graph = {name: imports(path) - {name} for name, path in MODULES.items()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_every_module_is_used_by_something_that_is_started():
    reached, waiting = set(), set(STARTED_BY_NAME)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        parents = {name.rpartition(".")[0]} & set(MODULES)
        waiting |= ((imports(MODULES[name]) if name in MODULES else set()) | parents) - reached

    assert set(MODULES) - reached == set()


def test_an_operator_can_read_all_settings():
    assert len(Settings.model_fields) <= SETTINGS


def test_every_exception_still_applies():
    used = {path: {dotted(node) for node in ast.walk(TREES[SOURCE / path])} for path in MAY_USE}

    assert set(STARTED_BY_NAME) <= set(MODULES)
    assert [path for path, allowed in MAY_USE.items() if not allowed <= used[path]] == []
