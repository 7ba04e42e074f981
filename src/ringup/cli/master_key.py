"""An API key that may do everything: for shops that ringup itself sets up."""

from uuid import UUID

from ringup.db.calls.shop import create_api_key
from ringup.domain.ids import new_id
from ringup.wiring import Shop


async def make_master_key(shop: Shop, vendor_id: UUID, *, name: str, actor: str) -> str:
    """Make and commit the key, and return its token: nobody can show it again. Every call is another key."""
    made = shop.keyring.make_api_key()
    await create_api_key(
        shop.db,
        vendor_id,
        new_id(),
        name=name,
        prefix=made.prefix,
        secret_hash=made.secret_hash,
        scopes=["*"],
        expires_at=None,
        actor=actor,
    )
    return made.token
