"""Taxes: in the price and added to it, several on a line, rounded where the vendor says, and not owed by everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from staff_room import code_of

from price_floor import add_product, lines_of, prepared, round_taxes, set_tax_rate, sold, taxes_of
from shop_floor import Connection, ShopFloor, ask, open_shop_floor

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def total_of(db: Connection, shop: ShopFloor, order) -> tuple[int, int, int]:
    """Total, tax, and what of the tax the prices contain."""
    found = await shop.order(db, order)
    return found["total_minor"], found["tax_minor"], found["tax_included_minor"]


async def test_a_tax_on_top_is_added_to_the_price(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "8.875")

    order = await prepared(db, shop)

    assert await total_of(db, shop, order) == (1089, 89, 0)
    assert await taxes_of(db, shop, order) == {"STATE": (1000, 89)}


async def test_a_tax_in_the_price_adds_nothing(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "VAT", "19", included=True)

    order = await prepared(db, shop)

    assert await total_of(db, shop, order) == (1000, 160, 160)
    assert await taxes_of(db, shop, order) == {"VAT": (840, 160)}


async def test_state_and_city_are_reckoned_side_by_side(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "6.25")
    await set_tax_rate(db, shop, "CITY", "2.25", position=2)

    order = await prepared(db, shop)

    assert await taxes_of(db, shop, order) == {"STATE": (1000, 63), "CITY": (1000, 23)}
    assert await total_of(db, shop, order) == (1086, 86, 0)


async def test_a_compound_tax_is_also_on_the_tax_before_it(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "GST", "5")
    await set_tax_rate(db, shop, "QST", "10", compound=True, position=2)

    order = await prepared(db, shop)

    assert await taxes_of(db, shop, order) == {"GST": (1000, 50), "QST": (1050, 105)}


async def test_a_compound_tax_in_the_price_is_taken_out_of_it_last(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "A", "10", included=True)
    await set_tax_rate(db, shop, "B", "10", included=True, compound=True, position=2)
    await add_product(db, shop, "TEA", 1210)

    order = await prepared(db, shop, ("TEA", 1))

    assert await taxes_of(db, shop, order) == {"A": (1000, 100), "B": (1100, 110)}
    assert await total_of(db, shop, order) == (1210, 210, 210)


async def test_a_tax_on_top_of_a_price_with_tax_is_on_the_net_price(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "VAT", "25", included=True)
    await set_tax_rate(db, shop, "LEVY", "10", position=2)

    order = await prepared(db, shop)

    assert await taxes_of(db, shop, order) == {"VAT": (800, 200), "LEVY": (800, 80)}
    assert await total_of(db, shop, order) == (1080, 280, 200)


@pytest.mark.parametrize(("by", "tax"), [("line", 3), ("order", 2)])
async def test_taxes_are_rounded_where_the_vendor_says(db: Connection, shop: ShopFloor, by: str, tax: int) -> None:
    """Three lines of 0.05 at 10 %: half a cent each, a cent and a half together."""
    await round_taxes(db, shop, by)
    await set_tax_rate(db, shop, "TEN", "10")
    await add_product(db, shop, "GUM", 5)

    order = await prepared(db, shop, ("GUM", 1), ("GUM", 1), ("GUM", 1))

    assert await taxes_of(db, shop, order) == {"TEN": (15, tax)}
    assert [line["tax_minor"] for line in await lines_of(db, order)] == ([1, 1, 1] if by == "line" else [1, 1, 0])


async def test_exactly_a_half_is_rounded_up_also_inside_a_price(db: Connection, shop: ShopFloor) -> None:
    """0.03 with 100 % inside: 1.5 of 3."""
    await set_tax_rate(db, shop, "ALL", "100", included=True)
    await add_product(db, shop, "PIN", 3)

    assert await taxes_of(db, shop, await prepared(db, shop, ("PIN", 1))) == {"ALL": (1, 2)}


async def test_taxes_inside_never_come_to_more_than_the_price(db: Connection, shop: ShopFloor) -> None:
    for code in ("A", "B", "C"):
        await set_tax_rate(db, shop, code, "100", included=True)
    await add_product(db, shop, "PIN", 2)

    order = await prepared(db, shop, ("PIN", 1))

    assert [tax for _, tax in (await taxes_of(db, shop, order)).values()] == [1, 1, 0]
    assert await total_of(db, shop, order) == (2, 2, 2)


async def test_goods_are_taxed_by_their_category_and_place(db: Connection, shop: ShopFloor) -> None:
    other = await open_shop_floor(db)
    await set_tax_rate(db, shop, "FULL", "20", categories=["standard", "luxury"])
    await set_tax_rate(db, shop, "FOOD", "7", categories=["food"])
    await set_tax_rate(db, shop, "HERE", "1", categories=["food"], locations=[shop.location])
    await add_product(db, shop, "BREAD", 300, "food")
    await add_product(db, shop, "STAMP", 100, "untaxed")

    order = await prepared(db, shop, ("COF-250", 1), ("BREAD", 1), ("STAMP", 1))

    assert await taxes_of(db, shop, order) == {"FULL": (1000, 200), "FOOD": (300, 21), "HERE": (300, 3)}
    assert [line["tax_minor"] for line in await lines_of(db, order)] == [200, 24, 0]
    assert await taxes_of(db, other, await prepared(db, other)) == {}


async def test_a_rate_for_another_store_is_not_raised_here(db: Connection, shop: ShopFloor) -> None:
    elsewhere = (await open_shop_floor(db)).location
    await ask(db, "select ringup.create_location(%s, %s, 'T2', 'Airport')", shop.vendor, elsewhere)
    await set_tax_rate(db, shop, "CITY", "2", locations=[elsewhere])

    assert await taxes_of(db, shop, await prepared(db, shop)) == {}


async def test_a_new_rate_begins_on_its_day_and_ends_on_its_day(db: Connection, shop: ShopFloor, set_clock) -> None:
    await set_clock(db, NOON)
    await set_tax_rate(db, shop, "VAT", "10")
    await set_tax_rate(db, shop, "VAT", "20", valid_from=NOON + timedelta(days=1))
    await set_tax_rate(db, shop, "VAT", "20", valid_from=NOON + timedelta(days=2), active=False)
    seen = []
    for seconds in (0, 86_399, 86_400, 2 * 86_400):
        await set_clock(db, NOON + timedelta(seconds=seconds))
        seen.append((await taxes_of(db, shop, await prepared(db, shop))).get("VAT"))

    assert seen == [(1000, 100), (1000, 100), (1000, 200), None]


async def test_a_sale_keeps_the_rate_it_was_made_with(db: Connection, shop: ShopFloor, set_clock) -> None:
    await set_clock(db, NOON)
    await set_tax_rate(db, shop, "VAT", "10")
    order = await sold(db, shop)
    await set_clock(db, NOON + timedelta(days=1))
    await set_tax_rate(db, shop, "VAT", "20", name="New")

    assert await taxes_of(db, shop, order) == {"VAT": (1000, 100)}


async def test_zero_per_cent_is_a_rate_that_is_shown(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "ZERO", "0")

    assert await taxes_of(db, shop, await prepared(db, shop)) == {"ZERO": (1000, 0)}


async def test_a_certificate_takes_the_tax_off_and_is_kept(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "VAT", "25", included=True)
    await set_tax_rate(db, shop, "LEVY", "10", position=2)

    order = await prepared(db, shop, exemption_reason="resale", exemption_certificate="R-17")

    found = await shop.order(db, order)
    assert (found["total_minor"], found["tax_minor"], found["discount_minor"]) == (800, 0, 200)
    assert (found["tax_exemption_reason"], found["tax_certificate_number"]) == ("resale", "R-17")
    document = await ask(db, "select ringup.read_checkout(%s, %s)", shop.vendor, order)
    assert document["taxes"] == []
    assert document["tax_exemption"] == {"reason": "resale", "certificate_number": "R-17"}
    assert [(d["kind"], d["amount_minor"]) for d in document["discounts"]] == [("tax_exemption", 200)]


async def exempt(db: Connection, shop: ShopFloor, valid_until: datetime | None) -> None:
    await ask(
        db,
        "select ringup.set_tax_exemption(%s, %s, 'school', 'S-1', %s, null, null, 'Ada')",
        *(shop.vendor, shop.customer, valid_until),
    )


async def test_an_exempt_customer_pays_no_tax_as_long_as_the_certificate_is_good(
    db: Connection, shop: ShopFloor, set_clock
) -> None:
    await set_clock(db, NOON)
    await set_tax_rate(db, shop, "STATE", "10")
    await exempt(db, shop, NOON + timedelta(days=1))

    assert await total_of(db, shop, await prepared(db, shop, customer_id=shop.customer)) == (1000, 0, 0)
    assert await total_of(db, shop, await prepared(db, shop)) == (1100, 100, 0)
    await set_clock(db, NOON + timedelta(days=1))
    assert await total_of(db, shop, await prepared(db, shop, customer_id=shop.customer)) == (1100, 100, 0)


async def test_an_exemption_is_taken_back(db: Connection, shop: ShopFloor) -> None:
    await set_tax_rate(db, shop, "STATE", "10")
    await exempt(db, shop, None)
    taken = "select ringup.set_tax_exemption(%s, %s, null, null, null, null, null, 'Ada')"
    await ask(db, taken, shop.vendor, shop.customer)

    assert await total_of(db, shop, await prepared(db, shop, customer_id=shop.customer)) == (1100, 100, 0)


@pytest.mark.parametrize(("reason", "certificate"), [("resale", None), (None, "R-17"), (" ", "R-17"), ("resale", "")])
async def test_an_exemption_needs_a_reason_and_a_certificate(db, shop, reason, certificate) -> None:
    asked = prepared(db, shop, exemption_reason=reason, exemption_certificate=certificate)
    assert await code_of(db, asked) == "RU208"
    noted = ask(
        db,
        "select ringup.set_tax_exemption(%s, %s, %s, %s, null, null, null, 'Ada')",
        *(shop.vendor, shop.customer, reason, certificate),
    )
    assert await code_of(db, noted) == "RU208"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code": "vat"}, id="small letters"),
        pytest.param({"percent": "-1"}, id="below zero"),
        pytest.param({"percent": "100.1"}, id="above the price"),
        pytest.param({"percent": "8.87512"}, id="too fine"),
        pytest.param({"name": " "}, id="no name"),
        pytest.param({"categories": []}, id="for nothing"),
        pytest.param({"categories": ["food", ""]}, id="a category without a name"),
        pytest.param({"locations": []}, id="nowhere"),
        pytest.param({"position": 0}, id="no position"),
        pytest.param({"valid_from": NOON - timedelta(days=400)}, id="in the past"),
    ],
)
async def test_a_rate_that_cannot_be_meant_is_refused(db: Connection, shop: ShopFloor, wrong) -> None:
    asked = {"code": "VAT", "percent": "20"} | wrong

    assert await code_of(db, set_tax_rate(db, shop, **asked)) == "RU243"
    assert await ask(db, "select count(*) from ringup.tax_rates") == 0


async def test_a_rate_is_for_places_that_there_are_and_begins_once(db: Connection, shop: ShopFloor) -> None:
    elsewhere = (await open_shop_floor(db)).location
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await set_tax_rate(db, shop, "VAT", "20", valid_from=tomorrow)

    assert await code_of(db, set_tax_rate(db, shop, "VAT", "21", valid_from=tomorrow)) == "RU113"
    assert await code_of(db, set_tax_rate(db, shop, "CITY", "1", locations=[elsewhere])) == "RU003"
    assert await code_of(db, round_taxes(db, shop, "cart")) == "RU243"
