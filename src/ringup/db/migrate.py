"""Bring a database to the schema of this version: migrations forward, functions and views whole.

Migrations are history, each applied once and never edited. Functions, views and
grants are source: whenever any of it changed, all of it is applied again, in one
transaction, so that nobody ever sees half of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import errors, sql
from psycopg.rows import TupleRow

from ringup.domain.errors import DatabaseUnavailable, SchemaMismatch

ADVISORY_LOCK = 0x52494E47
"""Any number, as long as it is always the same: one migration of a database at a time."""
LOCK_TIMEOUT = "10s"
"""Waiting longer for a table would make every sale queue up behind the migration."""

Connection = psycopg.AsyncConnection[TupleRow]
NOT_THERE_YET = (errors.UndefinedTable, errors.UndefinedFunction, errors.UndefinedObject)


@dataclass(frozen=True, slots=True)
class SqlFile:
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def number(self) -> int:
        """Where a migration stands in history."""
        return int(self.name.partition("_")[0])


@dataclass(frozen=True, slots=True)
class SchemaSource:
    """All the SQL that makes the schema, each part in the order of the file names."""

    roles_create: SqlFile
    migrations: tuple[SqlFile, ...]
    functions: tuple[SqlFile, ...]
    views: tuple[SqlFile, ...]
    roles: SqlFile

    @property
    def checksum(self) -> str:
        files = (self.roles_create, *self.migrations, *self.functions, *self.views, self.roles)
        return hashlib.sha256("".join(f"{file.name} {file.checksum}\n" for file in files).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a call of `migrate` changed: nothing, if the database was already at this version."""

    applied: tuple[int, ...] = ()
    source_reapplied: bool = False


def read_schema_source() -> SchemaSource:
    """The SQL files that came with this version of the package."""
    package = resources.files("ringup.db")

    def file(name: str) -> SqlFile:
        return SqlFile(name.removesuffix(".sql"), package.joinpath(name).read_text(encoding="utf-8"))

    def folder(name: str) -> tuple[SqlFile, ...]:
        names = sorted(entry.name for entry in package.joinpath(name).iterdir())
        return tuple(
            SqlFile(found.removesuffix(".sql"), package.joinpath(name, found).read_text(encoding="utf-8"))
            for found in names
            if found.endswith(".sql")
        )

    return SchemaSource(
        roles_create=file("roles_create.sql"),
        migrations=folder("migrations"),
        functions=folder("functions"),
        views=folder("views"),
        roles=file("roles.sql"),
    )


async def migrate(admin_url: str, source: SchemaSource | None = None) -> MigrationReport:
    """Bring the database to this version's schema, and say what that took.

    Safe to repeat and to run from several processes at once: one works, the others
    wait and find it done. Where nothing changed it takes one query and no lock. A
    crash leaves a number of whole migrations; the next call goes on from there.

    The admin must be able to create roles, and schemas in this database; it need not
    be a superuser. A database that a later version has migrated, or whose history is
    not ours, is refused (SchemaMismatch) and not touched. Needs a session of its own:
    no pooler in between that shares connections by transaction.
    """
    source = source or read_schema_source()
    async with await _connect(admin_url) as connection:
        if await _applied_checksum(connection) == source.checksum:
            return MigrationReport()
        await connection.execute("select pg_advisory_lock(%s)", [ADVISORY_LOCK])
        if await _applied_checksum(connection) == source.checksum:
            return MigrationReport()
        await _prepare(connection, source)
        applied = await _apply_migrations(connection, source.migrations)
        await _reapply_source(connection, source)
        return MigrationReport(applied, source_reapplied=True)


async def _connect(admin_url: str) -> Connection:
    try:
        connection = await psycopg.AsyncConnection.connect(admin_url, autocommit=True)
    except psycopg.OperationalError as failure:
        raise DatabaseUnavailable(f"cannot migrate: {failure}") from failure
    # Everything in our SQL says its schema; the caller's search path must not decide what a name means.
    await connection.execute("select set_config('search_path', '', false)")
    await connection.execute("set statement_timeout = 0")
    return connection


async def _applied_checksum(connection: Connection) -> str | None:
    cursor = await connection.execute("select to_regclass('ringup.schema_source') is not null")
    if await cursor.fetchone() != (True,):
        return None
    row = await (await connection.execute("select s.checksum from ringup.schema_source s")).fetchone()
    return str(row[0]) if row else None


async def _prepare(connection: Connection, source: SchemaSource) -> None:
    """Make the roles, the schema and the two tables in which migrations are remembered."""
    await _run(connection, source.roles_create)
    await connection.execute("select set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    await connection.execute("create schema if not exists ringup authorization ringup_owner")
    async with connection.transaction():
        await connection.execute("set local role ringup_owner")
        await connection.execute("""
            create table if not exists ringup.schema_migrations (
                number     integer primary key,
                name       text not null unique,
                checksum   text not null,
                applied_at timestamptz not null default clock_timestamp()
            )
        """)
        await connection.execute("""
            create table if not exists ringup.schema_source (
                only_row boolean primary key default true check (only_row),
                checksum text not null
            )
        """)


async def _apply_migrations(connection: Connection, migrations: Sequence[SqlFile]) -> tuple[int, ...]:
    """Apply what is missing, each in a transaction of its own, and return the numbers."""
    cursor = await connection.execute("select m.number, m.name, m.checksum from ringup.schema_migrations m")
    applied = {number: (name, checksum) for number, name, checksum in await cursor.fetchall()}
    _refuse_another_history(applied, migrations)
    missing = [migration for migration in migrations if migration.number not in applied]
    for migration in missing:
        async with connection.transaction():
            await connection.execute("set local role ringup_owner")
            await _run(connection, migration)
            await connection.execute(
                "insert into ringup.schema_migrations (number, name, checksum) values (%s, %s, %s)",
                [migration.number, migration.name, migration.checksum],
            )
    return tuple(migration.number for migration in missing)


def _refuse_another_history(applied: dict[int, tuple[str, str]], migrations: Sequence[SqlFile]) -> None:
    known = {migration.number: migration for migration in migrations}
    newer = sorted(set(applied) - set(known))
    if newer:
        raise SchemaMismatch(f"the database is newer than this ringup: it has migration {newer[-1]:04}")
    for number, (name, checksum) in sorted(applied.items()):
        if known[number].checksum != checksum:
            raise SchemaMismatch(f"migration {name} is not the one this ringup has: it was edited after it was applied")
    if applied and any(number < max(applied) for number in set(known) - set(applied)):
        raise SchemaMismatch(f"the database has migration {max(applied):04} but not all before it")


async def _reapply_source(connection: Connection, source: SchemaSource) -> None:
    """Replace all functions, views and grants at once, and remember which source they came from."""
    async with connection.transaction():
        await _take_back_functions(connection)
        await connection.execute("set local role ringup_owner")
        # Functions may name each other in any order; each is checked when it is called by a test.
        await connection.execute("set local check_function_bodies = off")
        await _drop_views(connection)
        before = await _functions(connection)
        await _create_in_any_order(connection, (*source.functions, *source.views))
        await _drop_functions(connection, before & await _functions(connection))
        await connection.execute("set local role none")
        await _run(connection, source.roles)
        await connection.execute("set local role ringup_owner")
        await connection.execute(
            "insert into ringup.schema_source (checksum) values (%s)"
            " on conflict (only_row) do update set checksum = excluded.checksum",
            [source.checksum],
        )


async def _take_back_functions(connection: Connection) -> None:
    """Make the owner the owner of all functions, so that it may replace them; roles.sql gives some away."""
    cursor = await connection.execute("""
        select p.oid::regprocedure::text
          from pg_proc p
         where p.pronamespace = 'ringup'::regnamespace and p.proowner <> 'ringup_owner'::regrole
    """)
    for (signature,) in await cursor.fetchall():
        await connection.execute(f"alter function {signature} owner to ringup_owner".encode())


async def _create_in_any_order(connection: Connection, files: Sequence[SqlFile]) -> None:
    """Create what can be created, again and again, until all is there or nothing more can be."""
    waiting = files
    while waiting:
        failures = [(file, await _try_to_create(connection, file)) for file in waiting]
        still_waiting = [(file, failure) for file, failure in failures if failure]
        if len(still_waiting) == len(waiting):
            raise still_waiting[0][1]
        waiting = [file for file, _ in still_waiting]


async def _try_to_create(connection: Connection, file: SqlFile) -> psycopg.Error | None:
    """The failure, if what the file needs is not there yet."""
    try:
        async with connection.transaction():
            await _create(connection, file)
    except NOT_THERE_YET as failure:
        return failure
    return None


async def _create(connection: Connection, file: SqlFile) -> None:
    try:
        async with connection.transaction():
            await _run(connection, file)
    except errors.InvalidFunctionDefinition:
        # What a function returns cannot be replaced; the function of the file's name makes way.
        named = {function for function in await _functions(connection) if function[0] == file.name}
        await _drop_functions(connection, named)
        await _run(connection, file)


async def _run(connection: Connection, file: SqlFile) -> None:
    try:
        await connection.execute(file.text.encode())
    except psycopg.Error as failure:
        failure.add_note(f"in {file.name}.sql")
        raise


async def _drop_views(connection: Connection) -> None:
    cursor = await connection.execute(
        "select c.relname from pg_class c where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'v'"
    )
    for (name,) in await cursor.fetchall():
        await connection.execute(sql.SQL("drop view if exists {} cascade").format(sql.Identifier("ringup", name)))


async def _functions(connection: Connection) -> set[tuple[str, str, str]]:
    """The name, the signature and the version of every function; replacing one changes its version."""
    cursor = await connection.execute("""
        select p.proname, p.oid::regprocedure::text, p.xmin::text
          from pg_proc p
         where p.pronamespace = 'ringup'::regnamespace
    """)
    return {(name, signature, version) for name, signature, version in await cursor.fetchall()}


async def _drop_functions(connection: Connection, functions: Iterable[tuple[str, str, str]]) -> None:
    for _, signature, _ in sorted(functions):
        await connection.execute(b"drop routine " + signature.encode())
