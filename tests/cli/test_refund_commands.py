"""`ringup refund` on a real database: looked at, given, and told with the sign turned."""

import asyncio
import json

import psycopg
import pytest
from typer.testing import CliRunner

from drawer import sell_for_cash
from ringup.cli.commands import app
from shop_floor import ShopFloor, open_shop_floor


@pytest.fixture
def run(tmp_path, database):
    """Runs `ringup refund`, after a sale of two coffees of 10.00 for cash, whose id takes the place of ORDER."""

    async def set_up():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            shop: ShopFloor = await open_shop_floor(connection)
            return str(await sell_for_cash(connection, shop, quantities=[2]))

    order = asyncio.run(set_up())
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "COLUMNS": "200",
    }
    return lambda *words: CliRunner().invoke(
        app, ("refund", *(order if word == "ORDER" else word for word in words)), env=environment
    )


AT_TILL_1 = ("--register", "Till 1")
BECAUSE = ("--reason", "broken", "--by", "Ada")


def succeeded(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_of_two_goes_back_and_then_the_other(run):
    seen = succeeded(run("preview", "ORDER", "--line", "1x1", *AT_TILL_1))
    nothing_yet = succeeded(run("list"))
    first = succeeded(run("give", "ORDER", "--line", "1x1:keep", *AT_TILL_1, *BECAUSE, "--key", "once"))
    again = succeeded(run("give", "ORDER", "--line", "1x1:keep", *AT_TILL_1, *BECAUSE, "--key", "once"))
    rest = json.loads(succeeded(run("give", "ORDER", *AT_TILL_1, *BECAUSE, "--json")))
    listed = json.loads(succeeded(run("list", "--json")))["refunds"]

    assert "10.00 USD would go back" in seen and "cash 10.00" in seen
    assert "Nothing was given back yet" in nothing_yet
    assert "*** REFUND ***" in first and "not put back on the shelf" in first and "-10.00" in first
    assert again == first
    assert (rest["order_status"], rest["actor"], rest["lines"][0]["restock"]) == (
        "refunded",
        "Ada (ringup refund)",
        True,
    )
    assert [each["amount_minor"] for each in listed] == [1000, 1000]
    assert succeeded(run("receipt", listed[1]["id"])) == first


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("give", "ORDER", "--line", "one", *AT_TILL_1, *BECAUSE), "one is not so many of a line"),
        (("give", "ORDER", "--line", "1x3", *AT_TILL_1, *BECAUSE), "3 are to come back, and 2 can"),
        (("give", "ORDER", "--tip", "a lot", *AT_TILL_1, *BECAUSE), "a lot is not an amount"),
        (("give", "ORDER", "--register", "Till 9", *BECAUSE), "no registers are called Till 9"),
        (("give", "ORDER", "--as", "card", *AT_TILL_1, *BECAUSE), "cannot go back as card"),
        (("receipt", "00000000-0000-0000-0000-000000000001"), "there is no refund"),
        (("cancel", "00000000-0000-0000-0000-000000000001", "--by", "Ada"), "does not exist"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_nothing_goes_back(run, words, says):
    refused = run(*words)

    assert refused.exit_code == 1, refused.output
    assert says in refused.output
    assert json.loads(succeeded(run("list", "--json")))["refunds"] == []


def test_goods_are_exchanged_and_only_the_difference_is_paid(run):
    more = succeeded(run("exchange", "ORDER", "--line", "1x1", "--for", "2xCOF-250", *AT_TILL_1, *BECAUSE))
    same = json.loads(
        succeeded(run("exchange", "ORDER", "--line", "1x1", "--for", "1xCOF-250", *AT_TILL_1, *BECAUSE, "--json"))
    )
    nothing_left = run("exchange", "ORDER", "--for", "1xCOF-250", *AT_TILL_1, *BECAUSE)
    nonsense = run("exchange", "ORDER", "--for", "COF-250", *AT_TILL_1, *BECAUSE)

    assert "The exchange is completed; 10.00 USD is paid." in more
    assert (same["status"], same["difference_minor"]) == ("completed", 0)
    assert nothing_left.exit_code != 0 and "nothing of this sale is left" in nothing_left.output
    assert nonsense.exit_code != 0 and "Such as 2xCOF-250." in nonsense.output
