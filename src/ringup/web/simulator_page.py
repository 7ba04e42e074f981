"""The page `/simulator` of the demonstration: the customer's side of a card terminal, to break a sale by hand."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from ringup.web.backroom import Backroom
from ringup.web.look import Part, act, badge, bar, empty, excusing, frame, heading, named, note, part, say, text

LOOK_SECONDS = 0.5
THINKING_SECONDS = 6.0
"""How long a customer looks for a card who is asked to take their time."""
HURRY_SECONDS = 0.4
CHARGES_SHOWN = 4
GONE = 409
OPERATIONS = {"sale": "Sale", "auth_capture": "Auth"}
"""What a terminal is asked with when a card is presented, by its mode."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `does` is what a customer does who is asked now, `fault` what the next request meets otherwise."""

    words: str
    icon: str
    explained: str
    fault: dict[str, Any]
    does: str = ""


CUSTOMER = (
    Choice("Present a card", "contactless", "The next card is approved.", {}, "pays"),
    Choice("Card declined", "credit_card_off", "The next card is declined.", {"fault": "decline"}, "is_declined"),
    Choice("Only half on it", "contrast", "The next card covers half of the amount.", {"fault": "partial"}, "has_half"),
    Choice(
        "Walk away",
        "directions_walk",
        "The next customer cancels at the terminal.",
        {"fault": "customer_cancels"},
        "walks_away",
    ),
)
ANSWERS = (
    Choice("Lose the answer", "link_off", "The next charge is made, and its answer is lost.", {"fault": "drop_reply"}),
    Choice("Lose the question", "block", "The next request is lost before it is done.", {"fault": "drop_request"}),
    Choice(
        "Answer late",
        "schedule",
        "The proxy gives up; the terminal charges a little later.",
        {"fault": "proxy_timeout", "seconds": 4},
    ),
    Choice("Answer nonsense", "error_outline", "The next charge is made, and an error page comes.", {"fault": "html"}),
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
        self._all: Part | None = None

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
                    self._charges[tpn] = (await client.get("/control/charges", params={"tpn": tpn})).json()[
                        -CHARGES_SHOWN:
                    ]
                self._answers = True
        except (httpx.HTTPError, ValueError):
            self._answers = False

    async def show(self) -> None:
        await self._load()
        with frame("Simulator"):
            heading("You are the customer, and the cable", 1)
            text(
                "These card terminals speak the vendor's protocol and charge nobody. Sell something at the register in "
                "another window, and decide here what becomes of it.",
                "quiet",
                tag="p",
            )
            self._all = part(self._all_terminals)
        ui.timer(LOOK_SECONDS, self._look)

    async def _look(self) -> None:
        await self._load()
        if self._all is not None:
            self._all.renew(repr((self._terminals, self._faults, self._charges, self._answers)))

    def _all_terminals(self) -> None:
        if not self._answers:
            note("The simulator does not answer. It is being started again.", "bad", live=True)
        if not self._terminals:
            empty("There are no simulated terminals.")
        with ui.element("div").classes("half-grid"):
            for terminal in self._terminals:
                self._terminal(terminal)

    def _terminal(self, terminal: dict[str, Any]) -> None:
        tpn = terminal["tpn"]
        with named(ui.element("section"), terminal["name"]).classes("card stack").mark(tpn):
            with ui.element("div").classes("spread"):
                heading(terminal["name"] or tpn)
                self._attendance(terminal)
            self._device(terminal)
            asked = terminal["asked_cents"] is not None
            heading("What do you do?" if asked else "The next customer", 3)
            with ui.element("div").classes("two-wide"):
                for choice in CUSTOMER:
                    action = self._act(tpn, choice) if asked else self._choose(tpn, choice)
                    act(choice.words, action, "main" if asked and choice.does == "pays" else "", icon=choice.icon)
            heading("The next answer", 3)
            with ui.element("div").classes("two-wide"):
                for choice in ANSWERS:
                    act(choice.words, self._choose(tpn, choice), icon=choice.icon)
            self._waiting_faults(tpn)
            heading("The terminal", 3)
            with ui.element("div").classes("two-wide"):
                self._switches(tpn, terminal["profile"])
            self._journal(tpn)

    def _attendance(self, terminal: dict[str, Any]) -> None:
        attended = terminal["profile"]["attended"]
        ui.switch(
            "I am the customer", value=attended, on_change=self._set(terminal["tpn"], attended=not attended)
        ).props("size=lg").mark("attended")

    def _device(self, terminal: dict[str, Any]) -> None:
        """The terminal's own screen."""
        asked, profile = terminal["asked_cents"], terminal["profile"]
        with ui.element("div").classes("device"):
            if asked is not None:
                ui.label(f"${asked / 100:.2f}").classes("huge figure").mark("asked")
                ui.label("Please present your card").props('role="status"')
            elif not profile["online"]:
                ui.icon("power_off").classes("picture")
                ui.label("No connection")
            elif profile["hung"]:
                ui.icon("hourglass_disabled").classes("picture")
                ui.label("It hangs")
            elif terminal["running"]:
                ui.spinner(size="2.2em", color=None)
                ui.label(f"Working: {terminal['running']}")
            else:
                ui.icon("contactless").classes("picture")
                ui.label("Ready")

    def _waiting_faults(self, tpn: str) -> None:
        waiting = [fault for fault in self._faults if fault["rule"]["tpn"] == tpn and not _is_spent(fault)]
        if waiting:
            names = ", ".join(fault["rule"]["fault"].replace("_", " ") for fault in waiting)
            note(f"The next request meets: {names}.", "warn", live=True)

    def _switches(self, tpn: str, profile: dict[str, Any]) -> None:
        if profile["online"]:
            act("Cut the cable", self._set(tpn, online=False), icon="cable")
            act("Turn off", self._turn_off(tpn), icon="power_settings_new")
        else:
            act("Plug in, turn on", self._set(tpn, online=True), "chosen", icon="power")
        hung = profile["hung"]
        act("Wake it up" if hung else "Let it hang", self._set(tpn, hung=not hung), icon="hourglass_empty")
        slow = profile["answer_delay_seconds"] >= THINKING_SECONDS
        seconds = HURRY_SECONDS if slow else THINKING_SECONDS
        act("Hurry" if slow else "Take your time", self._set(tpn, answer_delay_seconds=seconds), icon="timer")

    def _choose(self, tpn: str, choice: Choice) -> Any:
        async def choose() -> None:
            async with self._client() as client:
                (await client.delete("/control/faults", params={"tpn": tpn})).raise_for_status()
                if choice.fault:
                    # Only where a card is presented: a health check in between does not use it up.
                    rule = {"tpn": tpn, "path": OPERATIONS[self._modes[tpn]], **choice.fault}
                    (await client.post("/control/faults", json=rule)).raise_for_status()
            say(choice.explained)
            await self._look()

        return excusing(self._reaching(choose))

    def _act(self, tpn: str, choice: Choice) -> Any:
        async def customer() -> None:
            async with self._client() as client:
                answer = await client.post(f"/control/terminals/{tpn}/customer", json={"does": choice.does})
            if answer.status_code == GONE:
                say("Nobody is asked for a card any more.", "warning")
            else:
                answer.raise_for_status()
            await self._look()

        return excusing(self._reaching(customer))

    def _set(self, tpn: str, **profile: Any) -> Any:
        async def change() -> None:
            async with self._client() as client:
                (await client.put(f"/control/terminals/{tpn}", json=profile)).raise_for_status()
            await self._look()

        return excusing(self._reaching(change))

    def _turn_off(self, tpn: str) -> Any:
        async def turn_off() -> None:
            async with self._client() as client:
                (await client.post(f"/control/terminals/{tpn}/power-cycle")).raise_for_status()
                (await client.put(f"/control/terminals/{tpn}", json={"online": False})).raise_for_status()
            say("It is off. What it had not decided never happened.")
            await self._look()

        return excusing(self._reaching(turn_off))

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
