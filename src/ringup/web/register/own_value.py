"""What customers have with us, as a way of paying: a gift card by its code, and store credit."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from nicegui import ui

from ringup.db.reads.gift_cards import StoredValue, find_gift_card, find_store_credit
from ringup.domain.tender_names import TENDER_NAMES
from ringup.gift_cards.codes import find_by_code
from ringup.web.look import Part, act, empty, excusing, note, part, sums
from ringup.web.register.till import Till

CODE_MAX = 60
UNUSABLE = {"expired": "This gift card has expired.", "disabled": "This gift card was disabled."}


def value_name(tender_type: str, code_last4: str | None) -> str:
    """A gift card is told by the last four of its code."""
    name = TENDER_NAMES[tender_type]
    return f"{name} •••• {code_last4}" if code_last4 else name


class OwnValue:
    """Finds a card, or the credit of the customer on the cart, and offers what is left of it.

    `wanted` says how much is asked for. `take` gets the tender; it names the card by its id, never by its code.
    """

    def __init__(
        self, till: Till, wanted: Callable[[], int], take: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        self._till = till
        self._wanted = wanted
        self._take = take
        self._found: StoredValue | None = None
        self._offered: Part | None = None

    def forget(self) -> None:
        self._found = self._offered = None

    def renew(self) -> None:
        """Another amount is wanted, or something else was found."""
        if self._offered is not None:
            self._offered.renew()

    async def load_credit(self) -> None:
        till = self._till
        assert till.contents.customer_id is not None, "store credit is a customer's"
        self._found = await find_store_credit(till.backroom.shop.db, till.vendor_id, UUID(till.contents.customer_id))

    async def find(self, code: str) -> None:
        """Look up what was typed or scanned. Whoever names codes that are not there is locked out for a while."""
        till, shop = self._till, self._till.backroom.shop
        by = await till.by()
        self._found = None
        try:
            card_id = await find_by_code(shop.db, shop.keyring, till.vendor_id, code, asker=f"staff:{by.staff_id}")
            self._found = await find_gift_card(shop.db, till.vendor_id, card_id)
        finally:
            self.renew()

    def show_card(self) -> None:
        field = ui.input("Code of the gift card").props(f"outlined autofocus autocomplete=off maxlength={CODE_MAX}")

        async def typed() -> None:
            code = str(field.value or "").strip()
            # The code is as good as money: it does not stay on the page.
            field.value = ""
            if code:
                await self.find(code)

        field.on("keydown.enter", excusing(typed))
        act("Look it up", excusing(typed), icon="search")
        self._offered = part(self._offer, "stack")

    def show_credit(self) -> None:
        if self._found is None:
            empty("This customer never had store credit.")
        self._offered = part(self._offer, "stack")

    def _offer(self) -> None:
        found = self._found
        if found is None:
            return
        money, planned = self._till.speech.money, self._planned(found)
        rows = [(value_name(found.kind, found.code_last4), money(found.balance_minor))]
        if found.held_minor:
            rows.append(("Set aside for another sale", money(-found.held_minor)))
        if planned:
            rows.append(("Used for this one", money(-planned)))
        left = max(0, found.available_minor - planned)
        sums(rows, total=("Left", money(left)))
        used = min(left, self._wanted())
        if found.status in UNUSABLE:
            note(UNUSABLE[found.status], "bad", live=True)
        elif not used:
            note("Nothing is left on it.", "warn", live=True)
        else:
            act(f"Use {money(used)}", excusing(lambda: self._use(found, used)), "main big").mark("use")

    async def _use(self, found: StoredValue, amount_minor: int) -> None:
        tender: dict[str, Any] = {"type": found.kind, "amount_minor": amount_minor}
        if found.kind == "gift_card":
            tender |= {"gift_card_id": str(found.id), "code_last4": found.code_last4}
        await self._take(tender)

    def _planned(self, found: StoredValue) -> int:
        """How much of it this cart has taken for a part."""

        def is_of_it(tender: Mapping[str, Any]) -> bool:
            names = str(found.id) if found.kind == "gift_card" else None
            return tender["type"] == found.kind and tender.get("gift_card_id") == names

        return sum(tender["amount_minor"] for tender in self._till.contents.planned if is_of_it(tender))
