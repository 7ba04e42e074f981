"""The console in a browser: signing in once for a module, opening a room, and what a shop needs for a story."""

import csv
import io
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.async_api import Browser, Locator, Page

from ringup.db.calls.shop import create_api_key, create_vendor
from ringup.db.calls.staff import save_staff
from ringup.domain.ids import new_id
from ringup.settings import Settings
from ringup.staff.pins import hash_pin
from ringup.wiring import open_shop

FRONT, BACK = "DEMO00000001", "DEMO00000002"
HARBOUR = "01930000-0000-7002-8000-000000000001"
TILL = "01930000-0000-7003-8000-000000000001"
PINS = {"Casey": "2947", "Morgan": "7153", "Alex": "6028", "Robin": "4816", "Sam": "4816"}
ROOMS = {
    "Today": "/console",
    "Terminals": "/console/terminals",
    "Orders": "/console/orders",
    "Payments": "/console/payments",
    "Shifts": "/console/shifts",
    "Doubts": "/console/doubts",
    "Points": "/console/points",
    "Reconciliation": "/console/reconciliation",
    "Who did what": "/console/log",
    "Settings": "/console/settings",
}


async def signed_in(chromium: Browser, shop: Any, who: str) -> Any:
    """Sign somebody in as a person does it, and return what the browser keeps of that."""
    context = await chromium.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{shop.base_url}/console")
    await enter_pin(page, who)
    state = await context.storage_state()
    await context.close()
    return state


async def enter_pin(page: Page, who: str) -> None:
    await page.wait_for_function("window.did_handshake")
    await page.get_by_role("button", name=who, exact=True).click()
    field = page.get_by_label("PIN", exact=True)
    await field.fill(PINS[who])
    await field.press("Enter")
    await page.get_by_role("link", name="Sign out").wait_for()


@dataclass
class Person:
    """Somebody who is signed in, and opens rooms in a window that remembers scripts and pictures."""

    visit: Any
    window: Any
    state: Any

    async def open(self, path: str, **options: Any) -> Page:
        """With options it is a window of its own."""
        if options:
            page = await self.visit(path, storage_state=self.state, **options)
        else:
            await self.window.add_cookies(self.state["cookies"])
            page = await self.visit(path)
        await filled(page)
        return page


async def filled(page: Page) -> None:
    """The room is there, or says why it is not."""
    await page.locator(".skeleton").wait_for(state="detached")


async def decide(page: Page, button: str, reason: str) -> None:
    """In the dialog that asks for a reason."""
    dialog = page.locator(".q-dialog")
    await dialog.get_by_label("Reason: what was seen, and where").fill(reason)
    await dialog.get_by_role("button", name=button).click()
    await dialog.wait_for(state="detached")


async def table_of(table: Locator) -> list[list[str]]:
    """The words in a table's cells, the head first."""
    rows: list[list[str]] = await table.evaluate(
        "node => [...node.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


async def exported(page: Page, name: str) -> list[list[str]]:
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name=f"Export CSV: {name}", exact=True).click()
    download = await waiting.value
    assert download.suggested_filename == f"{name}.csv"
    return list(csv.reader(io.StringIO(Path(await download.path()).read_text(encoding="utf-8"), newline="")))


def sell(shop: Any, *, card: str | None = None, customer: int | None = None, sku: str = "COF-001") -> dict[str, Any]:
    """Ring something up, in cash or by card on one of the terminals, and return the order as the database has it."""
    tender = (
        {"type": "card", "processor_id": shop.processors[card]} if card else {"type": "cash", "tendered_minor": 9000}
    )
    body: dict[str, Any] = {
        "location_id": HARBOUR,
        "register_id": TILL,
        "lines": [{"sku": sku, "quantity": 1}],
        "tenders": [tender],
    }
    if customer is not None:
        body["customer_id"] = f"01930000-0000-7005-8000-{customer:012}"
    key = uuid.uuid4().hex
    answer = shop.api.post("/v1/checkouts", json=body, headers={"Idempotency-Key": key})
    assert answer.status_code in (201, 202, 402), answer.text
    (order,) = shop.look("select * from ringup.orders where idempotency_key = %s", key)
    return order


FULL = """
    create or replace function public.refuse() returns trigger language plpgsql
    as $$ begin raise exception 'the ledger does not answer'; end $$;
    create or replace trigger refuse before insert on ringup.loyalty_transactions
    for each row execute function public.refuse();
"""


def sell_without_points(shop: Any, customer: int) -> dict[str, Any]:
    """A sale that stands, whose points could not be recorded; nobody tries them again by themselves today."""
    shop.do(FULL)
    try:
        order = sell(shop, customer=customer)
        shop.do("update ringup.loyalty_reconciliation_queue set next_retry_at = ringup.now() + interval '1 day'")
    finally:
        shop.do("drop trigger refuse on ringup.loyalty_transactions")
    (item,) = shop.look("select * from ringup.loyalty_reconciliation_queue where order_id = %s", order["id"])
    return {**item, "order_number": order["order_number"]}


def settle(shop: Any, order: dict[str, Any]) -> int:
    """Let a doubt be cleared up at once, and return what was charged in the end."""
    shop.simulator.delete("/control/faults").raise_for_status()
    shop.do(
        "update ringup.payment_transactions set next_check_at = ringup.now()"
        f" where order_id = '{order['id']}' and next_check_at is not null"
    )
    charged: int = shop.charged_cents(order["id"])
    return charged


def item_for(shop: Any, kind: str, reference: str, *, payment_id: object = None) -> Any:
    """Something that waits for a person."""
    item_id = new_id()
    payment = f"'{payment_id}'" if payment_id else "null"
    shop.do(
        "insert into ringup.reconciliation_items"
        " (vendor_id, id, kind, payment_id, reference_id, amount_minor, detail, created_at)"
        f" select id, '{item_id}', '{kind}', {payment}, '{reference}', 1095, 'found in the list of the terminal',"
        " ringup.now() from ringup.vendors where name = 'Harbour Goods'"
    )
    return item_id


async def make_empty_shop(shop: Any) -> str:
    """Another retailer on the same server, with an owner and nothing else. Returns a key for its browsers."""
    socket = unquote(parse_qs(urlsplit(shop.database_url).query)["host"][0])
    settings = Settings(data_dir=Path(socket).parent)
    vendor_id, staff_id = new_id(), new_id()
    async with open_shop(settings, shop.database_url) as wired:
        await create_vendor(wired.db, vendor_id, name="New Shop", currency="EUR", time_zone="Europe/Berlin")
        await save_staff(
            wired.db,
            vendor_id,
            staff_id,
            name="Robin",
            role="owner",
            is_active=True,
            pin_hash=await hash_pin(wired.keyring, vendor_id, staff_id, PINS["Robin"]),
            by_staff_id=None,
            approval_id=None,
            actor="test",
        )
        return await _key(wired, vendor_id)


async def _key(wired: Any, vendor_id: Any) -> str:
    made = wired.keyring.make_api_key()
    await create_api_key(
        wired.db,
        vendor_id,
        new_id(),
        name="browsers",
        prefix=made.prefix,
        secret_hash=made.secret_hash,
        scopes=["staff:sign_in", "reports:read"],
        expires_at=None,
        actor="test",
    )
    return made.token
