"""No statement under one vendor sees or changes another vendor's rows, and nobody bypasses that."""

import json
import uuid

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, ask, open_shop_floor, prepare, rows

TABLES = """
    select c.relname as name
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id'
     where c.relnamespace = 'ringup'::regnamespace and c.relkind = %s
     order by 1
"""


@pytest.fixture
async def another(db: Connection) -> ShopFloor:
    return await open_shop_floor(db)


async def claim(db: Connection, vendor: uuid.UUID | None, *, role: str = "ringup_app") -> None:
    """From here on, be the application on behalf of a vendor."""
    await db.execute("select set_config('ringup.vendor_id', %s, true)", [str(vendor) if vendor else ""])
    await db.execute(f"set local role {role}".encode())


async def test_the_application_sees_its_vendor_s_rows_in_every_view(
    db: Connection, shop: ShopFloor, another: ShopFloor
) -> None:
    await shop.sell(db, customer_id=shop.customer)
    await another.sell(db, customer_id=another.customer)
    views = [row["name"] for row in await rows(db, TABLES, "v") if not row["name"].startswith("audit")]
    await claim(db, shop.vendor)

    for view in views:
        seen = await rows(db, f"select distinct vendor_id from ringup.{view}")
        assert [row["vendor_id"] for row in seen] in ([shop.vendor], []), view
    assert len(await rows(db, "select * from ringup.order_summaries")) == 1


async def test_without_a_claim_the_application_sees_nothing(db: Connection, shop: ShopFloor) -> None:
    await shop.sell(db)
    await claim(db, None)

    assert await rows(db, "select * from ringup.order_summaries") == []
    assert await rows(db, "select * from ringup.customer_accounts") == []


async def test_every_table_of_a_vendor_forces_row_level_security(db: Connection, shop: ShopFloor) -> None:
    tables = [row["name"] for row in await rows(db, TABLES, "r")]

    assert "orders" in tables and len(tables) > 15
    assert await rows(db, "select * from ringup.audit_i10_vendors_are_apart") == []
    await db.execute("alter table ringup.orders no force row level security")
    broken = await rows(db, "select subject_id from ringup.audit_i10_vendors_are_apart")
    assert [row["subject_id"] for row in broken] == ["orders"]


async def test_even_the_owner_sees_one_vendor_at_a_time(db: Connection, shop: ShopFloor, another: ShopFloor) -> None:
    await claim(db, shop.vendor, role="ringup_owner")

    for table in [row["name"] for row in await rows(db, TABLES, "r")]:
        seen = await rows(db, f"select distinct vendor_id from ringup.{table}")
        assert [row["vendor_id"] for row in seen] in ([shop.vendor], []), table
    moved = await db.execute("update ringup.customers set first_name = 'Mallory' where id = %s", [another.customer])
    assert moved.rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await db.execute(
            "insert into ringup.audit_log values (%s, %s, 'm', 'a', 't', 'i', null, null, null, now())",
            [another.vendor, uuid.uuid4()],
        )


@pytest.mark.parametrize("action", ["insert", "update", "delete", "truncate", "select"])
async def test_the_application_cannot_touch_a_table(db: Connection, action: str) -> None:
    tables = await rows(
        db, "select relname as name from pg_class where relnamespace = 'ringup'::regnamespace and relkind = 'r'"
    )

    allowed = [
        table["name"]
        for table in tables
        if await ask(db, "select has_table_privilege('ringup_app', %s, %s)", f"ringup.{table['name']}", action)
    ]

    assert allowed == []


async def test_the_application_calls_entry_functions_only(db: Connection) -> None:
    functions = await rows(
        db,
        "select p.proname as name, p.prosecdef as entry, has_function_privilege('ringup_app', p.oid, 'execute') as may,"
        " p.proconfig as config from pg_proc p where p.pronamespace = 'ringup'::regnamespace",
    )

    for function in functions:
        asked_by_policies = function["name"] in {
            *("current_vendor", "claimed_vendor", "now"),
            *("health_colour", "is_in_doubt", "capture_alarm_at", "cart_key"),
        }
        assert function["may"] == (function["entry"] or asked_by_policies), function["name"]
        assert not function["entry"] or function["config"] == ['search_path=""'], function["name"]


@pytest.mark.parametrize("role", ["ringup_app", "ringup_owner", "ringup_viewer", "ringup_operator", "ringup_directory"])
async def test_no_role_of_ours_bypasses_anything(db: Connection, role: str) -> None:
    found = await rows(db, "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = %s", role)

    assert found == [{"rolsuper": False, "rolbypassrls": False, "rolcreaterole": False}]


async def test_the_functions_owner_is_under_the_tenants_policy_alone_and_owns_no_view(db: Connection) -> None:
    policies = await rows(
        db,
        "select distinct p.policyname as name from pg_policies p"
        " where p.schemaname = 'ringup' and (p.roles @> '{public}' or p.roles @> '{ringup_owner}')",
    )
    owners = await rows(
        db,
        "select distinct c.relkind::text as kind, c.relowner::regrole::text as owner from pg_class c"
        " where c.relnamespace = 'ringup'::regnamespace and c.relkind in ('r', 'v') order by 1",
    )

    assert [policy["name"] for policy in policies] == ["tenant"]
    assert [(row["kind"], row["owner"]) for row in owners] == [("r", "ringup_owner"), ("v", "ringup_viewer")]


async def test_claims_of_another_vendor_refuse_every_entry_function(
    db: Connection, shop: ShopFloor, another: ShopFloor
) -> None:
    claims = json.dumps({"sub": "user", "app_metadata": {"vendor_id": str(shop.vendor)}})
    await db.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    await db.execute("set local role ringup_app")

    with pytest.raises(psycopg.Error) as refused:
        async with db.transaction():
            await prepare(db, another.request())
    assert refused.value.sqlstate == "RU008"
    made = await prepare(db, shop.request())
    assert made["made"]


async def test_what_users_write_about_themselves_is_no_claim(db: Connection, shop: ShopFloor) -> None:
    claims = json.dumps({"user_metadata": {"vendor_id": str(shop.vendor)}})
    await db.execute("select set_config('request.jwt.claims', %s, true)", [claims])

    assert await ask(db, "select ringup.current_vendor()") is None


@pytest.mark.parametrize("field", ["location_id", "register_id", "customer_id"])
async def test_another_vendor_s_ids_do_not_exist(
    db: Connection, shop: ShopFloor, another: ShopFloor, field: str
) -> None:
    theirs = {"location_id": another.location, "register_id": another.register, "customer_id": another.customer}

    with pytest.raises(psycopg.Error) as refused:
        await prepare(db, shop.request(**{field: theirs[field]}))

    assert refused.value.sqlstate in {"RU003", "RU004", "RU005"}


async def test_no_vendor_at_all_is_refused(db: Connection) -> None:
    with pytest.raises(psycopg.Error) as refused:
        await ask(db, "select ringup.read_checkout(null, %s)", uuid.uuid4())

    assert refused.value.sqlstate == "RU401"


async def test_the_operator_reads_every_vendor_and_writes_nothing(
    db: Connection, shop: ShopFloor, another: ShopFloor
) -> None:
    await shop.sell(db)
    await another.sell(db)
    await claim(db, None, role="ringup_operator")

    assert {row["vendor_id"] for row in await rows(db, "select vendor_id from ringup.orders")} == {
        shop.vendor,
        another.vendor,
    }
    assert len(await rows(db, "select * from ringup.order_summaries")) == 2
    assert await ask(db, "select ringup.cleanup_stale_pending_orders(30)") == 0
    assert await rows(db, "select * from ringup.find_orphaned_payments()") == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await db.execute("update ringup.customers set loyalty_points = 1000000")


async def test_the_directory_sees_which_vendor_an_id_belongs_to_and_nothing_else(db: Connection) -> None:
    seen = await rows(
        db,
        "select table_name, column_name from information_schema.column_privileges"
        " where grantee = 'ringup_directory' and table_schema = 'ringup' order by 1, 2",
    )

    assert {row["table_name"] for row in seen} == {"api_keys", "customers"}
    assert [row["column_name"] for row in seen if row["table_name"] == "customers"] == ["id", "vendor_id"]
