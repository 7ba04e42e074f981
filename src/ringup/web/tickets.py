"""One-time tickets: a page checked a PIN over its own connection, and the browser fetches its cookie with one."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from cachetools import TTLCache

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """`cookie` gets `value` in the browser for which the ticket was made, which then goes on to `goes_to`."""

    browser_id: UUID
    cookie: str
    value: str
    goes_to: str


class Tickets:
    """Those not used yet. A ticket is good once, for half a minute, in one browser."""

    def __init__(self) -> None:
        self._waiting: TTLCache[str, Ticket] = TTLCache(maxsize=1000, ttl=SECONDS)

    def make(self, ticket: Ticket) -> str:
        number = secrets.token_urlsafe(24)
        self._waiting[number] = ticket
        return number

    def take(self, number: str, browser_id: UUID) -> Ticket | None:
        """None for a ticket that was used, is late, or is another browser's, which ends it too."""
        ticket = self._waiting.pop(number, None)
        return ticket if ticket is not None and ticket.browser_id == browser_id else None
