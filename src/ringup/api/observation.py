"""What is seen of every request from outside: its id, one line in the log, and numbers.

Only a route's template is ever logged or counted, never the address a client sent. This is also
the one place where a bug becomes an answer.
"""

import asyncio
import re

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringup.api.problems import KINDS, problem_response
from ringup.domain.card_numbers import contains_card_number
from ringup.domain.ids import new_id

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
CLIENT_LEFT = 499
"""The status under which a request is counted whose client did not wait; nobody receives it."""

log = structlog.get_logger("ringup.api")


class Metrics:
    """The numbers of one app. Every label has few values: routes by template, results by code."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ringup_http_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "ringup_http_request_seconds",
            "How long requests took.",
            ["method", "route"],
            registry=self.registry,
        )
        self.checkouts = Counter(
            "ringup_checkouts",
            "Sales asked for, by result: completed, pending, or a problem's code.",
            ["result"],
            registry=self.registry,
        )


class Observation:
    """Outermost of what is ours: gives every request its id, and sees how it ends."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = choose_request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        status: list[int] = []

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                # Answers have prices, names and, once, a key in them: nobody in between may keep one.
                headers.setdefault("Cache-Control", "no-store")
                status.append(message["status"])
            await send(message)

        started = _clock()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except ClientDisconnect:
                status.append(CLIENT_LEFT)
            except Exception as bug:
                # The API's one place: every bug is an answer, and one line.
                log.error("internal_error", route=_route(scope), exc_info=bug)
                if not status:
                    await problem_response(KINDS["internal_error"], request_id)(scope, receive, send_with_id)
            finally:
                self._record(scope, status[0] if status else CLIENT_LEFT, _clock() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        log.info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))


def choose_request_id(given: str) -> str:
    """The client's own id where it is a harmless one, else a fresh one."""
    if REQUEST_ID.fullmatch(given) and not contains_card_number(given):
        return given
    return str(new_id())


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or "unmatched"


def _clock() -> float:
    return asyncio.get_running_loop().time()
