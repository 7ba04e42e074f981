"""Somebody in the console: who it is, what they may do, and the question that is asked before everything."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from nicegui import ui

from ringup.db.calls.staff import SignedIn, permit_reading
from ringup.db.pool import Pool
from ringup.db.reads.staff import list_rules
from ringup.domain.errors import ActionDenied, NotSignedIn
from ringup.domain.staff import Action
from ringup.web.amounts import Speech
from ringup.web.backroom import Backroom
from ringup.web.look import act, excused
from ringup.web.visitors import Visitor, find_visitor, require_person

ROLES = ("auditor", "manager", "owner")
IDLE_SECONDS = 15 * 60.0


@dataclass(slots=True)
class Desk:
    """`can` is for what a page offers; what it does is asked again, of the database, when it is done."""

    backroom: Backroom
    request: Request
    visitor: Visitor
    person: SignedIn
    speech: Speech
    can: frozenset[Action] = frozenset()
    used_at: float = field(default_factory=time.monotonic)
    said: ui.label | None = None
    """Where the page says as of when it is."""

    @property
    def db(self) -> Pool:
        return self.backroom.shop.db

    @property
    def actor(self) -> str:
        return f"staff:{self.person.name}"

    @property
    def is_idle(self) -> bool:
        """A page that looks by itself is no sign of somebody sitting there."""
        return time.monotonic() - self.used_at > IDLE_SECONDS

    async def learn(self) -> None:
        """What this person may do alone."""
        rules = await list_rules(self.db, self.visitor.vendor_id, role=self.person.role)
        self.can = frozenset(rule.action for rule in rules if rule.rule == "allowed")

    async def may(self, action: Action) -> None:
        """Ask on the server, of the browser, the person and the role as they are now.

        Raises NotSignedIn, ActionDenied, ApprovalNeeded.
        """
        visitor = await find_visitor(self.backroom, self.request)
        if visitor is None:
            raise NotSignedIn("this browser was disconnected from the shop")
        person = await require_person(self.backroom, visitor, "console")
        if person.role not in ROLES:
            raise ActionDenied(f"the console is not for a person in the role {person.role}")
        self.person = person
        await permit_reading(
            self.db, visitor.vendor_id, staff_id=person.staff_id, action=action, approval_id=None, actor=self.actor
        )

    def doing(self, action: Action, do: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """What a button does: first the question whether this person may, then the thing itself."""

        async def run() -> None:
            self.used_at = time.monotonic()
            async with excused():
                await self.may(action)
                await do()

        return run

    def reading(self, do: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        """The same for a filter that shows something else."""

        async def run(event: Any) -> None:
            self.used_at = time.monotonic()
            async with excused():
                await self.may("see_reports")
                await do(event)

        return run

    def button(
        self,
        words: str,
        action: Action,
        do: Callable[[], Awaitable[None]],
        kind: str = "",
        *,
        icon: str | None = None,
        label: str | None = None,
    ) -> ui.button | None:
        """A button, for those who may press it."""
        if action not in self.can:
            return None
        return act(words, self.doing(action, do), kind, icon=icon, label=label)
