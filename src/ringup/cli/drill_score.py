"""What a day came to, by the processor's own journal, the books, and what the cashiers were told."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ringup.cli.drill_floor import Told
from ringup.simulator.drill_schedule import Blow, Sale, Schedule, Trouble

SERVER_KILLED, DATABASE_AWAY, OTHER = Blow.API_KILLED.value, Blow.DATABASE_CRASHED.value, "other"
BUG = "internal_error"
"""The server's own word for a mistake of ours. Tills ask again, which must not hide it."""
REASONS = {
    "server killed": SERVER_KILLED,
    "database error": DATABASE_AWAY,
    "terminal_offline": Trouble.TERMINAL_OFFLINE.value,
}
"""What a cashier reads when it is not the sale's own trouble that hits it, and the cause that stands for it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Money that is taken from a card, or set aside on it, when the day is over. Minor units."""

    reference: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Booked:
    """An order in the books, and the references of the charges that it names."""

    sale: int
    references: tuple[str, ...]
    points_earned: int = 0
    completed: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything there is to know about a day that is over.

    `booked` is in the order of booking. `sale_of` tells for which sale a reference was
    made. `points` is what each customer has in the books, by their place in the schedule.
    """

    taken: Sequence[Taken]
    booked: Sequence[Booked]
    sale_of: Mapping[str, int]
    points: Sequence[int]
    stuck_orders: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A sale that did not end in one order paid once. `wrong`: somebody was charged wrongly, or it is not known."""

    sale: int
    cause: str
    code: str
    reasons: tuple[str, ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one side. Money is minor units; `waited_seconds` are sorted, one for each sale."""

    checkouts: int
    completed: int
    cancelled: int
    failures: tuple[Failure, ...]
    orphaned_payments: int
    double_charges: int
    oversold_units: int
    points_out_of_balance: int
    stuck_orders: int
    internal_errors: int
    wrongly_taken_minor: int
    waited_seconds: tuple[float, ...]

    @property
    def failure_rate(self) -> float:
        return len(self.failures) / self.checkouts

    def waited(self, share: float) -> float:
        """Seconds in which this share of the cashiers had an answer."""
        return self.waited_seconds[min(len(self.waited_seconds) - 1, int(share * len(self.waited_seconds)))]

    @property
    def causes(self) -> Counter[str]:
        return Counter(failure.cause for failure in self.failures)


@dataclass
class _Case:
    """One sale, and all that is known of it."""

    sale: Sale
    told: Told
    due_minor: int
    taken: list[int] = field(default_factory=list)
    orders: list[Booked] = field(default_factory=list)
    not_to_be_had: bool = False

    @property
    def is_sold(self) -> bool:
        """One order, paid once and in full, and the cashier knows."""
        return (
            self.told.result == "paid"
            and [order.completed for order in self.orders] == [True]
            and self.taken == [self.due_minor]
            and not self.not_to_be_had
        )

    @property
    def is_called_off(self) -> bool:
        """Cancelled as the cashier wished, and nothing happened."""
        return self.told.result == "cancelled" and not self.taken and not self.orders

    @property
    def wrong(self) -> str:
        """What nobody may be left with; empty for a sale that failed cleanly."""
        if len(self.taken) > 1:
            return "charged more than once"
        if self.taken and not self.orders:
            return "charged without an order"
        if self.not_to_be_had:
            return "sold what was not there"
        if self.orders and not self.taken:
            return "order without money"
        if self.orders:
            return f"an order, and the cashier was told {self.told.result}"
        return "nobody knows" if self.told.result in ("unknown", "paid") else ""

    @property
    def rightly_minor(self) -> int:
        is_wanted = any(order.completed for order in self.orders) and self.told.result != "cancelled"
        return self.due_minor if is_wanted else 0


def score(schedule: Schedule, told: Sequence[Told], evidence: Evidence) -> Score:
    """Judge every sale, and the books as a whole."""
    cases = _cases(schedule, told, evidence)
    named = {reference for order in evidence.booked for reference in order.references}
    failed = [case for case in cases if not case.is_sold and not case.is_called_off]
    return Score(
        checkouts=len(cases),
        completed=sum(case.is_sold for case in cases),
        cancelled=sum(case.is_called_off for case in cases),
        failures=tuple(
            Failure(case.sale.number, cause_of(case), case.told.code, case.told.reasons, case.wrong) for case in failed
        ),
        orphaned_payments=sum(taken.reference not in named for taken in evidence.taken),
        double_charges=sum(len(case.taken) > 1 for case in cases),
        oversold_units=_oversold(schedule, evidence.booked),
        points_out_of_balance=_points_out_of_balance(schedule, evidence),
        stuck_orders=evidence.stuck_orders,
        internal_errors=sum(each.reasons.count(BUG) for each in told),
        wrongly_taken_minor=sum(max(0, sum(case.taken) - case.rightly_minor) for case in cases),
        waited_seconds=tuple(sorted(each.seconds for each in told)),
    )


def _cases(schedule: Schedule, told: Sequence[Told], evidence: Evidence) -> list[_Case]:
    cases = [_Case(sale, told[sale.number], schedule.due_minor(sale)) for sale in schedule.sales]
    for taken in evidence.taken:
        if taken.reference in evidence.sale_of:
            cases[evidence.sale_of[taken.reference]].taken.append(taken.amount_minor)
    left = [goods.stock for goods in schedule.goods]
    points = list(schedule.customers)
    for order in evidence.booked:
        case = cases[order.sale]
        case.orders.append(order)
        sale = case.sale
        left[sale.goods] -= sale.quantity
        case.not_to_be_had |= left[sale.goods] < 0
        if sale.customer is not None:
            case.not_to_be_had |= points[sale.customer] < sale.redeem_points
            points[sale.customer] += order.points_earned - sale.redeem_points
    return cases


def cause_of(case: _Case) -> str:
    """Why a sale failed: its own trouble, or else what befell the whole shop meanwhile."""
    if case.sale.trouble is not Trouble.NOTHING:
        return case.sale.trouble.value
    return next((REASONS[reason] for reason in case.told.reasons if reason in REASONS), OTHER)


def _oversold(schedule: Schedule, booked: Sequence[Booked]) -> int:
    sold: Counter[int] = Counter()
    for order in booked:
        sale = schedule.sales[order.sale]
        sold[sale.goods] += sale.quantity
    return sum(max(0, units - schedule.goods[goods].stock) for goods, units in sold.items())


def _points_out_of_balance(schedule: Schedule, evidence: Evidence) -> int:
    """By how many points the balances are not what the orders say, all customers together."""
    expected: defaultdict[int, int] = defaultdict(int, enumerate(schedule.customers))
    for order in evidence.booked:
        sale = schedule.sales[order.sale]
        if sale.customer is not None:
            expected[sale.customer] += order.points_earned - sale.redeem_points
    return sum(abs(expected[customer] - points) for customer, points in enumerate(evidence.points))
