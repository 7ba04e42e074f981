"""The API and the pages under one roof: who answers which address, and what every page is sent with."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI
from nicegui import app as rooms
from nicegui import ui

from ringup.web import connecting, landing, simulator_page
from ringup.web.backroom import Backroom, Opened
from ringup.web.console import pages as console
from ringup.web.look import apologise
from ringup.web.register import page as register

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger("ringup.web")

ASSETS = Path(__file__).with_name("assets")
PAGES = ("register", "console", "simulator", "connect", "enter", "leave", "assets", "_nicegui", "_nicegui_ws")
"""First parts of addresses that are pages; everything else is the API's."""
ALONE = ("/healthz", "/readyz", "/metrics")
"""What of the API a process answers that serves pages only."""
KEPT = ("/assets/", "/_nicegui/")
"""What browsers may keep. Pages they may not: they show what is true now."""
LOGS_OF_THE_PAGES = "nicegui"

SENT_WITH_PAGES = {
    # The page works in the browser with scripts of its own; none is fetched from, and nothing told to, anybody else.
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self';"
        " frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class House:
    """An ASGI app. `with_api`: it answers the API too, and not only for whoever watches the process."""

    def __init__(self, api: FastAPI, demonstration: Path | None, *, with_api: bool) -> None:
        self._api = api
        self._with_api = with_api
        self._backroom = Backroom(demonstration)
        self._pages = _furnish(self._backroom)
        self._share_lifespan()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and not is_page(scope["path"])):
            if scope["type"] == "http" and not self._with_api and scope["path"] not in ALONE:
                await _refuse(scope, send, 404, b"There is no page at this address.")
                return
            await self._api(scope, receive, send)
        elif comes_from_elsewhere(scope):
            log.warning("page_refused_to_another_site", path=scope["path"])
            await _refuse(scope, send, 403, b"This page answers its own site only.")
        else:
            await self._pages(scope, receive, _with_headers(scope, send))

    def _share_lifespan(self) -> None:
        """The pages open after the shop, and close before it."""
        open_api = self._api.router.lifespan_context

        @contextlib.asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with open_api(app):
                self._backroom.open(Opened(app.state.shop, app.state.doorkeeper, app.state.under_way))
                async with self._pages.router.lifespan_context(self._pages):
                    yield

        self._api.router.lifespan_context = lifespan


def is_page(path: str) -> bool:
    return path in ("/", "/favicon.ico") or path.split("/", 2)[1] in PAGES


def comes_from_elsewhere(scope: Scope) -> bool:
    """Whether another site's page sent this, with our cookies perhaps. Browsers say so; a link that is followed may."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return True
    is_navigation = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") in ("GET", "HEAD")
    return headers.get("sec-fetch-site") in ("cross-site", "same-site") and not is_navigation


def _furnish(backroom: Backroom) -> FastAPI:
    """All pages, in an app of their own."""
    for add in (landing.add, connecting.add, register.add, console.add, simulator_page.add):
        add(backroom)
    # Asked for again at each visit, and sent only when they changed: after an upgrade nobody sees old ones.
    rooms.add_static_files("/assets", str(ASSETS), max_cache_age=0)
    rooms.on_page_exception(apologise)
    # Quasar shows a bar for every request of its own; nobody here waits for one, and it has no name to be read out.
    rooms.config.quasar_config["loadingBar"]["skipHijack"] = True
    pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        pages,
        title="ringup",
        favicon=ASSETS / "logo.svg",
        dark=None,
        language="en-US",
        tailwind=False,
        reconnect_timeout=10,
        show_welcome_message=False,
    )
    return pages


def _with_headers(scope: Scope, send: Send) -> Send:
    kept = scope["path"].startswith(KEPT)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = SENT_WITH_PAGES if kept else {**SENT_WITH_PAGES, "cache-control": "no-store"}
            present = [pair for pair in message.get("headers", []) if pair[0].decode("latin-1").lower() not in more]
            message["headers"] = [*present, *((name.encode(), value.encode()) for name, value in more.items())]
        await send(message)

    return sending


async def _refuse(scope: Scope, send: Send, status: int, words: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
