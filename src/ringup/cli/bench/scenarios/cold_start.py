"""From `make run` to the first sale, everything installed: a new database, a new shop, the API, a card that is paid."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from ringup.cli.bench.pgbench import Ran, make_tpcb, run_tpcb
from ringup.cli.bench.result import Found, Promise
from ringup.cli.bench.stage import Stage
from ringup.cli.drill_processes import until_good

DEMO = (sys.executable, "-c", "from ringup.cli import main; main()", "demo", "--steady", "--port=0")
SECONDS_MAX = 10.0
SECONDS_WAITED_MAX = 120.0
LOOK_SECONDS = 0.05
TPCB_CLIENTS = 8
STARTS = 3


async def play(stage: Stage) -> Found:
    """Three shops, one after the other, each in a directory of its own."""
    tpcb, opened, sold = Ran(), list[float](), list[float]()
    await make_tpcb(stage)
    told = stage.bar("starts", STARTS)
    for number in range(STARTS):
        await run_tpcb(stage, tpcb, clients=TPCB_CLIENTS, seconds=stage.seconds / STARTS)
        seconds_to_open, seconds_to_sell = await _start(stage, number)
        opened.append(seconds_to_open)
        sold.append(seconds_to_sell)
        told(number + 1)
    return Found(
        promises=(Promise("to the first sale", "s", SECONDS_MAX, max(sold)),),
        figures={
            "to_the_first_answer_s": max(opened),
            "to_the_first_sale_fastest_s": min(sold),
            "tpcb_per_s": tpcb.per_second,
        },
    )


async def _start(stage: Stage, number: int) -> tuple[float, float]:
    clock = asyncio.get_running_loop().time
    directory, log = stage.directory / f"shop-{number}", stage.log(f"demo-{number}")
    directory.mkdir()
    sheet, begun = directory / "demo.json", clock()
    async with _opening(directory, log):
        async with asyncio.timeout(SECONDS_WAITED_MAX):
            while not sheet.is_file():  # noqa: ASYNC110  another process writes it
                await asyncio.sleep(LOOK_SECONDS)
        shop = json.loads(sheet.read_text())
        headers = {"Authorization": f"Bearer {shop['api_key']}", "Idempotency-Key": "first"}
        async with httpx.AsyncClient(base_url=shop["base_url"], headers=headers, timeout=60, verify=False) as api:
            await until_good(api, "/readyz", log)
            opened = clock() - begun
            sale = {
                "location_id": shop["location_id"],
                "register_id": shop["register_id"],
                "lines": [{"sku": shop["products"][0]["sku"], "quantity": 1}],
                "tenders": [{"type": "card", "processor_id": shop["steady_processor_id"]}],
            }
            (await api.post("/v1/checkouts", json=sale)).raise_for_status()
            return opened, clock() - begun


@contextlib.asynccontextmanager
async def _opening(directory: Path, log: Path) -> AsyncIterator[None]:
    """A demonstration shop for the length of a block. Nothing of our environment reaches it."""
    environment = {"PATH": os.defpath, "RINGUP_DATA_DIR": str(directory)}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *DEMO, stdin=DEVNULL, stdout=output, stderr=STDOUT, env=environment, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
