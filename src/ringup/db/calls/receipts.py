"""Receipts: what stands on them, which were printed, and which are to go out by e-mail."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_all, ask_value
from ringup.db.pool import Pool


@dataclass(frozen=True, slots=True)
class DueMail:
    """`mail_id` stays the same however often it is tried, and so does the message's id."""

    mail_id: UUID
    order_id: UUID
    recipient: str


@dataclass(frozen=True, slots=True)
class _Vendor:
    id: UUID


async def list_vendors_with_mail(db: Pool) -> list[UUID]:
    """The vendors of whose receipts one is due by e-mail."""
    rows = await ask_all(db, _Vendor, "select v as id from ringup.list_vendors_with_mail() as v", [])
    return [row.id for row in rows]


async def read_receipt(db: Pool, vendor_id: UUID, order_id: UUID) -> dict[str, Any] | None:
    """The checkout's document with the store, its lines and its clock. None for an order that is not there."""
    document: dict[str, Any] | None = await ask_value(db, "select ringup.read_receipt(%s, %s)", [vendor_id, order_id])
    return document


async def set_receipt_texts(
    db: Pool, vendor_id: UUID, location_id: UUID, *, header: str, footer: str, actor: str
) -> None:
    await ask_value(
        db, "select ringup.set_receipt_texts(%s, %s, %s, %s, %s)", [vendor_id, location_id, header, footer, actor]
    )


async def record_receipt_print(
    db: Pool, vendor_id: UUID, print_id: UUID, *, order_id: UUID, made_as: str, printed_by: str
) -> int:
    """Count a print before it is made: 1 is the receipt, more are copies. The same print keeps its number."""
    number: int = await ask_value(
        db,
        "select ringup.record_receipt_print(%s, %s, %s, %s, %s)",
        [vendor_id, print_id, order_id, made_as, printed_by],
    )
    return number


async def queue_receipt_mail(
    db: Pool, vendor_id: UUID, mail_id: UUID, *, order_id: UUID, recipient: str, requested_by: str
) -> str:
    """Wish for a mail, durably, and return its status. The same mail is queued once."""
    status: str = await ask_value(
        db,
        "select ringup.queue_receipt_mail(%s, %s, %s, %s, %s)",
        [vendor_id, mail_id, order_id, recipient, requested_by],
    )
    return status


async def claim_receipt_mails(db: Pool, vendor_id: UUID, *, limit: int, lease_seconds: int) -> list[DueMail]:
    """Claim mails to send now. Unfinished, they are due again when the lease ends."""
    return await ask_all(
        db, DueMail, "select * from ringup.claim_receipt_mails(%s, %s, %s)", [vendor_id, limit, lease_seconds]
    )


async def record_receipt_mail(
    db: Pool, vendor_id: UUID, mail_id: UUID, *, problem: str | None, final: bool
) -> str | None:
    """What the mail server said. No problem means sent; a problem that is not final is tried again for three days."""
    status: str | None = await ask_value(
        db, "select ringup.record_receipt_mail(%s, %s, %s, %s)", [vendor_id, mail_id, problem, final]
    )
    return status
