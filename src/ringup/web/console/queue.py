"""What no rule could settle, and waits for a person."""

from functools import partial

from nicegui import ui

from ringup.db.calls.recovery import resolve_item
from ringup.db.reads.recovery import ReconciliationItem, list_items
from ringup.web.amounts import span
from ringup.web.console.asking import ask_reason
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.room import watch
from ringup.web.console.sheets import Column, export, sheet
from ringup.web.console.words import end_of, plain
from ringup.web.look import badge, named, say

SHOWN = 100
LOOK_SECONDS = 5.0
ADVICE = {
    "charge_without_payment": "The terminal has a charge that ringup does not know. Find out whose; refund it there.",
    "not_at_processor": "ringup counts it as charged, and the terminal's list does not have it. Ask the processor.",
    "amount_differs": "The terminal charged another amount than the one that was asked for.",
    "void_refused": "The sale ended, and the charge could not be given back. Refund it in the processor's portal.",
    "capture_refused": "The sale is complete, and the processor will not take the money that was set aside for it.",
    "capture_expiring": "The money is only set aside, and soon not even that: capture it in the portal in time.",
}


async def show_queue(desk: Desk) -> None:
    page = _Queue(desk)
    await page.load()
    page.show()
    watch(desk, page, LOOK_SECONDS)


class _Queue:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: list[ReconciliationItem] = []
        self._done: list[ReconciliationItem] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._open = await list_items(self._desk.db, vendor_id, limit=SHOWN, status="open")
        self._done = await list_items(self._desk.db, vendor_id, limit=SHOWN, status="resolved")

    def state(self) -> object:
        return [item.id for item in self._open], [item.id for item in self._done]

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Waits for a person", "What no rule could settle: the processor and ringup do not agree") as corner:
            if not self._open:
                nothing("Nothing waits for a person.")
            else:
                export("open-items", _open_columns(self._desk), self._open, corner)
            for item in self._open:
                self._item(item)
        with panel("Closed before") as corner:
            sheet("resolved-items", _columns(self._desk), self._done, nothing="Nothing was closed yet.", corner=corner)

    def _item(self, item: ReconciliationItem) -> None:
        name = f"{plain(item.kind)} {end_of(item.reference_id or item.id)}"
        with named(ui.element("article"), name).classes("case warn").mark("item"):
            with ui.element("div").classes("spread"):
                ui.label(plain(item.kind).capitalize()).classes("case-title")
                badge(f"for {span(item.age_seconds)}", "warn")
                ui.label(self._desk.speech.money(item.amount_minor)).classes("figure case-amount")
            ui.label(item.detail)
            ui.label(ADVICE.get(item.kind, "")).classes("quiet small")
            if item.reference_id:
                ui.label(f"Reference {item.reference_id}").classes("mono")
            with ui.element("div").classes("line-up"):
                self._desk.button("Close it", "decide_doubt", partial(self._resolve, item), "main")
                if item.order_id:
                    ui.link("The order", f"/console/orders/{item.order_id}").classes("link-button")

    async def _resolve(self, item: ReconciliationItem) -> None:
        async def run(reason: str) -> None:
            vendor_id = self._desk.visitor.vendor_id
            await resolve_item(self._desk.db, vendor_id, item.id, resolution=reason, actor=self._desk.actor)
            say("Closed.", "positive")
            await self.load()
            self.show.refresh()

        warning = "This moves no money. Say what was done about it."
        await ask_reason(self._desk, "decide_doubt", run, title="Close it", warning=warning, button="Close it")


def _open_columns(desk: Desk) -> tuple[Column[ReconciliationItem], ...]:
    return (
        Column("Raised", lambda row: desk.speech.moment(row.created_at)),
        Column("What", lambda row: plain(row.kind)),
        Column("Amount", lambda row: desk.speech.money(row.amount_minor)),
        Column("Reference", lambda row: row.reference_id or "–"),
        Column("Why", lambda row: row.detail),
    )


def _columns(desk: Desk) -> tuple[Column[ReconciliationItem], ...]:
    return (
        Column("Raised", lambda row: desk.speech.moment(row.created_at)),
        Column("What", lambda row: plain(row.kind)),
        Column("Amount", lambda row: desk.speech.money(row.amount_minor), right=True),
        Column("Closed by", lambda row: row.resolved_by or "–"),
        Column("Closed", lambda row: desk.speech.moment(row.resolved_at)),
        Column("How", lambda row: row.resolution or "–"),
    )
