"""What comes back to one register, as one open page sees it: the sale, its goods, the way of the money, the refund."""

import hashlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from ringup.api.refunds import carry_on, carry_out
from ringup.db.calls import refunds as calls
from ringup.db.reads.console import OrderFilter, read_now, search_orders
from ringup.db.reads.customers import find_customer
from ringup.db.reads.orders import OrderSummary
from ringup.db.reads.refunds import list_refunds
from ringup.domain.errors import RingupError
from ringup.domain.ids import new_id
from ringup.domain.refund import RefundLine, RefundRequest
from ringup.recovery.settle import settle_order
from ringup.web.look import words_of
from ringup.web.register.approving import Approvals, with_approvals
from ringup.web.register.contents import Contents
from ringup.web.register.till import Till

SHOWN = 30
SOLD = ("completed", "partially_refunded", "refunded")
Document = dict[str, Any]
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Left:
    """A line of the sale of which `quantity` are not back yet, and how many of these are chosen."""

    line_number: int
    name: str
    quantity: int
    chosen: int = 0
    restock: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen. Another choice is another refund: `key` is what makes it happen once."""

    order: OrderSummary
    lines: tuple[Left, ...]
    tip_minor: int
    key: str
    tender_type: str | None = None
    without_receipt: bool = False

    @property
    def chosen(self) -> tuple[Left, ...]:
        return tuple(line for line in self.lines if line.chosen)

    @property
    def is_everything(self) -> bool:
        return all(line.chosen == line.quantity for line in self.lines)


class Returning:
    """`preview` is what the database says would go back, `refund` what became of it; both are read, never reckoned."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.found: list[OrderSummary] = []
        self.asked: Asked | None = None
        self.preview: Document | None = None
        self.problem: str | None = None
        self.refund: Document | None = None

    async def load(self) -> None:
        """The sales of today at this place, the newest first."""
        till = self.till
        await till.by()
        await till.load()
        today = till.speech.day(await read_now(till.backroom.shop.db))
        self.found = await self._search(OrderFilter(day=today, location_id=till.location_id))

    async def find(self, number: str) -> bool:
        """The sale with this number, chosen if there is one only. Whether there is any."""
        till = self.till
        await till.by()
        found = await self._search(OrderFilter(search=number, location_id=till.location_id))
        exact = [order for order in found if order.order_number.casefold() == number.casefold()]
        if len(exact or found) == 1:
            await self.choose((exact or found)[0])
        elif found:
            self.found = found
        return bool(found)

    async def _search(self, wanted: OrderFilter) -> list[OrderSummary]:
        till = self.till
        found = await search_orders(till.backroom.shop.db, till.vendor_id, wanted, limit=SHOWN)
        return [order for order in found if order.status in SOLD]

    async def choose(self, order: OrderSummary) -> None:
        """This sale, with what of it is not back yet; or its refund, where one is open."""
        till = self.till
        self.leave()
        # What the list showed may have come back since.
        now = await self._search(OrderFilter(search=order.order_number, location_id=till.location_id))
        order = next((other for other in now if other.id == order.id), order)
        under_way = [
            refund
            for refund in await list_refunds(till.backroom.shop.db, till.vendor_id, limit=SHOWN, order_id=order.id)
            if refund.status == "open"
        ]
        self.asked = Asked(order, (), 0, _key())
        if under_way:
            await self._read(under_way[0].id)
            return
        if order.status == "refunded":
            return
        try:
            everything = await calls.preview_refund(till.backroom.shop.db, self._request(self.asked, None, "preview"))
        except RingupError as refusal:
            self.problem = words_of(refusal)
            return
        lines = tuple(Left(line["line_number"], line["name"], line["quantity"]) for line in everything["lines"])
        self.asked = Asked(order, lines, everything["tip_minor"], _key())

    def leave(self) -> None:
        """Back to the list. A refund that is open stays so, and is found with its sale."""
        self.asked = self.preview = self.problem = self.refund = None

    async def change(self, edit: Callable[[Asked], Asked]) -> None:
        """Another choice, and what would go back then."""
        if self.asked is None:
            return
        self.asked = replace(edit(self.asked), key=_key())
        self.preview = self.problem = None
        if not self.asked.chosen:
            return
        try:
            asked = self._request(self.asked, _lines(self.asked), "preview")
            self.preview = await calls.preview_refund(self.till.backroom.shop.db, asked)
        except RingupError as refusal:
            self.problem = words_of(refusal)

    async def give_back(self, reason: str) -> None:
        """Once, however often it is pressed, with another person's approval where the role wants one."""
        asked = self.asked
        assert asked is not None, "a sale was chosen"

        async def do(approvals: Approvals) -> Document:
            by = await self.till.by(approvals)
            request = self._request(asked, _lines(asked), reason)
            request = replace(request, staff_id=by.staff_id, approval_id=by.approval_id, actor=by.actor)
            _, document = await self._whatever_happens(carry_out(self.till.backroom.shop, request))
            return document

        await self._doing(with_approvals(self.till, reason, do))

    async def exchange(self, reason: str) -> None:
        """Into the cart at this register, whose goods it pays. Nothing comes back before that cart is paid."""
        asked = self.asked
        assert asked is not None, "a sale was chosen"
        returned = {
            "order_id": str(asked.order.id),
            "order_number": asked.order.order_number,
            "lines": [
                {"line_number": line.line_number, "name": line.name, "quantity": line.chosen, "restock": line.restock}
                for line in asked.chosen
            ],
            "tip_minor": asked.tip_minor if asked.is_everything else None,
            "tender_type": asked.tender_type,
            "without_receipt": asked.without_receipt,
            "reason": reason,
        }
        await self.till.load()
        customer = None
        if asked.order.customer_id is not None:
            db, vendor_id = self.till.backroom.shop.db, self.till.vendor_id
            customer = await find_customer(db, vendor_id, asked.order.customer_id)

        def edit(contents: Contents) -> Contents:
            if contents.customer_id is None and customer is not None:
                contents = contents.with_customer(customer)
            return contents.with_returned(returned)

        await self.till.change(edit)

    async def carry_on(self, tender_type: str) -> None:
        """What is not back yet goes back in this way."""
        assert self.refund is not None, "a refund is open"
        refund_id, reason = UUID(self.refund["id"]), self.refund["reason"]

        async def do(approvals: Approvals) -> Document:
            shop, by = self.till.backroom.shop, await self.till.by(approvals)
            again = carry_on(shop, self.till.vendor_id, refund_id, tender_type=tender_type, reference=None, by=by)
            return await self._whatever_happens(again)

        await self._doing(with_approvals(self.till, reason, do))

    async def _doing(self, work: Coroutine[Any, Any, Document]) -> None:
        try:
            self.refund = await work
        except RingupError as refusal:
            if "refund_id" in refusal.facts:
                # It was begun: the page shows how it stands, and says why it did not end.
                await self._read(UUID(str(refusal.facts["refund_id"])))
            raise

    async def _whatever_happens(self, work: Coroutine[Any, Any, Done]) -> Done:
        """The money moves to its end also where the page is closed meanwhile."""
        under_way = self.till.backroom.under_way
        return await under_way.result(under_way.start(work))

    async def find_out(self) -> None:
        """Ask the terminal now, and not only when recovery would."""
        assert self.refund is not None, "a refund is open"
        await settle_order(self.till.backroom.shop.recovery, self.till.vendor_id, UUID(self.refund["order_id"]))
        await self._read(UUID(self.refund["id"]))

    async def give_up(self) -> None:
        """A refund of which no money is back, and none may be."""
        assert self.refund is not None, "a refund is open"
        by = await self.till.by()
        db, refund_id = self.till.backroom.shop.db, UUID(self.refund["id"])
        await calls.cancel_refund(db, self.till.vendor_id, refund_id, actor=by.actor)
        await self._read(refund_id)

    async def _read(self, refund_id: UUID) -> None:
        self.refund = await calls.read_refund(self.till.backroom.shop.db, self.till.vendor_id, refund_id)

    def _request(self, asked: Asked, lines: tuple[RefundLine, ...] | None, reason: str) -> RefundRequest:
        tip_minor = asked.tip_minor if lines is not None and asked.is_everything else None
        what = [
            *(str(asked.order.id), asked.tender_type, asked.without_receipt, tip_minor, reason),
            *([line.line_number, line.quantity, line.restock] for line in lines or ()),
        ]
        return RefundRequest(
            self.till.vendor_id,
            asked.key,
            hashlib.sha256(json.dumps(what).encode()).digest(),
            asked.order.id,
            self.till.register_id,
            reason,
            self.till.actor,
            lines,
            tip_minor=tip_minor,
            tender_type=asked.tender_type,
            without_receipt=asked.without_receipt,
        )


def _lines(asked: Asked) -> tuple[RefundLine, ...]:
    return tuple(RefundLine(line.line_number, line.chosen, line.restock) for line in asked.chosen)


def _key() -> str:
    return f"return-{new_id()}"
