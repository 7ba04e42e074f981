"""The pages below `/console`."""

from functools import partial
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from nicegui import ui

from ringup.domain.staff import Action
from ringup.web.backroom import Backroom
from ringup.web.console.desk import Desk
from ringup.web.console.doubts import show_doubts
from ringup.web.console.log import show_log
from ringup.web.console.orders import show_orders
from ringup.web.console.payments import show_payments
from ringup.web.console.points import show_points
from ringup.web.console.queue import show_queue
from ringup.web.console.room import Show, open_room
from ringup.web.console.settings import show_settings
from ringup.web.console.shifts import show_shift, show_shifts
from ringup.web.console.story import show_order
from ringup.web.console.terminals import show_terminals
from ringup.web.console.today import show_today

PAGES: tuple[tuple[str, str, Show, Action], ...] = (
    ("/console", "Today", show_today, "see_reports"),
    ("/console/terminals", "Terminals", show_terminals, "see_reports"),
    ("/console/orders", "Orders", show_orders, "see_reports"),
    ("/console/payments", "Payments", show_payments, "see_reports"),
    ("/console/shifts", "Shifts", show_shifts, "see_reports"),
    ("/console/doubts", "Doubts", show_doubts, "see_reports"),
    ("/console/points", "Points", show_points, "see_reports"),
    ("/console/reconciliation", "Reconciliation", show_queue, "see_reports"),
    ("/console/log", "Who did what", show_log, "see_audit_log"),
    ("/console/settings", "Settings", show_settings, "see_reports"),
)
BUILT_WITHIN_SECONDS = 15


def add(backroom: Backroom) -> None:
    """Make them all."""
    for path, title, show, action in PAGES:
        _add(backroom, path, title, show, action)

    @ui.page("/console/orders/{order_id}", title="Order · ringup", response_timeout=BUILT_WITHIN_SECONDS)
    async def order(request: Request, order_id: str) -> Response | None:
        return await open_room(backroom, request, "Order", partial(_show_order, order_id))

    @ui.page("/console/shifts/{session_id}", title="Shift · ringup", response_timeout=BUILT_WITHIN_SECONDS)
    async def shift(request: Request, session_id: str) -> Response | None:
        return await open_room(backroom, request, "Shift", partial(_show_shift, session_id))


def _add(backroom: Backroom, path: str, title: str, show: Show, action: Action) -> None:
    @ui.page(path, title=f"{title} · ringup", response_timeout=BUILT_WITHIN_SECONDS)
    async def room(request: Request) -> Response | None:
        return await open_room(backroom, request, title, show, action)


async def _show_order(order_id: str, desk: Desk) -> None:
    await show_order(desk, _id_of(order_id))


async def _show_shift(session_id: str, desk: Desk) -> None:
    await show_shift(desk, _id_of(session_id))


def _id_of(typed: str) -> UUID:
    """What is no id is nobody's."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)
