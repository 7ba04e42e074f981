"""The question how many of something are sold."""

from nicegui import ui

from ringup.web.look import act, heading
from ringup.web.register.contents import QUANTITY_MAX, CartLine


async def ask_quantity(line: CartLine) -> int | None:
    """Ask how many; None to leave it as it is."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
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
    chosen: int | None = await dialog
    dialog.delete()
    return chosen
