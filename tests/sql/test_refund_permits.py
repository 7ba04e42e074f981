"""Who may give back: to where the money came from, in another way, or without a receipt."""

import uuid

import psycopg
import pytest
from staff_room import approve, hire, set_rule

from refund_floor import begin_refund, cash_sale, document, drawer, refund, tender_refund
from shop_floor import Connection, ShopFloor, rows

WAYS = [
    pytest.param({}, "refund_linked", id="to where it came from"),
    pytest.param({"tender": "external", "reference": "transfer"}, "refund_other_tender", id="in another way"),
    pytest.param({"without_receipt": True}, "refund_without_receipt", id="without a receipt"),
    pytest.param(
        {"without_receipt": True, "tender": "external", "reference": "transfer"}, "refund_without_receipt",
        id="without a receipt, in another way",
    ),
]  # fmt: skip


async def refused(db: Connection, sqlstate: str, asking) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as failure:
        async with db.transaction():
            await asking
    assert failure.value.sqlstate == sqlstate
    return failure.value


@pytest.mark.parametrize(("way", "action"), WAYS)
async def test_each_way_has_its_rule_and_both_names_are_kept(db: Connection, shop: ShopFloor, way, action) -> None:
    ann, mia = await hire(db, shop, "Ann"), await hire(db, shop, "Mia", "owner")
    order = await cash_sale(db, shop)
    others = {"refund_linked", "refund_other_tender", "refund_without_receipt"} - {action}
    for other in others:
        await set_rule(db, shop, "cashier", other, "allowed")

    needed = await refused(db, "RU502", refund(db, shop, order, staff_id=ann, **way))
    approval = await approve(db, shop, action, ann, mia, amount=1000, basis=1000)
    made = await refund(db, shop, order, staff_id=ann, approval_id=approval, **way)

    told = await document(db, shop, made["refund_id"])
    logged = await rows(db, "select approved_by from ringup.audit_log where action = 'refund_begun'")
    assert f'"{action}"' in needed.diag.message_detail
    assert (told["status"], told["approved_by"]) == ("completed", "staff:Mia")
    assert [each["approved_by"] for each in logged] == ["staff:Mia"]
    assert told["without_receipt"] == way.get("without_receipt", False)


async def test_who_may_not_gives_nothing_back(db: Connection, shop: ShopFloor) -> None:
    ann, order = await hire(db, shop, "Ann"), await cash_sale(db, shop)
    await set_rule(db, shop, "cashier", "refund_linked", "denied")

    await refused(db, "RU501", refund(db, shop, order, staff_id=ann))
    await refused(db, "RU020", refund(db, shop, order, staff_id=uuid.uuid4()))

    assert await drawer(db, shop) == (1000, 0, 0, 0)


async def test_a_refund_that_goes_on_in_another_way_is_asked_about_again(db: Connection, shop: ShopFloor) -> None:
    ann = await hire(db, shop, "Ann")
    await set_rule(db, shop, "cashier", "refund_linked", "allowed")
    made = await refund(db, shop, await shop.sell(db), staff_id=ann)
    await begin_refund(db, shop, made["payment_id"], "return")
    await shop.record(db, made["payment_id"], "declined")

    await refused(db, "RU502", rows(
        db, "select * from ringup.tender_refund(%s, %s, 'cash', null, %s, null, 'Ann', 15)",
        shop.vendor, made["refund_id"], ann,
    ))  # fmt: skip

    assert (await tender_refund(db, shop, made["refund_id"], "cash"))["status"] == "completed"
