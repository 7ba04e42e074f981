"""What all pages work with, and how they refuse. Filled when the process has opened its shop."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringup.api.authentication import Doorkeeper
from ringup.api.under_way import UnderWay
from ringup.web.tickets import Tickets
from ringup.wiring import Shop

SHEET = "demo.json"


@dataclass
class Opened:
    """The process's own shop, once it is open."""

    shop: Shop
    doorkeeper: Doorkeeper
    under_way: UnderWay


class Backroom:
    """`demonstration`: the folder of a demonstration shop, whose visitors need no key and are told the PINs."""

    def __init__(self, demonstration: Path | None) -> None:
        self.demonstration = demonstration
        self.tickets = Tickets()
        self._opened: Opened | None = None

    def open(self, opened: Opened) -> None:
        self._opened = opened

    @property
    def shop(self) -> Shop:
        return self._inside.shop

    @property
    def doorkeeper(self) -> Doorkeeper:
        return self._inside.doorkeeper

    @property
    def under_way(self) -> UnderWay:
        return self._inside.under_way

    @property
    def _inside(self) -> Opened:
        assert self._opened is not None, "pages are shown after the shop was opened"
        return self._opened

    def demo_sheet(self) -> dict[str, Any] | None:
        """What the demonstration shop tells its visitors; None elsewhere, and while it is still being filled."""
        if self.demonstration is None:
            return None
        try:
            sheet: dict[str, Any] = json.loads((self.demonstration / SHEET).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return sheet

    def demo_pin(self, name: str) -> str | None:
        """The PIN of somebody in the demonstration shop; None elsewhere."""
        sheet = self.demo_sheet()
        pins: dict[str, str] = {person["name"]: person["pin"] for person in sheet["people"]} if sheet else {}
        return pins.get(name)
