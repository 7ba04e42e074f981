"""What an operator sets before starting ringup. The only place that reads the environment.

What may change while the shop is open (terminals, limits, earn rates) is not here
but in the database.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sentry_sdk.utils import BadDsn, Dsn

from ringup.domain.errors import SecretUnreadable

PREFIX = "RINGUP_"
SECRET_KEY_BYTES = 32
FAILPOINT = r"^((any|(before|after):[a-z_]+)(#[1-9][0-9]*)?)?$"


class SettingsInvalid(ValueError):
    """The environment asks for something that cannot be. The message names the variables, one a line."""


class Settings(BaseSettings):
    """All settings, each named RINGUP_ and the name in capitals. Built once, passed on in parts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[SecretStr | None, Field(description="PostgreSQL 15 or later; empty: our own server.")] = (
        None
    )
    data_dir: Annotated[Path, Field(description="What ringup keeps on disk: its server, its key.")] = Path(".ringup")
    secret_key: Annotated[
        SecretStr | None,
        Field(description="32 bytes in base64 that encrypt stored secrets; empty: made once, in data_dir."),
    ] = None

    host: Annotated[str, Field(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on; 0: any free one.")] = 8000
    body_limit_bytes: Annotated[PositiveInt, Field(description="The largest request that is read.")] = 262_144
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="The least important line to log.")
    ] = "info"

    pool_size_max: Annotated[PositiveInt, Field(description="Database connections of one process.")] = 10
    transaction_pooler: Annotated[
        bool,
        Field(
            description="There is a pooler in transaction mode in between: nothing is prepared, and the login brings"
            " its role and its timeouts along."
        ),
    ] = False
    statement_timeout_ms: Annotated[PositiveInt, Field(description="The longest that one statement may run.")] = 10_000

    terminal_wait_seconds: Annotated[
        PositiveInt,
        Field(description="How long a sale stands in line for a busy terminal before it is refused."),
    ] = 30
    hold_seconds: Annotated[
        PositiveInt, Field(description="How long goods and points stay set aside for an unpaid sale.")
    ] = 300
    lease_seconds: Annotated[
        PositiveInt, Field(description="How long a worker may be silent before another takes over its work.")
    ] = 15
    asking_seconds: Annotated[
        PositiveInt,
        Field(description="How long recovery may ask about one payment before another worker asks as well."),
    ] = 150
    health_interval_seconds: Annotated[
        PositiveInt, Field(description="How often an idle terminal is asked whether it is there.")
    ] = 300

    smtp_url: Annotated[
        SecretStr | None,
        Field(description="The mail server for receipts, smtp:// or smtps://user:password@host:port; empty: no mail."),
    ] = None
    mail_from: Annotated[str, Field(description="The address that receipts are mailed from.")] = "receipts@localhost"

    sentry_dsn: Annotated[
        SecretStr | None,
        Field(description="Where updates of points and their failures are reported; empty: nowhere."),
    ] = None
    sentry_traces_rate: Annotated[
        float, Field(ge=0, le=1, description="The share of those updates whose timing is reported.")
    ] = 1.0

    failpoint: Annotated[
        str, Field(description="Where the process dies, for crash tests; empty: nowhere.", pattern=FAILPOINT)
    ] = ""

    @field_validator("database_url", "secret_key", "smtp_url", "sentry_dsn", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        """`RINGUP_DATABASE_URL=` in an environment file means what leaving it out means."""
        return None if value == "" else value

    @field_validator("database_url")
    @classmethod
    def _is_a_postgres_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        try:
            conninfo_to_dict(value.get_secret_value() if value else "")
        except ProgrammingError:
            # What the driver says repeats parts of the URL, the password perhaps among them.
            raise ValueError("is not a URL that PostgreSQL understands") from None
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("must be smtp://host:port or smtps://host:port")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            decode_key(value.get_secret_value())
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _is_a_dsn(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            Dsn(value.get_secret_value() if value else "https://key@host/1")
        except (BadDsn, ValueError):
            raise ValueError("is not a DSN of Sentry") from None
        return value


def load_settings() -> Settings:
    """Read the environment, or raise SettingsInvalid. No message repeats a value: it may be a password."""
    try:
        return Settings()
    except ValidationError as failure:
        lines = [f"{PREFIX}{str(error['loc'][0]).upper()}: {error['msg']}" for error in failure.errors()]
        raise SettingsInvalid("\n".join(lines)) from None


def load_secret_key(settings: Settings) -> bytes:
    """The 32 bytes that encrypt stored secrets: the setting, or else the file `secret.key` in data_dir.

    The file is made at the first call, readable by its owner alone, whole or not at
    all. Losing it loses every stored secret, so it belongs in the backup.
    """
    if settings.secret_key:
        return decode_key(settings.secret_key.get_secret_value())
    path = settings.data_dir / "secret.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_key_file(path)
    try:
        return decode_key(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as failure:
        raise SecretUnreadable(f"{path} does not hold a key: {failure}") from failure


def decode_key(text: str) -> bytes:
    """Read 32 bytes in base64, standard or URL-safe. Anything else raises ValueError."""
    try:
        key = base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        raise ValueError("must be base64") from None
    if len(key) != SECRET_KEY_BYTES:
        raise ValueError(f"must be {SECRET_KEY_BYTES} bytes in base64, not {len(key)}")
    return key


def _make_key_file(path: Path) -> None:
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SECRET_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would replace: whoever was first, everybody reads that one's key.
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        aside.unlink()
