"""A cashier's whole day at one register: open with a float, sell, give back, move cash, count blind, close."""

import asyncio
import contextlib
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from ringup.cli.day_drawer import Seen, coins_of
from ringup.cli.day_plan import FLOAT, GIFT_CARD_MINOR, MOVES, CashMove, day_cart, gift_card_code, refund_of
from ringup.cli.drill_cashier import PATIENCE_SECONDS, PAUSE_SECONDS, RingupCashier
from ringup.cli.drill_floor import Told
from ringup.cli.drill_shop import Lane, drill_id
from ringup.cli.output import CannotRun
from ringup.simulator.drill_schedule import Sale, Schedule


class Refused(CannotRun):
    """ringup said no to something that the day needs."""


@dataclass
class DayCashier:
    """`missing_minor` is what somebody took out of the drawer without saying so."""

    api: httpx.AsyncClient
    schedule: Schedule
    lane: Lane
    missing_minor: int = 0
    seen: Seen = field(default_factory=Seen)
    problems: list[str] = field(default_factory=list)
    z_report: dict[str, Any] = field(default_factory=dict)
    gift_card_minor: int = GIFT_CARD_MINOR

    def __post_init__(self) -> None:
        self._till = RingupCashier(self.api, self.lane, f"day-{self.schedule.seed}", self._cart_of)
        self._session_id = drill_id("day", self.lane.number)
        self._gift_card_id = drill_id("gift card", self.lane.number)
        self._sales = 0

    @property
    def name(self) -> str:
        return f"Cashier {self.lane.number + 1}"

    async def open(self) -> None:
        coins = [{"face_minor": face, "quantity": quantity} for face, quantity in FLOAT.items()]
        body = {"session_id": str(self._session_id), "denominations": coins, "opened_by": self.name}
        await self._send("POST", f"/v1/registers/{self.lane.register_id}/sessions", body)
        card = {"code": gift_card_code(self.lane), "amount_minor": GIFT_CARD_MINOR, "reason": "a prize"}
        await self._send("POST", "/v1/gift-cards", {**card, "gift_card_id": str(self._gift_card_id)})

    async def ring_up(self, sale: Sale) -> Told:
        """Sell; then what comes back of it, and the cash that comes or goes by then."""
        told = await self._till.ring_up(sale)
        self._sales += 1
        try:
            await self._follow(sale, told)
        except Refused as refusal:
            self.problems.append(str(refusal))
        return told

    async def check_terminal(self) -> None:
        await self._till.check_terminal()

    async def close(self) -> None:
        """Count what is there without knowing what should be, again if that is wanted, and close."""
        there_minor = self.seen.drawer_minor - self.missing_minor
        while True:
            count = await self._send("POST", self._path("counts"), self._count(there_minor))
            if not count["is_wanted_again"]:
                break
        card = await self._send("GET", f"/v1/gift-cards/{self._gift_card_id}")
        self.gift_card_minor = card["balance_minor"]
        self.z_report = await self._send("POST", self._path("close"), {"count_id": count["id"], "by": self.name})

    async def _follow(self, sale: Sale, told: Told) -> None:
        if told.result == "paid":
            self.seen.sold(await self._send("GET", f"/v1/checkouts/{told.checkout_id}"))
            await self._give_back(sale, str(told.checkout_id))
        elif told.result == "unknown":
            self.problems.append(f"sale {sale.number}: {told.code}")
        for move in MOVES:
            if move.after_sales == self._sales:
                await self._move(move)

    async def _give_back(self, sale: Sale, order_id: str) -> None:
        asked = refund_of(sale)
        if asked is None:
            return
        body = {"register_id": str(self.lane.register_id), **asked}
        key = {"Idempotency-Key": f"back-{self.schedule.seed}-{sale.number}"}
        refund = await self._send("POST", f"/v1/orders/{order_id}/refunds", body, key)
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while refund["status"] == "open" and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(PAUSE_SECONDS)
            refund = await self._send("GET", f"/v1/refunds/{refund['id']}")
            if refund["next_step"] == "other_tender":
                cash = {"type": "cash"}
                refund = await self._send("POST", f"/v1/refunds/{refund['id']}/tender", cash)
        if refund["status"] == "completed":
            self.seen.gave_back(refund)
        else:
            self.problems.append(f"the refund of sale {sale.number} is {refund['status']}: {refund['next_step']}")

    async def _move(self, move: CashMove) -> None:
        body = {
            "movement_id": str(drill_id(f"move {self.lane.number}", move.after_sales)),
            "kind": move.kind,
            "amount_minor": move.amount_minor,
            "reason": move.reason,
            "by": self.name,
        }
        await self._send("POST", self._path("movements"), body)
        self.seen.moved(move)

    def _cart_of(self, sale: Sale, lane: Lane) -> dict[str, Any]:
        return day_cart(self.schedule, sale, lane)

    def _count(self, there_minor: int) -> dict[str, Any]:
        return {"count_id": str(uuid.uuid4()), "denominations": coins_of(there_minor), "by": self.name}

    def _path(self, what: str) -> str:
        return f"/v1/register-sessions/{self._session_id}/{what}"

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send until there is an answer about the matter: everything that is sent here is safe to repeat.

        Raises Refused with the answer where it refuses, or where none comes in time.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        said = "no answer"
        while asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(httpx.TransportError):
                response = await self.api.request(method, path, json=body, headers=headers)
                if response.is_success:
                    document: dict[str, Any] = response.json()
                    return document
                said = response.text
                if response.status_code < 500 and not response.headers.get("Retry-After"):
                    break
            await asyncio.sleep(PAUSE_SECONDS)
        raise Refused(f"{self.name}: {method} {path}: {said}")
