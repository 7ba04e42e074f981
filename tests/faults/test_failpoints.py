"""The failpoints are the steps: those of the catalogue and of the terminals' protocol, no more and no fewer."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from ways_of_paying import KINDS, NOT_KILLED

from ringup.db.ask import entry_function

ROOT = Path(__file__).parents[2]
CALLS = sorted((ROOT / "src" / "ringup" / "db" / "calls").glob("*.py"))
WATCHED = ROOT / "src" / "ringup" / "terminals" / "watched.py"
TAKES_BACK_WHAT_IT_DOES = {"preflight_checkout", "_make_and_take_back"}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def steps(reference: ModuleType) -> set[str]:
    return {*reference.durable_steps(), *reference.outward_steps()}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_the_failpoints_are_the_durable_and_the_outward_steps(reference) -> None:
    statements = [node.value for path in CALLS for node in nodes(path) if isinstance(node, ast.Constant)]
    durable = {entry_function(statement) for statement in statements if isinstance(statement, str)} - {""}
    watched = next(node for node in nodes(WATCHED) if isinstance(node, ast.ClassDef))
    methods = [node for node in watched.body if isinstance(node, ast.AsyncFunctionDef)]
    outward = {method.name: step_of(method) for method in methods}

    assert durable == set(reference.durable_steps())
    assert outward == {name: name for name in reference.outward_steps()}


def step_of(method: ast.AsyncFunctionDef) -> str:
    """What a method of the watched terminal tells the failpoint."""
    (step,) = [
        node.args[0].value
        for node in ast.walk(method)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_step"
    ]
    return step


def test_nothing_is_written_past_the_failpoints() -> None:
    past = {
        function.name
        for path in CALLS
        for function in nodes(path)
        if isinstance(function, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany", "connection"}
    }

    assert past == TAKES_BACK_WHAT_IT_DOES


def test_the_kill_matrix_comes_by_every_step_or_there_is_a_reason(steps) -> None:
    """That it dies there, before and after, each kind's own test asserts of its `steps`."""
    killed = {step for kind in KINDS for step in kind.steps.split()}

    assert killed & set(NOT_KILLED) == set()
    assert killed | set(NOT_KILLED) == steps
