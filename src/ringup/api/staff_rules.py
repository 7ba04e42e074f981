"""What each role may do alone, with approval, or not at all."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, Form, Limit, Minor, Page, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.staff import set_staff_rule
from ringup.db.pool import Pool
from ringup.db.reads.staff import RoleRule, list_rules
from ringup.domain.staff import Action, Role, Rule

router = APIRouter(prefix="/v1/staff/rules", tags=["staff"], route_class=ScreenedRoute)

PathRole = Annotated[Role, Path()]
PathAction = Annotated[Action, Path()]


class RuleRow(BaseModel):
    """Up to the limits the rule holds; beyond any of them the next stricter: allowed, needs_approval, denied."""

    id: str = Field(description="The role and the action.")
    role: Role
    action: Action
    means: str
    rule: Rule
    limit_minor: int | None
    limit_percent: int | None
    is_default: bool


class RuleForm(Form):
    """A limit in percent is of what the amount is taken from: a line, or the goods."""

    rule: Rule
    limit_minor: Minor | None = None
    limit_percent: Annotated[int | None, Field(strict=True, ge=0, le=100)] = None


@router.get("", responses=refusals())
async def list_staff_rules(
    caller: Annotated[Caller, needs("staff:read")],
    shop: OpenShop,
    limit: Limit = 100,
    starting_after: Annotated[
        str | None, Query(pattern=r"^[a-z]+:[a-z_]+$", max_length=100, description="The id of the last row.")
    ] = None,
    role: Annotated[Role | None, Query()] = None,
) -> Page[RuleRow]:
    """What every role may do here, by role and action."""
    rows = [_row(rule) for rule in await list_rules(shop.db, caller.vendor_id, role=role)]
    if starting_after is not None:
        rows = [row for row in rows if (row.role, row.action) > tuple(starting_after.split(":"))]
    return page(rows, limit)


@router.put("/{role}/{action}", responses=refusals("rule_invalid", *PERMITS, body=True))
async def set_rule(
    caller: Annotated[Caller, needs("staff:write")], role: PathRole, action: PathAction, form: RuleForm, shop: OpenShop
) -> RuleRow:
    """Say what a role may do, from now on. Safe to repeat."""
    await _set(shop.db, caller, role, action, **form.model_dump())
    return await _read(shop.db, caller, role, action)


@router.delete("/{role}/{action}", responses=refusals(*PERMITS))
async def reset_rule(
    caller: Annotated[Caller, needs("staff:write")], role: PathRole, action: PathAction, shop: OpenShop
) -> RuleRow:
    """Go back to the default. Safe to repeat."""
    await _set(shop.db, caller, role, action, rule=None, limit_minor=None, limit_percent=None)
    return await _read(shop.db, caller, role, action)


async def _set(db: Pool, caller: Caller, role: Role, action: Action, **rule: Any) -> None:
    await set_staff_rule(
        db,
        caller.vendor_id,
        role=role,
        action=action,
        **rule,
        by_staff_id=caller.staff_id,
        approval_id=caller.approval_id,
        actor=caller.actor,
    )


async def _read(db: Pool, caller: Caller, role: Role, action: Action) -> RuleRow:
    (rule,) = await list_rules(db, caller.vendor_id, role=role, action=action)
    return _row(rule)


def _row(rule: RoleRule) -> RuleRow:
    columns: dict[str, Any] = {name: getattr(rule, name) for name in RuleRow.model_fields if name != "id"}
    return RuleRow(id=f"{rule.role}:{rule.action}", **columns)
