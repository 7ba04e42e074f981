"""The composition root: the only module that knows every class. Importing it does nothing."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from cachetools import TTLCache

from ringup import failpoints
from ringup.checkout.counter import Counter, Patience
from ringup.checkout.driven import Driven
from ringup.db.pool import Pool, open_pool
from ringup.db.reads.places import ProcessorAccess, find_processor_access
from ringup.domain.errors import ProcessorNotFound, SecretUnreadable
from ringup.keyring import Keyring
from ringup.recovery.settle import Recovery
from ringup.settings import Settings, load_secret_key
from ringup.telemetry import reporting
from ringup.terminals.protocol import Terminal
from ringup.terminals.spin import SpinSettings, SpinTerminal
from ringup.terminals.watched import WatchedTerminal

ACCESS_SECONDS = 5.0
"""How long a changed terminal's old settings may still be used."""
TERMINAL_CONNECTIONS = 4096
"""Sales that may wait for their terminals at once in one process."""

FOR_THE_DATABASE = {"authorisation_days", "tip_minutes", "tip_percent_max"}
"""Settings of a terminal that are stored beside the others and concern no adapter."""


class ConfiguredTerminals:
    """The adapters of the terminals that vendors configured, with their credentials decrypted."""

    def __init__(self, db: Pool, keyring: Keyring, client: httpx.AsyncClient) -> None:
        self._db = db
        self._keyring = keyring
        self._client = client
        self._known: TTLCache[tuple[UUID, UUID], Terminal] = TTLCache(maxsize=10_000, ttl=ACCESS_SECONDS)

    async def get(self, vendor_id: UUID, processor_id: UUID) -> Terminal:
        """Raises ProcessorNotFound; SecretUnreadable where there are no credentials to be had."""
        known = self._known.get((vendor_id, processor_id))
        if known is not None:
            return known
        access = await find_processor_access(self._db, vendor_id, processor_id)
        if access is None:
            raise ProcessorNotFound(f"processor {processor_id} does not exist")
        terminal = self._adapter(vendor_id, access)
        self._known[vendor_id, processor_id] = terminal
        return terminal

    def _adapter(self, vendor_id: UUID, access: ProcessorAccess) -> Terminal:
        if access.credentials is None:
            raise SecretUnreadable(f"terminal {access.processor_name} has no credentials")
        auth_key = self._keyring.decrypt(access.credentials, vendor_id=vendor_id, row_id=access.id)
        return WatchedTerminal(SpinTerminal(self._client, spin_settings(access.settings, auth_key)))


def spin_settings(settings: dict[str, Any], auth_key: str) -> SpinSettings:
    """Read a terminal's settings as they are stored: base_url, tpn, mode and what else SpinSettings has."""
    told = {name: value for name, value in settings.items() if name not in FOR_THE_DATABASE}
    return SpinSettings(auth_key=auth_key, **told)


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything a process works with."""

    settings: Settings
    db: Pool
    keyring: Keyring
    terminals: ConfiguredTerminals
    counter: Counter
    recovery: Recovery


@contextlib.asynccontextmanager
async def open_shop(settings: Settings, database_url: str) -> AsyncIterator[Shop]:
    """Connect everything, and let go of it at the end."""
    failpoints.arm(settings.failpoint)
    keyring = Keyring(load_secret_key(settings))
    limits = httpx.Limits(max_connections=TERMINAL_CONNECTIONS, max_keepalive_connections=64)
    pool = await open_pool(
        database_url,
        settings.pool_size_max,
        settings.statement_timeout_ms,
        transaction_pooler=settings.transaction_pooler,
    )
    driven = Driven()
    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    try:
        with reporting(dsn, settings.sentry_traces_rate):
            signing = driven.signing(pool, settings.lease_seconds)
            async with httpx.AsyncClient(limits=limits) as client, signing:
                terminals = ConfiguredTerminals(pool, keyring, client)
                patience = Patience(
                    terminal_wait=settings.terminal_wait_seconds,
                    step=settings.lease_seconds,
                    hold=settings.hold_seconds,
                )
                counter = Counter(pool, terminals, patience, driven=driven)
                recovery = Recovery(pool, terminals, counter.lanes, settings.asking_seconds)
                yield Shop(settings, pool, keyring, terminals, counter, recovery)
    finally:
        await pool.close()
