"""Amounts and times as people read them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from ringup.db.reads.places import VendorProfile
from ringup.domain.money import AMOUNT_MINOR_MAX, Money

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "CHF": "CHF "}
NOTES_MAJOR = (1, 2, 5, 10, 20, 50, 100, 200)
NUMBER = re.compile(r"\d{1,10}([.,]\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Speech:
    """How one vendor's amounts and times are written."""

    currency: str
    exponent: int
    time_zone: str

    def money(self, amount_minor: int | None) -> str:
        if amount_minor is None:
            return "–"
        sign = "−" if amount_minor < 0 else ""
        major = Money(abs(amount_minor), self.currency, self.exponent).major
        return f"{sign}{SIGNS.get(self.currency, self.currency + ' ')}{major:,f}"

    def minor(self, typed: str) -> int | None:
        """Read an amount as it is typed; None for what is none, or is finer than the currency."""
        text = typed.strip().lstrip("$€£¥").replace(" ", "")
        if not NUMBER.fullmatch(text):
            return None
        try:
            money = Money.from_major(Decimal(text.replace(",", ".")), self.currency, self.exponent)
        except (InvalidOperation, ValueError):
            return None
        return money.amount_minor if money.amount_minor <= AMOUNT_MINOR_MAX else None

    def quick_cash(self, due_minor: int) -> list[int]:
        """What a customer is likely to hand over: the exact amount, and the next round ones above it."""
        unit = 10**self.exponent
        round_ones = {-(-due_minor // (note * unit)) * note * unit for note in NOTES_MAJOR}
        return [due_minor, *sorted(amount for amount in round_ones if amount > due_minor)[:5]]

    def clock(self, at: datetime | None) -> str:
        return f"{at.astimezone(ZoneInfo(self.time_zone)):%H:%M:%S}" if at else "–"

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def moment(self, at: datetime | None) -> str:
        return f"{at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d %H:%M}" if at else "–"


def speech_of(profile: VendorProfile) -> Speech:
    return Speech(profile.currency, profile.exponent, profile.time_zone)


def span(seconds: float) -> str:
    """How long, roughly: 4 s, 3 min, 5 h, 2 d."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"
