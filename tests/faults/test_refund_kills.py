"""kill -9 at every durable and every outward step of a refund, for every way that money goes back.

As in the kill matrix of sales: enumerated, and after each kill time passes, recovery runs, the clerk asks again with
the same key. Then the refund, the processor's own journal and the audit must agree: paid back once, never twice.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from test_kill_matrix import STEPS_MAX, Case, card, cash, connect_terminal, report, split
from test_kill_matrix import settle as settle_sale
from test_kill_matrix import vendor as vendor  # the fixture
from till import Done, Job, run

from refund_floor import drawer
from ringup.domain.cart import SaleRequest
from ringup.domain.refund import RefundRequest
from shop_floor import Connection, ask, broken_invariants, open_shop_floor, rows

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Kind:
    """A way that money goes back. `net_cents` is what the card still pays in the end, `drawer` cash and card of the shift."""

    name: str
    sale: Callable[[Case], SaleRequest]
    drawer: tuple[int, int]
    mode: str = "sale"
    is_settled: bool = False
    fault: dict[str, Any] | None = None
    times: int | None = 1
    else_to: str | None = "card"
    net_cents: int = 0


KINDS = [
    Kind("cash", cash, (0, 0)),
    Kind("card voided", card, (0, 0)),
    Kind("card captured and voided", card, (0, 0), mode="auth_capture"),
    Kind("card returned", card, (0, 0), is_settled=True),
    Kind("card and cash", split, (0, 0)),
    Kind("a return whose answer is lost", card, (0, 0), is_settled=True,
         fault={"path": "Return", "fault": "drop_reply"}),
    Kind("a void whose answer is lost", card, (0, 0), fault={"path": "Void", "fault": "drop_reply"}),
    Kind("a return that is declined, then cash", card, (-1000, 1000), is_settled=True,
         fault={"path": "Return", "fault": "decline"}, times=None, else_to="cash", net_cents=1000),
]  # fmt: skip


@pytest.fixture
def new_case(observer: Connection, vendor, database, tmp_path):
    async def make(kind: Kind) -> tuple[Case, uuid.UUID]:
        floor = await open_shop_floor(observer)
        case = Case(floor, type(vendor)(vendor.http), database.url(), tmp_path, kind.mode)
        tpn = await connect_terminal(observer, case, floor.terminal, "Counter")
        assert run(case.job(request=kind.sale(case))).status == 201
        await settle_sale(observer, case)
        if kind.is_settled:
            close = {"Tpn": tpn, "Authkey": "ABCDEFGHIJ", "SettlementType": "Close"}
            closed = vendor.http.post("/v2/Payment/Settle", json=close).json()
            assert closed["GeneralResponse"]["StatusCode"] == "0000", closed
        if kind.fault:
            case.vendor.fault(tpn=tpn, times=kind.times, **kind.fault)
        return case, await ask(observer, "select id from ringup.orders where vendor_id = %s", floor.vendor)

    return make


def asked(case: Case, order: uuid.UUID) -> RefundRequest:
    key = f"refund-{order}"
    digest = hashlib.sha256(key.encode()).digest()
    return RefundRequest(case.floor.vendor, key, digest, order, case.floor.register, "broken", "Ada")


def job(case: Case, request: RefundRequest, failpoint: str = "", else_to: str | None = None) -> Job:
    return Job(case.database_url, case.data_dir, case.floor.vendor, failpoint, refund=request, else_to=else_to)


async def settle(observer: Connection, case: Case) -> None:
    """Recovery, with time in between, until it finds nothing to do."""
    for _ in range(6):
        await observer.execute(
            "update ringup.payment_transactions set sent_at = sent_at - interval '10 minutes',"
            " next_check_at = next_check_at - interval '10 minutes' where vendor_id = %s and next_check_at is not null",
            [case.floor.vendor],
        )
        await observer.execute(
            "update ringup.refunds set lease_until = lease_until - interval '10 minutes' where vendor_id = %s",
            [case.floor.vendor],
        )
        if run(case.job()).status == 0:
            return
    raise AssertionError("recovery never comes to an end")


async def the_books_balance(observer: Connection, case: Case, kind: Kind, told: Done, where: str) -> None:
    broken = {
        name: found
        for name, violations in (await broken_invariants(observer)).items()
        if (found := [each for each in violations if each["vendor_id"] == case.floor.vendor])
    }
    refunds = await rows(observer, "select status from ringup.refunds where vendor_id = %s", case.floor.vendor)
    items = await rows(
        observer, "select kind from ringup.reconciliation_items where vendor_id = %s", case.floor.vendor
    )

    assert told.status == 201, (where, told, refunds)
    assert [refund["status"] for refund in refunds] == ["completed"], where
    assert sum(charge["net_cents"] for charge in case.vendor.charges()) == kind.net_cents, (where, case.vendor.charges())
    assert (await drawer(observer, case.floor))[:2] == kind.drawer, where
    assert await case.floor.stock(observer) == (100, 0), where
    assert (broken, items) == ({}, []), where


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_killed_at_every_step_of_a_refund(observer, new_case, kind: Kind, capsys) -> None:
    for step in range(1, STEPS_MAX):
        case, order = await new_case(kind)
        request = asked(case, order)
        first = run(job(case, request, f"any#{step}", kind.else_to))

        for _ in range(3):
            await settle(observer, case)
            told = run(job(case, request, else_to=kind.else_to))

        await the_books_balance(observer, case, kind, told, f"killed at step {step}")
        if not first.killed:
            break
    assert step > 2, "a refund has more steps than that"
    report(capsys, f"{kind.name}: killed at {step - 1} steps of the refund, recovered {step - 1} times")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in {"card voided", "card returned"}],
                         ids=lambda kind: kind.name)  # fmt: skip
async def test_killed_again_at_every_step_of_the_recovery_of_a_refund(observer, new_case, kind, capsys) -> None:
    kills = 0
    for step in range(1, STEPS_MAX):
        for second in range(1, 14):
            case, order = await new_case(kind)
            request = asked(case, order)
            first = run(job(case, request, f"any#{step}", kind.else_to))
            await observer.execute(
                "update ringup.payment_transactions set sent_at = sent_at - interval '10 minutes',"
                " next_check_at = next_check_at - interval '10 minutes'"
                " where vendor_id = %s and next_check_at is not null",
                [case.floor.vendor],
            )
            recovery = run(case.job(f"any#{second}"))
            for _ in range(3):
                await settle(observer, case)
                told = run(job(case, request, else_to=kind.else_to))

            await the_books_balance(observer, case, kind, told, f"killed at {step}, and in recovery at {second}")
            kills += first.killed + recovery.killed
            if not recovery.killed:
                break
        if not first.killed:
            break
    report(capsys, f"{kind.name}: {kills} kills in refund and recovery, all recovered")
