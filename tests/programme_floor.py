"""Programmes, campaigns and goods for a shop floor, for tests of points."""

import uuid
from decimal import Decimal
from typing import Any

from psycopg import sql

from shop_floor import Connection, ShopFloor, ask, rows

RULES = ("rule_products", "rule_categories", "rule_points_per_unit", "rule_points_per_item")
TIERS = ("tier_names", "tier_thresholds", "tier_multipliers")
CASTS = {
    "points_per_unit": "numeric",
    "point_value_minor": "bigint",
    "rule_products": "uuid[]",
    "rule_categories": "text[]",
    "rule_points_per_unit": "numeric[]",
    "rule_points_per_item": "integer[]",
    "tier_names": "text[]",
    "tier_thresholds": "bigint[]",
    "tier_multipliers": "numeric[]",
}


async def set_programme(
    connection: Connection,
    shop: ShopFloor,
    points_per_unit: Any = 1,
    point_value_minor: int = 1,
    *,
    rules: list[tuple[Any, ...]] | None = None,
    tiers: list[tuple[Any, ...]] | None = None,
    **settings: Any,
) -> Any:
    """A new version. A rule is (product, category, points per unit, points per item), a tier (name, from, times)."""
    given = {
        "vendor_id": shop.vendor,
        "points_per_unit": points_per_unit,
        "point_value_minor": point_value_minor,
        "actor": "Ada",
        **settings,
    }
    for names, entries in ((RULES, rules), (TIERS, tiers)):
        if entries is not None:
            given |= {name: [entry[at] for entry in entries] for at, name in enumerate(names)}
    for name in ("rule_points_per_unit", "tier_multipliers"):
        given |= {name: [each if each is None else Decimal(each) for each in given[name]]} if name in given else {}
    arguments = [
        sql.SQL("{} => {}::{}" if name in CASTS else "{} => {}").format(
            sql.Identifier(f"p_{name}"), sql.Placeholder(name), sql.SQL(CASTS.get(name, ""))
        )
        for name in given
    ]
    statement = sql.SQL("select ringup.set_programme({})").format(sql.SQL(", ").join(arguments))
    return (await (await connection.execute(statement, given)).fetchone() or (None,))[0]


async def add_product(
    connection: Connection, shop: ShopFloor, sku: str, price_minor: int, category: str | None = None
) -> uuid.UUID:
    product = uuid.uuid4()
    await ask(
        connection,
        "select ringup.save_product(%s, %s, %s, null, %s, %s, %s, false, true, 'Ada')",
        *(shop.vendor, product, sku, sku, category, price_minor),
    )
    return product


async def run_campaign(connection: Connection, shop: ShopFloor, **changes: Any) -> uuid.UUID:
    """A campaign that runs today, for everything and everybody, three times the points unless changed."""
    campaign = {
        "id": uuid.uuid4(),
        "name": "Triple",
        "starts_at": await ask(connection, "select ringup.now() - interval '1 hour'"),
        "ends_at": await ask(connection, "select ringup.now() + interval '1 day'"),
        "multiplier": 3,
        "bonus_points": 0,
        "product_id": None,
        "category": None,
        "minimum_spend_minor": 0,
        "customer_limit": None,
        "actor": "Ada",
    }
    assert set(changes) <= set(campaign)
    await ask(
        connection,
        "select ringup.save_campaign("
        "%s, %s, %s, %s, %s, %s::numeric, %s::integer, %s, %s, %s::bigint, %s::integer, %s)",
        *(shop.vendor, *(campaign | changes).values()),
    )
    return changes.get("id", campaign["id"])


async def lines_of(connection: Connection, order: uuid.UUID) -> list[tuple[int, int]]:
    """What each line of an order earns, and what of the points redeemed is its part."""
    found = await rows(
        connection,
        "select points_to_earn as e, points_redeemed as r from ringup.order_items"
        " where order_id = %s order by line_number",
        order,
    )
    return [(row["e"], row["r"]) for row in found]


async def grants(connection: Connection, campaign: uuid.UUID) -> list[tuple[str, int]]:
    """The sales that a campaign counts for: status and points, oldest first."""
    found = await rows(
        connection,
        "select status, points from ringup.loyalty_campaign_grants where campaign_id = %s order by created_at",
        campaign,
    )
    return [(row["status"], row["points"]) for row in found]


def cash(shop: ShopFloor, *skus: str, **changes: Any) -> dict[str, Any]:
    """What to change in a request so that the shop's customer buys one of each for cash, or one coffee."""
    bought = skus or ("COF-250",)
    nothing = [None] * len(bought)
    lines = {"codes": list(bought), "quantities": [1] * len(bought)}
    left_out = {"product_ids": nothing, "discounts": nothing, "prices": nothing}
    return {"customer_id": shop.customer, "types": ["cash"], "processors": [None]} | lines | left_out | changes


async def sell(connection: Connection, shop: ShopFloor, *skus: str, **changes: Any) -> uuid.UUID:
    """A whole sale to the shop's customer for cash, and the order's id."""
    prepared = await shop.prepare(connection, **cash(shop, *skus, **changes))
    await shop.complete(connection, prepared["checkout_id"])
    order: uuid.UUID = prepared["checkout_id"]
    return order


async def promised(connection: Connection, shop: ShopFloor, *skus: str, **changes: Any) -> int:
    """What a sale that is only prepared will earn."""
    prepared = await shop.prepare(connection, **cash(shop, *skus, **changes))
    order = await shop.order(connection, prepared["checkout_id"])
    assert order["points_problem"] is None
    points: int = order["points_to_earn"]
    return points
