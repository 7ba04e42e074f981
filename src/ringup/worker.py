"""The loops beside the counter: recovery, the relay of events, the health of terminals, points, mail, the orphan walk,
the planner's statistics.

Any number of workers may run; each claims what it works on. A round that fails is
logged and the next one tries again: a database that is away is not the end.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any
from uuid import UUID

import structlog

from ringup.db.calls.points_queue import list_vendors_with_points_work
from ringup.db.calls.receipts import list_vendors_with_mail
from ringup.db.calls.recovery import claim_health_checks, list_vendors, list_vendors_with_work, refresh_statistics
from ringup.db.calls.relay import Event, list_vendors_with_events
from ringup.db.reads.places import list_processors, read_vendor
from ringup.domain.errors import RingupError
from ringup.domain.money import Money
from ringup.loyalty.expire import expire_due_points
from ringup.loyalty.retry import retry_due_points
from ringup.loyalty.review import review_due_tiers
from ringup.receipts.mail import MailServer, send_due_mails
from ringup.recovery.health import check_terminal
from ringup.recovery.orphans import walk_terminal
from ringup.recovery.relay import relay_events
from ringup.recovery.sweep import BATCH, claim
from ringup.wiring import Shop

ROUND_SECONDS = 1.0
SOON_SECONDS = 0.1
"""Before the next round while more is due than one round takes."""
MAIL_SECONDS = 5.0
ORPHAN_SECONDS = 900.0
POINTS_SECONDS = 15.0
"""Points are never late for it: what is due counts as expired, and what waits is set aside."""
STATISTICS_SECONDS = 5.0
TABLES_AT_ONCE = 20
QUESTIONS_PER_VENDOR = 200
"""Payments and orders of one vendor that one worker has under way."""
HEALTH_AT_ONCE = 8
PROCESSORS_PER_VENDOR = 1000

log = structlog.get_logger("ringup.worker")


async def work(shop: Shop) -> None:
    """Run all loops until cancelled."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(Rounds(shop).go_on())
        if shop.settings.smtp_url is not None:
            loops.create_task(_every(MAIL_SECONDS, "mail", lambda: send_mails(shop)))
        loops.create_task(_every(POINTS_SECONDS, "points", lambda: tend_points(shop)))
        loops.create_task(_every(ORPHAN_SECONDS, "orphans", lambda: walk_terminals(shop)))
        loops.create_task(_every(ROUND_SECONDS, "relay", lambda: relay(shop)))
        loops.create_task(
            _every(STATISTICS_SECONDS, "statistics", lambda: refresh_statistics(shop.db, limit=TABLES_AT_ONCE))
        )


async def recover(shop: Shop) -> None:
    """One round for all vendors for whom something is due; returns when the slowest answer is there."""
    rounds = Rounds(shop)
    try:
        await rounds.start()
        await rounds.finish()
    finally:
        rounds.cancel()


class Rounds:
    """What one worker has under way. A terminal that takes its time holds up neither other terminals,
    nor other vendors, nor the next round; a vendor whose terminals all do, holds up itself."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._settling: defaultdict[UUID, set[asyncio.Task[Any]]] = defaultdict(set)
        self._checking: defaultdict[UUID, set[asyncio.Task[Any]]] = defaultdict(set)

    async def go_on(self) -> None:
        """Start a round every second, sooner while more is due. An idle shop costs one query a round."""
        try:
            while True:
                is_more_due = False
                try:
                    is_more_due = await self.start()
                except Exception as failure:  # noqa: BLE001  the loop's one place: the next round must come
                    log.error("round_failed", loop="recovery", error=repr(failure))
                await asyncio.sleep(SOON_SECONDS if is_more_due else ROUND_SECONDS)
        finally:
            self.cancel()

    async def start(self) -> bool:
        """Claim what is due and start on it; say whether more is due than was claimed."""
        is_more_due = False
        for vendor_id in await list_vendors_with_work(self._shop.db):
            if len(self._settling[vendor_id]) <= QUESTIONS_PER_VENDOR - 2 * BATCH:
                is_more_due |= await self._settle(vendor_id)
            await self._check_terminals(vendor_id)
        return is_more_due

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        while under_way := [*self._tasks()]:
            await asyncio.wait(under_way)

    def cancel(self) -> None:
        """Let go of everything. What was claimed is due again when its lease ends."""
        for task in self._tasks():
            task.cancel()

    def _tasks(self) -> Iterator[asyncio.Task[Any]]:
        for under_way in (*self._settling.values(), *self._checking.values()):
            yield from under_way

    async def _settle(self, vendor_id: UUID) -> bool:
        claimed = await claim(self._shop.recovery, vendor_id)
        for payment_id in claimed.expiring:
            log.error("authorisation_expires", vendor_id=str(vendor_id), payment_id=str(payment_id))
        for piece in claimed.work:
            _start(self._settling[vendor_id], piece, "recovery_failed", vendor_id=str(vendor_id))
        return claimed.is_full

    async def _check_terminals(self, vendor_id: UUID) -> None:
        shop, under_way = self._shop, self._checking[vendor_id]
        places = HEALTH_AT_ONCE - len(under_way)
        if not places:
            return
        interval = shop.settings.health_interval_seconds
        due = await claim_health_checks(shop.db, vendor_id, limit=places, interval_seconds=interval)
        for processor_id in due:
            check = check_terminal(shop.db, shop.terminals, vendor_id, processor_id)
            _start(under_way, check, "health_check_failed", processor_id=str(processor_id))


def _start(under_way: set[asyncio.Task[Any]], work: Coroutine[Any, Any, Any], complaint: str, **about: str) -> None:
    """Do one thing on its own. How it fails is logged: it is due again, and nobody waits for it."""

    def end(task: asyncio.Task[Any]) -> None:
        under_way.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            log.error(complaint, error=repr(failure), **about)

    task = asyncio.create_task(work)
    under_way.add(task)
    task.add_done_callback(end)


async def tend_points(shop: Shop) -> None:
    """One round of what points want: retries, expiry, tiers. An idle shop costs one query."""
    for due in await list_vendors_with_points_work(shop.db):
        if due.retries:
            await retry_due_points(shop.db, due.vendor_id)
        if due.expiry:
            await _expire(shop, due.vendor_id)
        if due.tiers:
            await review_due_tiers(shop.db, due.vendor_id)


async def relay(shop: Shop) -> None:
    """Hand on all events that are committed by now: to the log, and to whoever listens to the database."""
    for vendor_id in await list_vendors_with_events(shop.db):
        while await relay_events(shop.db, vendor_id, _log_event):
            pass


async def walk_terminals(shop: Shop) -> Counter[str]:
    """Walk the list of every active terminal, one after the other, and count what was found."""
    verdicts: Counter[str] = Counter()
    for vendor_id in await list_vendors(shop.db):
        vendor = await read_vendor(shop.db, vendor_id)
        assert vendor is not None, "a listed vendor exists"
        like = Money(0, vendor.currency, vendor.exponent)
        for processor in await list_processors(shop.db, vendor_id, limit=PROCESSORS_PER_VENDOR):
            if processor.is_active and processor.health != "red":
                verdicts.update(await _walk(shop, vendor_id, processor.id, like))
    return verdicts


async def send_mails(shop: Shop) -> None:
    """Send the receipts that are due by e-mail, for all vendors."""
    assert shop.settings.smtp_url is not None, "only a shop with a mail server sends"
    server = MailServer.at(shop.settings.smtp_url.get_secret_value(), shop.settings.mail_from)
    for vendor_id in await list_vendors_with_mail(shop.db):
        await send_due_mails(shop.db, server, vendor_id)


async def _log_event(vendor_id: UUID, event: Event) -> None:
    log.info(
        "order_event",
        vendor_id=str(vendor_id),
        order_id=str(event.order_id),
        sequence=event.sequence,
        event_id=str(event.id),
        happened=event.event,
        status=event.status,
    )


async def _expire(shop: Shop, vendor_id: UUID) -> None:
    customers = sum([expired async for expired in expire_due_points(shop.db, vendor_id)])
    if customers:
        log.info("points_expired", vendor_id=str(vendor_id), customers=customers)


async def _walk(shop: Shop, vendor_id: UUID, processor_id: UUID, like: Money) -> Counter[str]:
    try:
        verdicts = await walk_terminal(shop.recovery, vendor_id, processor_id, like) or Counter()
    except RingupError as failure:
        log.error("orphan_walk_failed", processor_id=str(processor_id), error=str(failure))
        return Counter()
    found = {verdict: count for verdict, count in verdicts.items() if verdict != "matched" and count}
    if found:
        log.warning("orphans_found", processor_id=str(processor_id), **found)
    return verdicts


async def _every(seconds: float, name: str, action: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await action()
        except Exception as failure:  # noqa: BLE001  the loop's one place: the next round must come
            log.error("round_failed", loop=name, error=repr(failure))
        await asyncio.sleep(seconds)
