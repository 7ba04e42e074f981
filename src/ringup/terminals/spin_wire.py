"""How the SPIn REST API (version 2) is spoken: requests written, answers read, the key kept out of logs.

Nothing here decides what an answer means for a payment; `ringup.terminals.spin` does.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import httpx

from ringup.domain.money import AMOUNT_MINOR_MAX, Money
from ringup.domain.outcome import InDoubt, NotSent
from ringup.terminals.protocol import Health
from ringup.terminals.spin_codes import StatusCode, status_code

Member = str | int | Money
"""What a request may carry. An amount is written as decimal major units, digit by digit."""

NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
CONNECT_SECONDS, POOL_SECONDS, WRITE_SECONDS = 5.0, 2.0, 10.0
OUTSIDE_READING_SECONDS = CONNECT_SECONDS + POOL_SECONDS + WRITE_SECONDS
"""Added to the reading time for a limit on the whole exchange: an answer may trickle in byte by byte."""
GRACE_SECONDS = 10.0
"""How much longer than the vendor's proxy we wait, so that it is the proxy that gives up first."""
HEALTH_SECONDS = 10.0
RETRY_AFTER_SECONDS_MAX = 3600
RESULT_OK = {"0", "ok"}
KEY_PARAMETER = "request.authkey"
HEALTH_STATUSES: dict[str, Literal["online", "offline", "not_found"]] = {
    "online": "online",
    "offline": "offline",
    "notfound": "not_found",
}


@dataclass(frozen=True, slots=True)
class SpinSettings:
    """One terminal at one address. The vendor publishes several addresses, so there is no default.

    `mode` says what a charge is: money set aside and captured later, or a sale that takes it at once.
    `capture_reference` says whether a capture carries the reference of its authorisation or one of its
    own; the vendor's documentation is not clear. `proxy_timeout_seconds` (1 to 720) is how long the
    vendor waits for the customer, `aftermath_seconds` how long after that a terminal may still be
    finishing what it was asked: only then is a payment that is not found believed not to exist.
    """

    base_url: str
    tpn: str
    auth_key: str = field(repr=False)
    mode: Literal["auth_capture", "sale"]
    register_id: str | None = None
    payment_type: str = "Credit"
    proxy_timeout_seconds: int = 120
    capture_reference: Literal["original", "new"] = "original"
    aftermath_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vendor answered. `record` is the whole of it, with every member name in lower case."""

    status: StatusCode
    succeeded: bool
    record: Mapping[str, object]

    @property
    def general(self) -> Mapping[str, object]:
        return section(self.record, "generalresponse")

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the vendor asks us to wait, if it names a time that makes sense."""
        delay = self.general.get("delaybeforenextrequest")
        if isinstance(delay, bool) or not isinstance(delay, int | Decimal):
            return None
        return float(delay) if 0 <= delay <= RETRY_AFTER_SECONDS_MAX else None


class SpinConnection:
    """Speaks for one terminal. No answer and no network failure makes a method here raise."""

    def __init__(self, client: httpx.AsyncClient, settings: SpinSettings) -> None:
        self._client = client
        self._settings = settings
        logging.getLogger("httpx").addFilter(hide_key)

    async def post(
        self, path: str, members: Mapping[str, Member], *, proxy_seconds: int | None = None
    ) -> Answer | NotSent | InDoubt:
        """Send one request and wait for its answer, for as long as the proxy may take and a little more.

        `NotSent` is returned only if not one byte of the request left.
        `proxy_seconds` is None for the operations that are not passed a proxy timeout.
        """
        waiting: dict[str, Member] = {} if proxy_seconds is None else {"SPInProxyTimeout": proxy_seconds}
        read_seconds = (proxy_seconds or 0) + GRACE_SECONDS
        try:
            async with asyncio.timeout(read_seconds + OUTSIDE_READING_SECONDS):
                response = await self._client.post(
                    self._address(path),
                    content=encode({**self._credentials(), **members, **waiting}),
                    headers={"Content-Type": "application/json"},
                    timeout=_timeout(read_seconds),
                )
        except NEVER_LEFT as error:
            return NotSent(reason=type(error).__name__)
        except (httpx.RequestError, TimeoutError) as error:
            return InDoubt(reason=type(error).__name__)
        return read_answer(response.content)

    async def terminal_status(self) -> Health:
        """Ask the proxy whether the terminal is connected. It does not tell whether it is busy."""
        parameters = {"request.tpn": self._settings.tpn, KEY_PARAMETER: self._settings.auth_key}
        if self._settings.register_id is not None:
            parameters["request.registerId"] = self._settings.register_id
        try:
            async with asyncio.timeout(HEALTH_SECONDS + OUTSIDE_READING_SECONDS):
                response = await self._client.get(
                    self._address("Common/TerminalStatus"),
                    params=parameters,
                    timeout=_timeout(HEALTH_SECONDS),
                )
        except (httpx.RequestError, TimeoutError) as error:
            return Health("unreachable", type(error).__name__)
        return read_health(response.content)

    def _address(self, path: str) -> str:
        return f"{self._settings.base_url.rstrip('/')}/v2/{path}"

    def _credentials(self) -> dict[str, Member]:
        credentials: dict[str, Member] = {"Tpn": self._settings.tpn, "Authkey": self._settings.auth_key}
        if self._settings.register_id is not None:
            credentials["RegisterId"] = self._settings.register_id
        return credentials


def encode(members: Mapping[str, Member]) -> bytes:
    """The request as JSON. Amounts never pass through a float: 27.5 dollars leaves as `27.50`."""
    written = (
        f"{json.dumps(name)}:{f'{value.major:f}' if isinstance(value, Money) else json.dumps(value)}"
        for name, value in members.items()
    )
    return ("{" + ",".join(written) + "}").encode()


def read_answer(body: bytes) -> Answer | InDoubt:
    """Read a payment answer, whatever HTTP status it came with. What is not one is `InDoubt`."""
    record = _read_object(body)
    if record is None:
        return InDoubt(reason="answer is not JSON")
    general = section(record, "generalresponse")
    code = _read_code(general.get("statuscode"))
    if code is None:
        return InDoubt(reason="answer has no status code")
    result = general.get("resultcode")
    return Answer(
        status=status_code(code),
        succeeded=result is None or str(result).strip().lower() in RESULT_OK,
        record=record,
    )


def read_health(body: bytes) -> Health:
    """Read the answer of TerminalStatus, which has a shape of its own."""
    record = _read_object(body) or {}
    status = HEALTH_STATUSES.get(str(record.get("terminalstatus")).strip().lower())
    if status is None:
        return Health("unreachable", "answer not understood")
    return Health(status)


def section(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    """An object within an answer; empty if the answer has no such object."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def read_amount(value: object, like: Money) -> int | None:
    """An amount of an answer in minor units; None if it is not one, exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    major = Decimal(value)
    if not major.is_finite() or abs(major) > AMOUNT_MINOR_MAX:
        return None
    try:
        return Money.from_major(major, like.currency, like.exponent).amount_minor
    except ValueError:
        return None


def hide_key(record: logging.LogRecord) -> bool:
    """A filter for the HTTP client's log, which names every address: TerminalStatus has the key in it."""
    if isinstance(record.args, tuple):
        record.args = tuple(_without_key(argument) for argument in record.args)
    return True


def _without_key(argument: object) -> object:
    if isinstance(argument, httpx.URL) and KEY_PARAMETER in argument.params:
        return argument.copy_set_param(KEY_PARAMETER, "hidden")
    return argument


def _timeout(read_seconds: float) -> httpx.Timeout:
    return httpx.Timeout(connect=CONNECT_SECONDS, pool=POOL_SECONDS, write=WRITE_SECONDS, read=read_seconds)


def _read_object(body: bytes) -> dict[str, object] | None:
    try:
        answer = json.loads(body, parse_float=Decimal, object_pairs_hook=_in_lower_case)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _in_lower_case(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name.lower(): value for name, value in pairs}


def _read_code(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return f"{value:04d}"
    return value.strip().zfill(4) if isinstance(value, str) and value.strip() else None
