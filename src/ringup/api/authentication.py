"""Who is calling: an API key in `Authorization: Bearer`, which belongs to one vendor and has scopes.

Besides, a request may name the person at the register (`Ringup-Staff`), whose role then
decides, and the approval of another person (`Ringup-Approval`) for this one operation;
a sale that needs several names them with commas.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from cachetools import TTLCache
from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from ringup.api.problems import Refused
from ringup.db.calls.staff import SignedIn, recognise_staff
from ringup.db.pool import Pool
from ringup.db.reads.places import find_api_keys
from ringup.domain.errors import InvalidRequest, NotSignedIn
from ringup.keyring import Keyring, split_token

Scope = Literal[
    "*",
    "checkouts:read",
    "checkouts:write",
    "refunds:write",
    "prices:override",
    "prices:read",
    "prices:write",
    "products:read",
    "products:write",
    "inventory:read",
    "inventory:write",
    "customers:read",
    "customers:write",
    "gift_cards:read",
    "gift_cards:write",
    "loyalty:read",
    "loyalty:write",
    "processors:read",
    "processors:write",
    "registers:read",
    "registers:write",
    "locations:read",
    "locations:write",
    "reports:read",
    "recovery:read",
    "recovery:write",
    "staff:sign_in",
    "staff:read",
    "staff:write",
    "audit:read",
    "keys:read",
    "keys:write",
]
SCOPES: tuple[Scope, ...] = get_args(Scope)

REMEMBERED_SECONDS = 5.0
"""How long a key may still be used after another process revoked it."""
TOKEN = re.compile(r"[A-Za-z0-9._=-]{1,200}")
NO_HASH = bytes(32)
STAFF_HEADER = "Ringup-Staff"
APPROVAL_HEADER = "Ringup-Approval"
APPROVALS_MAX = 10


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is and what the key may do; who stands at the register, and which approvals they bring."""

    vendor_id: UUID
    key_id: UUID
    scopes: frozenset[str]
    person: SignedIn | None = None
    approval_ids: tuple[UUID, ...] = ()

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "*" in self.scopes

    @property
    def actor(self) -> str:
        """The caller's name in the audit log."""
        return f"staff:{self.person.name}" if self.person else f"key:{self.key_id}"

    @property
    def approval_id(self) -> UUID | None:
        """For what takes one approval; a sale may take several."""
        return self.approval_ids[0] if self.approval_ids else None

    @property
    def staff_id(self) -> UUID | None:
        """Whose role decides; None where the key's scopes alone do."""
        return self.person.staff_id if self.person else None


class Doorkeeper:
    """Knows callers by their tokens, of which it keeps digests only."""

    def __init__(self, db: Pool, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._known: TTLCache[bytes, Caller] = TTLCache(maxsize=10_000, ttl=REMEMBERED_SECONDS)

    async def recognise(self, token: str) -> Caller | None:
        """Who shows this token. An unknown one takes the same steps as a known one."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None:
            return known
        prefix, _ = split_token(token)
        keys = await find_api_keys(self._db, prefix)
        if not keys:
            # An unknown prefix is compared too, with a hash that nothing has.
            self._keyring.matches(token, NO_HASH)
        caller = None
        for key in keys:
            if self._keyring.matches(token, key.secret_hash):
                caller = Caller(key.vendor_id, key.id, frozenset(key.scopes))
        if caller is not None:
            self._known[digest] = caller
        return caller

    async def find_person(self, vendor_id: UUID, token: str) -> SignedIn | None:
        """Who is signed in with this token. Asked every time: a sign-out holds at once, everywhere."""
        return await recognise_staff(self._db, vendor_id, self._keyring.hash_sign_in_token(token))

    def forget(self, key_id: UUID) -> None:
        """A revoked key is refused from now on, at least by this process."""
        for digest in [digest for digest, caller in self._known.items() if caller.key_id == key_id]:
            self._known.pop(digest, None)


bearer = HTTPBearer(scheme_name="ApiKey", auto_error=False, description="An API key: `Authorization: Bearer rk_…`.")


async def authenticated(
    request: Request,
    scopes: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Caller:
    """The caller, if the key holds and has the route's scopes."""
    token = credentials.credentials if credentials else ""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    caller = await doorkeeper.recognise(token) if TOKEN.fullmatch(token) else None
    if caller is None:
        raise Refused("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    for scope in scopes.scopes:
        if not caller.may(scope):
            raise Refused("scope_missing", f"this needs a key with the scope {scope}")
    return await _with_person(request, doorkeeper, caller)


async def _with_person(request: Request, doorkeeper: Doorkeeper, caller: Caller) -> Caller:
    approval = request.headers.get(APPROVAL_HEADER)
    if STAFF_HEADER not in request.headers and approval is None:
        return caller
    token = request.headers.get(STAFF_HEADER, "")
    person = await doorkeeper.find_person(caller.vendor_id, token) if TOKEN.fullmatch(token) else None
    if person is None:
        raise NotSignedIn(f"nobody is signed in with the token in {STAFF_HEADER}, or not any more: sign in again")
    try:
        approval_ids = tuple(UUID(each.strip()) for each in approval.split(",")) if approval else ()
    except ValueError:
        raise InvalidRequest(f"{APPROVAL_HEADER} has to be the id of an approval, or several with commas") from None
    if len(approval_ids) > APPROVALS_MAX:
        raise InvalidRequest(f"{APPROVAL_HEADER} takes {APPROVALS_MAX} approvals at the most")
    return replace(caller, person=person, approval_ids=approval_ids)


def needs(*scopes: Scope) -> Any:
    """For `Annotated[Caller, needs("products:read")]`: the caller, refused without each of the scopes."""
    return Security(authenticated, scopes=scopes)
