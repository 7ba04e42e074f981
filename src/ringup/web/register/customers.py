"""Two questions to the cashier: who the customer is, and how many points are used."""

from functools import partial
from typing import Any

from nicegui import ui

from ringup.db.reads.customers import Customer, list_customers
from ringup.web.look import act, empty, excused, heading, sums, take_away, text
from ringup.web.register.till import Till

SHOWN_MAX = 12
LEAST_TYPED = 2


async def choose_customer(till: Till) -> Customer | None:
    """Ask who it is; None where nobody was chosen."""
    found: list[Customer] = []

    @ui.refreshable
    def results() -> None:
        if not found:
            empty("Type the beginning of a name, a whole e-mail address, or a phone number.")
        for customer in found:
            name = " ".join(part for part in (customer.first_name, customer.last_name) if part) or "Without a name"
            reached = customer.email or customer.phone or ""
            with (
                ui.button(on_click=partial(dialog.submit, customer), color=None)
                .classes("act")
                .props("unelevated no-caps align=between"),
                ui.element("div").classes("spread grow"),
            ):
                ui.label(name)
                ui.label(reached).classes("quiet small cut grow")
                ui.label(f"{customer.loyalty_points_available:,} points").classes("figure small")

    async def search(typed: str) -> None:
        async with excused():
            words = typed.strip()
            found[:] = (
                await list_customers(till.backroom.shop.db, till.vendor_id, limit=SHOWN_MAX, search=words)
                if len(words) >= LEAST_TYPED
                else []
            )
            results.refresh()

    with ui.dialog() as dialog, ui.card().classes("dialog"):
        heading("Customer")
        ui.input("Name, e-mail or phone", on_change=lambda e: search(str(e.value or ""))).props(
            "outlined autofocus debounce=150 autocomplete=off"
        ).mark("customer-search")
        results()
        act("Nobody", lambda: dialog.submit(None))
    chosen: Customer | None = await dialog
    take_away(dialog)
    return chosen


async def redeem_points(till: Till) -> int | None:
    """Ask how many points are used; None to leave it as it is."""
    points: dict[str, Any] = (till.preview or {}).get("points") or {}
    maximum = int(points.get("points_maximum") or 0)
    step = int(points.get("points_step") or 1)
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        heading("Use points")
        sums(
            [
                ("Free", f"{points.get('points_available', 0):,}"),
                ("Of these for this cart", f"{maximum:,}"),
                ("Worth", till.speech.money(points.get("points_maximum_value_minor"))),
            ]
        )
        if points.get("expiring_points"):
            text(f"{points['expiring_points']:,} points expire next.", "quiet small", tag="p")
        field = (
            ui.number(
                "Points", value=till.contents.redeem_points or maximum, min=0, max=maximum, step=step, precision=0
            )
            .props("outlined autofocus")
            .mark("points")
        )
        with ui.element("div").classes("pay"):
            act("Use them", lambda: dialog.submit(int(field.value or 0)), "main")
            act("Use none", lambda: dialog.submit(0))
    chosen: int | None = await dialog
    take_away(dialog)
    return chosen
