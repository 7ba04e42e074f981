"""Amounts are integers of minor units with their currency; nothing here rounds silently."""

from dataclasses import dataclass
from decimal import Decimal

AMOUNT_MINOR_MAX = 1_000_000_000_000
"""The largest amount one document may carry, in minor units. The database checks the same limit."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency, with the currency's exponent."""

    amount_minor: int
    currency: str
    exponent: int = 2

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"an amount is an integer of minor units, not {self.amount_minor!r}")

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact: 1250 USD is Decimal('12.50')."""
        return Decimal(self.amount_minor).scaleb(-self.exponent)

    @classmethod
    def from_major(cls, major: Decimal, currency: str, exponent: int = 2) -> "Money":
        """Read an amount given in major units. An amount finer than the minor unit raises ValueError."""
        minor = major.scaleb(exponent)
        if minor != minor.to_integral_value():
            raise ValueError(f"{major} {currency} is finer than the currency's minor unit")
        return cls(int(minor), currency, exponent)
