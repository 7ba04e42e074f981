"""Refuses requests that are larger than we want to read, whether or not they say so beforehand."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringup.api.problems import KINDS, Refused, problem_response


class BodyLimit:
    """Looks at Content-Length first, and counts what comes in any case."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        # Twenty digits are enough for any length, and few enough to turn into a number.
        if not (announced.isascii() and announced.isdecimal()):
            await self._refuse("bad_request", scope, receive, send)
            return
        if len(announced) > 20 or int(announced) > self._limit_bytes:
            await self._refuse("body_too_large", scope, receive, send)
            return
        read = 0

        async def receive_counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit_bytes:
                raise Refused("body_too_large")
            return message

        await self._app(scope, receive_counting, send)

    async def _refuse(self, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(KINDS[code], scope["state"]["request_id"])(scope, receive, send)
