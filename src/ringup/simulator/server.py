"""The simulator as an application and as a server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from ringup.simulator.connection import InterruptibleProtocol
from ringup.simulator.control import control_routes
from ringup.simulator.faults import Faults
from ringup.simulator.fleet import Fleet
from ringup.simulator.settings import SimulatorSettings
from ringup.simulator.spin_proxy import AnyCasePaths, SpinProxy, spin_routes

DESCRIPTION = """\
Card terminals as their vendor's cloud proxy shows them, with a journal of what was charged.
The vendor's paths are served under /v2 and /spin/v2, in any case; /control is for tests and drills.
"""
GRACE_SECONDS = 1
BACKLOG = 2048


def create_app(settings: SimulatorSettings) -> FastAPI:
    """The simulator as an ASGI application. Reads the journal back before it returns.

    The application owns the journal until its lifespan ends. Faults that close connections
    need `serve`.
    """
    fleet, faults = Fleet(settings), Faults()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await fleet.close()

    app = FastAPI(
        title="ringup terminal simulator",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/control/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.fleet = fleet
    app.include_router(spin_routes(SpinProxy(fleet, faults, settings)))
    app.include_router(control_routes(fleet, faults, settings))
    app.add_middleware(AnyCasePaths)
    return app


class _Server(uvicorn.Server):
    """uvicorn, which says when it listens, and does not wait for customers when it stops."""

    def __init__(self, config: uvicorn.Config, fleet: Fleet, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._fleet = fleet
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._fleet.interrupt()
        await super().shutdown(sockets)


async def serve(
    settings: SimulatorSettings,
    host: str = "127.0.0.1",
    port: int = 0,
    announce: Callable[[int], None] | None = None,
) -> None:
    """Serve until cancelled or, in a main thread, told to stop by a signal.

    Port 0 takes a free one; `announce` is called with the port once requests are answered.
    Whatever a terminal was doing when it stops, and had not decided yet, never happened; its
    caller is told 1030.
    """
    with _listen(host, port) as listener:
        bound_port: int = listener.getsockname()[1]
        app = create_app(settings)
        config = uvicorn.Config(
            app,
            http=InterruptibleProtocol,
            ws="none",
            lifespan="on",
            backlog=BACKLOG,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, app.state.fleet, lambda: announce(bound_port) if announce else None)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP.

    asyncio turns Nagle's algorithm off only for those; with `socket.create_server`, every
    answer would wait 40 ms for an acknowledgement.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, _ = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise
    listener.listen(BACKLOG)
    return listener
