"""What no rule could settle, and waits for a person."""

from functools import partial

from nicegui import ui

from ringup.db.calls.recovery import resolve_item
from ringup.db.reads.recovery import ReconciliationItem, list_items
from ringup.web.amounts import span
from ringup.web.console.asking import ask_reason
from ringup.web.console.desk import Column, Desk, sheet
from ringup.web.console.orders import plain
from ringup.web.look import act, badge, empty, excused, heading, say

SHOWN = 100


async def show_queue(desk: Desk) -> None:
    page = _Queue(desk)
    await page.load()
    page.show()


class _Queue:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: list[ReconciliationItem] = []
        self._done: list[ReconciliationItem] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._open = await list_items(self._desk.db, vendor_id, limit=SHOWN, status="open")
        self._done = await list_items(self._desk.db, vendor_id, limit=SHOWN, status="resolved")

    @ui.refreshable_method
    def show(self) -> None:
        if not self._open:
            empty("Nothing waits for a person.")
        for item in self._open:
            self._item(item)
        with ui.element("section").classes("card stack"):
            heading("What was done before")
            sheet("resolved-items", _columns(self._desk), self._done, nothing="Nothing yet.")

    def _item(self, item: ReconciliationItem) -> None:
        with ui.element("section").classes("card stack").mark("item"):
            with ui.element("div").classes("spread"):
                badge(plain(item.kind), "warn")
                ui.label(f"for {span(item.age_seconds)}").classes("quiet")
                ui.label(self._desk.speech.money(item.amount_minor)).classes("figure")
            ui.label(item.detail)
            if item.reference_id:
                ui.label(item.reference_id).classes("mono")
            with ui.element("div").classes("line-up"):
                if item.order_id:
                    ui.link("The order", f"/console/orders/{item.order_id}").classes("link-button")
                act("Close it", partial(self._resolve, item), "main")

    async def _resolve(self, item: ReconciliationItem) -> None:
        async def run(reason: str) -> None:
            await self._desk.may("decide_doubt")
            await resolve_item(
                self._desk.db, self._desk.visitor.vendor_id, item.id, resolution=reason, actor=self._desk.actor
            )
            say("Closed.", "positive")
            await self.load()
            self.show.refresh()

        async with excused():
            await self._desk.may("decide_doubt")
            await ask_reason("Close it", "This moves no money. Say what was done about it.", "Close it", run)


def _columns(desk: Desk) -> tuple[Column[ReconciliationItem], ...]:
    return (
        Column("Raised", lambda row: desk.speech.moment(row.created_at)),
        Column("What", lambda row: plain(row.kind)),
        Column("Amount", lambda row: desk.speech.money(row.amount_minor), right=True),
        Column("Closed by", lambda row: row.resolved_by or "–"),
        Column("How", lambda row: row.resolution or "–"),
    )
