"""The first page: what this is, and where to go."""

from nicegui import ui

from ringup.web.backroom import Backroom
from ringup.web.look import bar, frame, heading, note, text

PAGES = (
    ("/register", "Register", "Sell: scan or tap goods, take cash or a card, split the bill, redeem points."),
    ("/console", "Console", "See the day: sales, terminals, payments in doubt, points, and who did what."),
)
FOR_VISITORS = (
    ("/simulator", "Simulator", "Be the customer: decline, walk away, cut the cable, and watch the sale heal."),
    ("/docs", "API", "Every call of the HTTP API, with its answers."),
)
DRILL = "ringup drill --checkouts 300 --seed 1"


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
                note("This is a demonstration shop. Its card terminals are simulated: nobody is charged.", "good")
            with ui.element("div").classes("wide-grid"):
                for target, title, about in PAGES if backroom.demonstration is None else PAGES + FOR_VISITORS:
                    _door(target, title, about)
            if sheet is not None:
                _try_it(sheet["people"])


def _door(target: str, title: str, about: str) -> None:
    with ui.link(target=target).classes("card door"):
        heading(title)
        ui.label(about).classes("quiet")


def _try_it(people: list[dict[str, str]]) -> None:
    with ui.element("div").classes("half-grid"):
        with ui.element("section").classes("card stack"):
            heading("Who works here")
            text("Sign in at the register or in the console as one of them.", "quiet", tag="p")
            for person in people:
                _person(person)
        with ui.element("section").classes("card stack"):
            heading("Break it")
            text("1. Open the simulator, and choose “Lose the answer” for a terminal.", tag="p")
            text("2. Sell something on it at the register. The page says that it does not know, and why.", tag="p")
            text("3. Watch: in seconds the charge is found, and the sale completes. Nobody is charged twice.", tag="p")
            text("A whole bad day, against a naive checkout, in a terminal window:", "quiet", tag="p")
            text(DRILL, "mono", tag="code")


def _person(person: dict[str, str]) -> None:
    with ui.element("div").classes("spread"):
        ui.label(f"{person['name']}, {person['role']}")
        ui.label(f"PIN {person['pin']}").classes("mono")
