"""Setting up a shop: its places, goods, people, terminals and keys. `actor` goes into the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ringup.db.ask import ask_value
from ringup.db.pool import Pool


async def create_vendor(db: Pool, vendor_id: UUID, *, name: str, currency: str, time_zone: str) -> None:
    await ask_value(db, "select ringup.create_vendor(%s, %s, %s, %s)", [vendor_id, name, currency, time_zone])


async def create_location(db: Pool, vendor_id: UUID, location_id: UUID, *, code: str, name: str) -> None:
    await ask_value(db, "select ringup.create_location(%s, %s, %s, %s)", [vendor_id, location_id, code, name])


async def create_register(db: Pool, vendor_id: UUID, register_id: UUID, *, location_id: UUID, name: str) -> None:
    await ask_value(db, "select ringup.create_register(%s, %s, %s, %s)", [vendor_id, register_id, location_id, name])


async def save_product(
    db: Pool,
    vendor_id: UUID,
    product_id: UUID,
    *,
    sku: str,
    barcode: str | None,
    name: str,
    category: str | None,
    price_minor: int,
    tracks_stock: bool,
    is_active: bool,
    actor: str,
    tax_category: str = "standard",
) -> bool:
    """Write the whole product, and say whether it is new. Safe to repeat."""
    is_new: bool = await ask_value(
        db,
        "select ringup.save_product(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(vendor_id, product_id, sku, barcode, name, category, price_minor, tracks_stock, is_active),
            *(actor, tax_category),
        ],
    )
    return is_new


async def change_stock(
    db: Pool,
    vendor_id: UUID,
    *,
    location_id: UUID,
    product_id: UUID,
    change: int,
    reason: str,
    note: str | None,
    actor: str,
    staff_id: UUID | None = None,
    approval_id: UUID | None = None,
) -> int:
    """Move stock and return what is on hand after. Every call is another movement."""
    on_hand: int = await ask_value(
        db,
        "select ringup.change_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, location_id, product_id, change, reason, note, actor, staff_id, approval_id],
    )
    return on_hand


async def save_customer(
    db: Pool,
    vendor_id: UUID,
    customer_id: UUID,
    *,
    first_name: str | None,
    last_name: str | None,
    email: str | None,
    phone: str | None,
    is_active: bool,
) -> bool:
    """Write the whole customer, and say whether it is new. Safe to repeat."""
    is_new: bool = await ask_value(
        db,
        "select ringup.save_customer(%s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, customer_id, first_name, last_name, email, phone, is_active],
    )
    return is_new


async def save_processor(
    db: Pool,
    vendor_id: UUID,
    processor_id: UUID,
    *,
    location_id: UUID,
    name: str,
    processor_type: str,
    is_active: bool,
    is_live: bool,
    settings: Mapping[str, Any],
    credentials: bytes | None,
    credentials_key_id: str | None,
    actor: str,
) -> bool:
    """Write a terminal's configuration, and say whether it is new. Credentials arrive encrypted; None keeps them."""
    is_new: bool = await ask_value(
        db,
        "select ringup.save_processor(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            vendor_id,
            processor_id,
            location_id,
            name,
            processor_type,
            is_active,
            is_live,
            Jsonb(dict(settings)),
            credentials,
            credentials_key_id,
            actor,
        ],
    )
    return is_new


async def record_health(
    db: Pool, vendor_id: UUID, processor_id: UUID, *, status: str, detail: str | None, latency_ms: int
) -> str:
    """Keep what a terminal said about itself, and return its colour."""
    colour: str = await ask_value(
        db,
        "select ringup.record_health(%s, %s, %s, %s, %s)",
        [vendor_id, processor_id, status, detail, latency_ms],
    )
    return colour


async def create_api_key(
    db: Pool,
    vendor_id: UUID,
    key_id: UUID,
    *,
    name: str,
    prefix: str,
    secret_hash: bytes,
    scopes: Sequence[str],
    expires_at: datetime | None,
    actor: str,
) -> None:
    await ask_value(
        db,
        "select ringup.create_api_key(%s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, key_id, name, prefix, secret_hash, list(scopes), expires_at, actor],
    )


async def revoke_api_key(db: Pool, vendor_id: UUID, key_id: UUID, *, actor: str) -> None:
    await ask_value(db, "select ringup.revoke_api_key(%s, %s, %s)", [vendor_id, key_id, actor])
