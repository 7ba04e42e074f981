"""What a scenario found: figures, promises kept or not, and what the audit said afterwards."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised figure, and what was measured. `at_most`: more is worse."""

    what: str
    unit: str
    promised: float
    measured: float
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        return self.measured <= self.promised if self.at_most else self.measured >= self.promised

    @property
    def bound(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {figure(self.promised)} {self.unit}".rstrip()

    def document(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "at_most" if self.at_most else "at_least": self.promised,
            "measured": round(self.measured, 4),
            "met": self.is_met,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What a scenario measured. `figures` are by name, with the unit as the name's last word."""

    promises: tuple[Promise, ...]
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """A scenario that was played. `broken` are the rows of the audit, each as a sentence."""

    scenario: str
    found: Found
    broken: tuple[str, ...]
    seconds: float

    @property
    def is_ok(self) -> bool:
        return not self.broken and all(promise.is_met for promise in self.found.promises)

    def document(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "ok": self.is_ok,
            "promises": [promise.document() for promise in self.found.promises],
            "figures": {name: round(value, 4) for name, value in self.found.figures.items()},
            "audit": {"ok": not self.broken, "violations": list(self.broken)},
            "seconds": round(self.seconds, 1),
        }


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed; 0 if there are none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def latency_figures(milliseconds: Sequence[float]) -> dict[str, float]:
    return {
        name: quantile(milliseconds, share) for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99))
    }


def figure(value: float) -> str:
    """For people: as many digits as say something."""
    if value == 0 or abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.3g}"
