"""Another person's PIN, at this register, where somebody's role may not do something alone."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from nicegui import ui

from ringup.db.calls.staff import give_approval
from ringup.domain.errors import ApprovalNeeded
from ringup.domain.ids import new_id
from ringup.staff.pins import check_pin
from ringup.web.look import act, excusing, heading, named, note, say, take_away, text
from ringup.web.register.till import Till

PIN_MAX = 8
TITLE = "This needs another person"
WHAT = {
    "sell": "Sell",
    "line_discount": "A discount on goods",
    "order_discount": "A discount on the sale",
    "price_override": "Another price",
    "exempt_from_tax": "A sale without tax",
    "refund_linked": "A refund",
    "refund_other_tender": "A refund in another way than it was paid",
    "refund_without_receipt": "A refund without a receipt",
    "open_session": "Open the shift",
    "count_cash": "Count the drawer",
    "close_session": "Close the shift",
    "paid_in": "Cash put in",
    "paid_out": "Cash taken out",
    "cash_drop": "Cash to the safe",
    "no_sale": "Open the drawer without a sale",
}

Done = TypeVar("Done")
Approvals = tuple[UUID, ...]


async def with_approvals(till: Till, reason: str, do: Callable[[Approvals], Awaitable[Done]]) -> Done:
    """Do it, with as many approvals as it turns out to need. An approval that is given and not used up expires.

    Raises ApprovalNeeded where nobody gives one: nothing was done then.
    """
    approvals: Approvals = ()
    asked: set[str] = set()
    while True:
        try:
            return await do(approvals)
        except ApprovalNeeded as needed:
            action = str(needed.facts["action"])
            given = None if action in asked else await _ask(till, needed.facts, reason)
            if given is None:
                raise
            asked.add(action)
            approvals = (*approvals, given)


async def _ask(till: Till, facts: Mapping[str, Any], reason: str) -> UUID | None:
    """Show who may approve it, and take their PIN. None where the dialog is left."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        named(dialog, TITLE)
        _Approval(till, facts, reason, dialog).show()
    given: UUID | None = await dialog
    take_away(dialog)
    return given


class _Approval:
    def __init__(self, till: Till, facts: Mapping[str, Any], reason: str, dialog: ui.dialog) -> None:
        self._till = till
        self._facts = facts
        self._reason = reason
        self._dialog = dialog
        self._people: list[dict[str, Any]] = facts["may_approve"]
        self._approver_id: str | None = self._people[0]["id"] if len(self._people) == 1 else None
        self._buttons: dict[str, ui.button] = {}
        self._pin: ui.input | None = None
        self._hint: ui.label | None = None

    def show(self) -> None:
        heading(TITLE)
        amount = self._facts.get("amount_minor")
        what = WHAT.get(self._facts["action"], str(self._facts["action"]).replace("_", " "))
        text(what if amount is None else f"{what}: {self._till.speech.money(amount)}", "strong", tag="p")
        text(f"{self._till.person.name} may do this with somebody's approval. Reason: {self._reason}", "quiet", tag="p")
        if not self._people:
            note("Nobody who may approve this has a PIN.", "warn")
            act("Close", lambda: self._dialog.submit(None))
            return
        with ui.element("div").classes("two-wide"):
            for person in self._people:
                choose = partial(self._choose, person["id"])
                self._buttons[person["id"]] = act(f"{person['name']}, {person['role']}", choose, "big")
        self._pin = (
            ui.input("PIN of whoever approves", password=True)
            .props(f"outlined inputmode=numeric autocomplete=off maxlength={PIN_MAX} autofocus")
            .on("keydown.enter", excusing(self._approve))
        )
        self._hint = ui.label().classes("quiet small")
        self._mark_chosen()
        with ui.element("div").classes("pay"):
            act("Approve", excusing(self._approve), "main")
            act("Leave it", lambda: self._dialog.submit(None))

    def _choose(self, person_id: str) -> None:
        self._approver_id = person_id
        self._mark_chosen()
        if self._pin is not None:
            self._pin.run_method("focus")

    def _mark_chosen(self) -> None:
        for person_id, button in self._buttons.items():
            is_chosen = person_id == self._approver_id
            button.classes(add="chosen") if is_chosen else button.classes(remove="chosen")
            button.props["aria-pressed"] = "true" if is_chosen else "false"
        name = next((person["name"] for person in self._people if person["id"] == self._approver_id), None)
        pin = self._till.backroom.demo_pin(name) if name else None
        if self._hint is not None:
            self._hint.text = f"In this demonstration {name}'s PIN is {pin}." if pin else ""

    async def _approve(self) -> None:
        assert self._pin is not None, "somebody may approve"
        pin = str(self._pin.value or "")
        self._pin.value = ""
        if self._approver_id is None or not pin:
            say("Choose who approves, and type their PIN.", "warning")
            return
        shop, vendor_id, approver_id = self._till.backroom.shop, self._till.vendor_id, UUID(self._approver_id)
        await check_pin(shop.db, shop.keyring, vendor_id, approver_id, pin)
        approval_id = new_id()
        await give_approval(
            shop.db,
            vendor_id,
            approval_id,
            action=self._facts["action"],
            amount_minor=self._facts.get("amount_minor"),
            basis_minor=self._facts.get("basis_minor"),
            requested_by=self._till.person.staff_id,
            approved_by=approver_id,
            reason=self._reason,
        )
        self._dialog.submit(approval_id)
