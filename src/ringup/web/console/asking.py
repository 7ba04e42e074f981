"""Dialogs: one that asks for a reason before something is decided for good, and one with fields."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from nicegui import ui

from ringup.domain.staff import Action
from ringup.web.console.desk import Desk
from ringup.web.look import act, heading, note, say, take_away

REASON_MAX = 500
Decide = Callable[[str], Awaitable[None]]


@contextlib.asynccontextmanager
async def dialog_of(title: str) -> AsyncIterator[ui.dialog]:
    """A dialog that stays open until it is closed, also while the page behind it is shown anew."""
    with ui.context.client.content, ui.dialog(value=True) as dialog, ui.card().classes("dialog"):
        heading(title)
        yield dialog
    await dialog
    take_away(dialog)


async def ask_reason(desk: Desk, action: Action, decide: Decide, *, title: str, warning: str, button: str) -> None:
    """Ask, and do it with the reason that was given. Without a reason nothing is done."""
    async with dialog_of(title) as dialog:
        note(warning, "warn")
        field = ui.input("Reason: what was seen, and where").props(f"outlined autofocus maxlength={REASON_MAX}")

        async def run() -> None:
            reason = str(field.value or "").strip()
            if not reason:
                say("Give a reason: it is kept for good, with your name.", "warning")
                return
            await decide(reason)
            dialog.close()

        with ui.element("div").classes("pay"):
            act(button, desk.doing(action, run), "main")
            act("Leave it", dialog.close)
