"""Sales in limbo and money without an order: what happens by itself, and what a person may do."""

from functools import partial

from nicegui import ui

from ringup.db.reads.console import read_now
from ringup.db.reads.recovery import InLimbo, Orphan, list_limbo, list_orphans
from ringup.recovery.decide import decide
from ringup.recovery.settle import settle_order
from ringup.web.amounts import span
from ringup.web.console.asking import ask_reason
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.console.orders import plain
from ringup.web.look import act, badge, empty, excused, excusing, heading, say, text

LOOK_SECONDS = 2.0
SHOWN = 100
KIND_WORDS = {
    "under_way": ("under way", ""),
    "in_doubt": ("in doubt", "warn"),
    "going_back": ("money goes back", "warn"),
    "to_capture": ("to be captured", "warn"),
    "waiting": ("waiting", ""),
}


async def show_doubts(desk: Desk) -> None:
    page = _Doubts(desk)
    await page.load()
    page.show()
    ui.timer(LOOK_SECONDS, page.look)


class _Doubts:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._limbo: list[InLimbo] = []
        self._orphans: list[Orphan] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._limbo = await list_limbo(self._desk.db, vendor_id, limit=SHOWN)
        self._orphans = await list_orphans(self._desk.db, vendor_id, limit=SHOWN)
        self._now = await read_now(self._desk.db)

    def _signature(self) -> tuple[object, ...]:
        rows = ((row.id, row.kind, row.status, row.check_count, row.next_check_at) for row in self._limbo)
        return (*rows, *(orphan.id for orphan in self._orphans))

    async def look(self) -> None:
        async with excused():
            before = self._signature()
            await self.load()
            if self._signature() != before:
                self.show.refresh()

    @ui.refreshable_method
    def show(self) -> None:
        heading("Sales that have not ended")
        if not self._limbo:
            empty("Nothing is in doubt, and nothing is under way.")
        for row in self._limbo:
            self._row(row)
        with ui.element("section").classes("card stack"):
            heading("Money without an order")
            text(
                "Approved charges without a completed order, that nobody is giving back. This is to be empty.",
                "quiet",
                tag="p",
            )
            sheet("orphans", _orphan_columns(self._desk), self._orphans, nothing="There is none.")

    def _row(self, row: InLimbo) -> None:
        words, kind = KIND_WORDS[row.kind]
        with ui.element("section").classes("card stack").mark("limbo"):
            with ui.element("div").classes("spread"):
                ui.link(f"Order {row.order_number}", f"/console/orders/{row.order_id}")
                badge(words, kind)
                ui.label(self._desk.speech.money(row.amount_minor or row.total_minor)).classes("figure")
            ui.label(row.reason)
            ui.label(self._what_next(row)).classes("quiet small")
            if row.kind == "in_doubt" and row.payment_id is not None:
                with ui.element("div").classes("line-up"):
                    act("Ask the terminal now", excusing(partial(self._ask, row)), icon="refresh")
                    act("It was charged", partial(self._decide, row, "charged"))
                    act("It was not charged", partial(self._decide, row, "not_charged"), "danger")

    def _what_next(self, row: InLimbo) -> str:
        parts = [f"for {span(row.age_seconds)}", row.processor_name or ""]
        if row.check_count is not None:
            parts.append(f"asked {row.check_count} times")
        if row.next_at is not None:
            seconds = (row.next_at - self._now).total_seconds()
            parts.append(f"next, by itself: {plain(row.next_step)} {'now' if seconds <= 0 else 'in ' + span(seconds)}")
        return " · ".join(part for part in parts if part)

    async def _ask(self, row: InLimbo) -> None:
        await self._desk.may("see_reports")
        await settle_order(self._desk.backroom.shop.recovery, self._desk.visitor.vendor_id, row.order_id)
        say("The terminal was asked.")
        await self.load()
        self.show.refresh()

    async def _decide(self, row: InLimbo, says: str) -> None:
        async def run(reason: str) -> None:
            await self._desk.may("decide_doubt")
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
            await self.load()
            self.show.refresh()

        async with excused():
            await self._desk.may("decide_doubt")
            charged = "The order is completed, as if the terminal had said so."
            title, warning = ("It was charged", charged) if says == "charged" else ("It was not charged", NOT_CHARGED)
            await ask_reason(title, warning, "Decide", run)


NOT_CHARGED = "The order ends without a sale, and the goods go back. Be sure: look into the batch report first."


def _orphan_columns(desk: Desk) -> tuple[Column[Orphan], ...]:
    return (
        Column("Order", lambda row: str(row.order_id)[-12:], link=lambda row: f"/console/orders/{row.order_id}"),
        Column("Charged", lambda row: desk.speech.moment(row.created_at)),
        Column("Order's status", lambda row: plain(row.order_status), kind=lambda row: "bad"),
        Column("Approved", lambda row: desk.speech.money(row.approved_minor), right=True),
        Column("Reference", lambda row: row.reference_id),
    )
