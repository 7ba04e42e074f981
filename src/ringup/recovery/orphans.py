"""The other way round: walk the processor's own list, and find money that we do not know."""

from collections import Counter
from uuid import UUID

from ringup.db.calls import recovery as claims
from ringup.db.calls.refunds import record_listed_refund
from ringup.domain.errors import TerminalBusy
from ringup.domain.money import Money
from ringup.recovery.settle import Recovery

TURN_SECONDS = 2.0


async def walk_terminal(recovery: Recovery, vendor_id: UUID, processor_id: UUID, like: Money) -> Counter[str] | None:
    """Compare one terminal's open batch with our payments, and commit what is found.

    Counts matched, found (a charge that we had given up: it counts again, and goes back if
    its order has ended), amount_differs, unknown, and not_at_processor (an approval of ours that
    it does not list): those three wait for a person. None if the
    terminal cannot say just now. Keeps which batch is open: when it is another one, whatever is in doubt
    is looked up at once. Moves no money; safe to repeat.
    """
    terminal = await recovery.terminals.get(vendor_id, processor_id)
    try:
        async with recovery.lanes.turn(processor_id, TURN_SECONDS):
            listed = await terminal.list_charges(like)
            is_named = bool(listed) or not terminal.capabilities.batches
            open_batch = None if is_named else await terminal.open_batch()
    except TerminalBusy:
        return None
    if listed is None:
        return None
    verdicts: Counter[str] = Counter()
    for charge in listed:
        if charge.is_charge:
            verdicts[await claims.record_listed_charge(recovery.db, vendor_id, processor_id, charge)] += 1
        else:
            verdicts[await record_listed_refund(recovery.db, vendor_id, processor_id, charge)] += 1
    batches = {charge.approval.batch_number for charge in listed} - {None}
    for number in batches or {open_batch} - {None}:
        await claims.record_batch(recovery.db, vendor_id, processor_id, number=str(number))
    references = [charge.reference_id for charge in listed]
    for batch_number in batches:
        verdicts["not_at_processor"] += await claims.raise_unlisted(
            recovery.db, vendor_id, processor_id, batch_number=str(batch_number), references=references
        )
    return verdicts
