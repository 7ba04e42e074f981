"""The shop floor of a drill: cashiers take the next sale as soon as they are free, and blows fall."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from ringup.cli.drill_terminals import TroubledTerminal
from ringup.simulator.drill_schedule import Blow, Outage, Sale, Schedule

CASHIERS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the cashier was told in the end. `reasons` are what stood in between, oldest first.

    `status` and `checkout_id` are those of the last answer, where there was one; `lane` is
    the register, and `seconds` how long the cashier waited.
    """

    sale: int
    result: Literal["paid", "failed", "cancelled", "unknown"]
    code: str = ""
    status: int | None = None
    checkout_id: str | None = None
    reasons: tuple[str, ...] = ()
    lane: int = 0
    seconds: float = 0.0


class Cashier(Protocol):
    async def ring_up(self, sale: Sale) -> Told: ...


@dataclass(frozen=True, slots=True)
class Post:
    """A cashier at a terminal."""

    cashier: Cashier
    terminal: TroubledTerminal


class Floor:
    """One run of a schedule."""

    def __init__(
        self,
        schedule: Schedule,
        posts: Sequence[Post],
        strike: Callable[[Blow], Awaitable[None]],
        advance: Callable[[], None],
    ) -> None:
        self._waiting = deque(schedule.sales)
        self._posts = posts
        self._strike = strike
        self._advance = advance
        self._outages: defaultdict[int, list[Outage]] = defaultdict(list)
        for outage in schedule.outages:
            self._outages[outage.sale].append(outage)
        self._told: list[Told] = []

    async def play(self) -> list[Told]:
        """Ring up every sale, and return what cashiers were told, by the sales' numbers."""
        async with asyncio.TaskGroup() as group:
            for post in self._posts:
                group.create_task(self._work(post, group))
        return sorted(self._told, key=lambda told: told.sale)

    async def _work(self, post: Post, group: asyncio.TaskGroup) -> None:
        clock = asyncio.get_running_loop().time
        while self._waiting:
            sale = self._waiting.popleft()
            async with post.terminal.in_trouble(sale):
                for outage in self._outages[sale.number]:
                    group.create_task(self._fall(outage))
                begun = clock()
                told = await post.cashier.ring_up(sale)
                self._told.append(replace(told, seconds=clock() - begun))
            self._advance()

    async def _fall(self, outage: Outage) -> None:
        await asyncio.sleep(outage.after_seconds)
        await self._strike(outage.blow)
