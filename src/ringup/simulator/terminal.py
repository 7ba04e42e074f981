"""One simulated terminal behind the proxy: it does one thing at a time, and finishes what it began."""

import asyncio
import math
from dataclasses import dataclass, field, replace
from typing import Any

from ringup.simulator.faults import FAULT_OF_ACT, CustomerAct, FaultName, FaultRule
from ringup.simulator.journal import Journal
from ringup.simulator.ledger import Ledger
from ringup.simulator.settings import SimulatorSettings, TerminalProfile, Tpn
from ringup.simulator.spin_codes import (
    APPROVED,
    BUSY_AFTER_APPROVAL,
    CANCELED,
    DISCONNECTED,
    IN_USE,
    NOT_CONNECTED,
    NOTHING_RUNNING,
    TIMED_OUT,
    code_of,
)
from ringup.simulator.spin_requests import Operation, SpinRequest
from ringup.simulator.spin_responses import Answer
from ringup.simulator.spin_rules import Situation, completed, decide, disguise_of

TIMEOUT_SECONDS = 120
SETTLE_TIMEOUT_SECONDS = 420
CUSTOMER_SECONDS = 90
"""How long an attended terminal shows the amount before it gives up."""
CARD_PRESENTED = frozenset({Operation.SALE, Operation.AUTH, Operation.RETURN})


@dataclass(frozen=True, slots=True)
class Question:
    """A valid request, and the fault it meets."""

    operation: Operation
    request: SpinRequest
    fault: FaultRule | None = None

    def meets(self, name: FaultName) -> bool:
        return self.fault is not None and self.fault.fault is name

    @property
    def added_seconds(self) -> float:
        return self.fault.seconds if self.fault else 0.0

    @property
    def timeout_seconds(self) -> float:
        """How long the proxy waits for the terminal, in simulated seconds."""
        if self.meets(FaultName.PROXY_TIMEOUT):
            return 0
        default = SETTLE_TIMEOUT_SECONDS if self.operation is Operation.SETTLE else TIMEOUT_SECONDS
        return self.request.proxy_timeout or default


@dataclass(slots=True)
class Running:
    """What a terminal is doing. After `committed` it can no longer be stopped."""

    question: Question
    connection_lost: asyncio.Future[None]
    aborted: asyncio.Event = field(default_factory=asyncio.Event)
    acted: asyncio.Event = field(default_factory=asyncio.Event)
    act: CustomerAct | None = None
    shows_amount: bool = False
    committed: bool = False
    task: asyncio.Task[Answer] | None = None

    def lose_connection(self) -> None:
        if not self.connection_lost.done():
            self.connection_lost.set_result(None)


class Terminal:
    """A terminal and the proxy's connection to it.

    What it was asked to do goes on when the caller hangs up or is told 2007, and ends in the
    journal. Its batch is in the ledger, which outlives it.
    """

    def __init__(self, tpn: Tpn, ledger: Ledger, journal: Journal, settings: SimulatorSettings) -> None:
        self.tpn = tpn
        self.auth_key = ""
        self.name = ""
        self.profile: TerminalProfile = settings.profile
        self._ledger = ledger
        self._journal = journal
        self._settings = settings
        self._running: Running | None = None
        self._busy_until = -math.inf

    @property
    def batch_number(self) -> int:
        return self._ledger.batch

    @property
    def running(self) -> Operation | None:
        return self._running.question.operation if self._running else None

    @property
    def asked_cents(self) -> int | None:
        """What an attended terminal asks a customer for who has not acted yet."""
        running = self._running
        if running is None or not running.shows_amount:
            return None
        return getattr(running.question.request, "amount_cents", None)

    def customer(self, act: CustomerAct) -> bool:
        """The customer acts; whether anybody was asked."""
        running = self._running
        if running is None or not running.shows_amount:
            return False
        running.act, running.shows_amount = act, False
        running.acted.set()
        return True

    @property
    def busy_seconds(self) -> float:
        """What is left of the busy window after an approval, in simulated seconds."""
        return max(0.0, (self._busy_until - _clock()) * self._settings.clock_rate)

    async def ask(self, question: Question) -> Answer:
        """What the proxy answers, after at most SPInProxyTimeout."""
        refusal = self._refuse(question)
        if refusal is not None:
            return refusal
        if question.operation is Operation.ABORT_TRANSACTION:
            return self._abort(question)
        running = self._start(question)
        assert running.task is not None
        timeout = question.timeout_seconds / self._settings.clock_rate
        waited_for: list[asyncio.Future[Any]] = [running.task, running.connection_lost]
        await asyncio.wait(waited_for, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if running.connection_lost.done():
            return Answer(DISCONNECTED)
        if running.task.done():
            return running.task.result()
        return Answer(TIMED_OUT)

    def change(self, profile: TerminalProfile) -> None:
        """Behave differently from now on. Going offline cuts off a caller who waits (1030)."""
        self.profile = profile
        if not profile.online and self._running is not None:
            self._running.lose_connection()

    def power_cycle(self) -> None:
        """Start anew: not hung, not busy. What was running and not yet decided never happened (1030)."""
        self.profile = self.profile.model_copy(update={"hung": False})
        self._busy_until = -math.inf
        running = self._running
        if running is not None:
            running.lose_connection()
            if not running.committed and running.task is not None:
                running.task.cancel()
                self._running = None

    async def pause(self, simulated_seconds: float) -> None:
        await asyncio.sleep(simulated_seconds / self._settings.clock_rate)

    def _refuse(self, question: Question) -> Answer | None:
        fault = question.fault
        if not self.profile.online or question.meets(FaultName.OFFLINE):
            return Answer(NOT_CONNECTED)
        if fault is not None and fault.fault is FaultName.BUSY:
            code = code_of(fault.status_code or IN_USE.status)
            return Answer(code, delay_seconds=self._delay(self.profile.busy_delay_seconds))
        if question.operation is Operation.ABORT_TRANSACTION:
            return None
        if self._running is not None:
            return Answer(IN_USE, delay_seconds=self._delay(self.profile.busy_delay_seconds))
        if question.operation.moves_money and self.busy_seconds and not self.profile.hung:
            return Answer(BUSY_AFTER_APPROVAL, delay_seconds=self._delay(self.busy_seconds))
        return None

    def _abort(self, question: Question) -> Answer:
        fault, running = question.fault, self._running
        disguise = disguise_of(fault) if fault is not None else None
        if disguise is not None and fault is not None and not fault.executed:
            return Answer(disguise)
        if running is None or running.committed or not running.question.operation.moves_money:
            return Answer(disguise or NOTHING_RUNNING)
        if question.request.reference not in (None, running.question.request.reference):
            return Answer(disguise or NOTHING_RUNNING)
        running.aborted.set()
        running.acted.set()
        return Answer(disguise or APPROVED)

    def _start(self, question: Question) -> Running:
        running = Running(question, asyncio.get_running_loop().create_future())
        running.task = asyncio.create_task(self._run(running))
        self._running = running
        return running

    async def _run(self, running: Running) -> Answer:
        try:
            return await self._perform(running)
        finally:
            # After a power cycle something else may be running already.
            if self._running is running:
                self._running = None

    async def _perform(self, running: Running) -> Answer:
        question = running.question
        if self.profile.hung:
            await self.pause(self.profile.hung_answer_seconds)
            return Answer(CANCELED, "Terminal did not react")
        if self.profile.attended and question.operation in CARD_PRESENTED:
            question = await self._meet_customer(running)
        customer_seconds = self.profile.answer_delay_seconds if question.operation.moves_money else 0
        if await self._aborted_within(running, customer_seconds + question.added_seconds):
            return Answer(CANCELED, "Aborted")
        decision = decide(
            Situation(
                tpn=self.tpn,
                operation=question.operation,
                request=question.request,
                ledger=self._ledger,
                profile=self.profile,
                fault=question.fault,
                now=self._settings.now(),
            )
        )
        if decision.effect is None:
            return decision.answer
        running.committed = True
        self._journal.append(decision.effect)
        self._ledger.apply(decision.effect)
        if question.operation in CARD_PRESENTED and decision.effect.effect != "declined":
            self._busy_until = _clock() + self.profile.busy_window_seconds / self._settings.clock_rate
        answer = completed(decision, self._ledger)
        await self._journal.sync()
        return answer

    async def _meet_customer(self, running: Running) -> Question:
        """The question, with what the customer does about it. Nobody in time is somebody who walked away."""
        running.shows_amount = True
        try:
            async with asyncio.timeout(CUSTOMER_SECONDS / self._settings.clock_rate):
                await running.acted.wait()
        except TimeoutError:
            running.act = CustomerAct.WALKS_AWAY
        finally:
            running.shows_amount = False
        fault = FAULT_OF_ACT.get(running.act) if running.act is not None else None
        return replace(running.question, fault=FaultRule(fault=fault)) if fault is not None else running.question

    async def _aborted_within(self, running: Running, simulated_seconds: float) -> bool:
        if simulated_seconds > 0:
            try:
                async with asyncio.timeout(simulated_seconds / self._settings.clock_rate):
                    await running.aborted.wait()
            except TimeoutError:
                return False
        return running.aborted.is_set()

    def _delay(self, simulated_seconds: float) -> float:
        """DelayBeforeNextRequest is for a caller whose clock is not simulated. Rounded up, to be enough."""
        return math.ceil(simulated_seconds / self._settings.clock_rate * 100) / 100

    async def close(self) -> None:
        """Stop at once, as a power failure would."""
        running = self._running
        if running is not None and running.task is not None:
            running.task.cancel()
            await asyncio.wait({running.task})


def _clock() -> float:
    return asyncio.get_running_loop().time()
