"""The audit: one view for each invariant, whose rows are what breaks it."""

from dataclasses import dataclass
from uuid import UUID

from ringup.db.ask import ask_all, read_all
from ringup.db.pool import Pool

INVARIANTS = {
    "I1": ("audit_i01_no_charge_without_an_order", "no charge without an order"),
    "I2": ("audit_i02_no_double_charge", "no double charge"),
    "I3": ("audit_i03_no_order_without_money", "no order without money"),
    "I4": ("audit_i04_ledger_chains", "the points ledger chains, and balances are its sums"),
    "I5": ("audit_i05_points_held", "held points and coupons are those of live checkouts; spent and earned once"),
    "I6": ("audit_i06_stock_is_conserved", "stock is conserved and never oversold"),
    "I7": ("audit_i07_nothing_is_stuck", "nothing is stuck"),
    "I8": ("audit_i08_same_key_same_answer", "same key, same answer, one effect"),
    "I9": ("audit_i09_events_are_delivered", "every event is delivered, in order per order"),
    "I10": ("audit_i10_vendors_are_apart", "vendors are apart"),
    "I11": ("audit_i11_history_is_kept", "history is kept"),
    "I12": ("audit_i12_sessions_add_up", "a session's totals are the sum of its tenders; its Z report stays true"),
    "I13": ("audit_i13_recovery_repeats_safely", "what recovery repeats happens once"),
    "I14": ("audit_i14_stored_value_adds_up", "gift cards and store credit are the sums of their ledgers and holds"),
}
"""The invariants that the database can check, with their view and their name."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks an invariant. `vendor_id` is None where it is about the schema itself."""

    vendor_id: UUID | None
    subject: str
    subject_id: str
    problem: str


async def list_violations(db: Pool, vendor_id: UUID, invariant: str, *, limit: int = 1000) -> list[Violation]:
    """Check one invariant for one vendor. Reads one snapshot; safe while the shop is open."""
    view, _ = INVARIANTS[invariant]
    return await read_all(
        db,
        vendor_id,
        Violation,
        f"select v.vendor_id, v.subject, v.subject_id, v.problem from ringup.{view} v limit %s",
        [limit],
    )


@dataclass(frozen=True, slots=True)
class StateMeaning:
    machine: str
    name: str
    means: str


@dataclass(frozen=True, slots=True)
class Transition:
    machine: str
    from_state: str
    event: str
    to_state: str


async def list_states(db: Pool) -> list[StateMeaning]:
    return await ask_all(
        db,
        StateMeaning,
        "select v.machine, v.name, v.means from ringup.state_meanings v order by v.machine, v.name",
        [],
    )


async def list_transitions(db: Pool) -> list[Transition]:
    return await ask_all(
        db,
        Transition,
        """
        select v.machine, v.from_state, v.event, v.to_state
          from ringup.what_may_follow v
         order by v.machine, v.from_state, v.event
        """,
        [],
    )
