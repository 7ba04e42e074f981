"""Carts at registers, and the browsers that show a shop's pages. `actor` goes into the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from ringup.db.ask import ask_all, ask_value
from ringup.db.pool import Pool

Place = Literal["counter", "parked", "left"]


async def put_cart(
    db: Pool,
    vendor_id: UUID,
    cart_id: UUID,
    *,
    register_id: UUID,
    revision: int,
    contents: Mapping[str, Any],
    actor: str,
) -> int:
    """Keep what lies in a cart, and return its revision. Revision 0 makes it. Raises CartChanged, CartInPayment."""
    put: int = await ask_value(
        db,
        "select ringup.put_cart(%s, %s, %s, %s, %s, %s)",
        [vendor_id, cart_id, register_id, revision, Jsonb(dict(contents)), actor],
    )
    return put


async def freeze_cart(
    db: Pool,
    vendor_id: UUID,
    cart_id: UUID,
    *,
    revision: int,
    tenders: Sequence[Mapping[str, Any]],
    staff_id: UUID,
    approval_ids: Sequence[UUID],
    actor: str,
) -> str:
    """Commit how a cart is to be paid and who sells it, and return the key to sell it under. Safe to repeat."""
    key: str = await ask_value(
        db,
        "select ringup.freeze_cart(%s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, cart_id, revision, Jsonb([dict(each) for each in tenders]), staff_id, list(approval_ids), actor],
    )
    return key


async def thaw_cart(db: Pool, vendor_id: UUID, cart_id: UUID, *, actor: str) -> int:
    """Let a cart change again whose sale did not happen. Safe to repeat. Raises CartInPayment."""
    revision: int = await ask_value(db, "select ringup.thaw_cart(%s, %s, %s)", [vendor_id, cart_id, actor])
    return revision


async def move_cart(db: Pool, vendor_id: UUID, cart_id: UUID, place: Place, *, actor: str) -> None:
    """Park a cart, bring it back to the counter, or let it leave. Safe to repeat."""
    await ask_value(db, "select ringup.move_cart(%s, %s, %s, %s)", [vendor_id, cart_id, place, actor])


async def connect_browser(
    db: Pool, vendor_id: UUID, browser_id: UUID, *, name: str, token_hash: bytes, api_key_id: UUID, actor: str
) -> None:
    """Let a browser in, for as long as the key holds that was shown."""
    await ask_value(
        db,
        "select ringup.connect_browser(%s, %s, %s, %s, %s, %s)",
        [vendor_id, browser_id, name, token_hash, api_key_id, actor],
    )


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser that was let in. `scopes` are those of the key with which it was."""

    browser_id: UUID
    scopes: list[str]


async def recognise_browser(db: Pool, vendor_id: UUID, token_hash: bytes) -> KnownBrowser | None:
    """Which browser this is; None for a stranger, and for one whose key was revoked."""
    found = await ask_all(db, KnownBrowser, "select * from ringup.recognise_browser(%s, %s)", [vendor_id, token_hash])
    return found[0] if found else None


async def disconnect_browser(db: Pool, vendor_id: UUID, browser_id: UUID, *, actor: str) -> None:
    """Safe to repeat."""
    await ask_value(db, "select ringup.disconnect_browser(%s, %s, %s)", [vendor_id, browser_id, actor])
