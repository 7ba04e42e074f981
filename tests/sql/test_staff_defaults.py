"""What each role may do where a vendor has said nothing, as the guide prints it."""

import re
from pathlib import Path

from staff_room import code_of, hire, permit, set_rule

from shop_floor import Connection, ShopFloor, rows

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "people-and-approvals.md"
ROW = re.compile(r"^\| [^|]+ \| `(\w+)` \|[^|]*\|[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ASKED_FOR = {
    *("line_discount", "order_discount", "price_override", "void_sale", "refund_linked", "refund_other_tender"),
    *("refund_without_receipt", "paid_in", "paid_out", "no_sale", "close_session", "adjust_stock", "adjust_points"),
}


async def test_the_guide_prints_the_rules_that_hold_by_default(db: Connection) -> None:
    kept = {
        (row["role"], row["action"]): row["rule"].replace("_", " ")
        + (f" up to {row['limit_percent']} %" if row["limit_percent"] is not None else "")
        for row in await rows(db, "select role, action, rule, limit_percent from ringup.staff_rules_default")
    }

    printed = {found[0]: found[1:] for found in ROW.findall(GUIDE.read_text())}

    assert set(printed) == ASKED_FOR
    for action, rules in printed.items():
        assert tuple(kept[role, action] for role in ("cashier", "supervisor", "manager")) == rules, action
        assert kept["owner", action] == "allowed", action
        assert kept["auditor", action] == "denied", action


async def test_a_shift_with_a_difference_asks_where_the_store_set_a_limit(db: Connection, shop: ShopFloor) -> None:
    bob = await hire(db, shop, "Bob")
    await set_rule(db, shop, "cashier", "close_session", "allowed", minor=500)

    assert await code_of(db, permit(db, shop, bob, "close_session", amount=500)) is None
    assert await code_of(db, permit(db, shop, bob, "close_session", amount=501)) == "RU502"
