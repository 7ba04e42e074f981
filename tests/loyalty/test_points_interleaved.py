"""Whatever happens to a customer's points, in whatever order, and whoever dies in the middle: the books add up.

Hypothesis invents the days. Each step is one that a till, the office or the nightly run takes, on a
real PostgreSQL; some are rolled back before they commit, and of some the connection is killed.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from points_floor import (
    account,
    add_customer,
    adjust,
    broken_points,
    expire,
    new_terms,
    ring_up_cash,
    spend,
    take_back,
)
from shop_floor import Connection, ShopFloor, ask, open_shop_floor, rows

NOON = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
NEW_YORK = "America/New_York"
"""Where the clocks go forward in the night that follows."""

STOPPED_CLOCK = """
    create or replace function ringup.now() returns timestamptz
    language sql volatile as $$ select '{}'::timestamptz $$
"""

REFUSALS = {
    "RU101",  # the checkout has ended, or is not sold yet
    "RU102",  # not enough points
    "RU110",  # the customer was merged
    "RU115",  # too late to cancel
    "RU118",  # more than was sold
    "RU119",  # the duplicate holds points
    "RU206",  # more points than goods
}
ENDINGS = st.sampled_from(["commit", "commit", "commit", "roll back", "kill"])
MERGE = "select ringup.merge_customers(%s, %s, %s, 'one person', 'Ada')"


class Days(RuleBasedStateMachine):
    """One shop, two customers, and everything that may happen to their points."""

    under_way = Bundle("under_way")
    sold = Bundle("sold")

    def __init__(self, url: str, policy: str) -> None:
        super().__init__()
        self.url, self.policy = url, policy
        self.loop = asyncio.Runner()
        self.clock = NOON
        self.observer: Connection = self.run(psycopg.AsyncConnection.connect(url, autocommit=True))
        self.run(self.open())

    def run(self, coroutine: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await coroutine

        return self.loop.run(wait())

    async def open(self) -> None:
        await self.set_clock()
        self.shop: ShopFloor = await open_shop_floor(self.observer, stock=10_000)
        await self.observer.execute(
            "update ringup.vendors set time_zone = %s where id = %s", [NEW_YORK, self.shop.vendor]
        )
        await new_terms(
            self.observer,
            self.shop,
            refund_policy=self.policy,
            may_go_negative=self.policy == "unlimited",
            pending_days=0 if self.policy == "within_balance" else 1,
            live_days=2,
        )
        self.customers = [self.shop.customer, await add_customer(self.observer, self.shop, points=40)]

    async def set_clock(self) -> None:
        await self.observer.execute(STOPPED_CLOCK.format(self.clock.isoformat()).encode())

    async def attempt(self, ending: str, step: Callable[[Connection], Awaitable[Any]]) -> Any:
        """Take a step that commits, or that nobody ever hears of. A refusal by name is an answer like any other."""
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            try:
                return await (step(connection) if ending == "commit" else self.die_in(connection, step, ending))
            except psycopg.OperationalError:
                assert ending == "kill"
            except psycopg.Error as refused:
                assert refused.sqlstate in REFUSALS, refused
        return None

    async def die_in(self, connection: Connection, step: Callable[[Connection], Awaitable[Any]], ending: str) -> None:
        """Everything was done but the commit."""
        async with connection.transaction(force_rollback=True):
            await step(connection)
            if ending == "kill":
                await self.observer.execute("select pg_terminate_backend(%s)", [connection.info.backend_pid])

    @rule(
        target=under_way,
        who=st.integers(0, 1),
        quantities=st.lists(st.integers(1, 3), min_size=1, max_size=2),
        points=st.sampled_from([0, 0, 1, 30, 70, 150]),
        ending=ENDINGS,
    )
    def ring_up(self, who: int, quantities: list[int], points: int, ending: str) -> tuple[uuid.UUID | None, list[int]]:
        async def step(connection: Connection) -> uuid.UUID:
            customer = self.customers[who]
            return await ring_up_cash(connection, self.shop, customer_id=customer, quantities=quantities, points=points)

        return self.run(self.attempt(ending, step)), quantities

    @rule(target=sold, sale=under_way, ending=ENDINGS)
    def complete(self, sale: tuple[uuid.UUID | None, list[int]], ending: str) -> tuple[uuid.UUID | None, list[int]]:
        if sale[0]:
            self.run(self.attempt(ending, lambda connection: self.shop.complete(connection, sale[0])))
        return sale

    @rule(sale=under_way, ending=ENDINGS)
    def cancel(self, sale: tuple[uuid.UUID | None, list[int]], ending: str) -> None:
        if sale[0]:
            self.run(self.attempt(ending, lambda connection: self.shop.cancel(connection, sale[0])))

    @rule(sale=under_way)
    def spend_from_outside(self, sale: tuple[uuid.UUID | None, list[int]]) -> None:
        """Somebody spends a sale's points by the contract function before the sale completes."""
        if sale[0] is None:
            return
        order = self.run(self.shop.order(self.observer, sale[0]))
        if order["holds"] == "held" and order["points_redeemed"]:
            self.run(self.attempt("commit", lambda connection: self.spend_of(connection, order)))

    async def spend_of(self, connection: Connection, order: dict[str, Any]) -> None:
        update = "select ringup.update_customer_loyalty_points_atomic(%s, 0, %s, %s, 0)"
        await ask(connection, update, order["customer_id"], order["points_redeemed"], order["id"])

    @rule(sale=sold, line=st.integers(1, 2), quantity=st.integers(1, 3), ending=ENDINGS)
    def take_something_back(
        self, sale: tuple[uuid.UUID | None, list[int]], line: int, quantity: int, ending: str
    ) -> None:
        if sale[0]:
            self.run(
                self.attempt(ending, lambda connection: take_back(connection, self.shop, sale[0], {line: quantity}))
            )

    @rule(points=st.integers(1, 120), ending=ENDINGS)
    def redeem(self, points: int, ending: str) -> None:
        self.run(self.attempt(ending, lambda connection: spend(connection, self.shop, points)))

    @rule(who=st.integers(0, 1), points=st.integers(-150, 60).filter(bool), days=st.integers(0, 3), ending=ENDINGS)
    def adjust(self, who: int, points: int, days: int, ending: str) -> None:
        expires_at = self.clock + timedelta(days=days) if days and points > 0 else None
        self.run(
            self.attempt(
                ending,
                lambda connection: adjust(
                    connection, self.shop, points, customer=self.customers[who], expires_at=expires_at
                ),
            )
        )

    @rule(hours=st.sampled_from([1, 12, 13, 24]))
    def time_passes(self, hours: int) -> None:
        self.clock += timedelta(hours=hours)
        self.run(self.set_clock())

    @rule(ending=ENDINGS)
    def the_nightly_run(self, ending: str) -> None:
        self.run(self.attempt(ending, lambda connection: expire(connection, self.shop, 1)))

    @rule(ending=ENDINGS)
    def merge(self, ending: str) -> None:
        kept, duplicate = self.customers
        self.run(self.attempt(ending, lambda connection: ask(connection, MERGE, self.shop.vendor, kept, duplicate)))

    @invariant()
    def the_books_add_up(self) -> None:
        assert self.run(broken_points(self.observer)) == []

    @invariant()
    def no_sale_was_left_with_points_that_could_not_be_posted(self) -> None:
        assert self.run(rows(self.observer, "select * from ringup.loyalty_reconciliation_queue")) == []

    @invariant()
    def nobody_is_below_zero_where_the_programme_does_not_let_them(self) -> None:
        for customer in self.customers:
            seen = self.run(account(self.observer, self.shop, customer))
            assert self.policy == "unlimited" or seen["available"] >= 0, seen

    def teardown(self) -> None:
        self.run(self.observer.close())
        self.loop.close()


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["only_pending", "within_balance", "unlimited"])
def test_any_interleaving_leaves_the_books_in_order(database, policy: str) -> None:
    run_state_machine_as_test(
        lambda: Days(database.url(), policy),
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
