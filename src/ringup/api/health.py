"""For whoever watches the process: alive, ready, and its numbers. Without authentication."""

import asyncio

import psycopg
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from ringup.api.fields import problem_answer
from ringup.api.problems import Refused
from ringup.api.wired import Numbers, OpenShop
from ringup.db.reads.audit import list_states
from ringup.domain.errors import RingupError

router = APIRouter(tags=["operating"])

READY_SECONDS = 3.0


class Health(BaseModel):
    status: str


@router.get("/healthz")
async def alive() -> Health:
    """The process runs. Asks nobody."""
    return Health(status="alive")


@router.get("/readyz", responses={503: problem_answer(["not_ready"])})
async def ready(shop: OpenShop) -> Health:
    """The database answers through the pool, and our schema is there."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            states = await list_states(shop.db)
    except (RingupError, psycopg.Error, TimeoutError) as failure:
        raise Refused("not_ready") from failure
    if not states:
        raise Refused("not_ready")
    return Health(status="ready")


@router.get("/metrics", include_in_schema=False)
async def numbers(metrics: Numbers) -> Response:
    """Prometheus's text format."""
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
