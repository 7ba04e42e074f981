"""A cashier at a ringup till: one key for one sale, asked again until there is an answer."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from ringup.cli.drill_floor import Told
from ringup.cli.drill_score import BUG
from ringup.cli.drill_shop import Lane, cart_of
from ringup.simulator.drill_schedule import Sale, Trouble

PATIENCE_SECONDS = 90.0
"""How long a sale may take to end before the cashier gives up on knowing: half an hour at the counter."""
POLL_SECONDS = 0.4
POLLS_MAX = 15
"""How often to look before the till asks with its key again: the process that was to go on may be dead."""
PAUSE_SECONDS = 0.5
PRESS_SECONDS = 1.5
"""How long a cashier takes to look up, and press again after a refusal that says it may help."""
UNDER_WAY = ("pending_payment", "payment_processing", "payment_authorized")
ASK_AGAIN = ("checkout_in_progress", "database_unavailable", "not_ready", BUG)
"""Answers that say nothing about the sale: the till repeats the request by itself."""
PRESSES_MAX = {
    "terminal_offline": 3,
    "terminal_in_doubt": 20,
    "terminal_busy": 3,
    "payment_not_sent": 5,
    "checkout_expired": 2,
}
"""Refusals after which a cashier presses again, so many times: nobody was charged, and it may be better now."""


@dataclass
class _Progress:
    """What one sale has met so far."""

    sale: Sale
    lane: int
    deadline: float
    reasons: list[str] = field(default_factory=list)

    def told(self, result: Any, code: str = "", status: int | None = None, checkout: str | None = None) -> Told:
        return Told(self.sale.number, result, code, status, checkout, tuple(self.reasons), self.lane)

    def may_press_again(self, code: str) -> bool:
        return self.reasons.count(code) < PRESSES_MAX[code]


class RingupCashier:
    """Rings up sales over HTTP. `day` is a part of every idempotency key; `cart_of` makes what is sent."""

    def __init__(
        self,
        api: httpx.AsyncClient,
        lane: Lane,
        day: str,
        cart_of: Callable[[Sale, Lane], dict[str, Any]] = cart_of,
    ) -> None:
        self._api = api
        self._lane = lane
        self._day = day
        self._cart_of = cart_of

    async def ring_up(self, sale: Sale) -> Told:
        progress = self._begin(sale)
        match sale.trouble:
            case Trouble.PRESSED_TWICE:
                return await self._press_twice(progress)
            case Trouble.CANCELLED_MIDWAY:
                return await self._press_and_cancel(progress)
            case _:
                return await self._press(progress)

    async def ask_again(self, sale: Sale) -> Told:
        """What the same key says now."""
        return await self._press(self._begin(sale))

    async def check_terminal(self) -> None:
        """Have the terminal asked now whether it is there. While the server is away, its worker does so in time."""
        with contextlib.suppress(httpx.TransportError):
            await self._api.post(f"/v1/processors/{self._lane.processor_id}/check")

    def _begin(self, sale: Sale) -> _Progress:
        return _Progress(sale, self._lane.number, _clock() + PATIENCE_SECONDS)

    async def _press_twice(self, progress: _Progress) -> Told:
        """The app sends the same request a second time, whatever the first one is doing."""

        async def later() -> Told:
            await asyncio.sleep(1.2 * progress.sale.moment)
            return await self._press(self._begin(progress.sale))

        both = await asyncio.gather(self._press(progress), later())
        # A refusal that frees the key is no answer for good: the other request may have come at a better moment.
        final = [told for told in both if told.code not in PRESSES_MAX] or [both[0]]
        if len({(told.result, told.code, told.checkout_id) for told in final}) == 1:
            return final[0]
        return progress.told("unknown", " and ".join(f"told {told.result} {told.code}".strip() for told in final))

    async def _press_and_cancel(self, progress: _Progress) -> Told:
        response = await self._post(progress, wait=False)
        if response is None or response.status_code != 202:
            return await self._press(progress)
        checkout_id = response.json()["id"]
        await asyncio.sleep(progress.sale.paying_seconds * 1.3 * progress.sale.moment)
        while _clock() < progress.deadline:
            answer = await self._send(progress, "POST", f"/v1/checkouts/{checkout_id}/cancel")
            if answer is not None and answer.status_code < 500:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return await self._follow(progress, checkout_id)

    async def _follow(self, progress: _Progress, checkout_id: str) -> Told:
        """Look until a checkout that was to be cancelled has ended one way or the other."""
        while _clock() < progress.deadline:
            document = await self._look(progress, checkout_id)
            match document:
                case {"status": "completed"}:
                    return progress.told("paid", "", 201, checkout_id)
                case {"status": "cancelled"}:
                    return progress.told("cancelled", "checkout_cancelled", None, checkout_id)
                case {"status": "payment_failed", "failure": {"code": code}}:
                    return progress.told("failed", code, None, checkout_id)
            await asyncio.sleep(POLL_SECONDS)
        return progress.told("unknown", "not settled in time", None, checkout_id)

    async def _press(self, progress: _Progress) -> Told:
        while _clock() < progress.deadline:
            response = await self._post(progress, wait=True)
            if response is None:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if response.status_code == 202:
                await self._wait_for_end(progress, response.json()["id"])
                continue
            told = _read_answer(progress, response)
            if told is not None:
                return told
            await asyncio.sleep(PRESS_SECONDS if progress.reasons[-1] in PRESSES_MAX else PAUSE_SECONDS)
        return progress.told("unknown", "not settled in time")

    async def _wait_for_end(self, progress: _Progress, checkout_id: str) -> None:
        """Look for a while. A refusal that frees the key is noted: the next request presses anew."""
        progress.reasons.append("in doubt")
        for _ in range(POLLS_MAX):
            await asyncio.sleep(POLL_SECONDS)
            document = await self._look(progress, checkout_id)
            if document is None or document["status"] in UNDER_WAY:
                continue
            code = (document["failure"] or {}).get("code", "")
            if code in PRESSES_MAX:
                progress.reasons.append(code)
            return

    async def _look(self, progress: _Progress, checkout_id: str) -> dict[str, Any] | None:
        response = await self._send(progress, "GET", f"/v1/checkouts/{checkout_id}")
        return response.json() if response is not None and response.is_success else None

    async def _post(self, progress: _Progress, *, wait: bool) -> httpx.Response | None:
        headers = {"Idempotency-Key": f"{self._day}-{progress.sale.number}"}
        if not wait:
            headers["Prefer"] = "respond-async"
        return await self._send(progress, "POST", "/v1/checkouts", self._cart_of(progress.sale, self._lane), headers)

    async def _send(
        self,
        progress: _Progress,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        try:
            return await self._api.request(method, path, json=body, headers=headers)
        except httpx.TransportError as failure:
            progress.reasons.append(type(failure).__name__)
            return None


def _read_answer(progress: _Progress, response: httpx.Response) -> Told | None:
    """What an answer says about the sale; None where the cashier is to try again."""
    document = response.json()
    if response.status_code == 201:
        return progress.told("paid", "", 201, document["id"])
    code, checkout_id = document["code"], document.get("checkout_id")
    if code in ASK_AGAIN:
        progress.reasons.append(code)
        return None
    if code in PRESSES_MAX:
        progress.reasons.append(code)
        if progress.may_press_again(code):
            return None
    result = "cancelled" if code == "checkout_cancelled" else "failed"
    return progress.told(result, code, response.status_code, checkout_id)


def _clock() -> float:
    return asyncio.get_running_loop().time()
