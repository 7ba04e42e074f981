"""Closing a connection under a client that waits for an answer, which ASGI has no word for."""

import asyncio
from typing import cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "ringup.connection"


class InterruptibleProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which also shows the application the connection a request came by."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


class DroppedReply(Response):
    """No answer at all: the client sees the connection closed. Nothing is logged."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _transport(scope).abort()
        await _closed(receive)


class TruncatedReply(Response):
    """The headers and half of the body; then the connection is closed. Nothing is logged."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        _transport(scope).close()
        await _closed(receive)


def _transport(scope: Scope) -> asyncio.Transport:
    extension = scope.get("extensions", {}).get(EXTENSION)
    if extension is None:
        raise ConnectionAbortedError("only a server with InterruptibleProtocol can close a connection")
    return cast(asyncio.Transport, extension["transport"])


async def _closed(receive: Receive) -> None:
    """Wait until the server knows, for until then it takes a missing answer for a mistake of ours."""
    while (await receive())["type"] != "http.disconnect":
        pass
