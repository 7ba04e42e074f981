"""The shop of a drill: the schedule's goods and customers, and a register with a terminal for each cashier."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from ringup.cli.drill_floor import CASHIERS
from ringup.cli.drill_terminals import AUTH_KEY
from ringup.cli.master_key import make_master_key
from ringup.db.calls import loyalty
from ringup.db.calls import shop as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.programmes import set_programme
from ringup.db.calls.shifts import open_register_session
from ringup.domain.ids import new_id
from ringup.domain.programme import Programme
from ringup.simulator.drill_schedule import Sale, Schedule
from ringup.simulator.spin_requests import Operation
from ringup.wiring import Shop

ACTOR = "ringup drill"
PROXY_TIMEOUT_SECONDS = 3
"""How long the vendor's proxy waits for a customer: a minute at the counter."""
AFTERMATH_SECONDS = 3.0
"""How long after that a terminal may still be finishing."""
LOCATION = 1


def drill_id(kind: str, number: int = LOCATION) -> UUID:
    """The id of a thing in the drill's shop: the same in every drill."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"ringup drill {kind} {number}")


VENDOR_ID = drill_id("vendor")


@dataclass(frozen=True, slots=True)
class Lane:
    """A register and its terminal. Every other terminal sets money aside first and captures it later."""

    number: int

    @property
    def tpn(self) -> str:
        return f"RINGUP{self.number:06}"

    @property
    def mode(self) -> str:
        return "auth_capture" if self.number % 2 else "sale"

    @property
    def charge(self) -> Operation:
        return Operation.AUTH if self.number % 2 else Operation.SALE

    @property
    def register_id(self) -> UUID:
        return drill_id("register", self.number)

    @property
    def processor_id(self) -> UUID:
        return drill_id("processor", self.number)


LANES = tuple(Lane(number) for number in range(CASHIERS))


def cart_of(sale: Sale, lane: Lane) -> dict[str, Any]:
    """What a till sends for a sale."""
    cart: dict[str, Any] = {
        "location_id": str(drill_id("location")),
        "register_id": str(lane.register_id),
        "lines": [{"sku": sku_of(sale.goods), "quantity": sale.quantity}],
        "tenders": [{"type": "card", "processor_id": str(lane.processor_id)}],
    }
    if sale.customer is not None:
        cart["customer_id"] = str(drill_id("customer", sale.customer))
    if sale.redeem_points:
        cart["loyalty"] = {"redeem_points": sale.redeem_points}
    return cart


def sku_of(goods: int) -> str:
    return f"GOODS-{goods:04}"


def phone_of(customer: int) -> str:
    return f"+1202555{customer:06}"


async def stock_shop(shop: Shop, schedule: Schedule, simulator_url: str) -> str:
    """Fill an empty database for the day, and return the API key of its tills."""
    await calls.create_vendor(shop.db, VENDOR_ID, name="Drill", currency="USD", time_zone="America/New_York")
    await calls.create_location(shop.db, VENDOR_ID, drill_id("location"), code="DRILL", name="Drill")
    await set_programme(shop.db, VENDOR_ID, Programme(points_per_unit=Decimal(1), point_value_minor=1), actor=ACTOR)
    await _fill_shelves(shop, schedule)
    await _enrol_customers(shop, schedule)
    for lane in LANES:
        await _open_lane(shop, lane, simulator_url)
    return await make_master_key(shop, VENDOR_ID, name=ACTOR, actor=ACTOR)


async def _fill_shelves(shop: Shop, schedule: Schedule) -> None:
    for number, goods in enumerate(schedule.goods):
        product_id = drill_id("product", number)
        await calls.save_product(
            shop.db,
            VENDOR_ID,
            product_id,
            sku=sku_of(number),
            barcode=None,
            name=f"Goods {number}",
            category=None,
            price_minor=goods.price_minor,
            tracks_stock=True,
            is_active=True,
            actor=ACTOR,
        )
        await calls.change_stock(
            shop.db,
            VENDOR_ID,
            location_id=drill_id("location"),
            product_id=product_id,
            change=goods.stock,
            reason="opening",
            note=None,
            actor=ACTOR,
        )


async def _enrol_customers(shop: Shop, schedule: Schedule) -> None:
    for number, points in enumerate(schedule.customers):
        customer_id = drill_id("customer", number)
        await calls.save_customer(
            shop.db,
            VENDOR_ID,
            customer_id,
            first_name="Customer",
            last_name=str(number),
            email=None,
            phone=phone_of(number),
            is_active=True,
        )
        await loyalty.adjust_points(
            shop.db, VENDOR_ID, customer_id, points=points, reason="opening balance", actor=ACTOR
        )


async def _open_lane(shop: Shop, lane: Lane, simulator_url: str) -> None:
    location_id = drill_id("location")
    name = f"Lane {lane.number}"
    await calls.create_register(shop.db, VENDOR_ID, lane.register_id, location_id=location_id, name=name)
    await open_register_session(
        shop.db, VENDOR_ID, new_id(), register_id=lane.register_id, by=Asker(ACTOR), float_minor=0
    )
    await calls.save_processor(
        shop.db,
        VENDOR_ID,
        lane.processor_id,
        location_id=location_id,
        name=name,
        processor_type="dejavoo_spin",
        is_active=True,
        is_live=False,
        settings={
            "base_url": simulator_url,
            "tpn": lane.tpn,
            "mode": lane.mode,
            "proxy_timeout_seconds": PROXY_TIMEOUT_SECONDS,
            "aftermath_seconds": AFTERMATH_SECONDS,
        },
        credentials=shop.keyring.encrypt(AUTH_KEY, vendor_id=VENDOR_ID, row_id=lane.processor_id),
        credentials_key_id=shop.keyring.key_id,
        actor=ACTOR,
    )
