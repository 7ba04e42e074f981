"""Sales in limbo and money without an order: what happens by itself, and what a person may do."""

from functools import partial
from uuid import UUID

from nicegui import ui

from ringup.db.calls.recovery import resolve_item
from ringup.db.reads.console import read_now
from ringup.db.reads.recovery import InLimbo, Orphan, ReconciliationItem, list_items, list_limbo, list_orphans
from ringup.recovery.decide import decide
from ringup.recovery.settle import settle_order
from ringup.recovery.sweep import sweep
from ringup.web.amounts import span
from ringup.web.console.asking import ask_reason
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.room import watch
from ringup.web.console.sheets import Column, export
from ringup.web.console.words import count_of, end_of, plain, said
from ringup.web.look import badge, named, say

LOOK_SECONDS = 2.0
SHOWN = 100
KIND_WORDS = {
    "under_way": ("under way", ""),
    "in_doubt": ("in doubt", "warn"),
    "going_back": ("money goes back", "warn"),
    "to_capture": ("to be captured", "warn"),
    "waiting": ("waiting", ""),
}
CHARGED = "The order is completed, as if the terminal had said so. Be sure: the amount stands in the batch report."
NOT_CHARGED = "The order ends without a sale, and the goods go back. Be sure: look into the batch report first."
PAID_BACK = "This moves no money: the customer has to have it already. Nobody looks at it afterwards."


async def show_doubts(desk: Desk) -> None:
    page = _Doubts(desk)
    await page.load()
    page.show()
    watch(desk, page, LOOK_SECONDS)


class _Doubts:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._limbo: list[InLimbo] = []
        self._orphans: list[Orphan] = []
        self._items: dict[UUID | None, ReconciliationItem] = {}

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._limbo = await list_limbo(self._desk.db, vendor_id, limit=SHOWN)
        self._orphans = await list_orphans(self._desk.db, vendor_id, limit=SHOWN)
        items = await list_items(self._desk.db, vendor_id, limit=SHOWN, status="open")
        self._items = {item.payment_id: item for item in items}
        self._now = await read_now(self._desk.db)

    def state(self) -> object:
        rows = ((row.id, row.kind, row.status, row.check_count, row.next_check_at) for row in self._limbo)
        return (*rows, *((orphan.id, orphan.id in self._items) for orphan in self._orphans))

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Sales that have not ended", "Each is looked after by itself; deciding is for evidence") as corner:
            if not self._limbo:
                nothing("Nothing is in doubt, and nothing is under way.")
            else:
                export("limbo", _limbo_columns(self._desk), self._limbo, corner)
            for row in self._limbo:
                self._row(row)
        about = "Approved charges without a completed order, that nobody is giving back. This is to be empty."
        with panel("Money without an order", about) as corner:
            if not self._orphans:
                nothing("There is none.")
            else:
                with corner:
                    self._desk.button("Look after them now", "decide_doubt", self._sweep, icon="refresh")
                export("orphans", _orphan_columns(self._desk), self._orphans, corner)
            for orphan in self._orphans:
                self._orphan(orphan)

    def _row(self, row: InLimbo) -> None:
        words, kind = KIND_WORDS[row.kind]
        with named(ui.element("article"), f"Order {row.order_number}").classes(f"case {kind}").mark("limbo"):
            with ui.element("div").classes("spread"):
                ui.link(f"Order {row.order_number}", f"/console/orders/{row.order_id}").classes("case-title")
                badge(words, kind)
                ui.label(self._desk.speech.money(row.amount_minor or row.total_minor)).classes("figure case-amount")
            ui.label(_sentence(row.reason))
            ui.label(self._what_next(row)).classes("quiet small")
            if row.kind == "in_doubt" and row.payment_id is not None:
                with ui.element("div").classes("line-up"):
                    ask = partial(self._ask, row)
                    self._desk.button("Ask the terminal now", "sell", ask, icon="refresh")
                    self._desk.button("It was charged", "decide_doubt", partial(self._decide, row, "charged"))
                    self._desk.button(
                        "It was not charged", "decide_doubt", partial(self._decide, row, "not_charged"), "danger"
                    )

    def _what_next(self, row: InLimbo) -> str:
        parts = [f"for {span(row.age_seconds)}", row.processor_name or ""]
        if row.check_count is not None:
            parts.append(f"asked {count_of(row.check_count, 'time')}")
        if row.next_at is not None:
            seconds = (row.next_at - self._now).total_seconds()
            parts.append(f"next, by itself: {plain(row.next_step)} {'now' if seconds <= 0 else 'in ' + span(seconds)}")
        return " · ".join(part for part in parts if part)

    def _orphan(self, orphan: Orphan) -> None:
        name = f"Charge {end_of(orphan.reference_id)}"
        item = self._items.get(orphan.id)
        with named(ui.element("article"), name).classes("case bad").mark("orphan"):
            with ui.element("div").classes("spread"):
                ui.link(name, f"/console/orders/{orphan.order_id}").classes("case-title")
                badge(f"order {plain(orphan.order_status)}", "bad")
                ui.label(self._desk.speech.money(orphan.approved_minor)).classes("figure case-amount")
            charged = self._desk.speech.moment(orphan.created_at)
            ui.label(f"Charged {charged}, reference {orphan.reference_id}").classes("quiet small")
            if item is not None:
                ui.label(item.detail)
                with ui.element("div").classes("line-up"):
                    self._desk.button("It was paid back", "decide_doubt", partial(self._paid_back, item), "danger")

    async def _sweep(self) -> None:
        """What recovery does by itself, now."""
        await sweep(self._desk.backroom.shop.recovery, self._desk.visitor.vendor_id)
        say("What was due was looked after.")
        await self._renew()

    async def _paid_back(self, item: ReconciliationItem) -> None:
        async def run(reason: str) -> None:
            vendor_id = self._desk.visitor.vendor_id
            await resolve_item(self._desk.db, vendor_id, item.id, resolution=reason, actor=self._desk.actor)
            say("Recorded.", "positive")
            await self._renew()

        await ask_reason(
            self._desk, "decide_doubt", run, title="It was paid back", warning=PAID_BACK, button="Record it"
        )

    async def _ask(self, row: InLimbo) -> None:
        await settle_order(self._desk.backroom.shop.recovery, self._desk.visitor.vendor_id, row.order_id)
        say("The terminal was asked.")
        await self._renew()

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()

    async def _decide(self, row: InLimbo, says: str) -> None:
        async def run(reason: str) -> None:
            assert row.payment_id is not None, "only a payment is decided"
            await decide(
                self._desk.db,
                self._desk.visitor.vendor_id,
                row.payment_id,
                says=says,
                approved_minor=None,
                reason=reason,
                actor=self._desk.actor,
            )
            say("Decided. The order goes on from there.", "positive")
            await self._renew()

        title, warning = ("It was charged", CHARGED) if says == "charged" else ("It was not charged", NOT_CHARGED)
        await ask_reason(self._desk, "decide_doubt", run, title=title, warning=warning, button="Decide")


def _sentence(reason: str) -> str:
    words = said(reason)
    return words[:1].upper() + words[1:]


def _limbo_columns(desk: Desk) -> tuple[Column[InLimbo], ...]:
    return (
        Column("Order", lambda row: row.order_number),
        Column("Kind", lambda row: KIND_WORDS[row.kind][0]),
        Column("Amount", lambda row: desk.speech.money(row.amount_minor or row.total_minor)),
        Column("Terminal", lambda row: row.processor_name or "–"),
        Column("Since", lambda row: desk.speech.moment(row.since)),
        Column("Why", lambda row: said(row.reason)),
        Column("Next", lambda row: plain(row.next_step)),
        Column("Reference", lambda row: row.reference_id or "–"),
    )


def _orphan_columns(desk: Desk) -> tuple[Column[Orphan], ...]:
    return (
        Column("Charged", lambda row: desk.speech.moment(row.created_at)),
        Column("Approved", lambda row: desk.speech.money(row.approved_minor)),
        Column("Order is", lambda row: plain(row.order_status)),
        Column("Reference", lambda row: row.reference_id),
        Column("Order", lambda row: str(row.order_id)),
    )
