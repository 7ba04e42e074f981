"""The sales that this process drives, and the sign of life that it gives for them."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import structlog

from ringup.db.calls import checkout as calls
from ringup.db.pool import Pool

KEPT_AT_ONCE = 500
SIGNS_PER_LEASE = 3
"""How often a lease is renewed while it lasts: two signs may be late or lost."""

log = structlog.get_logger("ringup.checkout")


@dataclass(eq=False, frozen=True, slots=True)
class Drive:
    vendor_id: UUID
    checkout_id: UUID
    begun: float


class Driven:
    """Keeps other processes from taking over what this one is working on, and only for as long as it lives.

    A courtesy: whoever takes over a sale that is still being driven looks up and never charges.
    """

    def __init__(self) -> None:
        self._drives: set[Drive] = set()

    @contextlib.contextmanager
    def driving(self, vendor_id: UUID, checkout_id: UUID) -> Iterator[None]:
        drive = Drive(vendor_id, checkout_id, _clock())
        self._drives.add(drive)
        try:
            yield
        finally:
            self._drives.discard(drive)

    @contextlib.asynccontextmanager
    async def signing(self, db: Pool, lease_seconds: int) -> AsyncIterator[None]:
        """Renew the leases of sales that take long, for the length of a block."""
        signs = asyncio.create_task(self.go_on(db, lease_seconds))
        try:
            yield
        finally:
            signs.cancel()
            await asyncio.wait({signs})

    async def go_on(self, db: Pool, lease_seconds: int) -> None:
        """Renew the leases of sales that take long, until cancelled. What ends at once is never touched."""
        pause = lease_seconds / SIGNS_PER_LEASE
        while True:
            await asyncio.sleep(pause)
            try:
                await self.keep(db, lease_seconds, older_than=pause)
            except Exception as failure:  # noqa: BLE001  the loop's one place: the next sign must come
                log.warning("leases_not_renewed", error=repr(failure))

    async def keep(self, db: Pool, lease_seconds: int, *, older_than: float = 0.0) -> None:
        """Renew the leases of everything that has been driven for so many seconds."""
        now = _clock()
        by_vendor: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for drive in self._drives:
            if now - drive.begun >= older_than:
                by_vendor[drive.vendor_id].append(drive.checkout_id)
        for vendor_id, ids in by_vendor.items():
            for first in range(0, len(ids), KEPT_AT_ONCE):
                some = ids[first : first + KEPT_AT_ONCE]
                await calls.keep_checkouts(db, vendor_id, some, lease_seconds=lease_seconds)


def _clock() -> float:
    return asyncio.get_running_loop().time()
