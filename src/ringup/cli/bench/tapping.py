"""Registers that stand open, without the browsers around them, in a process of their own.

Twenty browsers would take more of the processor than the server that is measured. Each page
here is asked for as a browser asks for it, and speaks over its socket what the page's own
program speaks; only nothing is painted. Reads its job and tells what it found as the tills do.
"""

import ast
import asyncio
import contextlib
import json
import random
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import socketio

from ringup.cli.lifetime import stop_when_stdin_ends

TELL_SECONDS = 0.25
ACK_SECONDS = 3.0
"""How often a page says what it has read: as `nicegui.js` does."""
SEEN_SECONDS_MAX = 10.0
TILES = 5
ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
QUERY = re.compile(r"^\s*query: (\{.*\}),$", re.MULTILINE)
ESCAPED = (("&#36;", "$"), ("&#96;", "`"), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&"))
"""What stands for what in the page, undone in this order."""


@dataclass(frozen=True, slots=True)
class TapJob:
    """Open a page with each of these cookies, and tap goods on each for so long, with a pause after each tap."""

    base_url: str
    cookies: list[str]
    seconds: float
    pause_seconds: float


@dataclass(slots=True)
class Taps:
    """`loads_ms`: from asking for a page until its goods were there. `taps_ms`: from a tap until the cart had it."""

    loads_ms: list[float] = field(default_factory=list)
    taps_ms: list[float] = field(default_factory=list)
    missed: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class OpenPage:
    """One register's page. `count` is how many goods its cart shows."""

    def __init__(self, job: TapJob, cookie: str, taps: Taps) -> None:
        self._job = job
        self._cookie = cookie
        self._taps = taps
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("update", self._update)
        self._changed = asyncio.Event()
        self._client_id = ""
        self._next_message_id = 0
        self._goods: dict[str, Any] = {}
        self._goods_id = 0
        self.count = 0

    async def open(self) -> None:
        clock = asyncio.get_running_loop().time
        asked = clock()
        async with (
            aiohttp.ClientSession(headers={"Cookie": self._cookie}) as session,
            session.get(f"{self._job.base_url}/register", raise_for_status=True) as response,
        ):
            elements, query = read_page(await response.text())
        self._client_id = query["client_id"]
        self._show(elements)
        query |= {"implicit_handshake": "true", "tab_id": self._client_id, "document_id": self._client_id}
        await self._socket.connect(
            f"{self._job.base_url}?{urlencode(query)}",
            headers={"Cookie": self._cookie, "Origin": self._job.base_url},
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
        )
        async with asyncio.timeout(SEEN_SECONDS_MAX):
            while not self._goods:
                self._changed.clear()
                await self._changed.wait()
        self._taps.loads_ms.append((clock() - asked) * 1000)

    async def be_tapped(self, until: float) -> None:
        """Tap and pause. Pages begin at different moments, as people do."""
        clock, tapped = asyncio.get_running_loop().time, 0
        await asyncio.sleep(random.random() * self._job.pause_seconds)
        while clock() < until:
            await self._tap(tapped)
            tapped += 1
            await asyncio.sleep(self._job.pause_seconds)

    async def acknowledge(self) -> None:
        while True:
            await asyncio.sleep(ACK_SECONDS)
            read = {"client_id": self._client_id, "next_message_id": self._next_message_id}
            await self._socket.emit("ack", read)

    async def close(self) -> None:
        await self._socket.disconnect()

    async def _tap(self, number: int) -> None:
        items = self._goods["props"]["items"]
        wanted, [listener] = self.count + 1, self._goods["events"]
        began = asyncio.get_running_loop().time()
        message = {
            "id": self._goods_id,
            "client_id": self._client_id,
            "listener_id": listener["listener_id"],
            "args": [json.dumps(items[number % min(TILES, len(items))]["id"])],
        }
        await self._socket.emit("event", message)
        try:
            async with asyncio.timeout(SEEN_SECONDS_MAX):
                while self.count != wanted:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            self._taps.missed += 1
        else:
            self._taps.taps_ms.append((asyncio.get_running_loop().time() - began) * 1000)

    def _update(self, message: dict[str, Any]) -> None:
        self._next_message_id = message.pop("_id") + 1
        self._show(message)
        self._changed.set()

    def _show(self, elements: dict[str, Any]) -> None:
        for name, element in elements.items():
            props = element.get("props", {}) if element else {}
            if "items" in props:
                self._goods, self._goods_id = element, int(name)
            elif "lines" in props:
                self.count = sum(line["quantity"] for line in props["lines"])


def read_page(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The elements of a page by their ids, and what its socket has to say about itself."""
    elements, query = ELEMENTS.search(page), QUERY.search(page)
    if elements is None or query is None:
        raise ValueError("this is no page of a register")
    written = elements[1]
    for escaped, plain in ESCAPED:
        written = written.replace(escaped, plain)
    return json.loads(written), ast.literal_eval(query[1])


async def tap_all(job: TapJob) -> Taps:
    """Run a job to its end."""
    clock, taps = asyncio.get_running_loop().time, Taps()
    pages = [OpenPage(job, cookie, taps) for cookie in job.cookies]
    for page in pages:
        await page.open()
    begun = clock()
    beside = [asyncio.create_task(_tell(taps)), *(asyncio.create_task(page.acknowledge()) for page in pages)]
    await asyncio.gather(*(page.be_tapped(begun + job.seconds) for page in pages))
    taps.seconds = clock() - begun
    for task in beside:
        task.cancel()
    await asyncio.gather(*(page.close() for page in pages))
    taps.cpu_seconds = time.process_time()
    return taps


async def _tell(taps: Taps) -> None:
    while True:
        _say({"ended": len(taps.taps_ms)})
        await asyncio.sleep(TELL_SECONDS)


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run one job. Whoever starts this process gives it, and listens."""
    job = TapJob(**json.loads(sys.stdin.readline()))
    stop_when_stdin_ends()
    with contextlib.suppress(KeyboardInterrupt):
        _say({"tally": asdict(asyncio.run(tap_all(job)))})
