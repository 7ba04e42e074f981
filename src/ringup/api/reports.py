"""Reports: how well the shop sells, and whether its books balance."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field

from ringup.api.authentication import Caller, needs
from ringup.api.fields import Limit, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.reads.audit import INVARIANTS, Violation, list_violations
from ringup.db.reads.reports import REPORTS, ReportKind, read_report, read_window

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=ScreenedRoute)

Row = TypeVar("Row")

VIOLATIONS_SHOWN = 100


def _is_a_day(value: object) -> object:
    try:
        is_day = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    if value is not None and not is_day:
        raise ValueError("Input should be a day, such as 2026-11-22")
    return value


Day = Annotated[date | None, BeforeValidator(_is_a_day, json_schema_input_type=date | None)]
FirstDay = Annotated[
    Day,
    Query(alias="from", description="The first day, where the shop is. Without it, four weeks before the end."),
]
LastDay = Annotated[Day, Query(alias="to", description="The last day, which belongs to the report. Without it, today.")]
AfterRow = Annotated[str | None, Query(max_length=100, description="The id of the last row of the page before.")]


class Report(BaseModel, Generic[Row]):
    """Days are those of the shop's time zone, and both belong to the report.

    `total` is of all of them; `data` is a page of the rows, in the order of their ids.
    """

    object: Literal["report"] = "report"
    name: str
    first_day: date = Field(serialization_alias="from")
    last_day: date = Field(serialization_alias="to")
    time_zone: str
    total: Row
    data: list[Row]
    has_more: bool


class Invariant(BaseModel):
    """One invariant, and the first rows that break it."""

    id: str = Field(examples=["I2"])
    name: str
    ok: bool
    violations: list[Violation]
    has_more: bool


class AuditReport(BaseModel):
    object: Literal["audit"] = "audit"
    ok: bool
    data: list[Invariant]


def _report(name: str, kind: ReportKind[Any]) -> Callable[..., Awaitable[Report[Any]]]:
    async def answer(
        caller: Annotated[Caller, needs("reports:read")],
        shop: OpenShop,
        first_day: FirstDay = None,
        last_day: LastDay = None,
        *,
        limit: Limit = 100,
        starting_after: AfterRow = None,
    ) -> Report[Any]:
        window = await read_window(shop.db, caller.vendor_id, first_day, last_day)
        found = await read_report(shop.db, caller.vendor_id, name, window, limit=limit, after=starting_after)
        return Report(
            name=name,
            first_day=window.first_day,
            last_day=window.last_day,
            time_zone=window.time_zone,
            total=found.total,
            data=list(found.rows),
            has_more=found.has_more,
        )

    return answer


for _name, _kind in REPORTS.items():
    router.add_api_route(
        f"/{_name}",
        _report(_name, _kind),
        methods=["GET"],
        name=f"report_{_name.replace('-', '_')}",
        summary=f"Report: {_name}",
        description=f"{_kind.about}\n\n{_kind.row_type.__doc__}",
        response_model=Report[_kind.row_type],  # type: ignore[name-defined]
        responses=refusals("window_out_of_range"),
    )


@router.get("/audit", responses=refusals())
async def audit_books(caller: Annotated[Caller, needs("recovery:read")], shop: OpenShop) -> AuditReport:
    """Check every invariant on the live database: what `ringup audit` does, for one retailer.

    Changes nothing. It reads the whole history, so ask for it once in a while and not on every page.
    """
    checked = [
        _invariant(number, await list_violations(shop.db, caller.vendor_id, number, limit=VIOLATIONS_SHOWN + 1))
        for number in INVARIANTS
    ]
    return AuditReport(ok=all(invariant.ok for invariant in checked), data=checked)


def _invariant(number: str, found: list[Violation]) -> Invariant:
    return Invariant(
        id=number,
        name=INVARIANTS[number][1],
        ok=not found,
        violations=found[:VIOLATIONS_SHOWN],
        has_more=len(found) > VIOLATIONS_SHOWN,
    )
