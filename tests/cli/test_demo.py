"""The demonstration shop as people meet it: real processes, real signals, and the lines it prints."""

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from demo_process import RINGUP, Demo, a_directory, demo, environment, running
from ringup.cli.demo import switch_terminal
from ringup.simulator.demo_shop import TERMINALS

pytestmark = pytest.mark.slow

FIRST_SALE_SECONDS_MAX = 90
"""It hangs if it takes longer. How fast it is on a quiet machine is printed, not judged: that is a benchmark's work."""
STOP_SECONDS_MAX = 15


@pytest.fixture
def directory() -> Iterator[Path]:
    with a_directory() as made:
        yield made


@pytest.fixture(scope="module")
def shop() -> Iterator[Demo]:
    """A new shop for the tests that leave it open."""
    with a_directory() as made, demo(made) as opened:
        yield opened


def seconds_until_gone(pids: set[int]) -> float:
    started = time.monotonic()
    while left := running(pids):
        assert time.monotonic() < started + STOP_SECONDS_MAX, f"still there: {left}"
        time.sleep(0.05)
    return time.monotonic() - started


def test_a_new_shop_is_open_in_seconds_and_sells_by_the_line_it_prints(shop):
    ready = httpx.get(f"{shop.sheet['base_url']}/readyz")
    first, second = shop.sell(), shop.sell()
    audit, doctor = shop.ringup("audit", "--json"), shop.ringup("doctor", "--json")

    print(f"open after {shop.seconds:.1f} s")  # noqa: T201
    assert shop.seconds < FIRST_SALE_SECONDS_MAX
    assert ready.status_code == 200
    assert (first["status"], second["status"]) == ("completed", "completed")
    assert first["id"] != second["id"]
    assert json.loads(audit.stdout)["ok"] is True, audit.stdout
    assert {check["status"] for check in json.loads(doctor.stdout)["checks"]} == {"ok"}, doctor.stdout
    assert (audit.returncode, doctor.returncode) == (0, 0)


def test_a_new_shop_is_described_for_programs_and_for_its_owner_alone(shop):
    sheet = shop.sheet
    authorisation = {"Authorization": f"Bearer {sheet['api_key']}"}
    listed = httpx.get(f"{sheet['base_url']}/v1/processors", headers=authorisation).json()
    simulated = httpx.get(f"{sheet['simulator_url']}/control/terminals").json()
    modes = {path.name: path.stat().st_mode for path in shop.directory.iterdir()}

    assert [len(sheet[name]) for name in ("products", "customers", "locations", "registers", "processors")] == [
        *(200, 50, 2, 3, 2)
    ]
    assert {*sheet["products"][0]} == {"id", "sku", "barcode", "name", "price_minor"}
    assert {*sheet["customers"][0]} == {"id", "name", "loyalty_points"}
    assert sheet["register_id"] in {register["id"] for register in sheet["registers"]}
    assert [processor["steady"] for processor in sheet["processors"]] == [True, False]
    assert {terminal["tpn"] for terminal in simulated} == {processor["tpn"] for processor in sheet["processors"]}
    assert [processor["health"] for processor in listed["data"]] == ["green", "green"]
    assert [stat.S_IMODE(modes[name]) for name in ("demo.json", "demo.key", "secret.key")] == [0o600] * 3
    assert sheet["api_key"] not in shop.printed


def test_the_login_in_the_sheet_reads_everything_and_calls_what_the_contract_names(shop):
    with psycopg.connect(shop.sheet["database_url"], autocommit=True) as operator:
        customer = shop.sheet["customers"][1]
        path = operator.execute("show search_path").fetchone()
        relations = operator.execute(
            "select relname from pg_class where relnamespace = 'ringup'::regnamespace and relkind in ('r', 'p', 'v')"
        ).fetchall()
        for (name,) in relations:
            operator.execute(sql.SQL("select * from {} limit 1").format(sql.Identifier(name)))
        counted = operator.execute("select count(*) from customers").fetchone()
        earned = operator.execute(
            "select calculate_loyalty_points_to_earn(%s, 12.70)", [shop.sheet["vendor_id"]]
        ).fetchone()
        moved = operator.execute(
            "select update_customer_loyalty_points_atomic(%s, 5, 10, gen_random_uuid(), 5.00)", [customer["id"]]
        ).fetchone()
        orphans = operator.execute("select count(*) from find_orphaned_payments()").fetchone()
        cleaned = operator.execute("select cleanup_stale_pending_orders(30)").fetchone()
        role = operator.execute("select current_user").fetchone()

    assert path == ("ringup, public",)
    assert len(relations) > 30
    assert counted == (50,)
    assert earned == (12,)
    assert moved[0]["balance_after"] == customer["loyalty_points"] - 5
    assert (orphans, cleaned, role) == ((0,), (0,), ("ringup_operator",))


async def test_a_terminal_goes_red_and_green_again_and_the_steady_one_stays_green(shop):
    sheet, restless = shop.sheet, TERMINALS[1]
    authorisation = {"Authorization": f"Bearer {sheet['api_key']}"}
    async with (
        httpx.AsyncClient(base_url=sheet["base_url"], headers=authorisation) as api,
        httpx.AsyncClient(base_url=sheet["simulator_url"]) as simulator,
    ):
        await switch_terminal(restless, api, simulator, online=False)
        while_offline = (await api.get("/v1/processors")).json()["data"]
        await switch_terminal(restless, api, simulator, online=True)
        afterwards = (await api.get("/v1/processors")).json()["data"]

    assert {one["id"]: one["health"] for one in while_offline} == {
        sheet["processors"][0]["id"]: "green",
        sheet["processors"][1]["id"]: "red",
    }
    assert [one["health"] for one in afterwards] == ["green", "green"]


def test_a_shop_is_not_opened_twice_and_a_port_that_is_taken_is_said_to_be(shop):
    with socket.create_server(("127.0.0.1", 0)) as other:
        twice = shop.ringup("demo")
        port = other.getsockname()[1]
        elsewhere = subprocess.run(
            [RINGUP, "demo", "--port", str(port)],
            env=environment(shop.directory.parent / "other"),
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert (twice.returncode, elsewhere.returncode) == (1, 1)
    assert "is open already" in twice.stderr
    assert f"port {port}" in elsewhere.stderr
    assert "RINGUP_PORT=" in elsewhere.stderr


def test_a_killed_server_comes_back_and_ctrl_c_ends_everything_and_a_second_run_goes_on(directory):
    with demo(directory) as shop:
        shop.sell()
        killed = shop.server_process()
        os.kill(killed, signal.SIGKILL)
        after_the_kill = shop.sell()
        successor = shop.server_process()
        started, first = shop.everything(), shop.sheet
        shop.process.send_signal(signal.SIGINT)
        code = shop.process.wait(timeout=STOP_SECONDS_MAX)
        seconds_until_gone(started)

    with demo(directory) as again:
        later = again.sell()
        second = again.sheet

    assert after_the_kill["status"] == "completed"
    assert successor != killed
    assert code == 0
    assert later["order_number"].endswith("000003")
    assert second["api_key"] == first["api_key"]
    assert second["products"] == first["products"]


def test_a_killed_demonstration_leaves_nothing_behind_that_stops_the_next_one(directory):
    with demo(directory) as shop:
        shop.sell()
        started = shop.everything()
        shop.process.kill()
        seconds_until_gone(started)

    with demo(directory) as again:
        sold = again.sell()
        audit = again.ringup("audit", "--json")

    assert sold["order_number"].endswith("000002")
    assert json.loads(audit.stdout)["ok"] is True
