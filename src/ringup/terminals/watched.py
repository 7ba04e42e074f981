"""A terminal whose every outward step can be died before and after."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ringup import failpoints
from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.domain.outcome import ListedCharge, Outcome
from ringup.terminals.protocol import Capabilities, Health, Terminal

Answer = TypeVar("Answer")


class WatchedTerminal:
    """Passes everything on to the adapter it is given. Keeps whatever rules that one keeps."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    @property
    def capabilities(self) -> Capabilities:
        return self._terminal.capabilities

    async def charge(self, attempt: Attempt) -> Outcome:
        return await _step("charge", lambda: self._terminal.charge(attempt))

    async def look_up(self, attempt: Attempt) -> Outcome:
        return await _step("look_up", lambda: self._terminal.look_up(attempt))

    async def capture(self, attempt: Attempt) -> Outcome:
        return await _step("capture", lambda: self._terminal.capture(attempt))

    async def void(self, attempt: Attempt) -> Outcome:
        return await _step("void", lambda: self._terminal.void(attempt))

    async def refund(self, attempt: Attempt) -> Outcome:
        return await _step("refund", lambda: self._terminal.refund(attempt))

    async def adjust_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        return await _step("adjust_tip", lambda: self._terminal.adjust_tip(attempt, tip_minor))

    async def look_up_tip(self, attempt: Attempt, tip_minor: int) -> Outcome:
        return await _step("look_up_tip", lambda: self._terminal.look_up_tip(attempt, tip_minor))

    async def abort(self, attempt: Attempt) -> None:
        return await _step("abort", lambda: self._terminal.abort(attempt))

    async def list_charges(self, like: Money) -> list[ListedCharge] | None:
        return await _step("list_charges", lambda: self._terminal.list_charges(like))

    async def open_batch(self) -> str | None:
        return await _step("open_batch", self._terminal.open_batch)

    async def check_health(self) -> Health:
        return await _step("check_health", self._terminal.check_health)


async def _step(name: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
    failpoints.reached(f"before:{name}")
    answer = await ask()
    failpoints.reached(f"after:{name}")
    return answer
