"""`ringup loyalty`, on a real database."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from ringup.cli.commands import app
from shop_floor import Connection, ShopFloor, open_shop_floor

BREAK = "alter table ringup.loyalty_transactions add constraint out_of_order check (points <> 10) not valid"
MEND = "alter table ringup.loyalty_transactions drop constraint out_of_order"


def with_connection(database, action) -> Any:
    async def act():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            return await action(connection)

    return asyncio.run(act())


@pytest.fixture
def floor(database) -> ShopFloor:
    return with_connection(database, open_shop_floor)


@pytest.fixture
def run(database, floor, tmp_path) -> Callable[..., Any]:
    """`ringup loyalty …` in the shop; what it answers, and how it ended."""
    environment = {"RINGUP_DATA_DIR": str(tmp_path), "RINGUP_DATABASE_URL": database.url(), "COLUMNS": "250"}

    def invoke(*words: object):
        return CliRunner().invoke(app, ["loyalty", *map(str, words)], env=environment)

    return invoke


def answer(result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def waiting(database, floor, run) -> str:
    """The item of a sale whose points fail, which still fails."""

    async def sell(connection: Connection) -> None:
        await connection.execute(BREAK)
        await floor.sell(connection, customer_id=floor.customer)

    with_connection(database, sell)
    queue = run("queue", "--json")
    assert queue.exit_code == 1
    return json.loads(queue.stdout)["items"][0]["id"]


def test_points_that_wait_are_seen_tried_and_recorded(database, run, waiting):
    shown = run("queue")
    still = run("retry", waiting)
    with_connection(database, lambda connection: connection.execute(MEND))
    recorded = run("retry", waiting)

    assert shown.exit_code == 1 and waiting in shown.stdout and "out_of_order" in shown.stdout
    assert still.exit_code == 1 and "They still wait" in still.stdout
    assert (recorded.exit_code, recorded.stdout) == (0, "Recorded: 10 earned, 0 redeemed.\n")
    assert run("queue").stdout == "No points wait.\n"


def test_points_that_wait_are_settled_by_a_person(run, waiting):
    closed = run("resolve", waiting, "--reason", "too late", "--by", "Ada")
    again = run("resolve", waiting, "--reason", "too late", "--by", "Ada")

    assert (closed.exit_code, again.exit_code) == (0, 1)
    (item,) = answer(run("queue", "--resolved", "--json"))["items"]
    assert (item["resolution"], item["resolved_by"]) == ("too late", "Ada")


def test_an_item_that_nobody_knows_is_said_to_be_unknown(run):
    unknown = run("retry", uuid.uuid4())

    assert unknown.exit_code == 1
    assert "`ringup loyalty queue` shows those that do" in unknown.stderr


def test_the_switch_says_how_it_is_and_who_turned_it(run):
    before = run("switch")
    turned = run("switch", "off", "--by", "Ada")

    assert before.stdout == "Loyalty points are on.\n"
    assert turned.stdout.startswith("Loyalty points are off, by Ada at ")
    assert run("switch", "sideways").exit_code == 2


def test_points_are_given_merged_and_verified(run, floor, database):
    other, adjustment = uuid.uuid4(), uuid.uuid4()
    save = "select ringup.save_customer(%s, %s, 'G', 'Hopper', null, null, true)"
    with_connection(database, lambda connection: connection.execute(save, [floor.vendor, other]))

    given = [
        run("adjust", other, 50, "--reason", "why", "--by", "Ada", "--adjustment", adjustment, "--json")
        for _ in range(2)
    ]
    merged = run("merge", floor.customer, other, "--reason", "two cards", "--by", "Ada", "--json")

    assert [answer(each)["balance"] for each in given] == [50, 50]
    assert answer(merged)["points_moved"] == 50
    assert answer(run("verify", "--json"))["ok"]
    assert run("verify").stdout == "2 customers, 4 ledger rows.\nEvery balance is the sum of its ledger.\n"


def test_opening_balances_arrive_once(run, floor, tmp_path):
    file = tmp_path / "balances.csv"
    file.write_text(f"customer_id,points,expires_at\n{floor.customer},500,2090-01-31\n")

    imported = [run("import", file, "--batch", "old system", "--by", "Ada", "--json") for _ in range(2)]

    assert [(answer(each)["rows"], answer(each)["given"]) for each in imported] == [(1, 1), (1, 0)]
    assert answer(run("report", "activity", "--json"))["data"][0]["reference_type"] == "opening_balance"


@pytest.mark.parametrize("line", ["somebody,5,", "{customer},many,", "{customer},5,soon", "{customer},5"])
def test_a_file_with_a_line_that_is_no_balance_imports_nothing(run, floor, tmp_path, line):
    file = tmp_path / "balances.csv"
    good, bad = f"{floor.customer},500,", line.format(customer=floor.customer)
    file.write_text(f"customer_id,points,expires_at\n{good}\n{bad}\n")

    refused = run("import", file, "--batch", "old system", "--by", "Ada")

    assert refused.exit_code == 1 and "line 3 is not a balance" in refused.stderr
    assert len(answer(run("report", "activity", "--json"))["data"]) == 1


def test_a_programme_and_a_campaign_are_read_from_files(run, tmp_path):
    programme, campaign = tmp_path / "programme.json", tmp_path / "campaign.json"
    programme.write_text('{"points_per_unit": "2", "point_value_minor": 1, "live_days": 365}')
    campaign.write_text(
        '{"name": "Double", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2090-01-01T00:00:00Z", "multiplier": "2"}'
    )

    begun = run("programme", "set", programme, "--by", "Ada")
    saved = answer(run("campaigns", "save", campaign, "--by", "Ada", "--json"))
    ended = run("campaigns", "end", saved["id"], "--by", "Ada")

    assert begun.exit_code == 0, begun.output
    assert "365 days" in run("programme", "show").stdout
    assert saved["is_new"] and ended.exit_code == 0
    (row,) = answer(run("campaigns", "list", "--json"))["campaigns"]
    assert (row["name"], row["is_active"]) == ("Double", False)


def test_a_programme_that_cannot_be_is_refused_with_what_is_wrong(run, tmp_path):
    file = tmp_path / "programme.json"
    file.write_text('{"points_per_unit": "2", "point_value_minor": 0}')

    refused = run("programme", "set", file, "--by", "Ada")

    assert refused.exit_code == 1
    assert "point_value_minor" in refused.stderr


@pytest.mark.parametrize("name", ["activity", "days", "liability"])
def test_each_report_is_a_table_and_a_document(run, name):
    assert run("report", name).exit_code == 0
    assert len(answer(run("report", name, "--json"))["data"]) == 1


def test_what_is_due_expires_when_somebody_asks_for_it(run, floor, database):
    give = "select ringup.adjust_points(%s, %s, 7, 'why', 'Ada', 'owner', ringup.now() + interval '1 second')"
    later = (
        "create or replace function ringup.now() returns timestamptz language sql volatile"
        " as $$ select clock_timestamp() + interval '2 days' $$"
    )
    with_connection(database, lambda connection: connection.execute(give, [floor.vendor, floor.customer]))
    with_connection(database, lambda connection: connection.execute(later))

    expired = [answer(run("expire", "--json"))["customers"] for _ in range(2)]

    assert expired == [1, 0]
