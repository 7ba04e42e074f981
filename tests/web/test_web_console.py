"""A manager looks and acts in the console. Each story ends by asking the database whether it is so."""

import re
from typing import Any

import pytest
import pytest_asyncio
from console_floor import (
    BACK,
    FRONT,
    Person,
    decide,
    exported,
    filled,
    item_for,
    sell,
    sell_without_points,
    settle,
    signed_in,
    table_of,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def morgan_state(chromium: Any, open_shop_process: Any) -> Any:
    return await signed_in(chromium, open_shop_process, "Morgan")


@pytest_asyncio.fixture(loop_scope="session")
async def morgan(visit: Any, window: Any, morgan_state: Any) -> Person:
    return Person(visit, window, morgan_state)


async def test_points_that_failed_are_resolved_without_being_recorded(shop: Any, morgan: Person) -> None:
    item = sell_without_points(shop, customer=7)
    page = await morgan.open("/console/points")
    case = page.get_by_label(f"Order {item['order_number']}", exact=True)
    await case.get_by_role("button", name="Resolve without points").click()
    await decide(page, "Resolve", "the customer did not want any")
    await case.wait_for(state="detached")

    (now,) = shop.look("select * from ringup.loyalty_reconciliation_queue where id = %s", item["id"])
    assert (now["resolved"], now["resolved_by"]) == (True, "staff:Morgan")
    assert now["resolution"] == "the customer did not want any"
    assert _ledger(shop, item) == []
    (entry,) = shop.look("select * from ringup.audit_log where row_id = %s", str(item["id"]))
    assert (entry["actor"], entry["action"]) == ("staff:Morgan", "points_resolved")


async def test_points_that_failed_are_tried_again_and_are_in_the_ledger(shop: Any, morgan: Person) -> None:
    item = sell_without_points(shop, customer=8)
    page = await morgan.open("/console/points")
    case = page.get_by_label(f"Order {item['order_number']}", exact=True)
    await case.get_by_role("button", name="Try now").click()
    await case.wait_for(state="detached")

    assert [entry["points"] for entry in _ledger(shop, item)] == [item["points_earned"]]
    (now,) = shop.look("select * from ringup.loyalty_reconciliation_queue where id = %s", item["id"])
    assert (now["resolved"], now["resolved_by"]) == (True, "staff:Morgan")


async def test_check_now_turns_a_terminals_colour_and_turns_it_back(shop: Any, morgan: Person) -> None:
    page = await morgan.open("/console/terminals")
    card = page.get_by_label("Front counter", exact=True)
    await card.locator(".badge.good", has_text="green").wait_for()

    shop.terminal(FRONT, online=False)
    await card.get_by_role("button", name="Check now").click()
    await card.locator(".badge.bad", has_text="red").wait_for()
    assert _health(shop) != "online"

    shop.terminal(FRONT, online=True)
    await card.get_by_role("button", name="Check now").click()
    await card.locator(".badge.good", has_text="green").wait_for()
    assert _health(shop) == "online"


async def test_the_time_line_of_an_order_is_what_the_books_and_the_terminals_journal_have(
    shop: Any, morgan: Person
) -> None:
    shop.fault("drop_request", path="Status")
    shop.fault("drop_reply", path="Auth")
    order = sell(shop, card=FRONT, customer=9)
    assert settle(shop, order) == order["total_minor"]
    (payment,) = shop.look("select * from ringup.payment_transactions where order_id = %s", order["id"])
    page = await morgan.open(f"/console/orders/{order['id']}")
    told = await page.locator(".story li").evaluate_all(
        "nodes => nodes.map(node => [node.querySelector('.tag').textContent,"
        " node.querySelector('strong').textContent, node.querySelector('.small').textContent])"
    )

    events = shop.look("select event from ringup.order_events where order_id = %s order by sequence", order["id"])
    named = [row["event"].replace("_", " ").capitalize() for row in events]
    assert [title for kind, title, _ in told if kind == "Event"] == named
    assert "Payment in doubt" in named
    ((_, asked, about),) = [entry for entry in told if entry[0] == "Attempt"]
    assert asked == "Front counter was asked for $10.95"
    (charge,) = _journal(shop, payment)
    assert about.endswith(charge["reference_id"][-12:])
    ((_, outcome, _),) = [entry for entry in told if entry[0] == "Outcome"]
    assert outcome == f"Card: approved, ${charge['net_cents'] / 100:.2f}"
    moved = shop.look("select reason from ringup.inventory_movements where reference_id = %s", str(order["id"]))
    assert len([1 for kind, *_ in told if kind == "Stock"]) == len(moved) == 2
    assert [title for kind, title, _ in told if kind == "Points"] == ["+10 points earned"]


async def test_a_csv_is_the_table_and_the_table_is_the_books(shop: Any, morgan: Person) -> None:
    sell(shop)
    sell(shop, card=BACK)
    page = await morgan.open("/console/orders")
    table = await table_of(page.get_by_label("Table orders", exact=True))

    assert await exported(page, "orders") == table
    newest = shop.look("select order_number from ringup.orders order by created_at desc limit 2")
    assert [row[0] for row in table[1:3]] == [row["order_number"] for row in newest]


async def test_a_payment_is_found_by_the_end_of_its_reference(shop: Any, morgan: Person) -> None:
    order = sell(shop, card=BACK)
    sell(shop, card=BACK)
    (payment,) = shop.look("select * from ringup.payment_transactions where order_id = %s", order["id"])
    page = await morgan.open("/console/payments")
    field = page.get_by_label("Reference, order, approval code or last four digits")
    await field.fill(payment["reference_id"][-12:])
    await page.wait_for_function("document.querySelectorAll('.sheet tbody tr').length === 1")
    (_, found) = await table_of(page.get_by_label("Table payments", exact=True))

    assert found[1] == order["order_number"]
    assert (found[3], found[5]) == ("approved", "$10.95")


async def test_a_doubt_is_decided_with_a_reason_while_the_page_goes_on_looking(shop: Any, morgan: Person) -> None:
    shop.fault("drop_request", path="Status", times=None)
    shop.fault("drop_request", path="Auth")
    order = sell(shop, card=FRONT)
    page = await morgan.open("/console/doubts")
    case = page.get_by_label(f"Order {order['order_number']}", exact=True)
    await case.get_by_role("button", name="It was not charged").click()
    # Recovery asks again meanwhile, and the page is shown anew: the dialog stays.
    await case.get_by_text(re.compile("asked [2-9] times")).wait_for()
    await decide(page, "Decide", "not in the batch report of today")
    await case.wait_for(state="detached")

    (now,) = shop.look("select status, payment_status from ringup.orders where id = %s", order["id"])
    assert now["status"] == "payment_failed"
    (entry,) = shop.look("select * from ringup.audit_log where action = 'payment_decided'")
    assert (entry["actor"], entry["after"]["reason"]) == ("staff:Morgan", "not in the batch report of today")


async def test_money_without_an_order_is_shown_until_somebody_says_how_it_went_back(shop: Any, morgan: Person) -> None:
    shop.fault("decline", path="Auth")
    order = sell(shop, card=FRONT)
    (payment,) = shop.look("select * from ringup.payment_transactions where order_id = %s", order["id"])
    shop.do(
        "update ringup.payment_transactions set status = 'approved', approved_minor = amount_minor"
        f" where id = '{payment['id']}'"
    )
    item_id = item_for(shop, "void_refused", payment["reference_id"], payment_id=payment["id"])
    page = await morgan.open("/console")
    await page.get_by_label("Money without an order", exact=True).get_by_role("link", name="See them").click()
    await filled(page)
    case = page.locator(".case.bad")
    await case.get_by_text(payment["reference_id"]).wait_for()
    await case.get_by_role("button", name="It was paid back").click()
    await decide(page, "Record it", "refunded in the portal, 4711")
    await case.wait_for(state="detached")

    (item,) = shop.look("select * from ringup.reconciliation_items where id = %s", item_id)
    assert (item["resolved_by"], item["resolution"]) == ("staff:Morgan", "refunded in the portal, 4711")
    assert shop.look("select * from ringup.find_orphaned_payments()") == []


async def test_what_waits_for_a_person_is_closed_with_a_reason_and_not_without(shop: Any, morgan: Person) -> None:
    item_id = item_for(shop, "charge_without_payment", "ref-4711")
    page = await morgan.open("/console/reconciliation")
    case = page.locator(".case", has_text="ref-4711")
    await case.get_by_role("button", name="Close it").click()
    dialog = page.locator(".q-dialog")
    await dialog.get_by_role("button", name="Close it").click()
    await page.get_by_text("Give a reason").wait_for()
    assert shop.look("select resolved_at from ringup.reconciliation_items where id = %s", item_id)[0] == {
        "resolved_at": None
    }
    await decide(page, "Close it", "a test card of the vendor")
    await case.wait_for(state="detached")

    (item,) = shop.look("select * from ringup.reconciliation_items where id = %s", item_id)
    assert (item["resolved_by"], item["resolution"]) == ("staff:Morgan", "a test card of the vendor")


def _ledger(shop: Any, item: dict[str, Any]) -> list[dict[str, Any]]:
    return shop.look("select * from ringup.loyalty_transactions where reference_id = %s", str(item["order_id"]))


def _health(shop: Any) -> str:
    (row,) = shop.look("select last_health_status from ringup.payment_processors where id = %s", shop.processors[FRONT])
    return row["last_health_status"]


def _journal(shop: Any, payment: dict[str, Any]) -> list[dict[str, Any]]:
    charges = shop.simulator.get("/control/charges").json()
    return [charge for charge in charges if charge["reference_id"] == payment["reference_id"]]
