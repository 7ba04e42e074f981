"""The tills of a benchmark, in a process of their own.

Reads one job as a line of JSON from its standard input, and writes lines of JSON: how many
sales have ended so far, and at last everything. It ends with its starter. The HTTP is written
by hand, because a client library takes as much of the processor as the server that is measured.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import uvloop

from ringup.cli.bench.shop import Size, cart_of
from ringup.cli.lifetime import stop_when_stdin_ends

AGAIN_SECONDS = 0.5
TELL_SECONDS = 0.25
ENDED = (201, 402)


@dataclass(frozen=True, slots=True)
class Job:
    """What each till is to do: ring up `sales_each` sales, one after the other, or as many as it can in `seconds`.

    With a `rate`, customers come by chance, so many a second whatever becomes of those before them, each to a till that
    is free. With `at_once`, so many customers are there at any time for as many `seconds`, each at the till that has
    been free for longest.

    `patient`: a till that hears nothing, or that nothing is known yet, presses again with the
    same key until `seconds_max` are over; one that is told to come again comes when it was told.
    """

    host: str
    port: int
    token: str
    lanes: int
    size: Size
    seconds: float = 0.0
    sales_each: int = 0
    rate: float = 0.0
    at_once: int = 0
    patient: bool = False
    seconds_max: float = 120.0
    run: str = "bench"


@dataclass(slots=True)
class Tally:
    """`latencies_ms` are of the sales that were made, whose `keys` stand in the same order, and `refusals_ms` of the
    others, from when the customer came; `answers` counts how sales ended, by status; `no_till` who came and found no
    till that was free."""

    answers: dict[str, int] = field(default_factory=dict)
    pressed_again: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    refusals_ms: list[float] = field(default_factory=list)
    no_till: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def made(self) -> int:
        return self.answers.get("201", 0)

    @property
    def asked(self) -> int:
        return sum(self.answers.values())


def add_up(tallies: Iterable[Tally]) -> Tally:
    """Several turns as one."""
    whole = Tally()
    for tally in tallies:
        for answer, count in tally.answers.items():
            whole.answers[answer] = whole.answers.get(answer, 0) + count
        whole.pressed_again += tally.pressed_again
        whole.latencies_ms += tally.latencies_ms
        whole.keys += tally.keys
        whole.refusals_ms += tally.refusals_ms
        whole.no_till += tally.no_till
        whole.seconds += tally.seconds
        whole.cpu_seconds += tally.cpu_seconds
    return whole


class Till:
    """One lane's till and its connection."""

    def __init__(self, job: Job, lane: int, tally: Tally, deadline: float) -> None:
        self._job = job
        self._lane = lane
        self._tally = tally
        self._deadline = deadline
        self._sales = 0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def work(self, until: float) -> None:
        """One sale after the other."""
        clock = asyncio.get_running_loop().time
        while self._sales < self._job.sales_each or clock() < until:
            await self._sell(clock())
        self._hang_up()

    async def serve(self, came: float) -> None:
        """The sale of one customer. The line is not kept: the server may end it before the next one comes."""
        await self._sell(came)
        self._hang_up()

    async def _sell(self, came: float) -> None:
        key = f"{self._job.run}-{self._lane}-{self._sales}"
        answer = await self._ring_up(key, self._sales)
        self._sales += 1
        self._tally.answers[answer] = self._tally.answers.get(answer, 0) + 1
        took_ms = (asyncio.get_running_loop().time() - came) * 1000
        if answer == "201":
            self._tally.latencies_ms.append(took_ms)
            self._tally.keys.append(key)
        else:
            self._tally.refusals_ms.append(took_ms)

    async def _ring_up(self, key: str, sale: int) -> str:
        request = self._request(key, sale)
        while True:
            try:
                status, again_seconds = await self._exchange(request)
            except (OSError, EOFError, ValueError) as failure:
                self._hang_up()
                status, again_seconds, answer = 0, AGAIN_SECONDS, type(failure).__name__
            else:
                answer = str(status)
            late = asyncio.get_running_loop().time() > self._deadline
            if status in ENDED or late or not self._job.patient:
                return answer
            self._tally.pressed_again += 1
            await asyncio.sleep(again_seconds)

    def _request(self, key: str, sale: int) -> bytes:
        body = json.dumps(cart_of(self._lane, sale, self._job.size)).encode()
        head = (
            "POST /v1/checkouts HTTP/1.1\r\n"
            f"Host: {self._job.host}:{self._job.port}\r\n"
            f"Authorization: Bearer {self._job.token}\r\n"
            f"Idempotency-Key: {key}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def _exchange(self, request: bytes) -> tuple[int, float]:
        """The status, and after how many seconds to come again if that is wanted."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._job.host, self._job.port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(":") for line in head)}
        await reader.readexactly(int(fields.get("content-length", 0)))
        return int(head[0].split(" ")[1]), float(fields.get("retry-after", AGAIN_SECONDS))

    def _hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def ring_up_all(job: Job) -> Tally:
    """Run every till of a job to its end."""
    clock = asyncio.get_running_loop().time
    begun, tally = clock(), Tally()
    telling = asyncio.create_task(_tell(tally))
    tills = [Till(job, lane, tally, begun + job.seconds_max) for lane in range(job.lanes)]
    if job.rate:
        await _receive(job, tills, tally)
    elif job.at_once:
        await _keep_busy(job, tills)
    else:
        await asyncio.gather(*(till.work(begun + job.seconds) for till in tills))
    telling.cancel()
    tally.seconds, tally.cpu_seconds = clock() - begun, time.process_time()
    return tally


async def _receive(job: Job, tills: list[Till], tally: Tally) -> None:
    """Let customers come by chance, always by the same chance, and wait until all have been served."""
    clock, chance, free = asyncio.get_running_loop().time, random.Random(job.run), deque(tills)
    comes = begun = clock()
    async with asyncio.TaskGroup() as served:
        while (comes := comes + chance.expovariate(job.rate)) < begun + job.seconds:
            await asyncio.sleep(comes - clock())
            if not free:
                tally.no_till += 1
                continue
            served.create_task(_serve(free, comes))


async def _keep_busy(job: Job, tills: list[Till]) -> None:
    """Let the next customer come as soon as one has been served."""
    clock, free = asyncio.get_running_loop().time, deque(tills)
    until = clock() + job.seconds

    async def serve_on() -> None:
        while clock() < until:
            await _serve(free, clock())

    await asyncio.gather(*(serve_on() for _ in range(job.at_once)))


async def _serve(free: deque[Till], came: float) -> None:
    till = free.popleft()
    await till.serve(came)
    free.append(till)


async def _tell(tally: Tally) -> None:
    while True:
        _say({"ended": sum(tally.answers.values())})
        await asyncio.sleep(TELL_SECONDS)


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def read_job(line: str) -> Job:
    document = json.loads(line)
    return Job(**{**document, "size": Size(**document["size"])})


def main() -> None:
    """Run one job. Whoever starts this process gives it, and listens."""
    job = read_job(sys.stdin.readline())
    stop_when_stdin_ends()
    with contextlib.suppress(KeyboardInterrupt):
        _say({"tally": asdict(uvloop.run(ring_up_all(job)))})
