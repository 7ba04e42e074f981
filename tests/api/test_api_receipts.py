"""Receipts over HTTP: looked at, printed and counted, sent by a real mail server."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr

from ringup.receipts.mail import MailServer, send_due_mails


async def sold_on_card(store) -> dict:
    retailer = store.ours.retailer
    response = await store.ours.sell(retailer.cart(customer_id=str(retailer.customer)))
    assert response.status_code == 201
    return response.json()


async def test_a_receipt_shows_the_sale_and_only_the_last_digits_of_the_card(store):
    sold = await sold_on_card(store)

    response = await store.ours.client.get(sold["receipt_url"])

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert f"Order {sold['order_number']}" in response.text
    assert "Coffee                               10.00" in lines
    assert "Total USD                            10.00" in lines
    assert any(line.endswith("10.00") and f"**** {sold['tenders'][0]['card_last4']}" in line for line in lines)
    assert "Points balance 110" in lines
    assert max(map(len, lines)) <= 42


async def test_there_is_no_receipt_of_a_sale_that_did_not_happen(store):
    await store.lane.fault("decline")
    declined = (await store.ours.sell(store.ours.retailer.cart())).json()

    response = await store.ours.client.get(f"/v1/orders/{declined['checkout_id']}/receipt")

    problem = response.json()
    assert (response.status_code, problem["code"], problem["state"]) == (409, "not_completed", "payment_failed")


async def test_a_page_says_the_same_and_fetches_nothing(store):
    sold = await sold_on_card(store)

    response = await store.ours.client.get(sold["receipt_url"], params={"format": "html"})

    assert response.headers["content-type"].startswith("text/html")
    assert "<td>Total USD</td><td>10.00</td>" in response.text
    assert "<svg" in response.text
    assert not [word for word in ("src=", "href=", "url(", "<script") if word in response.text]


async def test_the_second_print_is_marked_as_a_copy_and_the_same_print_keeps_its_number(store):
    sold = await sold_on_card(store)
    url = f"/v1/orders/{sold['id']}/receipt/prints"
    first, second = ({"print_id": str(uuid.uuid4()), "format": "text"} for _ in range(2))

    printed = [(await store.ours.client.post(url, json=form)).text for form in (first, first, second)]

    assert ["COPY" in text for text in printed] == [False, False, True]
    assert "*** COPY 1 ***" in printed[2]
    assert [
        row[0]["print_number"]
        for row in await store.execute("select after from ringup.audit_log where action = 'receipt_reprinted'")
    ] == [2]


async def test_a_print_of_one_order_is_not_a_print_of_another(store):
    orders = [await sold_on_card(store) for _ in range(2)]
    form = {"print_id": str(uuid.uuid4()), "format": "text"}
    answers = [await store.ours.client.post(f"/v1/orders/{sold['id']}/receipt/prints", json=form) for sold in orders]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["code"] == "already_exists"


async def test_a_counter_printer_gets_bytes_with_the_number_as_bars_and_a_cut(store):
    sold = await sold_on_card(store)
    form = {"print_id": str(uuid.uuid4())}

    response = await store.ours.client.post(f"/v1/orders/{sold['id']}/receipt/prints", json=form)

    assert response.headers["content-type"] == "application/octet-stream"
    assert b"Total USD                            10.00\n" in response.content
    assert b"{B" + sold["order_number"].encode() in response.content
    assert b"\x1dV" in response.content


async def test_a_store_s_own_lines_stand_above_and_below_the_sale(store):
    retailer = store.ours.retailer
    texts = {"header": "1 Main Street\nTax 12-345 <b>", "footer": "Thank you"}
    put = await store.ours.client.put(f"/v1/locations/{retailer.location}/receipt-texts", json=texts)
    sold = await sold_on_card(store)

    text = (await store.ours.client.get(sold["receipt_url"])).text
    page = (await store.ours.client.get(sold["receipt_url"], params={"format": "html"})).text

    assert put.status_code == 200
    lines = [line.strip() for line in text.splitlines()]
    assert (
        lines.index("1 Main Street")
        < lines.index("Total USD                            10.00")
        < lines.index("Thank you")
    )
    assert "Tax 12-345 &lt;b&gt;" in page


async def test_control_characters_do_not_reach_a_printer(store):
    retailer = store.ours.retailer

    refused = await store.ours.client.put(
        f"/v1/locations/{retailer.location}/receipt-texts", json={"header": "\x1bp\x00"}
    )

    assert refused.status_code == 422


async def test_without_a_mail_server_nobody_is_promised_a_mail(store):
    sold = await sold_on_card(store)

    refused = await store.ours.client.post(f"/v1/orders/{sold['id']}/receipt/mails", json={"email": "ada@example.com"})

    assert (refused.status_code, refused.json()["code"]) == (409, "mail_not_set_up")


class Mailbox:
    """A mail server's inbox, and what it says to the next mails: an empty list accepts them."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.refusals: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope.content)
        return "250 Message accepted for delivery"


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, MailServer]]:
    box = Mailbox()
    listening = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    try:
        host, port = listening.sockets[0].getsockname()
        yield box, MailServer.at(f"smtp://{host}:{port}", "shop@example.com")
    finally:
        listening.close()
        await listening.wait_closed()


WITH_MAIL = pytest.mark.parametrize(
    "store", [{"smtp_url": SecretStr("smtp://127.0.0.1:9")}], ids=["with mail"], indirect=True
)


@WITH_MAIL
async def test_a_receipt_goes_out_by_mail_once_however_often_it_is_asked_for(store, mailbox):
    box, server = mailbox
    sold = await sold_on_card(store)
    form = {"email": "ada@example.com", "mail_id": str(uuid.uuid4())}
    asked = [await store.ours.client.post(f"/v1/orders/{sold['id']}/receipt/mails", json=form) for _ in range(2)]

    sent = [await send_due_mails(store.shop.db, server, store.ours.retailer.vendor) for _ in range(2)]

    assert [answer.status_code for answer in asked] == [202, 202]
    assert sent == [1, 0]
    [mail] = [message_from_bytes(content, policy=default) for content in box.received]
    assert (mail["to"], mail["message-id"]) == ("ada@example.com", f"<{form['mail_id']}@example.com>")
    assert "Total USD                            10.00" in mail.get_body(("plain",)).get_content()
    assert "<td>Total USD</td>" in mail.get_body(("html",)).get_content()
    [listed] = (await store.ours.client.get(f"/v1/orders/{sold['id']}/receipt/mails")).json()
    assert (listed["status"], listed["try_count"], listed["error"]) == ("sent", 1, None)


@WITH_MAIL
async def test_a_mail_that_the_server_puts_off_is_tried_again_and_a_wrong_address_is_not(store, mailbox):
    box, server = mailbox
    vendor = store.ours.retailer.vendor
    sold = await sold_on_card(store)
    url = f"/v1/orders/{sold['id']}/receipt/mails"
    await store.ours.client.post(url, json={"email": "ada@example.com"})
    box.refusals = ["451 Try again later"]
    assert await send_due_mails(store.shop.db, server, vendor) == 0
    [put_off] = (await store.ours.client.get(url)).json()
    await store.execute("update ringup.receipt_mails set next_try_at = created_at")
    box.refusals = ["550 No such user"]
    assert await send_due_mails(store.shop.db, server, vendor) == 0

    [given_up] = (await store.ours.client.get(url)).json()

    assert (put_off["status"], put_off["error"]) == ("queued", "the mail server refuses the address (451)")
    assert (given_up["status"], given_up["try_count"], given_up["next_try_at"]) == ("failed", 2, None)
    assert box.received == []


@WITH_MAIL
async def test_a_mail_server_that_is_away_costs_nothing_but_time(store):
    sold = await sold_on_card(store)
    url = f"/v1/orders/{sold['id']}/receipt/mails"
    await store.ours.client.post(url, json={"email": "ada@example.com"})

    sent = await asyncio.wait_for(
        send_due_mails(store.shop.db, MailServer.at("smtp://127.0.0.1:9", "a@example.com"), store.ours.retailer.vendor),
        timeout=30,
    )

    [queued] = (await store.ours.client.get(url)).json()
    assert sent == 0
    assert (queued["status"], queued["try_count"]) == ("queued", 1)
    assert queued["error"].startswith("no mail server to be had")
    assert queued["next_try_at"] > queued["created_at"]
