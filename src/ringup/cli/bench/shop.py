"""The shop of a benchmark: as many lanes, goods and customers as wanted, with ids that anybody can compute."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from ringup.checkout.ring_up import ring_up
from ringup.cli.master_key import make_master_key
from ringup.db.calls import loyalty
from ringup.db.calls import shop as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.programmes import set_programme
from ringup.db.calls.shifts import open_register_session
from ringup.domain.cart import Cart, Line, SaleRequest, Tender
from ringup.domain.ids import new_id
from ringup.domain.programme import Programme
from ringup.wiring import Shop

ACTOR = "ringup bench"
AUTH_KEY = "BENCHBENCH"
PRICE_MINOR = 500
LINES = 3
REDEEM_POINTS = 10
STOCK = 1_000_000_000
POINTS = 1_000_000
LANES_PER_LOCATION = 100
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Size:
    """How big the shop is. A lane is a register with an open session and a terminal of its own."""

    lanes: int
    products: int = 300
    customers: int = 500


@dataclass(frozen=True, slots=True)
class Terminals:
    """How the lanes' terminals are configured: the vendor's proxy at `url`, and its times in seconds."""

    url: str
    proxy_timeout_seconds: int = 120
    aftermath_seconds: float = 60.0


NOWHERE = Terminals("http://127.0.0.1:9")
"""For sales at which no terminal is asked: pgbench says what it answered."""


def bench_id(kind: str, number: int = 0) -> UUID:
    """The id of a thing in the bench's shop. `md5('ringup bench ' || …)::uuid` is the same in SQL."""
    return UUID(hashlib.md5(f"ringup bench {kind} {number}".encode(), usedforsecurity=False).hexdigest())


VENDOR_ID = bench_id("vendor")


def tpn_of(lane: int) -> str:
    return f"BENCH{lane:07}"


def location_of(lane: int) -> UUID:
    return bench_id("location", lane // LANES_PER_LOCATION)


def sku_of(product: int) -> str:
    return f"BENCH-{product}"


def cart_of(lane: int, sale: int, size: Size) -> dict[str, Any]:
    """What the till of a lane sends for its sale with this number: three lines, points spent and earned, one card."""
    first = (lane * 7919 + sale * LINES) % (size.products - LINES + 1)
    return {
        "location_id": str(location_of(lane)),
        "register_id": str(bench_id("register", lane)),
        "customer_id": str(bench_id("customer", (lane * 104729 + sale) % size.customers)),
        "lines": [{"sku": sku_of(first + line), "quantity": 1} for line in range(LINES)],
        "tenders": [{"type": "card", "processor_id": str(bench_id("processor", lane))}],
        "loyalty": {"redeem_points": REDEEM_POINTS},
    }


async def stock_shop(shop: Shop, size: Size, terminals: Terminals, told: Callable[[float], None]) -> str:
    """Fill an empty database through the functions that everybody uses, and return an API key.

    `told` hears how many lanes are open.
    """
    db = shop.db
    await calls.create_vendor(db, VENDOR_ID, name="Bench", currency="USD", time_zone="UTC")
    await set_programme(db, VENDOR_ID, Programme(points_per_unit=Decimal(1), point_value_minor=1), actor=ACTOR)
    locations = -(-size.lanes // LANES_PER_LOCATION)
    for number in range(locations):
        location_id = bench_id("location", number)
        await calls.create_location(db, VENDOR_ID, location_id, code=f"L{number}", name=f"Location {number}")
    await _some_at_once(_fill_shelf(shop, number, locations) for number in range(size.products))
    await _some_at_once(_enrol(shop, number) for number in range(size.customers))
    await _some_at_once(_open_lane(shop, lane, terminals, told) for lane in range(size.lanes))
    return await make_master_key(shop, VENDOR_ID, name=ACTOR, actor=ACTOR)


async def sell_for_cash(shop: Shop, key: str = "history") -> UUID:
    """Sell something that has no stock to nobody in particular, and return the order: a history is copied from it."""
    product_id = bench_id("service")
    await calls.save_product(
        shop.db,
        VENDOR_ID,
        product_id,
        sku="BENCH-SERVICE",
        barcode=None,
        name="Service",
        category=None,
        price_minor=PRICE_MINOR,
        tracks_stock=False,
        is_active=True,
        actor=ACTOR,
    )
    cart = Cart(
        location_id=location_of(0),
        register_id=bench_id("register", 0),
        lines=(Line(quantity=1, product_id=product_id),),
        tenders=(Tender("cash"),),
    )
    rung_up = await ring_up(shop.counter, SaleRequest(VENDOR_ID, key, b"history", cart))
    return rung_up.checkout_id


async def _some_at_once(work: Iterable[Awaitable[None]]) -> None:
    remaining = iter(work)

    async def go_on() -> None:
        for each in remaining:
            await each

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))


async def _fill_shelf(shop: Shop, number: int, locations: int) -> None:
    product_id = bench_id("product", number)
    await calls.save_product(
        shop.db,
        VENDOR_ID,
        product_id,
        sku=sku_of(number),
        barcode=None,
        name=f"Product {number}",
        category=None,
        price_minor=PRICE_MINOR,
        tracks_stock=True,
        is_active=True,
        actor=ACTOR,
    )
    for location in range(locations):
        await calls.change_stock(
            shop.db,
            VENDOR_ID,
            location_id=bench_id("location", location),
            product_id=product_id,
            change=STOCK,
            reason="opening",
            note=None,
            actor=ACTOR,
        )


async def _enrol(shop: Shop, number: int) -> None:
    customer_id = bench_id("customer", number)
    await calls.save_customer(
        shop.db,
        VENDOR_ID,
        customer_id,
        first_name="Customer",
        last_name=str(number),
        email=None,
        phone=None,
        is_active=True,
    )
    await loyalty.adjust_points(shop.db, VENDOR_ID, customer_id, points=POINTS, reason="opening balance", actor=ACTOR)


async def _open_lane(shop: Shop, lane: int, terminals: Terminals, told: Callable[[float], None]) -> None:
    register_id, processor_id = bench_id("register", lane), bench_id("processor", lane)
    name = f"Lane {lane}"
    await calls.create_register(shop.db, VENDOR_ID, register_id, location_id=location_of(lane), name=name)
    await open_register_session(shop.db, VENDOR_ID, new_id(), register_id=register_id, by=Asker(ACTOR), float_minor=0)
    await calls.save_processor(
        shop.db,
        VENDOR_ID,
        processor_id,
        location_id=location_of(lane),
        name=name,
        processor_type="dejavoo_spin",
        is_active=True,
        is_live=False,
        settings={
            "base_url": terminals.url,
            "tpn": tpn_of(lane),
            "mode": "sale",
            "proxy_timeout_seconds": terminals.proxy_timeout_seconds,
            "aftermath_seconds": terminals.aftermath_seconds,
        },
        credentials=shop.keyring.encrypt(AUTH_KEY, vendor_id=VENDOR_ID, row_id=processor_id),
        credentials_key_id=shop.keyring.key_id,
        actor=ACTOR,
    )
    await calls.record_health(shop.db, VENDOR_ID, processor_id, status="online", detail=None, latency_ms=1)
    told(lane + 1)
