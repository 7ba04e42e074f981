"""What commands at a till have in common: its register, and amounts as they are spoken."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from ringup.cli.output import CannotRun
from ringup.db.reads.places import Register, VendorProfile, list_registers, read_vendor
from ringup.domain.money import Money
from ringup.wiring import Shop

LIMIT = 10_000


async def find_profile(shop: Shop, vendor_id: UUID) -> VendorProfile:
    profile = await read_vendor(shop.db, vendor_id)
    assert profile is not None, "the vendor was found a moment ago"
    return profile


async def find_register(shop: Shop, vendor_id: UUID, named: str) -> Register:
    """By its id, or its name if no other has it."""
    registers = await list_registers(shop.db, vendor_id, limit=LIMIT)
    found = [register for register in registers if named in (str(register.id), register.name)]
    if len(found) != 1:
        known = ", ".join(f"{register.name} ({register.id})" for register in registers[:20]) or "none yet"
        raise CannotRun(f"{len(found) or 'no'} registers are called {named}", f"Registers: {known}")
    return found[0]


def minor_of(amount: str, profile: VendorProfile) -> int:
    """12.50 in minor units."""
    try:
        return Money.from_major(Decimal(amount), profile.currency, profile.exponent).amount_minor
    except (InvalidOperation, ValueError, OverflowError) as failure:
        raise CannotRun(f"{amount} is not an amount of {profile.currency}", "Such as 12.50.") from failure


def spoken(amount_minor: int | None, profile: VendorProfile) -> str:
    if amount_minor is None:
        return ""
    return f"{Money(amount_minor, profile.currency, profile.exponent).major:f}"
