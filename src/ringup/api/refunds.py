"""Refunds: goods, money and points of a sale go back in one document."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from ringup.api.asking import asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, After, Limit, Page, PathId, page, refusals
from ringup.api.problems import request_id_of
from ringup.api.receipts import FORMATS, OCTETS, ReceiptFormat
from ringup.api.refund_forms import PreviewForm, RefundDocument, RefundForm, RefundPreview, RefundTenderForm
from ringup.api.sale_answers import key_parameter, read_idempotency_key
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop, SalesUnderWay
from ringup.checkout.give_back import drive_refund, give_back
from ringup.db.calls import refunds as calls
from ringup.db.calls.asker import Asker
from ringup.db.reads.refunds import RefundStatus, RefundSummary, list_refunds
from ringup.domain.errors import RefundNotFound
from ringup.domain.refund import RefundRequest
from ringup.receipts.escpos import as_escpos
from ringup.receipts.page import as_html
from ringup.receipts.refund import refund_receipt_of
from ringup.receipts.text import as_text
from ringup.recovery.settle import settle_order
from ringup.wiring import Shop

router = APIRouter(prefix="/v1", tags=["refunds"], route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("checkouts:read")]
Writer = Annotated[Caller, needs("refunds:write")]

WHAT_GOES_BACK = (
    *("checkout_not_found", "register_not_found", "transition_not_allowed", "session_closed", "return_too_large"),
    *("refund_too_large", "refund_overtaken", "tender_not_refundable", "tenders_do_not_add_up", "amount_out_of_range"),
    *("reason_missing", *PERMITS),
)
HOW_IT_GOES_BACK = ("terminal_busy", "terminal_offline", "payment_in_doubt", "payment_not_captured", "refund_ended")
LOCATION = {"Location": {"description": "Where the refund is.", "schema": {"type": "string"}}}
MADE: dict[int | str, dict[str, Any]] = {
    201: {"model": RefundDocument, "description": "Everything is back, now or before.", "headers": LOCATION},
    202: {
        "model": RefundDocument,
        "description": "Not all of the money is back: `next_step` and `message` say what is to be done.",
        "headers": LOCATION,
    },
}
KEY_PARAMETER = key_parameter("The same key gives the same back exactly once")


@router.post(
    "/orders/{id}/refunds",
    status_code=201,
    response_model=None,
    responses={
        **refusals(
            *(*WHAT_GOES_BACK, *HOW_IT_GOES_BACK, "processor_not_found"),
            *("idempotency_key_missing", "idempotency_key_invalid", "idempotency_key_reused"),
            body=True,
        ),
        **MADE,
    },
    openapi_extra={"parameters": [KEY_PARAMETER]},
)
async def refund_order(
    request: Request, caller: Writer, order_id: PathId, form: RefundForm, shop: OpenShop, *, under_way: SalesUnderWay
) -> Response:
    """Give a completed sale back, or a part of it. Safe to repeat with the same key and body.

    Cards get their money first; cash, goods and points follow in one step. The refund
    goes on if the client hangs up, and recovery finishes what a crash left.
    """
    asked = form.refund(caller, order_id, read_idempotency_key(request), request_id_of(request))
    prepared, document = await under_way.result(under_way.start(carry_out(shop, asked)))
    return _answer(document, replayed=not prepared.made and document["status"] == "completed")


async def carry_out(shop: Shop, asked: RefundRequest) -> tuple[calls.PreparedRefund, dict[str, Any]]:
    """Give back, and say how it stands. Goes on to its end without whoever asked for it."""
    prepared = await give_back(shop.counter, asked)
    if not prepared.made and prepared.step in ("look_up", "undo"):
        # Somebody asks again about money in doubt: find out now, not when the ladder says.
        await settle_order(shop.recovery, asked.vendor_id, asked.order_id)
    return prepared, await calls.read_refund(shop.db, asked.vendor_id, prepared.refund_id)


@router.post(
    "/orders/{id}/refunds/preview",
    response_model=RefundPreview,
    responses=refusals(*WHAT_GOES_BACK, body=True),
)
async def preview_order_refund(caller: Writer, order_id: PathId, form: PreviewForm, shop: OpenShop) -> Any:
    """What would go back, and in what ways? Changes nothing; refuses what a refund would refuse."""
    return await calls.preview_refund(shop.db, form.preview(caller, order_id))


@router.get("/orders/{id}/refunds", responses=refusals())
async def list_order_refunds(
    caller: Reader, order_id: PathId, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[RefundSummary]:
    """The refunds of one sale, newest first."""
    rows = await list_refunds(shop.db, caller.vendor_id, limit=limit + 1, before=starting_after, order_id=order_id)
    return page(rows, limit)


@router.get("/refunds", responses=refusals())
async def list_all_refunds(
    caller: Reader,
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    status: Annotated[RefundStatus | None, Query()] = None,
) -> Page[RefundSummary]:
    """Refunds, newest first. Those that are open wait for somebody."""
    rows = await list_refunds(shop.db, caller.vendor_id, limit=limit + 1, before=starting_after, status=status)
    return page(rows, limit)


@router.get(
    "/refunds/{id}", response_model=None, responses={**refusals("refund_not_found"), 200: {"model": RefundDocument}}
)
async def get_refund(caller: Reader, refund_id: PathId, shop: OpenShop) -> Response:
    """One refund as it stands, with what is to be done next."""
    return JSONResponse(await calls.read_refund(shop.db, caller.vendor_id, refund_id))


@router.post(
    "/refunds/{id}/tender",
    response_model=None,
    status_code=201,
    responses={
        **refusals(
            *("refund_not_found", "session_closed", "tender_not_refundable", "tenders_do_not_add_up"),
            *(*HOW_IT_GOES_BACK, *PERMITS),
            body=True,
        ),
        **MADE,
    },
)
async def tender_refund(
    caller: Writer, refund_id: PathId, form: RefundTenderForm, shop: OpenShop, under_way: SalesUnderWay
) -> Response:
    """Give what is not back yet in another way, or try the card again. Nothing that may be back goes back again."""
    by = asker(caller)
    again = carry_on(shop, caller.vendor_id, refund_id, tender_type=form.type, reference=form.reference, by=by)
    return _answer(await under_way.result(under_way.start(again)))


async def carry_on(
    shop: Shop, vendor_id: UUID, refund_id: UUID, *, tender_type: str, reference: str | None, by: Asker
) -> dict[str, Any]:
    """Give what is not back yet in this way, and say how the refund stands."""
    step = await calls.tender_refund(
        shop.db,
        vendor_id,
        refund_id,
        tender_type=tender_type,
        external_reference=reference,
        staff_id=by.staff_id,
        approval_id=by.approval_id,
        actor=by.actor,
        lease_seconds=shop.counter.patience.step,
    )
    await drive_refund(shop.counter, vendor_id, refund_id, step)
    return await calls.read_refund(shop.db, vendor_id, refund_id)


@router.post(
    "/refunds/{id}/cancel",
    response_model=None,
    responses={**refusals("refund_not_found", "refund_ended", "payment_in_doubt"), 200: {"model": RefundDocument}},
)
async def cancel_refund(caller: Writer, refund_id: PathId, shop: OpenShop) -> Response:
    """Give a refund up of which no money is back, and none may be. Safe to repeat."""
    await calls.cancel_refund(shop.db, caller.vendor_id, refund_id, actor=caller.actor)
    return JSONResponse(await calls.read_refund(shop.db, caller.vendor_id, refund_id))


@router.get("/refunds/{id}/receipt", response_model=None, responses={**refusals("refund_not_found"), **FORMATS})
async def get_refund_receipt(
    caller: Reader,
    refund_id: PathId,
    shop: OpenShop,
    receipt_format: Annotated[ReceiptFormat, Query(alias="format")] = "text",
) -> Response:
    """The receipt of a refund, marked as one, with negative sums."""
    document = await calls.read_refund_receipt(shop.db, caller.vendor_id, refund_id)
    if document is None:
        raise RefundNotFound(f"refund {refund_id} does not exist")
    receipt = refund_receipt_of(document)
    if receipt_format == "html":
        return HTMLResponse(as_html(receipt))
    if receipt_format == "escpos":
        return Response(as_escpos(receipt), media_type=OCTETS)
    return PlainTextResponse(as_text(receipt))


def _answer(document: dict[str, Any], *, replayed: bool = False) -> Response:
    headers = {"Location": f"/v1/refunds/{document['id']}"} | ({"Idempotent-Replayed": "true"} if replayed else {})
    return JSONResponse(document, 201 if document["status"] == "completed" else 202, headers=headers)
