"""People for tests, hired through the functions that everybody uses. Nobody compares a PIN here."""

import uuid
from typing import Any

import psycopg

from shop_floor import Connection, ShopFloor, ask, rows

HASH = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"


async def hire(db: Connection, shop: ShopFloor, name: str, role: str = "cashier", **changes: Any) -> uuid.UUID:
    """Add a person with a PIN, unless `pin_hash` is None, and return their id."""
    person = changes.pop("person", uuid.uuid4())
    asked = {"is_active": True, "pin_hash": HASH, "by": None, "approval": None} | changes
    await ask(
        db,
        "select ringup.save_staff(%s, %s, %s, %s, %s, %s, %s, %s, 'Ada')",
        shop.vendor,
        person,
        name,
        role,
        *(asked[field] for field in ("is_active", "pin_hash", "by", "approval")),
    )
    return uuid.UUID(str(person))


async def begin_check(db: Connection, shop: ShopFloor, person: uuid.UUID) -> str | None:
    found: str | None = await ask(db, "select ringup.begin_pin_check(%s, %s)", shop.vendor, person)
    return found


async def finish_check(db: Connection, shop: ShopFloor, person: uuid.UUID, pin_hash: str = HASH) -> bool:
    return bool(await ask(db, "select ringup.finish_pin_check(%s, %s, %s)", shop.vendor, person, pin_hash))


async def sign_in(db: Connection, shop: ShopFloor, person: uuid.UUID, token: bytes) -> uuid.UUID:
    sign_in_id = uuid.uuid4()
    await ask(
        db,
        "select ringup.sign_in_staff(%s, %s, %s, %s, %s)",
        shop.vendor,
        sign_in_id,
        person,
        shop.register,
        token,
    )
    return sign_in_id


async def who_is(db: Connection, shop: ShopFloor, token: bytes) -> str | None:
    found = await rows(db, "select name from ringup.recognise_staff(%s, %s)", shop.vendor, token)
    return found[0]["name"] if found else None


async def set_rule(db: Connection, shop: ShopFloor, role: str, action: str, rule: str | None, **changes: Any) -> None:
    asked = {"minor": None, "percent": None, "by": None, "approval": None} | changes
    await ask(
        db,
        "select ringup.set_staff_rule(%s, %s, %s, %s, %s, %s, %s, %s, 'Ada')",
        shop.vendor,
        role,
        action,
        rule,
        *(asked[field] for field in ("minor", "percent", "by", "approval")),
    )


async def approve(
    db: Connection, shop: ShopFloor, action: str, asker: uuid.UUID, approver: uuid.UUID, **changes: Any
) -> uuid.UUID:
    asked = {"id": uuid.uuid4(), "amount": None, "basis": None, "reason": "the customer asked"} | changes
    await ask(
        db,
        "select ringup.give_approval(%s, %s, %s, %s, %s, %s, %s, %s)",
        shop.vendor,
        *(asked["id"], action, asked["amount"], asked["basis"], asker, approver, asked["reason"]),
    )
    return uuid.UUID(str(asked["id"]))


async def permit(db: Connection, shop: ShopFloor, person: uuid.UUID | None, action: str, **changes: Any) -> None:
    """As a function would that does something: the claim first, then the question."""
    asked = {"amount": None, "basis": None, "approval": None, "used_for": "sale 1"} | changes
    await db.execute("select ringup.enter_vendor(%s)", [shop.vendor])
    await db.execute(
        "select ringup.permit(%s, %s, %s, %s, %s, %s, %s)",
        [shop.vendor, person, action, asked["amount"], asked["basis"], asked["approval"], asked["used_for"]],
    )


async def adjust(db: Connection, shop: ShopFloor, person: uuid.UUID | None, approval: uuid.UUID | None = None) -> int:
    """Book one coffee of 10.00 out."""
    on_hand: int = await ask(
        db,
        "select ringup.change_stock(%s, %s, %s, -1, 'adjusted', 'broken', %s, %s, %s)",
        *(shop.vendor, shop.location, shop.product, "staff:Bob" if person else "key:1", person, approval),
    )
    return on_hand


async def refusal(db: Connection, asked: Any) -> psycopg.Error | None:
    """Why something was refused, with nothing left of it; None if it was not."""
    try:
        async with db.transaction():
            await asked
    except psycopg.Error as refused:
        return refused
    return None


async def code_of(db: Connection, asked: Any) -> str | None:
    refused = await refusal(db, asked)
    return refused.sqlstate if refused else None
