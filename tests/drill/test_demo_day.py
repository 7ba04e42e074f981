"""A day at three registers: real processes, really killed, and drawers that are counted."""

import copy
import json
import subprocess
import sys
from collections import Counter

import httpx
import pytest

from ringup.cli.day_cashier import DayCashier
from ringup.cli.day_drawer import Seen, coins_of
from ringup.cli.day_plan import FLOAT, MOVES, day_cart, refund_of, way_of
from ringup.cli.day_verdict import judge_day
from ringup.cli.drill_shop import LANES
from ringup.simulator.drill_schedule import make_schedule

SECONDS_MAX = 300
SALES = 45
FLOAT_MINOR = sum(face * quantity for face, quantity in FLOAT.items())


@pytest.mark.slow
def test_every_drawer_and_every_report_of_a_day_adds_up():
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from ringup.cli import main; main()", "demo-day"),
            *(f"--sales={SALES}", "--seed=3", "--json"),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
        env={"PATH": "/usr/bin:/bin", "RINGUP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/other"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    day = json.loads(done.stdout)

    assert day["ok"] is True
    assert sum(day["results"].values()) == SALES
    assert {"server killed", "worker killed", "database crashed"} <= set(day["blows"])
    assert day["refunds"] > 0
    assert [report["type"] for report in day["z_reports"]] == ["Z"] * 3
    assert [report["cash"]["variance_minor"] for report in day["z_reports"]] == [0, 0, -500]


def test_a_day_has_sales_of_every_way_refunds_and_cash_that_moves():
    schedule = make_schedule(1, 300)

    ways = Counter(way_of(sale) for sale in schedule.sales)
    carts = [day_cart(schedule, sale, LANES[0]) for sale in schedule.sales]

    assert set(ways) == {
        *("card", "cash", "external", "cash and card", "cash, exact"),
        *("gift card and cash", "gift card and card"),
    }
    assert min(ways.values()) >= 10
    assert sum("coupons" in cart for cart in carts) > 20
    assert sum("discount_percent" in cart["lines"][0] for cart in carts) > 20
    assert {str(refund_of(sale)) for sale in schedule.sales} > {"None"}
    assert {move.kind for move in MOVES} == {"no_sale", "paid_in", "paid_out", "cash_drop"}


def test_a_drawer_is_counted_by_what_there_is_of_each_face():
    assert coins_of(12_342) == [
        {"face_minor": 10_000, "quantity": 1},
        {"face_minor": 2_000, "quantity": 1},
        {"face_minor": 100, "quantity": 3},
        {"face_minor": 25, "quantity": 1},
        {"face_minor": 10, "quantity": 1},
        {"face_minor": 5, "quantity": 1},
        {"face_minor": 1, "quantity": 2},
    ]
    assert coins_of(0) == []


REPORT = {
    "sales": {
        "orders_count": 2,
        "subtotal_minor": 3000,
        "discount_minor": 0,
        "tax_minor": 240,
        "tax_included_minor": 0,
        "tip_minor": 0,
        "cash_rounding_minor": 0,
        "total_minor": 3240,
    },
    "tenders": [
        {"type": "card", "sales_minor": 2160, "refunds_minor": 1080},
        {"type": "cash", "sales_minor": 1080, "refunds_minor": 0},
    ],
    "cash": {
        "opening_float_minor": FLOAT_MINOR,
        "tendered_minor": 10000,
        "change_minor": 8920,
        "refunds_minor": 0,
        "paid_in_minor": 0,
        "paid_out_minor": 0,
        "cash_drop_minor": 0,
        "expected_minor": FLOAT_MINOR + 1080,
        "variance_minor": 0,
    },
}


def cashier_who_saw_it() -> DayCashier:
    seen = Seen()
    for tender_type, amount_minor in (("card", 2160), ("cash", 1080)):
        tender = {"type": tender_type, "status": "approved", "approved_minor": amount_minor}
        seen.sold({"total_minor": amount_minor, "tenders": [tender]})
    seen.gave_back({"tenders": [{"type": "card", "status": "approved", "approved_minor": 1080}]})
    cashier = DayCashier(httpx.AsyncClient(), make_schedule(1, 3), LANES[0])
    cashier.seen, cashier.z_report = seen, copy.deepcopy(REPORT)
    return cashier


def judged(cashier: DayCashier, charged_minor: int = 1080) -> list[str]:
    return judge_day([cashier], {cashier.lane.tpn: charged_minor}, [], 0)


def test_a_day_that_adds_up_is_found_good():
    assert judged(cashier_who_saw_it()) == []


@pytest.mark.parametrize(
    ("part", "name"),
    [
        *((("sales",), name) for name in ("orders_count", "subtotal_minor", "tax_minor", "total_minor")),
        *((("cash",), name) for name in ("expected_minor", "variance_minor", "change_minor", "paid_out_minor")),
        *((("tenders", 0), name) for name in ("sales_minor", "refunds_minor")),
    ],
)
def test_a_report_that_is_off_by_one_is_found(part: tuple[str | int, ...], name: str):
    cashier = cashier_who_saw_it()
    place = cashier.z_report
    for step in part:
        place = place[step]
    place[name] += 1

    assert judged(cashier) != []


def test_a_gift_card_that_paid_for_nothing_is_found():
    cashier = cashier_who_saw_it()
    cashier.gift_card_minor -= 1

    assert judged(cashier) != []


def test_a_charge_that_no_cashier_saw_is_found():
    assert judged(cashier_who_saw_it(), charged_minor=1081) == [
        f"{LANES[0].tpn}: cards, by the terminal's journal: 1081, and it should be 1080"
    ]
