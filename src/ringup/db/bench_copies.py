"""Copies of a benchmark's shop that lack a guarantee, to see what it costs. Nobody sells there."""

from enum import Enum

import psycopg
from psycopg import sql

from ringup.db.embedded import Server

CONSTRAINTS = """
    select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname)
      from pg_constraint c
     where c.connamespace = 'ringup'::regnamespace and c.conrelid <> 0
"""
SECURED = """
    select format('alter table %s disable row level security', c.oid::regclass)
      from pg_class c
     where c.relnamespace = 'ringup'::regnamespace and c.relrowsecurity
"""


class Guarantee(Enum):
    """What the database watches over while it writes, besides the functions. The value asks for what takes it away."""

    CHECKS = f"{CONSTRAINTS} and c.contype = 'c'"
    FOREIGN_KEYS = f"{CONSTRAINTS} and c.contype = 'f'"
    ROW_SECURITY = SECURED


def copy_without(server: Server, database: str, copy: str, *lacking: Guarantee) -> None:
    """Copy a database of this server that nobody is connected to, and take what is lacking from the copy."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(copy), sql.Identifier(database))
        connection.execute(made)
    with psycopg.connect(server.url(database=copy), autocommit=True) as connection:
        for guarantee in lacking:
            for (statement,) in connection.execute(guarantee.value).fetchall():
                connection.execute(statement)
