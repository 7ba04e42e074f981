"""What is told of loyalty points: lines in the log, and spans and errors to Sentry if the operator gave a DSN.

Without a DSN nothing is sent. With one, only what is named here: no request, no variable, no
customer but by id, and nothing that looks like a card number.
"""

import contextlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.tracing import Span
from sentry_sdk.types import Event, Hint

from ringup.domain.points import PointsUpdate
from ringup.logs import scrubbed

OPERATION = "loyalty_update"
CLOSE_SECONDS = 2.0
"""How long the end of a process waits for what is still to be sent."""
FREE_TEXT = ("message", "logentry", "exception", "breadcrumbs", "contexts", "extra", "tags", "spans")
"""Where something could stand that somebody typed. Ids and times are left as they are."""

log = structlog.get_logger("ringup.loyalty")


@contextlib.contextmanager
def reporting(dsn: str | None, traces_rate: float) -> Iterator[None]:
    """Send to this DSN until left; without one, nothing. `traces_rate` is the share of the spans that are sent."""
    if not dsn:
        yield
        return
    sentry_sdk.init(
        dsn=dsn,
        release=f"ringup@{version('ringup')}",
        traces_sample_rate=traces_rate,
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=_without_card_numbers,
        before_send_transaction=_without_card_numbers,
    )
    try:
        yield
    finally:
        sentry_sdk.get_client().close(timeout=CLOSE_SECONDS)
        sentry_sdk.get_global_scope().set_client(None)


@contextlib.contextmanager
def points_update(step: str) -> Iterator[Callable[[PointsUpdate | None], None]]:
    """Around the step that records an order's points. Call what it yields with what the step reports.

    Nothing is told of a step that raises, or of an order without points.
    """
    if not sentry_sdk.is_initialized():
        yield _write_lines
        return
    with (
        sentry_sdk.isolation_scope(),
        sentry_sdk.start_transaction(op="checkout", name=step) as transaction,
        transaction.start_child(op="loyalty.update", name="loyalty.update") as span,
    ):
        sampled, transaction.sampled = transaction.sampled, False

        def report(update: PointsUpdate | None) -> None:
            _write_lines(update)
            if update is not None and update.is_worth_telling:
                transaction.sampled = sampled
                _tell_sentry(update, span)

        yield report


def _write_lines(update: PointsUpdate | None) -> None:
    if update is None or not update.is_worth_telling:
        return
    facts = _facts(update)
    if update.problem is None:
        log.info("Loyalty points updated successfully", **facts)
    else:
        log.error(f"Loyalty points update failed: {update.problem}", **facts)
        log.warning("Loyalty points failure logged to reconciliation queue", **facts)


def _tell_sentry(update: PointsUpdate, span: Span) -> None:
    facts = _facts(update)
    tags = {"operation": OPERATION, "customerId": facts["customerId"], "orderId": facts["orderId"]}
    for name, value in tags.items():
        span.set_tag(name, value)
        sentry_sdk.set_tag(name, value)
    for name in ("pointsEarned", "pointsRedeemed", "netChange"):
        span.set_data(name, facts[name])
    sentry_sdk.add_breadcrumb(category="loyalty", message="Updating loyalty points", level="info", data=facts)
    if update.problem is None:
        span.set_status("ok")
        return
    span.set_status("internal_error")
    sentry_sdk.add_breadcrumb(
        category="loyalty",
        message="Loyalty points failure logged to reconciliation queue",
        level="warning",
        data=facts,
    )
    sentry_sdk.set_context("loyalty", {**facts, "problem": update.problem})
    sentry_sdk.capture_message(f"Loyalty points update failed: {update.problem}", level="error")


def _facts(update: PointsUpdate) -> dict[str, Any]:
    return {
        "customerId": str(update.customer_id),
        "orderId": str(update.order_id),
        "pointsEarned": update.points_earned,
        "pointsRedeemed": update.points_redeemed,
        "netChange": update.net_change,
    }


def _without_card_numbers(event: Event, _hint: Hint) -> Event:
    cleaned: dict[str, Any] = dict(event)
    for part in FREE_TEXT:
        if part in cleaned:
            cleaned[part] = scrubbed(cleaned[part])
    return cleaned  # type: ignore[return-value]
