"""Taxes and coupons as a vendor sets them. Amounts are minor units, percentages decimals."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

TaxRounding = Literal["line", "order"]


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One version of a rate, by its code. `is_included`: prices contain it; else it is added to them."""

    name: str
    percent: Decimal
    is_included: bool = False
    is_compound: bool = False
    position: int = 1
    tax_categories: tuple[str, ...] = ("standard",)
    location_ids: tuple[UUID, ...] | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Coupon:
    """An amount or a percentage off, from one instant to another, so many times in all and for each customer."""

    code: str
    name: str
    starts_at: datetime | None
    ends_at: datetime | None = None
    minimum_minor: int = 0
    amount_minor: int | None = None
    percent: Decimal | None = None
    use_limit: int | None = None
    customer_use_limit: int | None = None
