"""The page `/register/shift`: the report of the shift, cash that moves, the count, and the close with its Z report."""

import asyncio
from functools import partial
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from nicegui import app as rooms
from nicegui import ui

from ringup.db.calls.asker import Asker
from ringup.db.calls.shifts import show_session_report
from ringup.domain.errors import CountWanted, SessionNotFound
from ringup.domain.ids import new_id
from ringup.shifts.page import report_as_html, title_of
from ringup.shifts.text import report_as_text
from ringup.web.backroom import Backroom
from ringup.web.look import (
    Action,
    Part,
    act,
    bar,
    excused,
    excusing,
    frame,
    heading,
    loading,
    named,
    note,
    nothing_here,
    part,
    person,
    say,
    sums,
    take_away,
    text,
    words_of,
)
from ringup.web.register.arriving import arrive
from ringup.web.register.coins import Coins
from ringup.web.register.printing import print_page
from ringup.web.register.shift import Shift
from ringup.web.register.till import Till
from ringup.web.visitors import find_person, find_visitor

IDLE_SECONDS = 15 * 60 + 5
LOOK_SECONDS = 5.0
REASON_MAX = 200
MOVEMENTS = (
    ("paid_in", "Put cash in", "add"),
    ("paid_out", "Take cash out", "remove"),
    ("cash_drop", "Drop to the safe", "savings"),
    ("no_sale", "Open the drawer", "lock_open"),
)


def add_shift(backroom: Backroom) -> None:
    """Make the page, and the addresses of reports to be printed."""

    @ui.page("/register/shift", title="Shift · ringup", response_timeout=10)
    async def shift(request: Request) -> Response | None:
        till = await arrive(backroom, request)
        if not isinstance(till, Till):
            return till
        ShiftPage(Shift(till)).show()
        return None

    @rooms.get("/register/reports/{session_id}", include_in_schema=False)
    async def report(request: Request, session_id: UUID) -> Response:
        visitor = await find_visitor(backroom, request)
        reader = visitor and (
            await find_person(backroom, visitor, "register") or await find_person(backroom, visitor, "console")
        )
        if not visitor or not reader:
            return RedirectResponse("/register", 303)
        by = Asker(f"staff:{reader.name}", reader.staff_id)
        try:
            found = await show_session_report(backroom.shop.db, visitor.vendor_id, session_id, by=by)
        except SessionNotFound:
            return HTMLResponse("There is no report of this shift.", 404)
        return HTMLResponse(report_as_html(found))


class ShiftPage:
    """One open page. `_coins` are there while the drawer is being counted."""

    def __init__(self, shift: Shift) -> None:
        self._shift = shift
        self._is_loaded = False
        self._failure: str | None = None
        self._coins: Coins | None = None
        self._pressed_at = _clock()
        self._report_side: Part | None = None
        self._work_side: Part | None = None

    def show(self) -> None:
        till = self._shift.till
        assert till.register is not None, "the till was loaded"
        with bar(till.register.name):
            ui.element("div").classes("grow")
            person(till.person.name)
            ui.link("Back to the register", "/register").classes("link-button")
        with frame("Shift"):
            heading("Shift", 1)
            with ui.element("div").classes("shift"):
                self._report_side = part(self._report, "stack")
                self._work_side = part(self._work, "stack")
        ui.timer(0.01, self._load, once=True)
        ui.timer(LOOK_SECONDS, self._look)

    async def _load(self) -> None:
        self._failure = None
        async with excused():
            try:
                await self._shift.load()
                self._is_loaded = True
            except Exception:
                self._failure = "The report could not be read."
                self._renew()
                raise
        self._renew()

    async def _look(self) -> None:
        """After a quarter of an hour without a press, ask who is there."""
        if _clock() - self._pressed_at > IDLE_SECONDS:
            ui.navigate.reload()

    def _pressed(self) -> None:
        self._pressed_at = _clock()

    def _renew(self) -> None:
        self._pressed()
        for side in (self._report_side, self._work_side):
            if side is not None:
                side.renew()

    def _doing(self, action: Action) -> Action:
        """The action, and then the page as it is, whether it succeeded or was refused."""

        async def run() -> None:
            try:
                await action()
            finally:
                self._renew()

        return excusing(run)

    def _report(self) -> None:
        shift = self._shift
        if self._failure is not None:
            note(self._failure, "bad", live=True)
            act("Try again", self._load, icon="refresh")
        elif not self._is_loaded:
            loading("Reading the report…")
        elif shift.report is None:
            nothing_here("point_of_sale", "No shift yet", "The first shift of this register begins at the register.")
        else:
            heading(title_of(shift.report))
            if shift.report["is_blind"]:
                note("What the drawer should hold is shown after it was counted.")
            paper = text(report_as_text(shift.report), "paper", tag="pre")
            named(paper, title_of(shift.report)).props('tabindex="0" role="region"').mark("report")
            with ui.element("div").classes("pay no-print"):
                act("Print", self._print, icon="print")
                act("Look again", self._doing(shift.load), icon="refresh")

    def _print(self) -> None:
        assert self._shift.report is not None, "there is a report to be printed"
        print_page(f"/register/reports/{UUID(self._shift.report['register_session_id'])}", "Report to print")
        say("Printing.", "positive")

    def _work(self) -> None:
        shift = self._shift
        if not self._is_loaded:
            return
        if not shift.is_open:
            with ui.element("section").classes("card stack").mark("closed"):
                if shift.report is None:
                    note("No shift is open at this register.")
                else:
                    note(f"The shift is closed. Its {title_of(shift.report)} is kept.", "good", live=True)
                ui.link("Open the next shift", "/register").classes("link-button main")
            return
        with ui.element("section").classes("card stack"):
            heading("The drawer")
            self._drawer()
        if self._coins is None:
            self._movements()

    def _movements(self) -> None:
        with ui.element("section").classes("card stack"):
            heading("Cash without a sale")
            with ui.element("div").classes("pay"):
                for kind, words, icon in MOVEMENTS:
                    act(words, self._doing(partial(self._move, kind, words)), icon=icon)

    def _drawer(self) -> None:
        last = self._shift.last_count
        if self._coins is not None:
            self._count(self._coins)
        elif self._shift.may_close and last is not None:
            off = last["variance_minor"]
            money = self._shift.till.speech.money
            sums(
                [("Should be there", money(last["expected_minor"])), ("Counted", money(last["counted_minor"]))],
                total=("Over" if off > 0 else "Short" if off < 0 else "Exact", money(abs(off))),
            )
            act("Close the shift", self._doing(self._close), "main big", icon="lock").mark("close")
            act("Count again", self._begin_count)
        elif last is not None and last["is_wanted_again"]:
            note("The count is off by too much. Count once more: that count stands.", "warn", live=True)
            act("Count once more", self._begin_count, "main big", icon="calculate")
        else:
            if last is not None:
                note("Cash moved since the drawer was counted. Count it again.", "warn", live=True)
            text("Count the drawer to close the shift. What should be there is said afterwards.", "quiet", tag="p")
            act("Count the drawer", self._begin_count, "main big", icon="calculate")

    def _begin_count(self) -> None:
        self._coins = Coins(self._shift.till.speech, self._pressed)
        self._renew()

    def _leave_count(self) -> None:
        self._coins = None
        self._renew()

    def _count(self, coins: Coins) -> None:
        coins.show()

        async def counted() -> None:
            if not coins.is_touched:
                say("Type how many there are. Is the drawer empty, type a nought.", "warning")
                return
            await self._shift.count(coins.denominations)
            self._coins = None
            self._renew()

        # The fields stay as they are where the count is refused.
        with ui.element("div").classes("pay"):
            act("This is what is there", excusing(counted), "main big")
            act("Leave it", self._leave_count)

    async def _close(self) -> None:
        try:
            await self._shift.close()
        except CountWanted as wanted:
            await self._shift.load()
            say(words_of(wanted), "warning")

    async def _move(self, kind: str, words: str) -> None:
        asked = await _ask_movement(self._shift.till, kind, words)
        if asked is not None:
            await self._shift.move(new_id(), kind, *asked)
            say("Noted.", "positive")


async def _ask_movement(till: Till, kind: str, words: str) -> tuple[int, str] | None:
    """Ask how much and why; None where the dialog is left."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        named(dialog, words)
        heading(words)
        amount = None
        if kind != "no_sale":
            amount = ui.input("Amount").props("outlined autofocus inputmode=decimal autocomplete=off")
        reason = ui.input("Reason").props(f"outlined autocomplete=off maxlength={REASON_MAX}")

        def take() -> None:
            amount_minor = till.speech.minor(str(amount.value or "")) if amount is not None else 0
            why = str(reason.value or "").strip()
            if amount_minor is None or (amount is not None and not amount_minor):
                say("This is no amount.", "warning")
            elif not why:
                say("Cash moves with a reason.", "warning")
            else:
                dialog.submit((amount_minor, why))

        reason.on("keydown.enter", take)
        with ui.element("div").classes("pay"):
            act("Do it", take, "main")
            act("Leave it", lambda: dialog.submit(None))
    asked: tuple[int, str] | None = await dialog
    take_away(dialog)
    return asked


def _clock() -> float:
    return asyncio.get_running_loop().time()
