"""What became of an order's loyalty points."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PointsUpdate:
    """The points that an order earned and redeemed; or, with a `problem`, those that wait in the queue instead."""

    customer_id: UUID
    order_id: UUID
    points_earned: int
    points_redeemed: int
    problem: str | None

    @property
    def net_change(self) -> int:
        return self.points_earned - self.points_redeemed

    @property
    def is_worth_telling(self) -> bool:
        return bool(self.points_earned or self.points_redeemed or self.problem)
