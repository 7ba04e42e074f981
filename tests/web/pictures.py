"""Pictures of pages for the documentation: docs/pictures/web, where RINGUP_TEST_PICTURES=1 asks for them."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

PICTURES = Path(__file__).parents[2] / "docs" / "pictures" / "web"
SIZES = {"desktop": {"width": 1280, "height": 800}, "tablet": {"width": 1024, "height": 768}}
SCHEMES = ("light", "dark")
BYTES_MAX = 80_000

only_if_wanted = pytest.mark.skipif(
    os.environ.get("RINGUP_TEST_PICTURES") != "1", reason="RINGUP_TEST_PICTURES=1 draws them"
)


async def take(page: Any, name: str, size: str, scheme: str) -> None:
    """Once what moves stands still, and what is said for a moment is gone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.wait_for_function("document.fonts.status === 'loaded' && !document.querySelector('.q-notification')")
    picture = PICTURES / f"{name}-{size}-{scheme}.png"
    shot = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    # Two hundred colours look the same, in a third of the bytes.
    shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=200).save(picture, optimize=True)
    assert picture.stat().st_size <= BYTES_MAX, f"{picture.name} is too large for a repository"
