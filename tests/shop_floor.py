"""A small shop in SQL, for tests: one of everything, sold through the same functions as everywhere."""

import hashlib
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ringup.db.calls.checkout import PREPARE, RECORD
from ringup.db.calls.terms import terms_parameters
from ringup.db.reads.audit import INVARIANTS
from ringup.domain.cart import Cart, Line, SaleRequest, Tender

Connection = psycopg.AsyncConnection[Any]


async def ask(connection: Connection, statement: str, *parameters: Any) -> Any:
    """The one value that a statement answers."""
    row = await (await connection.execute(statement.encode(), parameters)).fetchone()
    assert row is not None
    return row[0]


async def rows(connection: Connection, statement: str, *parameters: Any) -> list[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), parameters)
        return await cursor.fetchall()


async def broken_invariants(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Which invariants do not hold right now, with the rows that break them. Empty when the books balance."""
    found = {name: await rows(connection, f"select * from ringup.{view}") for name, (view, _) in INVARIANTS.items()}
    return {name: violations for name, violations in found.items() if violations}


@dataclass
class ShopFloor:
    """Ids of one vendor with one location, register, product (price 10.00, 100 in stock), customer and terminal."""

    vendor: uuid.UUID = field(default_factory=uuid.uuid4)
    location: uuid.UUID = field(default_factory=uuid.uuid4)
    register: uuid.UUID = field(default_factory=uuid.uuid4)
    session: uuid.UUID = field(default_factory=uuid.uuid4)
    product: uuid.UUID = field(default_factory=uuid.uuid4)
    customer: uuid.UUID = field(default_factory=uuid.uuid4)
    terminal: uuid.UUID = field(default_factory=uuid.uuid4)
    second_terminal: uuid.UUID = field(default_factory=uuid.uuid4)
    gift_card: uuid.UUID = field(default_factory=uuid.uuid4)

    def request(self, **changes: Any) -> dict[str, Any]:
        """Parameters of prepare_checkout: one product of 10.00 on the card terminal, unless changed."""
        request: dict[str, Any] = {
            "vendor_id": self.vendor,
            "order_id": uuid.uuid4(),
            "key": f"key-{uuid.uuid4()}",
            "hash": b"the same cart",
            "location_id": self.location,
            "register_id": self.register,
            "customer_id": None,
            "currency": None,
            "codes": ["COF-250"],
            "product_ids": [None],
            "quantities": [1],
            "discounts": [None],
            "prices": [None],
            "types": ["card"],
            "processors": [self.terminal],
            "amounts": [None],
            "tendered": [None],
            "references": [None],
            "points": 0,
            "tip": 0,
            "metadata": Jsonb({}),
            "request_id": "req-1",
            "hold_seconds": 300,
            "lease_seconds": 15,
            **terms_parameters(()),
            "tender_gift_cards": None,
            "line_gift_cards": None,
            "reasons": None,
            "accept_partial": False,
        }
        unknown = set(changes) - set(request)
        assert not unknown, unknown
        return request | changes

    def sale(self, *, key: str = "", quantity: int = 1, **changes: Any) -> SaleRequest:
        """For the verbs: coffee on the card terminal, with a key of its own."""
        cart = Cart(
            location_id=self.location,
            register_id=self.register,
            lines=(Line(quantity=quantity, code="COF-250"),),
            tenders=(Tender("card", processor_id=self.terminal),),
        )
        cart = replace(cart, **changes)
        digest = hashlib.sha256(repr(cart).encode()).digest()
        return SaleRequest(self.vendor, key or f"key-{uuid.uuid4()}", digest, cart, "req-1")

    def cash(self, **changes: Any) -> dict[str, Any]:
        return self.request(**({"types": ["cash"], "processors": [None]} | changes))

    async def prepare(self, connection: Connection, **changes: Any) -> dict[str, Any]:
        return await prepare(connection, self.request(**changes))

    async def begin(self, connection: Connection, payment: uuid.UUID) -> dict[str, Any]:
        found = await rows(connection, "select * from ringup.begin_payment(%s, %s, 130, 300)", self.vendor, payment)
        return found[0]

    def answer(self, payment: uuid.UUID, outcome: str) -> dict[str, Any]:
        """What the terminal said; an approval is of 10.00."""
        approved = outcome in {"approved", "partially_approved"}
        return {
            "vendor_id": self.vendor,
            "payment_id": payment,
            "outcome": outcome,
            "approved_minor": 1000 if approved else None,
            "tip_minor": 0 if approved else None,
            "captured": True if approved else None,
            "voided": False if approved else None,
            "auth_code": "A1" if approved else None,
            "card_brand": "Visa" if approved else None,
            "card_last4": "4242" if approved else None,
            "batch_number": None,
            "transaction_number": None,
            "host_reference": None,
            "code": None,
            "reason": None if approved else "said the test",
            "wait_seconds": None,
        }

    async def record(self, connection: Connection, payment: uuid.UUID, outcome: str, **changes: Any) -> dict[str, Any]:
        """Record what the terminal said, changed as wanted."""
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(RECORD.encode(), self.answer(payment, outcome) | changes)
            found = await cursor.fetchall()
        return found[0]

    async def complete(self, connection: Connection, order: uuid.UUID) -> dict[str, Any]:
        found = await rows(connection, "select * from ringup.complete_checkout(%s, %s)", self.vendor, order)
        return found[0]

    async def cancel(self, connection: Connection, order: uuid.UUID) -> dict[str, Any]:
        found = await rows(
            connection,
            "select * from ringup.cancel_checkout(%s, %s, 'cancelled', 'checkout_cancelled', 'changed my mind')",
            self.vendor,
            order,
        )
        return found[0]

    async def sell(self, connection: Connection, **changes: Any) -> uuid.UUID:
        """A whole sale on the card terminal, and the order's id."""
        prepared = await self.prepare(connection, **changes)
        await self.begin(connection, prepared["payment_id"])
        await self.record(connection, prepared["payment_id"], "approved")
        await self.complete(connection, prepared["checkout_id"])
        order: uuid.UUID = prepared["checkout_id"]
        return order

    async def order(self, connection: Connection, order: uuid.UUID) -> dict[str, Any]:
        return (await rows(connection, "select * from ringup.orders where id = %s", order))[0]

    async def payment(self, connection: Connection, payment: uuid.UUID) -> dict[str, Any]:
        return (await rows(connection, "select * from ringup.payment_transactions where id = %s", payment))[0]

    async def add_terminal(
        self, connection: Connection, terminal: uuid.UUID, name: str, *, active: bool = True
    ) -> None:
        await ask(
            connection,
            "select ringup.save_processor(%s, %s, %s, %s, 'dejavoo_spin', %s, false, '{}', null, null, 'Ada')",
            self.vendor,
            terminal,
            self.location,
            name,
            active,
        )

    async def points(self, connection: Connection) -> tuple[int, int]:
        """Balance and held."""
        found = await rows(
            connection,
            "select loyalty_points as p, loyalty_points_held as h from ringup.customers where id = %s",
            self.customer,
        )
        return found[0]["p"], found[0]["h"]

    async def stock(self, connection: Connection) -> tuple[int, int]:
        """On hand and reserved."""
        found = await rows(
            connection,
            "select on_hand as o, reserved as r from ringup.inventory where product_id = %s",
            self.product,
        )
        return found[0]["o"], found[0]["r"]


async def prepare(connection: Connection, request: dict[str, Any]) -> dict[str, Any]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(PREPARE.encode(), request)
        found = await cursor.fetchall()
    assert len(found) == 1
    return found[0]


async def open_shop_floor(connection: Connection, *, stock: int = 100, points: int = 100) -> ShopFloor:
    """Set the shop up through the functions that everybody uses."""
    floor = ShopFloor()
    v = floor.vendor
    await ask(connection, "select ringup.create_vendor(%s, 'Corner Shop', 'USD', 'UTC')", v)
    await ask(connection, "select ringup.create_location(%s, %s, 'T1', 'Main Street')", v, floor.location)
    await ask(connection, "select ringup.create_register(%s, %s, %s, 'Till 1')", v, floor.register, floor.location)
    await ask(
        connection,
        "select ringup.open_register_session(%s, %s, %s, 'Ada', 10000)",
        v,
        floor.session,
        floor.register,
    )
    await ask(
        connection,
        "select ringup.save_product(%s, %s, 'COF-250', '4006381333931', 'Coffee', 'Drinks', 1000, true, true, 'Ada')",
        v,
        floor.product,
    )
    await ask(
        connection,
        "select ringup.change_stock(%s, %s, %s, %s, 'opening', 'first delivery', 'Ada')",
        v,
        floor.location,
        floor.product,
        stock,
    )
    await ask(
        connection,
        "select ringup.save_customer(%s, %s, 'Grace', 'H', 'grace@example.com', null, true)",
        v,
        floor.customer,
    )
    await ask(connection, "select ringup.set_programme(%s, 1, 1, 'Ada')", v)
    if points:
        await ask(
            connection,
            "select ringup.adjust_points(%s, %s, %s, 'opening balance', 'Ada')",
            v,
            floor.customer,
            points,
        )
    await floor.add_terminal(connection, floor.terminal, "Counter")
    await ask(connection, "select ringup.record_health(%s, %s, 'online', null, 5)", v, floor.terminal)
    return floor
