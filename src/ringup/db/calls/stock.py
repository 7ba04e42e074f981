"""Stock documents: goods that come, are sent to another store and arrive there, are counted and corrected.

Every document has an id that whoever asks makes beforehand: sent again it moves nothing, and the answer is False. All
lines of a document move, or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringup.db.ask import ask_value
from ringup.db.calls.asker import Asker
from ringup.db.pool import Pool

Columns = tuple[list[UUID | None], list[str | None], list[int]]


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many of a product, which has its id or a code: a SKU, else a barcode."""

    quantity: int
    product_id: UUID | None = None
    code: str | None = None


async def receive_stock(
    db: Pool,
    vendor_id: UUID,
    document_id: UUID,
    *,
    location_id: UUID,
    lines: Sequence[StockLine],
    reason: str,
    by: Asker,
) -> bool:
    """Goods come from outside; the reason is what they came with. Whether anything moved now."""
    moved: bool = await ask_value(
        db,
        "select ringup.receive_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, document_id, location_id, *_columns(lines), reason, by.actor, by.staff_id, by.approval_id],
    )
    return moved


async def adjust_stock(
    db: Pool,
    vendor_id: UUID,
    document_id: UUID,
    *,
    location_id: UUID,
    lines: Sequence[StockLine],
    reason: str,
    by: Asker,
) -> bool:
    """Correct by so many pieces, up or down. Whether anything moved now."""
    moved: bool = await ask_value(
        db,
        "select ringup.adjust_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, document_id, location_id, *_columns(lines), reason, by.actor, by.staff_id, by.approval_id],
    )
    return moved


async def count_stock(
    db: Pool,
    vendor_id: UUID,
    document_id: UUID,
    *,
    location_id: UUID,
    lines: Sequence[StockLine],
    counted_at: datetime | None,
    reason: str,
    by: Asker,
) -> bool:
    """Book the difference to what was on hand at `counted_at`; None is now. Whether it was recorded now."""
    recorded: bool = await ask_value(
        db,
        "select ringup.count_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(vendor_id, document_id, location_id, *_columns(lines), counted_at),
            *(reason, by.actor, by.staff_id, by.approval_id),
        ],
    )
    return recorded


async def send_stock(
    db: Pool,
    vendor_id: UUID,
    transfer_id: UUID,
    *,
    location_id: UUID,
    to_location_id: UUID,
    lines: Sequence[StockLine],
    reason: str,
    by: Asker,
) -> bool:
    """Goods leave a store for another. Whether anything moved now."""
    moved: bool = await ask_value(
        db,
        "select ringup.send_stock(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(vendor_id, transfer_id, location_id, to_location_id, *_columns(lines)),
            *(reason, by.actor, by.staff_id, by.approval_id),
        ],
    )
    return moved


async def receive_transfer(
    db: Pool,
    vendor_id: UUID,
    arrival_id: UUID,
    *,
    transfer_id: UUID,
    lines: Sequence[StockLine],
    shortfall: str | None,
    by: Asker,
) -> bool:
    """What was sent arrives, once; `shortfall` says why it is less. Whether anything moved now."""
    moved: bool = await ask_value(
        db,
        "select ringup.receive_transfer(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [vendor_id, arrival_id, transfer_id, *_columns(lines), shortfall, by.actor, by.staff_id, by.approval_id],
    )
    return moved


def _columns(lines: Sequence[StockLine]) -> Columns:
    return [line.product_id for line in lines], [line.code for line in lines], [line.quantity for line in lines]
