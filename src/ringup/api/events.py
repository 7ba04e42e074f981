"""What is happening to a checkout, as it happens: server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from ringup.api.authentication import Caller, needs
from ringup.api.documents import has_ended, is_settled
from ringup.api.fields import PathId, refusals
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls.checkout import read_checkout
from ringup.db.pool import Pool
from ringup.db.reads.orders import OrderEvent, list_order_events
from ringup.domain.errors import DatabaseUnavailable

router = APIRouter(prefix="/v1/checkouts", tags=["checkouts"], route_class=ScreenedRoute)

POLL_SECONDS = 0.3
STREAM_SECONDS_MAX = 600.0
HEARTBEAT_SECONDS = 15
SEQUENCE_MAX = 2_147_483_647


@router.get(
    "/{id}/events",
    response_class=EventSourceResponse,
    response_model=None,
    responses={
        **refusals("checkout_not_found"),
        200: {
            "description": "Events, each with a JSON object as data, until all is ended and its money settled.",
            "content": {"text/event-stream": {}},
        },
    },
)
async def follow_checkout(
    caller: Annotated[Caller, needs("checkouts:read")],
    checkout_id: PathId,
    shop: OpenShop,
    last_event_id: Annotated[str | None, Header(description="Go on after this event.")] = None,
) -> Response:
    """The checkout's story from the beginning or from Last-Event-ID on. An event's id is its number."""
    document = await read_checkout(shop.db, caller.vendor_id, checkout_id)
    story = follow(shop.db, caller.vendor_id, document, after=_sequence(last_event_id))
    return EventSourceResponse(story, ping=HEARTBEAT_SECONDS, headers={"X-Accel-Buffering": "no"})


async def follow(db: Pool, vendor_id: UUID, document: dict[str, Any], *, after: int) -> AsyncIterator[ServerSentEvent]:
    """Every event of a checkout after a number, once and in order. Holds no connection between two looks.

    Ends early when the database is away: a client of server-sent events comes back
    by itself, with the number of the last event it saw.
    """
    checkout_id = UUID(document["id"])
    status, settled = document["status"], is_settled(document)
    clock = asyncio.get_running_loop().time
    until = clock() + STREAM_SECONDS_MAX
    while clock() < until:
        try:
            events = await list_order_events(db, vendor_id, checkout_id, after=after)
            for event in events:
                after, status = event.sequence, event.status
                yield _sent(event)
            # It was settled before the events were read: none can be missing.
            if settled:
                return
            if has_ended(status):
                settled = is_settled(await read_checkout(db, vendor_id, checkout_id))
        except DatabaseUnavailable:
            return
        if not settled:
            await asyncio.sleep(POLL_SECONDS)


def _sequence(last_event_id: str | None) -> int:
    given = last_event_id or ""
    is_number = given.isascii() and given.isdecimal() and len(given) <= 10
    return min(int(given), SEQUENCE_MAX) if is_number else 0


def _sent(event: OrderEvent) -> ServerSentEvent:
    document = {
        "sequence": event.sequence,
        "id": str(event.id),
        "event": event.event,
        "status": event.status,
        "detail": event.detail,
        "created_at": event.created_at.isoformat(),
    }
    return ServerSentEvent(json.dumps(document), id=str(event.sequence), event=event.event)
