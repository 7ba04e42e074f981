"""A copy of the shop lacks what it is to lack, and nothing else."""

import psycopg
import pytest

from ringup.db.bench_copies import Guarantee, copy_without

COUNTS = """
    select (select count(*) from pg_constraint where connamespace = 'ringup'::regnamespace and contype = 'c') as checks,
           (select count(*) from pg_constraint where connamespace = 'ringup'::regnamespace and contype = 'f') as keys,
           (select count(*) from pg_class where relnamespace = 'ringup'::regnamespace and relrowsecurity) as secured
"""


def count(server, name: str) -> tuple[int, int, int]:
    with psycopg.connect(server.url(database=name)) as connection:
        return connection.execute(COUNTS).fetchone()


@pytest.mark.parametrize(
    ("lacking", "kept"),
    [
        ((Guarantee.CHECKS,), (False, True, True)),
        ((Guarantee.FOREIGN_KEYS,), (True, False, True)),
        ((Guarantee.ROW_SECURITY,), (True, True, False)),
        (tuple(Guarantee), (False, False, False)),
    ],
    ids=["checks", "foreign keys", "row-level security", "all three"],
)
def test_a_copy_lacks_what_it_is_to_lack_and_nothing_else(server, template, lacking, kept):
    whole, name = count(server, template.name), "lacking"
    copy_without(server, template.name, name, *lacking)

    try:
        found = count(server, name)
    finally:
        with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
            connection.execute("drop database lacking")

    assert min(whole) > 50
    assert found == tuple(had if is_kept else 0 for had, is_kept in zip(whole, kept, strict=True))
