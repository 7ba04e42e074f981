"""The terminals of a drill, and what the schedule does to them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import httpx

from ringup.simulator.drill_schedule import Hitch, Sale, Trouble
from ringup.simulator.faults import FaultName, FaultRule
from ringup.simulator.spin_requests import Operation

AUTH_KEY = "DRILLDRILL"
BUSY_DELAY_SECONDS = 0.3
HUNG_ANSWER_SECONDS = 0.3
CUT_OFF_SECONDS = 3.0
IDLE_SECONDS_MAX = 30.0
GARBLED = (FaultName.HTML, FaultName.ERROR_AFTER, FaultName.TRUNCATE)
UNHEARD = (FaultName.DROP_REQUEST, FaultName.HTML_BEFORE, FaultName.ERROR_BEFORE)


async def _nobody_looks() -> None:
    """The old system never asked a terminal whether it was there."""


class TroubledTerminal:
    """One simulated terminal. `charge` is the operation that its sales begin with.

    `check` is what staff do when they see its lamp go out, or on again.
    """

    def __init__(
        self,
        simulator: httpx.AsyncClient,
        tpn: str,
        charge: Operation,
        check: Callable[[], Awaitable[None]] = _nobody_looks,
    ) -> None:
        self.tpn = tpn
        self._simulator = simulator
        self._charge = charge
        self._check = check

    @contextlib.asynccontextmanager
    async def in_trouble(self, sale: Sale) -> AsyncIterator[None]:
        """Be as the schedule wants it while this sale is rung up, and whole again afterwards."""
        await self._prepare(sale)
        playing = asyncio.create_task(self._play(sale))
        try:
            yield
        finally:
            await playing

    async def _prepare(self, sale: Sale) -> None:
        response = await self._simulator.delete("/control/faults", params={"tpn": self.tpn})
        response.raise_for_status()
        for rule in rules_for(sale, self.tpn, self._charge):
            await add_fault(self._simulator, rule)
        await self._change(
            answer_delay_seconds=sale.paying_seconds,
            online=sale.trouble is not Trouble.TERMINAL_OFFLINE,
            hung=sale.trouble is Trouble.TERMINAL_HUNG,
            hung_answer_seconds=HUNG_ANSWER_SECONDS,
        )
        if sale.trouble is Trouble.TERMINAL_OFFLINE:
            await self._check()

    async def _play(self, sale: Sale) -> None:
        """What happens to the terminal while the sale is under way."""
        match sale.trouble:
            case Trouble.TERMINAL_OFFLINE:
                await asyncio.sleep(2 + 4 * sale.moment)
                await self._change(online=True)
                await self._check()
            case Trouble.TERMINAL_CUT_OFF:
                await asyncio.sleep(sale.paying_seconds * (0.3 + 0.6 * sale.moment))
                await self._change(online=False)
                await asyncio.sleep(CUT_OFF_SECONDS)
                await self._change(online=True)
                await self._check()
            case Trouble.TERMINAL_HUNG:
                await asyncio.sleep(2 + 3 * sale.moment)
                response = await self._simulator.post(f"/control/terminals/{self.tpn}/power-cycle")
                response.raise_for_status()
            case _:
                pass

    async def _change(self, **profile: Any) -> None:
        response = await self._simulator.put(f"/control/terminals/{self.tpn}", json=profile)
        response.raise_for_status()


def rules_for(sale: Sale, tpn: str, charge: Operation) -> list[FaultRule]:
    """The simulator's rules by which a sale's charge meets its trouble."""

    def rule(fault: FaultName, **particulars: Any) -> FaultRule:
        return FaultRule(fault=fault, tpn=tpn, path=charge, **particulars)

    refused = rule(FaultName.DECLINE, times=None, host_code="51" if sale.moment < 0.5 else "05")
    match sale.trouble:
        case Trouble.DECLINED:
            return [refused]
        case Trouble.CUSTOMER_CANCELS:
            return [rule(FaultName.CUSTOMER_CANCELS, times=None)]
        case Trouble.APPROVED_IN_PART:
            return [rule(FaultName.PARTIAL), refused]
        case Trouble.REPLY_LOST:
            return [rule(FaultName.DROP_REPLY)]
        case Trouble.REPLY_GARBLED:
            return [rule(GARBLED[int(sale.moment * len(GARBLED)) % len(GARBLED)])]
        case Trouble.REQUEST_LOST:
            return [rule(UNHEARD[int(sale.moment * len(UNHEARD)) % len(UNHEARD)])]
        case Trouble.APPROVED_LATE:
            return [rule(FaultName.DELAY, seconds=1.6 + 0.7 * sale.moment)]
        case Trouble.APPROVED_AFTER_TIMEOUT:
            return [rule(FaultName.PROXY_TIMEOUT, seconds=0.5 + 2 * sale.moment)]
        case Trouble.BANK_LINE_BROKEN:
            return [rule(FaultName.HOST_ERROR, executed=sale.moment < 0.5)]
        case Trouble.UNKNOWN_CODE:
            return [rule(FaultName.UNKNOWN_CODE, executed=sale.moment < 0.5)]
        case Trouble.TERMINAL_BUSY:
            return [rule(FaultName.BUSY, times=1 + int(sale.moment * 3))]
        case _:
            return []


async def make_terminals(simulator: httpx.AsyncClient, tpns: Sequence[str]) -> None:
    for tpn in tpns:
        profile = {"auth_key": AUTH_KEY, "busy_delay_seconds": BUSY_DELAY_SECONDS}
        response = await simulator.put(f"/control/terminals/{tpn}", json=profile)
        response.raise_for_status()


async def add_hitches(simulator: httpx.AsyncClient, hitches: Sequence[Hitch]) -> None:
    """Put the schedule's later hitches in the way of whatever follows charges, at any terminal."""
    for hitch in hitches:
        rule = FaultRule(fault=FaultName(hitch.fault), path=Operation(hitch.operation), skip=hitch.skip)
        await add_fault(simulator, rule)


async def add_fault(simulator: httpx.AsyncClient, rule: FaultRule) -> None:
    response = await simulator.post("/control/faults", json=rule.model_dump(mode="json", exclude_defaults=True))
    response.raise_for_status()


async def until_idle(simulator: httpx.AsyncClient) -> None:
    """Wait until no terminal does anything: what is charged by then is all that will be."""
    async with asyncio.timeout(IDLE_SECONDS_MAX):
        while await _is_any_busy(simulator):  # noqa: ASYNC110  it is another process that has to finish
            await asyncio.sleep(0.2)


async def _is_any_busy(simulator: httpx.AsyncClient) -> bool:
    response = await simulator.get("/control/terminals")
    return any(terminal["running"] for terminal in response.raise_for_status().json())
