"""The two parts of the register that change with every tap, as components of the browser's own framework.

They are patched in place: a quick second tap finds the same button, and a tap costs the same in a full cart.
"""

import zlib
from collections.abc import Sequence
from typing import Any

from nicegui import ui

from ringup.db.reads.shelf import ShelfItem
from ringup.web.amounts import Speech
from ringup.web.register.contents import CartLine

FEW = 5


class Goods(ui.element, component="goods.js"):
    """Says `tap` with the product's id."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech

    def put(self, items: Sequence[ShelfItem]) -> None:
        self.props["items"] = [self._tile(item) for item in items]

    def _tile(self, item: ShelfItem) -> dict[str, object]:
        price = self._speech.money(item.price_minor)
        is_out = item.available is not None and item.available <= 0
        left = "" if item.available is None or item.available > FEW else f"{item.available} left"
        return {
            "id": str(item.id),
            "name": item.name,
            "price": price,
            "left": "sold out" if is_out else left,
            "is_out": is_out,
            "label": f"{item.name}, {price}{', sold out' if is_out else ''}",
            "hue": zlib.crc32((item.category or "").encode()) % 360,
        }


def discount_words(discount: dict[str, Any], speech: Speech) -> str:
    """A discount by its reason, with what was typed for it."""
    percent = discount.get("percent")
    return f"{discount['reason']}, {f'{percent} %' if percent else speech.money(-discount['amount_minor'])}"


class Lines(ui.element, component="lines.js"):
    """Says `more` with a product's id and by how many, and `number` with the id of one to be counted."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech

    def put(self, lines: Sequence[CartLine]) -> None:
        money = self._speech.money
        self.props["lines"] = [
            {
                "id": line.product_id,
                "name": line.name,
                "each": f"{money(line.price_minor)} each",
                "quantity": line.quantity,
                "off": discount_words(line.discount, self._speech) if line.discount else "",
                "total": money(line.total_minor),
            }
            for line in lines
        ]
