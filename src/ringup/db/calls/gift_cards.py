"""Gift cards and store credit. `asker` is who asks, by the role's rules where it is a person."""

from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_value
from ringup.db.calls.asker import Asker
from ringup.db.pool import Pool


async def check_gift_card_code(db: Pool, vendor_id: UUID, code_hash: bytes, *, asker: str) -> UUID | None:
    """The id of the card with this code, if there is one. What is not there is counted against the asker."""
    card_id: UUID | None = await ask_value(
        db, "select ringup.check_gift_card_code(%s, %s, %s)", [vendor_id, code_hash, asker]
    )
    return card_id


async def issue_gift_card(
    db: Pool,
    vendor_id: UUID,
    card_id: UUID,
    *,
    code_hash: bytes,
    code_last4: str,
    amount_minor: int,
    expires_at: datetime | None,
    reason: str | None,
    asker: Asker,
) -> bool:
    """A new card, empty or with something on it; False if it was there already. Safe to repeat with its id."""
    is_new: bool = await ask_value(
        db,
        "select ringup.issue_gift_card(%s, %s, %s, %s, %s::bigint, %s, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, card_id, code_hash, code_last4, amount_minor, expires_at, reason, *asker.parameters],
    )
    return is_new


async def change_gift_card(
    db: Pool,
    vendor_id: UUID,
    card_id: UUID,
    *,
    is_disabled: bool,
    expires_at: datetime | None,
    reason: str,
    asker: Asker,
) -> None:
    """Disable a card or not, and say until when it is good. Safe to repeat."""
    await ask_value(
        db,
        "select ringup.change_gift_card(%s, %s, %s, %s, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, card_id, is_disabled, expires_at, reason, *asker.parameters],
    )


async def adjust_stored_value(
    db: Pool,
    vendor_id: UUID,
    adjustment_id: UUID,
    account_id: UUID,
    *,
    amount_minor: int,
    reason: str,
    asker: Asker,
) -> int:
    """Change what is on a gift card or in store credit by hand; the balance after. Safe to repeat with its id."""
    balance_minor: int = await ask_value(
        db,
        "select ringup.adjust_stored_value(%s, %s, %s, %s::bigint, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, adjustment_id, account_id, amount_minor, reason, *asker.parameters],
    )
    return balance_minor


async def grant_store_credit(
    db: Pool,
    vendor_id: UUID,
    grant_id: UUID,
    customer_id: UUID,
    *,
    amount_minor: int,
    reason: str,
    asker: Asker,
) -> int:
    """Give a customer store credit; the balance after. Safe to repeat with its id."""
    balance_minor: int = await ask_value(
        db,
        "select ringup.grant_store_credit(%s, %s, %s, %s::bigint, %s, %s::uuid, %s::uuid, %s)",
        [vendor_id, grant_id, customer_id, amount_minor, reason, *asker.parameters],
    )
    return balance_minor
