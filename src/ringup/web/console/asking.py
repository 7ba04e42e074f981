"""A dialog that asks for a reason before something is decided for good."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from ringup.web.look import act, excused, heading, note, say

REASON_MAX = 500
Decide = Callable[[str], Awaitable[None]]


async def ask_reason(title: str, warning: str, button: str, decide: Decide) -> None:
    """Ask, and do it with the reason that was given. Without a reason nothing is done."""
    with ui.dialog(value=True) as dialog, ui.card().classes("dialog"):
        heading(title)
        note(warning, "warn")
        field = ui.input("Reason: what was seen, and where").props(f"outlined autofocus maxlength={REASON_MAX}")

        async def run() -> None:
            reason = str(field.value or "").strip()
            if not reason:
                say("Give a reason: it is kept for good, with your name.", "warning")
                return
            async with excused():
                await decide(reason)
                dialog.close()

        with ui.element("div").classes("pay"):
            act(button, run, "main")
            act("Leave it", dialog.close)
    await dialog
    dialog.delete()
