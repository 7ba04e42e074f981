"""A process of the shop, started for one job and perhaps killed in it.

It is forked from a server that has everything imported, so that hundreds of real
processes can really be killed within a minute.
"""

import asyncio
import base64
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from ringup.checkout.give_back import drive_refund, give_back
from ringup.checkout.ring_up import ring_up
from ringup.db.calls.refunds import read_refund, tender_refund
from ringup.domain.cart import SaleRequest
from ringup.domain.errors import RingupError
from ringup.domain.refund import RefundRequest
from ringup.recovery.sweep import sweep
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

ROOT_KEY = bytes(range(32))
ROUNDS_MAX = 6
EVERYTHING = ["ringup.wiring", "ringup.checkout.ring_up", "ringup.recovery.sweep", "ringup.db.reads.audit"]
"""What the server imports once, so that a process is there in milliseconds."""


@dataclass(frozen=True)
class Job:
    """`request` sells, `refund` gives back, and in the way `else_to` what a terminal refused to pay back.

    Without any the process recovers the vendor until nothing is due.
    """

    database_url: str
    data_dir: Path
    vendor_id: UUID
    failpoint: str = ""
    request: SaleRequest | None = None
    refund: RefundRequest | None = None
    else_to: str | None = None


@dataclass(frozen=True)
class Done:
    """`killed`: the process died at its failpoint. `status` and `code`: what the till was told.

    Of recovery, `status` is how much it found to do.
    """

    killed: bool
    status: int | None = None
    code: str | None = None


def run(job: Job) -> Done:
    """Do the job in a process of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(EVERYTHING)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_main, args=(job, theirs))
    process.start()
    theirs.close()
    try:
        told = ours.recv()
    except EOFError:
        told = None
    process.join(timeout=30)
    assert process.exitcode in (0, -9), f"exit code {process.exitcode}"
    if process.exitcode == -9:
        return Done(killed=True)
    assert told is not None
    return Done(False, *told)


def _main(job: Job, answer: Connection) -> None:
    answer.send(asyncio.run(_work(job)))


async def _work(job: Job) -> tuple[int | None, str | None]:
    settings = Settings(
        data_dir=job.data_dir,
        secret_key=SecretStr(base64.b64encode(ROOT_KEY).decode()),
        failpoint=job.failpoint,
        pool_size_max=2,
        terminal_wait_seconds=5,
    )
    async with open_shop(settings, job.database_url) as shop:
        if job.request is not None:
            try:
                rung = await ring_up(shop.counter, job.request)
            except RingupError as refusal:
                return refusal.http_status, refusal.code
            return rung.answer.response_status, rung.answer.failure_code
        if job.refund is not None:
            return await _give_back(shop, job.refund, job.else_to)
        found = 0
        for _ in range(ROUNDS_MAX):
            swept = await sweep(shop.recovery, job.vendor_id)
            assert swept.failures == (), swept.failures
            found += swept.payments + swept.orders
            if not swept.payments + swept.orders:
                break
        return found, None


async def _give_back(shop: Shop, request: RefundRequest, else_to: str | None) -> tuple[int | None, str | None]:
    """Status 201 where the refund is completed; the code is what is to be done next."""
    try:
        made = await give_back(shop.counter, request)
        told = await read_refund(shop.db, request.vendor_id, made.refund_id)
        if else_to is not None and told["next_step"] == "other_tender":
            step = await tender_refund(
                shop.db, request.vendor_id, made.refund_id, tender_type=else_to, external_reference=None,
                staff_id=None, approval_id=None, actor="Ada", lease_seconds=15,
            )  # fmt: skip
            await drive_refund(shop.counter, request.vendor_id, made.refund_id, step)
            told = await read_refund(shop.db, request.vendor_id, made.refund_id)
    except RingupError as refusal:
        return refusal.http_status, refusal.code
    return (201 if told["status"] == "completed" else 202), told["next_step"]
