"""New sales are turned away before anything of them is read, while too many stand at the door.

To refuse has to cost next to nothing: with twice the customers that can be served, every second request is refused,
and what that takes is missing where sales are rung up.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response

from ringup.api.screening import ScreenedRoute
from ringup.domain.errors import TooBusy


class NewSaleRoute(ScreenedRoute):
    """A screened route that begins sales. Who asks, and for what, is looked at only while the line is short enough."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_unless_too_busy(request: Request) -> Response:
            counter = request.app.state.shop.counter
            try:
                counter.door.check_line(counter.patience.door)
            except TooBusy as refusal:
                request.app.state.metrics.checkouts.labels(refusal.code).inc()
                raise
            return await answer(request)

        return answer_unless_too_busy
