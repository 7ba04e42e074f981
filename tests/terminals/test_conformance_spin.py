"""The SPIn adapter against the simulated vendor, over real HTTP, in both modes."""

import itertools
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Literal

import httpx
import pytest
from conformance import TerminalConformance, an_attempt, known_batch, long_after, open_batch
from rig import Behaviour, Entry, Step

from ringup.domain.outcome import InDoubt
from ringup.terminals.spin import SpinSettings, SpinTerminal

AUTH_KEY = "K3Y0123456"
TERMINAL_NUMBERS = itertools.count(1)
FAULTS: dict[Behaviour, dict[str, Any]] = {
    Behaviour.DECLINE: {"fault": "decline"},
    Behaviour.PARTIAL: {"fault": "partial"},
    Behaviour.OFFLINE: {"fault": "offline"},
    Behaviour.BUSY: {"fault": "busy"},
    Behaviour.LOSE_REPLY: {"fault": "drop_reply"},
    Behaviour.LOSE_REQUEST: {"fault": "drop_request"},
    Behaviour.GARBLE_REPLY: {"fault": "truncate"},
    Behaviour.LATE_APPROVAL: {"fault": "proxy_timeout", "seconds": 0.05},
    Behaviour.UNRECOGNISED: {"fault": "unknown_code"},
}
PATHS = {
    Step.CAPTURE: "Capture",
    Step.VOID: "Void",
    Step.REFUND: "Return",
    Step.LOOK_UP: "Status",
    Step.HEALTH: "TerminalStatus",
}


class SpinRig:
    def __init__(self, client: httpx.AsyncClient, url: str, mode: Literal["auth_capture", "sale"]) -> None:
        self._client, self._url, self._mode = client, url, mode
        self._tpn = f"{next(TERMINAL_NUMBERS):012d}"
        self.terminal = self._terminal_at(f"{url}/spin/")
        self.unreachable_terminal = self._terminal_at(f"http://127.0.0.1:{port_without_listener()}")

    async def switch_on(self) -> None:
        response = await self._client.put(f"{self._url}/control/terminals/{self._tpn}", json={"auth_key": AUTH_KEY})
        response.raise_for_status()

    async def next(self, behaviour: Behaviour, step: Step) -> None:
        charge = "Auth" if self._mode == "auth_capture" else "Sale"
        rule = {"tpn": self._tpn, "path": PATHS.get(step, charge), **FAULTS[behaviour]}
        response = await self._client.post(f"{self._url}/control/faults", json=rule)
        response.raise_for_status()

    async def journal(self, reference_id: str) -> list[Entry]:
        response = await self._client.get(
            f"{self._url}/control/journal", params={"tpn": self._tpn, "reference_id": reference_id}
        )
        return [
            Entry(effect["effect"], effect["amount_cents"])
            for effect in response.json()
            if effect["effect"] != "declined"
        ]

    async def close_batch(self) -> None:
        members = {"Tpn": self._tpn, "Authkey": AUTH_KEY}
        response = await self._client.post(f"{self._url}/v2/Payment/Settle", json=members)
        assert response.json()["GeneralResponse"]["StatusCode"] == "0000"

    def _terminal_at(self, base_url: str) -> SpinTerminal:
        return SpinTerminal(self._client, SpinSettings(base_url, self._tpn, AUTH_KEY, self._mode))


def port_without_listener() -> int:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port: int = reserved.getsockname()[1]
        return port


@pytest.fixture(params=["auth_capture", "sale"])
async def rig(request: pytest.FixtureRequest, vendor_url: str) -> AsyncIterator[SpinRig]:
    async with httpx.AsyncClient() as client:
        rig = SpinRig(client, vendor_url, request.param)
        await rig.switch_on()
        yield rig


class TestSpin(TerminalConformance):
    @pytest.mark.parametrize("another_payment_follows", [False, True])
    async def test_a_closed_batch_keeps_the_doubt(self, rig: SpinRig, another_payment_follows: bool) -> None:
        attempt = replace(an_attempt(), batch_number=await open_batch(rig))
        await rig.next(Behaviour.LOSE_REPLY, Step.CHARGE)

        await rig.terminal.charge(attempt)
        await rig.close_batch()
        if another_payment_follows:
            await open_batch(rig)

        doubt = await rig.terminal.look_up(long_after(rig, attempt))
        assert isinstance(doubt, InDoubt) and doubt.unanswerable
        assert await rig.journal(attempt.reference_id) == [("approved", 2750)]

    async def test_the_first_charge_of_a_new_terminal_is_not_believed_away_when_its_batch_closes(
        self, rig: SpinRig
    ) -> None:
        attempt = replace(an_attempt(), batch_number=await known_batch(rig))
        await rig.next(Behaviour.LOSE_REPLY, Step.CHARGE)

        await rig.terminal.charge(attempt)
        await rig.close_batch()

        doubt = await rig.terminal.look_up(long_after(rig, attempt))
        assert isinstance(doubt, InDoubt) and doubt.unanswerable
        assert await rig.journal(attempt.reference_id) == [("approved", 2750)]
