"""A sale whose shift was closed before it completed: never waited for, never lost, and named in both reports."""

from drawer import count_and_close, find_out, leave_in_doubt, open_shift, report, sell_for_cash
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows


async def test_a_doubt_does_not_hold_up_the_closing_and_is_named_in_its_report(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop)

    z = await count_and_close(db, shop)

    [sale] = z["under_way"]
    assert (sale["order_id"], sale["total_minor"], sale["is_in_doubt"]) == (str(prepared["checkout_id"]), 1000, True)
    assert z["sales"]["orders_count"] == 0
    assert await broken_invariants(db) == {}


async def test_it_counts_in_the_next_shift_and_both_reports_say_so(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop, types=["card", "cash"], processors=[shop.terminal, None],
                                    amounts=[400, None], tendered=[None, 1000], references=[None, None])  # fmt: skip
    closed = await count_and_close(db, shop)
    opened = await open_shift(db, shop)
    await sell_for_cash(db, shop)

    await shop.record(db, prepared["payment_id"], "approved", approved_minor=400)
    await shop.complete(db, prepared["checkout_id"])

    before, after = await report(db, shop), await report(db, shop, session=opened)
    [gone], [come] = before["afterwards"], after["late"]
    assert (gone["status"], gone["counted_in"]) == ("completed", str(opened))
    assert (come["order_id"], come["began_session_id"], come["began_closure_number"]) == (
        *(str(prepared["checkout_id"]), str(shop.session)),
        1,
    )
    assert (after["sales"]["orders_count"], after["sales"]["late_count"]) == (2, 1)
    assert after["cash"]["expected_minor"] == 10000 + 1000 + 600
    assert {name: before[name] for name in before.keys() - {"afterwards"}} == {
        name: closed[name] for name in closed.keys() - {"afterwards"}
    }
    sessions = await rows(
        db,
        "select distinct register_session_id from ringup.payment_transactions where order_id = %s",
        prepared["checkout_id"],
    )
    assert sessions == [{"register_session_id": opened}]
    assert await broken_invariants(db) == {}


async def test_while_no_shift_is_open_it_counts_in_a_late_session_that_the_next_shift_ends(
    db: Connection, shop: ShopFloor
) -> None:
    first, second = await leave_in_doubt(db, shop), await shop.prepare(db, types=["cash"], processors=[None])
    await count_and_close(db, shop)

    await find_out(db, shop, first)
    await shop.complete(db, second["checkout_id"])
    between = await rows(db, "select * from ringup.register_sessions where kind = 'late'")
    opened = await open_shift(db, shop)

    [late] = between
    assert (late["order_count"], late["cash_minor"], late["card_minor"], late["closed_at"]) == (2, 1000, 1000, None)
    z = await report(db, shop, session=late["id"])
    assert (z["type"], z["kind"], z["closure_number"], z["sales"]["late_count"]) == ("Z", "late", 2, 2)
    assert (z["cash"]["expected_minor"], z["cash"]["counted_minor"]) == (1000, None)
    assert (await report(db, shop, session=opened))["late_session"] == {
        "register_session_id": str(late["id"]),
        "closure_number": 2,
        "order_count": 2,
        "expected_minor": 1000,
    }
    assert [sale["counted_in"] for sale in (await report(db, shop))["afterwards"]] == [str(late["id"])] * 2
    assert await broken_invariants(db) == {}


async def test_a_register_does_not_sell_in_a_late_session(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop)
    await count_and_close(db, shop)
    await find_out(db, shop, prepared)

    assert await ask(db, "select open_session_id from ringup.register_statuses where id = %s", shop.register) is None


async def test_a_doubt_that_was_a_decline_counts_nowhere(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop)
    await count_and_close(db, shop)

    await find_out(db, shop, prepared, "declined")

    [sale] = (await report(db, shop))["afterwards"]
    assert (sale["status"], sale["counted_in"]) == ("payment_failed", None)
    assert await ask(db, "select count(*) from ringup.register_sessions") == 1
    assert await broken_invariants(db) == {}


async def test_a_sale_may_outlive_two_shifts(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop)
    await count_and_close(db, shop)
    second = await open_shift(db, shop)
    await count_and_close(db, shop, session=second)
    third = await open_shift(db, shop)

    await find_out(db, shop, prepared)

    order = await shop.order(db, prepared["checkout_id"])
    assert (order["register_session_id"], order["began_session_id"]) == (third, shop.session)
    assert await broken_invariants(db) == {}


async def test_the_stored_answer_names_the_session_that_counts_the_sale(db: Connection, shop: ShopFloor) -> None:
    prepared = await leave_in_doubt(db, shop)
    await count_and_close(db, shop)
    opened = await open_shift(db, shop)

    await find_out(db, shop, prepared)

    stored = await ask(
        db, "select response_body from ringup.idempotency_keys where order_id = %s", prepared["checkout_id"]
    )
    assert stored["register_session_id"] == str(opened)
