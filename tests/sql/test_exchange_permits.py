"""Who may exchange: what comes back asks the rule of refunds, and what goes out asks the rules of prices."""

import pytest
from staff_room import approve, hire, set_rule

from exchange_floor import add_tea, exchange, exchange_of, prepare_exchange, refused, way
from refund_floor import cash_sale
from shop_floor import Connection, ShopFloor, ask, broken_invariants, rows

OFF = {"discount_amounts": [100], "discount_percents": [None], "discount_reasons": ["goodwill"]}
LINKED, OTHER = "refund_linked", "refund_other_tender"


@pytest.mark.parametrize(
    ("back", "action"),
    [
        ({}, LINKED),
        ({"returned_tender": "external", "returned_reference": "transfer"}, OTHER),
        ({"without_receipt": True}, "refund_without_receipt"),
    ],
    ids=["as it was paid", "in another way", "without a receipt"],
)
async def test_what_comes_back_needs_what_a_refund_needs(db: Connection, shop: ShopFloor, back, action) -> None:
    await add_tea(db, shop)
    ann, mia = await hire(db, shop, "Ann"), await hire(db, shop, "Mia", "owner")
    order = await cash_sale(db, shop)
    for other in {LINKED, OTHER, "refund_without_receipt"} - {action}:
        await set_rule(db, shop, "cashier", other, "allowed")

    needed = await refused(db, "RU502", prepare_exchange(db, exchange_of(shop, order, staff_id=ann, **back)))
    approval = await approve(db, shop, action, ann, mia, amount=1000, basis=1000)
    _, refund = await exchange(db, shop, order, staff_id=ann, approval_ids=[approval], **back)

    logged = await rows(db, "select approved_by from ringup.audit_log where action = 'exchange_begun'")
    assert f'"{action}"' in needed.diag.message_detail
    assert (refund["status"], refund["approved_by"]) == ("completed", "staff:Mia")
    assert [each["approved_by"] for each in logged] == ["staff:Mia"]


async def test_each_half_takes_an_approval_of_its_own(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop)
    ann, mia = await hire(db, shop, "Ann"), await hire(db, shop, "Mia", "owner")
    order = await cash_sale(db, shop)
    of_price = await approve(db, shop, "order_discount", ann, mia, amount=100, basis=1500)
    of_refund = await approve(db, shop, LINKED, ann, mia, amount=1000, basis=1000)
    asked = {"staff_id": ann, **OFF}

    await refused(db, "RU503", prepare_exchange(db, exchange_of(shop, order, approval_ids=[of_price], **asked)))
    await refused(db, "RU503", prepare_exchange(db, exchange_of(shop, order, approval_ids=[of_refund], **asked)))
    sale, refund = await exchange(db, shop, order, approval_ids=[of_price, of_refund], **asked)

    used = await rows(db, "select action, used_for from ringup.approvals order by action")
    assert [tuple(each.values()) for each in used] == [
        ("order_discount", str(sale["id"])), (LINKED, str(order))
    ]  # fmt: skip
    assert await way(db, refund["id"]) == [("exchange", 1000, "approved")]
    assert await broken_invariants(db) == {}


async def test_who_may_not_give_back_exchanges_nothing(db: Connection, shop: ShopFloor) -> None:
    await add_tea(db, shop)
    ann, order = await hire(db, shop, "Ann"), await cash_sale(db, shop)
    await set_rule(db, shop, "cashier", LINKED, "denied")

    await refused(db, "RU501", prepare_exchange(db, exchange_of(shop, order, staff_id=ann)))

    assert await rows(db, "select * from ringup.refunds") == []
    assert await ask(db, "select sum(reserved) from ringup.inventory") == 0
