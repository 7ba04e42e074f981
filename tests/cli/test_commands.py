"""What commands say and how they end, on a real database. The console itself is typer's test runner."""

import asyncio
import json
import socket
from collections.abc import Callable

import psycopg
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from ringup.cli.commands import app
from ringup.db.reads.audit import INVARIANTS
from shop_floor import ShopFloor, open_shop_floor

SECRET = "SECRETKEY1"


def names_of(command, path=()):
    """Every command as the words one types."""
    below = getattr(command, "commands", {})
    return [name for word, sub in below.items() for name in names_of(sub, (*path, word))] if below else [path]


COMMANDS = names_of(get_command(app))


@pytest.fixture
def run(tmp_path) -> Callable:
    """Runs one command in a directory of its own, with the settings given."""

    def invoke(*words: str, **settings: str):
        environment = {"RINGUP_DATA_DIR": str(tmp_path / "shop"), "RINGUP_DATABASE_URL": "", "COLUMNS": "200"}
        return CliRunner().invoke(app, words, env=environment | settings)

    return invoke


@pytest.fixture
def floor(database) -> ShopFloor:
    return with_connection(database, open_shop_floor)


@pytest.fixture
def run_in_shop(run, database, floor) -> Callable:
    """Runs one command on the database of a small shop."""
    return lambda *words: run(*words, RINGUP_DATABASE_URL=database.url())


def with_connection(database, action):
    """Do something as the admin, in code that has no event loop."""

    async def act():
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            return await action(connection)

    return asyncio.run(act())


def execute(database, statement, parameters=()):
    with psycopg.connect(database.url(), autocommit=True) as connection:
        connection.execute(statement, parameters)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does_with_an_example(run, words):
    result = run(*words, "--help")

    assert result.exit_code == 0
    assert f"Example: {'RINGUP_' if words in {('demo',), ('migrate',)} else 'ringup ' + words[0]}" in result.stdout


@pytest.mark.parametrize(
    "words",
    [("audit",), ("orphans",), ("processors", "status"), ("keys", "list"), ("migrate", "--check")],
    ids=" ".join,
)
def test_where_there_is_no_shop_a_command_says_how_to_open_one(run, words):
    result = run(*words)

    assert result.exit_code == 1
    assert "there is no shop in" in result.stderr
    assert "ringup demo" in result.stderr
    assert result.stdout == ""


def test_settings_that_cannot_be_are_named_without_their_values(run):
    result = run("audit", RINGUP_DATABASE_URL="mysql://ada:hush@db/shop", RINGUP_PORT="many")

    assert result.exit_code == 2
    assert "RINGUP_DATABASE_URL" in result.stderr
    assert "RINGUP_PORT" in result.stderr
    assert "hush" not in result.output


def test_a_database_that_is_away_is_said_to_be_and_the_password_is_not(run):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

    result = run("audit", RINGUP_DATABASE_URL=f"postgresql://ada:hush@127.0.0.1:{port}/shop")

    assert result.exit_code == 1
    assert "ringup doctor" in result.stderr
    assert "hush" not in result.output


def test_a_database_url_that_makes_no_sense_is_not_repeated(run):
    result = run("audit", RINGUP_DATABASE_URL="postgresql://ada:hush%zz@db/shop")

    assert result.exit_code == 2
    assert "RINGUP_DATABASE_URL" in result.stderr
    assert "hush" not in result.output


def test_a_database_is_migrated_once_and_checked_before_and_after(run, empty_database):
    url = empty_database.url()

    before = run("migrate", "--check", "--json", RINGUP_DATABASE_URL=url)
    first = run("migrate", "--json", RINGUP_DATABASE_URL=url)
    second = run("migrate", "--json", RINGUP_DATABASE_URL=url)
    after = run("migrate", "--check", "--json", RINGUP_DATABASE_URL=url)

    assert (before.exit_code, json.loads(before.stdout)) == (1, {"current": False})
    assert json.loads(first.stdout)["applied"][0] == 1
    assert json.loads(second.stdout) == {"current": True, "applied": [], "source_reapplied": False}
    assert (after.exit_code, json.loads(after.stdout)) == (0, {"current": True})


@pytest.mark.parametrize("role", ["api", "worker"])
def test_nobody_serves_a_database_that_was_not_migrated(run, empty_database, role):
    result = run("serve", "--role", role, "--port", "0", RINGUP_DATABASE_URL=empty_database.url())

    assert result.exit_code == 1
    assert "ringup migrate" in result.stderr


@pytest.mark.parametrize("words", [("serve",), ("demo",)], ids=" ".join)
def test_a_port_that_is_taken_is_named_with_the_way_out(run, words):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        result = run(*words, RINGUP_PORT=str(port))

    assert result.exit_code == 1
    assert f"port {port}" in result.stderr
    assert "RINGUP_PORT=" in result.stderr


def test_a_simulator_does_not_repeat_the_key_of_a_terminal_it_refuses(run):
    result = run("simulate", "--terminal", f"TOOSHORT:{SECRET}")

    assert result.exit_code == 2
    assert "tpn" in result.stderr
    assert SECRET not in result.output


def test_the_books_of_an_honest_shop_balance(run_in_shop):
    result = run_in_shop("audit", "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["ok"] is True
    assert report["violations"] == []
    assert list(report["invariants"]) == list(INVARIANTS)


def test_an_audit_names_the_row_that_breaks_an_invariant(run_in_shop, database, floor):
    execute(database, "update ringup.inventory set on_hand = on_hand + 1 where product_id = %s", [floor.product])

    for_programs, for_people = run_in_shop("audit", "--json"), run_in_shop("audit")

    report = json.loads(for_programs.stdout)
    assert (for_programs.exit_code, for_people.exit_code) == (1, 1)
    assert report["invariants"]["I6"] == {
        "name": INVARIANTS["I6"][1],
        "ok": False,
        "violations": len(report["violations"]),
    }
    assert {row["subject_id"] for row in report["violations"]} == {f"{floor.location}/{floor.product}"}
    assert str(floor.product) in for_people.stdout


def test_no_orphans_is_good_news(run_in_shop):
    result = run_in_shop("orphans")

    assert (result.exit_code, result.stdout.strip()) == (0, "No orphaned payments.")


def test_money_without_an_order_is_listed(run_in_shop, database, floor):
    async def take_the_money_and_die(connection):
        prepared = await floor.prepare(connection)
        await floor.begin(connection, prepared["payment_id"])
        await floor.record(connection, prepared["payment_id"], "approved")
        await connection.execute("update ringup.orders set lease_until = now() - interval '1 hour'")
        return prepared["payment_id"]

    payment = with_connection(database, take_the_money_and_die)

    result = run_in_shop("orphans", "--json")

    (orphan,) = json.loads(result.stdout)["orphaned_payments"]
    assert result.exit_code == 1
    assert (orphan["payment_id"], orphan["approved_minor"]) == (str(payment), 1000)


def leave_in_doubt(database, floor):
    async def act(connection):
        prepared = await floor.prepare(connection)
        await floor.begin(connection, prepared["payment_id"])
        await floor.record(connection, prepared["payment_id"], "in_doubt")
        return prepared["payment_id"]

    return with_connection(database, act)


def test_limbo_says_what_waits_for_whom_and_until_when(run_in_shop, database, floor):
    payment = leave_in_doubt(database, floor)

    for_programs, for_people = run_in_shop("limbo", "list", "--json"), run_in_shop("limbo", "list")

    (row,) = json.loads(for_programs.stdout)["limbo"]
    assert (row["id"], row["kind"], row["next_step"]) == (str(payment), "in_doubt", "look_up")
    assert all(word in for_people.stdout for word in ("T1-000001", "Counter", "in_doubt", "said the test", "look_up"))


@pytest.mark.parametrize(("says", "the_order_is"), [("charged", "completed"), ("not-charged", "payment_failed")])
def test_a_person_decides_a_doubt_at_the_command_line(run_in_shop, database, floor, says, the_order_is):
    payment = str(leave_in_doubt(database, floor))
    evidence = ("--reason", "batch report, line 17", "--by", "Ada")

    decided, again = [run_in_shop("limbo", "decide", payment, says, *evidence) for _ in range(2)]

    assert (decided.exit_code, decided.stdout.strip()) == (0, f"Order T1-000001 is {the_order_is}.")
    assert again.exit_code == 1 and "nothing to decide" in again.stderr


def test_a_decision_about_nothing_or_with_a_card_number_is_refused(run_in_shop, database, floor):
    payment = str(leave_in_doubt(database, floor))
    nobodys = "0193e7b8-2f00-7c3a-9d4e-1b2c3d4e5f60"

    card = run_in_shop("limbo", "decide", payment, "charged", "--reason", "card 4111111111111111", "--by", "Ada")
    nothing = run_in_shop("limbo", "decide", nobodys, "charged", "--reason", "seen", "--by", "Ada")

    assert card.exit_code == 2 and "4111" not in card.output
    assert nothing.exit_code == 1 and f"no payment {nobodys}" in nothing.stderr


def test_a_report_is_printed_for_people_and_for_programs(run_in_shop, database, floor):
    with_connection(database, floor.sell)

    for_programs = run_in_shop("report", "payment-success", "--json")
    for_people = run_in_shop("report", "terminal-success")

    report = json.loads(for_programs.stdout)
    assert (report["name"], report["total"]["asked"], report["data"][0]["success_rate"]) == ("payment-success", 1, 1.0)
    assert all(word in for_people.stdout for word in ("Counter", "100.0%", "total", report["from"]))


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("fortune",), 2, "payment-success"),
        (("failures", "--from", "yesterday"), 2, "yesterday"),
        (("failures", "--from", "2026-11-02", "--to", "2026-11-01"), 1, "window_out_of_range"),
    ],
    ids=["no such report", "no day", "backwards"],
)
def test_a_report_that_cannot_be_is_refused_with_those_that_can(run_in_shop, words, exit_code, told):
    result = run_in_shop("report", *words)

    assert (result.exit_code, told in result.stderr) == (exit_code, True)


def test_a_new_key_is_shown_once_and_never_again(run_in_shop):
    made = json.loads(run_in_shop("keys", "create", "--name", "till", "--scope", "checkouts:write", "--json").stdout)
    listed = run_in_shop("keys", "list", "--json")

    (key,) = json.loads(listed.stdout)["keys"]
    assert key["id"] == made["id"]
    assert key["scopes"] == ["checkouts:write"]
    assert made["token"].startswith(f"rk_{key['prefix']}_")
    assert made["token"].rpartition("_")[2] not in listed.stdout


def test_a_revoked_key_shows_when_it_ended(run_in_shop):
    made = json.loads(run_in_shop("keys", "create", "--name", "till", "--json").stdout)

    revoked = run_in_shop("keys", "revoke", made["id"])

    assert revoked.exit_code == 0
    assert json.loads(run_in_shop("keys", "list", "--json").stdout)["keys"][0]["revoked_at"] is not None


def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(run_in_shop):
    result = run_in_shop("keys", "create", "--name", "till", "--scope", "everything")

    assert result.exit_code == 2
    assert "checkouts:write" in result.stderr


def test_a_vendor_that_does_not_exist_is_refused_with_those_that_do(run_in_shop, floor):
    result = run_in_shop("keys", "list", "--vendor", "00000000-0000-7000-8000-000000000000")

    assert result.exit_code == 1
    assert str(floor.vendor) in result.stderr


def test_a_terminal_without_credentials_cannot_be_asked_and_fails_the_check(run_in_shop, floor):
    result = run_in_shop("processors", "check", "--json")

    found = {one["id"]: one for one in json.loads(result.stdout)["processors"]}
    assert result.exit_code == 1
    assert "credentials" in found[str(floor.terminal)]["last_health_error"]


def test_the_status_of_terminals_is_told_without_asking_them(run_in_shop, floor):
    result = run_in_shop("processors", "status", "--json")

    assert str(floor.terminal) in {one["id"] for one in json.loads(result.stdout)["processors"]}


def test_a_doctor_finds_what_is_wrong_and_says_what_to_do(run_in_shop, tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir(mode=0o755)
    (shop / "secret.key").write_text("not a key\n")
    (shop / "secret.key").chmod(0o600)

    result = run_in_shop("doctor", "--json")

    checks = {check["check"]: check for check in json.loads(result.stdout)["checks"]}
    assert result.exit_code == 1
    assert checks["data directory"]["advice"].startswith("chmod")
    assert checks["secret key"]["status"] == "failed"
    assert [checks[name]["status"] for name in ("configuration", "database", "schema", "roles", "clock")] == ["ok"] * 5
    assert all(check["advice"] for check in checks.values() if check["status"] != "ok")


def test_a_doctor_sees_an_application_role_that_could_bypass_row_level_security(run, fresh_server):
    url = fresh_server.url()
    assert run("migrate", RINGUP_DATABASE_URL=url).exit_code == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter role ringup_app bypassrls")

    result = run("doctor", RINGUP_DATABASE_URL=url)

    assert result.exit_code == 1
    assert "ringup_app bypasses row-level security" in result.stdout


def test_a_doctor_reports_settings_that_cannot_be(run):
    result = run("doctor", "--json", RINGUP_PORT="many")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["checks"][0]["status"] == "failed"
