"""Fill the demonstration shop: once, and completely even if the first time was interrupted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ringup.cli.master_key import make_master_key
from ringup.db.calls import loyalty
from ringup.db.calls import shop as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.programmes import set_programme
from ringup.db.calls.shifts import open_register_session
from ringup.db.reads.customers import list_customers, list_points
from ringup.db.reads.goods import list_products, list_stock
from ringup.db.reads.places import (
    find_api_keys,
    find_processor_access,
    list_api_keys,
    list_locations,
    list_processors,
    list_registers,
)
from ringup.db.reads.programmes import find_programme
from ringup.domain.ids import new_id
from ringup.domain.programme import Programme
from ringup.keyring import split_token
from ringup.simulator.demo_shop import (
    CURRENCY,
    CUSTOMERS,
    LOCATIONS,
    POINT_VALUE_MINOR,
    POINTS_PER_UNIT,
    PRODUCTS,
    REGISTERS,
    TERMINAL_LOCATION,
    TERMINALS,
    TIME_ZONE,
    VENDOR_ID,
    VENDOR_NAME,
    DemoCustomer,
    DemoLocation,
    DemoProduct,
    DemoRegister,
    DemoTerminal,
)
from ringup.wiring import Shop

ACTOR = "ringup demo"
KEY_NAME = "ringup demo"
EVERYTHING = 10_000
"""More rows than the demonstration shop has of anything."""
AT_ONCE = 8
"""Calls under way together: they share the waiting for the disk."""

Item = TypeVar("Item")


async def stock_shop(shop: Shop, simulator_url: str) -> bool:
    """Make what is missing of the demonstration shop, and say whether anything was.

    Terminals are made last, so that a shop which has them has everything. What people
    changed in it since is left as it is, but for two things that it cannot sell
    without: registers get an open session, and terminals the simulator's present address.
    """
    await calls.create_vendor(shop.db, VENDOR_ID, name=VENDOR_NAME, currency=CURRENCY, time_zone=TIME_ZONE)
    found = await list_processors(shop.db, VENDOR_ID, limit=EVERYTHING)
    is_complete = {terminal.id for terminal in TERMINALS} <= {processor.id for processor in found}
    if not is_complete:
        await _make_places(shop)
        await _make_goods(shop)
        await _make_customers(shop)
        if await find_programme(shop.db, VENDOR_ID) is None:
            programme = Programme(points_per_unit=POINTS_PER_UNIT, point_value_minor=POINT_VALUE_MINOR)
            await set_programme(shop.db, VENDOR_ID, programme, actor=ACTOR)
    await _open_sessions(shop)
    for terminal in TERMINALS:
        await _connect(shop, terminal, simulator_url)
    return not is_complete


async def find_or_make_token(shop: Shop, kept: str | None) -> str:
    """The token of a key that opens the shop: the one that was kept if it still does, else a fresh one.

    A fresh key ends those made here before, whose tokens nobody has any more.
    """
    if kept is not None and await _opens(shop, kept):
        return kept
    for key in await list_api_keys(shop.db, VENDOR_ID):
        if key.name == KEY_NAME and not key.revoked_at:
            await calls.revoke_api_key(shop.db, VENDOR_ID, key.id, actor=ACTOR)
    return await make_master_key(shop, VENDOR_ID, name=KEY_NAME, actor=ACTOR)


async def _opens(shop: Shop, token: str) -> bool:
    prefix, _ = split_token(token)
    holders = await find_api_keys(shop.db, prefix)
    return any(holder.vendor_id == VENDOR_ID and shop.keyring.matches(token, holder.secret_hash) for holder in holders)


async def _make_places(shop: Shop) -> None:
    locations = {location.id for location in await list_locations(shop.db, VENDOR_ID, limit=EVERYTHING)}
    registers = {register.id for register in await list_registers(shop.db, VENDOR_ID, limit=EVERYTHING)}

    async def make_location(location: DemoLocation) -> None:
        await calls.create_location(shop.db, VENDOR_ID, location.id, code=location.code, name=location.name)

    async def make_register(register: DemoRegister) -> None:
        await calls.create_register(
            shop.db, VENDOR_ID, register.id, location_id=register.location_id, name=register.name
        )

    await _each(make_location, [location for location in LOCATIONS if location.id not in locations])
    await _each(make_register, [register for register in REGISTERS if register.id not in registers])


async def _open_sessions(shop: Shop) -> None:
    registers = await list_registers(shop.db, VENDOR_ID, limit=EVERYTHING)
    closed = {register.id for register in registers if register.open_session_id is None}
    for register in REGISTERS:
        if register.id in closed:
            await open_register_session(
                shop.db,
                VENDOR_ID,
                new_id(),
                register_id=register.id,
                by=Asker(ACTOR),
                float_minor=register.opening_float_minor,
            )


async def _make_goods(shop: Shop) -> None:
    known = {product.id for product in await list_products(shop.db, VENDOR_ID, limit=EVERYTHING)}
    stocked = {
        (level.location_id, level.product_id) for level in await list_stock(shop.db, VENDOR_ID, limit=EVERYTHING)
    }

    async def make_product(product: DemoProduct) -> None:
        if product.id not in known:
            await calls.save_product(
                shop.db,
                VENDOR_ID,
                product.id,
                sku=product.sku,
                barcode=product.barcode,
                name=product.name,
                category=product.category,
                price_minor=product.price_minor,
                tracks_stock=True,
                is_active=True,
                actor=ACTOR,
            )
        for location in LOCATIONS:
            if (location.id, product.id) not in stocked:
                await put_on_shelf(product, location)

    async def put_on_shelf(product: DemoProduct, location: DemoLocation) -> None:
        await calls.change_stock(
            shop.db,
            VENDOR_ID,
            location_id=location.id,
            product_id=product.id,
            change=product.opening_stock,
            reason="opening",
            note=None,
            actor=ACTOR,
        )

    await _each(make_product, PRODUCTS)


async def _make_customers(shop: Shop) -> None:
    known = {customer.id for customer in await list_customers(shop.db, VENDOR_ID, limit=EVERYTHING)}

    async def make_customer(customer: DemoCustomer) -> None:
        if customer.id not in known:
            await calls.save_customer(
                shop.db,
                VENDOR_ID,
                customer.id,
                first_name=customer.first_name,
                last_name=customer.last_name,
                email=customer.email,
                phone=customer.phone,
                is_active=True,
            )
        if customer.opening_points and not await list_points(shop.db, VENDOR_ID, customer.id, limit=1):
            await loyalty.adjust_points(
                shop.db,
                VENDOR_ID,
                customer.id,
                points=customer.opening_points,
                reason="opening balance",
                actor=ACTOR,
            )

    await _each(make_customer, CUSTOMERS)


async def _connect(shop: Shop, terminal: DemoTerminal, simulator_url: str) -> None:
    """Configure a terminal, unless it is so already and its key can be read with our keyring."""
    settings = {"base_url": simulator_url, "tpn": terminal.tpn, "mode": terminal.mode}
    access = await find_processor_access(shop.db, VENDOR_ID, terminal.id)
    if access and access.settings == settings and access.credentials_key_id == shop.keyring.key_id:
        return
    await calls.save_processor(
        shop.db,
        VENDOR_ID,
        terminal.id,
        location_id=TERMINAL_LOCATION.id,
        name=terminal.name,
        processor_type="dejavoo_spin",
        is_active=True,
        is_live=False,
        settings=settings,
        credentials=shop.keyring.encrypt(terminal.auth_key, vendor_id=VENDOR_ID, row_id=terminal.id),
        credentials_key_id=shop.keyring.key_id,
        actor=ACTOR,
    )


async def _each(action: Callable[[Item], Awaitable[None]], items: Sequence[Item]) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def act(item: Item) -> None:
        async with at_once:
            await action(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(act(item))
