"""Two retailers behind one API, for tests: who they are, and a till of each.

Everything is real: the app, the database, and the simulator of the terminals' vendor.
"""

import base64
import contextlib
import itertools
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from ringup.api.app import create_app
from ringup.db.calls import loyalty
from ringup.db.calls import shop as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.programmes import set_programme
from ringup.db.calls.shifts import open_register_session
from ringup.domain.programme import Programme
from ringup.settings import Settings
from ringup.wiring import Shop, open_shop

AUTH_KEY = "K3Y0123456"
SECRET_KEY = base64.b64encode(bytes(range(32))).decode()
TERMINALS = itertools.count(1)
CASHIER_SCOPES = ["checkouts:read", "checkouts:write"]


def settings_for(data_dir: Path, **changes: Any) -> Settings:
    return Settings(data_dir=data_dir, secret_key=SECRET_KEY, **changes)


@dataclass
class Retailer:
    """One vendor: a store with an open and a closed till, coffee at 10.00 (100 of them), tea that is not counted,
    a customer with 100 points worth 0.01 each, and terminals that are green, green and red."""

    vendor: uuid.UUID = field(default_factory=uuid.uuid4)
    location: uuid.UUID = field(default_factory=uuid.uuid4)
    register: uuid.UUID = field(default_factory=uuid.uuid4)
    session: uuid.UUID = field(default_factory=uuid.uuid4)
    closed_register: uuid.UUID = field(default_factory=uuid.uuid4)
    coffee: uuid.UUID = field(default_factory=uuid.uuid4)
    tea: uuid.UUID = field(default_factory=uuid.uuid4)
    customer: uuid.UUID = field(default_factory=uuid.uuid4)
    terminal: uuid.UUID = field(default_factory=uuid.uuid4)
    spare_terminal: uuid.UUID = field(default_factory=uuid.uuid4)
    dead_terminal: uuid.UUID = field(default_factory=uuid.uuid4)
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    token: str = ""
    cashier_token: str = ""

    def cart(self, **changes: Any) -> dict[str, Any]:
        """One coffee, paid by card, unless changed; a member of None is left out."""
        cart = {
            "location_id": str(self.location),
            "register_id": str(self.register),
            "lines": [{"sku": "COF-250", "quantity": 1}],
            "tenders": [{"type": "card", "processor_id": str(self.terminal)}],
            **changes,
        }
        return {name: value for name, value in cart.items() if value is not None}

    def cash_cart(self, **changes: Any) -> dict[str, Any]:
        return self.cart(**{"tenders": [{"type": "cash"}], **changes})

    @property
    def ids(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self).items() if isinstance(value, uuid.UUID)}


@dataclass
class Till:
    """Speaks to the API with one retailer's key."""

    retailer: Retailer
    client: httpx.AsyncClient

    async def sell(self, cart: dict[str, Any], key: str | None = None, **headers: str) -> httpx.Response:
        chosen = {"Idempotency-Key": key or f"key-{uuid.uuid4()}", **headers}
        return await self.client.post("/v1/checkouts", json=cart, headers=chosen)


@dataclass
class Lane:
    """The test's view of one simulated terminal, by the simulator's control API."""

    client: httpx.AsyncClient
    tpn: str

    async def behave(self, **profile: Any) -> None:
        address = f"/control/terminals/{self.tpn}"
        (await self.client.put(address, json={"auth_key": AUTH_KEY, **profile})).raise_for_status()

    async def fault(self, fault: str, **rule: Any) -> None:
        rule = {"fault": fault, "tpn": self.tpn, **rule}
        (await self.client.post("/control/faults", json=rule)).raise_for_status()

    async def charged_cents(self) -> list[int]:
        charges = (await self.client.get("/control/charges", params={"tpn": self.tpn})).json()
        return [charge["net_cents"] for charge in charges if charge["net_cents"]]

    async def is_running(self) -> bool:
        terminals = (await self.client.get("/control/terminals")).json()
        return any(terminal["running"] for terminal in terminals if terminal["tpn"] == self.tpn)


def client_of(app: FastAPI, token: str | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url="http://ringup.test", headers=headers, timeout=20)


@contextlib.asynccontextmanager
async def running(settings: Settings, url: str) -> AsyncIterator[FastAPI]:
    app = create_app(settings, lambda: open_shop(settings, url), with_worker=False)
    async with app.router.lifespan_context(app):
        yield app


async def seed(shop: Shop) -> Retailer:
    """Set a retailer up through the calls that everybody uses."""
    retailer = Retailer()
    vendor = retailer.vendor
    await calls.create_vendor(shop.db, vendor, name="Corner Shop", currency="USD", time_zone="UTC")
    await calls.create_location(shop.db, vendor, retailer.location, code="T1", name="Main Street")
    for register, name in ((retailer.register, "Till 1"), (retailer.closed_register, "Till 2")):
        await calls.create_register(shop.db, vendor, register, location_id=retailer.location, name=name)
    await open_register_session(
        shop.db,
        vendor,
        retailer.session,
        register_id=retailer.register,
        by=Asker("Ada"),
        float_minor=10_000,
    )
    await _seed_goods(shop, retailer)
    await calls.save_customer(
        shop.db,
        vendor,
        retailer.customer,
        first_name="Grace",
        last_name="Hopper",
        email="grace@example.com",
        phone=None,
        is_active=True,
    )
    await set_programme(shop.db, vendor, Programme(points_per_unit=Decimal(1), point_value_minor=1), actor="Ada")
    await loyalty.adjust_points(shop.db, vendor, retailer.customer, points=100, reason="opening balance", actor="Ada")
    retailer.token = await make_key(shop, vendor, ["*"], key=retailer.key)
    retailer.cashier_token = await make_key(shop, vendor, CASHIER_SCOPES)
    return retailer


async def _seed_goods(shop: Shop, retailer: Retailer) -> None:
    vendor = retailer.vendor
    coffee = {"sku": "COF-250", "barcode": "4006381333931", "name": "Coffee", "price_minor": 1000}
    tea = {"sku": "TEA", "barcode": None, "name": "Tea", "price_minor": 250}
    for product, particulars in ((retailer.coffee, coffee), (retailer.tea, tea)):
        await calls.save_product(
            shop.db,
            vendor,
            product,
            category="Drinks",
            tracks_stock=product == retailer.coffee,
            is_active=True,
            actor="Ada",
            **particulars,
        )
    await calls.change_stock(
        shop.db,
        vendor,
        location_id=retailer.location,
        product_id=retailer.coffee,
        change=100,
        reason="opening",
        note=None,
        actor="Ada",
    )


async def make_key(shop: Shop, vendor: uuid.UUID, scopes: list[str], key: uuid.UUID | None = None) -> str:
    """A new API key's token."""
    made = shop.keyring.make_api_key()
    await calls.create_api_key(
        shop.db,
        vendor,
        key or uuid.uuid4(),
        name="test",
        prefix=made.prefix,
        secret_hash=made.secret_hash,
        scopes=scopes,
        expires_at=None,
        actor="Ada",
    )
    return made.token


async def place_terminals(shop: Shop, retailer: Retailer, simulator_url: str) -> str:
    """Put the retailer's terminals on the counter and return the TPN of the first, which no other test has."""
    placed = (
        (retailer.terminal, "Counter", "online"),
        (retailer.spare_terminal, "Spare", "online"),
        (retailer.dead_terminal, "Dead", "offline"),
    )
    tpn = f"{next(TERMINALS):010d}"
    for terminal, name, status in placed:
        sealed = shop.keyring.encrypt(AUTH_KEY, vendor_id=retailer.vendor, row_id=terminal)
        await calls.save_processor(
            shop.db,
            retailer.vendor,
            terminal,
            location_id=retailer.location,
            name=name,
            processor_type="dejavoo_spin",
            is_active=True,
            is_live=False,
            settings={"base_url": simulator_url, "tpn": tpn, "mode": "sale"},
            credentials=sealed,
            credentials_key_id=shop.keyring.key_id,
            actor="Ada",
        )
        await calls.record_health(shop.db, retailer.vendor, terminal, status=status, detail=None, latency_ms=5)
    return tpn
