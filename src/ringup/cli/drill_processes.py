"""The processes of a drill and of a benchmark: started again whenever they die, and killed as the schedule says."""

import asyncio
import contextlib
import os
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from ringup.cli.output import CannotRun
from ringup.cli.serve import Role, address_of, listen
from ringup.cli.supervisor import Child

PAUSE_SECONDS = 0.2
"""Between a death and the next start."""
STOP_SECONDS = 10.0
READY_SECONDS_MAX = 90.0
LOOK_SECONDS = 0.1
LOOPBACK = "127.0.0.1"
REQUEST_SECONDS = 30
CONNECTIONS_MAX = 200


class Kept:
    """One process that is kept running. Its environment is only what it is given: nothing of ours leaks in."""

    def __init__(self, child: Child, environment: Mapping[str, str]) -> None:
        self.child = child
        self.kills = 0
        self._environment = {"PATH": os.defpath, **environment}
        self._process: Process | None = None

    @property
    def process_id(self) -> int | None:
        """The process that runs now, if one does."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    def kill(self) -> bool:
        """End it as `kill -9` does, and say whether it was running. It is started again by itself."""
        process = self._process
        if process is None or process.returncode is not None:
            return False
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        self.kills += 1
        return True

    async def keep(self) -> None:
        """Run it, again and again, until cancelled; then stop it in order."""
        while True:
            with self.child.log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self.child.command,
                    stdin=PIPE,
                    stdout=log,
                    stderr=STDOUT,
                    pass_fds=self.child.descriptors,
                    env=self._environment,
                    start_new_session=True,
                )
            try:
                await self._process.wait()
            finally:
                await _end(self._process)
            await asyncio.sleep(PAUSE_SECONDS)


@contextlib.asynccontextmanager
async def keeping(child: Child, environment: Mapping[str, str]) -> AsyncIterator[Kept]:
    """Have a process for the length of a block. It ends with us, however we end."""
    kept = Kept(child, environment)
    task = asyncio.create_task(kept.keep())
    try:
        yield kept
    finally:
        task.cancel()
        await asyncio.wait({task})


@dataclass(frozen=True, slots=True)
class Serving:
    """The processes of ringup, and where its API listens."""

    server: Kept
    worker: Kept
    host: str
    port: int
    api: httpx.AsyncClient


@contextlib.asynccontextmanager
async def serving(
    environment: Mapping[str, str], log: Callable[[str], Path], token: str, *, role: Role = Role.API
) -> AsyncIterator[Serving]:
    """One process with the API, or what `role` says, and one worker, each kept running.

    The socket is ours: while the server is started again, tills wait in line.
    """
    with listen(LOOPBACK, 0) as listener:
        descriptor = listener.fileno()
        server_arguments = ("serve", f"--role={role}", f"--fd={descriptor}")
        server = Child("server", server_arguments, log("server"), descriptors=(descriptor,))
        worker = Child("worker", ("serve", "--role=worker"), log("worker"))
        async with (
            keeping(server, environment) as kept_server,
            keeping(worker, environment) as kept_worker,
            local_client(address_of(listener), {"Authorization": f"Bearer {token}"}) as api,
        ):
            await until_good(api, "/readyz", server.log)
            host, port = listener.getsockname()[:2]
            yield Serving(kept_server, kept_worker, host, port, api)


@contextlib.asynccontextmanager
async def simulating(
    environment: Mapping[str, str], log: Callable[[str], Path], directory: Path
) -> AsyncIterator[tuple[Kept, httpx.AsyncClient]]:
    """A simulator of terminals, kept running, whose journal is in the directory."""
    with listen(LOOPBACK, 0) as probe:
        port = probe.getsockname()[1]
    child = Child("simulator", ("simulate", f"--port={port}", f"--data-dir={directory}"), log("simulator"))
    async with keeping(child, environment) as kept, local_client(f"http://{LOOPBACK}:{port}") as client:
        await until_good(client, "/control/healthz", child.log)
        yield kept, client


def local_client(base_url: str, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    # Both ends are ours and speak plain HTTP on this machine: reading the world's certificates only takes time.
    # No connection is used twice: a server may close an idle one in the moment in which it is used again.
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=REQUEST_SECONDS, verify=False, limits=limits)


async def until_good(client: httpx.AsyncClient, path: str, log: Path) -> None:
    """Wait until a server answers well. Raises CannotRun if it takes too long."""
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            while not await _is_good(client, path):  # noqa: ASYNC110  it is another process that gets ready
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError as failure:
        said = tail(log)
        raise CannotRun(f"{client.base_url}{path} did not get ready in {READY_SECONDS_MAX:g} s", said) from failure


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


async def _is_good(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path, timeout=5)).is_success
    except httpx.HTTPError:
        return False


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
