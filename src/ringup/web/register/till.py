"""One register as one open page sees it. What it knows it has from the database, and every press goes there first."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.api.documents import has_ended
from ringup.api.sale import Sale
from ringup.checkout import cancel as cancelling
from ringup.checkout.change_tip import change_tip
from ringup.checkout.ring_up import preflight
from ringup.db.calls import tills as calls
from ringup.db.calls.asker import Asker
from ringup.db.calls.checkout import read_checkout
from ringup.db.calls.exchanges import preview_exchange, read_exchange
from ringup.db.calls.staff import SignedIn
from ringup.db.reads.health import find_last_good
from ringup.db.reads.places import Processor, Register, list_processors, list_registers
from ringup.db.reads.tills import TillCart, list_till_carts
from ringup.domain.cart import SaleRequest, Tender
from ringup.domain.errors import CartChanged, CheckoutInProgress, RegisterNotFound, RingupError
from ringup.domain.ids import new_id
from ringup.domain.tip import TipRequest
from ringup.recovery.settle import settle_order
from ringup.web.amounts import Speech
from ringup.web.backroom import Backroom
from ringup.web.look import words_of
from ringup.web.register.contents import Contents, cart_of, contents_of, rest_of, sale_of
from ringup.web.register.exchanging import exchange_of
from ringup.web.visitors import Visitor, require_person

TERMINALS_MAX = 50
Edit = Callable[[Contents], Contents]


class Till:
    """`cart` is what stands at the counter, `document` the sale it became; both are read, never remembered.

    `exchange` is there where goods come back for it: what it would be, and later what it is.
    """

    def __init__(self, backroom: Backroom, visitor: Visitor, speech: Speech, person: SignedIn) -> None:
        assert person.register_id is not None, "a person at the register is signed in at one"
        self.backroom = backroom
        self.visitor = visitor
        self.speech = speech
        self.person = person
        self.register_id: UUID = person.register_id
        self.register: Register | None = None
        self.cart: TillCart | None = None
        self.parked: list[TillCart] = []
        self.contents = Contents()
        self.preview: dict[str, Any] | None = None
        self.exchange: dict[str, Any] | None = None
        self.problem: str | None = None
        self.document: dict[str, Any] | None = None
        self.terminals: list[Processor] = []
        self.last_good: dict[UUID, datetime] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def vendor_id(self) -> UUID:
        return self.visitor.vendor_id

    @property
    def location_id(self) -> UUID:
        assert self.register is not None, "the till was loaded"
        return self.register.location_id

    @property
    def actor(self) -> str:
        return f"staff:{self.person.name}"

    @property
    def is_frozen(self) -> bool:
        return self.cart is not None and self.cart.tenders is not None

    @property
    def is_sold(self) -> bool:
        return self.is_frozen and self.cart is not None and self.cart.status == "completed"

    def signature(self) -> tuple[Any, ...]:
        """Another one means that the page shows something that is no longer so."""
        carts = [*([self.cart] if self.cart else []), *self.parked]
        session = self.register.open_session_id if self.register else None
        return (session, *((c.id, c.place, c.revision, c.status, c.payment_status, c.order_updated_at) for c in carts))

    async def load(self) -> None:
        """Read everything again."""
        await self._read()
        self.contents = contents_of(self.cart.contents) if self.cart else Contents()
        self.document = self.exchange = None
        if self.is_frozen and self.cart is not None and self.cart.order_id is not None:
            self.document = await read_checkout(self.backroom.shop.db, self.vendor_id, self.cart.order_id)
            if self.document["due_minor"]:
                await self.load_terminals()
            if self.document["exchange"] is not None:
                self.exchange = await read_exchange(self.backroom.shop.db, self.vendor_id, self.cart.order_id)
        await self._price()

    async def _read(self) -> None:
        shop = self.backroom.shop
        found, carts = await asyncio.gather(
            list_registers(shop.db, self.vendor_id, limit=1, register_id=self.register_id),
            list_till_carts(shop.db, self.vendor_id, self.register_id),
        )
        if not found:
            raise RegisterNotFound(f"register {self.register_id} does not exist")
        self.register = found[0]
        self.cart = next((cart for cart in carts if cart.place == "counter"), None)
        self.parked = [cart for cart in carts if cart.place == "parked"]

    async def look(self) -> bool:
        """Look whether anything changed elsewhere; only then read everything again."""
        if self._one_at_a_time.locked():
            return False
        # Else what this reads could be older than what a press made of the cart in the meantime.
        async with self._one_at_a_time:
            before = self.signature()
            await self._read()
            if self.signature() == before and not await self._has_exchange_moved():
                return False
            await self.load()
            return True

    async def _has_exchange_moved(self) -> bool:
        """What goes back of an earlier sale is no part of this cart's order: it moves by itself."""
        if self.exchange is None or self.document is None or has_ended(self.document["status"]):
            return False
        now = await read_exchange(self.backroom.shop.db, self.vendor_id, UUID(self.document["id"]))
        return now != self.exchange

    async def _price(self) -> None:
        """What the cart comes to, by the same function that will sell it; or why it cannot be sold now."""
        self.preview, self.problem = None, None
        if not self.contents.lines or self.is_frozen or (self.register and self.register.open_session_id is None):
            return
        self.exchange = None
        try:
            self.preview = await self._preflight()
            if self.contents.returned is not None:
                self.exchange = await self._preview_exchange(self.contents.returned)
        except RingupError as refusal:
            self.problem = words_of(refusal)

    async def _preview_exchange(self, returned: dict[str, Any]) -> dict[str, Any]:
        cart = cart_of(self.contents, location_id=self.location_id, register_id=self.register_id, tenders=())
        asked = exchange_of(SaleRequest(self.vendor_id, "preview", b"", cart), returned, actor=self.actor)
        return await preview_exchange(self.backroom.shop.db, asked)

    async def _preflight(self) -> dict[str, Any]:
        tenders: tuple[tuple[Tender, ...], ...] = ((Tender("cash"),), ())
        for tender in tenders:
            cart = cart_of(self.contents, location_id=self.location_id, register_id=self.register_id, tenders=tender)
            try:
                return await preflight(self.backroom.shop.counter, self.vendor_id, cart)
            except RingupError as refusal:
                # Where points pay for everything, there is nothing that cash could take.
                if refusal.code not in ("tenders_do_not_add_up", "amount_out_of_range") or not tender:
                    raise
        raise AssertionError("the last way either answers or raises")

    @property
    def due_minor(self) -> int:
        """What is to be paid, as far as it is known. An exchange of which money comes back costs nothing."""
        if self.exchange is not None:
            return max(0, int(self.exchange["difference_minor"]))
        if self.preview is not None:
            return int(self.preview["total_minor"])
        goods: int = sum(line.total_minor for line in self.contents.lines)
        return goods

    @property
    def rest_minor(self) -> int:
        """What the planned tenders leave."""
        planned: int = sum(tender["amount_minor"] for tender in self.contents.planned)
        return self.due_minor - planned

    async def change(self, edit: Edit) -> None:
        """Change what lies in the cart. What another tab did in the meantime is kept, and this is done to that."""
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            if self.is_sold:
                await self._move("left")
            try:
                await self._put(edit)
            except CartChanged:
                await self.load()
                await self._put(edit)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """After a change of our own: ask what it comes to and what else happened here, at the same time."""
        changed = self.contents
        await asyncio.gather(self._read(), self._price())
        if self.is_frozen or self.cart is None or contents_of(self.cart.contents) != changed:
            await self.load()

    async def _put(self, edit: Edit) -> None:
        changed = edit(self.contents)
        await calls.put_cart(
            self.backroom.shop.db,
            self.vendor_id,
            self.cart.id if self.cart else new_id(),
            register_id=self.register_id,
            revision=self.cart.revision if self.cart else 0,
            contents=changed.document(),
            actor=self.actor,
        )
        self.contents = changed

    async def _move(self, place: calls.Place, cart: TillCart | None = None) -> None:
        moved = cart or self.cart
        if moved is not None:
            await calls.move_cart(self.backroom.shop.db, self.vendor_id, moved.id, place, actor=self.actor)
        await self.load()

    async def move(self, place: calls.Place, cart: TillCart | None = None) -> None:
        """Park the cart, bring one back, or let it leave."""
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            if place == "counter" and self.cart is not None:
                # Two carts do not fit on the counter: what is there steps aside, or is gone if it is done or empty.
                is_done = self.is_sold or (not self.is_frozen and self.contents.is_empty)
                await self._move("left" if is_done else "parked")
            await self._move(place, cart)

    async def pay(self, tenders: list[dict[str, Any]], approvals: tuple[UUID, ...] = ()) -> None:
        """Ask for the money. However often and wherever it is pressed, this cart is sold once.

        Raises ApprovalNeeded where something in it is beyond the person's role: nothing was begun then.
        """
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            if self.cart is None:
                return
            await calls.freeze_cart(
                self.backroom.shop.db,
                self.vendor_id,
                self.cart.id,
                revision=self.cart.revision,
                tenders=tenders,
                staff_id=self.person.staff_id,
                approval_ids=approvals,
                actor=self.actor,
            )
            await self.load()
            await self._sell()

    async def go_on(self) -> None:
        """Press again for a cart that stands still and of which nothing came yet: under the same key."""
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            await self.load()
            if self.is_frozen and self.document is None:
                await self._sell()

    async def _sell(self) -> None:
        assert self.cart is not None, "something was frozen"
        request = sale_of(self.vendor_id, self.location_id, self.cart, actor=self.actor)
        sale = Sale(self.backroom.under_way, self.backroom.shop, request)
        pays_by_card = any(tender["type"] == "card" for tender in self.cart.tenders or ())
        asks_a_terminal = pays_by_card or self.contents.returned is not None
        try:
            if not (asks_a_terminal and await sale.is_left_running()):
                await sale.result()
        except CheckoutInProgress:
            pass
        except RingupError as refusal:
            if "checkout_id" not in refusal.facts:
                # Refused before anything was set aside: the cart may be paid in another way.
                await calls.thaw_cart(self.backroom.shop.db, self.vendor_id, self.cart.id, actor=self.actor)
                await self.load()
                raise
            # The page shows what became of it.
        await self.load()

    async def pay_rest(self, tender: dict[str, Any]) -> None:
        """What a card left to pay, in this way. Once, however often and wherever it is pressed.

        Another way for the same rest, pressed at the same time elsewhere, is refused.
        """
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            if self.cart is None or self.document is None or not self.document["due_minor"]:
                return
            added = rest_of(self.vendor_id, self.cart, self.document, tender)
            sale = Sale(self.backroom.under_way, self.backroom.shop, added)
            if not (tender["type"] == "card" and await sale.is_left_running()):
                await sale.result()
            await self.load()

    async def change_tip(self, payment_id: str, tip_minor: int, key: str) -> str:
        """Have a card of the sale pay this tip, all in all, once per key. `approved`, or `unknown` in doubt."""
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            assert self.document is not None, "something was sold"
            digest = hashlib.sha256(f"{payment_id} {tip_minor}".encode()).digest()
            order_id, card = UUID(self.document["id"]), UUID(payment_id)
            asked = TipRequest(self.vendor_id, order_id, key, digest, tip_minor, self.actor, card)
            under_way = self.backroom.under_way
            changed = await under_way.result(under_way.start(change_tip(self.backroom.shop.counter, asked)))
            await self.load()
            return changed.status

    async def pay_anew(self) -> None:
        """After a sale that did not happen: the same cart, to be paid in another way."""
        async with self._one_at_a_time:
            self.person = await require_person(self.backroom, self.visitor, "register")
            if self.cart is not None:
                await calls.thaw_cart(self.backroom.shop.db, self.vendor_id, self.cart.id, actor=self.actor)
            await self.load()
            await self._put(lambda contents: contents.with_planned(()))
            await self.load()

    async def cancel(self) -> None:
        """Give the sale up while the terminal works. What it takes all the same goes back."""
        self.person = await require_person(self.backroom, self.visitor, "register")
        if self.document is not None:
            shop, checkout_id = self.backroom.shop, UUID(self.document["id"])
            giving_up = cancelling.cancel(shop.counter, self.vendor_id, checkout_id)
            await self.backroom.under_way.result(self.backroom.under_way.start(giving_up))
        await self.load()

    async def find_out(self) -> None:
        """Ask the terminal now what became of the money, and not only when recovery would."""
        if self.document is not None and not has_ended(self.document["status"]):
            order_ids = [self.document["id"], *([self.exchange["returned_order_id"]] if self.exchange else [])]
            for order_id in order_ids:
                await settle_order(self.backroom.shop.recovery, self.vendor_id, UUID(order_id))
        await self.load()

    async def load_terminals(self) -> None:
        shop = self.backroom.shop
        found = await list_processors(shop.db, self.vendor_id, limit=TERMINALS_MAX, location_id=self.location_id)
        self.terminals = [terminal for terminal in found if terminal.is_active]
        self.last_good = await find_last_good(shop.db, self.vendor_id)

    async def by(self, approvals: tuple[UUID, ...] = ()) -> Asker:
        """Whoever is signed in now, with what another person approved. Raises NotSignedIn."""
        self.person = await require_person(self.backroom, self.visitor, "register")
        return Asker(self.actor, self.person.staff_id, approvals[-1] if approvals else None)
