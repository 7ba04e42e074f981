"""Stores, tills, terminals and keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_all, read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class Location:
    id: UUID
    code: str
    name: str
    created_at: datetime


async def list_locations(db: Pool, vendor_id: UUID, *, limit: int, after: UUID | None = None) -> list[Location]:
    return await read_all(
        db,
        vendor_id,
        Location,
        """
        select v.id, v.code, v.name, v.created_at
          from ringup.location_list v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class Register:
    """A till, with its open session's running totals where one is open."""

    id: UUID
    location_id: UUID
    name: str
    is_active: bool
    open_session_id: UUID | None
    opened_by: str | None
    opened_at: datetime | None
    opening_float_minor: int | None
    order_count: int | None
    cash_minor: int | None
    card_minor: int | None
    external_minor: int | None
    created_at: datetime


async def list_registers(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    after: UUID | None = None,
    location_id: UUID | None = None,
    register_id: UUID | None = None,
) -> list[Register]:
    return await read_all(
        db,
        vendor_id,
        Register,
        """
        select v.id, v.location_id, v.name, v.is_active, v.open_session_id, v.opened_by, v.opened_at,
               v.opening_float_minor, v.order_count, v.cash_minor, v.card_minor, v.external_minor, v.created_at
          from ringup.register_statuses v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(location_id)s::uuid is null or v.location_id = %(location_id)s)
           and (%(register_id)s::uuid is null or v.id = %(register_id)s)
         order by v.id
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "after": after,
            "location_id": location_id,
            "register_id": register_id,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class Processor:
    """A configured terminal. `health` is green, amber or red; `is_working` while a payment is on it or in doubt.

    `is_in_doubt`: nobody knows what became of that payment, so the terminal is not offered to another sale.
    """

    id: UUID
    location_id: UUID
    processor_name: str
    processor_type: str
    is_active: bool
    is_live: bool
    settings: dict[str, Any]
    last_health_check: datetime | None
    last_health_status: str | None
    last_health_error: str | None
    health: str
    is_working: bool
    is_in_doubt: bool
    created_at: datetime


async def list_processors(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    after: UUID | None = None,
    location_id: UUID | None = None,
    processor_id: UUID | None = None,
) -> list[Processor]:
    return await read_all(
        db,
        vendor_id,
        Processor,
        """
        select v.id, v.location_id, v.processor_name, v.processor_type, v.is_active, v.is_live, v.settings,
               v.last_health_check, v.last_health_status, v.last_health_error, v.health, v.is_working, v.is_in_doubt,
               v.created_at
          from ringup.processor_statuses v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(location_id)s::uuid is null or v.location_id = %(location_id)s)
           and (%(processor_id)s::uuid is null or v.id = %(processor_id)s)
         order by v.id
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "after": after,
            "location_id": location_id,
            "processor_id": processor_id,
            "limit": limit,
        },
    )


@dataclass(frozen=True, slots=True)
class ProcessorAccess:
    """What it takes to speak to a terminal, and the batch that it had open when it last said so.

    `credentials` are encrypted.
    """

    id: UUID
    processor_name: str
    processor_type: str
    is_active: bool
    settings: dict[str, Any]
    credentials: bytes | None
    credentials_key_id: str | None
    last_batch_number: str | None
    updated_at: datetime


async def find_processor_access(db: Pool, vendor_id: UUID, processor_id: UUID) -> ProcessorAccess | None:
    found = await ask_all(
        db, ProcessorAccess, "select * from ringup.find_processor_access(%s, %s)", [vendor_id, processor_id]
    )
    return found[0] if found else None


async def find_batch_number(db: Pool, vendor_id: UUID, processor_id: UUID) -> str | None:
    """The batch that a terminal had open when it last said so; None if it never did."""
    access = await find_processor_access(db, vendor_id, processor_id)
    return access.last_batch_number if access else None


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


async def list_api_keys(db: Pool, vendor_id: UUID) -> list[ApiKey]:
    return await read_all(
        db,
        vendor_id,
        ApiKey,
        """
        select v.id, v.name, v.prefix, v.scopes, v.expires_at, v.revoked_at, v.created_at
          from ringup.api_key_list v
         where v.vendor_id = %s
         order by v.created_at, v.id
        """,
        [vendor_id],
    )


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key that still holds, whose secret's hash is the caller's to compare, in constant time."""

    vendor_id: UUID
    id: UUID
    secret_hash: bytes
    scopes: list[str]


async def find_api_keys(db: Pool, prefix: str) -> list[KeyHolder]:
    """Keys by their prefix, before anybody knows the vendor."""
    return await ask_all(db, KeyHolder, "select * from ringup.find_api_keys(%s)", [prefix])


@dataclass(frozen=True, slots=True)
class VendorProfile:
    name: str
    currency: str
    exponent: int
    time_zone: str
    recount_over_minor: int


async def read_vendor(db: Pool, vendor_id: UUID) -> VendorProfile | None:
    rows = await read_all(
        db,
        vendor_id,
        VendorProfile,
        """
        select v.name, v.currency, v.exponent, v.time_zone, v.recount_over_minor
          from ringup.vendor_profile v
         where v.vendor_id = %s
        """,
        [vendor_id],
    )
    return rows[0] if rows else None
