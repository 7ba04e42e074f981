"""What a terminal knows of its open batch, and what every card was charged: both only from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, Field

from ringup.simulator.journal import Effect


@dataclass(frozen=True, slots=True)
class Transaction:
    """One attempt as the terminal remembers it until the batch is closed. Amounts are cents.

    `approved_cents` includes the tip and not the fee. `captured_cents` is None until an
    Auth is captured, and always for other kinds.
    """

    reference_id: str
    kind: Literal["sale", "auth", "return"]
    payment_type: str
    batch: int
    transaction_number: int
    requested_cents: int
    approved_cents: int
    tip_cents: int = 0
    fee_cents: int = 0
    partial: bool = False
    declined: bool = False
    voided: bool = False
    captured_cents: int | None = None
    auth_code: str = ""
    host_reference: str = ""
    host_code: str = "00"
    invoice_number: str | None = None

    @property
    def amount_cents(self) -> int:
        """What a Status shows as Amount: what was captured, if something was."""
        return self.approved_cents if self.captured_cents is None else self.captured_cents

    @property
    def type_name(self) -> str:
        return "Capture" if self.captured_cents is not None else self.kind.capitalize()


class Ledger:
    """The open batch of one terminal. It changes by `apply` only, so that a restart rebuilds it exactly."""

    def __init__(self, first_batch_number: int) -> None:
        self.batch = first_batch_number
        self._transactions: dict[str, Transaction] = {}
        self._last_number = 0

    @property
    def next_number(self) -> int:
        return self._last_number + 1

    def find(self, reference_id: str | None) -> Transaction | None:
        """The attempt with this id in the open batch, approved or declined."""
        return self._transactions.get(reference_id or "")

    def approved(self) -> list[Transaction]:
        """Every approved transaction of the open batch, in the order of its numbers."""
        listed = (transaction for transaction in self._transactions.values() if not transaction.declined)
        return sorted(listed, key=lambda transaction: transaction.transaction_number)

    def apply(self, effect: Effect) -> None:
        """Take one effect into account. Called once for each, live and when the journal is read back."""
        match effect.effect:
            case "approved" | "returned" | "declined":
                self._begin(effect)
            case "captured":
                self._change(effect, captured_cents=effect.amount_cents)
            case "voided":
                self._change(effect, voided=True)
            case "tip_adjusted":
                self._change_tip(effect)
            case "settled":
                self.batch, self._last_number = effect.batch + 1, 0
                self._transactions.clear()

    def _begin(self, effect: Effect) -> None:
        if effect.kind not in ("sale", "auth", "return") or effect.reference_id is None:
            return  # a declined capture or void changes nothing that the terminal remembers
        self._last_number = effect.transaction_number or self._last_number
        self._transactions[effect.reference_id] = Transaction(
            reference_id=effect.reference_id,
            kind=effect.kind,
            payment_type=effect.payment_type,
            batch=effect.batch,
            transaction_number=effect.transaction_number or 0,
            requested_cents=effect.requested_cents,
            approved_cents=effect.amount_cents,
            tip_cents=effect.tip_cents,
            fee_cents=effect.fee_cents,
            partial=effect.partial,
            declined=effect.effect == "declined",
            auth_code=effect.auth_code or "",
            host_reference=effect.host_reference or "",
            host_code=effect.host_code or "00",
            invoice_number=effect.invoice_number,
        )

    def _change(self, effect: Effect, *, captured_cents: int | None = None, voided: bool = False) -> None:
        before = self._transactions[effect.reference_id or ""]
        self._transactions[before.reference_id] = replace(
            before,
            captured_cents=before.captured_cents if captured_cents is None else captured_cents,
            voided=before.voided or voided,
        )

    def _change_tip(self, effect: Effect) -> None:
        before = self._transactions[effect.reference_id or ""]
        captured_cents = None if before.captured_cents is None else effect.amount_cents
        approved_cents = effect.amount_cents if captured_cents is None else before.approved_cents
        self._transactions[before.reference_id] = replace(
            before, tip_cents=effect.tip_cents, approved_cents=approved_cents, captured_cents=captured_cents
        )


class Charge(BaseModel):
    """What one ReferenceId did to one card in one batch, all effects added up. In cents, fees included.

    This is the oracle of what was charged: `net_cents` is what the cardholder pays in the end
    (negative for a refund), `held_cents` what an approval sets aside that nobody captured or voided.
    """

    tpn: str
    batch: int
    reference_id: str
    kind: Literal["sale", "auth", "return"]
    approved_cents: int = Field(0, description="What was approved, tip and fee included. 0 if declined.")
    captured: bool = Field(False, description="The money is taken: a Sale, or an Auth with its Capture.")
    captured_cents: int = 0
    voided: bool = False
    returned: bool = Field(False, description="A refund: the money went to the card.")
    declined_count: int = Field(0, description="How many attempts with this id were declined.")
    settled: bool = Field(False, description="The batch was closed and sent to the host.")
    cleared: bool = Field(False, description="The batch was cleared without being sent: nobody is charged.")
    net_cents: int = 0
    held_cents: int = 0


def charges_of(effects: Iterable[Effect]) -> list[Charge]:
    """Add up effects into one charge per terminal, batch and ReferenceId, in the order they began."""
    charges: dict[tuple[str, int, str], Charge] = {}
    for effect in effects:
        if effect.effect == "settled":
            _settle(effect, charges.values())
        elif effect.reference_id is not None:
            key = (effect.tpn, effect.batch, effect.reference_id)
            charge = _begun(effect, charges.get(key))
            if charge is not None:
                charges[key] = charge
                _add(effect, charge)
    for charge in charges.values():
        _weigh(charge)
    return list(charges.values())


def _begun(effect: Effect, known: Charge | None) -> Charge | None:
    """The charge that an effect belongs to: a new one when a card is presented, else the known one."""
    if effect.kind not in ("sale", "auth", "return") or effect.reference_id is None:
        return known
    return Charge(
        tpn=effect.tpn,
        batch=effect.batch,
        reference_id=effect.reference_id,
        kind=effect.kind,
        declined_count=known.declined_count if known else 0,
    )


def _settle(effect: Effect, charges: Iterable[Charge]) -> None:
    for charge in charges:
        if (charge.tpn, charge.batch) == (effect.tpn, effect.batch):
            charge.cleared = effect.kind == "clear"
            charge.settled = not charge.cleared


def _add(effect: Effect, charge: Charge) -> None:
    total_cents = effect.amount_cents + effect.fee_cents
    match effect.effect:
        case "declined":
            charge.declined_count += 1
        case "voided":
            charge.voided = True
        case "captured":
            charge.captured, charge.captured_cents = True, total_cents
        case "tip_adjusted" if charge.kind == "auth" and charge.captured:
            charge.captured_cents = total_cents
        case _:
            charge.approved_cents = total_cents
            charge.returned = charge.kind == "return"
            charge.captured = charge.kind == "sale"
            charge.captured_cents = total_cents if charge.captured else 0


def _weigh(charge: Charge) -> None:
    if charge.voided or charge.cleared:
        return
    charge.net_cents = -charge.approved_cents if charge.returned else charge.captured_cents
    charge.held_cents = charge.approved_cents if charge.kind == "auth" and not charge.captured else 0
