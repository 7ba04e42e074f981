"""Find a gift card by the code that its holder shows."""

from uuid import UUID

from ringup.db.calls.gift_cards import check_gift_card_code
from ringup.db.pool import Pool
from ringup.domain.errors import GiftCardNotFound
from ringup.domain.gift_cards import read_code
from ringup.keyring import Keyring


def hash_code(keyring: Keyring, vendor_id: UUID, text: str) -> bytes:
    """The hash by which a card is kept and found. Raises GiftCardInvalid for what is no code."""
    return keyring.hash_gift_card(read_code(text), vendor_id=vendor_id)


async def find_by_code(db: Pool, keyring: Keyring, vendor_id: UUID, text: str, *, asker: str) -> UUID:
    """The card's id. Raises GiftCardNotFound, and GiftCardLocked for an asker who was wrong too often.

    A wrong code is counted and committed before anybody hears of it.
    """
    found = await check_gift_card_code(db, vendor_id, hash_code(keyring, vendor_id, text), asker=asker)
    if found is None:
        raise GiftCardNotFound("there is no gift card with this code")
    return found
