"""The pictures in docs/pictures/web. RINGUP_TEST_PICTURES=1 writes them anew; otherwise these tests are skipped."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from open_shop import be_signed_in, wants_pictures
from PIL import Image

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not wants_pictures(), reason="pictures are written where RINGUP_TEST_PICTURES=1 asks for them"),
]

PICTURES = Path(__file__).parents[2] / "docs" / "pictures" / "web"
SIZES = {"desktop": {"width": 1280, "height": 800}, "tablet": {"width": 1024, "height": 768}}
BYTES_MAX = 80_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_pages_have_their_pictures_taken(visit: Any, shop: Any, size: str, scheme: str) -> None:
    register_id, _ = shop.register()
    landing = await visit("/", viewport=SIZES[size], color_scheme=scheme)
    taken: list[Path] = []

    async def take(page: Any, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        # Until what moves stands still, and what is said for a moment is gone.
        await page.wait_for_function("document.fonts.status === 'loaded' && !document.querySelector('.q-notification')")
        taken.append(PICTURES / f"{name}-{size}-{scheme}.png")
        shot = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
        # Two hundred colours look the same, in a third of the bytes.
        shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=200).save(taken[-1], optimize=True)

    await take(landing, "landing")
    await be_signed_in(landing.context, shop, register_id)
    page = await visit("/register", landing.context)
    slip = page.locator(".slip")
    for name in ("Lemon Tart", "Baguette", "Baguette"):
        await page.get_by_role("button", name=f"{name}, $").click()
    await page.get_by_role("button", name="Customer (F4)").click()
    await page.get_by_label("Name, e-mail or phone").fill("Elena")
    await page.get_by_role("button", name="Elena Okafor").click()
    await slip.get_by_text("May use").wait_for()
    await take(page, "register")
    shop.terminal("DEMO00000002", online=False)
    shop.check("DEMO00000002")
    await page.get_by_role("button", name="Card (F9)").click()
    await page.get_by_text("Not there since").wait_for()
    await take(page, "terminals")
    shop.terminal(attended=True)
    await page.get_by_role("button", name="Front counter").click()
    await slip.get_by_text("The terminal is working").wait_for()
    await take(page, "working")
    simulator = await visit("/simulator", landing.context)
    await simulator.get_by_text("Please present your card").wait_for()
    await take(simulator, "simulator")
    shop.fault("drop_request", path="Status", times=None)
    shop.terminal(online=False)
    await slip.get_by_text("We are finding out").wait_for()
    await take(page, "doubt")
    shop.simulator.post("/control/terminals/DEMO00000001/customer", json={"does": "pays"}).raise_for_status()
    shop.terminal(online=True)
    shop.simulator.delete("/control/faults").raise_for_status()
    async with asyncio.timeout(60):
        await slip.get_by_text("Sold", exact=True).wait_for(timeout=60_000)
    await take(page, "sold")

    assert [picture.name for picture in taken if picture.stat().st_size > BYTES_MAX] == []
