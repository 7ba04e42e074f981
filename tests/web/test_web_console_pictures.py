"""The pictures of the console in the documentation: written only when RINGUP_TEST_PICTURES=1 asks for them.

In a run of its own: it leaves a doubt at a terminal, which other pictures want to sell on.
"""

from typing import Any

import pytest
from console_floor import BACK, FRONT, ROOMS, Person, filled, item_for, sell, sell_without_points, settle, signed_in
from pictures import SCHEMES, SIZES, only_if_wanted, take

pytestmark = [pytest.mark.asyncio(loop_scope="session"), only_if_wanted]

DAY = """
    update ringup.orders o set created_at = o.created_at - make_interval(hours => n.hours)
      from (select id, 7 - ((row_number() over (order by created_at) - 1) * 8 / count(*) over ())::integer as hours
              from ringup.orders) as n
     where n.id = o.id;
    insert into ringup.processor_health_checks
          (vendor_id, id, payment_processor_id, checked_at, status, latency_ms)
    select p.vendor_id, ringup.new_id(), p.id, ringup.now() - make_interval(mins => 5 * n),
           case when p.processor_name like 'Back%' and n between 96 and 104 then 'offline' else 'online' end,
           18 + (n * 7919 % 23)
      from ringup.payment_processors p, generate_series(1, 280) as n;
"""
"""Spread what was sold just now over the hours before, and let terminals have been asked all day."""


def a_day(shop: Any) -> Any:
    """Cash and cards, a few declines, one doubt that was cleared up, and some things that wait. Returns an order."""
    for number in range(26):
        if number % 9 == 4:
            shop.fault("decline", path="Auth")
            sell(shop, card=FRONT, customer=1 + number % 12)
        sell(shop, card=(None, FRONT, BACK)[number % 3], customer=1 + number % 12, sku=f"COF-00{1 + number % 2}")
    shop.fault("drop_request", path="Status")
    shop.fault("drop_reply", path="Auth")
    order = sell(shop, card=FRONT, customer=9)
    assert settle(shop, order) == order["total_minor"]
    shop.do(DAY)
    sell_without_points(shop, customer=7)
    item_for(shop, "amount_differs", "01a22306d1167964a412328b61601836")
    return order


async def test_the_console_is_drawn(visit: Any, window: Any, shop: Any, chromium: Any) -> None:
    order = a_day(shop)
    morgan = await signed_in(chromium, shop, "Morgan")
    shop.fault("drop_request", path="Status", times=None)
    shop.fault("drop_request", path="Auth")
    sell(shop, card=FRONT)
    for size in SIZES:
        for scheme in SCHEMES:
            person = Person(visit, window, morgan)
            page = await person.open("/console", viewport=SIZES[size], color_scheme=scheme)
            for title, path in {**ROOMS, "Order": f"/console/orders/{order['id']}"}.items():
                await page.goto(f"{shop.base_url}{path}")
                await filled(page)
                await take(page, f"console-{title.lower().replace(' ', '-')}", size, scheme)
