"""A simulator of the vendors behind a real socket, shared by the tests of one worker."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from ringup.simulator.server import serve
from ringup.simulator.settings import SimulatorSettings


@contextlib.contextmanager
def simulator_in_a_thread(settings: SimulatorSettings) -> Iterator[str]:
    """Where the simulator listens. It runs in a thread, because each test has a loop of its own."""
    port: Future[int] = Future()
    stop: Future[Callable[[], object]] = Future()

    async def serve_until_stopped() -> None:
        serving = asyncio.create_task(serve(settings, announce=port.set_result))
        loop = asyncio.get_running_loop()
        stop.set_result(lambda: loop.call_soon_threadsafe(serving.cancel))
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve_until_stopped()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port.result(timeout=10)}"
    finally:
        stop.result(timeout=10)()
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def vendor_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = SimulatorSettings(data_directory=tmp_path_factory.mktemp("vendor"), fsync=False)
    with simulator_in_a_thread(settings) as url:
        yield url
