"""A shift begins: what is in the drawer is counted."""

from nicegui import ui

from ringup.db.calls.shifts import open_register_session
from ringup.domain.ids import new_id
from ringup.web.look import act, excusing, heading, note, say, text
from ringup.web.register.approving import Approvals, with_approvals
from ringup.web.register.coins import Coins
from ringup.web.register.till import Till


def ask_float(till: Till) -> None:
    """In place of the goods, where no shift is open. The same page opens one shift, however often it is pressed."""
    coins = Coins(till.speech, lambda: None)
    session_id = new_id()

    async def open_it(approvals: Approvals) -> None:
        await open_register_session(
            till.backroom.shop.db,
            till.vendor_id,
            session_id,
            register_id=till.register_id,
            by=await till.by(approvals),
            denominations=coins.denominations,
        )

    async def begin() -> None:
        if not coins.is_touched:
            say("Count the drawer first. Is it empty, type a nought.", "warning")
            return
        await with_approvals(till, "Begin the shift", open_it)
        ui.navigate.reload()

    with ui.element("div").classes("page"), ui.element("section").classes("card stack narrow"):
        heading("No shift is open here", 1)
        text("Count the cash in the drawer, and begin.", "quiet", tag="p")
        coins.show()
        act("Open the shift", excusing(begin), "main big")
        note("Sales are refused until a shift is open: every payment belongs to one.")
