"""The page `/simulator` of the demonstration: the customer's side of a card terminal, to break a sale by hand."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from ringup.web.backroom import Backroom
from ringup.web.look import act, badge, bar, empty, excusing, frame, heading, named, note, say, text

LOOK_SECONDS = 1.0
THINKING_SECONDS = 6.0
"""How long a customer looks for a card who is asked to take their time."""
OPERATIONS = {"sale": "Sale", "auth_capture": "Auth"}
"""What a terminal is asked with when a card is presented, by its mode."""

NEXT_CUSTOMER: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Pays", "credit_score", "The next card is approved.", {}),
    ("Is declined", "credit_card_off", "The next card is declined.", {"fault": "decline"}),
    ("Has half of it", "contrast", "The next card covers half of the amount.", {"fault": "partial"}),
    ("Walks away", "directions_walk", "The next customer cancels at the terminal.", {"fault": "customer_cancels"}),
)
LATE = {"fault": "proxy_timeout", "seconds": 4}
NEXT_ANSWER: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Lose the answer", "link_off", "The next charge is made, and its answer is lost.", {"fault": "drop_reply"}),
    ("Lose the question", "block", "The next request is lost before it is carried out.", {"fault": "drop_request"}),
    (
        "Answer late",
        "schedule",
        "The proxy gives up; the terminal charges a little later.",
        {"fault": "proxy_timeout", "seconds": 4},
    ),
    ("Answer nonsense", "error_outline", "The next charge is made, and an error page comes back.", {"fault": "html"}),
)


def add(backroom: Backroom) -> None:
    """Make the page `/simulator`, where there is a simulator."""

    @ui.page("/simulator", title="Simulator · ringup")
    async def simulator() -> Response | None:
        sheet = backroom.demo_sheet()
        if sheet is None:
            return RedirectResponse("/")
        with bar("Simulator"):
            ui.element("div").classes("grow")
            ui.link("Register", "/register").classes("link-button")
        modes = {processor["tpn"]: processor["mode"] for processor in sheet["processors"]}
        await _SimulatorPage(sheet["simulator_url"], modes).show()
        return None


class _SimulatorPage:
    def __init__(self, simulator_url: str, modes: dict[str, str]) -> None:
        self._url = simulator_url
        self._modes = modes
        self._terminals: list[dict[str, Any]] = []
        self._faults: list[dict[str, Any]] = []
        self._charges: dict[str, list[dict[str, Any]]] = {}
        self._answers = True

    @contextlib.asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=self._url, timeout=5, verify=False) as client:
            yield client

    async def _load(self) -> None:
        try:
            async with self._client() as client:
                self._terminals = (await client.get("/control/terminals")).json()
                self._faults = (await client.get("/control/faults")).json()
                for terminal in self._terminals:
                    tpn = terminal["tpn"]
                    self._charges[tpn] = (await client.get("/control/charges", params={"tpn": tpn})).json()[-5:]
                self._answers = True
        except (httpx.HTTPError, ValueError):
            self._answers = False

    async def show(self) -> None:
        await self._load()
        with frame("Simulator"):
            heading("You are the customer, and the cable", 1)
            text(
                "These card terminals speak the vendor's protocol and charge nobody. Choose what the next sale meets, "
                "then sell something on the terminal at the register.",
                "quiet",
                tag="p",
            )
            self._all_terminals()
        ui.timer(LOOK_SECONDS, self._look)

    async def _look(self) -> None:
        before = repr((self._terminals, self._faults, self._charges, self._answers))
        await self._load()
        if repr((self._terminals, self._faults, self._charges, self._answers)) != before:
            self._all_terminals.refresh()

    @ui.refreshable_method
    def _all_terminals(self) -> None:
        if not self._answers:
            note("The simulator does not answer. It is being started again.", "bad", live=True)
        if not self._terminals:
            empty("There are no simulated terminals.")
        with ui.element("div").classes("half-grid"):
            for terminal in self._terminals:
                self._terminal(terminal)

    def _terminal(self, terminal: dict[str, Any]) -> None:
        tpn, profile = terminal["tpn"], terminal["profile"]
        with named(ui.element("section"), terminal["name"]).classes("card stack").mark(tpn):
            with ui.element("div").classes("spread"):
                heading(terminal["name"] or tpn)
                self._state(terminal)
            heading("The next customer", 3)
            self._choices(tpn, NEXT_CUSTOMER)
            heading("The next answer", 3)
            self._choices(tpn, NEXT_ANSWER)
            waiting = [fault for fault in self._faults if fault["rule"]["tpn"] == tpn and not _is_spent(fault)]
            if waiting:
                names = ", ".join(fault["rule"]["fault"].replace("_", " ") for fault in waiting)
                note(f"Next: {names}.", "warn", live=True)
            heading("The terminal", 3)
            with ui.element("div").classes("line-up"):
                online = profile["online"]
                act("Cut the cable" if online else "Plug it in", self._set(tpn, online=not online), icon="cable")
                hung = profile["hung"]
                act("Wake it up" if hung else "Let it hang", self._set(tpn, hung=not hung), icon="hourglass_empty")
                slow = profile["answer_delay_seconds"] >= THINKING_SECONDS
                seconds = 0.4 if slow else THINKING_SECONDS
                act("Hurry" if slow else "Take your time", self._set(tpn, answer_delay_seconds=seconds), icon="timer")
                act("Turn off and on", self._power_cycle(tpn), icon="power_settings_new")
            self._journal(tpn)

    def _state(self, terminal: dict[str, Any]) -> None:
        if not terminal["profile"]["online"]:
            badge("cable cut", "bad")
        elif terminal["profile"]["hung"]:
            badge("hung", "bad")
        elif terminal["running"]:
            badge(f"busy: {terminal['running']}", "warn")
        else:
            badge("ready", "good")

    def _choices(self, tpn: str, choices: tuple[tuple[str, str, str, dict[str, Any]], ...]) -> None:
        with ui.element("div").classes("line-up"):
            for words, icon, explained, fault in choices:
                act(words, self._choose(tpn, fault, explained), icon=icon)

    def _choose(self, tpn: str, fault: dict[str, Any], explained: str) -> Any:
        async def choose() -> None:
            async with self._client() as client:
                (await client.delete("/control/faults", params={"tpn": tpn})).raise_for_status()
                if fault:
                    # Only where a card is presented: a health check in between does not use it up.
                    rule = {"tpn": tpn, "path": OPERATIONS[self._modes[tpn]], **fault}
                    (await client.post("/control/faults", json=rule)).raise_for_status()
            say(explained)
            await self._look()

        return excusing(self._reaching(choose))

    def _set(self, tpn: str, **profile: Any) -> Any:
        async def change() -> None:
            async with self._client() as client:
                (await client.put(f"/control/terminals/{tpn}", json=profile)).raise_for_status()
            await self._look()

        return excusing(self._reaching(change))

    def _power_cycle(self, tpn: str) -> Any:
        async def cycle() -> None:
            async with self._client() as client:
                (await client.post(f"/control/terminals/{tpn}/power-cycle")).raise_for_status()
                (await client.put(f"/control/terminals/{tpn}", json={"online": True})).raise_for_status()
            say("It was off and is on again. What it had not decided never happened.")
            await self._look()

        return excusing(self._reaching(cycle))

    def _reaching(self, action: Any) -> Any:
        async def reach() -> None:
            try:
                await action()
            except httpx.HTTPError:
                say("The simulator does not answer.", "negative")

        return reach

    def _journal(self, tpn: str) -> None:
        heading("What it really charged", 3)
        charges = self._charges.get(tpn, [])
        if not charges:
            ui.label("Nothing yet.").classes("quiet")
        for charge in reversed(charges):
            with ui.element("div").classes("spread"):
                ui.label(str(charge["reference_id"])[-12:]).classes("mono")
                badge("charged" if charge["net_cents"] else "nothing", "good" if charge["net_cents"] else "")
                ui.label(f"{charge['net_cents'] / 100:.2f}").classes("figure")


def _is_spent(fault: dict[str, Any]) -> bool:
    times = fault["rule"]["times"]
    return times is not None and fault["matched_count"] >= fault["rule"]["skip"] + times
