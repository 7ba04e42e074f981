"""`ringup staff` on a real database. PINs are typed at a prompt, and nothing repeats them."""

import asyncio
import json

import psycopg
import pytest
from typer.testing import CliRunner

from ringup.cli.commands import app
from shop_floor import open_shop_floor

PIN = "471108"


@pytest.fixture
def run(tmp_path, database):
    async def set_up():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            await open_shop_floor(connection)

    asyncio.run(set_up())
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "COLUMNS": "200",
    }
    return lambda *words, typed=None: CliRunner().invoke(app, ("staff", *words), input=typed, env=environment)


@pytest.fixture
def add(run):
    """Adds a person whose PIN is typed twice, and returns their id."""

    def hire(name, role, pin=PIN):
        result = run("add", "--name", name, "--role", role, "--json", typed=f"{pin}\n{pin}\n")
        assert result.exit_code == 0, result.output
        assert pin not in result.output
        return json.loads(result.stdout)["id"]

    return hire


def people(run):
    return {person["name"]: person for person in json.loads(run("list", "--json").stdout)["staff"]}


def test_a_person_is_added_given_another_pin_and_let_go(run, add):
    ada = add("Ada", "manager")
    before = people(run)["Ada"]

    changed = run("pin", ada, typed="820364\n820364\n")
    gone = run("deactivate", ada)

    after = people(run)["Ada"]
    assert (changed.exit_code, gone.exit_code, gone.stdout.strip()) == (0, 0, "Ada is let in no more.")
    assert (before["role"], before["has_pin"], before["is_active"]) == ("manager", True, True)
    assert after["pin_set_at"] > before["pin_set_at"] and not after["is_active"]
    assert "manager, left" in run("list").stdout


def test_a_pin_that_is_guessed_first_adds_nobody(run):
    result = run("add", "--name", "Ada", "--role", "owner", typed="1234\n1234\n")

    assert result.exit_code == 1
    assert "pin_not_allowed" in result.stderr
    assert "1234" not in result.output
    assert people(run) == {}


def test_a_person_may_be_added_without_a_pin(run):
    assert run("add", "--name", "Ada", "--role", "auditor", "--no-pin").exit_code == 0

    assert people(run)["Ada"]["has_pin"] is False


@pytest.mark.parametrize(
    "words",
    [
        ("add", "--name", "Ada", "--role", "pope"),
        ("rules", "--role", "pope"),
        ("rule", "cashier", "fly", "allowed"),
        ("rule", "cashier", "sell", "perhaps"),
    ],
    ids=" ".join,
)
def test_a_word_that_does_not_exist_is_refused_with_those_that_do(run, words):
    result = run(*words)

    assert result.exit_code == 2
    assert "there are" in result.stderr


def test_an_id_of_nobody_is_said_to_be(run):
    nobody = "00000000-0000-7000-8000-000000000000"

    assert "ringup staff list" in run("deactivate", nobody).stderr
    assert "staff_not_found" in run("pin", nobody, typed=f"{PIN}\n{PIN}\n").stderr


def test_a_rule_is_set_shown_and_taken_back(run):
    set_now = run("rule", "cashier", "refund_linked", "allowed", "--limit-minor", "5000", "--json")
    shown = json.loads(run("rules", "--role", "cashier", "--json").stdout)["rules"]
    back = run("rule", "cashier", "refund_linked", "default")

    assert json.loads(set_now.stdout)["limit_minor"] == 5000
    assert [rule["action"] for rule in shown if not rule["is_default"]] == ["refund_linked"]
    assert back.stdout.strip() == "cashier, refund_linked: needs_approval."
    assert "needs_approval" in run("rules").stdout


def test_limits_that_contradict_the_rule_are_refused(run):
    result = run("rule", "cashier", "sell", "denied", "--limit-minor", "5")

    assert result.exit_code == 1
    assert "rule_invalid" in result.stderr
