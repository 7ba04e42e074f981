"""A tip that is given after the sale."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from ringup.api.authentication import Caller, needs
from ringup.api.documents import CheckoutDocument
from ringup.api.fields import Form, Minor, PathId, refusals
from ringup.api.problems import request_id_of
from ringup.api.sale_answers import key_parameter, read_idempotency_key
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop, SalesUnderWay
from ringup.checkout.change_tip import ChangedTip, change_tip
from ringup.db.calls.checkout import read_checkout
from ringup.domain.tip import TipRequest
from ringup.recovery.settle import settle_order
from ringup.wiring import Shop

router = APIRouter(prefix="/v1/orders", tags=["orders"], route_class=ScreenedRoute)

KEY_PARAMETER = key_parameter("The same key changes the tip exactly once")


class TipForm(Form):
    """The whole tip that the card is to pay: what the cart said, and what the customer wrote on the slip, together."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tip_minor": 300}]})

    tip_minor: Minor
    payment_id: Annotated[UUID | None, Field(description="Which card, where several paid for the sale.")] = None


@router.post(
    "/{id}/tip",
    response_model=None,
    responses={
        **refusals(
            *("checkout_not_found", "attempt_not_found", "tip_not_adjustable", "tip_refused", "tip_too_large"),
            *("payment_in_doubt", "checkout_in_progress", "terminal_busy", "terminal_offline", "processor_not_found"),
            *("idempotency_key_missing", "idempotency_key_invalid", "idempotency_key_reused"),
            body=True,
        ),
        200: {"model": CheckoutDocument, "description": "The card pays the tip, now or before."},
        202: {
            "model": CheckoutDocument,
            "description": "The terminal did not say: the tender's `tip_wanted_minor` is null when it is found out.",
        },
    },
    openapi_extra={"parameters": [KEY_PARAMETER]},
)
async def change_order_tip(
    request: Request,
    caller: Annotated[Caller, needs("checkouts:write")],
    order_id: PathId,
    form: TipForm,
    shop: OpenShop,
    *,
    under_way: SalesUnderWay,
) -> Response:
    """Change the tip of a card that paid for a completed sale, until its money is captured or its batch is closed.

    Safe to repeat with the same key and body. What is refused leaves the sale as it was.
    """
    asked = TipRequest(
        vendor_id=caller.vendor_id,
        checkout_id=order_id,
        idempotency_key=read_idempotency_key(request),
        request_hash=hashlib.sha256(f"{order_id} {form.payment_id} {form.tip_minor}".encode()).digest(),
        tip_minor=form.tip_minor,
        actor=caller.actor,
        payment_id=form.payment_id,
        request_id=request_id_of(request),
    )
    changed = await under_way.result(under_way.start(_change(shop, asked)))
    document = await read_checkout(shop.db, caller.vendor_id, order_id)
    headers = {"Idempotent-Replayed": "true"} if changed.replayed and changed.status == "approved" else {}
    return JSONResponse(document, 202 if changed.status == "unknown" else 200, headers=headers)


async def _change(shop: Shop, asked: TipRequest) -> ChangedTip:
    changed = await change_tip(shop.counter, asked)
    if changed.replayed and changed.status == "unknown":
        # Somebody asks again about money in doubt: find out now, not when the ladder says.
        await settle_order(shop.recovery, asked.vendor_id, asked.checkout_id)
        changed = await change_tip(shop.counter, asked)
    return changed
