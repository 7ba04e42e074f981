"""A preview of points that are pending or about to expire."""

from datetime import timedelta
from typing import Any

from programme_floor import sell, set_programme
from shop_floor import Connection, ShopFloor, ask, rows

PREVIEW = """
    select points_available, points_maximum, expiring_points, expiring_at
      from ringup.preview_points(%s, %s, '{COF-250}', '{null}', '{1}', '{null}', '{null}', 0)
"""


async def test_a_preview_leaves_out_what_is_pending_or_expired_and_says_what_expires_next(
    db: Connection, shop: ShopFloor, set_clock: Any
) -> None:
    await set_programme(db, shop, pending_days=2, live_days=5)
    now = await ask(db, "select ringup.now()")
    await sell(db, shop)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)

    seen = []
    instant = timedelta(microseconds=1)
    for at in (now, midnight + timedelta(days=3), midnight + timedelta(days=6) - instant, midnight + timedelta(days=6)):
        await set_clock(db, at)
        seen += [tuple(row.values()) for row in await rows(db, PREVIEW, shop.vendor, shop.customer)]

    expiry = midnight + timedelta(days=6)
    assert seen == [
        (100, 100, 10, expiry),
        (110, 110, 10, expiry),
        (110, 110, 10, expiry),
        (100, 100, None, None),
    ]
