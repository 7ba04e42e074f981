"""The receipt of a sale: shown, printed and counted, sent by e-mail. That of a refund: shown and printed."""

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from nicegui import app as rooms
from nicegui import context, ui

from ringup.db.calls import receipts as calls
from ringup.db.calls.refunds import read_refund_receipt
from ringup.domain.ids import new_id
from ringup.receipts.page import as_html
from ringup.receipts.receipt import receipt_of
from ringup.receipts.refund import refund_receipt_of
from ringup.web.backroom import Backroom
from ringup.web.look import act, excusing, heading, say
from ringup.web.register.printing import print_page
from ringup.web.register.till import Till
from ringup.web.visitors import find_person, find_visitor, require_person

SOLD = ("completed", "partially_refunded", "refunded")


def add_receipts(backroom: Backroom) -> None:
    """Make the addresses of receipts, for those who are signed in at a register or in the console."""

    @rooms.get("/register/receipts/{order_id}", include_in_schema=False)
    async def receipt(request: Request, order_id: UUID, number: int = 1) -> Response:
        visitor = await find_visitor(backroom, request)
        if visitor is None or not (
            await find_person(backroom, visitor, "register") or await find_person(backroom, visitor, "console")
        ):
            return RedirectResponse("/register", 303)
        document = await calls.read_receipt(backroom.shop.db, visitor.vendor_id, order_id)
        if document is None or document["status"] not in SOLD:
            return HTMLResponse("There is no receipt of this sale.", 404)
        return HTMLResponse(as_html(receipt_of(document, max(1, number))))

    @rooms.get("/register/refunds/{refund_id}", include_in_schema=False)
    async def refund_receipt(request: Request, refund_id: UUID) -> Response:
        visitor = await find_visitor(backroom, request)
        if visitor is None or not (
            await find_person(backroom, visitor, "register") or await find_person(backroom, visitor, "console")
        ):
            return RedirectResponse("/register", 303)
        document = await read_refund_receipt(backroom.shop.db, visitor.vendor_id, refund_id)
        if document is None:
            return HTMLResponse("There is no such refund.", 404)
        return HTMLResponse(as_html(refund_receipt_of(document)))


def offer_refund_receipt(refund_id: str) -> None:
    """The same for a refund; it is printed as often as it is wanted."""
    address = f"/register/refunds/{UUID(refund_id)}"
    with ui.element("div").classes("pay"):
        act("Receipt", lambda: _look_at(address), icon="receipt_long")
        act("Print", lambda: print_page(address, "Receipt to print"), icon="print")


def offer_receipt(till: Till, order_id: str) -> None:
    """Buttons: look at it, print it, mail it."""
    with ui.element("div").classes("pay"):
        act("Receipt", lambda: _look_at(f"/register/receipts/{UUID(order_id)}"), icon="receipt_long")
        act("Print", excusing(lambda: _print(till, order_id)), icon="print")
    if till.backroom.shop.settings.smtp_url is not None:
        _offer_mail(till, order_id)


def _look_at(address: str) -> None:
    with context.client, ui.dialog(value=True) as dialog, ui.card().classes("dialog"):
        heading("Receipt")
        ui.element("iframe").classes("receipt-frame").props(f'src="{address}" title="Receipt"')
        act("Close", dialog.delete)


async def _print(till: Till, order_id: str) -> None:
    """Counted before it is made: from the second print on it says that it is a copy."""
    person = await require_person(till.backroom, till.visitor, "register")
    number = await calls.record_receipt_print(
        till.backroom.shop.db,
        till.vendor_id,
        new_id(),
        order_id=UUID(order_id),
        made_as="html",
        printed_by=f"staff:{person.name}",
    )
    print_page(f"/register/receipts/{UUID(order_id)}?number={number}", "Receipt to print")
    say("Printing." if number == 1 else f"Printing copy {number - 1}.", "positive")


def _offer_mail(till: Till, order_id: str) -> None:
    field = ui.input("E-mail", placeholder="ada@example.com").props("outlined type=email autocomplete=off")

    async def send() -> None:
        person = await require_person(till.backroom, till.visitor, "register")
        recipient = str(field.value or "").strip()
        if "@" not in recipient or len(recipient) > 254 or " " in recipient:
            say("This is no e-mail address.", "warning")
            return
        await calls.queue_receipt_mail(
            till.backroom.shop.db,
            till.vendor_id,
            new_id(),
            order_id=UUID(order_id),
            recipient=recipient,
            requested_by=f"staff:{person.name}",
        )
        say("The receipt is on its way.", "positive")

    act("Send the receipt", excusing(send), icon="mail")
