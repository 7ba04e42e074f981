"""A bad day at the shop, decided beforehand: what is sold, and what goes wrong with it.

Pure: the same seed and number of checkouts give the same day, on every machine.
Everything runs `SPEED` times as fast as at a real counter, so seconds here are real
seconds of the drill: a customer who takes ten seconds to pay takes half a second.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from random import Random

SPEED = 20
"""Seconds at the counter in one second of the drill."""
CHECKOUTS_MAX = 100_000
RUSH_SALES, RUSH_STOCK = 5, 3
"""So many customers want the last so many of one article, at the same time."""
PAIR_POINTS = 300
"""What two sales at once both redeem of one customer, who has it once."""
STAPLES, STAPLE_STOCK = 12, 1_000_000
REGULARS, REGULAR_POINTS_MIN, REGULAR_POINTS_MAX = 40, 200, 500
REDEEMS_EVERY = 8
"""One in so many sales to a regular customer redeems some points."""


class Trouble(StrEnum):
    """What goes wrong with one sale; the words are those of the report."""

    NOTHING = "nothing"
    DECLINED = "card declined"
    CUSTOMER_CANCELS = "customer cancels"
    APPROVED_IN_PART = "approved in part"
    REPLY_LOST = "reply lost"
    REPLY_GARBLED = "reply garbled"
    REQUEST_LOST = "request lost"
    APPROVED_LATE = "approved late"
    APPROVED_AFTER_TIMEOUT = "approved after timeout"
    BANK_LINE_BROKEN = "line to the bank broken"
    UNKNOWN_CODE = "unknown code"
    TERMINAL_OFFLINE = "terminal offline"
    TERMINAL_CUT_OFF = "terminal cut off"
    TERMINAL_HUNG = "terminal hung"
    TERMINAL_BUSY = "terminal busy"
    PRESSED_TWICE = "pressed twice"
    CANCELLED_MIDWAY = "cancelled midway"
    LAST_GOODS = "last goods"
    LAST_POINTS = "last points"


PER_THOUSAND: Mapping[Trouble, int] = {
    Trouble.DECLINED: 35,
    Trouble.CUSTOMER_CANCELS: 8,
    Trouble.APPROVED_IN_PART: 10,
    Trouble.REPLY_LOST: 20,
    Trouble.REPLY_GARBLED: 15,
    Trouble.REQUEST_LOST: 8,
    Trouble.APPROVED_LATE: 20,
    Trouble.APPROVED_AFTER_TIMEOUT: 15,
    Trouble.BANK_LINE_BROKEN: 8,
    Trouble.UNKNOWN_CODE: 5,
    Trouble.TERMINAL_OFFLINE: 15,
    Trouble.TERMINAL_CUT_OFF: 8,
    Trouble.TERMINAL_HUNG: 6,
    Trouble.TERMINAL_BUSY: 15,
    Trouble.PRESSED_TWICE: 15,
    Trouble.CANCELLED_MIDWAY: 15,
    Trouble.LAST_GOODS: 25,
    Trouble.LAST_POINTS: 16,
}
"""Sales in a thousand that meet each trouble. A day of a few dozen has each of them once."""

AT_ONCE = {Trouble.LAST_GOODS: RUSH_SALES, Trouble.LAST_POINTS: 2}
"""Troubles that need several sales at the same time."""


class Blow(StrEnum):
    """What is done to the whole shop."""

    API_KILLED = "server killed"
    WORKER_KILLED = "worker killed"
    DATABASE_CRASHED = "database crashed"


CHECKOUTS_PER_BLOW = {Blow.API_KILLED: 150, Blow.WORKER_KILLED: 100, Blow.DATABASE_CRASHED: 300}


@dataclass(frozen=True, slots=True)
class Goods:
    """An article: its price in minor units, and how many there are in the morning."""

    price_minor: int
    stock: int


@dataclass(frozen=True, slots=True)
class Sale:
    """One cart at one register.

    `goods` and `customer` are places in the schedule's lists. `paying_seconds` is how long the
    customer takes at the terminal. `moment` (0 to 1) is how far into the sale the trouble
    comes, or which of its kinds it is.
    """

    number: int
    goods: int
    quantity: int
    customer: int | None
    redeem_points: int
    paying_seconds: float
    trouble: Trouble
    moment: float


@dataclass(frozen=True, slots=True)
class Outage:
    """A blow that falls `after_seconds` into the sale with this number."""

    blow: Blow
    sale: int
    after_seconds: float


@dataclass(frozen=True, slots=True)
class Hitch:
    """Something goes wrong with a question that follows a charge, after `skip` of its kind went well.

    `operation` and `fault` are the simulator's names. Whoever never asks never meets it.
    """

    operation: str
    fault: str
    skip: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole day. `customers` are the points that each has in the morning."""

    seed: int
    goods: tuple[Goods, ...]
    customers: tuple[int, ...]
    sales: tuple[Sale, ...]
    outages: tuple[Outage, ...]
    hitches: tuple[Hitch, ...]

    @property
    def digest(self) -> str:
        """The same for the same day: SHA-256, hexadecimal."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def due_minor(self, sale: Sale) -> int:
        """What the customer has to pay. A point is worth one minor unit."""
        return self.goods[sale.goods].price_minor * sale.quantity - sale.redeem_points


def make_schedule(seed: int, checkouts: int) -> Schedule:
    """The day of this seed, with so many checkouts (from 1 up)."""
    assert 1 <= checkouts <= CHECKOUTS_MAX, "a day has at least one checkout, and an end"
    return _Day(seed, checkouts).schedule()


class _Day:
    """A day being made up. The order of the draws is a part of what a seed means."""

    def __init__(self, seed: int, checkouts: int) -> None:
        self._seed = seed
        self._checkouts = checkouts
        self._random = Random(seed)
        self._goods = [
            Goods(price_minor=self._random.randrange(500, 8000, 5), stock=STAPLE_STOCK) for _ in range(STAPLES)
        ]
        self._customers = [self._random.randrange(REGULAR_POINTS_MIN, REGULAR_POINTS_MAX, 10) for _ in range(REGULARS)]

    def schedule(self) -> Schedule:
        sales = [sale for bunch in self._bunches() for sale in bunch][: self._checkouts]
        return Schedule(
            seed=self._seed,
            goods=tuple(self._goods),
            customers=tuple(self._customers),
            sales=tuple(replace(sale, number=number) for number, sale in enumerate(sales)),
            outages=self._outages(),
            hitches=self._hitches(),
        )

    def _bunches(self) -> list[list[Sale]]:
        """Sales in any order, but for those that only trouble each other when they come together."""
        bunches: list[list[Sale]] = []
        for trouble, per_thousand in PER_THOUSAND.items():
            together = AT_ONCE.get(trouble, 1)
            times = max(1, round(self._checkouts * per_thousand / 1000 / together))
            bunches += (self._bunch(trouble) for _ in range(times))
        # A short day has no room for all of them, and must not always miss the same ones.
        self._random.shuffle(bunches)
        sales_count = sum(map(len, bunches))
        bunches += ([self._sale(Trouble.NOTHING)] for _ in range(self._checkouts - sales_count))
        self._random.shuffle(bunches)
        return bunches

    def _bunch(self, trouble: Trouble) -> list[Sale]:
        if trouble is Trouble.LAST_GOODS:
            self._goods.append(Goods(price_minor=self._random.randrange(1000, 9000, 5), stock=RUSH_STOCK))
            return [self._sale(trouble, goods=len(self._goods) - 1) for _ in range(RUSH_SALES)]
        if trouble is Trouble.LAST_POINTS:
            self._customers.append(PAIR_POINTS)
            return [self._sale(trouble, customer=len(self._customers) - 1) for _ in range(2)]
        return [self._sale(trouble)]

    def _sale(self, trouble: Trouble, *, goods: int | None = None, customer: int | None = None) -> Sale:
        random = self._random
        staple, regular = random.randrange(STAPLES), random.randrange(REGULARS)
        is_member, redeems = random.random() < 0.4, random.randrange(REDEEMS_EVERY) == 0
        quantity = random.randrange(1, 4)
        chosen = customer if customer is not None else regular if is_member else None
        points = PAIR_POINTS if customer is not None else 10 if redeems and chosen is not None else 0
        return Sale(
            number=-1,
            goods=staple if goods is None else goods,
            quantity=quantity if goods is None else 1,
            customer=chosen,
            redeem_points=points,
            paying_seconds=round(random.uniform(0.15, 0.5), 3),
            trouble=trouble,
            moment=round(random.random(), 3),
        )

    def _outages(self) -> tuple[Outage, ...]:
        """Blows spread over the day, none of them at its very beginning."""
        outages = []
        for blow, every in CHECKOUTS_PER_BLOW.items():
            count = max(1, round(self._checkouts / every))
            for turn in range(count):
                share = (turn + self._random.uniform(0.2, 0.8)) / count
                after_seconds = round(self._random.uniform(0.05, 0.5), 3)
                outages.append(Outage(blow, int(share * self._checkouts), after_seconds))
        return tuple(sorted(outages, key=lambda outage: (outage.sale, outage.blow)))

    def _hitches(self) -> tuple[Hitch, ...]:
        """What follows a charge goes wrong as well, now and then."""
        random = self._random
        hitches = []
        for operation, every, faults in (
            ("Status", 6, ("drop_reply", "html_before", "busy", "error_before")),
            ("Void", 3, ("drop_reply", "html", "busy", "error_before")),
            ("Capture", 12, ("drop_reply", "truncate", "busy", "drop_request")),
        ):
            hitches += [
                Hitch(operation, random.choice(faults), random.randrange(every // 2, every + every // 2))
                for _ in range(max(2, self._checkouts // 20))
            ]
        return tuple(hitches)
