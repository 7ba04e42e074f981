"""What a cashier saw at one register in a day: the drawer in front of them, and every paper they were handed.

It knows nothing of ringup's books, so that these can be held against it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ringup.cli.day_plan import FLOAT, CashMove

TAKEN_OUT = ("paid_out", "cash_drop")


@dataclass
class Seen:
    """Money in minor units. `taken` and `given_back` are by way of paying."""

    drawer_minor: int = sum(face * quantity for face, quantity in FLOAT.items())
    sales_minor: int = 0
    sales_count: int = 0
    refunds_count: int = 0
    exchanges_count: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    given_back: Counter[str] = field(default_factory=Counter)

    def sold(self, checkout: dict[str, Any]) -> None:
        """A sale was paid: the document that came with it."""
        self.sales_count += 1
        self.sales_minor += checkout["total_minor"]
        for tender in checkout["tenders"]:
            if tender["status"] == "approved":
                self.taken[tender["type"]] += tender["approved_minor"]
                if tender["type"] == "cash":
                    self.drawer_minor += tender["approved_minor"]

    def gave_back(self, refund: dict[str, Any]) -> None:
        """A refund is through: its document."""
        self.refunds_count += 1
        for tender in refund["tenders"]:
            if tender["status"] == "approved":
                self.given_back[tender["type"]] += tender["approved_minor"]
                if tender["type"] == "cash":
                    self.drawer_minor -= tender["approved_minor"]

    def exchanged(self, exchange: dict[str, Any]) -> None:
        """An exchange is through: both halves of its document."""
        self.exchanges_count += 1
        self.sold(exchange["checkout"])
        self.gave_back(exchange["refund"])

    def moved(self, move: CashMove) -> None:
        self.drawer_minor += -move.amount_minor if move.kind in TAKEN_OUT else move.amount_minor

    def net_minor(self, tender_type: str) -> int:
        return self.taken[tender_type] - self.given_back[tender_type]


def coins_of(amount_minor: int) -> list[dict[str, int]]:
    """A drawer with this much in it, counted by face value. An empty one, or one that owes, has nothing."""
    found, left = [], max(amount_minor, 0)
    for face in FLOAT:
        quantity, left = divmod(left, face)
        if quantity:
            found.append({"face_minor": face, "quantity": quantity})
    return found
