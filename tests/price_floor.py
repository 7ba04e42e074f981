"""Taxes, coupons and discounts for tests, set through the functions that everybody uses."""

import uuid
from collections.abc import Sequence
from typing import Any

from shop_floor import Connection, ShopFloor, ask, prepare, rows

ALWAYS = "2020-01-01T00:00:00Z"


async def set_tax_rate(
    db: Connection, shop: ShopFloor, code: str, percent: str, *, included: bool = False, **changes: Any
) -> None:
    """A rate on everything of the category standard, in force from now on."""
    asked: dict[str, Any] = {
        "name": f"{code} tax",
        "compound": False,
        "position": 1,
        "categories": ["standard"],
        "locations": None,
        "active": True,
        "valid_from": None,
    } | changes
    await ask(
        db,
        "select ringup.set_tax_rate(%s, %s, %s, %s::numeric, %s, %s, %s, %s::text[], %s::uuid[], %s, %s,"
        " null, null, 'Ada')",
        *(shop.vendor, code, asked["name"], percent, included, asked["compound"], asked["position"]),
        *(asked["categories"], asked["locations"], asked["active"], asked["valid_from"]),
    )


async def round_taxes(db: Connection, shop: ShopFloor, by: str) -> None:
    await ask(db, "select ringup.set_price_settings(%s, %s, null, null, 'Ada')", shop.vendor, by)


async def save_coupon(db: Connection, shop: ShopFloor, code: str, **changes: Any) -> uuid.UUID:
    """A coupon of 1.00 off, unless changed, that has begun long ago."""
    asked: dict[str, Any] = {
        "id": uuid.uuid4(),
        "name": f"Coupon {code}",
        "starts_at": ALWAYS,
        "ends_at": None,
        "minimum": 0,
        "amount": None if "percent" in changes else 100,
        "percent": None,
        "limit": None,
        "customer_limit": None,
    } | changes
    await ask(
        db,
        "select ringup.save_coupon(%s, %s, %s, %s, %s, %s, %s, %s, %s::numeric, %s, %s, null, null, 'Ada')",
        *(shop.vendor, asked["id"], code, asked["name"], asked["starts_at"], asked["ends_at"], asked["minimum"]),
        *(asked["amount"], asked["percent"], asked["limit"], asked["customer_limit"]),
    )
    coupon: uuid.UUID = asked["id"]
    return coupon


async def add_product(db: Connection, shop: ShopFloor, sku: str, price: int, tax_category: str = "standard") -> None:
    """Goods whose stock nobody counts."""
    await ask(
        db,
        "select ringup.save_product(%s, %s, %s, null, %s, null, %s, false, true, 'Ada', %s)",
        *(shop.vendor, uuid.uuid4(), sku, sku.title(), price, tax_category),
    )


def cart(shop: ShopFloor, *lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """Parameters of prepare_checkout: these goods for cash, with nothing said about prices unless changed."""
    goods = lines or (("COF-250", 1),)
    nothing: Sequence[None] = [None] * len(goods)
    return shop.cash(
        **{
            "codes": [sku for sku, _ in goods],
            "quantities": [quantity for _, quantity in goods],
            "product_ids": nothing,
            "discounts": nothing,
            "prices": nothing,
        }
        | changes
    )


async def prepared(db: Connection, shop: ShopFloor, *lines: tuple[str, int], **changes: Any) -> uuid.UUID:
    """A sale that was prepared, and its order's id."""
    order: uuid.UUID = (await prepare(db, cart(shop, *lines, **changes)))["checkout_id"]
    return order


async def sold(db: Connection, shop: ShopFloor, *lines: tuple[str, int], **changes: Any) -> uuid.UUID:
    order = await prepared(db, shop, *lines, **changes)
    await shop.complete(db, order)
    return order


async def lines_of(db: Connection, order: uuid.UUID) -> list[dict[str, Any]]:
    return await rows(db, "select * from ringup.order_items where order_id = %s order by line_number", order)


async def taxes_of(db: Connection, shop: ShopFloor, order: uuid.UUID) -> dict[str, tuple[int, int]]:
    """By code: what the tax is on, and the tax."""
    document = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)
    return {tax["code"]: (tax["base_minor"], tax["tax_minor"]) for tax in document["taxes"]}


async def uses_of(db: Connection, coupon: uuid.UUID) -> dict[str, int]:
    """How many uses of a coupon there are by status, and the count that its limit is compared with."""
    found = await rows(
        db, "select status, count(*)::integer as uses from ringup.coupon_uses where coupon_id = %s group by 1", coupon
    )
    counted = await ask(db, "select use_count from ringup.coupons where id = %s", coupon)
    return {row["status"]: row["uses"] for row in found} | {"counted": counted}
