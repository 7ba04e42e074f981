"""Receipts that were asked for by e-mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import read_all
from ringup.db.pool import Pool

MAILS = """
    select v.id, v.order_id, v.recipient, v.status, v.try_count, v.next_try_at, v.error, v.created_at, v.sent_at
      from ringup.receipt_mail_list v
     where v.vendor_id = %s and v.order_id = %s
     order by v.created_at, v.id
"""


@dataclass(frozen=True, slots=True)
class ReceiptMail:
    """`status` is queued, sent or failed; `error` is what the last try met."""

    id: UUID
    order_id: UUID
    recipient: str
    status: str
    try_count: int
    next_try_at: datetime | None
    error: str | None
    created_at: datetime
    sent_at: datetime | None


async def list_receipt_mails(db: Pool, vendor_id: UUID, order_id: UUID) -> list[ReceiptMail]:
    return await read_all(db, vendor_id, ReceiptMail, MAILS, [vendor_id, order_id])
