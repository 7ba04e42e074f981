"""What the simulated processors did to cards, one JSON line per effect, durable before anybody is told."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

EffectName = Literal["approved", "captured", "voided", "returned", "tip_adjusted", "settled", "declined"]
EffectKind = Literal["sale", "auth", "capture", "void", "return", "tip_adjust", "close", "clear", "force"]


class Effect(BaseModel):
    """One line of the journal. Amounts are cents.

    `amount_cents` includes the tip and not the fee; for a settlement it is the batch's total.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    effect: EffectName
    kind: EffectKind = Field(description="The operation that caused the effect.")
    tpn: str
    batch: int
    amount_cents: int
    happened_at: datetime
    reference_id: str | None = None
    transaction_number: int | None = None
    requested_cents: int = 0
    tip_cents: int = 0
    fee_cents: int = 0
    partial: bool = False
    payment_type: str = "Credit"
    invoice_number: str | None = None
    auth_code: str | None = None
    host_reference: str | None = None
    host_code: str | None = None


class JournalCorrupt(Exception):
    """A line before the last one cannot be read: the journal was changed by something else."""


class Journal:
    """An append-only file of effects, read back when it is opened.

    A last line without its end is what a crash leaves of an effect nobody was told of; it
    is cut off. Anything else unreadable raises `JournalCorrupt`. One process at a time
    may have a journal open.
    """

    def __init__(self, path: Path, *, fsync: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._length, self._effects = _read(path)
        self._fsync = fsync
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.ftruncate(self._file, self._length)
        if fsync:
            _sync_directory(path.parent)
        self._synced_count = len(self._effects)
        self._syncing = asyncio.Lock()

    def __iter__(self) -> Iterator[Effect]:
        return iter(self._effects)

    def append(self, effect: Effect) -> None:
        """Hand one effect to the operating system. It is durable when `sync` has returned."""
        line = effect.model_dump_json(exclude_defaults=True).encode() + b"\n"
        if os.write(self._file, line) != len(line):
            os.ftruncate(self._file, self._length)
            raise OSError("the journal's disk is full")
        self._length += len(line)
        self._effects.append(effect)

    async def sync(self) -> None:
        """Return when everything appended so far is on disk. Callers at the same time share one fsync."""
        wanted_count = len(self._effects)
        if not self._fsync:
            return
        async with self._syncing:
            if self._synced_count < wanted_count:
                covered_count = len(self._effects)
                await asyncio.to_thread(os.fsync, self._file)
                self._synced_count = covered_count

    def close(self) -> None:
        os.close(self._file)


def _read(path: Path) -> tuple[int, list[Effect]]:
    """The effects of the complete lines, and how many bytes those are."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return 0, []
    whole_bytes = content.rfind(b"\n") + 1
    lines = content[:whole_bytes].splitlines()
    return whole_bytes, [_effect(line, number) for number, line in enumerate(lines, start=1)]


def _effect(line: bytes, number: int) -> Effect:
    try:
        return Effect.model_validate_json(line)
    except ValidationError as error:
        raise JournalCorrupt(f"line {number} of the journal is not an effect") from error


def _sync_directory(directory: Path) -> None:
    """A new file survives a power failure only once its directory is on disk, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
