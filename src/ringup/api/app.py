"""The HTTP API, put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ringup.api import (
    approvals,
    audit_log,
    cash_rules,
    checkouts,
    coupons,
    customers,
    events,
    exchanges,
    gift_cards,
    health,
    inventory,
    keys,
    locations,
    loyalty_accounts,
    loyalty_operating,
    orders,
    problems,
    processors,
    products,
    programmes,
    receipts,
    recovery,
    reference,
    refunds,
    register_sessions,
    registers,
    reports,
    staff,
    staff_rules,
    stock_documents,
    tax_rates,
    tips,
)
from ringup.api.authentication import Doorkeeper
from ringup.api.body_limit import BodyLimit
from ringup.api.observation import Metrics, Observation
from ringup.api.under_way import UnderWay
from ringup.settings import Settings
from ringup.wiring import Shop
from ringup.worker import work

FINISH_SECONDS = 20.0
"""How long a shutdown waits for sales that are under way."""
DESCRIPTION = (
    "Rings up every sale exactly once. Amounts are integers of minor units; times are UTC. Any request may name the "
    "person who is signed in at the register (`Ringup-Staff: rs_…`), whose role then decides as well as the key's "
    "scopes, and another person's approval for this one operation (`Ringup-Approval: <id>`)."
)
ROUTERS = (
    *(checkouts.new_sales, checkouts.router, events.router, orders.router, refunds.router, exchanges.router),
    *(receipts.router, tips.router),
    *(products.router, inventory.router, stock_documents.router),
    *(customers.router, processors.router, registers.router, register_sessions.router),
    *(locations.router, keys.router),
    *(loyalty_accounts.router, loyalty_operating.router, programmes.router),
    *(staff_rules.router, staff.router, approvals.router, audit_log.router),
    *(tax_rates.router, coupons.router, cash_rules.router, gift_cards.router),
    *(reports.router, recovery.router, health.router, reference.router),
)


def create_app(
    settings: Settings, open_shop: Callable[[], AbstractAsyncContextManager[Shop]], *, with_worker: bool
) -> FastAPI:
    """The app of one process. Its lifespan opens the shop, and at the end lets running sales finish.

    `with_worker`: recovery and health checks run beside the API; else somebody else runs them.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_shop() as shop, _worker(shop, with_worker):
            app.state.shop = shop
            app.state.doorkeeper = Doorkeeper(shop.db, shop.keyring)
            app.state.under_way = UnderWay()
            yield
            await app.state.under_way.finish(FINISH_SECONDS)

    app = FastAPI(
        title="ringup",
        version=version("ringup"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.metrics = Metrics()
    for router in ROUTERS:
        app.include_router(router)
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes)
    app.add_middleware(Observation, metrics=app.state.metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@contextlib.asynccontextmanager
async def _worker(shop: Shop, wanted: bool) -> AsyncIterator[None]:
    working = asyncio.create_task(work(shop)) if wanted else None
    try:
        yield
    finally:
        if working is not None:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the problem that every refusal refers to. Made once."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        problem = problems.ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        components = schema["components"]["schemas"]
        components.update(problem.pop("$defs"))
        components["Problem"] = problem
        app.openapi_schema = schema
    return app.openapi_schema
