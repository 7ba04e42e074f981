"""A shop that is open in a browser: its books, its terminals, its people, and one till in it."""

import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
from playwright.async_api import BrowserContext, Page
from psycopg.rows import dict_row

from demo_process import Demo
from ringup.web.visitors import BROWSER_COOKIE, DESK_COOKIES

WAIT_MS = 15_000
CAPTURE_SECONDS = 10
HARBOUR = "01930000-0000-7002-8000-000000000001"
PINS = {"Casey": "2947", "Morgan": "7153", "Alex": "6028"}
FRONT, BACK = "DEMO00000001", "DEMO00000002"


@dataclass
class Shop:
    """The open shop. `look` asks the database as its admin; `api` and `simulator` are clients of the two servers.

    `stranger` asks the pages without a key and without a cookie.
    """

    base_url: str
    database_url: str
    api: httpx.Client
    simulator: httpx.Client
    stranger: httpx.Client
    processors: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    demo: Demo | None = None

    def look(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def do(self, statement: str) -> None:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def order_of(self, register_id: str) -> dict[str, Any]:
        """The newest order of a register."""
        return self.look("select * from ringup.orders where register_id = %s order by created_at desc", register_id)[0]

    def fault(self, fault: str, *, path: str, tpn: str = FRONT, times: int | None = 1, skip: int = 0) -> None:
        rule = {"fault": fault, "tpn": tpn, "path": path, "times": times, "skip": skip}
        self.simulator.post("/control/faults", json=rule).raise_for_status()

    def terminal(self, tpn: str = FRONT, **profile: object) -> None:
        self.simulator.put(f"/control/terminals/{tpn}", json=profile).raise_for_status()

    def check(self, tpn: str = FRONT) -> None:
        """Have the server ask a terminal whether it is there."""
        self.api.post(f"/v1/processors/{self.processors[tpn]}/check").raise_for_status()

    def heal(self) -> None:
        self.simulator.delete("/control/faults").raise_for_status()
        for tpn in (FRONT, BACK):
            self.terminal(tpn, online=True, hung=False, attended=False, answer_delay_seconds=0)
            self.check(tpn)

    def charged_cents(self, order_id: object) -> int:
        """What the simulated processor really charged for an order, once nothing is left to be captured or voided."""
        self._until_nothing_is_left(order_id)
        payments = self.look("select reference_id from ringup.payment_transactions where order_id = %s", order_id)
        charges = self.simulator.get("/control/charges").json()
        references = {payment["reference_id"] for payment in payments}
        return sum(charge["net_cents"] for charge in charges if charge["reference_id"] in references)

    def _until_nothing_is_left(self, order_id: object) -> None:
        query = """
            select 1 from ringup.payment_transactions
             where order_id = %s and (capture_status = 'pending' or status in ('voiding', 'unknown', 'processing'))
        """
        deadline = time.monotonic() + CAPTURE_SECONDS
        while self.look(query, order_id):
            assert time.monotonic() < deadline, "the money of the order did not come to rest"
            time.sleep(0.05)

    def register(self, *, is_open: bool = True) -> tuple[str, str]:
        """A new register: its id and its name."""
        name = f"Till {uuid.uuid4().hex[:6]}"
        made = self.api.post("/v1/registers", json={"location_id": HARBOUR, "name": name})
        assert made.status_code == 201, made.text
        if is_open:
            session = {"opened_by": "Casey", "opening_float_minor": 10_000}
            opened = self.api.post(f"/v1/registers/{made.json()['id']}/sessions", json=session)
            assert opened.status_code == 201, opened.text
        return made.json()["id"], name


async def connected(page: Page) -> None:
    """The page is alive: what is pressed before would have to be pressed again."""
    await page.wait_for_function("window.did_handshake")


@dataclass
class OpenTill:
    """A register of the test's own, and the page on which somebody sells at it."""

    page: Page
    register_id: str
    name: str
    shop: Shop

    @property
    def order(self) -> dict[str, Any]:
        return self.shop.order_of(self.register_id)

    async def tap(self, *names: str) -> None:
        for name in names:
            before = await self.count()
            await (
                self.page.get_by_label("Goods").get_by_role("button", name=re.compile(f"^{re.escape(name)}, ")).click()
            )
            await self.page.wait_for_function(
                "wanted => [...document.querySelectorAll('.cart-line .number')]"
                ".reduce((sum, node) => sum + Number(node.textContent), 0) === wanted",
                arg=before + 1,
            )

    async def count(self) -> int:
        numbers = await self.page.locator(".cart-line .number").all_text_contents()
        return sum(int(number) for number in numbers)

    async def press(self, name: str, *, exact: bool = False) -> None:
        await self.page.locator(".slip").get_by_role("button", name=name, exact=exact).first.click()

    async def choose(self, customer: str) -> None:
        """Look a customer up and put them on the cart."""
        await self.press("Customer (F4)")
        await self.page.get_by_label("Name, e-mail or phone").fill(customer.split()[0])
        await self.page.get_by_role("button", name=customer).click()
        await self.page.locator(".slip").get_by_text(customer).wait_for()

    async def approve(self, who: str) -> None:
        """Another person's PIN, in the dialog that asks for it. They are the only one who may."""
        await self.page.get_by_label("PIN of whoever approves").fill(PINS[who])
        await self.page.get_by_role("button", name="Approve").click()

    async def sees(self, words: str) -> None:
        await self.page.locator(".slip").get_by_text(words).first.wait_for()


async def sign_in(page: Page, desk: str, who: str, register: str = "") -> None:
    """As a person does it: the register, the name, the PIN."""
    await page.wait_for_url(f"**/{desk}")
    if register:
        await page.get_by_role("button", name=register).click()
    await page.get_by_role("button", name=who, exact=True).click()
    field = page.get_by_label("PIN", exact=True)
    await field.fill(PINS[who])
    await field.press("Enter")
    await page.get_by_role("link", name="Sign out").wait_for()


async def be_signed_in(context: BrowserContext, shop: Shop, register_id: str, who: str = "Casey") -> None:
    """As after `sign_in`, with two requests instead of four pages."""
    entered = shop.api.get("/enter/demo")
    shown = {"staff_id": shop.people[who], "register_id": register_id, "pin": PINS[who]}
    answer = shop.api.post("/v1/staff/sign-in", json=shown)
    answer.raise_for_status()
    cookies = {BROWSER_COOKIE: entered.cookies[BROWSER_COOKIE], DESK_COOKIES["register"]: answer.json()["token"]}
    await context.add_cookies(
        [
            {"name": name, "value": value, "url": shop.base_url, "httpOnly": True, "sameSite": "Strict"}
            for name, value in cookies.items()
        ]
    )
