"""The embedded server comes up after whatever was done to it, and ends with the last who uses it."""

import contextlib
import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import OperationalError

from ringup.db.embedded import EmbeddedPostgres, start_embedded
from ringup.domain.errors import DatabaseUnavailable


@pytest.fixture
def directory() -> Iterator[Path]:
    # Not tmp_path: see the fixture `server`.
    with TemporaryDirectory(prefix="ringup-test-") as made:
        yield Path(made)


@pytest.fixture
def start(directory) -> Iterator[object]:
    started: list[EmbeddedPostgres] = []

    def start_another(where: Path = directory) -> EmbeddedPostgres:
        started.append(start_embedded(where))
        return started[-1]

    yield start_another
    for server in started:
        server.stop()


def ask(server: EmbeddedPostgres, query: str, role: str = "postgres") -> tuple[object, ...] | None:
    with psycopg.connect(server.url(role), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchone() if cursor.description else None


def kill(server: EmbeddedPostgres) -> None:
    """The power fails: nothing is written any more, and nothing is tidied up."""
    os.kill(server.process_id, signal.SIGKILL)
    deadline = time.monotonic() + 5
    with contextlib.suppress(OperationalError):
        while time.monotonic() < deadline:
            ask(server, "select 1")
            time.sleep(0.01)


def test_a_commit_is_on_the_disk_before_it_is_confirmed(start):
    server = start()

    assert ask(server, "select current_setting('fsync'), current_setting('synchronous_commit')") == (
        "on",
        "on",
    )


def test_what_was_stored_is_there_after_a_restart(start):
    server = start()
    ask(server, "create table kept as select 7 as number")
    server.stop()

    assert ask(start(), "select number from kept") == (7,)


def test_what_was_stored_is_there_after_a_power_cut(start):
    server = start()
    ask(server, "create table kept as select 7 as number")
    kill(server)

    again = start()

    assert again.started_here
    assert ask(again, "select number from kept") == (7,)


def test_a_stale_process_id_that_another_process_of_the_account_has_now_is_not_believed(start, directory, server):
    start().stop()
    pid_file = directory / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{server.process_id}\n{directory / 'postgres'}\n0\n5432\n\n\n\n")

    assert ask(start(), "select 1") == (1,)


def test_a_first_start_that_was_cut_off_is_begun_again(start, directory):
    (directory / "postgres.new" / "base").mkdir(parents=True)

    assert ask(start(), "select 1") == (1,)


def test_a_second_user_joins_the_running_server(start):
    first, second = start(), start()

    assert (first.started_here, second.started_here) == (True, False)
    assert ask(second, "select 1") == (1,)


def test_the_server_runs_until_the_last_user_stops_it(start):
    first, second = start(), start()

    first.stop()
    assert ask(second, "select 1") == (1,)

    second.stop()
    with pytest.raises(OperationalError):
        ask(second, "select 1")


def test_stopping_twice_is_stopping_once(start):
    first, second = start(), start()

    first.stop()
    first.stop()

    assert ask(second, "select 1") == (1,)


def test_a_path_too_long_for_a_socket_gets_a_short_and_private_one(start, directory):
    server = start(directory / ("a" * 60) / ("b" * 60))

    assert ask(server, "select 1") == (1,)
    assert len(str(server.socket_directory)) < 60
    assert stat.S_IMODE(server.socket_directory.stat().st_mode) == 0o700


def test_a_short_socket_directory_that_somebody_else_made_is_refused(start, directory):
    deep = directory / ("a" * 60) / ("b" * 60)
    server = start(deep)
    server.stop()
    server.socket_directory.symlink_to(directory)

    try:
        with pytest.raises(DatabaseUnavailable, match="belongs to somebody else"):
            start(deep)
    finally:
        server.socket_directory.unlink()


def test_nobody_else_may_enter_the_files_or_the_socket(start, directory):
    server = start()

    assert server.socket_directory == directory.resolve() / "postgres"
    assert stat.S_IMODE(server.socket_directory.stat().st_mode) == 0o700


def test_nothing_listens_on_the_network(server):
    assert ask(server, "select current_setting('listen_addresses')") == ("",)


def test_a_role_that_cannot_log_in_is_taken_on(server, template):
    assert ask(server, "select current_user::text", role="ringup_app") == ("ringup_app",)


def test_words_sort_by_code_point_on_every_machine(server):
    query = "select string_agg(word, ' ' order by word) from unnest(array['a', 'B', 'é', 'z']) as word"

    assert ask(server, query) == ("B a z é",)


def test_a_server_that_cannot_start_says_why(start, directory):
    server = start()
    server.stop()
    with (directory / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = on\n")

    with pytest.raises(DatabaseUnavailable, match="no_such_setting"):
        start()
