"""Who works here, what roles may do, and who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool
from ringup.domain.staff import Action, Role, Rule


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person. `failed_attempts` are PIN checks since the last one that succeeded."""

    id: UUID
    name: str
    role: Role
    is_active: bool
    has_pin: bool
    pin_set_at: datetime | None
    failed_attempts: int
    locked_until: datetime | None
    created_at: datetime
    updated_at: datetime


async def list_staff(
    db: Pool,
    vendor_id: UUID,
    *,
    limit: int,
    after: UUID | None = None,
    staff_id: UUID | None = None,
    is_active: bool | None = None,
) -> list[StaffMember]:
    return await read_all(
        db,
        vendor_id,
        StaffMember,
        """
        select v.id, v.name, v.role, v.is_active, v.has_pin, v.pin_set_at, v.failed_attempts, v.locked_until,
               v.created_at, v.updated_at
          from ringup.staff_list v
         where v.vendor_id = %(vendor_id)s and (%(after)s::uuid is null or v.id > %(after)s)
           and (%(staff_id)s::uuid is null or v.id = %(staff_id)s)
           and (%(is_active)s::boolean is null or v.is_active = %(is_active)s)
         order by v.id
         limit %(limit)s
        """,
        {"vendor_id": vendor_id, "after": after, "staff_id": staff_id, "is_active": is_active, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What a role may do. Up to the limits the rule holds, beyond any of them the next stricter."""

    role: Role
    action: Action
    means: str
    rule: Rule
    limit_minor: int | None
    limit_percent: int | None
    is_default: bool


async def list_rules(
    db: Pool, vendor_id: UUID, *, role: str | None = None, action: str | None = None
) -> list[RoleRule]:
    """All of them, by role and action: their number is fixed."""
    return await read_all(
        db,
        vendor_id,
        RoleRule,
        """
        select v.role, v.action, v.means, v.rule, v.limit_minor, v.limit_percent, v.is_default
          from ringup.staff_rule_list v
         where v.vendor_id = %(vendor_id)s and (%(role)s::text is null or v.role = %(role)s)
           and (%(action)s::text is null or v.action = %(action)s)
         order by v.role, v.action
        """,
        {"vendor_id": vendor_id, "role": role, "action": action},
    )


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which row. `approved_by` is the second name, where somebody had to approve."""

    id: UUID
    actor: str
    approved_by: str | None
    approval_id: UUID | None
    action: str
    row_type: str
    row_id: str
    before: Any
    after: Any
    origin: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """None takes every row. `name` is the actor's or the approver's; times are from and before."""

    name: str | None = None
    action: str | None = None
    row_type: str | None = None
    row_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_audit(
    db: Pool, vendor_id: UUID, wanted: AuditFilter, *, limit: int, before: UUID | None = None
) -> list[AuditEntry]:
    """Newest first; ids are in the order of time."""
    return await read_all(
        db,
        vendor_id,
        AuditEntry,
        """
        select v.id, v.actor, v.approved_by, v.approval_id, v.action, v.row_type, v.row_id, v.before, v.after,
               v.origin, v.created_at
          from ringup.audit_trail v
         where v.vendor_id = %(vendor_id)s and (%(before)s::uuid is null or v.id < %(before)s)
           and (%(name)s::text is null or v.actor = %(name)s or v.approved_by = %(name)s)
           and (%(action)s::text is null or v.action = %(action)s)
           and (%(row_type)s::text is null or v.row_type = %(row_type)s)
           and (%(row_id)s::text is null or v.row_id = %(row_id)s)
           and (%(since)s::timestamptz is null or v.created_at >= %(since)s)
           and (%(until)s::timestamptz is null or v.created_at < %(until)s)
         order by v.id desc
         limit %(limit)s
        """,
        {
            "vendor_id": vendor_id,
            "before": before,
            "limit": limit,
            "name": wanted.name,
            "action": wanted.action,
            "row_type": wanted.row_type,
            "row_id": wanted.row_id,
            "since": wanted.since,
            "until": wanted.until,
        },
    )
