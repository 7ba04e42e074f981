"""The first page: what this is, and where to go."""

from nicegui import ui

from ringup.web.backroom import Backroom
from ringup.web.look import badge, bar, frame, heading, text
from ringup.web.look import person as person_of

PAGES = (
    ("/register", "point_of_sale", "Register", "Sell: scan or tap goods, take cash or a card, split, use points."),
    ("/console", "insights", "Console", "See the day: sales, terminals, payments in doubt, points, who did what."),
)
FOR_VISITORS = (
    ("/simulator", "contactless", "Simulator", "Be the customer: pay, decline, walk away, cut the cable."),
    ("/docs", "api", "API", "Every call of the HTTP API, with its answers."),
)
DRILL = "ringup drill --checkouts 300 --seed 1"
STEPS = (
    "Open the simulator, and choose “Lose the answer” for a terminal.",
    "Sell something on it at the register. The page says that it does not know, and what to do.",
    "Watch: in seconds the charge is found, and the sale completes. Nobody is charged twice.",
)


def add(backroom: Backroom) -> None:
    """Make the page `/`."""

    @ui.page("/", title="ringup")
    def landing() -> None:
        sheet = backroom.demo_sheet()
        with bar():
            ui.element("div").classes("grow")
        with frame("Every sale exactly once"):
            with ui.element("div").classes("hero"):
                heading("Every sale, exactly once", 1)
                text(
                    "ringup rings up a cart in one of two ways: the customer paid, and the order, the stock, the "
                    "points and the till's totals all moved; or nothing happened anywhere. That stays so when a "
                    "terminal is silent, a cable is pulled or a button is pressed twice.",
                    tag="p",
                )
                if backroom.demonstration is not None:
                    badge("A demonstration shop: its terminals are simulated, nobody is charged", "good")
            with ui.element("nav").classes("doors").props('aria-label="Pages"'):
                for target, icon, title, about in PAGES if backroom.demonstration is None else PAGES + FOR_VISITORS:
                    _door(target, icon, title, about)
            if sheet is not None:
                _try_it(sheet["people"])


def _door(target: str, icon: str, title: str, about: str) -> None:
    with ui.link(target=target).classes("card door"):
        ui.icon(icon).classes("picture")
        heading(title)
        ui.label(about).classes("quiet")


def _try_it(people: list[dict[str, str]]) -> None:
    with ui.element("div").classes("half-grid"):
        with ui.element("section").classes("card stack"):
            heading("Break it")
            _steps()
        with ui.element("section").classes("card stack"):
            heading("Who works here")
            for person in people:
                _person(person)
        with ui.element("section").classes("card stack"):
            heading("A whole bad day")
            text("The same faults, against a naive checkout and against ringup, in a terminal:", "quiet", tag="p")
            text(DRILL, "mono code", tag="code")


def _steps() -> None:
    with ui.element("ol").classes("numbered"):
        for step in STEPS:
            text(step, tag="li")


def _person(person: dict[str, str]) -> None:
    with ui.element("div").classes("spread"):
        person_of(f"{person['name']}", person["role"])
        ui.label(f"PIN {person['pin']}").classes("mono")
