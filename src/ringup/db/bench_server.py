"""A server that is there already, on which a benchmark has databases of its own."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ringup.db.embedded import SUPERUSER
from ringup.domain.errors import DatabaseUnavailable

PREFIX = "ringup_bench"
"""What the names of all its databases begin with. No other database of the server is touched."""
CONNECT_SECONDS = 10
IS_HERE = "select inet_server_addr() is null or inet_server_addr() << '127.0.0.0/8' or inet_server_addr() = '::1'"


class GivenServer:
    """Somebody's PostgreSQL, by the URL of a superuser. Raises DatabaseUnavailable where it does not answer."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = urlsplit(admin_url)
        self.process_id = self._find_process()

    def url(self, role: str = SUPERUSER, database: str = PREFIX) -> str:
        """A libpq URL of one of its databases. Any role but the superuser's is taken on after connecting."""
        query = dict(parse_qsl(self._admin_url.query))
        if role != SUPERUSER:
            query["options"] = f"{query.get('options', '')} -c role={role}".strip()
        written = urlencode(query, quote_via=quote)
        return urlunsplit(self._admin_url._replace(path=f"/{quote(database, safe='')}", query=written))

    def is_superusers(self) -> bool:
        """Whether the URL is one."""
        return bool(self._ask("select r.rolsuper from pg_roles r where r.rolname = current_user")[0][0])

    def list_databases(self) -> list[str]:
        """Those of a benchmark that are there."""
        found = self._ask("select d.datname from pg_database d where starts_with(d.datname, %s) order by 1", PREFIX)
        return [name for (name,) in found]

    def drop_databases(self) -> None:
        """All those of a benchmark. The roles of ringup stay; they are of the whole server."""
        for name in self.list_databases():
            with self._connect() as connection:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _find_process(self) -> int | None:
        """The first process of the server, if it runs on this machine: whose child answers us."""
        with self._connect() as connection:
            is_here = connection.execute(IS_HERE).fetchone() == (True,)
            stat = Path("/proc", str(connection.info.backend_pid), "stat")
            if not is_here or not stat.exists() or "postgres" not in stat.read_text():
                return None
            return int(stat.read_text().rpartition(")")[2].split()[1])

    def _ask(self, statement: str, *parameters: str) -> list[Any]:
        with self._connect() as connection:
            return connection.execute(statement.encode(), parameters or None).fetchall()

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(urlunsplit(self._admin_url), autocommit=True, connect_timeout=CONNECT_SECONDS)
        except psycopg.OperationalError as failure:
            raise DatabaseUnavailable(f"the server for the benchmark does not answer: {failure}") from failure
