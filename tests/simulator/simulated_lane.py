"""A till's view of a simulated terminal, over a real socket."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

AUTH_KEY = "K3Y0123456"
CLOCK_RATE = 20
"""Simulated seconds in a real one."""


def client_of(url: str) -> httpx.AsyncClient:
    """A client that does not load the certificates of the world, which no test needs and takes a while."""
    return httpx.AsyncClient(base_url=url, timeout=10, verify=False)


@dataclass
class Lane:
    """A till's view of one terminal, and the test's view of it by the control API."""

    client: httpx.AsyncClient
    tpn: str
    references: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def members(self, **members: Any) -> dict[str, Any]:
        """The credentials and these members; a member of None is left out."""
        given = {"Tpn": self.tpn, "Authkey": AUTH_KEY, **members}
        return {name: value for name, value in given.items() if value is not None}

    async def send(self, operation: str, **members: Any) -> httpx.Response:
        return await self.client.post(f"/v2/Payment/{operation}", json=self.members(**members))

    async def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        """One payment request with the members that most need, and the JSON of its answer."""
        if operation not in ("Settle", "AbortTransaction", "StatusList"):
            members = {"PaymentType": "Credit", "ReferenceId": "ref1", **members}
        if operation in ("Sale", "Auth", "Return", "Void", "Capture", "TipAdjust"):
            members = {"Amount": 10.00, **members}
        answer: dict[str, Any] = (await self.send(operation, **members)).json()
        return answer

    async def code(self, operation: str, **members: Any) -> str:
        answer = await self.ask(operation, **members)
        return str(answer["GeneralResponse"]["StatusCode"])

    async def presence(self) -> str:
        query = {"request.tpn": self.tpn, "request.authkey": AUTH_KEY}
        response = await self.client.get("/v2/Common/TerminalStatus", params=query)
        return str(response.json()["TerminalStatus"])

    async def behave(self, **profile: Any) -> None:
        response = await self.client.put(f"/control/terminals/{self.tpn}", json={"auth_key": AUTH_KEY, **profile})
        response.raise_for_status()

    async def fault(self, fault: str, **rule: Any) -> None:
        response = await self.client.post("/control/faults", json={"fault": fault, "tpn": self.tpn, **rule})
        response.raise_for_status()

    async def power_cycle(self) -> None:
        (await self.client.post(f"/control/terminals/{self.tpn}/power-cycle")).raise_for_status()

    async def journal(self) -> list[dict[str, Any]]:
        effects: list[dict[str, Any]] = (await self.client.get("/control/journal", params={"tpn": self.tpn})).json()
        return effects

    async def charges(self) -> list[dict[str, Any]]:
        charges: list[dict[str, Any]] = (await self.client.get("/control/charges", params={"tpn": self.tpn})).json()
        return charges

    async def until_running(self, operation: str | None) -> None:
        """Return when the terminal does this; None: nothing."""
        async with asyncio.timeout(5):
            while (running := await self._running()) != operation:
                assert running is None or operation is None, f"{running} runs, not {operation}"
                await asyncio.sleep(0.005)

    async def _running(self) -> str | None:
        terminals = (await self.client.get("/control/terminals")).json()
        return next(terminal["running"] for terminal in terminals if terminal["tpn"] == self.tpn)
