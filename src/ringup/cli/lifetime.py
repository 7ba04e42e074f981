"""A process that goes on: it ends at a signal or with whoever started it, and may be spared long collections."""

import asyncio
import contextlib
import gc
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from types import FrameType
from typing import Any

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STDIN = 0
LEFT_ALONE_SECONDS = 40
"""How long a process whose starter is gone may take to end by itself."""


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """Leave the block at a signal to stop, through every `finally`; being stopped is no failure.

    Later signals are ignored: what is being put away is put away whole.
    """

    def stop(_: int, __: FrameType | None) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, action in before.items():
            signal.signal(number, action)


async def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until it is done or a signal to stop comes, at which it is cancelled, once."""
    working = asyncio.create_task(work)

    def stop() -> None:
        if not working.cancelling():
            working.cancel()

    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await working


def stop_when_stdin_ends() -> None:
    """Stop this process when its standard input ends: a pipe that only its starter holds open.

    The kernel closes that pipe however the starter dies, on every system.
    """

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(STDIN, 4096):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(LEFT_ALONE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def spare_the_collector() -> None:
    """What is there now stays: a collection that goes through all of it makes every sale under way wait for it."""
    gc.collect()
    gc.freeze()
