"""A real browser in a real shop: `ringup demo` in processes of its own, and Debian's chromium without windows.

`shop`   the open shop, one for all tests of a worker, with ways to look into its books and at its terminals.
`visit`  a fresh browser window on it. No request may leave the machine, and no page may fail.
`till`   a register of the test's own, with somebody signed in at it.

Without chromium these tests are skipped. RINGUP_TEST_PICTURES=1 lets test_web_pictures.py write docs/pictures/web.
"""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
import pytest_asyncio
from open_shop import WAIT_MS, OpenTill, Shop, be_signed_in, connected, sign_in
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from demo_process import a_directory, demo

# The shell is the same browser without windows of its own: a page takes it half the work.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    # The sandbox needs rights that containers do not give; the pages are our own.
    "--no-sandbox",
    # The rest of the browser is silent: a request that leaves is one of the page's.
    *("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--no-first-run",
]
SIZE = {"width": 1280, "height": 800}

Open = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    without = pytest.mark.skip(
        reason="there is no chromium: apt-get install chromium-headless-shell, or make setup as root"
    )
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.slow)
        if "chromium" in getattr(item, "fixturenames", ()) and not Path(CHROMIUM).exists():
            item.add_marker(without)


@pytest.fixture(scope="session")
def open_shop_process() -> Iterator[Shop]:
    with a_directory() as directory, demo(directory, "--steady") as opened:
        sheet = opened.sheet
        socket = quote(str(directory / "postgres"), safe="")
        headers = {"Authorization": f"Bearer {sheet['api_key']}"}
        with (
            httpx.Client(base_url=sheet["base_url"], headers=headers, timeout=30) as api,
            httpx.Client(base_url=sheet["simulator_url"], timeout=30) as simulator,
            httpx.Client(base_url=sheet["base_url"], timeout=30) as stranger,
        ):
            database_url = f"postgresql://postgres@/ringup?host={socket}&port={_port(sheet['database_url'])}"
            processors = {processor["tpn"]: processor["id"] for processor in sheet["processors"]}
            people = {person["name"]: person["id"] for person in sheet["people"]}
            yield Shop(sheet["base_url"], database_url, api, simulator, stranger, processors, people, opened)


def _port(database_url: str) -> str:
    return re.findall(r"port=(\d+)", database_url)[0]


@pytest.fixture
def shop(open_shop_process: Shop) -> Iterator[Shop]:
    open_shop_process.stranger.cookies.clear()
    yield open_shop_process
    open_shop_process.heal()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(chromium: Browser) -> BrowserContext:
    """The window of most tests: it keeps the scripts and fonts, and no cookies from one test to the next."""
    return await chromium.new_context(viewport=SIZE, reduced_motion="reduce")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, window: BrowserContext, shop: Shop) -> AsyncIterator[Open]:
    """Opens pages: `page = await visit("/register")`. At the end none may have failed or asked anybody else.

    With options (`color_scheme="dark"`) it is a window of its own, without a cache.
    """
    trouble: list[str] = []
    await window.clear_cookies()

    async with contextlib.AsyncExitStack() as opened:

        async def open_page(path: str = "/", context: BrowserContext | None = None, **options: Any) -> Page:
            if context is None and options:
                context = await chromium.new_context(**{"viewport": SIZE, "reduced_motion": "reduce", **options})
                opened.push_async_callback(context.close)
            context = context or window
            context.set_default_timeout(WAIT_MS)
            page = await context.new_page()
            opened.push_async_callback(page.close)
            page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
            page.on("request", lambda request: _check_address(request.url, shop, trouble))
            page.on("websocket", lambda socket: _check_address(socket.url, shop, trouble))
            await page.goto(f"{shop.base_url}{path}")
            await connected(page)
            return page

        yield open_page
    assert trouble == []


def _check_address(url: str, shop: Shop, trouble: list[str]) -> None:
    if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != urlsplit(shop.base_url).netloc:
        trouble.append(f"asked elsewhere: {url}")


@pytest_asyncio.fixture(loop_scope="session")
async def till(visit: Open, window: BrowserContext, shop: Shop) -> OpenTill:
    register_id, name = shop.register()
    await be_signed_in(window, shop, register_id)
    page = await visit("/register", window)
    await page.locator(".slip").wait_for()
    return OpenTill(page, register_id, name, shop)


@pytest_asyncio.fixture(loop_scope="session")
async def console(visit: Open) -> Page:
    page = await visit("/console")
    await sign_in(page, "console", "Morgan")
    return page


@pytest.fixture
def sign_in_at(visit: Open) -> Open:
    """Signs Casey in at a register of this name, and gives the page."""

    async def arrive(name: str) -> Page:
        page = await visit("/register")
        await sign_in(page, "register", "Casey", name)
        return page

    return arrive
