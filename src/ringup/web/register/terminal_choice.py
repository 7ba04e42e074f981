"""The card terminals of a place, as the cashier chooses among them."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from ringup.db.reads.places import Processor
from ringup.web.look import badge, empty, excusing
from ringup.web.register.till import Till

KINDS = {"green": "good", "amber": "warn", "red": "bad"}

Take = Callable[[Processor], Awaitable[None]]


def show_terminals(till: Till, take: Take) -> None:
    """Those that may be charged can be pressed; the others say why not, and since when."""
    if not till.terminals:
        empty("There is no card terminal at this location.")
    for terminal in till.terminals:
        _show_terminal(till, terminal, take)


def _show_terminal(till: Till, terminal: Processor, take: Take) -> None:
    why = _why_not(till, terminal)
    button = (
        ui.button(on_click=excusing(lambda: take(terminal)), color=None)
        .classes("act big terminal")
        .props("unelevated no-caps align=between")
        .mark(f"terminal-{terminal.processor_name}")
    )
    with button:
        with ui.element("div").classes("grow"):
            ui.label(terminal.processor_name)
            if why or terminal.health == "amber":
                ui.label(why or "It has not been asked lately.").classes("why")
        badge(
            "in doubt" if terminal.is_in_doubt else terminal.health,
            "warn" if terminal.is_in_doubt else KINDS[terminal.health],
        )
    if why:
        button.disable()


def _why_not(till: Till, terminal: Processor) -> str:
    """Why this terminal may not be chosen, and since when; empty where it may."""
    if terminal.is_in_doubt:
        return "A payment on it is being found out. It is free again when that is known."
    if terminal.health != "red":
        return ""
    good_at = till.last_good.get(terminal.id)
    since = f"Not there since {till.speech.clock(good_at)}." if good_at else "It was never there."
    return f"{terminal.last_health_error or 'It does not answer'}. {since}".replace("..", ".")
