"""How terminals have been lately."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class TerminalCheck:
    """One answer of one terminal to the question whether it is there."""

    processor_id: UUID
    checked_at: datetime
    status: str
    latency_ms: int | None


async def list_terminal_checks(db: Pool, vendor_id: UUID, *, each: int) -> list[TerminalCheck]:
    """The last checks of every terminal, oldest first."""
    return await read_all(
        db,
        vendor_id,
        TerminalCheck,
        """
        select c.processor_id, c.checked_at, c.status, c.latency_ms
          from ringup.processor_statuses p
         cross join lateral (
               select v.processor_id, v.checked_at, v.status, v.latency_ms
                 from ringup.terminal_checks v
                where v.vendor_id = %(vendor_id)s and v.processor_id = p.id
                order by v.checked_at desc
                limit %(each)s) as c
         where p.vendor_id = %(vendor_id)s
         order by c.processor_id, c.checked_at
        """,
        {"vendor_id": vendor_id, "each": each},
    )


@dataclass(frozen=True, slots=True)
class _LastGood:
    processor_id: UUID
    checked_at: datetime


async def find_last_good(db: Pool, vendor_id: UUID) -> dict[UUID, datetime]:
    """When each terminal was last there, of those that ever were."""
    rows = await read_all(
        db,
        vendor_id,
        _LastGood,
        """
        select p.id as processor_id, c.checked_at
          from ringup.processor_statuses p
         cross join lateral (
               select v.checked_at
                 from ringup.terminal_checks v
                where v.vendor_id = %(vendor_id)s and v.processor_id = p.id and v.status in ('online', 'busy')
                order by v.checked_at desc
                limit 1) as c
         where p.vendor_id = %(vendor_id)s
        """,
        {"vendor_id": vendor_id},
    )
    return {row.processor_id: row.checked_at for row in rows}
