"""What tests of points do at the shop: sell for cash, return, let time pass, look at lots and at the books."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql

from shop_floor import Connection, ShopFloor, ask, prepare, rows

INTEGRITY = """
    select c.id from ringup.customers c
      left join ringup.loyalty_transactions t on t.vendor_id = c.vendor_id and t.customer_id = c.id
     group by c.vendor_id, c.id, c.loyalty_points
    having c.loyalty_points <> coalesce(sum(t.points), 0)
"""
"""The query that every operator runs. It finds nobody, always."""


async def new_terms(connection: Connection, shop: ShopFloor, **terms: Any) -> None:
    """Another version of the programme from now on: a point for each currency unit, worth 0.01, unless changed."""
    terms = {"points_per_unit": 1, "point_value_minor": 1} | terms
    columns = sql.SQL(", ").join(map(sql.Identifier, terms))
    values = sql.SQL(", ").join(map(sql.Literal, terms.values()))
    replaced = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in terms)
    await connection.execute(
        sql.SQL(
            "insert into ringup.loyalty_programmes (vendor_id, valid_from, created_at, {})"
            " values ({}, ringup.now(), ringup.now(), {}) on conflict (vendor_id, valid_from) do update set {}"
        ).format(columns, sql.Literal(shop.vendor), values, replaced)
    )


async def be_in(connection: Connection, shop: ShopFloor, zone: str) -> None:
    """The shop is in another time zone from now on."""
    await connection.execute("update ringup.vendors set time_zone = %s where id = %s", [zone, shop.vendor])


async def ring_up_cash(
    connection: Connection, shop: ShopFloor, *, quantities: Sequence[int] = (1,), points: int = 0, **changes: Any
) -> uuid.UUID:
    """A sale for cash that is not completed yet: one line of coffee at 10.00 for each quantity. Answers the order."""
    lines: dict[str, Any] = {
        "codes": ["COF-250"] * len(quantities),
        "product_ids": [None] * len(quantities),
        "quantities": list(quantities),
        "discounts": [None] * len(quantities),
        "prices": [None] * len(quantities),
    }
    request = shop.cash(**({"customer_id": shop.customer, "points": points} | lines | changes))
    order: uuid.UUID = (await prepare(connection, request))["checkout_id"]
    return order


async def sell_cash(connection: Connection, shop: ShopFloor, **changes: Any) -> uuid.UUID:
    order = await ring_up_cash(connection, shop, **changes)
    await shop.complete(connection, order)
    return order


async def take_back(
    connection: Connection, shop: ShopFloor, order: uuid.UUID, lines: dict[int, int], refund: uuid.UUID | None = None
) -> tuple[int, int]:
    """Return so many pieces of each line; answers the points that went and those that came back."""
    (back,) = await rows(
        connection,
        "select * from ringup.return_points(%s, %s, %s, %s, %s)",
        shop.vendor,
        order,
        refund or uuid.uuid4(),
        list(lines),
        list(lines.values()),
    )
    return back["points_reversed"], back["points_given_back"]


async def adjust(
    connection: Connection,
    shop: ShopFloor,
    points: int,
    *,
    customer: uuid.UUID | None = None,
    role: str = "operator",
    expires_at: datetime | None = None,
    adjustment: uuid.UUID | None = None,
) -> int:
    balance: int = await ask(
        connection,
        "select ringup.adjust_points(%s, %s, %s, 'said the test', 'Ada', %s, %s, %s)",
        shop.vendor,
        customer or shop.customer,
        points,
        role,
        expires_at,
        adjustment,
    )
    return balance


async def spend(connection: Connection, shop: ShopFloor, points: int) -> uuid.UUID:
    """By the contract function, as somebody outside does who knows nothing of checkouts."""
    order = uuid.uuid4()
    await ask(
        connection,
        "select ringup.update_customer_loyalty_points_atomic(%s, 0, %s, %s, 0)",
        shop.customer,
        points,
        order,
    )
    return order


async def earn(connection: Connection, shop: ShopFloor, points: int) -> uuid.UUID:
    order = uuid.uuid4()
    await ask(
        connection,
        "select ringup.update_customer_loyalty_points_atomic(%s, %s, 0, %s, 0)",
        shop.customer,
        points,
        order,
    )
    return order


async def expire(connection: Connection, shop: ShopFloor, limit: int = 100) -> int:
    """One nightly run; answers whose points expired."""
    customers: int = await ask(connection, "select ringup.expire_points(%s, %s)", shop.vendor, limit)
    return customers


async def add_customer(connection: Connection, shop: ShopFloor, points: int = 0) -> uuid.UUID:
    customer = uuid.uuid4()
    await ask(connection, "select ringup.save_customer(%s, %s, 'Dup', 'L', null, null, true)", shop.vendor, customer)
    if points:
        await adjust(connection, shop, points, customer=customer)
    return customer


async def lots(connection: Connection, shop: ShopFloor) -> list[int]:
    """What is left in the customer's live lots, in the order in which spending takes them."""
    found = await rows(
        connection,
        "select remaining from ringup.points_lots where vendor_id = %s and customer_id = %s and remaining > 0"
        " order by is_pending, expires_at, available_at, id",
        shop.vendor,
        shop.customer,
    )
    return [row["remaining"] for row in found]


async def account(connection: Connection, shop: ShopFloor, customer: uuid.UUID | None = None) -> dict[str, Any]:
    """The customer's points as everybody sees them."""
    (found,) = await rows(
        connection,
        "select * from ringup.customer_points where vendor_id = %s and customer_id = %s",
        shop.vendor,
        customer or shop.customer,
    )
    return found


async def ledger(connection: Connection, shop: ShopFloor) -> list[tuple[str, int, str]]:
    """The customer's rows: type, points, and what they refer to."""
    found = await rows(
        connection,
        "select transaction_type, points, reference_type from ringup.loyalty_transactions"
        " where vendor_id = %s and customer_id = %s order by entry_number",
        shop.vendor,
        shop.customer,
    )
    return [(row["transaction_type"], row["points"], row["reference_type"]) for row in found]


async def broken_points(connection: Connection) -> list[dict[str, Any]]:
    """What breaks I4, I5 or the integrity query. Empty when the points add up."""
    return [
        *await rows(connection, "select * from ringup.audit_i04_ledger_chains"),
        *await rows(connection, "select * from ringup.audit_i05_points_held"),
        *await rows(connection, INTEGRITY),
    ]
