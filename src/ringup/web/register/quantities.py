"""The question what happens to one line of the cart: how many are sold, or a discount."""

from typing import Literal

from nicegui import ui

from ringup.web.look import act, heading, named, take_away
from ringup.web.register.contents import QUANTITY_MAX, CartLine


async def ask_line(line: CartLine) -> int | Literal["discount", "no discount"] | None:
    """Ask how many, or whether a discount is to be given or taken away; None to leave it as it is."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        named(dialog, line.name)
        heading(line.name)
        field = (
            ui.number("How many", value=line.quantity, min=0, max=QUANTITY_MAX, step=1, precision=0)
            .props("outlined autofocus input-class=figure")
            .on("focus", js_handler="(event) => event.target.select()")
        )

        def take() -> None:
            dialog.submit(int(field.value) if field.value is not None else None)

        field.on("keydown.enter", take)
        with ui.element("div").classes("pay"):
            act("Set", take, "main")
            act("Take it out", lambda: dialog.submit(0), "danger")
            act("Discount", lambda: dialog.submit("discount"), icon="percent")
            if line.discount is not None:
                act("No discount", lambda: dialog.submit("no discount"), icon="undo")
    chosen: int | Literal["discount", "no discount"] | None = await dialog
    take_away(dialog)
    return chosen
