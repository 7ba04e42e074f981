"""Gift cards and store credit pay at the register. Each story ends by asking the database what is left on them."""

import uuid
from typing import Any

import pytest
from everybody import faults_of, small_targets_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

TENDERS = """
    select tender_type, approved_minor from ringup.payment_transactions where order_id = %s order by tender_number
"""


def a_card(shop: Any, amount_minor: int) -> dict[str, Any]:
    """A gift card with so much on it: its `code`, and the `gift_card`."""
    issued = shop.api.post("/v1/gift-cards", json={"amount_minor": amount_minor, "reason": "A voucher"})
    issued.raise_for_status()
    return issued.json()


def left_on(shop: Any, account_id: str) -> tuple[int, int]:
    (account,) = shop.look(
        "select balance_minor, held_minor from ringup.stored_value_accounts where id = %s", account_id
    )
    return account["balance_minor"], account["held_minor"]


async def look_up(till: Any, code: str) -> None:
    await till.page.get_by_label("Code of the gift card").fill(code)
    await till.press("Look it up")


async def test_a_gift_card_pays_all_of_it_and_the_page_says_what_is_left(till: Any, shop: Any) -> None:
    card = a_card(shop, 2_000)
    await till.tap("Lemon Tart")
    await till.press("Gift card")
    await look_up(till, card["code"].lower())
    await till.sees("$20.00")
    assert card["code"] not in await till.page.content()
    await till.press("Use $5.25")
    await till.sees("Sold")
    await till.sees("Left on Gift card")
    await till.sees("$14.75")

    order = till.order
    assert (order["status"], order["total_minor"]) == ("completed", 525)
    assert [tuple(row.values()) for row in shop.look(TENDERS, order["id"])] == [("gift_card", 525)]
    assert left_on(shop, card["gift_card"]["id"]) == (1_475, 0)
    (cart,) = shop.look("select tenders::text from ringup.till_carts where register_id = %s", till.register_id)
    assert card["code"].replace("-", "") not in cart["tenders"].replace("-", "")


async def test_a_gift_card_pays_what_it_can_and_cash_the_rest(till: Any, shop: Any) -> None:
    card = a_card(shop, 300)
    await till.tap("Lemon Tart")
    await till.press("Gift card")
    await till.page.locator("body").click(position={"x": 5, "y": 5})
    await till.page.keyboard.type(card["code"])
    await till.page.keyboard.press("Enter")
    await till.press("Use $3.00")
    await till.sees("$2.25")
    await look_up(till, card["code"])
    await till.sees("Nothing is left on it")
    await till.press("Cash", exact=True)
    await till.press("$2.25")
    await till.sees("Sold")

    order = till.order
    assert [tuple(row.values()) for row in shop.look(TENDERS, order["id"])] == [("gift_card", 300), ("cash", 225)]
    assert left_on(shop, card["gift_card"]["id"]) == (0, 0)


async def test_a_part_is_asked_for_and_a_declined_card_gives_the_gift_card_back(till: Any, shop: Any) -> None:
    card = a_card(shop, 2_000)
    shop.fault("decline", path="Auth")
    await till.tap("Lemon Tart")
    await till.press("Gift card")
    await look_up(till, card["code"])
    await till.page.get_by_label("Only a part of it (split)").fill("2")
    await till.press("Use $2.00")
    await till.sees("$3.25")
    await till.press("Card", exact=True)
    await till.press("Front counter")
    await till.sees("The card was declined")

    order = till.order
    assert (order["status"], shop.charged_cents(order["id"])) == ("payment_failed", 0)
    assert left_on(shop, card["gift_card"]["id"]) == (2_000, 0)


async def test_a_code_that_is_not_there_and_a_card_that_was_disabled_pay_nothing(till: Any, shop: Any) -> None:
    card = a_card(shop, 2_000)
    stolen = {"is_disabled": True, "reason": "Stolen"}
    shop.api.put(f"/v1/gift-cards/{card['gift_card']['id']}", json=stolen).raise_for_status()
    await till.tap("Lemon Tart")
    await till.press("Gift card")
    await look_up(till, "NOBODY-HAS-THIS-CODE")
    await till.page.get_by_text("There is no gift card with this code").wait_for()
    await look_up(till, card["code"])
    await till.sees("This gift card was disabled")

    assert await till.page.get_by_role("button", name="Use $").count() == 0
    assert shop.look("select 1 from ringup.orders where register_id = %s", till.register_id) == []
    (guesses,) = shop.look(
        "select failed_count from ringup.gift_card_guesses where asker = %s", f"staff:{shop.people['Casey']}"
    )
    assert guesses["failed_count"] >= 1
    shop.do("delete from ringup.gift_card_guesses")


async def test_store_credit_pays_a_part_of_it_and_a_gift_card_the_rest(till: Any, shop: Any) -> None:
    customer = {"first_name": "Wanda", "last_name": uuid.uuid4().hex[:8], "email": f"{uuid.uuid4().hex}@example.com"}
    made = shop.api.post("/v1/customers", json=customer)
    made.raise_for_status()
    customer_id = made.json()["id"]
    credit = {"amount_minor": 400, "reason": "A broken jar"}
    shop.api.post(f"/v1/customers/{customer_id}/store-credit", json=credit).raise_for_status()
    card = a_card(shop, 1_000)
    await till.tap("Lemon Tart")
    await till.choose(f"Wanda {customer['last_name']}")
    await till.press("Cash (F8)")
    await till.press("Store credit")
    await till.press("Use $4.00")
    await till.sees("$1.25")
    await till.press("Gift card")
    await look_up(till, card["code"])
    await till.press("Use $1.25")
    await till.sees("Sold")

    order = till.order
    assert [tuple(row.values()) for row in shop.look(TENDERS, order["id"])] == [
        ("store_credit", 400),
        ("gift_card", 125),
    ]
    (account,) = shop.look("select id from ringup.stored_value_accounts where customer_id = %s", customer_id)
    assert left_on(shop, account["id"]) == (0, 0)
    assert left_on(shop, card["gift_card"]["id"]) == (875, 0)


async def test_paying_with_a_gift_card_can_be_read_and_pressed_by_everybody(till: Any, shop: Any) -> None:
    card = a_card(shop, 2_000)
    await till.tap("Lemon Tart")
    await till.press("Gift card")
    await look_up(till, card["code"])
    await till.page.get_by_role("button", name="Use $5.25").wait_for()

    assert await faults_of(till.page) == []
    assert await small_targets_of(till.page) == []
