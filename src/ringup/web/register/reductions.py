"""Questions to the cashier about what comes off the sale: a discount with its reason, or a coupon."""

from decimal import Decimal, InvalidOperation
from typing import Any

from nicegui import ui

from ringup.web.look import act, heading, named, say, take_away
from ringup.web.register.till import Till

REASON_MAX = 200
CODE_MAX = 64


async def ask_discount(till: Till, title: str) -> dict[str, Any] | None:
    """Ask how much off, as an amount or a percentage, and why; None where the dialog is left."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        named(dialog, title)
        heading(title)
        much = ui.input("How much: 5.00 or 10%").props("outlined autofocus autocomplete=off")
        reason = ui.input("Reason").props(f"outlined autocomplete=off maxlength={REASON_MAX}")

        def take() -> None:
            off, why = _read(till, str(much.value or "")), str(reason.value or "").strip()
            if off is None:
                say("Type an amount, or a percentage up to 100%.", "warning")
            elif not why:
                say("A discount has a reason.", "warning")
            else:
                dialog.submit({**off, "reason": why})

        reason.on("keydown.enter", take)
        with ui.element("div").classes("pay"):
            act("Take it off", take, "main")
            act("Leave it", lambda: dialog.submit(None))
    asked: dict[str, Any] | None = await dialog
    take_away(dialog)
    return asked


def _read(till: Till, typed: str) -> dict[str, Any] | None:
    """5.00 is an amount and 10% a percentage with up to two decimals; None for what is neither."""
    words = typed.strip().replace(",", ".")
    if not words.endswith("%"):
        amount_minor = till.speech.minor(words)
        return {"amount_minor": amount_minor} if amount_minor else None
    try:
        percent = Decimal(words[:-1].strip())
    except InvalidOperation:
        return None
    is_one = percent.is_finite() and 0 < percent <= 100 and percent == percent.quantize(Decimal("0.01"))
    return {"percent": str(percent)} if is_one else None


async def ask_coupon() -> str | None:
    """Ask for a coupon's code; None where the dialog is left."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        named(dialog, "Coupon")
        heading("Coupon")
        field = ui.input("Code").props(f"outlined autofocus autocomplete=off maxlength={CODE_MAX}")

        def take() -> None:
            dialog.submit(str(field.value or "").strip() or None)

        field.on("keydown.enter", take)
        with ui.element("div").classes("pay"):
            act("Use it", take, "main")
            act("Leave it", lambda: dialog.submit(None))
    code: str | None = await dialog
    take_away(dialog)
    return code
