"""The whole drill: real processes, really killed."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from ringup.simulator.drill_schedule import make_schedule

pytestmark = pytest.mark.slow
SECONDS_MAX = 300
SEED, CHECKOUTS = 1, 60


def test_ringup_keeps_its_promise_on_a_day_that_the_naive_checkout_does_not_survive(tmp_path: Path):
    picture = tmp_path / "drill.svg"
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from ringup.cli import main; main()", "drill"),
            *(f"--checkouts={CHECKOUTS}", f"--seed={SEED}", f"--picture={picture}", "--json"),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
        # Another shop's settings must not matter.
        env={"PATH": "/usr/bin:/bin", "RINGUP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/other"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    naive, ringup = found["naive"], found["ringup"]

    assert found["ok"] is True
    assert found["schedule_digest"] == make_schedule(SEED, CHECKOUTS).digest
    assert naive["orphaned_payments"] > 0
    assert naive["double_charges"] > 0
    assert naive["failed"] > ringup["failed"]
    figures = ("orphaned_payments", "double_charges", "oversold_units", "points_out_of_balance", "stuck_orders")
    assert {name: ringup[name] for name in figures} == dict.fromkeys(figures, 0)
    assert ringup["failed"] == sum(ringup["failures_by_kind"].values())
    assert ringup["broken"] == []
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
