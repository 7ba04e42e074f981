"""`ringup gift-cards`, `store-credit` and `cash-rule` on a real database, typed."""

import asyncio
import json

import psycopg
import pytest
from typer.testing import CliRunner

from ringup.cli.commands import app
from shop_floor import open_shop_floor


@pytest.fixture
def shop(database):
    async def set_up():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            return await open_shop_floor(connection)

    return asyncio.run(set_up())


@pytest.fixture
def run(tmp_path, database, shop):
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "COLUMNS": "200",
    }
    return lambda *words: CliRunner().invoke(app, words, env=environment)


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_gift_card_typed(run):
    empty = run("gift-cards", "list")
    made = told(run("gift-cards", "issue", "--amount", "2500", "--reason", "prize", "--by", "Ada", "--json"))
    found = told(run("gift-cards", "find", "--code", made["code"], "--json"))
    adjusted = told(
        run("gift-cards", "adjust", made["id"], "--amount", "-500", "--reason", "typo", "--by", "Ada", "--json")
    )
    disabled = told(run("gift-cards", "disable", made["id"], "--reason", "lost", "--by", "Ada", "--json"))
    enabled = told(run("gift-cards", "enable", made["id"], "--reason", "found", "--by", "Ada", "--json"))
    listed = told(run("gift-cards", "list", "--json"))["gift_cards"]
    unknown = run("gift-cards", "find", "--code", "NOTTHISONE")

    assert "No gift card yet" in empty.stdout
    assert (found["id"], found["balance_minor"]) == (made["id"], 2500)
    assert adjusted["balance_minor"] == 2000
    assert (disabled["status"], enabled["status"]) == ("disabled", "active")
    assert [card["code_last4"] for card in listed] == [made["code"][-4:]]
    assert made["code"] not in json.dumps(listed)
    assert unknown.exit_code == 1
    assert "gift_card_not_found" in unknown.output
    assert "NOTTHISONE" not in unknown.output


def test_store_credit_typed(run, shop):
    customer = str(shop.customer)
    never = run("store-credit", "show", customer)
    granted = told(
        run("store-credit", "grant", customer, "--amount", "700", "--reason", "sorry", "--by", "Ada", "--json")
    )
    shown = told(run("store-credit", "show", customer, "--json"))

    assert never.exit_code == 1
    assert (granted["balance_minor"], shown["available_minor"]) == (700, 700)


def test_a_cash_rule_typed(run):
    before = run("cash-rule", "show")
    own = told(run("cash-rule", "set", "5", "--by", "Ada", "--json"))
    shown = run("cash-rule", "show")
    wrong = run("cash-rule", "set", "5", "--mode", "sideways", "--by", "Ada")
    ended = told(run("cash-rule", "end", "--by", "Ada", "--json"))

    assert "Cash in USD is not rounded." in before.stdout
    assert (own["step_minor"], own["mode"], own["is_own"]) == (5, "nearest", True)
    assert "steps of 5 (nearest), by your own rule" in shown.stdout
    assert wrong.exit_code == 2
    assert (ended["step_minor"], ended["is_own"]) == (1, False)
