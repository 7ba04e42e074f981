"""What has not ended, what waits for a person, and what a person decides about it. None of it charges."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from ringup.api.authentication import Caller, needs
from ringup.api.documents import CheckoutDocument
from ringup.api.fields import After, Form, Limit, Name, Page, PathId, PositiveMinor, Text, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.checkout import read_checkout
from ringup.db.calls.recovery import resolve_item
from ringup.db.reads.recovery import InLimbo, Orphan, ReconciliationItem, list_items, list_limbo, list_orphans
from ringup.domain.errors import ItemNotFound
from ringup.recovery.decide import decide
from ringup.wiring import Shop

router = APIRouter(route_class=ScreenedRoute)

By = Annotated[Name, Field(description="Who decides. Kept for good, with the id of the key that said so.")]
Reason = Annotated[Text, Field(description="The evidence: what was seen, and where. Kept for good.")]


class DecisionForm(Form):
    """What a person found out about a payment in doubt. `approved_minor`: if less was charged than was asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"outcome": "charged", "reason": "batch report of 3 May, line 17", "by": "Ada"},
                {"outcome": "not_charged", "reason": "not in the batch report of 3 May", "by": "Ada"},
            ]
        }
    )

    outcome: Literal["charged", "not_charged"]
    reason: Reason
    by: By
    approved_minor: PositiveMinor | None = None


class ResolutionForm(Form):
    """What was done about an item."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "refunded in the portal, reference 4711", "by": "Ada"}]}
    )

    reason: Reason
    by: By


@router.get("/v1/reports/limbo", tags=["reports"], responses=refusals())
async def list_sales_in_limbo(
    caller: Annotated[Caller, needs("reports:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    kind: Annotated[
        Literal["under_way", "in_doubt", "going_back", "to_capture", "waiting"] | None,
        Query(description="Only these. Without it all, also sales that somebody is ringing up right now."),
    ] = None,
) -> Page[InLimbo]:
    """Sales that have not ended and payments that are not settled, oldest first.

    Each row says why (`reason`), since when (`since`, `age_seconds`), and what happens by itself, and when
    (`next_step`, `next_at`). If `next_at` is minutes in the past, no worker is running. A row of the
    kind `in_doubt` can also be ended by a person: `POST /v1/payments/{payment_id}/decision`.
    """
    rows = await list_limbo(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, kind=kind)
    return page(rows, limit)


@router.get("/v1/reports/orphans", tags=["reports"], responses=refusals())
async def list_orphaned_payments(
    caller: Annotated[Caller, needs("reports:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
) -> Page[Orphan]:
    """Approved money without a completed order that nobody is giving back. The list that should be empty."""
    rows = await list_orphans(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post(
    "/v1/payments/{id}/decision",
    tags=["reconciliation"],
    response_model=None,
    responses={
        **refusals(
            *("attempt_not_found", "payment_in_doubt", "outcome_conflict", "amount_out_of_range", "reason_missing"),
            body=True,
        ),
        200: {"model": CheckoutDocument, "description": "Decided. The checkout as it goes on from there."},
    },
)
async def decide_payment(
    caller: Annotated[Caller, needs("recovery:write")], payment_id: PathId, form: DecisionForm, shop: OpenShop
) -> Response:
    """End a doubt by evidence that no inquiry gives: a batch report, a statement.

    What follows, follows by the same rules as from a terminal's answer. Charged: the order completes, or the
    money goes back if the sale was cancelled meanwhile or less was charged than was asked for. Not charged: the
    order ends and gives back what was set aside. A payment that is settled refuses with `outcome_conflict`, one
    that a terminal is still working on with `payment_in_doubt`.
    """
    order_id = await decide(
        shop.db,
        caller.vendor_id,
        payment_id,
        says=form.outcome,
        approved_minor=form.approved_minor,
        reason=form.reason,
        actor=_named(form.by, caller),
    )
    return JSONResponse(await read_checkout(shop.db, caller.vendor_id, order_id))


@router.get("/v1/reconciliation/items", tags=["reconciliation"], responses=refusals())
async def list_reconciliation_items(
    caller: Annotated[Caller, needs("recovery:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    status: Literal["open", "resolved"] = "open",
) -> Page[ReconciliationItem]:
    """What no rule can settle and waits for a person, oldest first; with `status=resolved`, what was done before."""
    rows = await list_items(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after, status=status)
    return page(rows, limit)


@router.get("/v1/reconciliation/items/{id}", tags=["reconciliation"], responses=refusals("item_not_found"))
async def get_reconciliation_item(
    caller: Annotated[Caller, needs("recovery:read")], item_id: PathId, shop: OpenShop
) -> ReconciliationItem:
    """One item, open or resolved."""
    return await _item(shop, caller.vendor_id, item_id)


@router.post(
    "/v1/reconciliation/items/{id}/resolve",
    tags=["reconciliation"],
    responses=refusals("item_not_found", "reason_missing", body=True),
)
async def resolve_reconciliation_item(
    caller: Annotated[Caller, needs("recovery:write")], item_id: PathId, form: ResolutionForm, shop: OpenShop
) -> ReconciliationItem:
    """Close an item that waited for a person, saying what was done. It moves no money.

    An item that is closed already refuses with `item_not_found`, and keeps its reason.
    """
    await resolve_item(shop.db, caller.vendor_id, item_id, resolution=form.reason, actor=_named(form.by, caller))
    return await _item(shop, caller.vendor_id, item_id)


def _named(by: str, caller: Caller) -> str:
    """A person's name in the audit log. Whoever has a key can write any name, so the key is beside it."""
    return f"{by.strip()} ({caller.actor})" if by.strip() else ""


async def _item(shop: Shop, vendor_id: UUID, item_id: UUID) -> ReconciliationItem:
    rows = await list_items(shop.db, vendor_id, limit=1, item_id=item_id)
    if not rows:
        raise ItemNotFound(f"there is no item {item_id}")
    return rows[0]
