"""Selling: POST /v1/checkouts, and what can be asked and done about a sale."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from ringup.api.authentication import Caller, needs
from ringup.api.cart_form import AddedTendersForm, CartForm
from ringup.api.documents import (
    CheckoutDocument,
    OrderStatus,
    PreflightDocument,
    has_ended,
    preflight_document,
)
from ringup.api.fields import PERMITS, After, Limit, Page, PathId, page, refusals
from ringup.api.new_sales import NewSaleRoute
from ringup.api.problems import request_id_of
from ringup.api.sale import Sale
from ringup.api.sale_answers import (
    key_parameter,
    location_of,
    pending_response,
    read_idempotency_key,
    result_of,
    sale_response,
    wants_no_wait,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import Numbers, OpenShop, SalesUnderWay
from ringup.checkout import cancel as cancelling
from ringup.checkout.ring_up import preflight
from ringup.db.calls.checkout import read_checkout
from ringup.db.reads.orders import OrderSummary, list_orders
from ringup.domain.cart import AddedTenders, Cart, SaleRequest
from ringup.domain.errors import RingupError
from ringup.gift_cards.codes import find_by_code, hash_code
from ringup.recovery.settle import settle_order
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/checkouts", tags=["checkouts"], route_class=ScreenedRoute)
new_sales = APIRouter(prefix="/v1/checkouts", tags=["checkouts"], route_class=NewSaleRoute)

CART_REFUSALS = (
    *("location_not_found", "register_not_found", "customer_not_found", "product_not_found"),
    *("processor_not_found", "session_closed", "insufficient_points", "insufficient_stock"),
    *("customer_inactive", "product_inactive", "processor_inactive", "tenders_do_not_add_up"),
    *("currency_mismatch", "amount_out_of_range", "discount_too_large", "redemption_too_large"),
    *("points_out_of_range", "redemption_not_allowed", "loyalty_off", "terminal_offline", "terminal_in_doubt"),
    *("discount_invalid", "reason_missing", "coupon_not_found", "coupon_expired", "coupon_not_begun"),
    *("coupon_used_up", "coupon_minimum_not_met", "coupon_needs_customer", *PERMITS),
    *("gift_card_not_found", "gift_card_expired", "gift_card_disabled", "gift_card_invalid", "gift_card_locked"),
    *("insufficient_balance", "store_credit_needs_customer"),
)
SALE_REFUSALS = (
    *CART_REFUSALS,
    *("idempotency_key_missing", "idempotency_key_invalid", "idempotency_key_reused"),
    *("card_declined", "partially_approved", "checkout_in_progress", "checkout_cancelled"),
    *("checkout_expired", "terminal_busy", "payment_not_sent"),
)
TENDER_REFUSALS = (
    *("checkout_not_found", "tender_not_wanted", "session_closed", "processor_not_found", "processor_inactive"),
    *("tenders_do_not_add_up", "reason_missing", "currency_mismatch", "terminal_offline", "terminal_in_doubt"),
    *("gift_card_not_found", "gift_card_expired", "gift_card_disabled", "gift_card_invalid", "gift_card_locked"),
    *("insufficient_balance", "store_credit_needs_customer", "idempotency_key_missing", "idempotency_key_invalid"),
    *("idempotency_key_reused", "card_declined", "partially_approved", "checkout_in_progress", "checkout_cancelled"),
    *("checkout_expired", "terminal_busy", "payment_not_sent"),
)
LOCATION = {"Location": {"description": "Where the checkout is.", "schema": {"type": "string"}}}
PENDING: dict[str, Any] = {
    "model": CheckoutDocument,
    "description": "Not known yet: show `waits_for.message`, then look again, or follow the events. "
    "If `due_minor` is not 0, a card paid a part: add tenders for the rest, or cancel.",
    "headers": LOCATION,
}
KEY_PARAMETER = key_parameter("The same key sells the same cart exactly once")
PREFER_PARAMETER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`respond-async`: answer 202 as soon as everything is set aside.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
}


@new_sales.post(
    "",
    status_code=201,
    response_model=None,
    responses={
        **refusals(*SALE_REFUSALS, body=True),
        201: {"model": CheckoutDocument, "description": "Sold, now or before.", "headers": LOCATION},
        202: PENDING,
    },
    openapi_extra={"parameters": [KEY_PARAMETER, PREFER_PARAMETER]},
)
async def ring_up_cart(
    request: Request,
    caller: Annotated[Caller, needs("checkouts:write")],
    form: CartForm,
    shop: OpenShop,
    under_way: SalesUnderWay,
    *,
    metrics: Numbers,
) -> Response:
    """Sell a cart: the customer pays and everything moves, or nothing does.

    Safe to repeat with the same key and cart. The sale goes on if the client hangs up.
    """
    key = read_idempotency_key(request)
    digest = form.digest(lambda code: hash_code(shop.keyring, caller.vendor_id, code))
    cart = await cart_of(shop, caller, form)
    sale_request = SaleRequest(caller.vendor_id, key, digest, cart, request_id_of(request))
    sale = Sale(under_way, shop, sale_request)
    try:
        if wants_no_wait(request) and await sale.is_left_running():
            checkout_id = sale.begun.result().checkout_id
            document = await read_checkout(shop.db, caller.vendor_id, checkout_id)
            metrics.checkouts.labels("pending").inc()
            return pending_response(checkout_id, document, was_asked_for=True)
        rung_up = await sale.result()
    except RingupError as refusal:
        metrics.checkouts.labels(refusal.code).inc()
        raise
    if not rung_up.replayed:
        metrics.checkouts.labels(result_of(rung_up.answer)).inc()
    return sale_response(request, rung_up)


@router.post(
    "/preflight",
    response_model=None,
    responses={**refusals(*CART_REFUSALS, body=True), 200: {"model": PreflightDocument}},
)
async def try_cart(caller: Annotated[Caller, needs("checkouts:write")], form: CartForm, shop: OpenShop) -> Response:
    """Would this cart go through, and what would it come to? Changes nothing; refuses what a sale would refuse."""
    document = await preflight(shop.counter, caller.vendor_id, await cart_of(shop, caller, form))
    return JSONResponse(preflight_document(document))


async def cart_of(shop: Shop, caller: Caller, form: CartForm) -> Cart:
    return form.cart(
        may_set_prices=caller.may("prices:override"),
        staff_id=caller.staff_id,
        approval_ids=caller.approval_ids,
        gift_cards=await _gift_cards(shop, caller, form.codes),
    )


async def _gift_cards(shop: Shop, caller: Caller, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids of gift cards by their codes."""
    asker = f"key:{caller.key_id}"
    return {code: await find_by_code(shop.db, shop.keyring, caller.vendor_id, code, asker=asker) for code in codes}


@router.get("/preflight", include_in_schema=False)
async def refuse_to_get_preflight() -> None:
    """Else it would be taken for a checkout's id."""
    raise HTTPException(405)


@router.get("", responses=refusals())
async def list_checkouts(
    caller: Annotated[Caller, needs("checkouts:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    status: Annotated[OrderStatus | None, Query()] = None,
    *,
    customer_id: Annotated[UUID | None, Query(description="Only this customer's.")] = None,
) -> Page[OrderSummary]:
    """Checkouts, newest first."""
    rows = await list_orders(
        shop.db,
        caller.vendor_id,
        limit=limit + 1,
        before=starting_after,
        status=status,
        customer_id=customer_id,
    )
    return page(rows, limit)


@router.get(
    "/{id}",
    response_model=None,
    responses={**refusals("checkout_not_found"), 200: {"model": CheckoutDocument}},
)
async def get_checkout(
    caller: Annotated[Caller, needs("checkouts:read")], checkout_id: PathId, shop: OpenShop
) -> Response:
    """A checkout as it stands."""
    return JSONResponse(await read_checkout(shop.db, caller.vendor_id, checkout_id))


@router.post(
    "/{id}/cancel",
    response_model=None,
    responses={
        **refusals("checkout_not_found", "not_cancellable"),
        200: {"model": CheckoutDocument, "description": "Ended. What was taken goes back."},
        202: PENDING,
    },
)
async def cancel_checkout(
    caller: Annotated[Caller, needs("checkouts:write")],
    checkout_id: PathId,
    shop: OpenShop,
    under_way: SalesUnderWay,
) -> Response:
    """Give a checkout up. 202 while the terminal may still be taking the money: if it does, it goes back.

    Safe to repeat.
    """
    await settle_order(shop.recovery, caller.vendor_id, checkout_id)
    task = under_way.start(cancelling.cancel(shop.counter, caller.vendor_id, checkout_id))
    answer = await under_way.result(task)
    document = await read_checkout(shop.db, caller.vendor_id, checkout_id)
    if not has_ended(answer.status):
        return pending_response(checkout_id, document)
    return JSONResponse(document, headers=location_of(checkout_id))


@router.post(
    "/{id}/tenders",
    status_code=201,
    response_model=None,
    responses={
        **refusals(*TENDER_REFUSALS, body=True),
        201: {"model": CheckoutDocument, "description": "Sold, now or before.", "headers": LOCATION},
        202: PENDING,
    },
    openapi_extra={"parameters": [KEY_PARAMETER]},
)
async def pay_the_rest(
    request: Request,
    caller: Annotated[Caller, needs("checkouts:write")],
    checkout_id: PathId,
    form: AddedTendersForm,
    shop: OpenShop,
    *,
    under_way: SalesUnderWay,
    metrics: Numbers,
) -> Response:
    """Add tenders for what is left to pay after a card was approved for a part, and go on with the sale.

    Safe to repeat with the same key. What is refused here leaves the part kept; a card that is
    declined ends the sale, and the part goes back. 202 with a `due_minor`: this card, too, paid a part only.
    """
    added = AddedTenders(
        caller.vendor_id,
        checkout_id,
        read_idempotency_key(request),
        form.digest(lambda code: hash_code(shop.keyring, caller.vendor_id, code)),
        form.added(await _gift_cards(shop, caller, form.codes)),
    )
    try:
        rung_up = await Sale(under_way, shop, added).result()
    except RingupError as refusal:
        metrics.checkouts.labels(refusal.code).inc()
        raise
    if not rung_up.replayed:
        metrics.checkouts.labels(result_of(rung_up.answer)).inc()
    return sale_response(request, rung_up)
