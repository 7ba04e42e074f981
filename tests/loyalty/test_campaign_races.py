"""Two registers, one customer, one campaign that counts once: staged, not hoped for."""

import asyncio

import pytest

from programme_floor import cash, grants, run_campaign
from shop_floor import broken_invariants, open_shop_floor, prepare


@pytest.mark.parametrize("first_one", ["goes on", "is given up"])
async def test_a_campaign_s_limit_holds_at_two_registers(registers, until_waiting, first_one) -> None:
    first, second, third, observer = [await registers() for _ in range(4)]
    shop = await open_shop_floor(observer)
    campaign = await run_campaign(observer, shop, customer_limit=1)
    asked = [shop.request(**cash(shop)) for _ in range(3)]

    async with first.transaction():
        made = await prepare(first, asked[0])
        rivals = [
            asyncio.create_task(prepare(connection, request))
            for connection, request in ((second, asked[1]), (third, asked[2]))
        ]
        await until_waiting(observer, 2)
        if first_one == "is given up":
            await shop.cancel(first, made["checkout_id"])
    done = await asyncio.gather(*rivals)

    orders = [await shop.order(observer, each["checkout_id"]) for each in (made, *done)]
    assert sorted(order["points_to_earn"] for order in orders if order["status"] == "pending_payment") == (
        [10, 10, 30] if first_one == "goes on" else [10, 30]
    )
    assert [status for status, _ in await grants(observer, campaign)] == (
        ["held"] if first_one == "goes on" else ["released", "held"]
    )
    assert await broken_invariants(observer) == {}


async def test_registers_with_different_customers_do_not_wait_for_each_other(registers) -> None:
    first, second = [await registers() for _ in range(2)]
    shop = await open_shop_floor(first)
    other = await open_shop_floor(first)
    for each in (shop, other):
        await run_campaign(first, each, customer_limit=1)
    await second.execute("set lock_timeout = '1ms'")

    async with first.transaction():
        await prepare(first, shop.request(**cash(shop)))
        made = await prepare(second, other.request(**cash(other)))

    assert (await other.order(first, made["checkout_id"]))["points_to_earn"] == 30
