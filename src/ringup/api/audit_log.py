"""Who did what."""

from typing import Annotated

from fastapi import APIRouter, Query

from ringup.api.authentication import Caller, needs
from ringup.api.fields import PERMITS, After, Instant, Limit, Page, Search, page, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.staff import permit_reading
from ringup.db.reads.staff import AuditEntry, AuditFilter, list_audit

router = APIRouter(prefix="/v1/audit-log", tags=["audit log"], route_class=ScreenedRoute)


@router.get("", responses=refusals(*PERMITS))
async def read_audit_log(
    caller: Annotated[Caller, needs("audit:read")],
    shop: OpenShop,
    limit: Limit = 20,
    starting_after: After = None,
    name: Search = None,
    *,
    action: Search = None,
    row_type: Search = None,
    row_id: Search = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query()] = None,
) -> Page[AuditEntry]:
    """What was done, newest first. `name` is as the log has it: `staff:Ada`, of who did it or who approved it."""
    await permit_reading(
        shop.db,
        caller.vendor_id,
        staff_id=caller.staff_id,
        action="see_audit_log",
        approval_id=caller.approval_id,
        actor=caller.actor,
    )
    wanted = AuditFilter(name, action, row_type, row_id, since, until)
    return page(await list_audit(shop.db, caller.vendor_id, wanted, limit=limit + 1, before=starting_after), limit)
