"""A shop of its own for every test, set up through the functions that everybody uses."""

import pytest

from shop_floor import Connection, ShopFloor, open_shop_floor


@pytest.fixture
async def shop(db: Connection) -> ShopFloor:
    return await open_shop_floor(db)
