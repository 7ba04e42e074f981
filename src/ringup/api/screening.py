"""No request is looked at before every text in it was: card numbers and broken text stay outside.

Nothing that is refused here is repeated in the answer or in a log.
"""

import json
import math
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ringup.api.problems import Refused
from ringup.domain.card_numbers import contains_card_number
from ringup.domain.errors import CardDataRefused

DEPTH_MAX = 32
BROKEN = re.compile("[\ud800-\udfff]")
IDEMPOTENCY_KEY = "idempotency-key"


class ScreenedRoute(APIRoute):
    """A route whose requests are screened first: query, path, idempotency key, and the JSON body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        reads_body = self.body_field is not None

        async def screen_and_answer(request: Request) -> Response:
            screened = ScreenedRequest(request.scope, request.receive)
            for texts in (request.query_params.multi_items(), request.path_params.items()):
                for name, text in texts:
                    screen(name)
                    screen(str(text))
            screen(request.headers.get(IDEMPOTENCY_KEY, ""))
            if reads_body:
                await screened.json()
            return await answer(screened)

        return screen_and_answer


class ScreenedRequest(Request):
    """A request whose JSON is strict (RFC 8259, no key twice) and was screened."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


def read_json(body: bytes) -> Any:
    """Parse and screen a body; None for an empty one. Raises Refused or CardDataRefused."""
    if not body:
        return None
    try:
        document = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_without_repetition,
        )
    except (ValueError, RecursionError) as failure:
        raise _malformed("The body is not valid JSON") from failure
    for text in _texts(document, DEPTH_MAX):
        screen(text)
    return document


def screen(text: str) -> None:
    """Refuse what PostgreSQL cannot store, and what nobody may."""
    if "\0" in text or BROKEN.search(text):
        raise _malformed("A text has a NUL or half of a surrogate pair")
    if contains_card_number(text):
        raise CardDataRefused("a text looks like a card number; none is accepted here")


def _malformed(message: str) -> Refused:
    error = {"loc": ["body"], "msg": message, "type": "json_invalid"}
    return Refused("invalid_request", facts={"errors": [error]})


def _texts(node: Any, depth: int) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list) and depth == 0:
        raise _malformed("The body is nested too deeply")
    elif isinstance(node, dict):
        for name, inner in node.items():
            yield name
            yield from _texts(inner, depth - 1)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts(inner, depth - 1)


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members
