"""Orders: what became of checkouts."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ringup.api.authentication import Caller, needs
from ringup.api.checkouts import list_checkouts
from ringup.api.documents import CheckoutDocument
from ringup.api.fields import Page, PathId, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.checkout import read_checkout
from ringup.db.reads.orders import OrderSummary

router = APIRouter(prefix="/v1/orders", tags=["orders"], route_class=ScreenedRoute)

router.add_api_route(
    "",
    list_checkouts,
    methods=["GET"],
    name="list_orders",
    summary="List Orders",
    description="Orders, newest first.",
    response_model=Page[OrderSummary],
    responses=refusals(),
)


@router.get(
    "/{id}",
    response_model=None,
    responses={**refusals("checkout_not_found"), 200: {"model": CheckoutDocument}},
)
async def get_order(caller: Annotated[Caller, needs("checkouts:read")], order_id: PathId, shop: OpenShop) -> Response:
    """An order with its lines and tenders: the same as its checkout."""
    return JSONResponse(await read_checkout(shop.db, caller.vendor_id, order_id))
