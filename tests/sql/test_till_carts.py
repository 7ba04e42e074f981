"""A cart at a register: what lies in it is kept, it stands still while it is paid, and it is sold once."""

import asyncio
import uuid
from typing import Any

from psycopg.types.json import Jsonb
from staff_room import code_of

from shop_floor import Connection, ShopFloor, ask, open_shop_floor, prepare, rows

CASH = [{"type": "cash", "amount_minor": 1000, "tendered_minor": 2000}]
CARD = [{"type": "card", "amount_minor": 1000}]


async def put(db: Connection, shop: ShopFloor, cart: uuid.UUID, revision: int, **contents: Any) -> int:
    asked = [shop.vendor, cart, shop.register, revision, Jsonb(contents)]
    found: int = await ask(db, "select ringup.put_cart(%s, %s, %s, %s, %s, 'Ada')", *asked)
    return found


async def freeze(db: Connection, shop: ShopFloor, cart: uuid.UUID, revision: int, **changes: Any) -> str:
    asked = {"tenders": CASH, "person": None, "approvals": []} | changes
    found: str = await ask(
        db,
        "select ringup.freeze_cart(%s, %s, %s, %s, %s, %s, 'Ada')",
        *(shop.vendor, cart, revision, Jsonb(asked["tenders"]), asked["person"], asked["approvals"]),
    )
    return found


async def thaw(db: Connection, shop: ShopFloor, cart: uuid.UUID) -> int:
    found: int = await ask(db, "select ringup.thaw_cart(%s, %s, 'Ada')", shop.vendor, cart)
    return found


async def move(db: Connection, shop: ShopFloor, cart: uuid.UUID, place: str) -> None:
    await ask(db, "select ringup.move_cart(%s, %s, %s, 'Ada')", shop.vendor, cart, place)


async def cart_of(db: Connection, cart: uuid.UUID) -> dict[str, Any]:
    return (await rows(db, "select * from ringup.till_carts where id = %s", cart))[0]


async def test_a_change_names_the_revision_it_was_made_on(db: Connection, shop: ShopFloor) -> None:
    cart = uuid.uuid4()

    assert await put(db, shop, cart, 0, lines=[]) == 1
    assert await put(db, shop, cart, 1, lines=["coffee"]) == 2
    assert await code_of(db, put(db, shop, cart, 1, lines=["tea"])) == "RU181"
    assert (await cart_of(db, cart))["contents"] == {"lines": ["coffee"]}


async def test_one_cart_stands_at_the_counter(db: Connection, shop: ShopFloor) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    await put(db, shop, first, 0)

    assert await code_of(db, put(db, shop, second, 0)) == "RU181"
    await move(db, shop, first, "parked")
    assert await put(db, shop, second, 0) == 1
    assert await code_of(db, move(db, shop, first, "counter")) == "RU181"
    await move(db, shop, second, "left")
    await move(db, shop, first, "counter")
    assert await code_of(db, move(db, shop, second, "counter")) == "RU181"


async def test_a_cart_of_nobody_and_at_no_register_is_refused(db: Connection, shop: ShopFloor) -> None:
    shop.register, register = uuid.uuid4(), shop.register
    at_no_register = await code_of(db, put(db, shop, uuid.uuid4(), 0))
    shop.register = register

    assert at_no_register == "RU004"
    assert await code_of(db, put(db, shop, uuid.uuid4(), 7)) == "RU031"
    assert await code_of(db, move(db, shop, uuid.uuid4(), "parked")) == "RU031"


async def test_a_cart_stands_still_while_it_is_paid(db: Connection, shop: ShopFloor) -> None:
    cart = uuid.uuid4()
    await put(db, shop, cart, 0)
    key = await freeze(db, shop, cart, 1)

    assert await freeze(db, shop, cart, 1, tenders=CARD) == key
    assert (await cart_of(db, cart))["tenders"] == CASH
    assert await code_of(db, put(db, shop, cart, 2)) == "RU182"
    assert await code_of(db, move(db, shop, cart, "left")) == "RU182"


async def test_a_cart_that_was_changed_elsewhere_is_not_paid(db: Connection, shop: ShopFloor) -> None:
    cart = uuid.uuid4()
    await put(db, shop, cart, 0)
    await put(db, shop, cart, 1)

    assert await code_of(db, freeze(db, shop, cart, 1)) == "RU181"
    await move(db, shop, cart, "parked")
    assert await code_of(db, freeze(db, shop, cart, 3)) == "RU181"


async def test_who_sells_and_what_was_approved_stands_still_with_it(db: Connection, shop: ShopFloor) -> None:
    cart, casey, alex, approval = uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    await put(db, shop, cart, 0, lines=["coffee"])

    await freeze(db, shop, cart, 1, person=casey, approvals=[approval])
    await freeze(db, shop, cart, 2, person=alex)
    assert (await cart_of(db, cart))["contents"] == {
        "lines": ["coffee"],
        "sold_by": str(casey),
        "approvals": [str(approval)],
    }


async def test_a_refused_sale_keeps_its_key_and_one_that_ended_gets_another(db: Connection, shop: ShopFloor) -> None:
    cart = uuid.uuid4()
    await put(db, shop, cart, 0)
    first = await freeze(db, shop, cart, 1)
    await thaw(db, shop, cart)
    again = await freeze(db, shop, cart, (await cart_of(db, cart))["revision"])
    order = await prepare(db, shop.cash(key=again))
    in_payment = await code_of(db, thaw(db, shop, cart))
    await shop.cancel(db, order["checkout_id"])
    revision = await thaw(db, shop, cart)

    assert again == first
    assert in_payment == "RU182"
    assert await thaw(db, shop, cart) == revision
    assert await freeze(db, shop, cart, revision) not in {first, ""}


async def test_a_sold_cart_shows_its_order_and_leaves(db: Connection, shop: ShopFloor) -> None:
    cart = uuid.uuid4()
    await put(db, shop, cart, 0)
    order = await prepare(db, shop.cash(key=await freeze(db, shop, cart, 1)))
    await shop.complete(db, order["checkout_id"])
    listed = "select place, status, order_id from ringup.till_cart_list where id = %s"
    shown = await rows(db, listed, cart)

    assert shown == [{"place": "counter", "status": "completed", "order_id": order["checkout_id"]}]
    assert await code_of(db, thaw(db, shop, cart)) == "RU182"
    await move(db, shop, cart, "left")
    assert await rows(db, listed, cart) == []


async def test_two_tabs_that_change_at_once_one_is_told(registers, until_waiting) -> None:
    left, right, holder, observer = [await registers() for _ in range(4)]
    shop, cart = await open_shop_floor(holder), uuid.uuid4()
    await put(holder, shop, cart, 0)

    async with holder.transaction():
        await holder.execute("select from ringup.till_carts where id = %s for update", [cart])
        tabs = [asyncio.create_task(code_of(tab, put(tab, shop, cart, 1, by=n))) for n, tab in enumerate((left, right))]
        await until_waiting(observer, 2)
    told = await asyncio.gather(*tabs)

    assert set(told) == {None, "RU181"}
    assert (await cart_of(holder, cart))["revision"] == 2


async def test_a_browser_is_known_until_its_key_is_revoked(db: Connection, shop: ShopFloor) -> None:
    key, browser = uuid.uuid4(), uuid.uuid4()
    await db.execute(
        "select ringup.create_api_key(%s, %s, 'pages', 'ringup_web_test', %s, array['staff:sign_in'], null, 'Ada')",
        [shop.vendor, key, b"hash of the key"],
    )
    connecting = "select ringup.connect_browser(%s, %s, 'Front', %s, %s, 'Ada')"
    await db.execute(connecting, [shop.vendor, browser, b"hash of the token", key])
    known = "select * from ringup.recognise_browser(%s, %s)"

    assert await rows(db, known, shop.vendor, b"hash of the token") == [
        {"browser_id": browser, "scopes": ["staff:sign_in"]}
    ]
    assert await rows(db, known, shop.vendor, b"of another") == []
    assert await code_of(db, ask(db, connecting, shop.vendor, browser, b"a second", key)) == "RU113"
    await db.execute("update ringup.api_keys set revoked_at = ringup.now() where id = %s", [key])
    assert await rows(db, known, shop.vendor, b"hash of the token") == []


async def test_a_browser_that_was_disconnected_is_a_stranger(db: Connection, shop: ShopFloor) -> None:
    key, browser = uuid.uuid4(), uuid.uuid4()
    await db.execute(
        "select ringup.create_api_key(%s, %s, 'pages', 'ringup_web_test', %s, array['staff:sign_in'], null, 'Ada')",
        [shop.vendor, key, b"hash of the key"],
    )
    await db.execute(
        "select ringup.connect_browser(%s, %s, 'Front', %s, %s, 'Ada')", [shop.vendor, browser, b"token", key]
    )

    for _ in range(2):
        await db.execute("select ringup.disconnect_browser(%s, %s, 'Ada')", [shop.vendor, browser])

    assert await rows(db, "select * from ringup.recognise_browser(%s, %s)", shop.vendor, b"token") == []
    (shown,) = await rows(db, "select * from ringup.web_browser_list where id = %s", browser)
    assert shown["disconnected_at"] is not None
    trail = await rows(db, "select action from ringup.audit_log where row_id = %s order by id", str(browser))
    assert [row["action"] for row in trail] == ["browser_connected", "browser_disconnected"]
