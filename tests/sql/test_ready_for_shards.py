"""The schema keeps the rules of a sharded cluster (Citus), so that a large installation can move there."""

import pytest

from shop_floor import Connection, rows

REFERENCE_TABLES = {
    *("currencies", "states", "transitions", "staff_roles", "staff_actions", "staff_rules_default"),
    "cash_rules_default",
    *("vendors", "schema_migrations", "schema_source"),
}
"""Without a vendor: small, the same on every shard, or about the schema itself."""


async def business_tables(db: Connection) -> list[str]:
    found = await rows(
        db, "select relname from pg_class where relnamespace = 'ringup'::regnamespace and relkind in ('r', 'p')"
    )
    return sorted({row["relname"] for row in found} - REFERENCE_TABLES)


async def test_every_business_table_has_a_vendor_that_is_never_null(db: Connection) -> None:
    found = await rows(
        db,
        "select c.relname, format_type(a.atttypid, null) as type, a.attnotnull from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id'"
        " where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'r'",
    )

    assert sorted(row["relname"] for row in found) == await business_tables(db)
    assert {(row["type"], row["attnotnull"]) for row in found} == {("uuid", True)}


async def test_the_vendor_leads_every_primary_key_and_unique_index(db: Connection) -> None:
    found = await rows(
        db,
        "select i.indexrelid::regclass::text as name, a.attname, c.relname from pg_index i"
        " join pg_class c on c.oid = i.indrelid and c.relnamespace = 'ringup'::regnamespace"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indisunique",
    )
    tables = await business_tables(db)

    assert [row["name"] for row in found if row["relname"] in tables and row["attname"] != "vendor_id"] == []


async def test_every_business_table_has_a_primary_key(db: Connection) -> None:
    found = await rows(
        db,
        "select c.relname from pg_class c where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'r'"
        " and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')",
    )

    assert found == []


async def test_foreign_keys_stay_within_the_vendor_and_restrict(db: Connection) -> None:
    found = await rows(
        db,
        "select k.conname, k.confdeltype, k.confupdtype, f.relname as target,"
        " exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]"
        "          and a.attname = 'vendor_id') as with_vendor"
        " from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid"
        " where k.contype = 'f' and c.relnamespace = 'ringup'::regnamespace",
    )

    assert len(found) > 20
    assert {(row["confdeltype"], row["confupdtype"]) for row in found} <= {("a", "a"), ("r", "a"), ("r", "r")}
    assert [row["conname"] for row in found if row["target"] not in REFERENCE_TABLES and not row["with_vendor"]] == []


@pytest.mark.parametrize(
    ("what", "query"),
    [
        (
            "triggers",
            "select tgname as n from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where c.relnamespace = 'ringup'::regnamespace and not t.tgisinternal",
        ),
        (
            "sequences",
            "select relname as n from pg_class where relnamespace = 'ringup'::regnamespace and relkind = 'S'",
        ),
        (
            "enums",
            "select typname as n from pg_type where typnamespace = 'ringup'::regnamespace and typtype = 'e'",
        ),
        (
            "identity columns",
            "select attname as n from pg_attribute a join pg_class c on c.oid = a.attrelid"
            " where c.relnamespace = 'ringup'::regnamespace and a.attidentity <> ''",
        ),
    ],
)
async def test_there_are_none_of(db: Connection, what: str, query: str) -> None:
    assert await rows(db, query) == [], what


async def test_entry_functions_name_their_vendor_first(db: Connection) -> None:
    """So that a whole call can be handed to the shard of its vendor. Those that cannot say why."""
    found = await rows(
        db,
        "select p.proname from pg_proc p where p.pronamespace = 'ringup'::regnamespace and p.prosecdef"
        " and (p.proargnames is null or p.proargnames[1] <> 'p_vendor_id')",
    )

    assert {row["proname"] for row in found} == {
        "list_vendors",  # about all of them
        "list_vendors_with_work",  # the same
        "list_vendors_with_mail",  # the same
        "list_vendors_with_points_work",  # the same
        "list_vendors_with_events",  # the same
        "refresh_statistics",  # about tables, not about what a vendor has in them
        "find_api_keys",  # asked before the vendor is known
        "vendor_of_customer",  # the same
        "update_customer_loyalty_points_atomic",  # a published signature
        "find_orphaned_payments",  # the same
        "cleanup_stale_pending_orders",  # the same
    }
