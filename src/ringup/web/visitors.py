"""Who is looking: the browser, which was connected to one shop, and the person who is signed in with it.

Both are asked of the database again and again, for every page and every action: what
ended elsewhere ends here.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from ringup.db.calls import staff as people
from ringup.db.calls import tills as calls
from ringup.db.calls.staff import SignedIn
from ringup.domain.errors import NotSignedIn
from ringup.domain.ids import new_id
from ringup.staff.pins import check_pin
from ringup.web.backroom import Backroom
from ringup.web.tickets import Ticket

BROWSER_COOKIE = "ringup_browser"
Desk = Literal["register", "console"]
DESK_COOKIES: dict[Desk, str] = {"register": "ringup_register", "console": "ringup_console"}
BROWSER_SECONDS = 90 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that was let in, and the tokens of whoever is signed in at each desk."""

    vendor_id: UUID
    browser_id: UUID
    scopes: frozenset[str]
    tokens: dict[Desk, str]

    @property
    def actor(self) -> str:
        return f"browser:{self.browser_id}"


async def find_visitor(backroom: Backroom, request: Request) -> Visitor | None:
    """The browser behind a request; None for a stranger."""
    vendor, _, token = request.cookies.get(BROWSER_COOKIE, "").partition(".")
    try:
        vendor_id = UUID(vendor)
    except ValueError:
        return None
    if not TOKEN.fullmatch(token):
        return None
    known = await calls.recognise_browser(backroom.shop.db, vendor_id, backroom.shop.keyring.hash_sign_in_token(token))
    if known is None:
        return None
    tokens = {
        desk: request.cookies[name]
        for desk, name in DESK_COOKIES.items()
        if TOKEN.fullmatch(request.cookies.get(name, ""))
    }
    return Visitor(vendor_id, known.browser_id, frozenset(known.scopes), tokens)


async def connect(backroom: Backroom, key: str, name: str) -> str | None:
    """Let a browser in that shows an API key, and return its cookie; None where the key opens nothing."""
    caller = await backroom.doorkeeper.recognise(key)
    if caller is None or not caller.may("staff:sign_in"):
        return None
    token = secrets.token_urlsafe(32)
    await calls.connect_browser(
        backroom.shop.db,
        caller.vendor_id,
        new_id(),
        name=name[:100] or "Browser",
        token_hash=backroom.shop.keyring.hash_sign_in_token(token),
        api_key_id=caller.key_id,
        actor=caller.actor,
    )
    return f"{caller.vendor_id}.{token}"


async def find_person(backroom: Backroom, visitor: Visitor, desk: Desk) -> SignedIn | None:
    """Who is signed in at this desk. Asking keeps them signed in."""
    token = visitor.tokens.get(desk)
    if token is None:
        return None
    return await people.recognise_staff(
        backroom.shop.db, visitor.vendor_id, backroom.shop.keyring.hash_sign_in_token(token)
    )


async def require_person(backroom: Backroom, visitor: Visitor, desk: Desk) -> SignedIn:
    """Raises NotSignedIn: after a quarter of an hour without use, or when somebody else took the register over."""
    person = await find_person(backroom, visitor, desk)
    if person is None:
        raise NotSignedIn("nobody is signed in here any more: sign in again")
    return person


async def sign_in(
    backroom: Backroom, visitor: Visitor, desk: Desk, *, staff_id: UUID, register_id: UUID | None, pin: str
) -> str:
    """Check a PIN, and return the address that gives the browser its cookie. Raises PinRefused, PinLocked."""
    shop = backroom.shop
    await check_pin(shop.db, shop.keyring, visitor.vendor_id, staff_id, pin)
    token, token_hash = shop.keyring.make_sign_in_token()
    await people.sign_in_staff(
        shop.db, visitor.vendor_id, new_id(), staff_id=staff_id, register_id=register_id, token_hash=token_hash
    )
    return f"/enter/{backroom.tickets.make(Ticket(visitor.browser_id, DESK_COOKIES[desk], token, f'/{desk}'))}"


async def sign_out(backroom: Backroom, visitor: Visitor, desk: Desk) -> None:
    """Safe to repeat."""
    person = await find_person(backroom, visitor, desk)
    if person is not None:
        actor = f"staff:{person.name}"
        await people.sign_out_staff(backroom.shop.db, visitor.vendor_id, person.sign_in_id, actor=actor)


def set_cookie(request: Request, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Only for this site, never for scripts, and over TLS where the page came over TLS."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
