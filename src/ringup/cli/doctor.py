"""`ringup doctor`: is everything as it must be before the shop opens?"""

import os
import stat
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typer
from rich.markup import escape

from ringup.cli.database import Database, loop_runner, open_database
from ringup.cli.output import AsJson, CannotRun, coloured, print_json, results
from ringup.cli.processors import all_conditions
from ringup.db.reads.operations import read_application_role, read_server, schema_is_current
from ringup.domain.errors import DatabaseUnavailable, RingupError
from ringup.settings import Settings, SettingsInvalid, load_secret_key, load_settings
from ringup.wiring import Shop, open_shop

OLDEST_VERSION = 150_000
CLOCK_SECONDS_MAX = 2.0
READABLE_BY_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
"""Passing through is allowed: as root, the embedded server runs as somebody else."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and what to do about it."""

    check: str
    status: Literal["ok", "warning", "failed"]
    detail: str
    advice: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Check the configuration, the files, the database and every terminal. Exit 1 if something failed.

    Changes nothing. Every line that is not ok says what to do.

    Example: ringup doctor --json
    """
    findings = list(_examine())
    is_well = all(finding.status != "failed" for finding in findings)
    if as_json:
        print_json({"ok": is_well, "checks": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    raise typer.Exit(0 if is_well else 1)


def _show(findings: list[Finding]) -> None:
    console = results()
    for finding in findings:
        padding = " " * (8 - len(finding.status))
        console.print(f"{coloured(finding.status)}{padding}{finding.check}: {escape(finding.detail)}")
        if finding.advice:
            console.print(f"        → {escape(finding.advice)}")


def _examine() -> Iterator[Finding]:
    try:
        settings = load_settings()
    except SettingsInvalid as failure:
        yield Finding("configuration", "failed", str(failure), "Correct the environment variables named.")
        return
    where = "RINGUP_DATABASE_URL" if settings.database_url else f"the embedded server in {settings.data_dir}"
    yield Finding("configuration", "ok", f"complete; the database is {where}")
    yield _data_dir(settings)
    key = _secret_key(settings)
    yield key
    yield from _database(settings, can_read_secrets=key.status == "ok")


def _data_dir(settings: Settings) -> Finding:
    path = settings.data_dir
    if not path.exists():
        return Finding("data directory", "warning", f"{path} is not there yet", "It is made at the first start.")
    if not os.access(path, os.W_OK | os.X_OK):
        return Finding(
            "data directory", "failed", f"{path} is not ours to write", "Run ringup as its owner, or chown it."
        )
    if path.stat().st_mode & READABLE_BY_OTHERS:
        return Finding("data directory", "failed", f"others may read {path}", f"chmod go-rw {path}")
    return Finding("data directory", "ok", str(path.absolute()))


def _secret_key(settings: Settings) -> Finding:
    path = settings.data_dir / "secret.key"
    if settings.secret_key:
        return Finding("secret key", "ok", "RINGUP_SECRET_KEY")
    if not path.exists():
        return Finding(
            "secret key", "warning", f"{path} is not there yet", "It is made at the first start: then back it up."
        )
    if path.stat().st_mode & READABLE_BY_OTHERS:
        return Finding("secret key", "failed", f"others may read {path}", f"chmod 600 {path}")
    return _readable_key(settings, path)


def _readable_key(settings: Settings, path: Path) -> Finding:
    try:
        load_secret_key(settings)
    except RingupError as failure:
        return Finding("secret key", "failed", str(failure), "Put the file back from the backup.")
    return Finding("secret key", "ok", f"{path}, which belongs in your backup")


def _database(settings: Settings, *, can_read_secrets: bool) -> Iterator[Finding]:
    try:
        with open_database(settings) as database, loop_runner() as runner:
            findings = runner.run(_all(_ask_database(settings, database, can_read_secrets)))
    except CannotRun as failure:
        findings = [Finding("database", "failed", str(failure), failure.advice)]
    except DatabaseUnavailable as failure:
        advice = "Start it, or correct RINGUP_DATABASE_URL, and see that its firewall lets this machine in."
        findings = [Finding("database", "failed", str(failure), advice)]
    yield from findings


async def _all(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


async def _ask_database(settings: Settings, database: Database, can_read_secrets: bool) -> AsyncIterator[Finding]:
    # The machine's own clock is what is examined here; nothing is dated with it.
    asked_at = time.time_ns() / 1e9
    server = await read_server(database.url)
    answered_at = time.time_ns() / 1e9
    if server.version_number >= OLDEST_VERSION:
        yield Finding("database", "ok", f"PostgreSQL {server.version}")
    else:
        yield Finding("database", "failed", f"PostgreSQL {server.version}", "ringup needs 15 or newer.")
    yield _clocks(server.now.timestamp(), asked_at, answered_at)
    is_current = await schema_is_current(database.url)
    if is_current:
        yield Finding("schema", "ok", "this version's")
    else:
        yield Finding("schema", "failed", "not this version's", "Run `ringup migrate`.")
    yield await _role(database)
    if not (is_current and can_read_secrets):
        yield Finding("terminals", "warning", "not asked", "Put right what is said above, and ask again.")
        return
    async with open_shop(settings, database.url) as shop:
        async for finding in _terminals(shop):
            yield finding


def _clocks(server_time: float, asked_at: float, answered_at: float) -> Finding:
    apart = max(server_time - answered_at, asked_at - server_time, 0.0)
    if apart < CLOCK_SECONDS_MAX:
        return Finding("clock", "ok", f"{apart:.3f} s apart from the database at most")
    return Finding(
        "clock",
        "failed",
        f"{apart:.1f} s apart from the database",
        "Run a time service (chrony, systemd-timesyncd) on both machines.",
    )


async def _role(database: Database) -> Finding:
    role = await read_application_role(database.url)
    if role is None:
        return Finding("roles", "failed", "there is no role ringup_app", "Run `ringup migrate`.")
    faults = {
        "is a superuser": role.is_superuser,
        "bypasses row-level security": role.bypasses_row_security,
        "is a member of ringup_owner": role.acts_as_owner,
        f"owns {role.owned_objects} things": role.owned_objects > 0,
    }
    found = [fault for fault, is_so in faults.items() if is_so]
    if found:
        advice = "Take that away: alter role ringup_app nosuperuser nobypassrls; revoke; reassign owned."
        return Finding("roles", "failed", f"ringup_app {' and '.join(found)}", advice)
    return Finding("roles", "ok", "ringup_app owns nothing and cannot bypass row-level security")


async def _terminals(shop: Shop) -> AsyncIterator[Finding]:
    """Ask each active terminal, and keep nothing of what it says."""
    conditions = [one for one in await all_conditions(shop) if one.processor.is_active]
    if not conditions:
        yield Finding("terminals", "warning", "none is in use", "Card payments need one: `ringup demo` has two.")
    for condition in conditions:
        name = f"terminal {condition.processor.processor_name}"
        try:
            terminal = await shop.terminals.get(condition.vendor_id, condition.processor.id)
        except RingupError as failure:
            yield Finding(name, "failed", str(failure), "Save its credentials again.")
            continue
        health = await terminal.check_health()
        said = " ".join(filter(None, (health.status, health.detail)))
        if health.status in ("online", "busy"):
            yield Finding(name, "ok", said)
        else:
            advice = "Is it switched on and connected? Are its address, number and key right? No sale is sent to it."
            yield Finding(name, "failed", said, advice)
