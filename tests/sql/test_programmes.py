"""Programmes, campaigns and switches: what is kept, what is refused by name, and what never changes afterwards."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from programme_floor import grants, promised, run_campaign, sell, set_programme
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NONSENSE = {
    "points below nothing": {"points_per_unit": -1},
    "a rate finer than it is kept": {"points_per_unit": "0.00004"},
    "a rate that is no number": {"points_per_unit": "NaN"},
    "no rate": {"points_per_unit": None},
    "points worth nothing": {"point_value_minor": 0},
    "negative points for an order": {"points_per_order": -1},
    "nothing as the least to redeem": {"redeem_minimum": 0},
    "steps of nothing": {"redeem_step": 0},
    "a most below the least": {"redeem_minimum": 100, "redeem_maximum": 99},
    "no step between least and most": {"redeem_minimum": 110, "redeem_step": 100, "redeem_maximum": 190},
    "none of the goods": {"redeem_percent_maximum": 0},
    "more than the goods": {"redeem_percent_maximum": 101},
    "points pending for less than no days": {"pending_days": -1},
    "points that live for no day": {"live_days": 0},
    "points that expire before they can be spent": {"pending_days": 14, "live_days": 14},
    "a refund policy of their own": {"refund_policy": "never"},
    "unlimited refunds without debts": {"refund_policy": "unlimited"},
    "tiers by sympathy": {"tier_basis": "sympathy", "tiers": [("Gold", 100, 2)]},
    "tiers without a basis": {"tiers": [("Gold", 100, 2)]},
    "a basis without tiers": {"tier_basis": "spend"},
    "tiers with equal thresholds": {"tier_basis": "spend", "tiers": [("Silver", 100, 1), ("Gold", 100, 2)]},
    "tiers of the same name": {"tier_basis": "spend", "tiers": [("Gold", 100, 1), ("Gold", 200, 2)]},
    "a tier from nothing on": {"tier_basis": "points", "tiers": [("Gold", 0, 2)]},
    "a tier that halves": {"tier_basis": "points", "tiers": [("Gold", 100, "0.5")]},
    "a tier without a name": {"tier_basis": "points", "tiers": [(" ", 100, 2)]},
    "a tier that forgets faster than a day": {
        "tier_basis": "points",
        "tiers": [("Gold", 100, 2)],
        "tier_window_days": 0,
    },
    "a rule for nothing": {"rules": [(None, None, 2, 0)]},
    "a rule for a category without a name": {"rules": [(None, " ", 2, 0)]},
    "two rules for a category": {"rules": [(None, "Drinks", 2, 0), (None, "Drinks", 3, 0)]},
    "a rule below nothing": {"rules": [(None, "Drinks", -1, 0)]},
    "a rule with negative points for an item": {"rules": [(None, "Drinks", 1, -1)]},
}
NO_CAMPAIGN = {
    "one that ends before it begins": {
        "starts_at": datetime(2026, 6, 2, tzinfo=UTC),
        "ends_at": datetime(2026, 6, 1, tzinfo=UTC),
    },
    "one that ends as it begins": {
        "starts_at": datetime(2026, 6, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 6, 1, tzinfo=UTC),
    },
    "one without an end": {"ends_at": "infinity"},
    "one that halves": {"multiplier": "0.5"},
    "one that gives nothing": {"multiplier": 1, "bonus_points": 0},
    "one that takes": {"multiplier": 1, "bonus_points": -5},
    "one without a name": {"name": " "},
    "one for an article and a category": {"product_id": uuid.uuid4(), "category": "Drinks"},
    "one for a category without a name": {"category": ""},
    "one for less than nothing": {"minimum_spend_minor": -1},
    "one for nobody": {"customer_limit": 0},
}
TABLES = ("loyalty_programmes", "loyalty_earn_rules", "loyalty_tiers", "loyalty_campaigns", "audit_log")


async def written(db: Connection) -> list[int]:
    return [await ask(db, f"select count(*) from ringup.{table}") for table in TABLES]


@pytest.mark.parametrize("settings", NONSENSE.values(), ids=NONSENSE)
async def test_a_programme_that_cannot_be_meant_is_refused(
    db: Connection, shop: ShopFloor, settings: dict[str, Any]
) -> None:
    before = await written(db)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await set_programme(db, shop, **settings)

    assert refused.value.sqlstate == "RU211"
    assert await written(db) == before


async def test_a_programme_in_the_past_is_refused(db: Connection, shop: ShopFloor) -> None:
    before = await written(db)
    yesterday = await ask(db, "select ringup.now() - interval '1 day'")

    with pytest.raises(psycopg.Error, match="cannot begin in the past") as refused:
        async with db.transaction():
            await set_programme(db, shop, valid_from=yesterday)

    assert refused.value.sqlstate == "RU211"
    assert await written(db) == before


@pytest.mark.parametrize("column", ["product", "category", "rate", "points"])
async def test_rules_come_whole(db: Connection, shop: ShopFloor, column: str) -> None:
    names = {"product": "products", "category": "categories", "rate": "points_per_unit", "points": "points_per_item"}

    with pytest.raises(psycopg.Error) as refused:
        await ask(
            db, f"select ringup.set_programme(%s, 1, 1, 'Ada', p_rule_{names[column]} => '{{null}}')", shop.vendor
        )

    assert refused.value.sqlstate == "RU211"


@pytest.mark.parametrize("whose", ["nobody's", "another vendor's"])
async def test_a_rule_is_for_an_article_of_the_vendor(db: Connection, shop: ShopFloor, whose: str) -> None:
    product = uuid.uuid4() if whose == "nobody's" else (await open_shop_floor(db)).product

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await set_programme(db, shop, rules=[(product, None, 2, 0)])
    assert refused.value.sqlstate == "RU006"
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await run_campaign(db, shop, product_id=product)
    assert refused.value.sqlstate == "RU006"


async def test_one_version_begins_at_one_instant(db: Connection, shop: ShopFloor) -> None:
    tomorrow = await ask(db, "select ringup.now() + interval '1 day'")
    begins = await set_programme(db, shop, 2, valid_from=tomorrow)

    with pytest.raises(psycopg.Error) as refused:
        await set_programme(db, shop, 3, valid_from=tomorrow)

    assert (begins, refused.value.sqlstate) == (tomorrow, "RU113")


async def test_a_version_of_tomorrow_is_not_in_force_today(db: Connection, shop: ShopFloor, set_clock: Any) -> None:
    now = await ask(db, "select ringup.now()")
    await set_programme(db, shop, 5, valid_from=now + timedelta(days=1))
    today = await promised(db, shop)
    in_force = "select points_per_unit from ringup.loyalty_programme_versions where vendor_id = %s and is_current"
    rate_today = await ask(db, in_force, shop.vendor)

    await set_clock(db, now + timedelta(days=1))

    assert (today, await promised(db, shop)) == (10, 50)
    assert (rate_today, await ask(db, in_force, shop.vendor)) == (1, 5)


async def test_a_version_says_everything_and_nothing_is_left_of_the_one_before(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 2, points_per_order=7, rules=[(None, "Drinks", 9, 1)])
    before = await promised(db, shop)

    await set_programme(db, shop, 2)

    assert (before, await promised(db, shop)) == (98, 20)


async def test_who_set_a_programme_is_in_the_audit_log(db: Connection, shop: ShopFloor) -> None:
    await set_programme(db, shop, 2, rules=[(None, "Drinks", 9, 1)])

    entry = (await rows(db, "select * from ringup.audit_log order by created_at desc, id desc limit 1"))[0]
    assert (entry["actor"], entry["action"]) == ("Ada", "programme_set")
    assert (entry["after"]["points_per_unit"], entry["after"]["rules"]) == (2, 1)
    with pytest.raises(psycopg.Error) as refused:
        await set_programme(db, shop, actor=" ")
    assert refused.value.sqlstate == "RU208"


@pytest.mark.parametrize("change", ["programme", "campaign ended", "campaign changed"])
async def test_what_was_promised_is_granted_whatever_changed_since(
    db: Connection, shop: ShopFloor, change: str
) -> None:
    campaign = await run_campaign(db, shop)
    prepared = await shop.prepare(
        db, customer_id=shop.customer, types=["cash"], processors=[None], quantities=[2], points=100
    )
    order = prepared["checkout_id"]
    if change == "programme":
        await set_programme(db, shop, 100, 50, points_per_order=1000)
    elif change == "campaign ended":
        await ask(db, "select ringup.end_campaign(%s, %s, 'Ada')", shop.vendor, campaign)
    else:
        await run_campaign(db, shop, id=campaign, multiplier=10)

    await shop.complete(db, order)

    sold = await shop.order(db, order)
    assert (sold["points_to_earn"], sold["points_earned"], sold["points_value_minor"]) == (57, 57, 100)
    assert await shop.points(db) == (57, 0)
    assert await grants(db, campaign) == [("granted", 38)]


async def test_a_change_of_programme_rewrites_no_ledger_row(db: Connection, shop: ShopFloor) -> None:
    await sell(db, shop)
    ledger = "select * from ringup.loyalty_transactions where vendor_id = %s order by entry_number"
    before = await rows(db, ledger, shop.vendor)

    await set_programme(db, shop, 100, 50, points_per_order=1000)

    assert await rows(db, ledger, shop.vendor) == before


@pytest.mark.parametrize("changes", NO_CAMPAIGN.values(), ids=NO_CAMPAIGN)
async def test_a_campaign_that_cannot_be_meant_is_refused(
    db: Connection, shop: ShopFloor, changes: dict[str, Any]
) -> None:
    before = await written(db)

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await run_campaign(db, shop, **changes)

    assert refused.value.sqlstate == "RU212"
    assert await written(db) == before


async def test_a_campaign_is_saved_changed_and_ended_and_may_run_again(db: Connection, shop: ShopFloor) -> None:
    campaign = await run_campaign(db, shop, multiplier=2)
    doubled = await promised(db, shop)
    await run_campaign(db, shop, id=campaign, multiplier=4)
    quadrupled = await promised(db, shop)
    for _ in range(2):
        await ask(db, "select ringup.end_campaign(%s, %s, 'Ada')", shop.vendor, campaign)
    ended = await promised(db, shop)
    await run_campaign(db, shop, id=campaign, multiplier=2)

    assert (doubled, quadrupled, ended, await promised(db, shop)) == (20, 40, 10, 20)
    story = await rows(db, "select action from ringup.audit_log where row_id = %s order by id", str(campaign))
    assert [row["action"] for row in story] == [
        *("campaign_saved", "campaign_saved", "campaign_ended", "campaign_saved")
    ]


async def test_a_campaign_of_another_vendor_is_nobody_s(db: Connection, shop: ShopFloor) -> None:
    campaign = await run_campaign(db, await open_shop_floor(db))

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await ask(db, "select ringup.end_campaign(%s, %s, 'Ada')", shop.vendor, campaign)

    assert refused.value.sqlstate == "RU012"
    assert await promised(db, shop) == 10


async def test_a_campaign_counts_from_its_first_instant_to_before_its_last(
    db: Connection, shop: ShopFloor, set_clock: Any
) -> None:
    begins = await ask(db, "select ringup.now() + interval '1 day'")
    ends = begins + timedelta(days=1)
    await run_campaign(db, shop, starts_at=begins, ends_at=ends)

    instant = timedelta(microseconds=1)
    points = []
    for at in (begins - instant, begins, ends - instant, ends):
        await set_clock(db, at)
        points.append(await promised(db, shop))

    assert points == [10, 30, 30, 10]


async def test_how_often_a_campaign_counted_can_be_seen(db: Connection, shop: ShopFloor) -> None:
    campaign = await run_campaign(db, shop)
    await sell(db, shop)
    await promised(db, shop)
    await shop.cancel(db, (await shop.prepare(db, customer_id=shop.customer))["checkout_id"])

    seen = await rows(db, "select * from ringup.loyalty_campaign_list where id = %s", campaign)

    assert [(row["sales_granted"], row["sales_held"], row["points_granted"]) for row in seen] == [(1, 1, 20)]


async def test_a_switch_is_on_until_somebody_turns_it_and_says_who(db: Connection, shop: ShopFloor) -> None:
    states = "select name, is_on, changed_by from ringup.switch_states where vendor_id = %s order by name"
    await ask(db, "select set_config('ringup.vendor_id', %s, true)", str(shop.vendor))
    before = await rows(db, states, shop.vendor)

    await ask(db, "select ringup.set_switch(%s, 'loyalty_updates', false, 'Ada')", shop.vendor)

    assert [tuple(row.values()) for row in before] == [
        ("loyalty_updates", True, None),
        ("two_phase_commit", True, None),
    ]
    assert [tuple(row.values()) for row in await rows(db, states, shop.vendor)] == [
        ("loyalty_updates", False, "Ada"),
        ("two_phase_commit", True, None),
    ]


@pytest.mark.parametrize(
    ("name", "is_on", "actor", "sqlstate"),
    [
        ("lights", True, "Ada", "RU013"),
        ("loyalty_updates", None, "Ada", "RU013"),
        ("loyalty_updates", True, "", "RU208"),
    ],
    ids=["a switch that is not there", "neither on nor off", "nobody"],
)
async def test_a_switch_is_turned_by_its_name_and_by_somebody(
    db: Connection, shop: ShopFloor, name: str, is_on: bool | None, actor: str, sqlstate: str
) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await ask(db, "select ringup.set_switch(%s, %s, %s, %s)", shop.vendor, name, is_on, actor)

    assert refused.value.sqlstate == sqlstate


async def test_switched_off_sales_go_on_without_points(db: Connection, shop: ShopFloor) -> None:
    another = await open_shop_floor(db)
    await ask(db, "select ringup.set_switch(%s, 'loyalty_updates', false, 'Ada')", shop.vendor)

    order = await sell(db, shop)

    assert (await shop.order(db, order))["status"] == "completed"
    assert await shop.points(db) == (100, 0)
    assert await promised(db, another) == 10
    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await promised(db, shop, points=50)
    assert refused.value.sqlstate == "RU117"
    await ask(db, "select ringup.set_switch(%s, 'loyalty_updates', true, 'Ada')", shop.vendor)
    assert await promised(db, shop) == 10
