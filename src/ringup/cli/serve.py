"""`ringup serve`: the API, the pages, the background work, or all of them, in one process."""

import importlib
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from ringup.api.app import create_app
from ringup.cli.database import Database, loop_runner, make_current, open_database
from ringup.cli.lifetime import run_until_stopped, spare_the_collector, stop_when_stdin_ends, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json, remarks
from ringup.logs import configure_logging
from ringup.settings import Settings, load_settings
from ringup.wiring import Shop, open_shop
from ringup.worker import work

BACKLOG = 2048
KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than tills and proxies keep theirs (60 s is usual), so that it is
they who close it, and no request is sent into a connection that is just being closed."""
GRACE_SECONDS = 5
"""How long requests may still take at the end. A sale that takes longer is finished by recovery."""

PAGES = "ringup.web.house"
"""Loaded only by a process that serves pages: it takes half a second, which no other command should wait."""

OpenShop = Callable[[], AbstractAsyncContextManager[Shop]]


class Role(StrEnum):
    ALL = "all"
    API = "api"
    WEB = "web"
    WORKER = "worker"


def serve_command(
    *,
    role: Annotated[Role, typer.Option(help="What this process does.")] = Role.ALL,
    host: Annotated[str | None, typer.Option(help="Default: RINGUP_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Default: RINGUP_PORT. 0: any free one, which is printed.")
    ] = None,
    inherited_socket: Annotated[int | None, typer.Option("--fd", hidden=True)] = None,
    exit_with_stdin: Annotated[bool, typer.Option(hidden=True)] = False,
    demonstration: Annotated[Path | None, typer.Option(hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the API and the pages, and do the background work: recovery, and the health of terminals.

    The role `web` serves the pages alone (register and console), `api` the API alone.

    Without RINGUP_DATABASE_URL it runs a PostgreSQL of its own in RINGUP_DATA_DIR, and
    migrates it. A server of yours must have been migrated (`ringup migrate`). Any number
    of processes may serve one database. SIGTERM stops it after the requests under way.

    Example: ringup serve --role api --host 0.0.0.0 --port 8080
    """
    settings = load_settings()
    host, port = host or settings.host, settings.port if port is None else port
    with until_stopped():
        if exit_with_stdin:
            stop_when_stdin_ends()
        if role is Role.WORKER:
            _run_worker(settings)
            return
        with listen(host, port) if inherited_socket is None else socket.socket(fileno=inherited_socket) as listener:
            _serve(settings, listener, role, demonstration, as_json=as_json)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CannotRun, with the way out, where another program has the port.

    It says that it is TCP: asyncio turns Nagle's algorithm off only for those.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as failure:
        raise CannotRun(f"cannot listen on {host}: {failure.strerror}", "Correct RINGUP_HOST.") from failure
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as failure:
        listener.close()
        raise CannotRun(
            f"cannot listen on {host}, port {port}: {failure.strerror}",
            f"Choose another with RINGUP_PORT={port + 1 if port < 65535 else 0}, or 0 for any free one.",
        ) from failure
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL to reach it by, from this machine if it listens on all addresses."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(
    settings: Settings, listener: socket.socket, role: Role, demonstration: Path | None, *, as_json: bool
) -> None:
    with open_database(settings, may_create=True) as database, loop_runner() as runner:
        runner.run(make_current(database))
        configure_logging(settings.log_level)
        app: Any = create_app(settings, _opener(settings, database), with_worker=role is Role.ALL)
        if role is not Role.API:
            house = importlib.import_module(PAGES)
            app = house.House(app, demonstration, with_api=role is Role.ALL)
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="none" if role is Role.API else "websockets-sansio",
            lifespan="on",
            backlog=BACKLOG,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, lambda: _announce(address_of(listener), as_json))
        spare_the_collector()
        runner.run(server.serve(sockets=[listener]))
    if not server.started:
        raise CannotRun("the server did not start", "The lines above say why; `ringup doctor` may know more.")


class _Server(uvicorn.Server):
    """uvicorn, which says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def _announce(url: str, as_json: bool) -> None:
    if as_json:
        print_json({"url": url, "docs_url": f"{url}/docs"})
    else:
        # Not to stdout, which is the log's.
        remarks().print(f"ringup listens on {url}, documentation at {url}/docs")


def _run_worker(settings: Settings) -> None:
    with open_database(settings, may_create=True) as database, loop_runner() as runner:
        runner.run(make_current(database))
        configure_logging(settings.log_level)
        runner.run(run_until_stopped(_work(_opener(settings, database))))


async def _work(open_the_shop: OpenShop) -> None:
    async with open_the_shop() as shop:
        await work(shop)


def _opener(settings: Settings, database: Database) -> OpenShop:
    return lambda: open_shop(settings, database.url)
