"""The control API: make terminals, make them misbehave, and read what was really charged."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from ringup.simulator.faults import ActiveFault, CustomerAct, FaultRule, Faults
from ringup.simulator.fleet import Fleet
from ringup.simulator.journal import Effect
from ringup.simulator.ledger import Charge, charges_of
from ringup.simulator.settings import AuthKey, ResultCodeStyle, Seconds, SimulatorSettings, TerminalProfile
from ringup.simulator.settings import Tpn as TpnText
from ringup.simulator.spin_requests import Operation
from ringup.simulator.terminal import Terminal

Tpn = Annotated[TpnText, Path(description="Terminal profile number.")]
OnlyTpn = Annotated[str | None, Query(description="Only this terminal.")]
OnlyReference = Annotated[str | None, Query(description="Only this ReferenceId.")]


class TerminalChange(BaseModel):
    """What is to change. Members that are left out stay as they are, or as new terminals start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    auth_key: AuthKey | None = Field(None, description="Needed to create a terminal.")
    name: str | None = None
    online: bool | None = None
    hung: bool | None = None
    hung_answer_seconds: Seconds | None = None
    busy_window_seconds: Seconds | None = None
    busy_delay_seconds: Seconds | None = None
    answer_delay_seconds: Seconds | None = None
    attended: bool | None = None
    supports_auth: bool | None = None
    supports_void_of_auth: bool | None = None
    capture_needs_auth_code: bool | None = None
    declined_consumes_reference: bool | None = None
    status_finds_declined: bool | None = None
    list_names_batch: bool | None = None
    result_code_style: ResultCodeStyle | None = None

    def applied_to(self, profile: TerminalProfile) -> TerminalProfile:
        changed = self.model_dump(exclude={"auth_key", "name"}, exclude_none=True)
        return profile.model_copy(update=changed)


class TerminalView(BaseModel):
    """A terminal as it is now. Seconds are simulated."""

    tpn: str
    name: str
    batch_number: int
    running: Operation | None = Field(description="What it is doing.")
    asked_cents: int | None = Field(description="What it asks a customer for, if it is attended and nobody acted yet.")
    busy_seconds: float = Field(description="What is left of the busy window after an approval.")
    profile: TerminalProfile


class Customer(BaseModel):
    """Whoever stands before an attended terminal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    does: CustomerAct


class Health(BaseModel):
    status: str = "ok"


def control_routes(fleet: Fleet, faults: Faults, settings: SimulatorSettings) -> APIRouter:
    """Everything under /control. None of it is part of a vendor's protocol."""
    router = APIRouter(prefix="/control", tags=["control"])

    @router.get("/healthz")
    async def healthz() -> Health:
        """Answers as soon as the journal was read back."""
        return Health()

    @router.get("/terminals")
    async def list_terminals() -> list[TerminalView]:
        """Every terminal, in the order they were created."""
        return [_view(terminal) for terminal in fleet.listed()]

    @router.put("/terminals/{tpn}", responses={422: {"description": "A new terminal without auth_key"}})
    async def put_terminal(tpn: Tpn, change: TerminalChange) -> TerminalView:
        """Create a terminal or change one. Safe to repeat.

        Going offline cuts off a caller who waits for the terminal (1030); the transaction goes on.
        """
        known = fleet.find(tpn)
        auth_key = change.auth_key or (known.auth_key if known else None)
        if auth_key is None:
            raise HTTPException(422, "a new terminal needs an auth_key")
        name = (known.name if known else "") if change.name is None else change.name
        profile = change.applied_to(known.profile if known else settings.profile)
        return _view(fleet.put(tpn, auth_key, name, profile))

    @router.post("/terminals/{tpn}/power-cycle", responses={404: {"description": "No such terminal"}})
    async def power_cycle(tpn: Tpn) -> TerminalView:
        """Switch a terminal off and on: it is no longer hung or busy.

        What it was doing never happened, unless it was decided already; the caller gets 1030.
        """
        terminal = fleet.find(tpn)
        if terminal is None:
            raise HTTPException(404, "no such terminal")
        terminal.power_cycle()
        return _view(terminal)

    _add_customer_route(router, fleet)
    _add_fault_routes(router, faults)
    _add_journal_routes(router, fleet)
    return router


def _add_customer_route(router: APIRouter, fleet: Fleet) -> None:
    @router.post(
        "/terminals/{tpn}/customer",
        responses={404: {"description": "No such terminal"}, 409: {"description": "Nobody is asked for a card"}},
    )
    async def customer(tpn: Tpn, customer: Customer) -> TerminalView:
        """Act for the customer of an attended terminal, who is asked for a card."""
        terminal = fleet.find(tpn)
        if terminal is None:
            raise HTTPException(404, "no such terminal")
        if not terminal.customer(customer.does):
            raise HTTPException(409, "nobody is asked for a card here")
        return _view(terminal)


def _add_fault_routes(router: APIRouter, faults: Faults) -> None:
    @router.get("/faults")
    async def list_faults() -> list[ActiveFault]:
        """Every rule, oldest first, spent ones included."""
        return list(faults.listed())

    @router.post("/faults", status_code=201)
    async def add_fault(rule: FaultRule) -> ActiveFault:
        """Put a fault in the way of the next matching requests."""
        return faults.add(rule)

    @router.delete("/faults", status_code=204)
    async def delete_faults(tpn: OnlyTpn = None) -> Response:
        """Delete every rule, or those that name one terminal. Safe to repeat."""
        faults.clear(tpn)
        return Response(status_code=204)


def _add_journal_routes(router: APIRouter, fleet: Fleet) -> None:
    def chosen(tpn: str | None, reference_id: str | None) -> list[Effect]:
        return [
            effect
            for effect in fleet.journal
            if tpn in (None, effect.tpn) and reference_id in (None, effect.reference_id)
        ]

    @router.get("/journal")
    async def journal(tpn: OnlyTpn = None, reference_id: OnlyReference = None) -> list[Effect]:
        """Every effect since the data directory was made, oldest first. Amounts are cents."""
        return chosen(tpn, reference_id)

    @router.get("/held")
    async def held() -> dict[str, float]:
        """How many seconds of the real clock the terminals took over each ReferenceId, since the start."""
        return fleet.held_seconds

    @router.get("/charges")
    async def charges(tpn: OnlyTpn = None, reference_id: OnlyReference = None) -> list[Charge]:
        """What each ReferenceId did to a card in the end: the oracle of what was charged."""
        found = charges_of(chosen(tpn, None))
        return [charge for charge in found if reference_id in (None, charge.reference_id)]


def _view(terminal: Terminal) -> TerminalView:
    return TerminalView(
        tpn=terminal.tpn,
        name=terminal.name,
        batch_number=terminal.batch_number,
        running=terminal.running,
        asked_cents=terminal.asked_cents,
        busy_seconds=terminal.busy_seconds,
        profile=terminal.profile,
    )
