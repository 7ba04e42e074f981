"""A database is brought to the schema of this version, or refused and left alone."""

import asyncio
from dataclasses import replace

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from ringup.db.dump import schema_dump
from ringup.db.migrate import MigrationReport, SchemaSource, SqlFile, migrate, read_schema_source
from ringup.domain.errors import DatabaseUnavailable, SchemaMismatch

SHELF = SqlFile("0001_shelves", "create table ringup.shelf (id integer primary key)")
LABELS = SqlFile(
    "0002_labels",
    "alter table ringup.shelf add label text; insert into ringup.shelf (id, label) values (1, 'a')",
)
DOUBLE = "create or replace function ringup.double(p_number integer) returns {} language sql as $$ select {} $$"
FIRST_SHELF = """
    create or replace function ringup.first_shelf() returns setof ringup.shelves
    language sql as $$ select s.* from ringup.shelves s limit 1 $$
"""
SHELVES = SqlFile("shelves", "create view ringup.shelves as select s.id, s.label from ringup.shelf s")
SHELVES_DOUBLED = SqlFile(
    "a_view_of_another_view",
    "create view ringup.shelves_doubled as select ringup.double(s.id) from ringup.shelves s",
)
GRANTS = "grant usage on schema ringup to ringup_app; grant select on ringup.shelves to ringup_app"


@pytest.fixture
def source() -> SchemaSource:
    """A small schema, so that a test can say what the next version changes."""
    return SchemaSource(
        roles_create=read_schema_source().roles_create,
        migrations=(SHELF, LABELS),
        functions=(
            SqlFile("double", DOUBLE.format("integer", "p_number * 2")),
            SqlFile("first_shelf", FIRST_SHELF),
        ),
        views=(SHELVES_DOUBLED, SHELVES),
        roles=SqlFile("roles", GRANTS),
    )


async def fetch(url: str, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(query.encode())
        return await cursor.fetchall() if cursor.description else []


async def test_an_empty_database_gets_everything(empty_database, source):
    report = await migrate(empty_database.url(), source)

    assert report == MigrationReport(applied=(1, 2), source_reapplied=True)
    assert await fetch(empty_database.url("ringup_app"), "select id, label from ringup.shelves") == [(1, "a")]
    assert await fetch(empty_database.url(), "select id from ringup.first_shelf()") == [(1,)]


async def test_a_second_migration_changes_nothing(empty_database, source):
    await migrate(empty_database.url(), source)

    assert await migrate(empty_database.url(), source) == MigrationReport()


async def test_everything_belongs_to_a_role_that_cannot_log_in(empty_database, source):
    await migrate(empty_database.url(), source)

    owners = await fetch(
        empty_database.url(),
        """
        select r.rolname, r.rolcanlogin, r.rolsuper, r.rolbypassrls
          from pg_roles r
         where r.oid in (select c.relowner from pg_class c where c.relnamespace = 'ringup'::regnamespace
                         union select p.proowner from pg_proc p where p.pronamespace = 'ringup'::regnamespace
                         union select n.nspowner from pg_namespace n where n.nspname = 'ringup')
        """,
    )
    assert owners == [("ringup_owner", False, False, False)]


async def test_an_admin_need_not_be_a_superuser(fresh_server, source):
    await fetch(fresh_server.url(), "create role hired login createrole; grant create on database ringup to hired")

    report = await migrate(make_conninfo(fresh_server.url(), user="hired"), source)

    assert report == MigrationReport(applied=(1, 2), source_reapplied=True)


async def test_an_admin_without_superuser_replaces_what_was_given_away(fresh_server):
    """The whole schema: its views and two of its functions belong to roles of their own."""
    await fetch(fresh_server.url(), "create role hired login createrole; grant create on database ringup to hired")
    source, hired = read_schema_source(), make_conninfo(fresh_server.url(), user="hired")
    await migrate(hired, source)
    next_roles = replace(source.roles, text=f"{source.roles.text}\n-- the next version's\n")

    report = await migrate(hired, replace(source, roles=next_roles))

    owners = await fetch(
        fresh_server.url(),
        "select distinct c.relowner::regrole::text from pg_class c"
        " where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'v'",
    )
    assert report == MigrationReport(source_reapplied=True)
    assert owners == [("ringup_viewer",)]


async def test_an_admin_without_superuser_applies_the_next_version_too(fresh_server, source):
    await fetch(fresh_server.url(), "create role hired login createrole; grant create on database ringup to hired")
    await migrate(make_conninfo(fresh_server.url(), user="hired"), source)
    changed = replace(source, functions=source.functions[:1])

    report = await migrate(make_conninfo(fresh_server.url(), user="hired"), changed)

    assert report == MigrationReport(source_reapplied=True)


async def test_the_next_version_applies_only_what_is_new(empty_database, source):
    await migrate(empty_database.url(), source)
    third = SqlFile("0003_boxes", "create table ringup.box (id integer primary key)")

    report = await migrate(empty_database.url(), replace(source, migrations=(*source.migrations, third)))

    assert report == MigrationReport(applied=(3,), source_reapplied=True)


async def test_a_function_may_change_what_it_returns(empty_database, source):
    await migrate(empty_database.url(), source)
    changed = SqlFile("double", DOUBLE.format("text", "(p_number * 2)::text || '!'"))

    await migrate(empty_database.url(), replace(source, functions=(changed, *source.functions[1:])))

    assert await fetch(empty_database.url(), "select ringup.double(4)") == [("8!",)]


async def test_functions_and_views_whose_file_is_gone_are_dropped(empty_database, source):
    await migrate(empty_database.url(), source)

    await migrate(empty_database.url(), replace(source, functions=(), views=(SHELVES,)))

    assert (
        await fetch(empty_database.url(), "select proname from pg_proc where pronamespace = 'ringup'::regnamespace")
        == []
    )
    left = await fetch(
        empty_database.url(),
        """
        select p.proname from pg_proc p where p.pronamespace = 'ringup'::regnamespace
        union all
        select c.relname from pg_class c where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'v'
        """,
    )
    assert left == [("shelves",)]


async def test_a_migration_edited_after_it_was_applied_is_refused(empty_database, source):
    await migrate(empty_database.url(), source)
    edited = SqlFile("0002_labels", "alter table ringup.shelf add label varchar(10)")

    with pytest.raises(SchemaMismatch, match="0002_labels"):
        await migrate(empty_database.url(), replace(source, migrations=(SHELF, edited)))


async def test_a_database_of_a_later_version_is_refused(empty_database, source):
    await migrate(empty_database.url(), source)

    with pytest.raises(SchemaMismatch, match="newer than this ringup"):
        await migrate(empty_database.url(), replace(source, migrations=source.migrations[:1]))


async def test_a_migration_slipped_in_between_is_refused(empty_database, source):
    third, fourth = SqlFile("0003_between", "select 1"), SqlFile("0004_late", "select 1")
    await migrate(empty_database.url(), replace(source, migrations=(*source.migrations, fourth)))

    with pytest.raises(SchemaMismatch, match="not all before it"):
        await migrate(empty_database.url(), replace(source, migrations=(*source.migrations, third, fourth)))


async def test_a_refused_database_is_not_touched(empty_database, source):
    await migrate(empty_database.url(), source)
    older = replace(source, migrations=source.migrations[:1], functions=())

    with pytest.raises(SchemaMismatch):
        await migrate(empty_database.url(), older)

    assert await fetch(empty_database.url(), "select ringup.double(4)") == [(8,)]


async def test_a_failed_migration_leaves_those_before_it_and_names_its_file(empty_database, source):
    broken = SqlFile("0002_labels", "create table ringup.half (); select 1 / 0")

    with pytest.raises(errors.DivisionByZero) as failure:
        await migrate(empty_database.url(), replace(source, migrations=(SHELF, broken)))

    assert failure.value.__notes__ == ["in 0002_labels.sql"]
    assert await fetch(empty_database.url(), "select number from ringup.schema_migrations") == [(1,)]
    assert await fetch(empty_database.url(), "select to_regclass('ringup.half')") == [(None,)]


async def test_a_failed_reapplication_leaves_the_old_functions_and_views(empty_database, source):
    await migrate(empty_database.url(), source)
    broken = (SqlFile("shelves", "create view ringup.shelves as select s.no_such_column from ringup.shelf s"),)

    with pytest.raises(errors.UndefinedColumn):
        await migrate(empty_database.url(), replace(source, views=broken))

    assert await fetch(empty_database.url("ringup_app"), "select id from ringup.shelves") == [(1,)]


async def test_a_view_of_something_that_is_nowhere_is_an_error(empty_database, source):
    lost = SqlFile("lost", "create view ringup.lost as select n.id from ringup.nowhere n")

    with pytest.raises(errors.UndefinedTable) as failure:
        await migrate(empty_database.url(), replace(source, views=(*source.views, lost)))

    assert failure.value.__notes__ == ["in lost.sql"]


async def test_two_migrations_at_the_same_instant_do_the_work_once(empty_database, source):
    reports = await asyncio.gather(*(migrate(empty_database.url(), source) for _ in range(3)))

    assert sorted(report.applied for report in reports) == [(), (), (1, 2)]


async def test_a_database_that_is_away_is_unavailable(empty_database, source):
    with pytest.raises(DatabaseUnavailable):
        await migrate(make_conninfo(empty_database.url(), dbname="nowhere"), source)


async def test_the_schema_of_this_version_reaches_an_empty_database(empty_database):
    report = await migrate(empty_database.url())

    assert report.applied == tuple(migration.number for migration in read_schema_source().migrations)
    assert await migrate(empty_database.url()) == MigrationReport()


async def test_the_schema_is_the_same_whether_made_at_once_or_from_the_migration_before(empty_database, template):
    source = read_schema_source()
    before = replace(source, migrations=source.migrations[:-1], functions=(), views=(), roles=SqlFile("roles", ""))
    await migrate(empty_database.url(), before)

    report = await migrate(empty_database.url())

    assert report == MigrationReport(applied=(source.migrations[-1].number,), source_reapplied=True)
    assert schema_dump(empty_database.url()) == schema_dump(template.url())


async def test_applying_the_source_again_leaves_the_same_schema(empty_database, template):
    source = read_schema_source()
    await migrate(empty_database.url(), replace(source, roles=SqlFile("roles", f"{source.roles.text}\n-- edited")))

    await migrate(empty_database.url(), source)

    assert schema_dump(empty_database.url()) == schema_dump(template.url())
