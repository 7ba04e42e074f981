"""How a sale's end, or its being under way, is told: the answers of POST /v1/checkouts."""

import re
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from ringup.api.documents import has_ended
from ringup.api.problems import KINDS, Refused, problem_response, request_id_of
from ringup.checkout.ring_up import RungUp
from ringup.db.calls.checkout import Answer

KEY_HEADER = "Idempotency-Key"
KEY = r'([!#-~]{1,255}|"[!#-\[\]-~]{1,255}")'
"""Visible ASCII without quotes, bare or as a string (RFC 8941) without escapes. It is documented as it is checked."""

ENDINGS = (
    "card_declined",
    "partially_approved",
    "checkout_cancelled",
    "checkout_expired",
    "payment_not_sent",
    "terminal_busy",
)
"""Codes under which a sale that was begun ends without one."""


def read_idempotency_key(request: Request) -> str:
    """The key, bare or quoted: both mean the same."""
    given = request.headers.getlist(KEY_HEADER)
    if not given:
        raise Refused("idempotency_key_missing")
    key = given[0].strip()
    if len(given) > 1 or not re.fullmatch(KEY, key):
        raise Refused("idempotency_key_invalid")
    return key.strip('"')


def key_parameter(promise: str) -> dict[str, object]:
    """The header in the documentation of an operation. `promise` is what the same key does."""
    return {
        "name": KEY_HEADER,
        "in": "header",
        "required": True,
        "description": f"{promise}, however often it is sent. Bare or quoted.",
        "schema": {"type": "string", "pattern": f"^{KEY}$"},
    }


def wants_no_wait(request: Request) -> bool:
    """Whether the client asked for `Prefer: respond-async` (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(preference.split(";")[0].strip().lower() == "respond-async" for preference in preferences)


def location_of(checkout_id: UUID) -> dict[str, str]:
    return {"Location": f"/v1/checkouts/{checkout_id}"}


def pending_response(checkout_id: UUID, document: Any, *, was_asked_for: bool = False) -> Response:
    """202: not known yet. Look again, or follow the events."""
    applied = {"Preference-Applied": "respond-async"} if was_asked_for else {}
    return JSONResponse(document, 202, headers={**location_of(checkout_id), **applied})


def result_of(answer: Answer) -> str:
    """`completed`, `pending`, or the code of the problem in which the sale ended."""
    if answer.response_status is not None:
        stored: dict[str, Any] = answer.response_body or {}
        return "completed" if answer.response_status == 201 else str(stored["code"])
    if has_ended(answer.status) and answer.failure_code in ENDINGS:
        return answer.failure_code
    return "pending"


def sale_response(request: Request, rung_up: RungUp) -> Response:
    """The first answer, or byte for byte the same again for the same key."""
    answer, checkout_id = rung_up.answer, rung_up.checkout_id
    headers = {"Idempotent-Replayed": "true"} if rung_up.replayed else {}
    result = result_of(answer)
    if result == "completed":
        return JSONResponse(answer.response_body, 201, headers={**location_of(checkout_id), **headers})
    if result == "pending":
        return pending_response(checkout_id, answer.document)
    stored = answer.response_body or {
        "detail": answer.failure_detail,
        "request_id": request_id_of(request),
        "checkout_id": str(checkout_id),
        "state": answer.status,
    }
    return problem_response(
        KINDS[result],
        stored["request_id"] or request_id_of(request),
        detail=stored["detail"],
        facts={"checkout_id": stored["checkout_id"], "state": stored["state"]},
        headers=headers,
    )
