"""People who work in the shop. `by_staff_id` is the person who asks, None for an API key's or command's own request."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_all, ask_value
from ringup.db.pool import Pool
from ringup.domain.staff import Role


async def save_staff(
    db: Pool,
    vendor_id: UUID,
    staff_id: UUID,
    *,
    name: str,
    role: str,
    is_active: bool,
    pin_hash: str | None = None,
    by_staff_id: UUID | None,
    approval_id: UUID | None,
    actor: str,
) -> bool:
    """Write the whole person, and say whether they are new. Safe to repeat.

    Whoever is not active is signed out. Without a hash, the PIN stays as it is.
    """
    is_new: bool = await ask_value(
        db,
        "select ringup.save_staff(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, staff_id, name, role, is_active, pin_hash, by_staff_id, approval_id, actor],
    )
    return is_new


async def set_staff_pin(
    db: Pool,
    vendor_id: UUID,
    staff_id: UUID,
    *,
    pin_hash: str,
    by_staff_id: UUID | None,
    approval_id: UUID | None,
    actor: str,
) -> None:
    """Give a person another PIN. Unlocks them, and signs them out. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.set_staff_pin(%s, %s, %s, %s, %s, %s)",
        [vendor_id, staff_id, pin_hash, by_staff_id, approval_id, actor],
    )


async def set_staff_rule(
    db: Pool,
    vendor_id: UUID,
    *,
    role: str,
    action: str,
    rule: str | None,
    limit_minor: int | None,
    limit_percent: int | None,
    by_staff_id: UUID | None,
    approval_id: UUID | None,
    actor: str,
) -> None:
    """Say what a role may do, from now on; None is the default again. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.set_staff_rule(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, role, action, rule, limit_minor, limit_percent, by_staff_id, approval_id, actor],
    )


async def begin_pin_check(db: Pool, vendor_id: UUID, staff_id: UUID) -> str | None:
    """Count one more attempt and return the hash to compare with; None for nobody. Raises PinLocked."""
    stored: str | None = await ask_value(db, "select ringup.begin_pin_check(%s, %s)", [vendor_id, staff_id])
    return stored


async def finish_pin_check(db: Pool, vendor_id: UUID, staff_id: UUID, *, pin_hash: str) -> bool:
    """Forget the attempts, if the hash that was compared is still the person's. Safe to repeat."""
    is_theirs: bool = await ask_value(db, "select ringup.finish_pin_check(%s, %s, %s)", [vendor_id, staff_id, pin_hash])
    return is_theirs


async def sign_in_staff(
    db: Pool, vendor_id: UUID, sign_in_id: UUID, *, staff_id: UUID, register_id: UUID | None, token_hash: bytes
) -> datetime:
    """Sign a person in whose PIN was checked, and whoever was at the register out. Without one: in the console.

    Returns until when, unless it is used.
    """
    expires_at: datetime = await ask_value(
        db,
        "select ringup.sign_in_staff(%s, %s, %s, %s, %s)",
        [vendor_id, sign_in_id, staff_id, register_id, token_hash],
    )
    return expires_at


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at a register, or in the console, which is no register."""

    sign_in_id: UUID
    staff_id: UUID
    name: str
    role: Role
    register_id: UUID | None


async def recognise_staff(db: Pool, vendor_id: UUID, token_hash: bytes) -> SignedIn | None:
    """Who is signed in with this token; None for nobody. Keeps the sign-in alive."""
    found = await ask_all(db, SignedIn, "select * from ringup.recognise_staff(%s, %s)", [vendor_id, token_hash])
    return found[0] if found else None


async def sign_out_staff(db: Pool, vendor_id: UUID, sign_in_id: UUID, *, actor: str) -> None:
    """Safe to repeat."""
    await ask_value(db, "select ringup.sign_out_staff(%s, %s, %s)", [vendor_id, sign_in_id, actor])


async def give_approval(
    db: Pool,
    vendor_id: UUID,
    approval_id: UUID,
    *,
    action: str,
    amount_minor: int | None,
    basis_minor: int | None,
    requested_by: UUID,
    approved_by: UUID,
    reason: str,
) -> datetime:
    """Keep the approval of a person whose PIN was checked, for one operation. Returns until when it is good."""
    expires_at: datetime = await ask_value(
        db,
        "select ringup.give_approval(%s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, approval_id, action, amount_minor, basis_minor, requested_by, approved_by, reason],
    )
    return expires_at


async def permit_reading(
    db: Pool, vendor_id: UUID, *, staff_id: UUID | None, action: str, approval_id: UUID | None, actor: str
) -> None:
    """Ask before reading what not everybody may see. Raises ActionDenied, ApprovalNeeded, ApprovalRefused."""
    await ask_value(
        db,
        "select ringup.permit_reading(%s, %s, %s, %s, %s)",
        [vendor_id, staff_id, action, approval_id, actor],
    )
