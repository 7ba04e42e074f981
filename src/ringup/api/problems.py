"""What a client is told when something is refused or fails: problem documents (RFC 9457).

Every kind of problem has a stable `code`. Refusals come from the tree in `ringup.domain.errors`;
what only HTTP knows, and how a sale can end without being an error, is listed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from ringup.domain.errors import RingupError, leaves

MEDIA_TYPE = "application/problem+json"
ERRORS_SHOWN = 50
RETRY_AFTER_SECONDS = 2
"""What a refused client is asked to wait before it sends the same request again."""

log = structlog.get_logger("ringup.api")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `retryable`: the same request may succeed later without being changed."""

    code: str
    status: int
    means: str
    retryable: bool = False


OWN_KINDS = (
    Kind("idempotency_key_missing", 400, "A sale needs the header Idempotency-Key."),
    Kind("idempotency_key_invalid", 400, "The idempotency key is not 1 to 255 visible characters."),
    Kind("bad_request", 400, "The request is not valid HTTP."),
    Kind("unauthenticated", 401, "There is no valid API key in the header Authorization."),
    Kind("card_declined", 402, "The bank or the customer said no. What was set aside or taken goes back."),
    Kind("partially_approved", 402, "The card had less than was due. What was taken goes back."),
    Kind("scope_missing", 403, "The API key may not do this."),
    Kind("not_found", 404, "There is nothing at this address."),
    Kind("method_not_allowed", 405, "This address does not know this method."),
    Kind("checkout_cancelled", 409, "The checkout was cancelled. What was taken goes back."),
    Kind("checkout_expired", 409, "Nobody paid before the goods that were set aside went back."),
    Kind("not_completed", 409, "There is no receipt before the sale is completed."),
    Kind("mail_not_set_up", 409, "This ringup has no mail server: set RINGUP_SMTP_URL and RINGUP_MAIL_FROM."),
    Kind("body_too_large", 413, "The request is larger than this server reads."),
    Kind(
        "payment_not_sent",
        503,
        "The terminal did not carry the payment out. What was taken goes back.",
        True,
    ),
    Kind("not_ready", 503, "The database does not answer, or its schema is not there yet.", True),
    Kind("internal_error", 500, "Something is wrong on our side. It was logged under the request id."),
)
REFUSALS = (Kind(leaf.code, leaf.http_status, str(leaf.__doc__), leaf.retryable) for leaf in leaves())
KINDS = {kind.code: kind for kind in (*REFUSALS, *OWN_KINDS)}
KIND_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
SAFE_MESSAGES = {
    "union_tag_invalid": "The type is not one of those that are documented",
    "uuid_parsing": "Input should be a valid UUID",
    "json_invalid": "The body is not valid JSON",
}
"""In place of pydantic's own messages where those repeat what was sent."""


class Refused(Exception):
    """A refusal that only HTTP knows. `code` is one of KINDS."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        facts: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or KINDS[code].means)
        self.kind = KINDS[code]
        self.facts = facts or {}
        self.headers = headers or {}


class InvalidPart(BaseModel):
    loc: list[str | int]
    msg: str
    type: str


class ProblemDocument(BaseModel):
    """RFC 9457, with what our clients branch on: `code`, `retryable` and, about a checkout, its `state`."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str = Field(description="A page about this kind of problem, relative to this server.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; branch on this.")
    retryable: bool = Field(description="The same request may succeed later without being changed.")
    request_id: str = Field(description="The request that met the problem: of a replay, the first.")
    checkout_id: str | None = None
    state: str | None = Field(None, description="The checkout's status.")
    errors: list[InvalidPart] | None = None


def problem_document(
    kind: Kind, detail: str | None, request_id: str, facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of RFC 9457 and ours; facts never replace one of them."""
    members = {
        "type": f"/problems/{kind.code}",
        "title": kind.means,
        "status": kind.status,
        "detail": detail or kind.means,
        "code": kind.code,
        "retryable": kind.retryable,
        "request_id": request_id,
    }
    more = {name: str(fact) if isinstance(fact, UUID) else fact for name, fact in (facts or {}).items()}
    return {**members, **{name: fact for name, fact in more.items() if name not in members}}


def problem_response(
    kind: Kind,
    request_id: str,
    *,
    detail: str | None = None,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    document = problem_document(kind, detail, request_id, facts)
    seconds = (facts or {}).get("retry_after_seconds", RETRY_AFTER_SECONDS)
    waiting = {"Retry-After": str(seconds)} if kind.retryable else {}
    return JSONResponse(document, kind.status, headers={**waiting, **(headers or {})}, media_type=MEDIA_TYPE)


def request_id_of(request: Request) -> str:
    request_id: str = request.state.request_id
    return request_id


def install(app: FastAPI) -> None:
    """Answer every refusal with a problem document. Bugs pass through, to the one place that logs them."""

    @app.exception_handler(RingupError)
    async def _(request: Request, refusal: RingupError) -> JSONResponse:
        kind = KINDS[refusal.code]
        if kind.status == 500:
            log.error("misconfigured", code=kind.code, detail=str(refusal))
        return problem_response(kind, request_id_of(request), detail=str(refusal), facts=refusal.facts)

    @app.exception_handler(Refused)
    async def _(request: Request, refusal: Refused) -> JSONResponse:
        return problem_response(
            refusal.kind,
            request_id_of(request),
            detail=str(refusal),
            facts=refusal.facts,
            headers=refusal.headers,
        )

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, refusal: RequestValidationError) -> JSONResponse:
        errors = [invalid_part(error) for error in refusal.errors()[:ERRORS_SHOWN]]
        return problem_response(KINDS["invalid_request"], request_id_of(request), facts={"errors": errors})

    @app.exception_handler(HTTPException)
    async def _(request: Request, refusal: HTTPException) -> JSONResponse:
        kind = KINDS[KIND_BY_STATUS.get(refusal.status_code, "bad_request")]
        headers = {"Allow": _methods_at(app, request)} if kind.status == 405 else refusal.headers
        return problem_response(kind, request_id_of(request), headers=headers)


def invalid_part(error: Mapping[str, Any]) -> dict[str, Any]:
    """Where a request is wrong and how, without what stood there."""
    return {
        "loc": [part if isinstance(part, int) else part[:64] for part in error["loc"]],
        "msg": SAFE_MESSAGES.get(error["type"], error["msg"]),
        "type": error["type"],
    }


def _methods_at(app: FastAPI, request: Request) -> str:
    """All methods of an address: each of them is a route of its own, and the framework names only one's."""
    operations = app.openapi()["paths"].get(request.scope["route"].path_format, {"get": None})
    return ", ".join(sorted(name.upper() for name in operations))


def page_about(kind: Kind) -> str:
    """The page at a problem's `type`, in Markdown."""
    again = "may succeed later" if kind.retryable else "will be refused again"
    return f"# {kind.code}\n\nHTTP {kind.status}. {kind.means}\n\nThe same request, sent again, {again}.\n"
