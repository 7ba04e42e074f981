"""Where a drill and a demonstration day take place: a directory, a PostgreSQL and processes of their own."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ringup.cli.output import remarks
from ringup.db.embedded import EmbeddedPostgres, start_embedded
from ringup.db.reads.audit import INVARIANTS, Violation, list_violations
from ringup.settings import Settings
from ringup.wiring import open_shop

SETTINGS = {
    "lease_seconds": 3,
    "asking_seconds": 5,
    "terminal_wait_seconds": 10,
    "health_interval_seconds": 5,
    "log_level": "warning",
}
"""ringup at the drill's speed: leases of seconds, and terminals looked after every five."""


@dataclass(frozen=True, slots=True)
class Stage:
    directory: Path
    server: EmbeddedPostgres
    progress: Progress

    @property
    def settings(self) -> Settings:
        """Ours alone: whatever the operator's environment says is about another shop."""
        return Settings(data_dir=self.directory, database_url=None, secret_key=None, failpoint="", log_level="warning")

    @property
    def environment(self) -> dict[str, str]:
        settings = {**SETTINGS, "data_dir": self.directory, "database_url": self.server.url()}
        return {f"RINGUP_{name.upper()}": str(value) for name, value in settings.items()}

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def bar(self, name: str, total: int) -> Callable[[], None]:
        """A bar in the progress shown; what is returned moves it on by one."""
        bar = self.progress.add_task(name, total=total)
        return lambda: self.progress.advance(bar)


@contextlib.contextmanager
def stage_set(name: str, *, keep: bool) -> Iterator[Stage]:
    """A stage for the length of a block. Afterwards its directory is removed, or kept and named."""
    directory = Path(tempfile.mkdtemp(prefix=f"ringup-{name}-"))
    try:
        with _postgres(directory) as server, _progress() as progress:
            yield Stage(directory, server, progress)
    finally:
        if keep:
            remarks().print(f"kept: {escape(str(directory))}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


async def list_all_violations(stage: Stage, vendor_id: UUID) -> list[tuple[str, Violation]]:
    """What the audit finds, each with its invariant."""
    async with open_shop(stage.settings, stage.server.url()) as shop:
        return [
            (invariant, violation)
            for invariant in INVARIANTS
            for violation in await list_violations(shop.db, vendor_id, invariant)
        ]


@contextlib.contextmanager
def _postgres(directory: Path) -> Iterator[EmbeddedPostgres]:
    server = start_embedded(directory)
    try:
        yield server
    finally:
        server.stop()


def _progress() -> Progress:
    columns = (TextColumn("{task.description:7}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=remarks(), transient=True)
