"""The checker is checked: each invariant is broken by hand, and its view must say so."""

import pytest

from drawer import count_and_close
from price_floor import sold
from ringup.db.reads.audit import INVARIANTS
from shop_floor import Connection, ShopFloor, rows
from value_floor import begun, grant, issue

LOSE_A_ROW = """
    alter table ringup.loyalty_lots drop constraint loyalty_lots_vendor_id_transaction_id_fkey;
    delete from ringup.loyalty_transactions where transaction_type = 'adjusted'
"""
RETURN_TOO_MUCH = """
    with refund as (
        insert into ringup.loyalty_returns
        select i.vendor_id, i.order_id, gen_random_uuid(), i.line_number, 1, 11, 0, now() from ringup.order_items i
        returning vendor_id, refund_id
    )
    insert into ringup.loyalty_transactions
    select t.vendor_id, gen_random_uuid(), t.customer_id, 3, -11, 'reversed', 110, 99, 'refund', r.refund_id::text, '',
           now()
      from refund r
      join ringup.loyalty_transactions t on t.vendor_id = r.vendor_id and t.entry_number = 2
"""

TAKE_CASH_OUT = """
    insert into ringup.cash_movements (
        vendor_id, id, register_session_id, kind, amount_minor, reason, done_by, created_at)
    select s.vendor_id, gen_random_uuid(), s.id, 'paid_out', 500, 'nobody knows', 'Eve', now()
      from ringup.register_sessions s
"""
MOVE_TO_ANOTHER_SESSION = """
    with another as (
        insert into ringup.register_sessions (vendor_id, id, register_id, opened_by, opened_at, opening_float_minor)
        select s.vendor_id, gen_random_uuid(), s.register_id, 'Eve', now(), 0 from ringup.register_sessions s
        returning id)
    update ringup.payment_transactions set register_session_id = (select id from another)
"""

BREAK = {
    "I1": ["update ringup.orders set status = 'payment_failed'"],
    "I2": ["update ringup.payment_transactions set approved_minor = approved_minor + 1"],
    "I3": ["update ringup.payment_transactions set approved_minor = approved_minor - 1"],
    "I4": [
        "update ringup.customers set loyalty_points = loyalty_points + 1",
        "update ringup.loyalty_transactions set points = points + 1, balance_after = balance_after + 1"
        " where transaction_type = 'earned'",
        LOSE_A_ROW,
        "update ringup.loyalty_lots set remaining = remaining - 1",
        "update ringup.loyalty_lots set remaining = remaining - 1, points = points - 1",
    ],
    "I5": [
        "update ringup.customers set loyalty_points_held = 1",
        "update ringup.customers set loyalty_overdrawn = true",
        RETURN_TOO_MUCH,
        "update ringup.orders set holds = 'held'",
    ],
    "I6": [
        "update ringup.inventory set on_hand = on_hand + 1",
        "update ringup.inventory set reserved = reserved + 1",
        "delete from ringup.inventory_movements where reason = 'sold'",
        "update ringup.order_items set quantity = quantity + 1, total_minor = total_minor + unit_price_minor",
    ],
    "I7": [
        "update ringup.orders set status = 'payment_authorized', hold_until = now() - interval '1 hour'",
        "update ringup.orders set status = 'pending_payment', lease_until = null",
        "update ringup.payment_transactions set capture_status = 'pending', next_check_at = null",
        "update ringup.payment_transactions set status = 'unknown', next_check_at = now() - interval '1 hour'",
    ],
    "I8": [
        "update ringup.idempotency_keys set response_status = null, completed_at = null",
        "update ringup.idempotency_keys set response_status = 402",
        "update ringup.orders set idempotency_key = 'another'",
    ],
    "I9": [
        "delete from ringup.order_events where event = 'payment_begun'",
        "update ringup.order_events set sequence = sequence + 1 where event = 'completed'",
        "update ringup.order_events e set id = (select f.id from ringup.order_events f where f.sequence = 1)",
        "update ringup.order_events set created_at = created_at - interval '11 minutes' where event = 'completed'",
        "update ringup.order_events set relayed_at = ringup.now() where event = 'completed'",
    ],
    "I10": [
        "alter table ringup.customers disable row level security",
        "alter role ringup_app bypassrls",
        "drop policy tenant on ringup.orders",
    ],
    "I11": [
        "grant delete on ringup.loyalty_transactions to ringup_app",
        LOSE_A_ROW,
        "delete from ringup.order_events where event = 'completed'",
    ],
    "I12": [
        "update ringup.register_sessions set order_count = order_count + 1",
        "update ringup.register_sessions set card_minor = card_minor + 1000",
        "update ringup.register_sessions set card_minor = card_minor - 5, cash_minor = cash_minor + 5",
        "update ringup.register_sessions set expected_minor = expected_minor + 1, variance_minor = variance_minor - 1",
        "update ringup.register_sessions set variance_minor = variance_minor + 1",
        "update ringup.register_sessions set counted_minor = 0, variance_minor = -expected_minor",
        "update ringup.register_sessions set closure_number = 2",
        "update ringup.registers set last_closure_number = 2",
        "delete from ringup.z_reports",
        "update ringup.z_reports set closure_number = 2",
        "update ringup.z_reports set report = jsonb_set(report, '{sales,orders_count}', '2')",
        "update ringup.z_reports set report = jsonb_set(report, '{cash,expected_minor}', '2')",
        "update ringup.z_reports set report = jsonb_set(report, '{cash,counted_minor}', '2')",
        "update ringup.z_reports set report = jsonb_set(report, '{tenders,0,sales_minor}', '2')",
        TAKE_CASH_OUT,
        "update ringup.cash_count_lines set quantity = quantity + 1",
        MOVE_TO_ANOTHER_SESSION,
    ],
    "I13": [
        "update ringup.order_events set event = 'completed' where event = 'fully_paid'",
        "update ringup.order_events set event = 'fully_paid' where event = 'payment_begun'",
        "update ringup.order_events set event = 'payment_begun' where event = 'completed'",
        "insert into ringup.inventory_movements select m.vendor_id, gen_random_uuid(), m.location_id, m.product_id,"
        " m.reason, m.on_hand_change, m.reserved_change, m.on_hand_after, m.reserved_after, m.reference_type,"
        " m.reference_id, m.note, m.created_at from ringup.inventory_movements m where m.reason = 'sold'",
        "update ringup.loyalty_transactions set reference_id = 'elsewhere' where transaction_type = 'earned'",
        "update ringup.orders set points_redeemed = 3",
    ],
    "I14": [
        "update ringup.stored_value_accounts set balance_minor = balance_minor + 1",
        "update ringup.stored_value_accounts set held_minor = 1",
        "update ringup.stored_value_accounts set entries = entries + 1",
        "update ringup.stored_value_transactions set entry_number = entry_number + 1 where transaction_type = 'spent'",
        "update ringup.stored_value_transactions set balance_before_minor = balance_before_minor + 1,"
        " balance_after_minor = balance_after_minor + 1 where transaction_type = 'spent'",
        "update ringup.stored_value_transactions set reference_id = 'elsewhere' where transaction_type = 'spent'",
        "update ringup.stored_value_transactions set reference_id = 'elsewhere' where transaction_type = 'loaded'",
        "update ringup.order_items set gift_card_id = (select a.id from ringup.stored_value_accounts a"
        " where a.kind = 'gift_card') where gift_card_id is null",
    ],
}


async def broken(db: Connection) -> set[str]:
    return {invariant for invariant, (view, _) in INVARIANTS.items() if await rows(db, f"select * from ringup.{view}")}


@pytest.mark.parametrize(
    ("invariant", "hand"), [(invariant, hand) for invariant, hands in BREAK.items() for hand in hands]
)
async def test_a_hand_in_the_tables_is_seen(db: Connection, shop: ShopFloor, invariant: str, hand: str) -> None:
    await shop.sell(db, customer_id=shop.customer)
    if invariant == "I14":
        await spend_and_load(db, shop)
    await count_and_close(db, shop)
    assert await broken(db) == set()

    await db.execute(hand.encode())

    assert invariant in await broken(db)


async def spend_and_load(db: Connection, shop: ShopFloor) -> None:
    """Store credit buys a coffee, and cash a gift card."""
    await grant(db, shop, 1500)
    await shop.complete(db, await begun(db, shop, ("store_credit", None, None), customer_id=shop.customer))
    card = await issue(db, shop, 0)
    await sold(db, shop, line_gift_cards=[card])


async def test_every_invariant_of_the_audit_is_broken_here_once() -> None:
    assert set(BREAK) == set(INVARIANTS)
