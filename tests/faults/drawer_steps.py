"""A drawer's steps for a process that may be killed in one: sent with the ids of the till that asks again."""

import asyncio
import base64
import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from till import ROOT_KEY

from ringup.db.calls import shifts as calls
from ringup.db.calls.asker import Asker
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

ADA = Asker("Ada")
FLOAT = {1000: 10}
EVERYTHING = ["ringup.wiring", "ringup.db.calls.shifts"]


@dataclass(frozen=True)
class Shift:
    """One shift at one register, with everything that the till decides: ids, amounts, coins."""

    database_url: str
    data_dir: Path
    vendor_id: UUID
    register_id: UUID
    failpoint: str = ""
    session_id: UUID = field(default_factory=uuid4)
    paid_in: UUID = field(default_factory=uuid4)
    paid_out: UUID = field(default_factory=uuid4)
    first_count: UUID = field(default_factory=uuid4)
    second_count: UUID = field(default_factory=uuid4)
    only_closes: bool = False


def run(shift: Shift) -> dict[str, Any] | None:
    """Play the shift in a process of its own: its Z report, or None if the process was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(EVERYTHING)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_main, args=(shift, theirs))
    process.start()
    theirs.close()
    try:
        told: dict[str, Any] | None = ours.recv()
    except EOFError:
        told = None
    process.join(timeout=30)
    assert process.exitcode == (-9 if told is None else 0), f"exit code {process.exitcode}"
    return told


def _main(shift: Shift, answer: Connection) -> None:
    answer.send(asyncio.run(_work(shift)))


async def _work(shift: Shift) -> dict[str, Any]:
    settings = Settings(
        data_dir=shift.data_dir,
        secret_key=SecretStr(base64.b64encode(ROOT_KEY).decode()),
        failpoint=shift.failpoint,
        pool_size_max=2,
    )
    async with open_shop(settings, shift.database_url) as shop:
        return await play(shop, shift)


async def play(shop: Shop, shift: Shift) -> dict[str, Any]:
    """Open with 100.00, pay 5.00 in and 1.00 out, count 103.00 twice for 104.00, and close."""
    if not shift.only_closes:
        await _open_and_count(shop, shift)
    return await calls.close_register_session(
        shop.db, shift.vendor_id, shift.session_id, count_id=shift.second_count, by=ADA
    )


async def _open_and_count(shop: Shop, shift: Shift) -> None:
    db, vendor_id, session_id = shop.db, shift.vendor_id, shift.session_id
    await calls.open_register_session(
        db, vendor_id, session_id, register_id=shift.register_id, by=ADA, denominations=FLOAT
    )
    for movement, kind, amount_minor in ((shift.paid_in, "paid_in", 500), (shift.paid_out, "paid_out", 100)):
        await calls.record_cash_movement(
            db, vendor_id, movement, session_id=session_id, kind=kind, amount_minor=amount_minor, reason="x", by=ADA
        )
    for count_id in (shift.first_count, shift.second_count):
        await calls.count_cash(db, vendor_id, count_id, session_id=session_id, denominations={100: 103}, by=ADA)
