"""Receipts: shown, printed and counted, sent by e-mail; and the lines that stores put on them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, EmailStr, Field, StringConstraints

from ringup.api.authentication import Caller, needs
from ringup.api.fields import Form, Id, PathId, refusals
from ringup.api.problems import Refused
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import receipts as calls
from ringup.db.reads.receipts import ReceiptMail, list_receipt_mails
from ringup.domain.errors import CheckoutNotFound
from ringup.domain.ids import new_id
from ringup.receipts.escpos import as_escpos
from ringup.receipts.page import as_html
from ringup.receipts.receipt import receipt_of
from ringup.receipts.text import as_text
from ringup.wiring import Shop

router = APIRouter(prefix="/v1", tags=["receipts"], route_class=ScreenedRoute)

SOLD = ("completed", "partially_refunded", "refunded")
OCTETS = "application/octet-stream"

ReceiptFormat = Literal["text", "html", "escpos"]
StoreText = Annotated[str, StringConstraints(strict=True, max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]

REFUSALS = ("checkout_not_found", "not_completed", "transition_not_allowed", "already_exists")
FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The receipt.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
            OCTETS: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class PrintForm(Form):
    """`print_id` is made by the till: the same print asked for twice is one print."""

    print_id: Id
    format: ReceiptFormat = "escpos"


class MailForm(Form):
    """`mail_id` is made by the client, if it wants to ask twice and send once."""

    email: Annotated[EmailStr, Field(max_length=254, examples=["ada@example.com"])]
    mail_id: Id | None = None


class QueuedMail(BaseModel):
    id: UUID
    status: str


class ReceiptTexts(Form):
    """Lines above and below the sale, as on the paper."""

    header: StoreText = ""
    footer: StoreText = ""


@router.get(
    "/orders/{id}/receipt",
    response_model=None,
    responses={**refusals("checkout_not_found", "not_completed"), **FORMATS},
)
async def get_receipt(
    caller: Annotated[Caller, needs("checkouts:read")],
    order_id: PathId,
    shop: OpenShop,
    receipt_format: Annotated[ReceiptFormat, Query(alias="format")] = "text",
) -> Response:
    """The receipt of a completed sale, to look at: as text 42 characters wide, as a page, or as a printer takes it.

    Looking is not counted. To print, ask for a print: from the second one on it says that it is a copy.
    """
    document = await _sold(shop, caller.vendor_id, order_id)
    return _rendered(document, receipt_format, print_number=1)


@router.post(
    "/orders/{id}/receipt/prints", response_model=None, responses={**refusals(*REFUSALS, body=True), **FORMATS}
)
async def print_receipt(
    caller: Annotated[Caller, needs("checkouts:write")], order_id: PathId, form: PrintForm, shop: OpenShop
) -> Response:
    """Count a print and answer with it. The second and later ones are marked as copies and stand in the audit log."""
    document = await _sold(shop, caller.vendor_id, order_id)
    number = await calls.record_receipt_print(
        shop.db, caller.vendor_id, form.print_id, order_id=order_id, made_as=form.format, printed_by=caller.actor
    )
    return _rendered(document, form.format, print_number=number)


@router.post("/orders/{id}/receipt/mails", status_code=202, responses=refusals(*REFUSALS, "mail_not_set_up", body=True))
async def mail_receipt(
    caller: Annotated[Caller, needs("checkouts:write")], order_id: PathId, form: MailForm, shop: OpenShop
) -> QueuedMail:
    """Send the receipt by e-mail. It is queued durably, and tried for three days until the mail server takes it."""
    if shop.settings.smtp_url is None:
        raise Refused("mail_not_set_up")
    mail_id = form.mail_id or new_id()
    await _sold(shop, caller.vendor_id, order_id)
    status = await calls.queue_receipt_mail(
        shop.db, caller.vendor_id, mail_id, order_id=order_id, recipient=form.email, requested_by=caller.actor
    )
    return QueuedMail(id=mail_id, status=status)


@router.get("/orders/{id}/receipt/mails", responses=refusals("checkout_not_found", "not_completed"))
async def list_mails(
    caller: Annotated[Caller, needs("checkouts:read")], order_id: PathId, shop: OpenShop
) -> list[ReceiptMail]:
    """What was asked to go out by e-mail, and what came of it."""
    await _sold(shop, caller.vendor_id, order_id)
    return await list_receipt_mails(shop.db, caller.vendor_id, order_id)


@router.put("/locations/{id}/receipt-texts", responses=refusals("location_not_found", body=True))
async def set_receipt_texts(
    caller: Annotated[Caller, needs("locations:write")], location_id: PathId, form: ReceiptTexts, shop: OpenShop
) -> ReceiptTexts:
    """A store's own lines: address and tax number above the sale, thanks below it."""
    await calls.set_receipt_texts(
        shop.db, caller.vendor_id, location_id, header=form.header, footer=form.footer, actor=caller.actor
    )
    return form


async def _sold(shop: Shop, vendor_id: UUID, order_id: UUID) -> dict[str, Any]:
    document = await calls.read_receipt(shop.db, vendor_id, order_id)
    if document is None:
        raise CheckoutNotFound(f"order {order_id} does not exist")
    if document["status"] not in SOLD:
        raise Refused("not_completed", facts={"checkout_id": document["id"], "state": document["status"]})
    return document


def _rendered(document: dict[str, Any], receipt_format: ReceiptFormat, *, print_number: int) -> Response:
    receipt = receipt_of(document, print_number)
    if receipt_format == "html":
        return HTMLResponse(as_html(receipt))
    if receipt_format == "escpos":
        return Response(as_escpos(receipt), media_type=OCTETS)
    return PlainTextResponse(as_text(receipt))
