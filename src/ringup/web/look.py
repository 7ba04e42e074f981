"""What all pages look like: the frame, and the pieces of which they are made."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

import structlog
from nicegui import context, ui

from ringup.domain.errors import RingupError
from ringup.domain.ids import new_id

log = structlog.get_logger("ringup.web")

Action = Callable[[], Awaitable[None]]
Named = TypeVar("Named", bound=ui.element)

HEAD = """
<link rel="stylesheet" href="/assets/ringup.css">
<script defer src="/assets/ringup.js"></script>
<meta name="robots" content="noindex">
"""
THEMES = {"auto": None, "light": False, "dark": True}
WORDS = {
    "not_signed_in": "You are signed out. Sign in again; nothing was lost.",
    "cart_changed": "This cart was changed in another tab or at another time. You now see it as it is.",
    "cart_in_payment": "The cart is being paid and cannot be changed now.",
    "database_unavailable": "The database does not answer. Nothing was changed. Try again in a moment.",
    "action_denied": "Your role may not do this.",
    "approval_needed": "This needs somebody else's approval.",
    "terminal_offline": "The terminal is offline. Nobody was charged. Choose a green one, or take cash.",
    "terminal_busy": "The terminal was busy all the time. Nobody was charged.",
    "session_closed": "No shift is open at this register.",
    "insufficient_points": "The customer does not have that many points free.",
}
"""What staff read for some errors, by code; for the others, the error's own sentence."""


def words_of(refusal: RingupError) -> str:
    """A refusal for people."""
    if refusal.code == "insufficient_stock":
        return f"Not enough in stock: {refusal}."
    sentence = str(refusal)
    return WORDS.get(refusal.code) or (sentence[:1].upper() + sentence[1:] + ".")


class Part:
    """A part of a page that is shown anew, at once, whenever something changed."""

    def __init__(self, element: ui.element, show: Callable[[], None]) -> None:
        self._element = element
        self._show = show
        self._shown: object = None

    def renew(self, what: object = None) -> None:
        """`what`: all that `show` depends on. While that stays the same, nothing is done."""
        if what is not None and what == self._shown:
            return
        self._shown = what
        self._element.clear()
        with self._element:
            self._show()


def part(show: Callable[[], None], classes: str = "", *, tag: str = "div") -> Part:
    """Here and now, and again at each `renew`."""
    made = Part(ui.element(tag).classes(classes), show)
    made.renew()
    return made


@contextlib.contextmanager
def frame(title: str, *, wide: bool = False) -> Iterator[None]:
    """A page: its title for the browser, the look, and everything below the bar. The main landmark is Quasar's."""
    ui.page_title(f"{title} · ringup")
    ui.add_head_html(HEAD)
    ui.colors(primary="#0b6b66", secondary="#52606d", accent="#0b6b66", positive="#17693a", negative="#a61b1b")
    with named(ui.element("section"), title).classes("" if wide else "page"):
        yield


@contextlib.contextmanager
def bar(place: str = "") -> Iterator[None]:
    """The bar on top, above the page's own frame. `place` is where one is."""
    with ui.element("header").classes("bar"):
        with ui.link(target="/").classes("brand").props('aria-label="ringup, to the first page"'):
            ui.html("ring<span>up</span>", sanitize=False)
        if place:
            ui.label(place).classes("quiet")
        yield
        _theme_switch()


def _theme_switch() -> None:
    dark = ui.dark_mode(None)

    async def recall() -> None:
        kept = await ui.run_javascript("window.ringupTheme ? window.ringupTheme() : null", timeout=5)
        if kept in THEMES:
            dark.value = THEMES[kept]

    def choose(name: str) -> None:
        dark.value = THEMES[name]
        ui.run_javascript(f"window.ringupSetTheme('{name}')")

    with ui.button(icon="contrast", color=None).classes("act bare").props('flat aria-label="Light or dark"'), ui.menu():
        for name in THEMES:
            ui.menu_item({"auto": "As the device", "light": "Light", "dark": "Dark"}[name], lambda n=name: choose(n))
    ui.timer(0.05, recall, once=True)


def act(
    text: str, on_click: Callable[[], Any], kind: str = "", *, icon: str | None = None, label: str | None = None
) -> ui.button:
    """A button of at least 48 pixels. `kind`: main, danger, chosen, big, bare. `label`: what the text does not say."""
    button = (
        ui.button(text, on_click=on_click, icon=icon, color=None).classes(f"act {kind}").props("unelevated no-caps")
    )
    return named(button, label) if label else button


def named(element: Named, label: str) -> Named:
    """Give something a name that is read out. Never part of a string of properties: names may hold quotes."""
    element.props["aria-label"] = label
    return element


def text(words: str, classes: str = "", *, tag: str = "span") -> ui.element:
    """Words in an element that says what they are."""
    with ui.element(tag).classes(classes) as element:
        # As text, never as HTML.
        ui.label(words).style("display: inline")
    return element


def heading(words: str, level: int = 2) -> None:
    text(words, tag=f"h{level}")


def said(words: str, icon: str, kind: str = "") -> None:
    """How it went, at a glance: good, warn, bad or busy."""
    with ui.element("div").classes(f"said {kind}"):
        with ui.element("div").classes("mark").props('aria-hidden="true"'):
            ui.spinner(size="1.6rem", color=None) if kind == "busy" else ui.icon(icon)
        heading(words)


def badge(words: str, kind: str = "") -> None:
    ui.label(words).classes(f"badge {kind}")


def note(words: str, kind: str = "", *, live: bool = False) -> ui.element:
    """A sentence that is to be read; `live` ones are also read out when they appear."""
    with ui.element("div").classes(f"note {kind}") as element:
        ui.label(words)
    return element.props('role="status" aria-live="polite"') if live else element


def person(name: str, role: str = "") -> None:
    """Somebody who works here."""
    with ui.element("div").classes("person"):
        ui.label("".join(word[0] for word in name.split()[:2]).upper()).classes("initials").props('aria-hidden="true"')
        ui.label(name)
        if role:
            ui.label(role).classes("quiet small")


def empty(words: str) -> None:
    ui.label(words).classes("empty")


def nothing_here(icon: str, title: str, words: str) -> None:
    """A large place where something will be, once somebody does what the words say."""
    with ui.element("div").classes("nothing-here"):
        ui.icon(icon).classes("picture")
        text(title, "strong", tag="p")
        text(words, "quiet", tag="p")


def loading(words: str = "Loading…") -> None:
    with ui.element("div").classes("empty").props('role="status"'):
        ui.spinner(size="2em")
        ui.label(words)


def sums(rows: Sequence[tuple[str, str]], *, total: tuple[str, str] | None = None) -> None:
    for label, amount in rows:
        with ui.element("div").classes("sum"):
            ui.label(label).classes("quiet")
            ui.label(amount).classes("figure")
    if total is not None:
        with ui.element("div").classes("sum total"):
            ui.label(total[0])
            ui.label(total[1]).classes("figure").mark("total")


def say(words: str, kind: str = "info") -> None:
    ui.notify(words, type=kind, position="top", timeout=6000, close_button="OK")  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def excused() -> AsyncIterator[None]:
    """Around every action: a refusal is said in words, a bug is logged under a number and never shown.

    What is shown in it, a dialog for example, belongs to the page, and stays when the pressed part is shown anew.
    """
    with context.client:
        try:
            yield
        except RingupError as refusal:
            say(words_of(refusal), "warning")
            if refusal.code == "not_signed_in":
                ui.navigate.reload()
        except Exception:  # noqa: BLE001  the entry point of a page
            number = _noted()
            say(
                f"Something went wrong here; it was noted as {number}. Nothing is charged twice: look again.",
                "negative",
            )


def take_away(dialog: ui.dialog) -> None:
    """A dialog that was answered, or whose page was closed: then it went with the page."""
    if not dialog.is_deleted:
        dialog.delete()


def excusing(action: Action) -> Action:
    """The action, for a button."""

    async def run() -> None:
        async with excused():
            await action()

    return run


def apologise(failure: Exception) -> None:
    """In place of a page that could not be made: what staff can do, and the number under which the cause is logged."""
    ui.add_head_html(HEAD)
    known = isinstance(failure, RingupError)
    if not known:
        number = _noted(failure)
    with ui.element("section").classes("page narrow"):
        heading("This page cannot be shown", 1)
        note(words_of(failure) if isinstance(failure, RingupError) else f"It was noted as {number}.", "bad")
        ui.link("Try again", "").classes("link-button main").props('onclick="location.reload(); return false"')


def _noted(failure: Exception | None = None) -> str:
    """Log what went wrong, and return the number to ask for."""
    number = str(new_id())[-12:]
    log.error("page_failed", number=number, exc_info=failure or True)
    return number
