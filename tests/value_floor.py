"""Gift cards and store credit for tests, issued and spent through the functions that everybody uses."""

import hashlib
import uuid
from typing import Any

from price_floor import cart
from shop_floor import Connection, ShopFloor, ask, prepare, rows


def hash_of(code: str) -> bytes:
    """Stands for the keyed hash: as long, and another for another code."""
    return hashlib.sha256(code.encode()).digest()


async def issue(db: Connection, shop: ShopFloor, amount: int, code: str = "", **changes: Any) -> uuid.UUID:
    """A gift card given out by hand with so much on it."""
    code = code or uuid.uuid4().hex.upper()
    asked: dict[str, Any] = {
        "id": uuid.uuid4(),
        "expires": None,
        "reason": "a prize",
        "by": None,
        "approval": None,
        "actor": "Ada",
    } | changes
    await ask(
        db,
        "select ringup.issue_gift_card(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(shop.vendor, asked["id"], hash_of(code), code[-4:], amount, asked["expires"]),
        *(asked["reason"], asked["by"], asked["approval"], asked["actor"]),
    )
    card: uuid.UUID = asked["id"]
    return card


async def grant(db: Connection, shop: ShopFloor, amount: int, **changes: Any) -> int:
    """Store credit for the customer; the balance after."""
    asked = {"id": uuid.uuid4(), "customer": shop.customer, "reason": "sorry", "by": None, "approval": None} | changes
    balance: int = await ask(
        db,
        "select ringup.grant_store_credit(%s, %s, %s, %s, %s, %s, %s, 'Ada')",
        *(shop.vendor, asked["id"], asked["customer"], amount, asked["reason"], asked["by"], asked["approval"]),
    )
    return balance


async def adjust_value(db: Connection, shop: ShopFloor, account: uuid.UUID, amount: int, **changes: Any) -> int:
    asked = {"id": uuid.uuid4(), "reason": "counted wrong", "by": None, "approval": None} | changes
    balance: int = await ask(
        db,
        "select ringup.adjust_stored_value(%s, %s, %s, %s, %s, %s, %s, 'Ada')",
        *(shop.vendor, asked["id"], account, amount, asked["reason"], asked["by"], asked["approval"]),
    )
    return balance


async def change_card(db: Connection, shop: ShopFloor, card: uuid.UUID, *, disabled: bool, expires: Any = None) -> None:
    await ask(
        db,
        "select ringup.change_gift_card(%s, %s, %s, %s, 'it was lost', null, null, 'Ada')",
        *(shop.vendor, card, disabled, expires),
    )


async def find_code(db: Connection, shop: ShopFloor, code: str, asker: str = "key:1") -> uuid.UUID | None:
    found: uuid.UUID | None = await ask(
        db, "select ringup.check_gift_card_code(%s, %s, %s)", shop.vendor, hash_of(code), asker
    )
    return found


def paid_by(shop: ShopFloor, *tenders: tuple[str, Any, int | None], **changes: Any) -> dict[str, Any]:
    """Parameters of prepare_checkout for one coffee of 10.00: ways of paying, what with, and how much."""
    by_card = {"card": shop.terminal}
    nothing = [None] * len(tenders)
    return cart(
        shop,
        **{
            "types": [type_ for type_, _, _ in tenders],
            "processors": [by_card.get(type_) for type_, _, _ in tenders],
            "tender_gift_cards": [account if type_ == "gift_card" else None for type_, account, _ in tenders],
            "amounts": [amount for _, _, amount in tenders],
            "tendered": nothing,
            "references": nothing,
        }
        | changes,
    )


async def begun(db: Connection, shop: ShopFloor, *tenders: tuple[str, Any, int | None], **changes: Any) -> uuid.UUID:
    """A sale that was prepared, and its order's id."""
    order: uuid.UUID = (await prepare(db, paid_by(shop, *tenders, **changes)))["checkout_id"]
    return order


async def value_of(db: Connection, account: uuid.UUID) -> tuple[int, int]:
    """Balance and held."""
    found = await rows(
        db, "select balance_minor as b, held_minor as h from ringup.stored_value_accounts where id = %s", account
    )
    return found[0]["b"], found[0]["h"]


async def credit_of(db: Connection, customer: uuid.UUID) -> tuple[int, int] | None:
    """Balance and held of a customer's store credit."""
    found = await rows(db, "select id from ringup.stored_value_accounts where customer_id = %s", customer)
    return await value_of(db, found[0]["id"]) if found else None


async def entries_of(db: Connection, account: uuid.UUID) -> list[tuple[str, int, int]]:
    """Type, amount and balance after, in their order."""
    found = await rows(
        db,
        "select transaction_type, amount_minor, balance_after_minor from ringup.stored_value_transactions"
        " where account_id = %s order by entry_number",
        account,
    )
    return [tuple(row.values()) for row in found]
