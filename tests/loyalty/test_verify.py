"""`ringup loyalty verify` computes every balance again: what adds up passes, and what was touched is found.

With a million rows: RINGUP_TEST_LEDGER_CUSTOMERS=40000 .venv/bin/pytest tests/loyalty/test_verify.py -k last_row
"""

import contextlib
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from generated_ledger import write_ledger
from typer.testing import CliRunner

from ringup.cli.commands import app

CUSTOMERS, ROWS = int(os.environ.get("RINGUP_TEST_LEDGER_CUSTOMERS", "40")), 25


@pytest.fixture
def vendor(database) -> uuid.UUID:
    """A vendor with a thousand ledger rows, or as many as were asked for."""
    made = uuid.uuid4()
    with admin(database) as connection:
        connection.execute("select ringup.create_vendor(%s, 'Large', 'USD', 'UTC')", [made])
        write_ledger(connection, made, customers=CUSTOMERS, rows=ROWS)
    return made


@contextlib.contextmanager
def admin(database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url(), autocommit=True) as connection:
        yield connection


def verify(database, tmp_path):
    environment = {"RINGUP_DATA_DIR": str(tmp_path), "RINGUP_DATABASE_URL": database.url(), "COLUMNS": "200"}
    return CliRunner().invoke(app, ["loyalty", "verify", "--json"], env=environment)


def test_a_ledger_that_adds_up_is_read_to_its_last_row(database, vendor, tmp_path, capsys):
    began = time.perf_counter()
    verified = verify(database, tmp_path)
    seconds = time.perf_counter() - began

    assert verified.exit_code == 0
    entries = CUSTOMERS * ROWS
    assert json.loads(verified.stdout) == {"ok": True, "customers": CUSTOMERS, "entries": entries, "problems": []}
    with capsys.disabled():
        sys.stdout.write(f"\nringup loyalty verify: {entries:,} ledger rows in {seconds:.1f} s\n")


@pytest.mark.parametrize(
    ("touch", "says"),
    [
        ("update ringup.customers set loyalty_points = loyalty_points + 1 where id = %(who)s", "the ledger's sum"),
        (
            "delete from ringup.loyalty_transactions where entry_number = 3 and customer_id = %(who)s",
            "the ledger's chain breaks",
        ),
        (
            "update ringup.loyalty_transactions set balance_before = balance_before + 1,"
            " balance_after = balance_after + 1 where entry_number = 7 and customer_id = %(who)s",
            "the ledger's chain breaks",
        ),
        (
            "update ringup.loyalty_lots set remaining = remaining - 1 where remaining > 0 and customer_id = %(who)s",
            "lots",
        ),
    ],
    ids=["a balance", "a row that is gone", "a row that was changed", "a lot"],
)
def test_one_touched_row_is_found_and_nobody_else_is_blamed(database, vendor, tmp_path, touch, says):
    with admin(database) as connection:
        (who,) = connection.execute("select id from ringup.customers order by id offset 17 limit 1").fetchone()
        connection.execute("set session_replication_role = replica")
        connection.execute(touch, {"who": who})

    verified = verify(database, tmp_path)

    (problem,) = json.loads(verified.stdout)["problems"]
    assert verified.exit_code == 1
    assert (problem["customer_id"], problem["vendor_id"]) == (str(who), str(vendor))
    assert says in problem["problem"]


def test_customers_beyond_the_first_batch_are_verified_as_well(database, vendor, tmp_path, monkeypatch):
    monkeypatch.setattr("ringup.loyalty.verify.BATCH", 7)

    assert json.loads(verify(database, tmp_path).stdout)["customers"] == 40
