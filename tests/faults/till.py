"""Errands of the shop's processes, each done in a real process that may be killed in it.

The processes are forked from one that has everything imported, so that thousands of
them can be killed within minutes. Who is not to be killed needs no process of his
own: `do` runs the same errand here.
"""

import asyncio
import base64
import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal
from uuid import UUID

import anyio
import anyio.lowlevel
import httpx
from pydantic import SecretStr

from ringup.checkout.cancel import cancel
from ringup.checkout.change_tip import change_tip
from ringup.checkout.exchange import begin_exchange
from ringup.checkout.give_back import drive_refund, give_back
from ringup.checkout.ring_up import RungUp, add_tenders, finish, ring_up
from ringup.db.calls.recovery import claim_health_checks, decide_payment
from ringup.db.calls.refunds import read_refund, tender_refund
from ringup.domain.cart import AddedTenders, Line, SaleRequest, Tender
from ringup.domain.errors import RingupError
from ringup.domain.exchange import ExchangeRequest
from ringup.domain.money import Money
from ringup.domain.refund import RefundRequest
from ringup.domain.tip import TipRequest
from ringup.keyring import Keyring
from ringup.recovery.health import check_terminal
from ringup.recovery.orphans import walk_terminal
from ringup.recovery.settle import settle_order
from ringup.recovery.sweep import sweep
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

ROOT_KEY = bytes(range(32))
ROUNDS_MAX = 6
JOB_SECONDS_MAX = 60
LAST_WORDS = re.compile(r"killed at (\S+)\n")

Errand = Literal[
    "sell",
    "recover",
    "cancel",
    "find out",
    "say it was charged",
    "say it was not",
    "walk",
    "check health",
    "give back",
    "give back, else in cash",
    "exchange for one",
    "exchange for two",
    "exchange for two by card",
    "tip",
]


@dataclass(frozen=True)
class Job:
    """One errand for one vendor. Those about a sale that is there already name its order and its payment.

    `rest`: how the till pays what a part that was kept left to pay.
    """

    database_url: str
    directory: Path
    vendor_id: UUID
    errand: Errand
    request: SaleRequest
    terminals: tuple[UUID, ...]
    order_id: UUID | None = None
    payment_id: UUID | None = None
    failpoint: str = ""
    rest: tuple[Tender, ...] = ()


@dataclass(frozen=True)
class Done:
    """`killed_at`: where the process died. `status` and `code`: what the till was told.

    Of recovery, `status` is how much it found to do.
    """

    killed_at: str = ""
    status: int | None = None
    code: str | None = None

    @property
    def killed(self) -> bool:
        return bool(self.killed_at)


def settings_of(directory: Path, failpoint: str = "") -> Settings:
    return Settings(
        data_dir=directory,
        secret_key=SecretStr(base64.b64encode(ROOT_KEY).decode()),
        failpoint=failpoint,
        pool_size_max=2,
        terminal_wait_seconds=5,
    )


async def do(shop: Shop, job: Job) -> Done:
    """Do the job in this process."""
    try:
        return await _do(shop, job)
    except RingupError as refusal:
        return Done("", refusal.http_status, refusal.code)


async def _do(shop: Shop, job: Job) -> Done:
    vendor = job.vendor_id
    match job.errand:
        case "sell":
            rung = await _pay_the_rest(shop, job, await ring_up(shop.counter, job.request))
            return Done("", rung.answer.response_status, rung.answer.failure_code)
        case "recover":
            return Done("", await _recover(shop, vendor))
        case "cancel":
            await cancel(shop.counter, vendor, job.order_id)
        case "find out":
            await settle_order(shop.recovery, vendor, job.order_id)
        case "say it was charged" | "say it was not":
            outcome = "approved" if job.errand == "say it was charged" else "not_sent"
            evidence = {"approved_minor": None, "reason": "the batch report says so", "actor": "Ada"}
            await decide_payment(shop.db, vendor, job.payment_id, outcome=outcome, **evidence)
        case "give back" | "give back, else in cash":
            return await _give_back(shop, job)
        case "exchange for one" | "exchange for two" | "exchange for two by card":
            return await _exchange(shop, job)
        case "tip":
            return await _tip(shop, job)
        case "walk":
            for processor in job.terminals:
                await walk_terminal(shop.recovery, vendor, processor, Money(0, "USD"))
        case "check health":
            for processor in await claim_health_checks(shop.db, vendor, limit=8, interval_seconds=300):
                await check_terminal(shop.db, shop.terminals, vendor, processor)
    return Done()


async def _pay_the_rest(shop: Shop, job: Job, rung: RungUp) -> RungUp:
    """With a key that is the same whoever asks again."""
    if not job.rest or not (rung.answer.document or {}).get("due_minor"):
        return rung
    key = f"rest-{rung.checkout_id}"
    added = AddedTenders(job.vendor_id, rung.checkout_id, key, hashlib.sha256(key.encode()).digest(), job.rest)
    return await finish(shop.counter, job.vendor_id, await add_tenders(shop.counter, added))


async def _give_back(shop: Shop, job: Job) -> Done:
    """All of the sale, with a key that is the same whoever asks again; 201 when it is completed.

    What the terminal did not pay back it is asked for once more, or it is given in cash.
    """
    assert job.order_id is not None
    key = f"refund-{job.order_id}"
    digest = hashlib.sha256(key.encode()).digest()
    register = job.request.cart.register_id
    asked = RefundRequest(job.vendor_id, key, digest, job.order_id, register, "broken", "Ada")
    made = await give_back(shop.counter, asked)
    told = await read_refund(shop.db, job.vendor_id, made.refund_id)
    if told["next_step"] == "other_tender":
        step = await tender_refund(
            shop.db,
            job.vendor_id,
            made.refund_id,
            tender_type="card" if job.errand == "give back" else "cash",
            external_reference=None,
            staff_id=None,
            approval_id=None,
            actor="Ada",
            lease_seconds=15,
        )
        await drive_refund(shop.counter, job.vendor_id, made.refund_id, step)
        told = await read_refund(shop.db, job.vendor_id, made.refund_id)
    return Done("", 201 if told["status"] == "completed" else None, told["next_step"])


async def _exchange(shop: Shop, job: Job) -> Done:
    """All of the sale for one or two of the same, with a key that is the same whoever asks again."""
    assert job.order_id is not None
    key = f"exchange-{job.order_id}"
    digest = hashlib.sha256(key.encode()).digest()
    tenders = {
        "exchange for one": (),
        "exchange for two": (Tender("cash"),),
        "exchange for two by card": (Tender("card", processor_id=job.terminals[0]),),
    }[job.errand]
    quantity = 1 if job.errand == "exchange for one" else 2
    cart = replace(job.request.cart, lines=(Line(quantity=quantity, code="COF-250"),), tenders=tenders)
    sale = SaleRequest(job.vendor_id, key, digest, cart, "req-2")
    back = RefundRequest(job.vendor_id, "", b"", job.order_id, cart.register_id, "another size", "Ada")
    prepared = await begin_exchange(shop.counter, ExchangeRequest(sale, back))
    rung = await finish(shop.counter, job.vendor_id, prepared)
    return Done("", rung.answer.response_status, rung.answer.failure_code)


async def _tip(shop: Shop, job: Job) -> Done:
    """A quarter of the sale, with a key that is the same whoever asks again; 201 when the card pays it."""
    assert job.order_id is not None
    key = f"tip-{job.order_id}"
    asked = TipRequest(job.vendor_id, job.order_id, key, hashlib.sha256(key.encode()).digest(), 250, "Ada")
    changed = await change_tip(shop.counter, asked)
    return Done("", 201 if changed.status == "approved" else None)


async def _recover(shop: Shop, vendor: UUID) -> int:
    found = 0
    for _ in range(ROUNDS_MAX):
        swept = await sweep(shop.recovery, vendor)
        assert swept.failures == (), swept.failures
        found += swept.payments + swept.orders
        if not swept.payments + swept.orders:
            break
    return found


class Processes:
    """Starts processes, one after the other, and tells how each ended. Close it when done."""

    def __init__(self) -> None:
        self._ours, theirs = Pipe()
        # No terminal here speaks TLS, and to read everybody's certificates takes as long as a sale.
        no_certificates = {"SSL_CERT_FILE": "", "SSL_CERT_DIR": "/nowhere"}
        self._origin = subprocess.Popen(
            [sys.executable, "-c", f"from till import serve; serve({theirs.fileno()})"],
            env={**os.environ, **no_certificates, "PYTHONPATH": str(Path(__file__).parent)},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def run(self, job: Job) -> Done:
        """Do the job in a process of its own."""
        self._ours.send(job)
        done = self._ours.recv()
        assert isinstance(done, Done), done
        return done

    def close(self) -> None:
        self._ours.close()
        self._origin.wait(timeout=JOB_SECONDS_MAX)


def serve(descriptor: int) -> None:
    """What the origin of the processes does, until nobody wants another."""
    asyncio.run(_warm_up())
    with contextlib.suppress(EOFError), Connection(descriptor) as jobs:
        while True:
            jobs.send(_run_in_a_fork(jobs.recv()))


async def _warm_up() -> None:
    """Whatever libraries import or compute only when they are used first, once for all processes."""
    Keyring(ROOT_KEY)
    await anyio.lowlevel.checkpoint()
    async with httpx.AsyncClient():
        pass


def _run_in_a_fork(job: Job) -> Done | str:
    """How the process ended, or what it said if it was neither killed by its failpoint nor through."""
    answers, answer = Pipe(duplex=False)
    heard, stderr = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(stderr, sys.stderr.fileno())
        _live(job, answer)
    answer.close()
    os.close(stderr)
    with os.fdopen(heard) as words, answers:
        said = words.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            return answers.recv()
    last_words = LAST_WORDS.fullmatch(said)
    if code == -signal.SIGKILL and last_words:
        return Done(last_words[1])
    return f"exit code {code}: {said}"


def _live(job: Job, answer: Connection) -> None:
    """The whole life of a process, which does not return from here."""
    code = 1
    signal.alarm(JOB_SECONDS_MAX)
    try:
        answer.send(asyncio.run(_work(job)))
        code = 0
    except Exception:  # noqa: BLE001  the test is told, by the exit code and stderr
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


async def _work(job: Job) -> Done:
    async with open_shop(settings_of(job.directory, job.failpoint), job.database_url) as shop:
        return await do(shop, job)
