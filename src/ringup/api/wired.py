"""How routes reach what the app works with."""

from typing import Annotated

from fastapi import Depends, Request

from ringup.api.observation import Metrics
from ringup.api.under_way import UnderWay
from ringup.wiring import Shop


async def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


async def _under_way(request: Request) -> UnderWay:
    under_way: UnderWay = request.app.state.under_way
    return under_way


async def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


OpenShop = Annotated[Shop, Depends(_shop)]
SalesUnderWay = Annotated[UnderWay, Depends(_under_way)]
Numbers = Annotated[Metrics, Depends(_metrics)]
