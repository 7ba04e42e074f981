"""`ringup demo`: a whole shop on this machine, with simulated terminals and its own database."""

import asyncio
import contextlib
import fcntl
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx
import typer

from ringup.cli.database import Database, open_database
from ringup.cli.demo_sheet import (
    SHEET,
    TOKEN,
    Addresses,
    describe,
    psql_command,
    show,
    write_private,
    write_sheet,
)
from ringup.cli.demo_stock import find_or_make_token, stock_shop
from ringup.cli.lifetime import run_until_stopped, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json, results
from ringup.cli.serve import address_of, listen
from ringup.cli.supervisor import Child, kept_running, while_running
from ringup.db.embedded import PORT as EMBEDDED_PORT
from ringup.db.migrate import migrate
from ringup.db.operator_login import OPERATOR_ROLE, let_operator_log_in
from ringup.settings import Settings, load_settings
from ringup.simulator.demo_shop import TERMINALS, DemoTerminal
from ringup.wiring import open_shop

LOOPBACK = "127.0.0.1"
READY_SECONDS_MAX = 60.0
LOOK_SECONDS = 0.05
RED_EVERY_SECONDS = 360.0
RED_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be opened. `started` is when the command began, by the monotonic clock."""

    settings: Settings
    database: Database
    listener: socket.socket
    simulator_port: int
    steady: bool
    as_json: bool
    started: float

    @property
    def directory(self) -> Path:
        return self.settings.data_dir.absolute()

    @property
    def simulator_url(self) -> str:
        return f"http://{LOOPBACK}:{self.simulator_port}"

    @property
    def simulator(self) -> Child:
        terminals = (f"--terminal={terminal.tpn}:{terminal.auth_key}:{terminal.name}" for terminal in TERMINALS)
        place = (f"--port={self.simulator_port}", f"--data-dir={self.directory / 'simulator'}")
        return Child("simulator", ("simulate", *place, *terminals), self.directory / "simulator.log")

    @property
    def server(self) -> Child:
        descriptor = self.listener.fileno()
        return Child(
            "server",
            ("serve", "--role=all", f"--fd={descriptor}", f"--demonstration={self.directory}"),
            self.directory / "server.log",
            descriptors=(descriptor,),
        )


def demo(
    *,
    host: Annotated[str | None, typer.Option(help="Default: RINGUP_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Default: RINGUP_PORT. 0: any free one, which is printed.")
    ] = None,
    simulator_port: Annotated[int, typer.Option(min=0, max=65535, help="0: that of last time, or any free one.")] = 0,
    steady: Annotated[bool, typer.Option("--steady", help="No terminal goes red by itself.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open a demonstration shop: goods, customers, two simulated card terminals, the API and its documentation.

    Everything is kept in RINGUP_DATA_DIR (default .ringup); a second run finds its books again.
    It uses the embedded PostgreSQL, or yours in RINGUP_DATABASE_URL, as an admin role, which
    it migrates. Ids, the API key and a database login are written to demo.json in that directory.

    Example: RINGUP_PORT=8001 ringup demo --steady
    """
    started = time.monotonic()
    settings = load_settings()
    with (
        until_stopped(),
        _alone(settings.data_dir),
        listen(host or settings.host, settings.port if port is None else port) as listener,
        open_database(settings, may_create=True) as database,
        asyncio.Runner() as runner,
    ):
        chosen = _simulator_port(settings.data_dir / SHEET, simulator_port)
        (settings.data_dir / SHEET).unlink(missing_ok=True)
        plan = Plan(settings, database, listener, chosen, steady, as_json, started)
        runner.run(run_until_stopped(_open(plan)))


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One demonstration for each directory. The kernel lets go of the lock if the holder dies."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / "demo.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as failure:
            raise CannotRun(
                f"the demonstration shop in {directory} is open already",
                "Use it, stop it, or open another one: RINGUP_DATA_DIR=other RINGUP_PORT=8001 ringup demo",
            ) from failure
        yield


def _simulator_port(sheet: Path, wanted: int) -> int:
    """The port that was asked for; or the last one, so that what people wrote down still works; or a free one."""
    ports = [wanted] if wanted else [*_last_port(sheet), 0]
    for port in ports:
        with contextlib.suppress(CannotRun), listen(LOOPBACK, port) as probe:
            return int(probe.getsockname()[1])
    raise CannotRun(f"port {wanted} is in use", "Choose another one: --simulator-port")


def _last_port(sheet: Path) -> list[int]:
    try:
        port = urlsplit(json.loads(sheet.read_text())["simulator_url"]).port
    except (OSError, ValueError, KeyError):
        return []
    return [port] if port else []


async def _open(plan: Plan) -> None:
    async with kept_running(plan.simulator) as simulator:
        await migrate(plan.database.url)
        async with kept_running(plan.server) as server:
            await while_running([simulator, server], _stay_open(plan))


async def _stay_open(plan: Plan) -> None:
    addresses, document = await _prepare(plan)
    authorisation = {"Authorization": f"Bearer {document['api_key']}"}
    async with (
        _client(addresses.base_url, authorisation) as api,
        _client(addresses.simulator_url) as simulator,
    ):
        await _until_good(simulator, "/control/healthz", plan.simulator)
        await _until_good(api, "/readyz", plan.server)
        for terminal in TERMINALS:
            await _check(api, terminal)
        write_sheet(addresses, document)
        _announce(plan, addresses)
        await _play(plan, api, simulator)


async def _prepare(plan: Plan) -> tuple[Addresses, dict[str, Any]]:
    """Fill the shop and make the ways into it; what is returned is for demo.json."""
    async with open_shop(plan.settings, plan.database.url) as shop:
        await stock_shop(shop, plan.simulator_url)
        token = await find_or_make_token(shop, _kept_token(plan.directory / TOKEN))
        addresses = _addresses(plan, await let_operator_log_in(plan.database.url))
        document = await describe(shop, addresses, token)
    write_private(addresses.token, f"{token}\n")
    return addresses, document


def _kept_token(path: Path) -> str | None:
    return path.read_text().strip() if path.exists() else None


def _addresses(plan: Plan, password: str) -> Addresses:
    server = plan.database.server
    login = f"{OPERATOR_ROLE}:{password}"
    if server:
        place = f"/ringup?host={quote(str(server.socket_directory), safe='')}&port={EMBEDDED_PORT}"
        login_url = f"postgresql://{login}@{place}"
        psql = psql_command(f"postgresql://{OPERATOR_ROLE}@{place}", plan.directory / SHEET)
    else:
        login_url = as_user(plan.database.url, login)
        psql = psql_command(None, plan.directory / SHEET)
    return Addresses(address_of(plan.listener), plan.simulator_url, login_url, psql, plan.directory)


def as_user(database_url: str, login: str) -> str:
    """The same database for somebody else. `login` is a name and a password."""
    parts = urlsplit(database_url)
    others = {"user", "password", "options"}
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in others]
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}", query=urlencode(query)))


def _client(base_url: str, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    # Both ends are ours and speak plain HTTP on this machine: reading the world's certificates only takes time.
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30, verify=False)


async def _until_good(client: httpx.AsyncClient, path: str, child: Child) -> None:
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            while not await _is_good(client, path):  # noqa: ASYNC110  it is another process that gets ready
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError as failure:
        raise CannotRun(
            f"the {child.name} was not ready after {READY_SECONDS_MAX:g} seconds", f"See {child.log}"
        ) from failure


async def _is_good(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path)).is_success
    except httpx.TransportError:
        return False


async def _check(api: httpx.AsyncClient, terminal: DemoTerminal) -> None:
    """Have the server ask a terminal whether it is there, so that staff see its colour now."""
    response = await api.post(f"/v1/processors/{terminal.id}/check")
    response.raise_for_status()


def _announce(plan: Plan, addresses: Addresses) -> None:
    seconds = time.monotonic() - plan.started
    if not plan.as_json:
        show(results(), addresses, seconds=seconds, steady=plan.steady)
        return
    print_json(
        {
            "base_url": addresses.base_url,
            "docs_url": f"{addresses.base_url}/docs",
            "simulator_url": addresses.simulator_url,
            "details": addresses.sheet,
            "seconds": round(seconds, 3),
        }
    )


async def _play(plan: Plan, api: httpx.AsyncClient, simulator: httpx.AsyncClient) -> None:
    """Until the shop closes, take the terminals that are not steady offline for a while, now and then."""
    moody = () if plan.steady else tuple(terminal for terminal in TERMINALS if not terminal.steady)
    while True:
        await asyncio.sleep(RED_EVERY_SECONDS)
        for terminal in moody:
            await switch_terminal(terminal, api, simulator, online=False)
        await asyncio.sleep(RED_SECONDS)
        for terminal in moody:
            await switch_terminal(terminal, api, simulator, online=True)


async def switch_terminal(
    terminal: DemoTerminal, api: httpx.AsyncClient, simulator: httpx.AsyncClient, *, online: bool
) -> None:
    """Connect or disconnect a terminal, and have the server notice at once."""
    # If one of the two is being restarted just now, the show goes on without this change.
    with contextlib.suppress(httpx.HTTPError):
        changed = await simulator.put(f"/control/terminals/{terminal.tpn}", json={"online": online})
        changed.raise_for_status()
        await _check(api, terminal)
