"""One person's PIN for one operation of another."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ringup.api.authentication import STAFF_HEADER, Caller, needs
from ringup.api.fields import Form, Id, Minor, Text, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.staff import Pin
from ringup.api.wired import OpenShop
from ringup.db.calls.staff import give_approval
from ringup.domain.errors import InvalidRequest
from ringup.domain.ids import new_id
from ringup.domain.staff import Action
from ringup.staff.pins import check_pin

router = APIRouter(prefix="/v1/approvals", tags=["staff"], route_class=ScreenedRoute)


class ApprovalForm(Form):
    """`amount_minor` and `basis_minor` as the problem `approval_needed` names them."""

    action: Action
    amount_minor: Minor | None = None
    basis_minor: Minor | None = None
    reason: Text
    approver_id: Id
    pin: Annotated[Pin, Field(repr=False)]


class Approval(BaseModel):
    """Send the `id` in the header Ringup-Approval with the operation. It is good for one."""

    id: UUID
    action: Action
    amount_minor: int | None
    basis_minor: int | None
    requested_by: UUID
    approved_by: UUID
    expires_at: datetime


@router.post(
    "",
    status_code=201,
    responses=refusals(
        *("staff_not_found", "pin_refused", "pin_locked", "self_approval", "approval_refused"), body=True
    ),
)
async def approve(caller: Annotated[Caller, needs("staff:sign_in")], form: ApprovalForm, shop: OpenShop) -> Approval:
    """Another person approves, with their PIN, one operation of whoever is signed in."""
    if caller.staff_id is None:
        raise InvalidRequest(f"an approval is for the person in {STAFF_HEADER}, and there is none")
    await check_pin(shop.db, shop.keyring, caller.vendor_id, form.approver_id, form.pin)
    approval_id = new_id()
    expires_at = await give_approval(
        shop.db,
        caller.vendor_id,
        approval_id,
        **form.model_dump(exclude={"approver_id", "pin"}),
        requested_by=caller.staff_id,
        approved_by=form.approver_id,
    )
    return Approval(
        id=approval_id,
        **form.model_dump(include={"action", "amount_minor", "basis_minor"}),
        requested_by=caller.staff_id,
        approved_by=form.approver_id,
        expires_at=expires_at,
    )
