"""Stock documents for a process that may be killed in one: sent with the ids of whoever asks again."""

import asyncio
import base64
import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr
from till import ROOT_KEY

from ringup.db.calls import stock as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.stock import StockLine
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

ADA = Asker("Ada")
EVERYTHING = ["ringup.wiring", "ringup.db.calls.stock"]


@dataclass(frozen=True)
class StockDay:
    """One of each document between two stores, with everything that whoever asks decides."""

    database_url: str
    data_dir: Path
    vendor_id: UUID
    location_id: UUID
    to_location_id: UUID
    failpoint: str = ""
    receiving: UUID = field(default_factory=uuid4)
    adjustment: UUID = field(default_factory=uuid4)
    count: UUID = field(default_factory=uuid4)
    transfer: UUID = field(default_factory=uuid4)
    arrival: UUID = field(default_factory=uuid4)


def run(day: StockDay) -> list[bool] | None:
    """Play the day in a process of its own: which documents moved something, or None if it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(EVERYTHING)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_main, args=(day, theirs))
    process.start()
    theirs.close()
    try:
        told: list[bool] | None = ours.recv()
    except EOFError:
        told = None
    process.join(timeout=30)
    assert process.exitcode == (-9 if told is None else 0), f"exit code {process.exitcode}"
    return told


def _main(day: StockDay, answer: Connection) -> None:
    answer.send(asyncio.run(_work(day)))


async def _work(day: StockDay) -> list[bool]:
    settings = Settings(
        data_dir=day.data_dir,
        secret_key=SecretStr(base64.b64encode(ROOT_KEY).decode()),
        failpoint=day.failpoint,
        pool_size_max=2,
    )
    async with open_shop(settings, day.database_url) as shop:
        return await _play(shop, day)


async def _play(shop: Shop, day: StockDay) -> list[bool]:
    """Receive 20, break 1, send 10 of which 9 arrive, and count one less than there should be."""
    db, vendor = shop.db, day.vendor_id
    here = {"location_id": day.location_id, "reason": "x", "by": ADA}

    def coffee(quantity: int) -> list[StockLine]:
        return [StockLine(quantity, code="COF-250")]

    return [
        await calls.receive_stock(db, vendor, day.receiving, lines=coffee(20), **here),
        await calls.adjust_stock(db, vendor, day.adjustment, lines=coffee(-1), **here),
        await calls.send_stock(db, vendor, day.transfer, to_location_id=day.to_location_id, lines=coffee(10), **here),
        await calls.receive_transfer(
            db, vendor, day.arrival, transfer_id=day.transfer, lines=coffee(9), shortfall="fell", by=ADA
        ),
        await calls.count_stock(db, vendor, day.count, lines=coffee(108), counted_at=None, **here),
    ]
