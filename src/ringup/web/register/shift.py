"""One register's shift as one open page sees it: its report, cash that moves, the count, the close."""

from typing import Any
from uuid import UUID

from ringup.db.calls import shifts as calls
from ringup.db.reads.shifts import list_register_sessions
from ringup.domain.errors import SessionClosed
from ringup.domain.ids import new_id
from ringup.web.register.approving import Approvals, with_approvals
from ringup.web.register.till import Till

Report = dict[str, Any]


class Shift:
    """`report`: the X report of the open shift, as far as the person may see it, or the last Z; None before the first.

    What was counted, and whether that is good enough to close with, is read from the report and never remembered.
    """

    def __init__(self, till: Till) -> None:
        self.till = till
        self.report: Report | None = None
        self._counts: dict[tuple[tuple[int, int], ...], UUID] = {}

    async def load(self) -> None:
        """Read everything again."""
        till = self.till
        by = await till.by()
        await till.load()
        session_id = await self._session_id()
        if session_id is None:
            self.report = None
            return
        self.report = await calls.show_session_report(till.backroom.shop.db, till.vendor_id, session_id, by=by)

    async def _session_id(self) -> UUID | None:
        till = self.till
        if till.register is not None and till.register.open_session_id is not None:
            return till.register.open_session_id
        last = await list_register_sessions(
            till.backroom.shop.db, till.vendor_id, limit=1, register_id=till.register_id
        )
        return last[0].id if last else None

    @property
    def is_open(self) -> bool:
        return self.report is not None and self.report["type"] == "X"

    @property
    def last_count(self) -> dict[str, Any] | None:
        """The last count of the drawer; the float is none."""
        counts = self.report["counts"] if self.report else []
        return next((count for count in reversed(counts) if count["count_number"] > 0), None)

    @property
    def may_close(self) -> bool:
        """The last count was good enough, and no cash moved since."""
        last = self.last_count
        if last is None or last["is_wanted_again"] or self.report is None:
            return False
        return bool(last["expected_minor"] == self.report["cash"]["expected_minor"])

    def _open_session_id(self) -> UUID:
        if self.report is None or self.report["type"] != "X":
            raise SessionClosed("no shift is open at this register")
        return UUID(self.report["register_session_id"])

    async def move(self, movement_id: UUID, kind: str, amount_minor: int, reason: str) -> None:
        """Cash comes or goes. Once, however often the same movement is pressed."""
        session_id = self._open_session_id()

        async def record(approvals: Approvals) -> None:
            await calls.record_cash_movement(
                self.till.backroom.shop.db,
                self.till.vendor_id,
                movement_id,
                session_id=session_id,
                kind=kind,
                amount_minor=amount_minor,
                reason=reason,
                by=await self.till.by(approvals),
            )

        await with_approvals(self.till, reason, record)
        await self.load()

    async def count(self, denominations: dict[int, int]) -> None:
        """Count the drawer. The same numbers, pressed again before an answer was seen, are one count."""
        session_id = self._open_session_id()
        count_id = self._counts.setdefault(tuple(sorted(denominations.items())), new_id())

        async def record(approvals: Approvals) -> None:
            await calls.count_cash(
                self.till.backroom.shop.db,
                self.till.vendor_id,
                count_id,
                session_id=session_id,
                denominations=denominations,
                by=await self.till.by(approvals),
            )

        await with_approvals(self.till, "Count the drawer", record)
        self._counts.clear()
        await self.load()

    async def close(self) -> None:
        """End the shift with its last count. Never waits for a sale that is under way."""
        last = self.last_count
        session_id = self._open_session_id()
        assert last is not None, "a shift is closed after its drawer was counted"

        async def end(approvals: Approvals) -> Report:
            return await calls.close_register_session(
                self.till.backroom.shop.db,
                self.till.vendor_id,
                session_id,
                count_id=UUID(last["id"]),
                by=await self.till.by(approvals),
            )

        self.report = await with_approvals(self.till, "Close the shift", end)
