"""A drawer for tests, used through the functions that everybody uses."""

import uuid
from typing import Any

from shop_floor import Connection, ShopFloor, ask, rows

FLOAT = {5000: 1, 1000: 4, 25: 40}
"""100.00 in notes of 50 and 10 and in quarters, as a shift of the small shop begins."""


async def open_shift(
    db: Connection, shop: ShopFloor, float_: dict[int, int] | None = None, **changes: Any
) -> uuid.UUID:
    """Open a shift at the small shop's register, with a float of 100.00 unless another is counted."""
    counted = FLOAT if float_ is None else float_
    asked = {
        "session": uuid.uuid4(),
        "register": shop.register,
        "by": "Ada",
        "sum": None,
        "currency": None,
        "person": None,
        "approval": None,
    } | changes
    await ask(
        db,
        "select ringup.open_register_session(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["session"], asked["register"], asked["by"], asked["sum"], asked["currency"]),
        *(list(counted), list(counted.values()), asked["person"], asked["approval"]),
    )
    return uuid.UUID(str(asked["session"]))


async def move_cash(db: Connection, shop: ShopFloor, kind: str, amount: int, **changes: Any) -> uuid.UUID:
    asked = {
        "movement": uuid.uuid4(),
        "session": shop.session,
        "currency": None,
        "reason": "window cleaner",
        "by": "Ada",
        "person": None,
        "approval": None,
    } | changes
    await ask(
        db,
        "select ringup.record_cash_movement(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["movement"], asked["session"], kind, amount, asked["currency"]),
        *(asked["reason"], asked["by"], asked["person"], asked["approval"]),
    )
    return uuid.UUID(str(asked["movement"]))


async def count(db: Connection, shop: ShopFloor, drawer: dict[int, int] | int, **changes: Any) -> dict[str, Any]:
    """Count a drawer, by denomination or as so many cents, and return the answer with the count's id."""
    found = {1: drawer} if isinstance(drawer, int) else drawer
    asked = {
        "count": uuid.uuid4(),
        "session": shop.session,
        "currency": None,
        "by": "Ada",
        "person": None,
        "approval": None,
    } | changes
    answered = await rows(
        db,
        "select * from ringup.count_cash(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["count"], asked["session"], list(found), list(found.values()), asked["currency"]),
        *(asked["by"], asked["person"], asked["approval"]),
    )
    return {"id": uuid.UUID(str(asked["count"])), **answered[0]}


async def close(db: Connection, shop: ShopFloor, count_id: uuid.UUID | None, **changes: Any) -> dict[str, Any]:
    """Close with a count, and return the Z report."""
    asked = {"session": shop.session, "by": "Ada", "person": None, "approval": None} | changes
    report: dict[str, Any] = await ask(
        db,
        "select ringup.close_register_session(%s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["session"], count_id, asked["by"], asked["person"], asked["approval"]),
    )
    return report


async def count_and_close(db: Connection, shop: ShopFloor, drawer: int | None = None, **changes: Any) -> dict[str, Any]:
    """Close with a drawer that holds what it should, or so many cents."""
    session = changes.get("session", shop.session)
    expected = (await report(db, shop, session=session))["cash"]["expected_minor"]
    found = await count(db, shop, expected if drawer is None else drawer, session=session)
    if found["is_wanted_again"]:
        found = await count(db, shop, drawer or 0, session=session)
    return await close(db, shop, found["id"], **changes)


async def report(db: Connection, shop: ShopFloor, **changes: Any) -> dict[str, Any]:
    """The X report of an open session, the Z report of a closed one."""
    asked = {"session": shop.session, "by": "Ada", "person": None, "approval": None} | changes
    found: dict[str, Any] = await ask(
        db,
        "select ringup.show_session_report(%s, %s, %s, %s, %s)",
        *(shop.vendor, asked["session"], asked["person"], asked["approval"], asked["by"]),
    )
    return found


async def sell_for_cash(db: Connection, shop: ShopFloor, **changes: Any) -> uuid.UUID:
    """A coffee of 10.00 for a note of 20, and the order's id."""
    request = shop.cash(**({"tendered": [2000]} | changes))
    prepared = await shop.prepare(db, **request)
    await shop.complete(db, prepared["checkout_id"])
    order: uuid.UUID = prepared["checkout_id"]
    return order


async def leave_in_doubt(db: Connection, shop: ShopFloor, **changes: Any) -> dict[str, Any]:
    """A coffee on a card whose terminal did not say: what was prepared."""
    prepared = await shop.prepare(db, **changes)
    await shop.begin(db, prepared["payment_id"])
    await shop.record(db, prepared["payment_id"], "in_doubt")
    return prepared


async def find_out(db: Connection, shop: ShopFloor, prepared: dict[str, Any], outcome: str = "approved") -> None:
    """The terminal says it after all; an approved sale completes."""
    await shop.record(db, prepared["payment_id"], outcome)
    if outcome == "approved":
        await shop.complete(db, prepared["checkout_id"])


async def refund_cash(db: Connection, shop: ShopFloor, order: uuid.UUID, amount: int, session: uuid.UUID) -> None:
    """Cash goes back to a customer: the row that a refund leaves behind."""
    await db.execute(
        "insert into ringup.payment_transactions (vendor_id, id, order_id, register_session_id, kind, tender_number,"
        " tender_type, status, amount_minor, approved_minor, currency, reference_id, created_at, updated_at)"
        " values (%s, %s, %s, %s, 'refund', 1, 'cash', 'approved', %s, %s, 'USD', %s, ringup.now(), ringup.now())",
        [shop.vendor, uuid.uuid4(), order, session, amount, amount, str(uuid.uuid4())],
    )
