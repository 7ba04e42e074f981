"""PINs: made into hashes, and checked. A PIN is never stored, logged or repeated in an error."""

import asyncio
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from ringup.db.calls import staff as calls
from ringup.db.pool import Pool
from ringup.domain.errors import PinRefused
from ringup.domain.staff import refuse_weak_pin
from ringup.keyring import Keyring

# argon2id with OWASP's parameters: 19 MiB for some 20 ms. What is hashed is keyed besides, so
# that a till stays quick and the memory of a small server is enough for several at once.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = HASHER.hash(b"")
"""What an unknown person's PIN is compared with, so that the answer takes as long."""


async def hash_pin(keyring: Keyring, vendor_id: UUID, staff_id: UUID, pin: str) -> str:
    """The hash to store for a person's new PIN. Raises PinNotAllowed for one that is guessed first."""
    refuse_weak_pin(pin)
    peppered = keyring.pepper_pin(pin, vendor_id=vendor_id, staff_id=staff_id)
    return await asyncio.to_thread(HASHER.hash, peppered)


async def check_pin(db: Pool, keyring: Keyring, vendor_id: UUID, staff_id: UUID, pin: str) -> None:
    """Return if this is the person's PIN. Raises PinRefused, alike for a stranger and a wrong PIN, or PinLocked.

    The attempt is committed before the PIN is compared. A crash in between leaves it counted.
    """
    stored = await calls.begin_pin_check(db, vendor_id, staff_id)
    peppered = keyring.pepper_pin(pin, vendor_id=vendor_id, staff_id=staff_id)
    is_right = await asyncio.to_thread(_matches, stored or NOBODY, peppered)
    if not (stored and is_right and await calls.finish_pin_check(db, vendor_id, staff_id, pin_hash=stored)):
        raise PinRefused("there is no such person, or this is not their PIN")


def _matches(stored: str, peppered: bytes) -> bool:
    try:
        return HASHER.verify(stored, peppered)
    except VerifyMismatchError:
        return False
