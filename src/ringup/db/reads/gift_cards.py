"""Gift cards and store credit, and what moved on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A gift card or a customer's store credit. `available_minor` is what no sale under way has set aside."""

    id: UUID
    kind: str
    customer_id: UUID | None
    code_last4: str | None
    currency: str
    balance_minor: int
    held_minor: int
    available_minor: int
    expires_at: datetime | None
    status: str
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime


STORED_VALUE = """
    select v.id, v.kind, v.customer_id, v.code_last4, v.currency, v.balance_minor, v.held_minor, v.available_minor,
           v.expires_at, v.status, v.disabled_at, v.disabled_reason, v.created_at
      from ringup.stored_value_list v
"""


async def list_gift_cards(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[StoredValue]:
    """Gift cards by id."""
    return await read_all(
        db,
        vendor_id,
        StoredValue,
        STORED_VALUE
        + """
         where v.vendor_id = %(vendor_id)s and v.kind = 'gift_card' and (%(after)s::uuid is null or v.id > %(after)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


async def find_gift_card(db: Pool, vendor_id: UUID, card_id: UUID) -> StoredValue | None:
    found = await read_all(
        db,
        vendor_id,
        StoredValue,
        STORED_VALUE + " where v.vendor_id = %s and v.id = %s and v.kind = 'gift_card'",
        [vendor_id, card_id],
    )
    return found[0] if found else None


async def find_store_credit(db: Pool, vendor_id: UUID, customer_id: UUID) -> StoredValue | None:
    """None for a customer who never had any."""
    found = await read_all(
        db,
        vendor_id,
        StoredValue,
        STORED_VALUE + " where v.vendor_id = %s and v.customer_id = %s and v.kind = 'store_credit'",
        [vendor_id, customer_id],
    )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class StoredValueEntry:
    """One row of the ledger. `reference_type` and `reference_id` say what moved it."""

    id: UUID
    entry_number: int
    amount_minor: int
    transaction_type: str
    balance_before_minor: int
    balance_after_minor: int
    reference_type: str
    reference_id: str
    description: str | None
    created_at: datetime


async def list_stored_value_entries(
    db: Pool, vendor_id: UUID, account_id: UUID, *, limit: int, before: UUID | None = None
) -> list[StoredValueEntry]:
    """The newest first; `before` is the id of the last row of the page before."""
    return await read_all(
        db,
        vendor_id,
        StoredValueEntry,
        """
        select v.id, v.entry_number, v.amount_minor, v.transaction_type, v.balance_before_minor,
               v.balance_after_minor, v.reference_type, v.reference_id, v.description, v.created_at
          from ringup.stored_value_history v
         where v.vendor_id = %(vendor_id)s and v.account_id = %(account_id)s
           and (%(before)s::uuid is null or v.entry_number < (
                select b.entry_number from ringup.stored_value_history b
                 where b.vendor_id = %(vendor_id)s and b.account_id = %(account_id)s and b.id = %(before)s))
         order by v.entry_number desc
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "account_id": account_id, "before": before, "limit": limit},
    )
