"""The pieces of which the console's pages are made."""

import contextlib
from collections.abc import Iterator, Sequence

from nicegui import ui

from ringup.web.look import heading, named, text


@contextlib.contextmanager
def panel(title: str, about: str = "", *, mark: str = "") -> Iterator[ui.element]:
    """A card with a heading. What it yields stands at the heading's right, for buttons that are about all of it."""
    with named(ui.element("section"), title).classes("card panel") as section:
        if mark:
            section.mark(mark)
        head = ui.element("div").classes("panel-head")
        with head, ui.element("div").classes("grow"):
            heading(title)
            if about:
                text(about, "quiet small", tag="p")
        with head:
            corner = ui.element("div").classes("line-up")
        yield corner


def number_card(title: str, value: str, about: str = "", *, kind: str = "", target: str = "", icon: str = "") -> None:
    """One number that people look at first. `kind` colours it."""
    with named(ui.element("section"), title).classes(f"card number-card {kind}"):
        with ui.element("div").classes("number-title"):
            if icon:
                ui.icon(icon).props('aria-hidden="true"')
            ui.label(title)
        ui.label(value).classes("value figure")
        if target:
            ui.link(about or "See them", target).classes("small")
        elif about:
            ui.label(about).classes("quiet small")


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Names with what they stand for."""
    with ui.element("dl").classes("facts"):
        for name, value in rows:
            with ui.element("div"):
                text(name, "quiet", tag="dt")
                text(value, "figure", tag="dd")


def nothing(words: str, icon: str = "check_circle") -> None:
    """An empty list is an answer too, and mostly a good one."""
    with ui.element("div").classes("nothing"):
        ui.icon(icon).props('aria-hidden="true"')
        ui.label(words)
