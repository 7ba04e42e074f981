"""The example of docs/concepts/points.md, rung up."""

import re
from pathlib import Path

from programme_floor import add_product, run_campaign, sell, set_programme
from shop_floor import Connection, ask, open_shop_floor, rows

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "points.md"
ROW = re.compile(
    r"^\| (?P<line>[\w ]+) \| (?P<costs>\d+\.\d\d) \| (?P<points_pay>\d+\.\d\d) \| (?P<paid>\d+\.\d\d)"
    r" \| (?:.*= )?(?P<exact>[\d.]+) \| (?P<fixed>\d+) \| (?P<earns>\d+) \|$",
    re.MULTILINE,
)


async def test_the_example_of_the_documentation_is_what_a_sale_does(db: Connection) -> None:
    *lines, whole = [found.groupdict() for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    shop = await open_shop_floor(db)
    await add_product(db, shop, "CUP", 800, "Crockery")
    await add_product(db, shop, "BAG", 200)
    await set_programme(
        db,
        shop,
        points_per_order=5,
        rules=[(None, "Drinks", 2, 0)],
        tier_basis="spend",
        tiers=[("Silver", 10_000, "1.5")],
    )
    await sell(db, shop, quantities=[10])
    await ask(db, "select ringup.review_tiers(%s, 10)", shop.vendor)
    await run_campaign(db, shop, category="Crockery", multiplier=3)

    order = await sell(db, shop, "COF-250", "CUP", "BAG", points=100)

    sold = await rows(
        db,
        "select name, total_minor, points_redeemed, points_to_earn from ringup.order_items"
        " where order_id = %s order by line_number",
        order,
    )
    assert [line["line"].upper() for line in lines] == [
        {"Coffee": "COFFEE"}.get(row["name"], row["name"]) for row in sold
    ]
    # A point is worth a cent here, so that a line's points and their value are one number.
    assert [
        (cents(line["costs"]), cents(line["points_pay"]), cents(line["paid"]), int(line["earns"])) for line in lines
    ] == [
        (
            row["total_minor"],
            row["points_redeemed"],
            row["total_minor"] - row["points_redeemed"],
            row["points_to_earn"],
        )
        for row in sold
    ]
    kept = await shop.order(db, order)
    assert (cents(whole["paid"]), int(whole["earns"])) == (kept["total_minor"], kept["points_earned"])
    assert sum(float(line["exact"]) for line in lines) == float(whole["exact"])
    assert sum(int(line["fixed"]) for line in lines) == int(whole["fixed"])


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))
