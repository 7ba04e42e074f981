"""The checker is checked on refunds: each thing they must keep is broken by hand, and its view must say so."""

import pytest

from drawer import count_and_close
from refund_floor import cash_sale, part, refund
from ringup.db.reads.audit import INVARIANTS
from shop_floor import Connection, ShopFloor, rows

REFUND_ROW = "ringup.payment_transactions set {} where kind = 'refund'"
DECLINED = "status = 'declined'"
BREAK = [
    ("I2", "update ringup.refunds set amount_minor = amount_minor + 1"),
    ("I2", "update ringup.refunds set cash_rounding_minor = cash_rounding_minor + 1"),
    ("I2", "update ringup.refund_lines set amount_minor = amount_minor + 1"),
    ("I2", "update ringup.refunds set status = 'cancelled', completed_at = null"),
    ("I2", f"update {REFUND_ROW.format('approved_minor = 3001')}"),
    ("I6", "update ringup.refund_lines set quantity = quantity + 1"),
    ("I6", "update ringup.refund_lines set restock = false"),
    ("I6", "delete from ringup.inventory_movements where reference_type = 'refund'"),
    ("I12", f"update {REFUND_ROW.format('approved_minor = approved_minor + 1')}"),
    ("I12", f"update {REFUND_ROW.format('register_session_id = null')}"),
    ("I12", f"update {REFUND_ROW.format(DECLINED)}"),
    ("I12", "update ringup.z_reports set report = jsonb_set(report, '{refunds,amount_minor}', '2')"),
    (
        "I13",
        "insert into ringup.inventory_movements select m.vendor_id, gen_random_uuid(), m.location_id, m.product_id,"
        " m.reason, m.on_hand_change, m.reserved_change, m.on_hand_after, m.reserved_after, m.reference_type,"
        " m.reference_id, m.note, m.created_at from ringup.inventory_movements m where m.reason = 'returned'",
    ),
]


@pytest.mark.parametrize(("invariant", "hand"), BREAK)
async def test_a_hand_in_a_refund_is_seen(db: Connection, shop: ShopFloor, invariant: str, hand: str) -> None:
    await refund(db, shop, await cash_sale(db, shop, 3), **part(2))
    await count_and_close(db, shop)
    view = INVARIANTS[invariant][0]
    assert await rows(db, f"select * from ringup.{view}") == []

    await db.execute(hand.encode())

    assert await rows(db, f"select * from ringup.{view}") != []
