"""`ringup shift` on a real database: a day at one drawer, typed."""

import asyncio
import json

import psycopg
import pytest
from typer.testing import CliRunner

from ringup.cli.commands import app
from shop_floor import ask, open_shop_floor


@pytest.fixture
def run(tmp_path, database):
    """Runs `ringup shift` in a shop whose register Till 1 is open with 100.00, and Till 2 is not."""

    async def set_up():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            shop = await open_shop_floor(connection)
            await ask(
                connection,
                "select ringup.create_register(%s, gen_random_uuid(), %s, 'Till 2')",
                shop.vendor,
                shop.location,
            )

    asyncio.run(set_up())
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "COLUMNS": "200",
    }
    return lambda *words: CliRunner().invoke(app, ("shift", *words), env=environment)


def succeeded(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_day_at_a_drawer(run):
    opened = succeeded(run("open", "Till 2", "10x9", "0.25x40", "--by", "Ada"))
    succeeded(run("paid-in", "Till 2", "20", "--reason", "change", "--by", "Ada"))
    succeeded(run("paid-out", "Till 2", "12.50", "--reason", "window cleaner", "--by", "Ada"))
    succeeded(run("drop", "Till 2", "50", "--by", "Ada"))
    succeeded(run("no-sale", "Till 2", "--reason", "change for the bus", "--by", "Ada"))
    x = succeeded(run("x", "Till 2"))
    first = succeeded(run("count", "Till 2", "10x5", "0.25x31", "--by", "Ada"))
    second = succeeded(run("count", "Till 2", "10x5", "0.25x30", "--by", "Ada"))
    z = succeeded(run("close", "Till 2", "--by", "Ada"))

    assert "100.00 USD" in opened
    assert "X REPORT" in x and "Should be there                      57.50" in x
    assert "Count once more" in first and "57.50" not in first
    assert "57.50" in second and "exact" in second
    assert "*** Z REPORT 1 ***" in z and "window cleaner" in z
    assert succeeded(run("z", "Till 2")) == z
    assert succeeded(run("z", "Till 2", "--number", "1")) == z


def test_programs_read_json(run):
    session = json.loads(succeeded(run("open", "Till 2", "10x1", "--by", "Ada", "--json")))
    counted = json.loads(succeeded(run("count", "Till 2", "10x1", "--by", "Ada", "--json")))
    z = json.loads(succeeded(run("close", "Till 2", "--by", "Ada", "--json")))
    listed = json.loads(succeeded(run("list", "--json")))["sessions"]

    assert session["opening_float_minor"] == 1000
    assert (counted["is_wanted_again"], counted["variance_minor"]) == (False, 0)
    assert (z["type"], z["cash"]["counted_minor"]) == ("Z", 1000)
    assert [(row["register_name"], row["closure_number"]) for row in listed] == [("Till 2", 1), ("Till 1", None)]


def test_how_far_off_a_count_may_be_is_said_once(run):
    succeeded(run("rule", "5"))

    assert "5.00 short" in succeeded(run("count", "Till 1", "95x1", "--by", "Ada"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("open", "Till 1", "10x1", "--by", "Bo"), "session_already_open"),
        (("open", "Till 9", "--by", "Bo"), "no registers are called Till 9"),
        (("open", "Till 2", "10", "--by", "Bo"), "10 is not so many"),
        (("open", "Till 2", "0.001x4", "--by", "Bo"), "0.001 is not an amount of USD"),
        (("open", "Till 2", "ten×4", "--by", "Bo"), "is not so many"),
        (("open", "Till 2", "10x1", "10.00x2", "--by", "Bo"), "counted twice"),
        (("count", "Till 2", "--by", "Bo"), "no shift is open at Till 2"),
        (("close", "Till 1", "--by", "Bo"), "count_wanted"),
        (("paid-out", "Till 1", "-5", "--reason", "x", "--by", "Bo"), "-5"),
        (("paid-out", "Till 1", "nan", "--reason", "x", "--by", "Bo"), "nan is not an amount"),
        (("z", "Till 1"), "no such Z report"),
    ],
)
def test_what_is_typed_wrongly_is_said_in_a_sentence(run, words, says):
    result = run(*words)

    assert result.exit_code in (1, 2)
    assert says in result.output
    assert "Traceback" not in result.output
