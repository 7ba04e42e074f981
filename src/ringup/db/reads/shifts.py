"""Shifts, and late sessions between them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class RegisterSession:
    """A shift, or a late session. What was expected is there from the closing on."""

    id: UUID
    register_id: UUID
    location_id: UUID
    register_name: str
    kind: Literal["shift", "late"]
    opened_by: str
    opened_at: datetime
    opening_float_minor: int
    closed_by: str | None
    closed_at: datetime | None
    closure_number: int | None
    order_count: int
    counted_minor: int | None
    expected_minor: int | None
    variance_minor: int | None


async def list_register_sessions(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    before: UUID | None = None,
    register_id: UUID | None = None,
    session_id: UUID | None = None,
) -> list[RegisterSession]:
    """Newest first. `before` is the last row of the page before."""
    return await read_all(
        db,
        vendor_id,
        RegisterSession,
        """
        select v.id, v.register_id, v.location_id, v.register_name, v.kind, v.opened_by, v.opened_at,
               v.opening_float_minor, v.closed_by, v.closed_at, v.closure_number, v.order_count, v.counted_minor,
               v.expected_minor, v.variance_minor
          from ringup.register_session_list v
         where v.vendor_id = %(vendor_id)s
           and (%(register_id)s::uuid is null or v.register_id = %(register_id)s)
           and (%(session_id)s::uuid is null or v.id = %(session_id)s)
           and (%(before)s::uuid is null
                or (v.opened_at, v.id) < (select b.opened_at, b.id
                                            from ringup.register_session_list b
                                           where b.vendor_id = %(vendor_id)s and b.id = %(before)s))
         order by v.opened_at desc, v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "before": before,
            "register_id": register_id,
            "session_id": session_id,
            "limit": limit,
        },
    )
