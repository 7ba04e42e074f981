"""What the log and Sentry are told of points. The inbox is a real server; the client is Sentry's own."""

import json
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_inbox import Inbox, open_inbox

from ringup.checkout.ring_up import ring_up
from ringup.loyalty.retry import retry_due_points, retry_points
from ringup.recovery.settle import finish_order
from ringup.telemetry import reporting
from shop_floor import rows

BREAK = "alter table ringup.loyalty_transactions add constraint {} check (points <> 9) not valid"
MEND = "alter table ringup.loyalty_transactions drop constraint out_of_order"
CARD = "4111111111111111"


@pytest.fixture
def inbox():
    with open_inbox() as opened:
        yield opened


async def sell(counter, floor, **changes: Any):
    return await ring_up(counter, floor.sale(**({"customer_id": floor.customer, "redeem_points": 100} | changes)))


async def test_points_that_were_updated_are_one_line_with_their_amounts(counter, floor) -> None:
    with structlog.testing.capture_logs() as lines:
        sold = await sell(counter, floor)

    (line,) = lines
    assert (line["event"], line["log_level"]) == ("Loyalty points updated successfully", "info")
    assert (line["pointsEarned"], line["pointsRedeemed"], line["netChange"]) == (9, 100, -91)
    assert (line["customerId"], line["orderId"]) == (str(floor.customer), str(sold.checkout_id))


async def test_points_that_failed_are_two_lines(counter, floor, observer) -> None:
    await observer.execute(BREAK.format("out_of_order"))

    with structlog.testing.capture_logs() as lines:
        await sell(counter, floor)

    assert lines[0]["event"].startswith("Loyalty points update failed: ") and "out_of_order" in lines[0]["event"]
    assert lines[1]["event"] == "Loyalty points failure logged to reconciliation queue"


async def test_a_sale_to_nobody_says_nothing_of_points(counter, floor) -> None:
    with structlog.testing.capture_logs() as lines:
        await sell(counter, floor, customer_id=None, redeem_points=0)

    assert lines == []


async def test_sentry_gets_a_span_with_its_tags(counter, floor, inbox: Inbox) -> None:
    with reporting(inbox.dsn, 1.0):
        sold = await sell(counter, floor)

    (transaction,) = inbox.of("transaction")
    (span,) = transaction["spans"]
    tags = {"operation": "loyalty_update", "customerId": str(floor.customer), "orderId": str(sold.checkout_id)}
    assert span["op"] == "loyalty.update"
    assert tags.items() <= span["tags"].items() and tags.items() <= transaction["tags"].items()
    assert (span["data"]["pointsEarned"], span["data"]["pointsRedeemed"], span["data"]["netChange"]) == (9, 100, -91)
    assert inbox.of("event") == []


async def test_sentry_gets_a_failure_with_its_context_and_what_led_to_it(counter, floor, observer, inbox) -> None:
    await observer.execute(BREAK.format("out_of_order"))

    with reporting(inbox.dsn, 1.0):
        sold = await sell(counter, floor)

    (failure,) = inbox.of("event")
    assert failure["level"] == "error"
    assert failure["message"].startswith("Loyalty points update failed: ")
    assert failure["tags"]["orderId"] == str(sold.checkout_id)
    assert failure["contexts"]["loyalty"]["pointsRedeemed"] == 100
    assert "out_of_order" in failure["contexts"]["loyalty"]["problem"]
    assert [crumb["message"] for crumb in failure["breadcrumbs"]["values"]] == [
        "Updating loyalty points",
        "Loyalty points failure logged to reconciliation queue",
    ]


async def test_one_sale_s_breadcrumbs_are_not_on_the_next_one_s_failure(counter, floor, observer, inbox) -> None:
    with reporting(inbox.dsn, 1.0):
        await sell(counter, floor, redeem_points=0)
        await observer.execute(BREAK.format("out_of_order"))
        await sell(counter, floor, redeem_points=100)

    (failure,) = inbox.of("event")
    assert len(failure["breadcrumbs"]["values"]) == 2


async def test_a_sale_that_recovery_completes_is_told_as_well(pool, counter, floor, observer, inbox) -> None:
    prepared = await floor.prepare(observer, customer_id=floor.customer)
    await floor.begin(observer, prepared["payment_id"])
    await floor.record(observer, prepared["payment_id"], "approved")

    with reporting(inbox.dsn, 1.0):
        await finish_order(pool, floor.vendor, prepared["checkout_id"], "complete")
        await finish_order(pool, floor.vendor, prepared["checkout_id"], "complete")

    (transaction,) = inbox.of("transaction")
    assert transaction["tags"]["orderId"] == str(prepared["checkout_id"])


async def test_retries_are_told_until_the_points_are_recorded(pool, counter, floor, observer, inbox) -> None:
    await observer.execute(BREAK.format("out_of_order"))
    await sell(counter, floor)
    (item,) = await rows(observer, "select id from ringup.loyalty_reconciliation_queue")

    with reporting(inbox.dsn, 1.0):
        failed = await retry_points(pool, floor.vendor, item["id"], actor="Ada")
        await observer.execute(MEND)
        await observer.execute("update ringup.loyalty_reconciliation_queue set next_retry_at = ringup.now()")
        (recorded,) = await retry_due_points(pool, floor.vendor)

    assert (failed.resolved, recorded.resolved) == (False, True)
    assert len(inbox.of("event")) == 1
    assert [each["transaction"] for each in inbox.of("transaction")] == ["retry_points"] * 2
    assert await floor.points(observer) == (9, 0)


async def test_nothing_that_looks_like_a_card_number_leaves_the_process(counter, floor, observer, inbox) -> None:
    name = f'"order {CARD} is wrong"'
    await observer.execute(BREAK.format(name))

    with reporting(inbox.dsn, 1.0):
        await sell(counter, floor)

    assert len(inbox.of("event")) == 1
    assert CARD not in json.dumps(inbox.items)
    assert "[card number]" in inbox.of("event")[0]["message"]


async def test_without_a_dsn_nothing_is_sent(counter, floor, inbox, monkeypatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", inbox.dsn)

    with reporting(None, 1.0):
        await sell(counter, floor)

    assert inbox.raw == []


async def test_after_the_shop_closed_nothing_is_sent(counter, floor, inbox) -> None:
    with reporting(inbox.dsn, 1.0):
        pass

    await sell(counter, floor)

    assert inbox.raw == [] and not sentry_sdk.is_initialized()


async def test_an_inbox_that_is_away_costs_no_sale(counter, floor) -> None:
    with open_inbox() as closed:
        dsn = closed.dsn

    with reporting(dsn, 1.0):
        sold = await sell(counter, floor)

    assert sold.answer.response_status == 201
