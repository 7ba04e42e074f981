"""What all pages promise: readable by everybody, quick, at home on a tablet, and talking to nobody else."""

import os
import statistics
from typing import Any

import pytest
from everybody import faults_in_light_and_dark, small_targets_of
from open_shop import be_signed_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAP_MS = 100
LOAD_MS = 2_000
ROUNDS, TAPS, PAUSE_MS = 3, 20, 50
REGISTERS = 20
TABLET = {"width": 1024, "height": 768}
UPRIGHT = {"width": 768, "height": 1024}

TAP = """async ([taps, pause]) => {
    const tiles = [...document.querySelectorAll('.tile:not([disabled])')].slice(0, 5);
    const slip = document.querySelector('.slip');
    const count = () => [...slip.querySelectorAll('.number')].reduce((sum, node) => sum + Number(node.textContent), 0);
    const spent = [];
    for (let n = 0; n < taps; n++) {
        const wanted = count() + 1, began = performance.now();
        const seen = new Promise(resolve => {
            const watch = new MutationObserver(() => { if (count() === wanted) { watch.disconnect(); resolve(); } });
            watch.observe(slip, { subtree: true, childList: true, characterData: true });
        });
        tiles[n % tiles.length].click();
        await seen;
        spent.push(performance.now() - began);
        await new Promise(resolve => setTimeout(resolve, pause));
    }
    return spent;
}"""


def p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[18]


def patience() -> float:
    """A promise about time is one about a machine that is ours: where others work too, everything takes longer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize("path", ["/", "/register", "/simulator", "/connect"])
async def test_a_page_can_be_read_and_pressed_by_everybody(visit: Any, path: str) -> None:
    page = await visit(path)
    await page.set_viewport_size(TABLET)

    assert await faults_in_light_and_dark(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_register_can_be_read_and_pressed_by_everybody(till: Any, shop: Any) -> None:
    """A sale from the empty cart to the receipt, at every step."""
    page, found = till.page, {}

    async def examine(step: str) -> None:
        found[step] = await faults_in_light_and_dark(page)

    await examine("empty")
    await till.tap("Baguette")
    await till.choose("Elena Okafor")
    await examine("cart")
    await till.press("Cash (F8)")
    await page.get_by_label("Given by the customer").wait_for()
    await examine("cash")
    shop.terminal(online=False)
    shop.check()
    await till.press("Card", exact=True)
    await page.get_by_text("Not there since").wait_for()
    await examine("card")
    await till.press("Back counter")
    await till.sees("Sold")
    await examine("sold")

    assert found == {step: [] for step in ("empty", "cart", "cash", "card", "sold")}


@pytest.mark.parametrize("size", [TABLET, UPRIGHT], ids=["1024x768", "768x1024"])
async def test_the_register_fits_a_tablet(till: Any, size: dict[str, int]) -> None:
    await till.page.set_viewport_size(size)
    await till.tap("Baguette")

    assert await till.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await small_targets_of(till.page) == []
    await till.press("Cash (F8)")
    await till.press("$3.20")
    await till.sees("Sold")


async def test_a_tap_is_in_the_cart_before_the_eye_sees_it(till: Any) -> None:
    await till.page.evaluate(TAP, [5, PAUSE_MS])

    rounds = [p95(await till.page.evaluate(TAP, [TAPS, PAUSE_MS])) for _ in range(ROUNDS)]

    # Others on this machine can only make it slower.
    assert min(rounds) < TAP_MS * patience(), rounds
    assert await till.count() == 5 + ROUNDS * TAPS


async def test_twenty_registers_are_open_at_once_and_each_tap_is_seen_in_time(visit: Any, shop: Any) -> None:
    """One process, and twenty browsers on the same cores: somebody taps, all the time."""
    tills = []
    for _ in range(REGISTERS):
        register_id, _ = shop.register()
        page = await visit(viewport=TABLET)
        await be_signed_in(page.context, shop, register_id)
        await page.goto(f"{shop.base_url}/register")
        await page.locator(".slip").wait_for()
        tills.append((register_id, page))

    async def a_round() -> float:
        return p95([tap for _, page in tills for tap in await page.evaluate(TAP, [2, PAUSE_MS])])

    rounds = [await a_round() for _ in range(ROUNDS + 1)]

    # In the first one each page does everything for the first time.
    assert min(rounds[1:]) < TAP_MS * patience(), rounds
    carts = shop.look("select contents from ringup.till_carts where register_id = any(%s)", [till for till, _ in tills])
    counts = [sum(line["quantity"] for line in cart["contents"]["lines"]) for cart in carts]
    assert counts == [2 * (ROUNDS + 1)] * REGISTERS


async def test_quick_taps_are_all_counted(till: Any) -> None:
    await till.tap("Baguette")
    more = till.page.get_by_role("button", name="One Baguette more")
    await more.evaluate("button => { for (let n = 0; n < 9; n++) button.click(); }")
    await till.page.wait_for_function("document.querySelector('.cart-line .number').textContent === '10'")

    (cart,) = till.shop.look("select contents from ringup.till_carts where register_id = %s", till.register_id)
    assert [line["quantity"] for line in cart["contents"]["lines"]] == [10]


async def test_the_first_page_is_there_in_two_seconds(visit: Any) -> None:
    """With nothing kept from an earlier visit, until something can be pressed."""
    spent = []
    for _ in range(ROUNDS):
        page = await visit("/", viewport=TABLET)
        spent.append(await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))

    assert min(spent) < LOAD_MS * patience(), spent


async def test_the_first_page_leads_everywhere(visit: Any, shop: Any) -> None:
    page = await visit("/")
    links = await page.get_by_label("Pages").get_by_role("link").evaluate_all("all => all.map(link => link.pathname)")

    assert links == ["/register", "/console", "/simulator", "/docs"]
    for link in links:
        assert shop.api.get(link, follow_redirects=True).status_code == 200
    await page.get_by_text("ringup drill").wait_for()


async def test_light_or_dark_is_chosen_and_remembered(visit: Any) -> None:
    page = await visit("/", color_scheme="light")
    await page.get_by_label("Light or dark").click()
    await page.get_by_text("Dark", exact=True).click()
    await page.wait_for_function("document.body.classList.contains('body--dark')")
    await page.reload()

    await page.wait_for_function("document.body.classList.contains('body--dark')")


async def test_a_sale_without_a_mouse(till: Any) -> None:
    page = till.page
    await page.keyboard.press("F2")
    await page.keyboard.type("BAGUETTE", delay=5)
    await page.keyboard.press("Enter")
    await page.locator(".cart-line", has_text="Baguette").wait_for()
    await page.keyboard.press("F8")
    await till.sees("To pay")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Cash (F8)").wait_for()
    await page.keyboard.press("F8")
    await page.get_by_label("Given by the customer").fill("5")
    await page.keyboard.press("Enter")
    await till.sees("Change to give back")
    await page.keyboard.press("Escape")
    await till.sees("The cart is empty")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 320)


async def test_how_many_is_typed(till: Any) -> None:
    await till.tap("Baguette")
    await till.page.get_by_role("button", name="1 of Baguette, change").click()
    await till.page.get_by_label("How many").fill("12")
    await till.page.get_by_label("How many").press("Enter")
    await till.sees("$38.40")

    assert await till.count() == 12
