"""The SPIn REST v2 proxy: checks a request, forwards it to its terminal, and answers or breaks down."""

import time
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ringup.simulator.connection import DroppedReply, TruncatedReply
from ringup.simulator.faults import FaultName, Faults
from ringup.simulator.fleet import Fleet
from ringup.simulator.settings import SimulatorSettings
from ringup.simulator.spin_codes import INVALID_REQUEST, NOT_CONNECTED, WRONG_AUTH_KEY, ResultCode
from ringup.simulator.spin_requests import (
    CaptureRequest,
    InvalidRequest,
    Operation,
    SpinRequest,
    StatusListRequest,
    read_body,
    read_request,
)
from ringup.simulator.spin_responses import Answer, render
from ringup.simulator.terminal import Question, Terminal

HTML_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

Breakdown = Callable[[bytes], Response]


def _html(_: bytes) -> Response:
    return HTMLResponse(HTML_PAGE, status_code=502)


def _server_error(_: bytes) -> Response:
    return PlainTextResponse("Internal Server Error", status_code=500)


BEFORE: Mapping[FaultName, Breakdown] = {
    FaultName.DROP_REQUEST: lambda _: DroppedReply(),
    FaultName.HTML_BEFORE: _html,
    FaultName.ERROR_BEFORE: _server_error,
}
"""Breakdowns of the proxy before the terminal is asked."""

AFTER: Mapping[FaultName, Breakdown] = {
    FaultName.DROP_REPLY: lambda _: DroppedReply(),
    FaultName.TRUNCATE: lambda body: TruncatedReply(body, media_type="application/json"),
    FaultName.HTML: _html,
    FaultName.ERROR_AFTER: _server_error,
}
"""Breakdowns of the proxy once the terminal has answered; they get the body that is lost."""


class AnyCasePaths:
    """Middleware: `/SPIN/V2/...` and `/V2/...` are `/v2/...` in lower case. Other paths are left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"].lower().removeprefix("/spin")
            if path.startswith("/v2/"):
                scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)


class SpinProxy:
    """Answers the requests of SPIn REST v2 for a fleet of terminals."""

    def __init__(self, fleet: Fleet, faults: Faults, settings: SimulatorSettings) -> None:
        self._fleet = fleet
        self._faults = faults
        self._settings = settings

    async def post(self, operation: Operation, body: bytes) -> Response:
        """Answer one POST under /v2/Payment."""
        received = time.perf_counter()
        try:
            members = read_body(body)
            request = read_request(operation, members)
            terminal = self._fleet.find(request.tpn)
            _check_profile(request, terminal)
        except InvalidRequest as error:
            return self._reply(Answer(INVALID_REQUEST, str(error)), None)
        if terminal is None:
            return self._reply(Answer(NOT_CONNECTED), None)
        if terminal.auth_key != request.authkey:
            return self._reply(Answer(WRONG_AUTH_KEY), terminal)
        fault = self._faults.strike(request.tpn, operation, request.reference)
        if fault is not None and fault.fault in BEFORE:
            return BEFORE[fault.fault](b"")
        reply = self._reply(await terminal.ask(Question(operation, request, fault)), terminal)
        if request.reference is not None:
            self._fleet.held_seconds[request.reference] += time.perf_counter() - received
        if fault is not None and fault.fault in AFTER:
            return AFTER[fault.fault](bytes(reply.body))
        return reply

    async def terminal_status(self, query: QueryParams) -> Response:
        """Answer GET /v2/Common/TerminalStatus, whose body is unlike all others."""
        dotted = {name.lower().removeprefix("request."): value for name, value in query.items()}
        try:
            request = read_request(Operation.TERMINAL_STATUS, dotted)
        except InvalidRequest as error:
            return _presence("NotFound", dotted.get("tpn", ""), str(error), http_status=400)
        terminal = self._fleet.find(request.tpn)
        if terminal is None:
            return _presence("NotFound", request.tpn, "Terminal not found", http_status=404)
        if terminal.auth_key != request.authkey:
            return _presence("NotFound", request.tpn, WRONG_AUTH_KEY.detail, http_status=400)
        fault = self._faults.strike(request.tpn, Operation.TERMINAL_STATUS, None)
        if fault is not None and fault.fault in BEFORE:
            return BEFORE[fault.fault](b"")
        if fault is not None:
            await terminal.pause(fault.seconds)
        offline = fault is not None and fault.fault is FaultName.OFFLINE
        online = terminal.profile.online and not offline
        reply = _presence("Online" if online else "Offline", request.tpn, None, http_status=200)
        if fault is not None and fault.fault in AFTER:
            return AFTER[fault.fault](bytes(reply.body))
        return reply

    def _reply(self, answer: Answer, terminal: Terminal | None) -> Response:
        profile = terminal.profile if terminal is not None else self._settings.profile
        http_status = 200
        if answer.code is INVALID_REQUEST:
            http_status = 400
        elif answer.code.result is ResultCode.ApiError:
            http_status = self._settings.proxy_error_http_status
        return JSONResponse(render(answer, profile.result_code_style), status_code=http_status)


def _check_profile(request: SpinRequest, terminal: Terminal | None) -> None:
    """Rules of the contract that depend on the merchant's set-up, or on two members at once."""
    needs_auth_code = terminal is not None and terminal.profile.capture_needs_auth_code
    if isinstance(request, CaptureRequest) and needs_auth_code and request.auth_code is None:
        raise InvalidRequest("AuthCode: Field required")
    if isinstance(request, StatusListRequest) and request.transaction_from_index > request.transaction_to_index:
        raise InvalidRequest("TransactionFromIndex: is larger than TransactionToIndex")


def _presence(status: str, tpn: str, error: str | None, *, http_status: int) -> Response:
    body = {"TerminalStatus": status, "Tpn": tpn, "ErrorDescription": error}
    return JSONResponse(body, status_code=http_status)


def spin_routes(proxy: SpinProxy) -> APIRouter:
    """The vendor's paths, in lower case; `AnyCasePaths` brings all others to them."""
    router = APIRouter(prefix="/v2", tags=["SPIn REST v2"])

    @router.post("/payment/{operation}")
    async def payment(operation: str, request: Request) -> Response:
        """Any operation on a terminal. The request and the answer are the vendor's."""
        try:
            named = Operation(operation)
        except ValueError:
            named = Operation.TERMINAL_STATUS
        if named is Operation.TERMINAL_STATUS:
            return PlainTextResponse("Not Found", status_code=404)
        return await proxy.post(named, await request.body())

    @router.get("/common/terminalstatus")
    async def terminal_status(request: Request) -> Response:
        """Whether a terminal is connected. Parameters: request.tpn, request.authkey, request.registerId."""
        return await proxy.terminal_status(request.query_params)

    return router
