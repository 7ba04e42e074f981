"""What each operation does to the card, and what the answer says."""

import pytest


async def test_a_sale_charges_the_amount_and_says_so(lane):
    answer = await lane.ask("Sale", Amount=27.29, TipAmount=2.29, InvoiceNumber="T1-000123", PaymentType="Card")

    assert answer["GeneralResponse"] | {"DelayBeforeNextRequest": None} == {
        "HostResponseCode": "00",
        "HostResponseMessage": "APPROVAL",
        "ResultCode": "0",
        "StatusCode": "0000",
        "Message": "Approved",
        "DetailedMessage": "Approved",
        "DelayBeforeNextRequest": None,
    }
    assert answer["Amounts"] == {
        "TotalAmount": 27.29,
        "Amount": 27.29,
        "TipAmount": 2.29,
        "FeeAmount": 0,
        "TaxAmount": 0,
    }
    assert (answer["PaymentType"], answer["TransactionType"], answer["Voided"]) == ("Credit", "Sale", False)
    assert (answer["BatchNumber"], answer["TransactionNumber"]) == ("1", "1")
    assert (answer["InvoiceNumber"], answer["ReferenceId"]) == ("T1-000123", "ref1")
    assert answer["CardData"]["Last4"] == "1111"
    [charge] = await lane.charges()
    assert (charge["net_cents"], charge["captured"], charge["held_cents"]) == (2729, True, 0)


async def test_status_says_what_the_sale_said(lane):
    sale = await lane.ask("Sale")

    assert await lane.ask("Status") == sale


async def test_a_fee_is_in_the_total_and_on_the_card(lane):
    answer = await lane.ask("Sale", CustomFee=0.50)

    assert (answer["Amounts"]["Amount"], answer["Amounts"]["TotalAmount"]) == (10, 10.5)
    [charge] = await lane.charges()
    assert charge["net_cents"] == 1050


async def test_a_reference_is_a_duplicate_within_the_batch(lane):
    await lane.ask("Sale")

    answer = await lane.ask("Sale", Amount=99)

    assert answer["GeneralResponse"]["StatusCode"] == "1011"
    assert "Amounts" not in answer
    [charge] = await lane.charges()
    assert charge["net_cents"] == 1000


async def test_an_auth_holds_the_money_until_it_is_captured(lane):
    auth = await lane.ask("Auth")
    [held] = await lane.charges()

    capture = await lane.ask("Capture", Amount=8, AuthCode=auth["AuthCode"])

    [taken] = await lane.charges()
    assert (held["held_cents"], held["net_cents"]) == (1000, 0)
    assert (taken["held_cents"], taken["net_cents"]) == (0, 800)
    assert (capture["TransactionType"], capture["Amounts"]["Amount"]) == ("Capture", 8)
    assert (await lane.ask("Status"))["TransactionType"] == "Capture"


@pytest.mark.parametrize(
    ("prepared_by", "operation", "members", "code"),
    [
        pytest.param("Sale", "Capture", {}, "1004", id="capture of a sale"),
        pytest.param("Auth", "Capture", {"Amount": 11}, "1013", id="capture of more than was held"),
        pytest.param("Auth", "Capture", {"AuthCode": "OTHER1"}, "1001", id="capture with another auth code"),
        pytest.param("Auth", "Capture", {"ReferenceId": "other"}, "1001", id="capture of an unknown auth"),
        pytest.param("Sale", "Void", {"ReferenceId": "other"}, "1001", id="void of an unknown sale"),
        pytest.param("Sale", "Void", {"Amount": 9}, "1013", id="void of another amount"),
        pytest.param("Sale", "Status", {"ReferenceId": "other"}, "1001", id="status of an unknown sale"),
        pytest.param("Sale", "Status", {"TransactionNumber": 2}, "1001", id="status of another number"),
        pytest.param("Return", "TipAdjust", {"TipAmount": 1}, "1004", id="tip on a return"),
    ],
)
async def test_what_does_not_fit_the_transaction_is_refused(lane, prepared_by, operation, members, code):
    prepared = await lane.ask(prepared_by)
    if operation == "Capture":
        members = {"AuthCode": prepared["AuthCode"]} | members
    before = await lane.journal()

    assert await lane.code(operation, **members) == code
    assert await lane.journal() == before


async def test_a_second_capture_is_a_duplicate(lane):
    auth = await lane.ask("Auth")
    await lane.ask("Capture", AuthCode=auth["AuthCode"])

    assert await lane.code("Capture", AuthCode=auth["AuthCode"]) == "1011"


async def test_capture_without_auth_code_can_be_allowed(lane):
    await lane.behave(capture_needs_auth_code=False)
    await lane.ask("Auth")

    assert await lane.code("Capture") == "0000"


@pytest.mark.parametrize("operation", ["Sale", "Auth", "Return"])
async def test_a_void_undoes_the_transaction_and_status_shows_it(lane, operation):
    await lane.ask(operation)

    void = await lane.ask("Void")

    status = await lane.ask("Status")
    [charge] = await lane.charges()
    assert (void["GeneralResponse"]["StatusCode"], void["TransactionType"]) == ("0000", "Void")
    assert (status["GeneralResponse"]["StatusCode"], status["Voided"]) == ("0000", True)
    assert (charge["voided"], charge["net_cents"], charge["held_cents"]) == (True, 0, 0)


async def test_a_second_void_finds_nothing_and_status_still_shows_the_first(lane):
    await lane.ask("Sale")
    await lane.ask("Void")

    assert await lane.code("Void") == "1001"
    assert (await lane.ask("Status"))["Voided"] is True


async def test_some_processors_forbid_the_void_of_an_auth_but_not_of_its_capture(lane):
    await lane.behave(supports_void_of_auth=False)
    auth = await lane.ask("Auth")

    refused = await lane.code("Void")
    await lane.ask("Capture", AuthCode=auth["AuthCode"])
    allowed = await lane.code("Void")

    assert (refused, allowed) == ("1004", "0000")


async def test_some_processors_have_no_auth(lane):
    await lane.behave(supports_auth=False)

    assert await lane.code("Auth") == "1004"


@pytest.mark.parametrize("member", ["TipAmount", "CustomFee"])
async def test_an_auth_takes_neither_tip_nor_fee(lane, member):
    assert await lane.code("Auth", **{member: 1}) == "1004"


async def test_a_return_pays_without_a_sale(lane):
    answer = await lane.ask("Return", Amount=4.20)

    [charge] = await lane.charges()
    assert answer["TransactionType"] == "Return"
    assert (charge["returned"], charge["net_cents"]) == (True, -420)


async def test_a_tip_is_added_and_can_be_corrected(lane):
    await lane.ask("Sale")

    first = await lane.ask("TipAdjust", TipAmount=2, CardLast4="1111")
    second = await lane.ask("TipAdjust", TipAmount=1)

    [charge] = await lane.charges()
    assert (first["Amounts"]["Amount"], second["Amounts"]["Amount"]) == (12, 11)
    assert (second["Amounts"]["TipAmount"], charge["net_cents"]) == (1, 1100)


async def test_a_tip_on_a_captured_auth_raises_what_was_taken(lane):
    auth = await lane.ask("Auth")
    await lane.ask("Capture", AuthCode=auth["AuthCode"])

    await lane.ask("TipAdjust", TipAmount=2)

    [charge] = await lane.charges()
    assert (charge["approved_cents"], charge["captured_cents"], charge["net_cents"]) == (1000, 1200, 1200)


async def test_a_decline_charges_nothing_and_leaves_the_reference_free(lane):
    await lane.fault("decline", host_code="51")

    declined = await lane.ask("Sale")
    looked_up = await lane.code("Status")
    again = await lane.code("Sale")

    general = declined["GeneralResponse"]
    assert (general["StatusCode"], general["HostResponseCode"]) == ("1015", "51")
    assert general["HostResponseMessage"] == "INSUFFICIENT FUNDS"
    assert (looked_up, again) == ("1015", "0000")
    [charge] = await lane.charges()
    assert (charge["declined_count"], charge["net_cents"]) == (1, 1000)


async def test_a_decline_can_use_up_the_reference_and_be_forgotten(lane):
    await lane.behave(declined_consumes_reference=True, status_finds_declined=False)
    await lane.fault("decline")
    await lane.ask("Sale")

    assert await lane.code("Status") == "1001"
    assert await lane.code("Sale") == "1011"


async def test_an_auth_after_a_declined_sale_of_the_same_reference_is_an_auth(lane):
    await lane.fault("decline")
    await lane.ask("Sale")
    await lane.ask("Auth")

    [charge] = await lane.charges()

    assert (charge["kind"], charge["declined_count"], charge["held_cents"]) == ("auth", 1, 1000)


async def test_the_list_shows_the_approved_transactions_of_the_batch_in_order(lane):
    for reference in ("a", "b", "c"):
        await lane.ask("Sale", ReferenceId=reference)
    await lane.fault("decline")
    await lane.ask("Sale", ReferenceId="d")

    answer = await lane.ask("StatusList", TransactionFromIndex=2, TransactionToIndex=5000)

    listed = [(each["TransactionNumber"], each["ReferenceId"]) for each in answer["Transactions"]]
    assert listed == [("2", "b"), ("3", "c")]


@pytest.mark.parametrize("names_it", [True, False])
async def test_the_list_of_an_empty_batch_names_it_if_the_terminal_does_so(lane, names_it):
    await lane.behave(list_names_batch=names_it)

    answer = await lane.ask("StatusList", TransactionFromIndex=1, TransactionToIndex=1)

    assert answer["Transactions"] == [] and answer.get("BatchNumber") == ("1" if names_it else None)


async def test_a_settlement_adds_up_the_batch_and_forgets_it(lane):
    await lane.ask("Sale", ReferenceId="sale")
    await lane.ask("Sale", ReferenceId="undone", Amount=3)
    await lane.ask("Void", ReferenceId="undone", Amount=3)
    await lane.ask("Return", ReferenceId="back", Amount=2)

    answer = await lane.ask("Settle", SettlementType="Close")

    assert answer["SettleDetails"][0]["TransactionsReports"] == {
        "TransactionsCount": 3,
        "SaleAmount": 10,
        "ReturnAmount": 2,
        "VoidAmount": 3,
        "AuthAmount": 0,
        "TotalAmount": 8,
    }
    assert await lane.code("Status", ReferenceId="sale") == "1001"
    assert await lane.code("Void", ReferenceId="sale") == "1001"
    assert [charge["settled"] for charge in await lane.charges()] == [True, True, True]


async def test_after_a_settlement_the_next_batch_takes_the_old_reference_again(lane):
    await lane.ask("Sale")
    await lane.ask("Settle")

    answer = await lane.ask("Sale")

    assert (answer["BatchNumber"], answer["TransactionNumber"]) == ("2", "1")
    assert [charge["net_cents"] for charge in await lane.charges()] == [1000, 1000]


async def test_an_empty_batch_cannot_be_settled(lane):
    assert await lane.code("Settle") == "1020"


async def test_a_cleared_batch_charges_nobody(lane):
    await lane.ask("Sale")

    await lane.ask("Settle", SettlementType="Clear")

    [charge] = await lane.charges()
    assert (charge["cleared"], charge["settled"], charge["net_cents"]) == (True, False, 0)
