"""A cart that pays with goods of an earlier sale: both halves happen, or neither.

What comes back lies in the cart, as the database keeps it between two presses: `order_id`, `order_number`, `lines`
(each with `line_number`, `name`, `quantity`, `restock`), `tip_minor`, `tender_type`, `without_receipt`, `reason`.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.domain.cart import SaleRequest
from ringup.domain.exchange import ExchangeRequest
from ringup.domain.refund import RefundLine, RefundRequest
from ringup.web.amounts import Speech
from ringup.web.look import act, excusing


def exchange_of(sale: SaleRequest, returned: dict[str, Any], *, actor: str) -> ExchangeRequest:
    """The sale, for what comes back. The key, the person and their approvals are the sale's."""
    assert sale.cart.register_id is not None, "a register sells"
    back = RefundRequest(
        vendor_id=sale.vendor_id,
        idempotency_key="",
        request_hash=b"",
        order_id=UUID(returned["order_id"]),
        register_id=sale.cart.register_id,
        reason=returned["reason"],
        actor=actor,
        lines=tuple(RefundLine(line["line_number"], line["quantity"], line["restock"]) for line in returned["lines"]),
        tip_minor=returned["tip_minor"],
        tender_type=returned["tender_type"],
        without_receipt=returned["without_receipt"],
    )
    return ExchangeRequest(sale, back)


def show_returned(returned: dict[str, Any], exchange: dict[str, Any] | None, speech: Speech) -> None:
    """What comes back, above the goods that are sold for it."""
    with ui.element("div").classes("spread").mark("comes-back"):
        with ui.element("div"):
            ui.label(f"Comes back of order {returned['order_number']}").classes("strong")
            for line in returned["lines"]:
                shelf = "" if line["restock"] else ", not to the shelf"
                ui.label(f"{line['quantity']} × {line['name']}{shelf}").classes("quiet small")
        if exchange is not None:
            ui.label(speech.money(-exchange["refund"]["amount_minor"])).classes("figure")


def offer_exchange(exchange: dict[str, Any] | None, speech: Speech, swap: Callable[[], Awaitable[None]]) -> None:
    """The one button of an exchange for which the customer pays nothing."""
    back = -exchange["difference_minor"] if exchange is not None else 0
    words = f"Exchange and give {speech.money(back)} back" if back else "Exchange, nothing to pay"
    button = act(words, excusing(swap), "main big", icon="swap_horiz").mark("exchange")
    if exchange is None:
        button.disable()


def cash_back(exchange: dict[str, Any]) -> int:
    """What the customer gets back out of the drawer."""
    tenders = exchange["refund"]["tenders"]
    return sum(t["amount_minor"] for t in tenders if t["type"] == "cash" and t["status"] == "approved")


def is_looked_for(exchange: dict[str, Any] | None) -> bool:
    """Whether nobody knows yet what a terminal gave back."""
    return exchange is not None and exchange["refund"]["next_step"] in ("look_up", "undo")


def is_half_back(exchange: dict[str, Any] | None) -> bool:
    """Whether one card has its money back and another refused: a person says how the rest goes back."""
    return exchange is not None and exchange["refund"]["next_step"] == "other_tender"
