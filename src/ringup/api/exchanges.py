"""Exchanges: goods of an earlier sale come back, others are sold, and only the difference moves."""

import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ringup.api.authentication import Caller, needs
from ringup.api.cart_form import CartForm
from ringup.api.checkouts import LOCATION, SALE_REFUSALS, cart_of
from ringup.api.documents import CheckoutDocument, Document
from ringup.api.fields import PathId, Text, refusals
from ringup.api.problems import request_id_of
from ringup.api.refund_forms import RefundDocument, ReturnedForm
from ringup.api.refunds import KEY_PARAMETER, WHAT_GOES_BACK
from ringup.api.sale import Sale
from ringup.api.sale_answers import read_idempotency_key, result_of, sale_response
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop, SalesUnderWay
from ringup.db.calls.exchanges import preview_exchange, read_exchange
from ringup.db.reads.refunds import RefundStatus
from ringup.domain.cart import SaleRequest
from ringup.domain.exchange import ExchangeRequest
from ringup.gift_cards.codes import hash_code
from ringup.wiring import Shop

router = APIRouter(prefix="/v1", tags=["refunds"], route_class=ScreenedRoute)

Writer = Annotated[Caller, needs("checkouts:write", "refunds:write")]

REFUSALS = tuple(dict.fromkeys((*SALE_REFUSALS, *WHAT_GOES_BACK)))


class GoodsBackForm(ReturnedForm):
    """What comes back of the earlier sale. `tender` says how what is over goes back. `reason` is kept for good."""

    reason: Text


class ExchangeForm(CartForm):
    """The new sale as a checkout, and what comes back for it. `tenders` pay the difference only, and may be none."""

    returned: GoodsBackForm

    def exchange(self, caller: Caller, order_id: UUID, sale: SaleRequest) -> ExchangeRequest:
        """With the same digest for the same exchange of the same sale."""
        back = self.returned.returned(caller, order_id, self.register_id, reason=self.returned.reason)
        return ExchangeRequest(sale, back)


class ExchangeDocument(Document):
    """Both halves. `id` is that of the new sale."""

    object: Literal["exchange"]
    id: UUID
    status: RefundStatus
    returned_order_id: UUID
    currency: str
    difference_minor: int = Field(description="What the customer pays; negative is what they get back.")
    credit_minor: int = Field(description="What of the earlier sale pays the new one.")
    refund: RefundDocument
    checkout: CheckoutDocument


@router.post(
    "/orders/{id}/exchanges",
    status_code=201,
    response_model=None,
    responses={
        **refusals(*REFUSALS, body=True),
        201: {"model": ExchangeDocument, "description": "Both halves are done, now or before.", "headers": LOCATION},
        202: {
            "model": ExchangeDocument,
            "description": "Neither half is done yet: the money is in doubt, or a person says how it goes back.",
            "headers": LOCATION,
        },
    },
    openapi_extra={"parameters": [KEY_PARAMETER]},
)
async def exchange_goods(
    request: Request, caller: Writer, order_id: PathId, form: ExchangeForm, shop: OpenShop, *, under_way: SalesUnderWay
) -> Response:
    """Take goods of a completed sale back and sell others for them: both, or neither.

    Safe to repeat with the same key and body. It goes on if the client hangs up.
    """
    asked = await _asked(request, caller, order_id, form, shop, key=read_idempotency_key(request))
    rung_up = await Sale(under_way, shop, asked).result()
    if result_of(rung_up.answer) not in ("completed", "pending"):
        return sale_response(request, rung_up)
    document = await read_exchange(shop.db, caller.vendor_id, rung_up.checkout_id)
    headers = {"Location": f"/v1/exchanges/{rung_up.checkout_id}"}
    if rung_up.replayed:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(document, 201 if document["status"] == "completed" else 202, headers=headers)


@router.post(
    "/orders/{id}/exchanges/preview",
    response_model=ExchangeDocument,
    responses=refusals(*REFUSALS, body=True),
)
async def preview_exchange_of_goods(
    request: Request, caller: Writer, order_id: PathId, form: ExchangeForm, shop: OpenShop
) -> Any:
    """What would come back, what is sold, and what is to be paid? Changes nothing; refuses what an exchange would."""
    return await preview_exchange(shop.db, await _asked(request, caller, order_id, form, shop, key="preview"))


@router.get(
    "/exchanges/{id}",
    response_model=None,
    responses={**refusals("checkout_not_found"), 200: {"model": ExchangeDocument}},
)
async def get_exchange(
    caller: Annotated[Caller, needs("checkouts:read")], exchange_id: PathId, shop: OpenShop
) -> Response:
    """An exchange as it stands, by the id of its new sale."""
    return JSONResponse(await read_exchange(shop.db, caller.vendor_id, exchange_id))


async def _asked(
    request: Request, caller: Caller, order_id: UUID, form: ExchangeForm, shop: Shop, *, key: str
) -> ExchangeRequest:
    digest = form.digest(lambda code: hash_code(shop.keyring, caller.vendor_id, code))
    of_this_sale = hashlib.sha256(order_id.bytes + digest).digest()
    cart = await cart_of(shop, caller, form)
    sale = SaleRequest(caller.vendor_id, key, of_this_sale, cart, request_id_of(request))
    return form.exchange(caller, order_id, sale)
