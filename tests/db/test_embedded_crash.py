"""A server of ours that breaks down."""

import psycopg
import pytest

from ringup.db.embedded import EmbeddedPostgres


def test_what_was_committed_survives_a_crash_and_connections_do_not(fresh_server: EmbeddedPostgres):
    before = psycopg.connect(fresh_server.url(), autocommit=True)
    # The tests of everything else run without it.
    before.execute("set synchronous_commit = on")
    before.execute("create table kept (number integer)")
    before.execute("insert into kept values (17)")
    first = fresh_server.process_id

    fresh_server.crash()

    with pytest.raises(psycopg.OperationalError):
        before.execute("select 1")
    before.close()
    with psycopg.connect(fresh_server.url()) as after:
        assert after.execute("select number from kept").fetchall() == [(17,)]
    assert fresh_server.process_id not in (first, None)
