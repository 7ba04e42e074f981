"""`ringup stock` on a real database: goods come, go to another store, and are counted."""

import asyncio
import json
import uuid

import psycopg
import pytest
from typer.testing import CliRunner

from ringup.cli.commands import app
from shop_floor import open_shop_floor
from stock_floor import add_product, open_second_store

LIST = '\ufeffname, SKU,quantity\nCoffee,COF-250,24\n"Cup, blue",CUP,6\n'


@pytest.fixture
def run(tmp_path, database):
    """Runs `ringup stock` in a shop with 100 coffees in T1 and nothing in T2."""

    async def set_up():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            shop = await open_shop_floor(connection)
            await open_second_store(connection, shop)
            await add_product(connection, shop, "CUP")
            await add_product(connection, shop, "GIFT", tracks=False)

    asyncio.run(set_up())
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "COLUMNS": "200",
    }
    return lambda *words: CliRunner().invoke(app, ("stock", *map(str, words)), env=environment)


def succeeded(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def levels(run, sku="COF-250"):
    rows = json.loads(succeeded(run("list", "--json")))["stock"]
    return {row["location_code"]: row["on_hand"] for row in rows if row["sku"] == sku}


WHY = ("--reason", "the day", "--by", "Ada")


def test_a_day_in_the_stockroom(run):
    succeeded(run("receive", "T1", "COF-250:20", "CUP:6", *WHY))
    succeeded(run("adjust", "T1", "COF-250:-1", *WHY))
    sent = json.loads(succeeded(run("send", "T1", "T2", "COF-250:10", "CUP:6", *WHY, "--json")))
    under_way = succeeded(run("documents", "--under-way"))
    short = run("arrive", sent["id"], "COF-250:9", "CUP:6", "--by", "Bo")
    succeeded(run("arrive", sent["id"], "COF-250:9", "CUP:6", "--missing", "fell", "--by", "Bo"))
    counted = succeeded(run("count", "T1", "COF-250:108", *WHY))
    history = succeeded(run("history", "COF-250", "--store", "T1"))

    assert sent["id"] in under_way and "under way" in under_way
    assert (short.exit_code, "reason_missing" in short.output) == (1, True)
    assert (levels(run), levels(run, "CUP")) == ({"T1": 108, "T2": 9}, {"T1": 0, "T2": 6})
    assert "109" in counted and "-1" in counted
    assert "109 → 108" in history and "the day" in history
    assert "Everything that was sent has arrived." in succeeded(run("documents", "--under-way"))


def test_a_list_is_imported_once_however_often_it_is_given(run, tmp_path):
    path = tmp_path / "delivery.csv"
    path.write_text(LIST, encoding="utf-8")

    first = succeeded(run("import", "T1", path, *WHY))
    again = succeeded(run("import", "T1", path, *WHY))
    second_delivery = json.loads(succeeded(run("import", "T1", path, "--reason", "next", "--by", "Ada", "--json")))

    assert "124" in first and "nothing moved now" in again
    assert second_delivery["is_new"]
    assert (levels(run), levels(run, "CUP")) == ({"T1": 148}, {"T1": 12})


def test_every_wrong_line_of_a_list_is_named_and_nothing_is_booked(run, tmp_path):
    path = tmp_path / "delivery.csv"
    lines = ["sku,quantity", "COF-250,5", "NONSENSE,5", "CUP,five", "4006381333931,1", "GIFT,1", "CUP,0", ",1", "CUP"]
    path.write_text("\n".join(lines), encoding="utf-8")

    result = run("import", "T1", path, *WHY)

    assert result.exit_code == 1
    for said in (
        "line 3: there is no product NONSENSE",
        "line 4: five is not a number of pieces",
        "line 5: COF-250 is on line 2 already",
        "line 6: GIFT is not counted in pieces",
        "line 7: 0 is not a number of pieces",
        "line 8: no product is named",
        "line 9: nothing is not a number of pieces",
    ):
        assert said in result.output
    assert levels(run) == {"T1": 100}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"sku;quantity\n", "no column sku and no column quantity", id="another separator"),
        pytest.param(b"", "no column sku", id="empty"),
        pytest.param(b"sku,quantity\n", "has 0 lines", id="no line"),
        pytest.param(b"sku,quantity\n\xff,1\n", "cannot be read", id="not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(run, tmp_path, content, says):
    path = tmp_path / "delivery.csv"
    path.write_bytes(content)

    result = run("import", "T1", path, *WHY)

    assert (result.exit_code, says in result.output, "Traceback" in result.output) == (1, True, False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("receive", "T9", "COF-250:1", *WHY), "there is no store T9"),
        (("receive", "T1", "COF-250", *WHY), "COF-250 is not so many"),
        (("receive", "T1", "COF-250:1.5", *WHY), "COF-250:1.5 is not so many"),
        (("receive", "T1", "NONSENSE:1", *WHY), "product_not_found"),
        (("adjust", "T1", "COF-250:-101", *WHY), "stock_below_zero"),
        (("send", "T1", "T1", "COF-250:1", *WHY), "stock_lines_invalid"),
        (("count", "T1", "COF-250:1", "--at", "2999-01-01T00:00+00:00", *WHY), "count_time_invalid"),
        (("arrive", uuid.UUID(int=1), "COF-250:1", "--by", "Ada"), "transfer_not_found"),
        (("arrive", uuid.UUID(int=1), "--by", "Ada"), "--everything"),
        (("history", "NONSENSE"), "there is no product NONSENSE"),
        (("receive", "T1", "COF-250:1", "--by", "Ada"), "--reason"),
    ],
)
def test_what_is_typed_wrongly_is_said_in_a_sentence(run, words, says):
    result = run(*words)

    assert result.exit_code in (1, 2)
    assert says in result.output
    assert "Traceback" not in result.output
