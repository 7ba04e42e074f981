"""A simulator behind a real socket, and lanes: one terminal each, so that tests do not meet.

`lane`         a terminal of its own on the simulator that all tests of a worker share.
`simulators`   starts simulators on a data directory of the test's choice, for restarts.

The simulated clock runs 20 times as fast as the real one.
"""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from simulated_lane import CLOCK_RATE, Lane, client_of

from ringup.simulator.server import serve
from ringup.simulator.settings import SimulatorSettings

NUMBERS = itertools.count(1)


@contextlib.contextmanager
def running(settings: SimulatorSettings) -> Iterator[str]:
    """Run a simulator in a thread with a loop of its own, and yield its base URL."""
    port: Future[int] = Future()
    stop: Future[Callable[[], object]] = Future()

    async def serve_until_stopped() -> None:
        loop = asyncio.get_running_loop()
        serving = asyncio.create_task(serve(settings, announce=port.set_result))
        stop.set_result(lambda: loop.call_soon_threadsafe(serving.cancel))
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    thread = threading.Thread(target=asyncio.run, args=(serve_until_stopped(),))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port.result(timeout=10)}"
    finally:
        stop.result(timeout=10)()
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def simulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = SimulatorSettings(
        data_directory=tmp_path_factory.mktemp("simulator"), fsync=False, clock_rate=CLOCK_RATE
    )
    with running(settings) as url:
        yield url


@pytest.fixture
async def lane(simulator_url: str) -> AsyncIterator[Lane]:
    async with client_of(simulator_url) as client:
        lane = Lane(client, f"{next(NUMBERS):012d}")
        await lane.behave()
        yield lane


@pytest.fixture
def simulators(tmp_path: Path) -> Callable[..., contextlib.AbstractAsyncContextManager[Lane]]:
    """Start a simulator on the test's data directory, with a lane to its only terminal."""

    @contextlib.asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Lane]:
        chosen = SimulatorSettings(data_directory=tmp_path, clock_rate=CLOCK_RATE, **settings)
        with running(chosen) as url:
            async with client_of(url) as client:
                lane = Lane(client, "TERMINAL0001")
                await lane.behave()
                yield lane

    return start
