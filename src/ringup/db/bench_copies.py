"""Copies of a benchmark's shop that lack a guarantee, to see what it costs. Nobody sells there."""

from enum import StrEnum

import psycopg
from psycopg import sql

from ringup.db.embedded import Server


class Guarantee(StrEnum):
    """What the database watches over while it writes, besides what the functions do."""

    CHECKS = "checks"
    FOREIGN_KEYS = "foreign keys"
    ROW_SECURITY = "row-level security"


CONSTRAINTS = """
    select format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname)
      from pg_constraint c
     where c.connamespace = 'ringup'::regnamespace and c.contype = %s and c.conrelid <> 0
"""
TABLES = """
    select format('alter table %s disable row level security', c.oid::regclass)
      from pg_class c
     where c.relnamespace = 'ringup'::regnamespace and c.relrowsecurity
"""


def copy_without(server: Server, database: str, copy: str, *lacking: Guarantee) -> None:
    """Copy a database of this server that nobody is connected to, and take what is lacking from the copy."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(copy), sql.Identifier(database))
        connection.execute(made)
    with psycopg.connect(server.url(database=copy), autocommit=True) as connection:
        for guarantee in lacking:
            for (statement,) in connection.execute(*_statements(guarantee)).fetchall():
                connection.execute(statement)


def _statements(guarantee: Guarantee) -> tuple[str, list[str] | None]:
    match guarantee:
        case Guarantee.CHECKS:
            return CONSTRAINTS, ["c"]
        case Guarantee.FOREIGN_KEYS:
            return CONSTRAINTS, ["f"]
        case Guarantee.ROW_SECURITY:
            return TABLES, None
